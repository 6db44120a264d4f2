"""Find the inputs of a model by the layers that read them, which noted their shapes where the model did not.

Keras notes nothing for a model whose `call` it cannot run on symbols, and for most others only the first argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any, Final

from keras_ascii_tools.graph.types import Shape, TensorSpec
from keras_ascii_tools.read.tracing.loaded import is_keras_layer
from keras_ascii_tools.read.tracing.nested import is_mapping, is_sequence, is_shape, leaves, same_but_batch
from keras_ascii_tools.read.tracing.records import CallInputs, RecordedCall, Tensor, Trace
from keras_ascii_tools.read.tracing.signature import UnknownInputsError, by_name, noted_shapes

__all__ = ["agrees", "candidates"]

_MOST_CANDIDATES: Final = 16


def candidates(target: Any, unknown: UnknownInputsError) -> Iterator[CallInputs]:
    """Return inputs in which each missing argument is of a shape that an inner layer was built with."""
    shapes: dict[Shape, None] = {}
    for layer in getattr(target, "_layers", ()):
        shapes.update(dict.fromkeys((None, *shape[1:]) for shape in _noted(layer) if shape))
    for chosen in islice(product(shapes, repeat=len(unknown.missing)), _MOST_CANDIDATES):
        specs = {name: TensorSpec(shape) for name, shape in zip(unknown.missing, chosen, strict=True)}
        yield by_name(target, {**unknown.known, **specs})


def agrees(trace: Trace) -> bool:
    """Tell whether inputs are certain: a layer reads each, and all layers get the shapes that they were built with."""
    noted = [(call, _noted(call.operation)) for call in trace.calls if is_keras_layer(call.operation)]
    if not all(_gets_one_of(call, shapes) for call, shapes in noted):
        return False
    read = {id(leaf) for call, shapes in noted if shapes for leaf in leaves((call.args, call.kwargs))}
    return all(id(tensor) in read for tensor in trace.inputs)


def _gets_one_of(call: RecordedCall, shapes: list[Shape]) -> bool:
    first = [leaf for leaf in leaves(call.args[:1]) if isinstance(leaf, Tensor)]
    return not shapes or all(
        tensor.shape is None or any(same_but_batch(tensor.shape, shape) for shape in shapes) for tensor in first
    )


def _noted(layer: Any) -> list[Shape]:
    """The shapes that a layer was built with."""
    found: list[Shape] = []
    pending: list[Any] = list(noted_shapes(layer).values())
    while pending:
        value = pending.pop()
        if is_shape(value):
            found.append(tuple(value))
        elif is_sequence(value):
            pending.extend(value)
        elif is_mapping(value):
            pending.extend(value.values())
    return found
