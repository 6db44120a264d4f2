"""The arrays of the layers in a drawing, which has only how many weights there are. By rules, and only if they agree.

Knows what `weight_rules` know: built-in layers, their settings, the shapes of what they are called on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keras_ascii_tools.graph import How, Layer, ModelGraph, Node, Record, Shape, Value, Weight
from keras_ascii_tools.read.built_with import built_with
from keras_ascii_tools.read.config_entries import Entry
from keras_ascii_tools.read.defaults import entry_of
from keras_ascii_tools.read.weight_rules import weights_by_rule

__all__ = ["with_weights"]


def with_weights(graph: ModelGraph) -> ModelGraph:
    """Return the graph with `Layer.weights` of every layer of which they follow from the drawing."""
    return _Filler().graph(graph)


# Classes that files spell otherwise.
_KINDS_OF_FILES = {"GroupedQueryAttention": "GroupQueryAttention"}


class _Filler:
    def __init__(self) -> None:
        self._made: dict[int, Layer] = {}

    def graph(self, graph: ModelGraph) -> ModelGraph:
        """Fill one graph and the bodies in it."""
        nodes: list[Node] = []
        for node in graph.nodes:
            shapes = tuple(None if ref is None else graph.spec(ref).shape for ref in node.inputs)
            nodes.append(replace(node, layer=self._filled(node.layer, built_with(node.call, shapes))))
        layers = tuple(self._filled(layer, None) for layer in graph.layers)
        return replace(graph, nodes=tuple(nodes), layers=layers)

    def _filled(self, layer: Layer, shapes: tuple[Shape | None, ...] | None) -> Layer:
        if layer.id not in self._made:
            self._made[layer.id] = self._fill(layer, shapes)
        return self._made[layer.id]

    def _fill(self, layer: Layer, shapes: tuple[Shape | None, ...] | None) -> Layer:
        if layer.graph is not None:
            body = self.graph(layer.graph)
            return replace(layer, graph=body, weights=_of_body(layer, body))
        if layer.weights is not None or layer.module != "keras.layers" or layer.settings is None:
            return layer
        if layer.params == 0:
            return replace(layer, weights=())
        known = None if shapes is None or None in shapes else shapes
        found = weights_by_rule(_entry(layer), known)
        return layer if found is None or not _agrees(layer, found) else replace(layer, weights=found)


def _of_body(layer: Layer, body: ModelGraph) -> tuple[Weight, ...] | None:
    """All arrays in a nested model; `None` for what has others, or has them in an order that is not drawn."""
    if body.how is not How.DECLARED:
        return None
    found: list[Weight] = []
    for inner in {one.id: one for one in body.layers}.values():
        if inner.weights is None:
            return None
        found += inner.weights
    return tuple(found) if _agrees(layer, tuple(found)) else None


def _agrees(layer: Layer, found: tuple[Weight, ...]) -> bool:
    trained = sum(weight.size for weight in found if weight.trainable)
    return (sum(weight.size for weight in found), trained) == (layer.params, layer.trainable_params)


def _entry(layer: Layer) -> Entry:
    config = _config(layer.kind, layer.module, layer.settings or ())
    config |= {"trainable": layer.trainable, "dtype": layer.dtype_policy}
    kind = _KINDS_OF_FILES.get(layer.kind, layer.kind)
    return Entry(layer.name, kind, layer.module, config, {}, None, None)


def _config(kind: str, module: str | None, settings: tuple[tuple[str, Value], ...]) -> dict[str, Any]:
    known = entry_of(module, kind)
    return {**({} if known is None else known.defaults), **{key: _plain(value) for key, value in settings}}


def _plain(value: Value) -> object:
    if isinstance(value, Record):
        if not value.kind:
            return {key: _plain(item) for key, item in value.items}
        return {"class_name": value.kind, "config": _config(value.kind, None, value.items)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
