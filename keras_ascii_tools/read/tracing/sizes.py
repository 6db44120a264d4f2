"""Fill dynamic axes and unknown dtypes in, and find out again which axes were dynamic. Runs nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from keras_ascii_tools.graph.types import Shape, TensorSpec
from keras_ascii_tools.read.tracing.loaded import is_keras_layer
from keras_ascii_tools.read.tracing.nested import leaves, rebuilt
from keras_ascii_tools.read.tracing.records import CallInputs, Constant, RecordedCall, Tensor, Trace

__all__ = ["SIZES", "Filling", "any_batch", "filled", "has_dynamic_axes", "merged", "undecided"]


@dataclass(frozen=True, slots=True)
class Filling:
    """Sizes for dynamic axes."""

    batch: int | None
    other: int | None


SIZES: Final = (Filling(2, 32), Filling(3, 64))
"""Two, because an axis that is of another size in the second is dynamic. Multiples of 32, because images are halved."""


def has_dynamic_axes(inputs: CallInputs) -> bool:
    """Tell whether any axis of any input is dynamic."""
    return any(None in (spec.shape or ()) for spec in _specs(inputs))


def undecided(inputs: CallInputs) -> bool:
    """Tell whether the dtype of any input is not known."""
    return any(spec.dtype is None for spec in _specs(inputs))


def any_batch(inputs: CallInputs) -> CallInputs:
    """Return the inputs with the first axis of each dynamic: which batch a model was built on says nothing of it."""

    def free(leaf: Any) -> Any:
        return replace(leaf, shape=(None, *leaf.shape[1:])) if isinstance(leaf, TensorSpec) and leaf.shape else leaf

    return CallInputs(rebuilt(inputs.args, free), rebuilt(inputs.kwargs or {}, free))


def _specs(inputs: CallInputs) -> list[TensorSpec]:
    return [leaf for leaf in leaves((inputs.args, inputs.kwargs or {})) if isinstance(leaf, TensorSpec)]


def filled(inputs: CallInputs, filling: Filling | None, dtype: str, integers: tuple[Shape, ...] = ()) -> CallInputs:
    """Return the inputs with every dtype known, and every axis if there is a filling.

    Args:
        inputs: What to fill in.
        filling: Sizes; by default dynamic axes stay.
        dtype: For inputs without one.
        integers: Shapes of inputs that are integers instead.
    """

    def fill(leaf: Any) -> Any:
        if not isinstance(leaf, TensorSpec):
            return leaf
        integer = any(_fits(leaf.shape, shape) for shape in integers)
        return TensorSpec(_sized(leaf.shape, filling), leaf.dtype or ("int32" if integer else dtype))

    return CallInputs(rebuilt(inputs.args, fill), rebuilt(inputs.kwargs or {}, fill))


def _sized(shape: Shape | None, filling: Filling | None) -> Shape | None:
    if shape is None or filling is None:
        return shape
    return tuple(
        axis if axis is not None else filling.other if number else filling.batch for number, axis in enumerate(shape)
    )


def _fits(shape: Shape | None, other: Shape) -> bool:
    return (
        shape is not None
        and len(shape) == len(other)
        and all(a == b or None in (a, b) for a, b in zip(shape[1:], other[1:], strict=True))
    )


def merged(one: Trace, other: Trace) -> Trace | None:
    """Return the first of two traces of other sizes, all that differs made unknown; `None` if the calls differ."""
    ours, theirs = _leaves(one), _leaves(other)
    if [type(c.operation) for c in one.calls] != [type(c.operation) for c in other.calls] or len(ours) != len(theirs):
        return None
    changed: dict[int, Any] = {}
    for leaf, twin in zip(ours, theirs, strict=True):
        if isinstance(leaf, (Tensor, Constant)):
            changed.setdefault(id(leaf), type(leaf)(_common(leaf.shape, twin.shape), leaf.dtype))
    operations: dict[int, Any] = {}
    for call, twin_call in zip(one.calls, other.calls, strict=True):
        operation = call.operation
        operations.setdefault(id(operation), _with_common_settings(operation, twin_call.operation))

    def change(leaf: Any) -> Any:
        return changed.get(id(leaf), leaf)

    def change_call(call: RecordedCall, twin: RecordedCall) -> RecordedCall:
        args, kwargs = _common_value(call.args, twin.args), _common_value(call.kwargs, twin.kwargs)
        return RecordedCall(
            operation=operations[id(call.operation)],
            args=rebuilt(args, change),
            kwargs=rebuilt(kwargs, change),
            outputs=rebuilt(call.outputs, change),
            implied=call.implied,
        )

    return replace(
        one,
        inputs=rebuilt(one.inputs, change),
        input_structure=rebuilt(one.input_structure, change),
        outputs=rebuilt(one.outputs, change),
        calls=tuple(map(change_call, one.calls, other.calls)),
    )


def _leaves(trace: Trace) -> list[Any]:
    calls = [(call.args, call.kwargs, call.outputs) for call in trace.calls]
    return list(leaves((trace.inputs, calls, trace.outputs)))


def _common(shape: Shape | None, other: Shape | None) -> Shape | None:
    if shape is None or other is None or len(shape) != len(other):
        return None
    return tuple(a if a == b else None for a, b in zip(shape, other, strict=True))


def _with_common_settings(operation: Any, twin: Any) -> Any:
    """The operation, or a copy where it took a setting from the sizes, as `newshape`. Layers are the model's own."""
    if operation is twin or is_keras_layer(operation) or not hasattr(operation, "__dict__"):
        return operation
    copy = _copied(operation, twin)
    config = getattr(operation, "_auto_config", None)
    if config is not None:  # what `get_config` returns
        copy._auto_config = _copied(config, getattr(twin, "_auto_config", None))
    return copy


def _copied(item: Any, twin: Any) -> Any:
    copy = object.__new__(type(item))
    theirs = getattr(twin, "__dict__", {})
    vars(copy).update({key: _common_value(value, theirs.get(key)) for key, value in vars(item).items()})
    return copy


def _common_value(value: Any, twin: Any) -> Any:
    """A value of which the integers that differ from its twin's are unknown."""
    if isinstance(value, dict) and isinstance(twin, dict) and value.keys() == twin.keys():
        return {key: _common_value(item, twin[key]) for key, item in value.items()}
    if type(value) in (list, tuple) and type(twin) is type(value) and len(value) == len(twin):
        return type(value)(_common_value(a, b) for a, b in zip(value, twin, strict=True))
    if isinstance(value, slice) and isinstance(twin, slice):
        ends = ((value.start, twin.start), (value.stop, twin.stop), (value.step, twin.step))
        return slice(*(_common_value(a, b) for a, b in ends))
    return None if type(value) is int and type(twin) is int and value != twin else value
