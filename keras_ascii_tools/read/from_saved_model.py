"""`keras_metadata.pb` of a SavedModel of Keras 2 -> what is saved in it. Reads three fields of a protocol buffer.

Knows nothing of the graph of TensorFlow's operations beside it. Field numbers are those of Keras' own
`saved_metadata.proto`, the encoding is that of https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.formats import Format
from keras_ascii_tools.read.guards import is_list, is_mapping
from keras_ascii_tools.read.keras_json import parse_object
from keras_ascii_tools.read.saved import FileFacts, Saved
from keras_ascii_tools.read.window import Window

__all__ = ["metadata_texts", "read_metadata"]

_MAX_BYTES: Final = 48 << 20
_MOST_OBJECTS: Final = 50_000
_OBJECTS: Final = 1
"""Of `SavedMetadata`: the objects."""
_PATH, _KIND, _JSON = 3, 4, 5
"""Of `SavedObject`: `root.layer-0`, `_tf_keras_layer`, what Keras says of it."""
_ROOT: Final = "root"
_LAYERS: Final = frozenset({"_tf_keras_layer", "_tf_keras_model", "_tf_keras_network", "_tf_keras_sequential"})
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FILE: Final = "keras_metadata.pb"


def read_metadata(window: Window) -> Saved:
    """Read the metadata that Keras 2 puts beside a SavedModel.

    Raises:
        SourceError: There is no model in it, or it is damaged.
    """
    if window.size > _MAX_BYTES:
        raise SourceError(f"{_FILE} has {window.size:,} bytes; no more than {_MAX_BYTES:,} are read")
    objects = _objects(window.read(0, window.size))
    root = next((fields for fields in objects if fields.get(_PATH) == _ROOT.encode()), None)
    if root is None:
        raise SourceError(f"{_FILE} has no model in it")
    config = _with_shapes(_config(root), objects)
    version = config.get("keras_version")
    return Saved(
        facts=FileFacts(Format.SAVED_MODEL, window.size, version[:40] if isinstance(version, str) else None),
        config=config,
        inner=tuple(_inner_layers(objects)) if not _says_its_layers(config) else (),
    )


def metadata_texts(window: Window) -> Iterator[tuple[str, bytes]]:
    """Yield path and JSON of every object, as they are in the file.

    Raises:
        SourceError: It is too large, or damaged.
    """
    if window.size > _MAX_BYTES:
        raise SourceError(f"{_FILE} has {window.size:,} bytes; no more than {_MAX_BYTES:,} are read")
    for fields in _objects(window.read(0, window.size)):
        if _JSON in fields:
            yield fields.get(_PATH, b"").decode("utf-8", "replace"), fields[_JSON]


def _says_its_layers(config: Mapping[str, Any]) -> bool:
    inner = config.get("config")
    return is_mapping(inner) and "layers" in inner


def _inner_layers(objects: list[dict[int, bytes]]) -> Iterator[Mapping[str, object]]:
    """The layers right inside the model, as its attributes and lists have them; not what is inside these."""
    paths: set[str] = set()
    for fields in objects:
        path = fields.get(_PATH, b"").decode("utf-8", "replace")
        if fields.get(_KIND, b"").decode("utf-8", "replace") not in _LAYERS or not path.startswith(f"{_ROOT}."):
            continue
        if any(path.startswith(f"{known}.") for known in paths):
            continue
        paths.add(path)
        raw = _config(fields)
        shape = raw.get("build_input_shape")
        yield raw if shape is None else {**raw, "build_config": {"input_shape": shape}}


def _with_shapes(config: Mapping[str, Any], objects: list[dict[int, bytes]]) -> Mapping[str, Any]:
    """The config of a model, each layer right inside it with the shape that it was built with; objects say them."""
    if not _says_its_layers(config) or not is_list(config["config"]["layers"]):
        return config
    shapes = {raw.get("name"): raw["build_config"] for raw in _inner_layers(objects) if "build_config" in raw}

    def built(raw: object) -> object:
        inner = raw.get("config") if is_mapping(raw) else None
        name = inner.get("name") if is_mapping(inner) else None
        shape = shapes.get(name) if isinstance(name, str) else None
        return raw if shape is None or not is_mapping(raw) else {"build_config": shape, **raw}

    layers = [built(raw) for raw in config["config"]["layers"]]
    return {**config, "config": {**config["config"], "layers": layers}}


def _config(fields: dict[int, bytes]) -> Mapping[str, Any]:
    parsed = _plain(parse_object(fields.get(_JSON, b""), _FILE))
    return parsed if is_mapping(parsed) else {}


def _plain(value: object) -> object:
    """JSON with tuples and shapes as the lists that other files have; here they are objects with `items`."""
    if is_list(value):
        return [_plain(item) for item in value]
    if not is_mapping(value):
        return value
    if value.get("class_name") in ("__tuple__", "TensorShape") and is_list(value.get("items")):
        return [_plain(item) for item in value["items"]]
    return {key: _plain(item) for key, item in value.items()}


def _objects(data: bytes) -> list[dict[int, bytes]]:
    found: list[dict[int, bytes]] = []
    for number, content in _fields(data):
        if number == _OBJECTS:
            found.append(dict(_fields(content)))
            if len(found) > _MOST_OBJECTS:
                raise SourceError(f"{_FILE} has more than {_MOST_OBJECTS:,} objects; no model needs that")
    return found


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of the fields of a message that are bytes; pass over the others."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == _BYTES:
            length, at = _varint(data, at)
            if at + length > len(data):
                raise SourceError(f"{_FILE} was cut off, or is damaged")
            yield number, data[at : at + length]
            at += length
        elif kind == _VARINT:
            _, at = _varint(data, at)
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise SourceError(f"{_FILE} is damaged: it is no protocol buffer")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of up to ten bytes, and where it ends."""
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise SourceError(f"{_FILE} was cut off, or is damaged")
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
    raise SourceError(f"{_FILE} is damaged: it is no protocol buffer")
