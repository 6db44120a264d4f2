"""Turn one live value of a config into what a file would hold in its place. Knows objects by what they look like.

Neither Keras nor NumPy is imported: an array is what has a shape and a dtype, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from keras_ascii_tools.graph.values import Record
from keras_ascii_tools.read.arrays import array_record, dtype_name
from keras_ascii_tools.read.policies import is_policy_kind, policy_name

__all__ = ["as_in_file"]


def as_in_file(obj: Any) -> object:
    """Return JSON-like data, or the record of what has no such form; arrays are their shape and dtype.

    The result may hold live values again. May raise whatever the object raises.
    """
    if _is(obj, str):
        return str.__str__(obj)
    if _is(obj, float):
        return float.__float__(obj)
    if _is(obj, int):
        return int.__int__(obj)
    if is_policy_kind(type(obj).__name__) and (policy := policy_name(obj)) is not None:
        return policy
    if _is(obj, list, tuple):
        return list(obj)
    if _is(obj, Mapping):
        return dict(obj)
    if _is(obj, AbstractSet):
        return sorted(obj, key=repr)
    if _is(obj, FunctionType, BuiltinFunctionType, MethodType, type):
        return _special("lambda") if obj.__name__ == "<lambda>" else obj.__name__
    return _of_the_language(obj) or _of_a_library(obj)


def _is(obj: object, *kinds: type) -> bool:
    return isinstance(obj, kinds)


def _special(kind: str, **config: object) -> dict[str, object]:
    return {"class_name": f"__{kind}__", "config": config}


def _of_the_language(obj: Any) -> object:
    """Return what stands for an object of Python's own, or None if it is of other origin."""
    if _is(obj, bytes, bytearray, memoryview):
        return Record("bytes", (("size", len(obj)),))
    if _is(obj, slice):
        return _special("slice", start=obj.start, stop=obj.stop, step=obj.step)
    if obj is Ellipsis:
        return _special("ellipsis")
    if _is(obj, complex):
        return _special("complex", real=obj.real, imag=obj.imag)
    if type(obj).__module__ == "datetime":
        return Record(type(obj).__name__, (("value", str(obj)),))
    return None


def _of_a_library(obj: Any) -> object:
    kind, module = type(obj).__name__, type(obj).__module__
    if kind == "TensorShape":
        return None if obj.rank is None else obj.as_list()
    if kind == "KerasTensor":
        return _special("keras_tensor", shape=_shape(obj), dtype=dtype_name(obj.dtype))
    if hasattr(obj, "shape") and hasattr(obj, "dtype"):
        if kind.endswith("Spec"):
            return {**_special("typespec"), "spec_name": kind, "config": [_shape(obj), dtype_name(obj.dtype)]}
        if module == "numpy" and obj.shape == ():
            return obj.item()
        return array_record(_shape(obj), dtype_name(obj.dtype))
    if kind.lower().endswith("dtype"):
        return dtype_name(obj)
    if callable(getattr(obj, "get_config", None)):
        return {"module": module, "class_name": kind, "config": obj.get_config()}
    name = getattr(obj, "__name__", None)
    return name if isinstance(name, str) else Record(kind)


def _shape(obj: Any) -> tuple[int | None, ...] | None:
    try:
        return tuple(None if axis is None else int(axis) for axis in obj.shape)
    except Exception:  # a shape of unknown rank raises what its library likes
        return None
