"""Turn configs and the values in them into plain data, live or out of a file alike. Never runs what a value names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice
from typing import Final

from keras_ascii_tools.graph.values import Record, Value
from keras_ascii_tools.names import is_automatic
from keras_ascii_tools.read.arrays import array_record, dtype_name, list_record, shape_of_lists
from keras_ascii_tools.read.defaults import (
    BODY,
    MISSING,
    NEVER_SETTINGS,
    Entry,
    entry_in,
    entry_of,
    is_former_default,
)
from keras_ascii_tools.read.guards import Config, is_list, is_mapping
from keras_ascii_tools.read.policies import is_policy_kind, policy_name
from keras_ascii_tools.read.rules import RULES

__all__ = ["Converter"]

_PLAIN: Final = frozenset({type(None), bool, int, float, str, list, tuple, dict})
_NO_OBJECTS: Final = _PLAIN - {dict}
_CUT: Final = Record("...")

_MAX_DEPTH: Final = 64
_MAX_VALUES: Final = 10_000
_MAX_KEYS: Final = 512
_MAX_TEXT: Final = 1_000
_MAX_NAME: Final = 200
_MAX_BITS: Final = 128  # no setting needs more, and a number of thousands of digits fills a screen

# What a short name means, by the end of the setting's name.
_GROUPS: Final = {
    "initializer": "keras.initializers",
    "regularizer": "keras.regularizers",
    "constraint": "keras.constraints",
}
# Lists of these are data, however short.
_VOCABULARIES: Final = frozenset({"vocabulary", "idf_weights"})
_FUNCTION_KINDS: Final = frozenset({"function", "builtin_function_or_method", "type"})
_SEEDS: Final = frozenset({"SeedGenerator"})
_OF_LAYERS: Final = NEVER_SETTINGS | {"trainable", "dtype", "autocast"}


class Converter:
    """Converts one config and counts its values, so that none is converted without end."""

    __slots__ = ("left", "owner")

    def __init__(self) -> None:
        self.left = _MAX_VALUES
        """How many values may still be converted."""
        self.owner: Config = {}
        """Config of the layer whose settings are being converted."""

    def settings(self, kind: str, module: str | None, config: object) -> tuple[tuple[str, Value], ...]:
        """Return the settings of a layer or an operation, as `settings_from_config` does."""
        if not is_mapping(config):
            return ()
        self.owner = config
        entry = entry_of(module, kind, config)
        found = _of_custom(self._all(config, _OF_LAYERS, 0)) if entry is None else self._changed(entry, config, 0)
        return tuple(found.items())

    def _changed(self, entry: Entry, config: Config, depth: int) -> dict[str, Value]:
        """Convert what differs from the defaults, in the order of the signature, then what the class has no more."""
        found: dict[str, Value] = {}
        for key, raw in _unlike_defaults(entry, config):
            self._add(found, key, raw, entry, depth)
        if not entry.known.issuperset(config):
            others = {key: raw for key, raw in islice(config.items(), _MAX_KEYS) if key not in entry.known}
            others = {key: raw for key, raw in others.items() if not is_former_default(key, raw)}
            found.update(self._all(others, frozenset(), depth))
        rule = RULES.get(entry.kind) if found else None
        return found if rule is None else rule(found, config)

    def _add(self, found: dict[str, Value], key: str, raw: object, entry: Entry, depth: int) -> None:
        if _is_seed(raw) or (key in _VOCABULARIES and isinstance(raw, str)):
            return  # a vocabulary that is a string is a path
        value = self.value(raw, depth + 1, key)
        if key in entry.defaults:
            if key not in entry.normal:
                entry.normal[key] = Converter().value(entry.defaults[key], 0, key)
            if value == entry.normal[key]:
                return
        found[key] = value

    def _all(self, config: Config, dropped: frozenset[str], depth: int) -> dict[str, Value]:
        """Convert every value of a mapping but those that never are settings, in its order."""
        found: dict[str, Value] = {}
        for key, raw in islice(config.items(), _MAX_KEYS):
            if key not in dropped and not _is_seed(raw):
                name = _key(key)
                found[name] = self.value(raw, depth + 1, name)
        if len(config) > _MAX_KEYS:
            found["..."] = len(config) - _MAX_KEYS
        return found

    def value(self, obj: object, depth: int = 0, key: str = "") -> Value:
        """Return one value as plain data; `key` is the setting's name, which tells what a short name means."""
        self.left -= 1
        if obj is None or obj is True or obj is False:
            return obj
        kind = type(obj)
        if kind is str:
            return _text(str(obj), key)
        if kind is int:
            number = int(obj)  # type: ignore[call-overload]
            return number if number.bit_length() < _MAX_BITS else "?"
        if kind is float:
            return _float(float(obj))  # type: ignore[arg-type]
        if depth > _MAX_DEPTH or self.left < 0:
            return _CUT
        if isinstance(obj, Record):
            return obj
        try:
            if kind is dict:
                return self._mapping(obj, depth, key)  # type: ignore[arg-type]
            if kind is list or kind is tuple:
                return self._sequence(obj, depth, key)  # type: ignore[arg-type]
            from keras_ascii_tools.read.live_values import as_in_file  # not for files

            return self.value(as_in_file(obj), depth + 1, key)
        except Exception:  # a live object may do anything when it is looked at
            return Record(_kind(kind.__name__))

    def _sequence(self, items: Sequence[object], depth: int, key: str) -> Value:
        record = list_record(items, always=key in _VOCABULARIES)
        if record is not None:
            return record
        return tuple([self.value(item, depth + 1, key) for item in items])

    def _mapping(self, mapping: Config, depth: int, key: str) -> Value:
        kind = mapping.get("class_name")
        if isinstance(kind, str) and ("config" in mapping or kind.startswith("__")):
            return self._serialized(kind, mapping, depth, key)
        if _is_code(mapping):
            return Record("lambda")
        return _record("", self._all(mapping, NEVER_SETTINGS - {"name"}, depth))

    def _serialized(self, kind: str, serialized: Config, depth: int, key: str) -> Value:
        """Convert what Keras made of an object."""
        config = serialized.get("config")
        if kind.startswith("__"):
            return self._special(kind, serialized, config, depth)
        if kind in _FUNCTION_KINDS and isinstance(config, str):
            return _text(config.rpartition(">")[2])
        if is_policy_kind(kind) and (policy := policy_name(serialized)) is not None:
            return policy
        if kind in _SEEDS:
            return Record(kind)
        module = _str_or_none(serialized.get("module"))
        if not module and serialized.get("registered_name"):
            module = "__main__"  # which Keras leaves out
        group = _GROUPS.get(key.rpartition("_")[2])
        if not module and group is not None and entry_in(group, kind) is not None:
            module = group
        return self._object(kind, entry_of(module, kind, config), config, depth)

    def _object(self, kind: str, entry: Entry | None, config: object, depth: int) -> Value:
        kind = entry.kind if entry is not None else kind.rpartition(">")[2] or kind
        if not is_mapping(config):
            # A list is the body of a model, as Keras 1 has it.
            is_body = config is None or (entry is not None and entry.known.issuperset(BODY))
            return Record(_kind(kind), () if is_body else (("config", self.value(config, depth + 1)),))
        is_layer = entry.is_layer if entry is not None else "trainable" in config
        owner, self.owner = self.owner, config if is_layer else self.owner
        if entry is not None:
            items = self._changed(entry, config, depth)
        else:
            items = self._all(config, _own_keys(config, is_layer), depth)
        self.owner = owner
        name = config.get("name")
        if isinstance(name, str) and not is_automatic(name, kind):
            items["name"] = _text(name)
        if is_layer:
            items.update(_apart(config, owner))
        return _record(_kind(kind), items)

    def _special(self, kind: str, serialized: Config, config: object, depth: int) -> Value:
        """Convert what Keras made of something that is no Keras object."""
        inner: Config = config if is_mapping(config) else {}
        if kind in ("__numpy__", "__tensor__"):
            return array_record(shape_of_lists(inner.get("value")), dtype_name(inner.get("dtype")))
        if kind == "__lambda__":
            return Record("lambda")
        if kind == "__ellipsis__":
            return Record("Ellipsis")
        if kind == "__bytes__":
            text = inner.get("value")
            return Record("bytes", (("size", len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0),))
        if kind == "__keras_tensor__":
            return self._spec("tensor", inner.get("shape"), inner.get("dtype"), depth)
        if kind == "__typespec__":
            parts = [*config, None, None] if is_list(config) else [None, None]
            return self._spec(_str_or_none(serialized.get("spec_name")) or "TypeSpec", parts[0], parts[1], depth)
        given = {key: item for key, item in islice(inner.items(), _MAX_KEYS) if item is not None}
        return _record(_kind(kind.strip("_")), self._all(given, NEVER_SETTINGS, depth))

    def _spec(self, kind: str, shape: object, dtype: object, depth: int) -> Record:
        return _record(_kind(kind), {"dtype": dtype_name(dtype), "shape": self.value(shape, depth + 1)})


