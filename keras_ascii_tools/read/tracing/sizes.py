"""Fill dynamic axes and unknown dtypes in, and find out again which axes were dynamic. Runs nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from keras_ascii_tools.graph.types import Shape, TensorSpec
from keras_ascii_tools.read.tracing.loaded import attributes_of, is_keras_layer
from keras_ascii_tools.read.tracing.nested import is_mapping, is_sequence, is_slice, leaves, rebuilt, same_but_batch
from keras_ascii_tools.read.tracing.records import CallInputs, Constant, RecordedCall, Tensor, Trace

__all__ = [
    "SIZES",
    "Filling",
    "ReadAs",
    "any_batch",
    "filled",
    "has_dynamic_axes",
    "merged",
    "undecided",
    "undecided_shapes",
]


ReadAs = tuple[tuple[Shape, str], ...]
"""Shapes of inputs, and what the layers that read them take."""


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


def undecided_shapes(inputs: CallInputs, read_as: ReadAs) -> tuple[Shape, ...]:
    """Return the shapes of inputs whose dtype is not known, but for those read as something else than floats."""
    shapes = [spec.shape for spec in _specs(inputs) if spec.dtype is None and spec.shape is not None]
    return tuple(shape for shape in shapes if not any(same_but_batch(shape, other) for other, _ in read_as))


def any_batch(inputs: CallInputs) -> CallInputs:
    """Return the inputs with the first axis of each dynamic: which batch a model was built on says nothing of it."""

    def free(leaf: Any) -> Any:
        return replace(leaf, shape=(None, *leaf.shape[1:])) if isinstance(leaf, TensorSpec) and leaf.shape else leaf

    return CallInputs(rebuilt(inputs.args, free), rebuilt(inputs.kwargs or {}, free))


def _specs(inputs: CallInputs) -> list[TensorSpec]:
    return [leaf for leaf in leaves((inputs.args, inputs.kwargs or {})) if isinstance(leaf, TensorSpec)]


def filled(inputs: CallInputs, filling: Filling | None, dtype: str, read_as: ReadAs = ()) -> CallInputs:
    """Return the inputs with every dtype known, and every axis if there is a filling.

    Args:
        inputs: What to fill in.
        filling: Sizes; by default dynamic axes stay.
        dtype: For inputs without one.
        read_as: Shapes of inputs that are something else instead, with what they are.
    """

    def fill(leaf: Any) -> Any:
        if not isinstance(leaf, TensorSpec):
            return leaf
        read = next((other for shape, other in read_as if same_but_batch(leaf.shape or (), shape)), dtype)
        return TensorSpec(_sized(leaf.shape, filling), leaf.dtype or read)

    return CallInputs(rebuilt(inputs.args, fill), rebuilt(inputs.kwargs or {}, fill))


def _sized(shape: Shape | None, filling: Filling | None) -> Shape | None:
    if shape is None or filling is None:
        return shape
    return tuple(
        axis if axis is not None else filling.other if number else filling.batch for number, axis in enumerate(shape)
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
    copy: Any = object.__new__(item.__class__)
    theirs: dict[str, Any] = getattr(twin, "__dict__", {})
    ours = {key: _common_value(value, theirs.get(key)) for key, value in attributes_of(item).items()}
    attributes_of(copy).update(ours)
    return copy


def _common_value(value: Any, twin: Any) -> Any:
    """A value of which the integers that differ from its twin's are unknown."""
    if is_mapping(value) and is_mapping(twin) and value.keys() == twin.keys():
        return {key: _common_value(item, twin[key]) for key, item in value.items()}
    if is_sequence(value) and is_sequence(twin) and len(value) == len(twin) and not hasattr(value, "_fields"):
        items = [_common_value(a, b) for a, b in zip(value, twin, strict=True)]
        return items if isinstance(value, list) else tuple(items)
    if is_slice(value) and is_slice(twin):
        ends = [_common_value(a, b) for a, b in zip(_ends(value), _ends(twin), strict=True)]
        return slice(*ends)
    if type(value) is int and type(twin) is int and value != twin:
        return None
    return value


def _ends(value: slice[Any, Any, Any]) -> list[Any]:
    return [value.start, value.stop, value.step]
