"""A graph without what a comparison is told to leave out. Knows one graph."""

from __future__ import annotations

from dataclasses import replace

from keras_ascii_tools.diff.settings import training_check
from keras_ascii_tools.graph import Layer, ModelGraph, Node, TensorSpec

__all__ = ["reduced"]


def reduced(graph: ModelGraph, level: str) -> ModelGraph:
    """Return the graph with less to compare.

    Args:
        graph: Any graph.
        level: `full`: everything. `arch`: not what only matters for training: trainable, dtypes, initializers,
            regularizers, constraints, optimizer. `shapes`: kinds, edges and shapes only.
    """
    return graph if level == "full" else _Reducer(shapes=level == "shapes").graph(graph)


class _Reducer:
    """Reduces each layer of a tree once."""

    def __init__(self, *, shapes: bool) -> None:
        self._shapes = shapes
        self._layers: dict[int, Layer] = {}
        self._bodies: dict[int, tuple[ModelGraph, ModelGraph]] = {}

    def graph(self, graph: ModelGraph) -> ModelGraph:
        found = self._bodies.get(id(graph))
        if found is None:
            new = replace(
                graph,
                named=graph.named and not self._shapes,
                nodes=tuple(map(self._node, graph.nodes)),
                layers=tuple(map(self._layer, graph.layers)),
                own_params=None if self._shapes else graph.own_params,
                own_trainable_params=None,
                optimizer=None,
            )
            # With the graph that was reduced, so that its id stays its own.
            found = self._bodies[id(graph)] = graph, new
        return found[1]

    def _node(self, node: Node) -> Node:
        return replace(
            node,
            layer=self._layer(node.layer),
            outputs=tuple(TensorSpec(spec.shape, None) for spec in node.outputs),
        )

    def _layer(self, layer: Layer) -> Layer:
        found = self._layers.get(layer.id)
        if found is None:
            settings = layer.settings
            if settings is not None:
                settings = () if self._shapes else tuple(s for s in settings if training_check(s[0]) is None)
            found = self._layers[layer.id] = replace(
                layer,
                named=layer.named and not self._shapes,
                settings=settings,
                trainable=True,
                dtype_policy=None,
                params=None if self._shapes else layer.params,
                trainable_params=None,
                graph=None if layer.graph is None else self.graph(layer.graph),
            )
        return found