def _own_keys(config: Config, is_layer: bool) -> frozenset[str]:
    """Return the keys of a class from outside Keras that say nothing of its settings."""
    dropped = _OF_LAYERS if is_layer else NEVER_SETTINGS
    is_body = "layers" in config and ("input_layers" in config or "build_input_shape" in config)
    return dropped | BODY if is_body else dropped


def _apart(config: Config, owner: Config) -> dict[str, Value]:
    """Return in what a layer within a layer goes its own way: its dtype, and whether it is trained."""
    apart: dict[str, Value] = {}
    own, around = policy_name(config.get("dtype")), policy_name(owner.get("dtype"))
    if own is not None and own != (around or "float32"):
        apart["dtype"] = own
    if config.get("trainable") is False and owner.get("trainable") is not False:
        apart["trainable"] = False
    return apart


def _unlike_defaults(entry: Entry, config: Config) -> list[tuple[str, object]]:
    """Return what is not a default as it stands; this is most of the work of reading a model, hence one expression."""
    get = config.get
    try:
        return [
            (key, raw)
            for key, same in entry.checks
            if (raw := get(key, MISSING)) is not MISSING and (type(raw) not in _PLAIN or raw not in same)
        ]
    except Exception:  # a live list may hold arrays, which do not compare
        return [(key, config[key]) for key, _ in entry.checks if key in config]


