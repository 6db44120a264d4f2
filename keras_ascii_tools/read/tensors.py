"""Calls on tensors, told apart by identity -> nodes with references. Knows of tensors only shape and dtype."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from keras_ascii_tools.graph import (
    INPUT,
    Call,
    Layer,
    Node,
    Record,
    Shape,
    TensorRef,
    TensorSpec,
    Value,
    simplified,
)
from keras_ascii_tools.read.call_defaults import without_defaults
from keras_ascii_tools.read.settings import to_value
from keras_ascii_tools.read.tracing import RecordedCall, is_tensor

__all__ = ["Calls", "spec_of", "to_nodes", "to_structure"]


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls inside one model, however they were found."""

    calls: tuple[RecordedCall, ...]
    """In an order in which every tensor is made before it is used."""
    flat_inputs: tuple[Any, ...]
    inputs: Any
    """The model's inputs as it takes them: nested lists, tuples and mappings of tensors."""
    outputs: Any

    @property
    def flat_outputs(self) -> tuple[Any, ...]:
        """The output tensors, mappings in the order of their sorted keys, as Keras flattens them."""
        return tuple(_tensors(self.outputs))


def to_nodes(
    calls: Calls, layer_of: Callable[[Any], Layer], input_layer: Callable[[Any, int], Layer]
) -> tuple[tuple[Node, ...], dict[int, TensorRef]]:
    """Turn calls into nodes.

    An input of the model that no call makes gets an input node of its own. Returns the nodes and, by the `id` of each
    tensor, what makes it.
    """
    nodes: list[Node] = []
    place: dict[int, TensorRef] = {}
    made = {id(tensor) for call in calls.calls for tensor in call.outputs}
    for position, tensor in enumerate(calls.flat_inputs):
        if id(tensor) not in made and id(tensor) not in place:
            place[id(tensor)] = TensorRef(len(nodes))
            nodes.append(Node(layer=input_layer(tensor, position), outputs=(spec_of(tensor),)))
    for call in calls.calls:
        for number, tensor in enumerate(call.outputs):
            place.setdefault(id(tensor), TensorRef(len(nodes), number))
        nodes.append(_node(call, layer_of(call.operation), place, len(nodes)))
    return tuple(nodes), place


def _node(call: RecordedCall, layer: Layer, place: Mapping[int, TensorRef], index: int) -> Node:
    if not call.kwargs and len(call.args) == 1 and id(call.args[0]) in place:  # most calls, and quick
        only = place[id(call.args[0])]
        specs = tuple(spec_of(tensor) for tensor in call.outputs)
        return Node(layer=layer, inputs=(only if only.node < index else None,), outputs=specs, implied=call.implied)
    arguments = Call(
        args=tuple(_template(value) for value in call.args),
        kwargs=tuple((key, _template(call.kwargs[key])) for key in sorted(call.kwargs)),
    )
    inputs: list[TensorRef | None] = []
    for tensor in _tensors((call.args, [call.kwargs[key] for key in sorted(call.kwargs)])):
        ref = place.get(id(tensor))
        inputs.append(ref if ref is not None and ref.node < index else None)
    return Node(
        layer=layer,
        inputs=tuple(inputs),
        outputs=tuple(spec_of(tensor) for tensor in call.outputs),
        call=simplified(without_defaults(layer, arguments)),
        implied=call.implied,
    )


def to_structure(value: Any) -> Value:
    """Write a nested structure of tensors as a value; `None` for one tensor or a flat list."""
    if is_tensor(value) or value is None:
        return None
    if isinstance(value, (list, tuple)) and all(is_tensor(item) for item in _items(value)):
        return None
    return _template(value)


def _template(value: Any) -> Value:
    """A value with `INPUT` for every tensor in it."""
    if is_tensor(value):
        return INPUT
    if any(True for _ in _tensors(value)):
        if isinstance(value, Mapping):
            return Record("", tuple((key, _template(item)) for key, item in _pairs(value)))
        return tuple(_template(item) for item in _items(value))
    return to_value(value)


def _tensors(value: Any) -> Iterator[Any]:
    """Every tensor of a nested structure; mappings in the order of their keys as text, as `_template` writes them."""
    if is_tensor(value):
        yield value
        return
    for item in [item for _, item in _pairs(value)] if isinstance(value, Mapping) else _items(value):
        yield from _tensors(item)


def _items(value: Any) -> list[Any]:
    return list(cast("list[Any]", value)) if isinstance(value, (list, tuple)) else []


def _pairs(value: Any) -> list[tuple[str, Any]]:
    return sorted(((str(key), item) for key, item in value.items()), key=lambda pair: pair[0])


def spec_of(tensor: Any) -> TensorSpec:
    """Return the shape and dtype of anything that says them."""
    return TensorSpec(_shape(getattr(tensor, "shape", None)), _dtype(getattr(tensor, "dtype", None)))


def _shape(shape: Any) -> Shape | None:
    if shape is None:
        return None
    try:
        axes = tuple(shape)
    except (TypeError, ValueError):  # a TensorFlow shape of unknown rank
        return None
    return tuple(axis if isinstance(axis, int) else None for axis in axes)


def _dtype(dtype: Any) -> str | None:
    if dtype is None:
        return None
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", None)
    return name if isinstance(name, str) else str(dtype).rpartition(".")[2]
