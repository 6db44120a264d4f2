"""The shapes and weights that a graph has after an edit, by the rules that files are read with. Needs no Keras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from keras_ascii_tools.graph import Layer, ModelGraph, Node, Record, TensorSpec, Value, Weight
from keras_ascii_tools.read.config_entries import Entry
from keras_ascii_tools.read.defaults import entry_of
from keras_ascii_tools.read.shapes import output_specs
from keras_ascii_tools.read.weight_rules import weights_by_rule

__all__ = ["ImpossibleError", "computed"]


class ImpossibleError(Exception):
    """No model is like this: the shapes do not fit."""


_Known = dict[tuple[object, ...], tuple[tuple[TensorSpec, ...], tuple[Weight, ...]]]


def computed(graph: ModelGraph, known: _Known) -> ModelGraph:
    """Return the graph with the shapes, dtypes and numbers of weights that its layers have where they stand.

    Args:
        graph: A graph without nested models; what its inputs are is known.
        known: What has been computed, kept from call to call.

    Raises:
        ImpossibleError: The layers do not fit together.
    """
    nodes: list[Node] = []
    layers: dict[int, Layer] = {}
    for node in graph.nodes:
        if not node.inputs:
            nodes.append(node)
            layers[node.layer.id] = node.layer
            continue
        inputs = tuple(nodes[ref.node].outputs[ref.output] for ref in node.inputs if ref is not None)
        outputs, weights = _computed(node, inputs, known)
        layer = layers.get(node.layer.id)
        if layer is None:
            trained = sum(weight.size for weight in weights if weight.trainable) if node.layer.trainable else 0
            params = sum(weight.size for weight in weights)
            layer = replace(node.layer, params=params, trainable_params=trained, weights=weights)
            layers[layer.id] = layer
        nodes.append(replace(node, layer=layer, outputs=outputs))
    found = tuple(layers.get(layer.id, layer) for layer in graph.layers)
    return replace(graph, nodes=tuple(nodes), layers=found)


def _computed(
    node: Node, inputs: tuple[TensorSpec, ...], known: _Known
) -> tuple[tuple[TensorSpec, ...], tuple[Weight, ...]]:
    layer = node.layer
    key = layer.kind, layer.module, layer.settings, node.call, inputs
    if key not in known:
        raw: Callable[[Value], object] = _raw
        row = entry_of(layer.module, layer.kind)
        config = {**(row.defaults if row else {}), **{name: raw(value) for name, value in layer.settings or ()}}
        config["dtype"] = layer.dtype_policy
        entry = Entry(None, layer.kind, layer.module, config, {}, None, None)
        outputs = output_specs(entry, inputs, node.call)
        weights = () if layer.is_operation else weights_by_rule(entry, [spec.shape for spec in inputs])
        if outputs is None or weights is None or any(spec.shape is None or 0 in spec.shape for spec in outputs):
            raise ImpossibleError(layer.kind)
        known[key] = outputs, weights
    return known[key]


def _raw(value: Value) -> object:
    """A setting as files have it."""
    if isinstance(value, Record):
        return {"class_name": value.kind, "config": {name: _raw(part) for name, part in value.items}}
    return [_raw(part) for part in value] if isinstance(value, tuple) else value
