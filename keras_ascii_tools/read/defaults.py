"""Look up what Keras' own classes want and default to. Knows class names and modules, no values.

The table is `defaults.json`, made by `scripts/make_defaults.py`; it is read on first use.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from os.path import dirname, join
from typing import Final, TypedDict

from keras_ascii_tools.read.guards import Config, is_list, is_mapping

__all__ = [
    "MISSING",
    "NEVER_SETTINGS",
    "Entry",
    "defaults_version",
    "entry_of",
    "has_odd_settings",
    "is_builtin",
    "is_former_default",
    "module_of",
    "signature_of",
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
# What other packages and older releases call the package.
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
}
_LONGEST_NAME = 200  # so that the caches hold no more than names
# Packages that hold layers beside other things.
_MIXED = ("applications", "engine", "export", "utils")
# Defaults that older releases wrote down, under names that are settings no more.
_FORMER: dict[str, tuple[object, ...]] = {"value_range": ((0, 255), [0, 255], (0.0, 255.0))}


class _Row(TypedDict):
    required: list[str]
    defaults: dict[str, object]


class _Table(TypedDict):
    keras: str
    spellings: dict[str, dict[str, str]]
    classes: dict[str, dict[str, _Row]]


class Entry:
    """What is known of one class: its settings in the order of its signature, and their defaults."""

    __slots__ = ("checks", "defaults", "is_layer", "kind", "known", "normal")

    def __init__(self, kind: str, required: list[str], defaults: dict[str, object], dropped: frozenset[str]) -> None:
        self.kind = kind
        """Class name as files spell it."""
        self.defaults = defaults
        self.is_layer = "trainable" in dropped
        self.known = dropped.union(required, defaults)
        """Keys that need no look at what else the config has."""
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
    if key.endswith("activation") and default == "linear":
        return (MISSING, "linear", None)
    if is_list(default):
        return (MISSING, default, _as_tuple(default))
    return (MISSING, default)


def _as_tuple(value: object) -> object:
    return tuple(_as_tuple(item) for item in value) if is_list(value) else value


def is_former_default(key: str, raw: object) -> bool:
    """Tell whether a key that a class has no more holds what used to be its default."""
    if raw is None or key not in _FORMER or not is_list(raw):
        return raw is None
    return all(type(item) in (int, float) for item in raw) and raw in _FORMER[key]


@cache
def _load() -> _Table:
    with open(join(dirname(__file__), "defaults.json"), encoding="utf-8") as file:
        table: _Table = json.load(file)
    return table


def defaults_version() -> str:
    """Return the Keras release whose defaults the table has: `keras 3.15.1`."""
    return f"keras {_load()['keras']}"


def layer_kinds() -> tuple[str, ...]:
    """Return the class names of all layers of Keras."""
    return tuple(_load()["classes"]["layers"])


def is_builtin(kind: str) -> bool:
    """Tell whether Keras has a layer, a model or an operation of that class name."""
    return kind in _MODELS or _group_by_kind(kind, None) is not None


def kind_of(kind: str, module: str | None = None) -> str:
    """Return the class name as files spell it: an object says `GroupedQueryAttention`, its file `GroupQueryAttention`.

    Legacy files put the package of a registered class before its name: `mine>Scale` is `Scale`.
    """
    entry = entry_of(module, kind)
    return entry.kind if entry is not None else kind.rpartition(">")[2] or kind


def has_odd_settings(kind: str, config: Config) -> bool:
    """Tell whether a config has settings that no layer of Keras of that name has, lacks required ones, or has none."""
    entry = entry_in(_LAYERS, kind)
    if entry is None:
        return False
    own = [key for key, _ in entry.checks]
    lacks = any(raw == (MISSING,) and key not in config for key, raw in entry.checks)
    return lacks or not entry.known.issuperset(config) or bool(own and not any(key in config for key in own))


def signature_of(kind: str, module: str | None = None) -> tuple[str, ...] | None:
    """Return the settings of a class of Keras in their order, or None for a class from outside."""
    entry = entry_of(module, kind)
    return None if entry is None else tuple(key for key, _ in entry.checks)


def module_of(module: str | None, kind: str, registered_name: str | None = None, config: object = None) -> str | None:
    """Return the module that a graph says of a class, the same for an object and for its config in a file.

    Args:
        module: What the object's class or the config says; may be missing.
        kind: Class name.
        registered_name: Of the serialized object; files have one for classes from outside Keras only.
        config: Tells a layer from an operation of the same name where there is no module.
    """
    if not module and registered_name:
        return "__main__"  # which Keras leaves out
    if not module:
        if ">" in kind:
            return None
        return _MODEL if kind in _MODELS else _group_by_kind(kind, config)
    path = module
    for package in _PACKAGES:
        if module == package or module.startswith(f"{package}."):
            path = "keras" + module[len(package) :]
    if path != "keras" and not path.startswith("keras."):
        return module
    parts = [part for part in path.split(".")[1:] if part != "src"]
    if kind in _MODELS:
        return _MODEL
    if not parts:
        return _group_by_kind(kind, config) or "keras"
    if parts[0] in _MIXED and entry_in(_LAYERS, kind) is not None:
        return _LAYERS
    return _GROUP_OF_PART.get(parts[0], f"keras.{parts[0]}")


def _group_by_kind(kind: str, config: object) -> str | None:
    """Guess where a class belongs that has no module; only layers have `trainable` in their config."""
    is_layer = entry_in(_LAYERS, kind) is not None
    if entry_in(_OPS, kind) is None or (is_mapping(config) and "trainable" in config):
        return _LAYERS if is_layer else None
    return _LAYERS if is_layer and not is_mapping(config) else _OPS


def entry_of(module: str | None, kind: str, config: object = None) -> Entry | None:
    """Return what is known of a class of Keras, or None for one from outside."""
    if ">" in kind or len(kind) > _LONGEST_NAME:
        return None
    if module and module != "keras":
        return _entry_by_module(module, kind)
    group = module_of(module, kind, None, config)
    if group is not None:
        return entry_in(group, kind)
    found = (entry_in(name, kind) for name in ("initializers", "regularizers", "constraints", "quantizers"))
    return next((entry for entry in found if entry is not None), None)


@lru_cache(4096)
def _entry_by_module(module: str, kind: str) -> Entry | None:
    group = module_of(module, kind)
    return None if group is None else entry_in(group, kind)


@lru_cache(4096)
def entry_in(group: str, kind: str) -> Entry | None:
    """Return the entry of a class in `keras.layers` or another group, by any name that Keras has for it."""
    if group == _MODEL:
        return Entry(kind, [], {}, _OF_LAYERS | BODY) if kind in _MODELS else None
    table, group = _load(), group.removeprefix("keras.")
    name = table["spellings"].get(group, {}).get(kind, kind)
    row = table["classes"].get(group, {}).get(name)
    if row is None:
        return None
    dropped = NEVER_SETTINGS
    if group == "layers":
        dropped = _OF_INPUTS if name == "InputLayer" else _OF_LAYERS
    return Entry(name, row["required"], row["defaults"], dropped)
