"""Turn values of configs into plain data, live or out of a file alike. Never runs what a value names.

Live objects are known by what they look like, so that neither Keras nor NumPy is imported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final

from keras_ascii_tools.graph.values import Record, Value
from keras_ascii_tools.names import is_automatic
from keras_ascii_tools.read.arrays import array_record, dtype_name, list_record, shape_of_lists
from keras_ascii_tools.read.defaults import BODY, MISSING, Entry, entry_of, module_of, spelled_out
from keras_ascii_tools.read.policies import is_policy_kind, policy_name
from keras_ascii_tools.read.rules import RULES

__all__ = ["Converter"]

_PLAIN: Final = frozenset({type(None), bool, int, float, str, list, tuple, dict})
_CUT: Final = Record("...")
_LAMBDA: Final = Record("lambda")

_MAX_DEPTH: Final = 64
_MAX_VALUES: Final = 10_000
_MAX_KEYS: Final = 512
_MAX_TEXT: Final = 1_000
_MAX_BITS: Final = 14_000  # about 4,200 digits: Python refuses to print integers of more than 4,300

_GROUP_OF_SUFFIX: Final = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
# Lists of these are data, however short.
_VOCABULARIES: Final = frozenset({"vocabulary", "idf_weights"})
_FUNCTION_KINDS: Final = frozenset({"function", "builtin_function_or_method", "type", "ufunc"})
_SEED_KINDS: Final = frozenset({"SeedGenerator"})


class Converter:
    """Converts the values of one config and counts them, so that no config is converted without end."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MAX_VALUES
        """How many values may still be converted."""

    # -- settings -------------------------------------------------------------------------------------------------

    def settings(self, kind: str, module: str | None, config: object, depth: int = 0) -> tuple[tuple[str, Value], ...]:
        """Return the settings of an object that differ from its defaults, in the order of its signature."""
        if not isinstance(config, Mapping):
            return ()
        entry = entry_of(module, kind, config) if ">" not in kind else None
        if entry is None:
            return self._all_settings(config, depth)
        found: dict[str, Value] = {}
        for key, defaults in entry.checks:
            raw = config.get(key, MISSING)
            if raw is MISSING or (type(raw) in _PLAIN and _is_one_of(raw, defaults)):
                continue
            self._add(found, key, raw, entry, depth)
        if len(config) > len(entry.known) or not entry.known.issuperset(config):
            for key in list(config)[:_MAX_KEYS]:
                if key not in entry.known and config[key] is not None:
                    self._add(found, str(key), config[key], entry, depth)
        if found and (rule := RULES.get(entry.kind)) is not None:
            found = rule(found, config)
        return tuple(found.items())

    def _add(self, found: dict[str, Value], key: str, raw: object, entry: Entry, depth: int) -> None:
        if _is_seed(raw) or (key in _VOCABULARIES and isinstance(raw, str)):
            return
        value = self.value(raw, depth + 1, key)
        if key in entry.defaults:
            if key not in entry.normal:
                entry.normal[key] = Converter().value(entry.defaults[key], 0, key)
            if value == entry.normal[key]:
                return
        found[key] = value

    def _all_settings(self, config: Mapping[Any, Any], depth: int) -> tuple[tuple[str, Value], ...]:
        dropped = {"name", "trainable", "dtype", "seed", "seed_generator", "shared_object_id", "build_config"}
        is_body = "layers" in config and ("input_layers" in config or "build_input_shape" in config)
        if is_body:
            dropped |= BODY
        found: dict[str, Value] = {}
        for key in list(config)[:_MAX_KEYS]:
            if key not in dropped and not _is_seed(config[key]):
                found[_key(key)] = self.value(config[key], depth + 1, key if isinstance(key, str) else "")
        if len(config) > _MAX_KEYS:
            found["..."] = len(config) - _MAX_KEYS
        return tuple(found.items())

    # -- values ---------------------------------------------------------------------------------------------------

    def value(self, obj: object, depth: int = 0, key: str = "") -> Value:
        """Return one value as plain data; `key` is the setting's name, which tells what a short name means."""
        self.left -= 1
        if obj is None or obj is True or obj is False:
            return obj
        kind = type(obj)
        if kind is str:
            return self._text(obj, key)  # type: ignore[arg-type]
        if kind is int:
            return obj if obj.bit_length() < _MAX_BITS else "?"  # type: ignore[attr-defined,return-value]
        if kind is float:
            return obj if math.isfinite(obj) else _not_finite(obj)  # type: ignore[arg-type,return-value]
        if depth > _MAX_DEPTH or self.left < 0:
            return _CUT
        if isinstance(obj, Mapping):
            return self._mapping(obj, depth, key)
        try:
            return self._sequence(obj, depth, key) if isinstance(obj, list | tuple) else self._live(obj, depth, key)
        except Exception:  # a live object may do anything when it is looked at
            return Record(_kind(type(obj).__name__))

    def _text(self, text: str, key: str) -> Value:
        if len(text) > _MAX_TEXT:
            return Record("text", (("size", len(text)),))
        group = _GROUP_OF_SUFFIX.get(key.rpartition("_")[2])
        if group is not None and (kind := spelled_out(group, text)) is not None:
            return Record(kind)
        return text

    def _sequence(self, items: Sequence[object], depth: int, key: str) -> Value:
        record = list_record(items, always=key in _VOCABULARIES)
        if record is not None:
            return record
        return tuple(self.value(item, depth + 1, key) for item in items)

    def _mapping(self, mapping: Mapping[Any, Any], depth: int, key: str) -> Value:
        kind = mapping.get("class_name")
        if isinstance(kind, str) and ("config" in mapping or kind.startswith("__")):
            return self._object(kind, mapping, depth, key)
        if _is_code(mapping):
            return _LAMBDA
        return self._record("", mapping, depth)

    def _record(self, kind: str, mapping: Mapping[Any, Any], depth: int) -> Record:
        items: dict[str, Value] = {}
        for key in list(mapping)[:_MAX_KEYS]:
            if key not in ("shared_object_id", "seed", "seed_generator", "build_config") and not _is_seed(mapping[key]):
                items[_key(key)] = self.value(mapping[key], depth + 1, key if isinstance(key, str) else "")
        if len(mapping) > _MAX_KEYS:
            items["..."] = len(mapping) - _MAX_KEYS
        return Record(kind, tuple(sorted(items.items())))

    # -- serialized objects ---------------------------------------------------------------------------------------

    def _object(self, kind: str, serialized: Mapping[Any, Any], depth: int, key: str) -> Value:
        config = serialized.get("config")
        if kind.startswith("__"):
            return self._special(kind, serialized, config, depth)
        if kind in _FUNCTION_KINDS and isinstance(config, str):
            return self._text(config.rpartition(">")[2], "")
        if is_policy_kind(kind):
            return policy_name(serialized)
        if kind in _SEED_KINDS:
            return Record(kind)
        module, registered = serialized.get("module"), serialized.get("registered_name")
        module = module_of(_str_or_none(module), kind, _str_or_none(registered), config)
        if module is None and key.rpartition("_")[2] in _GROUP_OF_SUFFIX:
            module = f"keras.{_GROUP_OF_SUFFIX[key.rpartition('_')[2]]}"
        return self._object_of(kind, module, config, depth)

    def _object_of(self, kind: str, module: str | None, config: object, depth: int) -> Value:
        if not isinstance(config, Mapping):
            return Record(_kind(kind), (("config", self.value(config, depth + 1)),) if config is not None else ())
        items = dict(self.settings(kind, module, config, depth))
        public = kind.rpartition(">")[2] or kind
        name = config.get("name")
        if isinstance(name, str) and not is_automatic(name, public):
            items["name"] = self._text(name, "")
        return Record(_kind(public), tuple(sorted(items.items())))

    def _special(self, kind: str, serialized: Mapping[Any, Any], config: object, depth: int) -> Value:
        inner: Mapping[Any, Any] = config if isinstance(config, Mapping) else {}
        if kind in ("__numpy__", "__tensor__"):
            return array_record(shape_of_lists(inner.get("value")), dtype_name(inner.get("dtype")))
        if kind == "__lambda__":
            return _LAMBDA
        if kind == "__ellipsis__":
            return Record("Ellipsis")
        if kind == "__bytes__":
            text = inner.get("value")
            return Record("bytes", (("size", len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0),))
        if kind == "__slice__":
            return self._slice(inner.get("start"), inner.get("stop"), inner.get("step"), depth)
        if kind == "__keras_tensor__":
            return self._spec("tensor", inner.get("shape"), inner.get("dtype"), depth)
        if kind == "__typespec__" and isinstance(config, list | tuple):
            parts = [*config, None, None]
            name = serialized.get("spec_name")
            return self._spec(name if isinstance(name, str) else "TypeSpec", parts[0], parts[1], depth)
        return self._record(_kind(kind), inner, depth)

    def _slice(self, start: object, stop: object, step: object, depth: int) -> Record:
        ends = (("start", start), ("step", step), ("stop", stop))
        return Record("slice", tuple((name, self.value(end, depth + 1)) for name, end in ends if end is not None))

    def _spec(self, kind: str, shape: object, dtype: object, depth: int) -> Record:
        return Record(_kind(kind), (("dtype", dtype_name(dtype)), ("shape", self.value(shape, depth + 1))))

    # -- live objects ---------------------------------------------------------------------------------------------

    def _live(self, obj: Any, depth: int, key: str) -> Value:
        if isinstance(obj, bool | int | float | str):
            return self._subclass(obj, depth, key)
        if isinstance(obj, bytes | bytearray | memoryview):
            return Record("bytes", (("size", len(obj)),))
        if isinstance(obj, slice):
            return self._slice(obj.start, obj.stop, obj.step, depth)
        if obj is Ellipsis:
            return Record("Ellipsis")
        if isinstance(obj, complex):
            return Record("complex", (("imag", self.value(obj.imag)), ("real", self.value(obj.real))))
        if isinstance(obj, Set):
            return tuple(sorted((self.value(item, depth + 1, key) for item in obj), key=repr))
        if isinstance(obj, FunctionType | BuiltinFunctionType | MethodType | type):
            return _LAMBDA if obj.__name__ == "<lambda>" else self._text(obj.__name__, "")
        return self._live_object(obj, depth, key)

    def _subclass(self, obj: bool | int | float | str, depth: int, key: str) -> Value:
        if isinstance(obj, str):
            return self.value(str.__str__(obj), depth, key)
        return self.value(float.__float__(obj) if isinstance(obj, float) else int.__int__(obj), depth, key)

    def _live_object(self, obj: Any, depth: int, key: str) -> Value:
        kind, module = type(obj).__name__, type(obj).__module__
        if is_policy_kind(kind):
            return policy_name(obj)
        if kind in _SEED_KINDS:
            return Record(kind)
        if kind == "TensorShape":
            return None if obj.rank is None else self.value(tuple(obj.as_list()), depth, key)
        if hasattr(obj, "_keras_history") or kind == "KerasTensor":
            return self._spec("tensor", tuple(obj.shape), obj.dtype, depth)
        if kind.endswith("Spec") and hasattr(obj, "shape") and hasattr(obj, "_serialize"):
            return self._spec(kind, _live_shape(obj.shape), obj.dtype, depth)
        if module == "datetime":
            return Record(kind, (("value", str(obj)),))
        if hasattr(obj, "shape") and hasattr(obj, "dtype"):
            if module == "numpy" and obj.shape == ():
                return self.value(obj.item(), depth + 1, key)
            return array_record(_live_shape(obj.shape), dtype_name(obj.dtype))
        if kind.lower().endswith("dtype"):
            return dtype_name(obj)
        if callable(getattr(obj, "get_config", None)):
            module_name = module_of(module, kind)
            return self._object_of(kind, module_name, obj.get_config(), depth)
        if isinstance(getattr(obj, "__name__", None), str):
            return self._text(obj.__name__, "")
        return Record(_kind(kind))


