"""Totals over a tree of graphs: every weight once, wherever its layer stands."""

from __future__ import annotations

from keras_ascii_tools.graph.types import Layer, ModelGraph, all_layers

__all__ = ["total"]


def _measure(layer: Layer, what: str) -> int | None:
    if what == "params":
        return layer.params
    if what == "trainable_params":
        return layer.trainable_params
    if layer.weights is None:
        return 0 if layer.params == 0 else None
    return sum(weight.bytes for weight in layer.weights if not weight.tied)


def total(graph: ModelGraph, what: str) -> int | None:
    """Sum over the whole tree; a layer that stands in several graphs of it counts once.

    A layer with a body counts what its body's layers count, and what it has beyond them.
    """
    return _sum(graph, what, set(), {})


def _sum(graph: ModelGraph, what: str, seen: set[int], alone: dict[int, int | None]) -> int | None:
    total: int | None = {
        "params": graph.own_params,
        "trainable_params": graph.own_trainable_params,
        "bytes": graph.own_bytes,
    }[what]
    for layer in all_layers(graph):
        if layer.id in seen:
            continue
        seen.add(layer.id)
        part = _measure(layer, what)
        if layer.graph is not None and part is not None:
            key = id(layer.graph)
            if key not in alone:
                alone[key] = _sum(layer.graph, what, set(), alone)
            body = alone[key]
            if body is not None and body <= part:
                part += (_sum(layer.graph, what, seen, alone) or 0) - body
        total = None if total is None or part is None else total + part
    return total
