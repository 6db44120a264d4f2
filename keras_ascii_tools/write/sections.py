"""A graph -> the parts of its drawing, laid out: the model, then the body of each layer that has one.

Knows what stands where, not how it looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from keras_ascii_tools.graph import Layer, ModelGraph, all_layers
from keras_ascii_tools.graph.facts import body_architecture
from keras_ascii_tools.layout import Diagram, lay_out
from keras_ascii_tools.view import View
from keras_ascii_tools.write.gutter import wiring_of

__all__ = ["Laid", "Part", "part_of", "parts_of"]


class Laid(NamedTuple):
    """A graph as it is to be drawn, and where everything stands."""

    graph: ModelGraph
    diagram: Diagram
    view: View | None = None
    """What was folded, fused or left out to make the graph of it."""


class Part(NamedTuple):
    """One section: a graph and its layout."""

    laid: Laid
    owner: Layer | None
    """The layer whose body it is; `None` for the model itself."""
    start: int
    """Number of rows in the sections before, so that rows can be counted through the whole drawing."""
    uncalled: tuple[Layer, ...]
    """Layers that no node calls; their rows follow the nodes' rows."""

    @property
    def graph(self) -> ModelGraph:
        """What is drawn."""
        return self.laid.graph

    @property
    def diagram(self) -> Diagram:
        """Where it stands."""
        return self.laid.diagram

    @property
    def rows(self) -> Iterator[Layer]:
        """The layer of each row, from top to bottom."""
        for row in self.diagram.rows:
            yield self.graph.nodes[row.node].layer
        yield from self.uncalled

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.diagram.rows) + len(self.uncalled)


def part_of(graph: ModelGraph, *, max_lanes: int = 16) -> Part:
    """Lay out one graph alone, as it is."""
    called = {node.layer.id for node in graph.nodes}
    uncalled = tuple(layer for layer in graph.layers if layer.id not in called)
    laid = Laid(graph, lay_out(wiring_of(graph), max_lanes=max_lanes))
    return Part(laid=laid, owner=None, start=0, uncalled=uncalled)


def parts_of(
    graph: ModelGraph, lay: Callable[[ModelGraph], Laid], *, bodies: bool = True
) -> tuple[tuple[Part, ...], dict[int, Layer]]:
    """Lay out a model and the bodies of its layers.

    Bodies follow in the order in which the rows that own them are drawn, those of the first section first. A body that
    equals an earlier one, and shares no layer with the rest of the drawing, is not drawn again.

    Args:
        graph: The model.
        lay: Brings one graph into the shape in which it is to be drawn.
        bodies: Whether to draw bodies at all.

    Returns:
        The parts, and by the id of each layer with such an equal body the layer whose body stands for it.
    """
    parts: list[Part] = []
    like: dict[int, Layer] = {}
    drawn: dict[object, Layer] = {}
    seen: set[int] = set()
    waiting: list[tuple[ModelGraph, Layer | None]] = [(graph, None)]
    private = _private_bodies(graph)
    start = 0
    for body, owner in waiting:
        part = _part(lay(body), owner, start)
        parts.append(part)
        start += part.height
        if not bodies:
            break
        for layer in part.rows:
            if layer.graph is None or layer.id in seen:
                continue
            seen.add(layer.id)
            key = body_architecture(layer.graph) if layer.id in private else None
            if key is not None and key in drawn:
                like[layer.id] = drawn[key]
                continue
            if key is not None:
                drawn[key] = layer
            waiting.append((layer.graph, layer))
    return tuple(parts), like


def _part(laid: Laid, owner: Layer | None, start: int) -> Part:
    called = {node.layer.id for node in laid.graph.nodes}
    return Part(
        laid=laid,
        owner=owner,
        start=start,
        uncalled=tuple(layer for layer in laid.graph.layers if layer.id not in called),
    )


def _private_bodies(graph: ModelGraph) -> set[int]:
    """The ids of layers none of whose inner layers stands anywhere else in the tree."""
    places: Counter[int] = Counter()
    inside: dict[int, Counter[int]] = {}
    _count(graph, places, inside)
    return {
        number
        for number, inner in inside.items()
        if number not in inner and all(places[layer] == times for layer, times in inner.items())
    }


def _count(graph: ModelGraph, places: Counter[int], inside: dict[int, Counter[int]]) -> None:
    """Count in how many graphs of a tree each layer stands, in the whole tree and in the body of each layer."""
    for layer in all_layers(graph):
        places[layer.id] += 1
        if layer.graph is not None and layer.id not in inside:
            inner: Counter[int] = Counter()
            inside[layer.id] = inner
            _count(layer.graph, inner, inside)
            places.update(inner)
