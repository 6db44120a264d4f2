"""Bring the nodes of a graph into canonical order: by structure, never by name or by what was built first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keras_ascii_tools.graph.types import ModelGraph, TensorRef

__all__ = ["canonical", "canonical_order", "reindex"]


def canonical(graph: ModelGraph) -> ModelGraph:
    """Return the same graph with its nodes in canonical order.

    Depth first from the outputs in their order, each node after its inputs in argument order; then, likewise, from the
    model's inputs that nothing uses and from every other node that nothing uses, which are ordered by what leads to
    them.
    """
    order = canonical_order(graph)
    if order == list(range(len(order))):
        return graph
    return reindex(graph, order)


def canonical_order(graph: ModelGraph) -> list[int]:
    """Return the nodes of a graph, by index, in canonical order."""
    return _visit(graph, _roots(graph))


def reindex(graph: ModelGraph, order: Sequence[int]) -> ModelGraph:
    """Return the graph with exactly the nodes of `order`, which must be topological and hold all that they use."""
    place = {old: new for new, old in enumerate(order)}

    def moved(ref: TensorRef | None) -> TensorRef | None:
        return None if ref is None else TensorRef(place[ref.node], ref.output)

    nodes = [graph.nodes[old] for old in order]
    return replace(
        graph,
        nodes=tuple(replace(node, inputs=tuple(map(moved, node.inputs))) if node.inputs else node for node in nodes),
        inputs=tuple(map(moved, graph.inputs)),
        outputs=tuple(map(moved, graph.outputs)),
    )


def _roots(graph: ModelGraph) -> list[int]:
    roots = [ref.node for ref in graph.outputs if ref is not None]
    roots += [ref.node for ref in graph.inputs if ref is not None]
    used = {ref.node for node in graph.nodes for ref in node.inputs if ref is not None}
    known = set(roots)
    loose = [index for index in range(len(graph.nodes)) if index not in used and index not in known]
    if len(loose) > 1:
        ancestry = _ancestry(graph)
        loose.sort(key=lambda index: ancestry[index])
    return roots + loose


def _visit(graph: ModelGraph, roots: list[int]) -> list[int]:
    """Depth-first post-order, without recursion: graphs are deeper than Python's stack."""
    order: list[int] = []
    entered = bytearray(len(graph.nodes))
    for root in roots:
        stack = [root]
        while stack:
            index = stack[-1]
            if entered[index] == 2:
                stack.pop()
                continue
            if entered[index] == 1:
                entered[index] = 2
                order.append(index)
                stack.pop()
                continue
            entered[index] = 1
            for ref in reversed(graph.nodes[index].inputs):
                if ref is not None and not entered[ref.node]:
                    stack.append(ref.node)
    return order


def _ancestry(graph: ModelGraph) -> list[str]:
    """A digest per node of everything that leads to it; equal for nodes that cannot be told apart from their past."""
    # hashlib and not hash(): the order must not depend on PYTHONHASHSEED.
    from hashlib import blake2b

    digests: list[str] = []
    for node in graph.nodes:
        layer = node.layer
        own = (
            layer.kind,
            layer.given_name,
            layer.settings,
            layer.params,
            layer.trainable,
            layer.dtype_policy,
            tuple((spec.shape, spec.dtype) for spec in node.outputs),
            node.call,
            tuple(None if ref is None else (digests[ref.node], ref.output) for ref in node.inputs),
        )
        digests.append(blake2b(repr(own).encode("utf-8", "backslashreplace"), digest_size=12).hexdigest())
    return digests
