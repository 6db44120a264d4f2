"""Leave out the nodes that Keras inserted by itself. Knows only that a node is marked as implied, not why."""

from __future__ import annotations

from dataclasses import replace

from keras_ascii_tools.graph.types import ModelGraph, Node, TensorRef
from keras_ascii_tools.graph.values import INPUT, Call, Value, count_inputs

__all__ = ["without_implied"]


def without_implied(graph: ModelGraph) -> ModelGraph:
    """Return the graph without its implied nodes.

    A mask that an implied node computed leaves the call that it was passed to; any other use of an implied node becomes
    a use of that node's first input.
    """
    if not any(node.implied for node in graph.nodes):
        return graph
    kept = [index for index, node in enumerate(graph.nodes) if not node.implied]
    place = {old: new for new, old in enumerate(kept)}

    def follow(ref: TensorRef | None) -> TensorRef | None:
        while ref is not None and graph.nodes[ref.node].implied:
            inputs = graph.nodes[ref.node].inputs
            ref = inputs[0] if inputs else None
        return None if ref is None else TensorRef(place[ref.node], ref.output)

    def rewired(node: Node) -> Node:
        if not node.inputs:
            return node
        node = _without_masks(graph, node)
        return replace(node, inputs=tuple(follow(ref) for ref in node.inputs))

    return replace(
        graph,
        nodes=tuple(rewired(graph.nodes[index]) for index in kept),
        inputs=tuple(follow(ref) for ref in graph.inputs),
        outputs=tuple(follow(ref) for ref in graph.outputs),
    )


def _without_masks(graph: ModelGraph, node: Node) -> Node:
    """Drop the keyword arguments named `mask…` whose tensors all come from implied nodes."""
    call = node.call
    if call is None or not any("mask" in key for key, _ in call.kwargs):
        return node
    position = sum(count_inputs(value) for value in call.args)
    inputs = list(node.inputs[:position])
    kwargs: list[tuple[str, Value]] = []
    for key, value in call.kwargs:
        tensors = node.inputs[position : position + count_inputs(value)]
        position += len(tensors)
        implied = [ref is not None and graph.nodes[ref.node].implied for ref in tensors]
        if "mask" in key and tensors and all(implied):
            continue
        kwargs.append((key, value))
        inputs += tensors
    return replace(node, inputs=tuple(inputs), call=simplified(Call(call.args, tuple(kwargs))))


def simplified(call: Call) -> Call | None:
    """Return `None` for a call of nothing but tensors, one after the other or in one list."""
    if call.kwargs:
        return call
    if all(value == INPUT for value in call.args):
        return None
    if len(call.args) == 1 and isinstance(call.args[0], tuple) and all(value == INPUT for value in call.args[0]):
        return None
    return call