def _is_seed(raw: object) -> bool:
    if type(raw) in _NO_OBJECTS:
        return False
    kind = raw.get("class_name") if is_mapping(raw) else type(raw).__name__
    return isinstance(kind, str) and kind in _SEEDS


def _is_code(mapping: Config) -> bool:
    """Tell whether a mapping is what Keras makes of a lambda: its code in base64, its defaults and its closure."""
    if len(mapping) == 1:
        dump = mapping.get("value")
        return is_list(dump) and len(dump) == 3 and isinstance(dump[0], str)
    return len(mapping) == 3 and "code" in mapping and "closure" in mapping


def _record(kind: str, items: dict[str, Value]) -> Record:
    return Record(kind, tuple(sorted(items.items(), key=lambda item: item[0])))


def _text(text: str, key: str = "") -> Value:
    if len(text) > _MAX_TEXT:
        return Record("text", (("size", len(text)),))
    group = _GROUPS.get(key.rpartition("_")[2])
    entry = entry_in(group, text) if group is not None else None
    return text if entry is None else Record(entry.kind)


def _float(number: float) -> Value:
    if math.isfinite(number):
        return number
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


def _str_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kind(name: str) -> str:
    """Return a class name as far as it can be one; `_` stands for a tensor."""
    return name if 0 < len(name) <= _MAX_NAME and name != "_" else "?"


def _key(key: object) -> str:
    """Spell a key of a mapping as JSON does."""
    if isinstance(key, str):
        return str.__str__(key) if len(key) <= _MAX_NAME else f"{key[:_MAX_NAME]}..."
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, int) and key.bit_length() < _MAX_BITS:
        return str(int(key))
    return repr(float(key)) if isinstance(key, float) else "?"


def _of_custom(found: dict[str, Value]) -> dict[str, Value]:
    """Without what a layer that says nothing of its own says of itself."""
    if found.get("activity_regularizer", 0) is None:
        del found["activity_regularizer"]
    return found
