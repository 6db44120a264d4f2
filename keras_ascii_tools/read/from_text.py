"""The text of a file -> what is saved in it: any JSON with a model in it, or a drawing. Told by what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.read.formats import Format
from keras_ascii_tools.read.guards import is_list, is_mapping
from keras_ascii_tools.read.keras_json import MAX_JSON, parse, text_of
from keras_ascii_tools.read.saved import FileFacts, Saved
from keras_ascii_tools.read.window import Window

__all__ = ["lfs_pointer", "read_text", "read_text_of"]

MAX_TEXT: Final = 64 << 20
"""Bytes of a drawing, or of our own JSON."""
_MOST_NAMES: Final = 12


def read_text_of(window: Window, found: Format) -> Saved:
    """Read a file that starts as a text does.

    Raises:
        SourceError: There is no model in it, or it is damaged or too large.
    """
    limit = max(MAX_JSON, MAX_TEXT)
    if window.size > limit:
        raise SourceError(f"text of {window.size:,} bytes; no more than {limit:,} are read")
    return read_text(text_of(window.read(0, window.size)), found, window.size)


def read_text(text: str, found: Format, size: int) -> Saved:
    """Read a text; see `read_text_of`."""
    if found is Format.DRAWING:
        from keras_ascii_tools.read.from_drawing import read_drawing

        return Saved(facts=FileFacts(found, size), graph=read_drawing(text))
    if _is_ours(text):
        from keras_ascii_tools.read.from_json import read_json

        return Saved(facts=FileFacts(Format.OWN_JSON, size), graph=read_json(text))
    value = parse(text, "the text")
    if isinstance(value, str):  # `json.dump(model.to_json(), file)`
        value = parse(value, "the text")
    return _of_json(value, size)


def _is_ours(text: str) -> bool:
    """Our documents say at their start what they are; to be read strictly, they are not parsed before."""
    start = text[:1000].lstrip("\ufeff \t\r\n{")
    return start.startswith('"schema"') and '"keras-ascii/' in start[:60]


def _of_json(value: object, size: int) -> Saved:
    if is_list(value):
        value = {"layers": value}  # the config of a Sequential of Keras 1
    if not is_mapping(value):
        raise SourceError("JSON that holds no object; expected that of a Keras model")
    if "modelTopology" in value:
        from keras_ascii_tools.read.from_tfjs import read_tfjs

        return read_tfjs(value, size)
    if "weight_map" in value:
        raise SourceError(_weights_only(value["weight_map"]))
    if "schema" in value:
        from keras_ascii_tools.read.from_json import read_json

        return Saved(facts=FileFacts(Format.OWN_JSON, size), graph=read_json(value))
    version = value.get("keras_version")
    facts = FileFacts(Format.KERAS_JSON, size, version[:40] if isinstance(version, str) else None)
    if isinstance(value.get("class_name"), str):
        return Saved(facts=facts, config=value)
    config = _wrapped(value)
    if config is None:
        raise SourceError(
            "JSON that holds no model of Keras: expected what model.to_json() returns, or keras-ascii wrote"
        )
    return Saved(facts=facts, config=config)


def _wrapped(config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What `model.get_config()` returns has no class name, but what only functional or sequential models have."""
    layers = config.get("layers")
    if not is_list(layers) or not all(is_mapping(layer) and "class_name" in layer for layer in layers):
        return None
    if "input_layers" in config:
        return {"class_name": "Functional", "config": config}
    return {"class_name": "Sequential", "config": config} if layers else None


def _weights_only(weight_map: object) -> str:
    names = [visible(str(name).strip("/")) for name in weight_map] if is_mapping(weight_map) else []
    shown = ", ".join(name[:60] for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return (
        "the index of sharded weights, without the architecture: give the folder with its config.json, or the whole "
        f"model; it has weights of {len(names):,} layers: {shown}{more}"
    )


def lfs_pointer(window: Window) -> str:
    """Return what to say of a pointer of git-lfs: which object it stands for."""
    text = window.read(0, min(window.size, 1024)).decode("utf-8", "replace")
    fields = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    oid, size = visible(fields.get("oid", "unknown"))[:100], fields.get("size", "")
    bytes_of = f", {int(size):,} bytes" if size.isdecimal() and len(size) < 20 else ""
    return f"a pointer of git-lfs and not the file itself (oid {oid}{bytes_of}); run 'git lfs pull'"
