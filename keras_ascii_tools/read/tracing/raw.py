"""The backend's own functions between tensors of a TensorFlow graph, whose tensors have an `op`. Imports none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from keras_ascii_tools.read.tracing.loaded import dtype_of, shape_of
from keras_ascii_tools.read.tracing.records import Constant, RawOperation, RecordedCall, Tensor

__all__ = ["Known", "raw_calls"]

_SAME: Final = frozenset({"Identity", "IdentityN", "EnsureShape", "PreventGradient", "Snapshot", "CheckNumerics"})
"""What comes out is what goes in."""
_SHAPES: Final = frozenset({"Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"})
"""What comes out depends on the shape of what goes in, not on what it is."""

Known = dict[int, Tensor | Constant]
"""What stands for a tensor, by its `id`."""


def raw_calls(tensor: Any, known: Known, kept: list[Any], add: Callable[[RecordedCall], None]) -> None:
    """Find how a tensor was made of known ones: add each function on the way as a call, and enter what it makes.

    A tensor that depends on none of them is a `Constant`. What is made in the body of a loop from the loop's own
    variables comes from nowhere. Does nothing where tensors have no `op`.

    Args:
        tensor: A tensor of the backend.
        known: The tensors known so far; those found are entered.
        kept: Takes the tensors that must live on for their ids to stay theirs.
        add: Takes the calls.
    """
    if _op(tensor) is not None:
        for op in _in_order(tensor, known):
            _enter(op, known, kept, add)


def _op(tensor: Any) -> Any:
    try:
        op = tensor.op
    except (AttributeError, TypeError, ValueError):  # a tensor with a value
        return None
    return op if hasattr(op, "inputs") and hasattr(op, "type") else None


def _in_order(tensor: Any, known: Known) -> Iterator[Any]:
    """The ops above a tensor that are not known yet, each after those it needs."""
    met: set[int] = set()
    pending: list[tuple[Any, bool]] = [(tensor.op, False)]
    while pending:
        op, ready = pending.pop()
        if ready:
            yield op
        elif id(op) not in met:
            met.add(id(op))
            pending.append((op, True))
            above = [_op(source) for source in reversed(_sources(op)) if id(source) not in known]
            pending.extend((one, False) for one in above if one is not None)


def _sources(op: Any) -> list[Any]:
    """The tensors that an op computes with."""
    if op.type in _SHAPES:
        return []
    if op.type == "Placeholder":
        captures = getattr(op.graph, "captures", ())
        return [outside for outside, inside in captures if inside is op.outputs[0]]
    return list(op.inputs)


def _enter(op: Any, known: Known, kept: list[Any], add: Callable[[RecordedCall], None]) -> None:
    outputs = [output for output in op.outputs if id(output) not in known]
    kept.extend(outputs)
    sources = [known.get(id(source)) or Constant(shape_of(source), dtype_of(source)) for source in _sources(op)]
    made = tuple(Tensor(shape_of(output), dtype_of(output)) for output in outputs)
    if op.type in _SAME or (op.type == "Placeholder" and sources):
        known.update((id(output), source) for output, source in zip(op.outputs, sources, strict=True))
    elif op.type == "Placeholder":
        known.update((id(output), one) for output, one in zip(outputs, made, strict=True))
    elif any(isinstance(source, Tensor) for source in sources):
        known.update((id(output), one) for output, one in zip(outputs, made, strict=True))
        add(RecordedCall(RawOperation(op.type), tuple(sources), {}, made))
    else:
        known.update((id(output), Constant(shape_of(output), dtype_of(output))) for output in outputs)
