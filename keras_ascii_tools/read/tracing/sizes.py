"""Fill dynamic axes and unknown dtypes in, and find out again which axes were dynamic. Knows no Keras."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from keras_ascii_tools.graph.types import Shape, TensorSpec
from keras_ascii_tools.read.tracing.nested import leaves, rebuilt
from keras_ascii_tools.read.tracing.records import CallInputs, RecordedCall, Tensor, Trace

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
    """Return the first of two traces of other sizes, axes that differ made dynamic; `None` if the calls differ."""
    ours, theirs = _tensors(one), _tensors(other)
    if [type(c.operation) for c in one.calls] != [type(c.operation) for c in other.calls] or len(ours) != len(theirs):
        return None
    changed: dict[int, Tensor] = {}
    for tensor, twin in zip(ours, theirs, strict=True):
        changed.setdefault(id(tensor), Tensor(_common(tensor.shape, twin.shape), tensor.dtype))

    def change(leaf: Any) -> Any:
        return changed.get(id(leaf), leaf) if isinstance(leaf, Tensor) else leaf

    return replace(
        one,
        inputs=rebuilt(one.inputs, change),
        input_structure=rebuilt(one.input_structure, change),
        outputs=rebuilt(one.outputs, change),
        calls=tuple(
            RecordedCall(
                call.operation,
                rebuilt(call.args, change),
                rebuilt(call.kwargs, change),
                rebuilt(call.outputs, change),
                call.implied,
            )
            for call in one.calls
        ),
    )


def _tensors(trace: Trace) -> list[Tensor]:
    calls = [(call.args, call.kwargs, call.outputs) for call in trace.calls]
    return [leaf for leaf in leaves((trace.inputs, calls, trace.outputs)) if isinstance(leaf, Tensor)]


def _common(shape: Shape | None, other: Shape | None) -> Shape | None:
    if shape is None or other is None or len(shape) != len(other):
        return None
    return tuple(a if a == b else None for a, b in zip(shape, other, strict=True))
