"""Look up what Keras' own classes want and default to. Knows class names and modules, no values.

The table is `defaults.json`, made by `scripts/make_defaults.py`; it is read on first use.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from os.path import dirname, join
from typing import Final, TypeAlias

__all__ = [
    "MISSING",
    "NEVER_SETTINGS",
    "Entry",
    "defaults_version",
    "entry_of",
    "is_builtin",
    "module_of",
    "spelled_out",
]

MISSING: Final = object()
"""Stands for a key that a config does not have."""

NEVER_SETTINGS = frozenset({"name", "seed", "seed_generator", "shared_object_id", "build_config", "filepath"})
"""Keys that say nothing of the architecture, or that live elsewhere in a graph."""
_OF_LAYERS = NEVER_SETTINGS | {"trainable", "dtype"}
_OF_INPUTS = _OF_LAYERS | {"batch_shape", "batch_input_shape", "shape", "batch_size", "input_tensor"}
BODY = frozenset({"layers", "input_layers", "output_layers", "build_input_shape"})
"""Keys of a model's config that say what it is made of."""

_MODELS = frozenset({"Functional", "Model", "Sequential"})
_LAYERS, _OPS, _MODEL = "keras.layers", "keras.ops", "keras.models"
# What a config of another Keras calls the packages of this one.
_PACKAGES = ("tf_keras", "tensorflow.keras", "tensorflow.python.keras", "keras.api._v2.keras", "keras.api")
# Second part of a module's path -> where its classes belong.
_GROUP_OF_PART = {
    "_legacy": _LAYERS,
    "activations": _OPS,
    "engine": _MODEL,
    "layers": _LAYERS,
    "legacy": _LAYERS,
    "models": _MODEL,
    "ops": _OPS,
    "utils": _LAYERS,
}

_Table: TypeAlias = dict[str, dict[str, dict[str, object]]]


class Entry:
    """What is known of one class: its settings in the order of its signature, and their defaults."""

    __slots__ = ("checks", "defaults", "dropped", "kind", "known", "normal", "required")

    def __init__(self, kind: str, required: list[str], defaults: dict[str, object], dropped: frozenset[str]) -> None:
        self.kind = kind
        self.required = frozenset(required)
        self.defaults = defaults
        self.dropped = dropped
        self.known = dropped.union(required, defaults)
        self.checks: tuple[tuple[str, tuple[object, ...]], ...] = (
            *((key, (MISSING,)) for key in required),
            *((key, _same(key, default)) for key, default in defaults.items()),
        )
        """Each key with the raw values that mean its default."""
        self.normal: dict[str, object] = {}
        """Defaults as values of a graph, filled by the one who converts them."""


def _same(key: str, default: object) -> tuple[object, ...]:
    """Return the raw values that mean the same as a default."""
    if key == "data_format" and default in (None, "channels_last"):
        return (MISSING, None, "channels_last")
    if default == "linear":
        return (MISSING, "linear", None)
    if isinstance(default, list):
        return (MISSING, default, _as_tuple(default))
    return (MISSING, default)


def _as_tuple(value: object) -> object:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list) else value


_table: _Table = {}
_entries: dict[tuple[str, str], Entry | None] = {}


def _load() -> _Table:
    if not _table:
        with open(join(dirname(__file__), "defaults.json"), encoding="utf-8") as file:
            _table.update(json.load(file))
    return _table


def defaults_version() -> str:
    """Return the Keras release whose defaults the table has: `keras 3.15.1`."""
    return f"keras {_load()['keras']}"


def is_builtin(kind: str) -> bool:
    """Tell whether Keras has a layer, a model or an operation of that class name."""
    return kind in _MODELS or _group_by_kind(kind, None) is not None


def module_of(module: str | None, kind: str, registered_name: str | None = None, config: object = None) -> str | None:
    """Return the module that a graph says of a class, the same for an object and for its config in a file.

    Args:
        module: What the object's class or the config says; may be missing.
        kind: Class name.
        registered_name: Of the serialized object; given for classes from outside Keras only.
        config: Tells a layer from an operation of the same name where there is no module.
    """
    if not module or module == "__main__":
        # Keras leaves the module out for classes of `__main__`, and .h5 files always do.
        if registered_name or ">" in kind or module:
            return "__main__" if module or (registered_name and ">" not in registered_name) else None
        return _MODEL if kind in _MODELS else _group_by_kind(kind, config)
    for package in _PACKAGES:
        if module == package or module.startswith(f"{package}."):
            module = "keras" + module[len(package) :]
            break
    if module != "keras" and not module.startswith("keras."):
        return module
    parts = [part for part in module.split(".")[1:] if part != "src"]
    if kind in _MODELS:
        return _MODEL
    if not parts:
        return _group_by_kind(kind, config) or "keras"
    if parts[0] == "engine" and _entry(_LAYERS, kind) is not None:
        return _LAYERS
    if parts[0] in ("utils", "export"):
        return _LAYERS if _entry(_LAYERS, kind) is not None else f"keras.{parts[0]}"
    return _GROUP_OF_PART.get(parts[0], f"keras.{parts[0]}")


def _group_by_kind(kind: str, config: object) -> str | None:
    """Guess where a class belongs that has no module; only layers have `trainable` in their config."""
    is_layer = _entry(_LAYERS, kind) is not None
    if _entry(_OPS, kind) is None:
        return _LAYERS if is_layer else None
    if is_layer and (not isinstance(config, Mapping) or "trainable" in config):
        return _LAYERS
    return _OPS


def entry_of(module: str | None, kind: str, config: object = None) -> Entry | None:
    """Return what is known of a class of Keras, or None for one from outside."""
    group = module_of(module, kind, None, config)
    if group is None:
        groups = ("initializers", "regularizers", "constraints", "quantizers") if not module else ()
        found = (_entry(name, kind) for name in groups)
        return next((entry for entry in found if entry is not None), None)
    return _entry(group, kind)


def _entry(group: str, kind: str) -> Entry | None:
    """Return the entry of a class in `keras.layers` or another group, by any name that Keras has for it."""
    try:
        return _entries[group, kind]
    except KeyError:
        pass
    name = group.removeprefix("keras.")
    table = _load()
    if name == "models":
        entry: Entry | None = Entry(kind, [], {}, _OF_LAYERS | BODY) if kind in _MODELS else None
    else:
        row = _row(table, name, kind)
        entry = None if row is None else Entry(kind, *row, _dropped(name, kind))
    if entry is not None or len(_entries) < 4096:
        _entries[group, kind] = entry
    return entry


def _row(table: _Table, name: str, kind: str) -> tuple[list[str], dict[str, object]] | None:
    rows = table.get("layers" if name == "applications" else name)
    if not isinstance(rows, dict) or name == "spellings":
        return None
    row = rows.get(kind)
    if row is None and (spelling := table["spellings"].get(name, {}).get(kind)):
        row = rows.get(str(spelling))
    if row is None:
        return None
    required, defaults = row["required"], row["defaults"]
    assert isinstance(required, list) and isinstance(defaults, dict)
    return required, defaults


def _dropped(name: str, kind: str) -> frozenset[str]:
    if name not in ("layers", "applications"):
        return NEVER_SETTINGS
    return _OF_INPUTS if kind == "InputLayer" else _OF_LAYERS


def spelled_out(group: str, name: str) -> str | None:
    """Return the class that a short name in a config means: `glorot_uniform` -> `GlorotUniform`."""
    table = _load()
    if name in table[group]:
        return name
    spelling = table["spellings"][group].get(name)
    return spelling if isinstance(spelling, str) else None
