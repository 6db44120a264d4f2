"""Which nodes are alike: a number per node, equal for those that may be drawn once. Looks at no names and no wiring."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from keras_ascii_tools.graph import all_layers

if TYPE_CHECKING:
    from keras_ascii_tools.graph import Layer, ModelGraph, Node

__all__ = ["SIZES", "node_tokens"]

SIZES = frozenset(
    {
        "drop_path_rate",
        "filters",
        "groups",
        "head_dim",
        "key_dim",
        "num_heads",
        "num_key_value_heads",
        "num_query_heads",
        "output_dim",
        "projection_dim",
        "rate",
        "target_shape",
        "units",
        "value_dim",
    }
)
"""Settings that say how wide a layer is or how often it drops: what grows from block to block of one structure."""


def node_tokens(graph: ModelGraph, *, structural: bool) -> list[int]:
    """Return a number per node, equal for nodes that are alike.

    Args:
        graph: Given and automatic names are not looked at.
        structural: Leave out what changes with the width: `SIZES`, shapes, weights. Otherwise alike means equal in
            settings, shapes, dtypes, weights, `trainable` and policy.
    """
    return _Tokens(structural).of_nodes(graph)


class _Tokens:
    """Numbers for things, in the order of their first mention; layers and bodies are looked at once."""

    def __init__(self, structural: bool) -> None:
        self._structural = structural
        self._numbers: dict[Hashable, int] = {}
        self._layers: dict[int, int] = {}
        self._bodies: dict[int, int] = {}

    def of_nodes(self, graph: ModelGraph) -> list[int]:
        return [self._node(node) for node in graph.nodes]

    def _number(self, thing: Hashable) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def _node(self, node: Node) -> int:
        outputs = len(node.outputs) if self._structural else node.outputs
        return self._number((self._layer(node.layer), len(node.inputs), outputs, node.call, node.implied))

    def _layer(self, layer: Layer) -> int:
        number = self._layers.get(id(layer))
        if number is None:
            number = self._layers[id(layer)] = self._number(self._facts(layer))
        return number

    def _facts(self, layer: Layer) -> Hashable:
        body = None if layer.graph is None else self._body(layer.graph)
        settings = layer.settings
        if self._structural:
            if settings is not None:
                settings = tuple(setting for setting in settings if setting[0] not in SIZES)
            return (layer.kind, layer.module, settings, body)
        weights = (layer.params, layer.trainable_params, layer.trainable, layer.dtype_policy)
        return (layer.kind, layer.module, settings, weights, body)

    def _body(self, graph: ModelGraph) -> int:
        """Two bodies are alike if their nodes are, with their wiring and with which of them share a layer."""
        number = self._bodies.get(id(graph))
        if number is None:
            first: dict[int, int] = {}
            calls = [first.setdefault(node.layer.id, index) for index, node in enumerate(graph.nodes)]
            wiring = tuple(node.inputs for node in graph.nodes)
            uncalled = tuple(self._layer(layer) for layer in all_layers(graph) if layer.id not in first)
            facts = (tuple(self.of_nodes(graph)), tuple(calls), wiring, uncalled, graph.inputs, graph.outputs)
            own = None if self._structural else (graph.own_params, graph.own_trainable_params)
            number = self._bodies[id(graph)] = self._number((graph.kind, graph.how, own, *facts))
        return number
