"""Mark the nodes that Keras inserted by itself: automatic masks and casts. Knows graphs, from whatever source."""

from __future__ import annotations

from dataclasses import replace

from keras_ascii_tools.graph import ModelGraph, Node, TensorRef, count_inputs
from keras_ascii_tools.policies import compute_dtype

__all__ = ["mark_implied"]


def mark_implied(graph: ModelGraph) -> ModelGraph:
    """Return the graph with its implied nodes marked.

    Keras computes a mask with `NotEqual` beside an `Embedding(mask_zero=True)`, and with `NotEqual` and `Any` beside a
    `Masking`, and passes it on as the keyword argument `mask`. These nodes, and operations that only combine such
    masks, are implied if all that they lead to is a `mask`. A mask that a person computed is none of these.
    """
    implied = _masks(graph) | _casts(graph)
    if not implied:
        return graph
    return replace(
        graph,
        nodes=tuple(
            replace(node, implied=True) if index in implied else node for index, node in enumerate(graph.nodes)
        ),
    )


def _masks(graph: ModelGraph) -> set[int]:
    masks = {index for index in range(len(graph.nodes)) if _is_mask_root(graph, index)}
    if not masks:
        return masks
    for index, node in enumerate(graph.nodes):
        if node.layer.is_operation and node.inputs and all(ref and ref.node in masks for ref in node.inputs):
            masks.add(index)
    return masks - _used_otherwise(graph, masks)


def _casts(graph: ModelGraph) -> set[int]:
    """Casts of a float to what the layer computes in that takes it, as Keras 3.6 records them; any layer would cast."""
    found = {index for index, node in enumerate(graph.nodes) if _may_be_implied_cast(graph, node)}
    if not found:
        return found
    found -= {ref.node for ref in graph.outputs if ref is not None}
    used: set[int] = set()
    for node in graph.nodes:
        for ref in node.inputs:
            if ref is None or ref.node not in found:
                continue
            used.add(ref.node)
            dtype = graph.spec(ref).dtype
            if node.layer.is_operation or compute_dtype(node.layer.dtype_policy) != dtype:
                found.discard(ref.node)
    return found & used


def _may_be_implied_cast(graph: ModelGraph, node: Node) -> bool:
    layer = node.layer
    if not layer.is_operation or layer.kind != "Cast" or layer.named or len(node.inputs) != 1 or node.inputs[0] is None:
        return False
    return "float" in (graph.spec(node.inputs[0]).dtype or "") and "float" in (node.outputs[0].dtype or "")


def _is_mask_root(graph: ModelGraph, index: int) -> bool:
    node = graph.nodes[index]
    if not (
        node.layer.is_operation and node.layer.kind == "NotEqual" and not node.layer.named and len(node.inputs) == 1
    ):
        return False
    source = node.inputs[0]
    return any(
        source in other.inputs
        and (
            (other.layer.kind == "Embedding" and other.layer.setting("mask_zero") is True)
            or other.layer.kind == "Masking"
        )
        for other in _consumers(graph, source)
    )


def _consumers(graph: ModelGraph, ref: TensorRef | None) -> list[Node]:
    return [node for node in graph.nodes if ref is not None and ref in node.inputs]


def _used_otherwise(graph: ModelGraph, masks: set[int]) -> set[int]:
    """The masks that lead to anything but masks; backwards, so that what feeds such a one is found too."""
    found = {ref.node for ref in graph.outputs if ref is not None and ref.node in masks}
    for index in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[index]
        if index in masks and index not in found:
            continue
        for position, ref in enumerate(node.inputs):
            if ref is not None and ref.node in masks and (index in masks or not _is_mask_argument(node, position)):
                found.add(ref.node)
    return found


def _is_mask_argument(node: Node, position: int) -> bool:
    if node.call is None:
        return False
    start = sum(count_inputs(value) for value in node.call.args)
    for key, value in node.call.kwargs:
        stop = start + count_inputs(value)
        if start <= position < stop:
            return "mask" in key
        start = stop
    return False
