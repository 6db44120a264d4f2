"""One graph made ready for matching: what can be matched, as lists by number. Knows nothing of the other graph.

The items of a graph are its nodes, then the layers that no node calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keras_ascii_tools.graph import How, Layer, ModelGraph, TensorRef, canonical, without_implied

__all__ = ["EDGES_KNOWN", "Items", "items_of", "prepared"]


EDGES_KNOWN = frozenset({How.DECLARED, How.TRACED, How.RECORDED})
"""Ways to obtain a graph that say who uses what, if not of every tensor."""


@dataclass(frozen=True, slots=True)
class Items:
    """The items of one graph."""

    graph: ModelGraph
    layers: tuple[Layer, ...]
    """Layer of each item."""
    inputs: Sequence[tuple[TensorRef | None, ...]]
    """Tensors that each item uses, in argument order; `None` where that is not known."""
    users: Sequence[Sequence[tuple[int, int, int]]]
    """Uses of each item: consumer, position among its arguments, output that is used."""
    ends: Sequence[tuple[int, ...]]
    """Positions of each item among the model's outputs."""

    def __len__(self) -> int:
        return len(self.layers)

    @property
    def nodes(self) -> int:
        """Number of items that are nodes: the first ones."""
        return len(self.graph.nodes)


def prepared(graph: ModelGraph) -> ModelGraph:
    """Return the graph as it is compared: without implied nodes, in an order that says nothing of how it was built.

    Where edges are not known, the order of the calls is the best there is, and is kept.
    """
    graph = without_implied(graph)
    known = graph.how in EDGES_KNOWN and not any(None in node.inputs for node in graph.nodes)
    return canonical(graph) if known else graph


def items_of(graph: ModelGraph) -> Items:
    """List the items of a graph that is prepared."""
    called = {node.layer.id for node in graph.nodes}
    layers = [node.layer for node in graph.nodes]
    layers += [layer for layer in graph.layers if layer.id not in called]
    users: list[list[tuple[int, int, int]]] = [[] for _ in layers]
    ends: list[tuple[int, ...]] = [() for _ in layers]
    for index, node in enumerate(graph.nodes):
        for position, ref in enumerate(node.inputs):
            if ref is not None:
                users[ref.node].append((index, position, ref.output))
    for position, ref in enumerate(graph.outputs):
        if ref is not None:
            ends[ref.node] = (*ends[ref.node], position)
    inputs = [node.inputs for node in graph.nodes] + [()] * (len(layers) - len(graph.nodes))
    return Items(graph, tuple(layers), inputs, users, ends)
