"""Whose weights are counted on which row of a view: each layer's once, where it stands first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_ascii_tools.graph import all_layers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from keras_ascii_tools.graph import Layer, ModelGraph
    from keras_ascii_tools.view.types import View

__all__ = ["row_params", "sum_known"]


def row_params(view: View) -> tuple[tuple[int | None, ...], ...]:
    """Return per node of `view.graph` the weights of each of its copies, in scalars; `None` for a count not known.

    A copy all of whose layers stand on an earlier row, or in an earlier copy, has no entry: a node without entries is
    a repeated call. The entries of all nodes, `origin`'s `own_params` and the layers that nothing calls make up
    `origin.params`.
    """
    counted: list[tuple[int | None, ...]] = [()] * len(view.graph.nodes)
    seen: set[int] = set()
    bodies: dict[int, int | None] = {}
    for node in view.order or range(len(view.graph.nodes)):
        entries: list[int | None] = []
        for copy in view.copies[node]:
            layers = [view.origin.nodes[index].layer for index in copy]
            if any(layer.id not in seen for layer in layers):
                parts = [_first_count(layer, seen, bodies) for layer in layers]
                known = [part for part in parts if part is not None]
                entries.append(sum(known) if len(known) == len(parts) else None)
        counted[node] = tuple(entries)
    return tuple(counted)


def _first_count(layer: Layer, seen: set[int], bodies: dict[int, int | None]) -> int | None:
    """Count a layer's weights apart from those of layers already seen, its body's included."""
    total: int | None = 0
    stack = [layer]
    while stack:
        layer = stack.pop()
        if layer.id in seen:
            continue
        seen.add(layer.id)
        part = layer.params
        if layer.graph is not None and part is not None:
            body = _params(layer.graph, bodies)
            if body is not None and body <= part:
                part += (layer.graph.own_params or 0) - body
                stack += all_layers(layer.graph)
        total = None if total is None or part is None else total + part
    return total


def _params(graph: ModelGraph, bodies: dict[int, int | None]) -> int | None:
    if id(graph) not in bodies:
        bodies[id(graph)] = graph.params
    return bodies[id(graph)]


def sum_known(counts: Iterable[int | None]) -> int | None:
    """Add counts up; `None` if one of them is not known."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total