def _is_one_of(raw: object, defaults: tuple[object, ...]) -> bool:
    try:
        return raw in defaults
    except Exception:  # a live list may hold arrays, which do not compare
        return False


def _is_seed(raw: object) -> bool:
    if isinstance(raw, Mapping):
        return raw.get("class_name") in _SEED_KINDS if isinstance(raw.get("class_name"), str) else False
    return type(raw).__name__ in _SEED_KINDS


def _is_code(mapping: Mapping[Any, Any]) -> bool:
    """Tell whether a mapping is what Keras makes of a lambda: its code in base64, its defaults and its closure."""
    if len(mapping) == 1:
        dump = mapping.get("value")
        return isinstance(dump, list | tuple) and len(dump) == 3 and isinstance(dump[0], str)
    return len(mapping) == 3 and "code" in mapping and "closure" in mapping


def _not_finite(number: float) -> str:
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


def _live_shape(shape: Any) -> tuple[int | None, ...] | None:
    try:
        return tuple(None if axis is None else int(axis) for axis in shape)
    except Exception:
        return None


def _str_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kind(name: str) -> str:
    return name if 0 < len(name) <= 200 else "?"


def _key(key: object) -> str:
    """Spell a key of a mapping as JSON does."""
    if isinstance(key, str):
        return str.__str__(key) if len(key) <= 200 else f"{key[:200]}..."
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, int) and key.bit_length() < _MAX_BITS:
        return str(int(key))
    return repr(float(key)) if isinstance(key, float) else "?"
