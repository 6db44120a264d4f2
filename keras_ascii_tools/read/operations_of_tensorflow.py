"""Calls of TensorFlow's functions in models of Keras 2, as the operations of Keras 3. Knows their names and arguments.

Another function: a line in one of the tables. What is in none stays what it is called.
"""

from __future__ import annotations

from typing import Final

from keras_ascii_tools.graph import INPUT, OPS_MODULE, Call, Record, Value, simplified
from keras_ascii_tools.read.config_entries import Entry
from keras_ascii_tools.read.config_nodes import RawCall

__all__ = ["as_operation"]

_OF_TWO: Final = {
    "__operators__.add": "Add",
    "math.add": "Add",
    "math.divide": "Divide",
    "math.equal": "Equal",
    "math.greater": "Greater",
    "math.less": "Less",
    "math.logical_and": "LogicalAnd",
    "math.logical_or": "LogicalOr",
    "math.maximum": "Maximum",
    "math.minimum": "Minimum",
    "math.multiply": "Multiply",
    "math.not_equal": "NotEqual",
    "math.pow": "Power",
    "math.subtract": "Subtract",
    "math.truediv": "Divide",
}
_OF_ONE: Final = {
    "identity": "Copy",
    "math.abs": "Absolute",
    "math.cos": "Cos",
    "math.exp": "Exp",
    "math.log": "Log",
    "math.logical_not": "LogicalNot",
    "math.negative": "Negative",
    "math.rsqrt": "Rsqrt",
    "math.sigmoid": "Sigmoid",
    "math.sin": "Sin",
    "math.sqrt": "Sqrt",
    "math.square": "Square",
    "math.tanh": "Tanh",
    "nn.elu": "Elu",
    "nn.relu": "Relu",
    "nn.relu6": "Relu6",
    "nn.selu": "Selu",
    "nn.sigmoid": "Sigmoid",
    "nn.silu": "Silu",
    "nn.softplus": "Softplus",
    "nn.tanh": "Tanh",
}
_REDUCING: Final = {"axis": "axis", "keepdims": "keepdims"}
_WITH_SETTINGS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "cast": ("Cast", {"dtype": "dtype"}),
    "concat": ("Concatenate", {"axis": "axis"}),
    "expand_dims": ("ExpandDims", {"axis": "axis"}),
    "math.reduce_max": ("Max", _REDUCING),
    "math.reduce_mean": ("Mean", _REDUCING),
    "math.reduce_min": ("Min", _REDUCING),
    "math.reduce_prod": ("Prod", _REDUCING),
    "math.reduce_sum": ("Sum", _REDUCING),
    "nn.softmax": ("Softmax", {"axis": "axis"}),
    "reshape": ("Reshape", {"shape": "newshape"}),
    "squeeze": ("Squeeze", {"axis": "axis"}),
    "stack": ("Stack", {"axis": "axis"}),
    "transpose": ("Transpose", {"perm": "axes"}),
}
"""By function, the operation, and which arguments are settings of it, under which name."""


def as_operation(entry: Entry, calls: tuple[RawCall, ...]) -> tuple[Entry, tuple[RawCall, ...]]:
    """Return the operation of Keras 3 that a call of a function is, or both arguments where there is none."""
    if entry.kind == "MultiHeadAttention":
        return entry, tuple(map(_attention, calls))
    if entry.kind not in ("TFOpLambda", "SlicingOpLambda") or len(calls) != 1:
        return entry, calls
    function, call = str(entry.config.get("function")), calls[0]
    template = call.template or Call((INPUT,) * len(call.inputs))
    kwargs = dict(template.kwargs)
    if function == "__operators__.getitem" and set(kwargs) == {"slice_spec"}:
        return _made(entry, "GetItem", Call((*template.args, _key(kwargs["slice_spec"]))), call)
    if function in _OF_TWO and set(kwargs) <= {"y"} and len(template.args) + len(kwargs) == 2:
        return _made(entry, _OF_TWO[function], Call((*template.args, *kwargs.values())), call)
    if function in _OF_ONE and not kwargs and len(template.args) == 1:
        return _made(entry, _OF_ONE[function], template, call)
    kind, names = _WITH_SETTINGS.get(function, ("", {}))
    if kind and set(kwargs) <= set(names) and not any(value == INPUT for value in kwargs.values()):
        return _made(entry, kind, Call(template.args), call, {names[key]: value for key, value in kwargs.items()})
    return entry, calls


def _attention(call: RawCall) -> RawCall:
    """Keras 2 writes all arguments but the first by name; value and key have their places."""
    template = call.template
    if template is None or template.args != (INPUT,) or dict(template.kwargs).get("value") != INPUT:
        return call
    tensors = [key for key, value in template.kwargs if value == INPUT]
    if len(tensors) + 1 != len(call.inputs):
        return call
    by_name = dict(zip(tensors, call.inputs[1:], strict=True))
    given = [name for name in ("value", "key") if name in by_name]
    kwargs = tuple(item for item in template.kwargs if item[0] not in given)
    inputs = (call.inputs[0], *(by_name.pop(name) for name in given), *by_name.values())
    return RawCall(simplified(Call((INPUT,) * (1 + len(given)), kwargs)), inputs)


def _made(
    entry: Entry, kind: str, template: Call, call: RawCall, settings: dict[str, Value] | None = None
) -> tuple[Entry, tuple[RawCall, ...]]:
    config = {"name": entry.name, **(settings or {})}
    made = Entry(entry.name, kind, OPS_MODULE, config, {}, entry.inbound, entry.shared)
    return made, (RawCall(simplified(template), call.inputs),)


def _key(spec: Value) -> Value:
    """A key of `x[...]`: slices are mappings in Keras 2."""
    if isinstance(spec, tuple):
        return tuple(_key(item) for item in spec)
    if isinstance(spec, Record) and {key for key, _ in spec.items} <= {"start", "stop", "step"}:
        return Record("slice", tuple(item for item in spec.items if item[1] is not None))
    return spec
