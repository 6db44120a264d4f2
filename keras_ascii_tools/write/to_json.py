"""A graph -> JSON (`docs/json.md`): everything that it says, each layer once. Knows nothing of the reader."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from keras_ascii_tools.errors import GraphError
from keras_ascii_tools.graph import (
    INPUT,
    Call,
    Layer,
    ModelGraph,
    Node,
    Optimizer,
    Record,
    Saveable,
    TensorRef,
    TensorSpec,
    Value,
    Weight,
    all_layers,
)

__all__ = ["Json", "pretty", "to_json", "value_json"]

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

SCHEMA = "keras-ascii/graph"
VERSION = "1.0"

_MAX_DEPTH = 100
"""Nesting of a value that the reader accepts."""
_WIDTH = 140
_FEW = 10


def to_json(graph: ModelGraph) -> str:
    """Write a graph as a JSON document: ASCII, and the same for the same graph.

    Raises:
        GraphError: Two different layers of the tree have the same id, or a value is nothing that a setting can be.
    """
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "version": VERSION,
        "totals": {"params": graph.params, "trainable_params": graph.trainable_params, "bytes": graph.bytes},
        "model": _graph(graph),
        "layers": [_layer(layer) for layer in _layers_of_tree(graph)],
    }
    return f"{pretty(document)}\n"


def _layers_of_tree(graph: ModelGraph) -> Iterator[Layer]:
    """Every layer of a graph and of the bodies below it once: the model's first, then each body's."""
    found: dict[int, Layer] = {}
    waiting = [graph]
    for body in waiting:
        for layer in (*all_layers(body), *(node.layer for node in body.nodes)):
            known = found.get(layer.id)
            if known is None:
                found[layer.id] = layer
                yield layer
                if layer.graph is not None:
                    waiting.append(layer.graph)
            elif known is not layer and known != layer:
                raise GraphError(f"two different layers have the id {layer.id}: {known.kind}, {layer.kind}")


def _graph(graph: ModelGraph) -> dict[str, Json]:
    optimizer = graph.optimizer
    return {
        "kind": graph.kind,
        "name": graph.name,
        "named": graph.named,
        "how": graph.how.value,
        "notes": list(graph.notes),
        "inputs": [_ref(ref) for ref in graph.inputs],
        "outputs": [_ref(ref) for ref in graph.outputs],
        "input_structure": value_json(graph.input_structure),
        "output_structure": value_json(graph.output_structure),
        "own_params": graph.own_params,
        "own_trainable_params": graph.own_trainable_params,
        "own_bytes": graph.own_bytes,
        "optimizer": None if optimizer is None else _optimizer(optimizer),
        "layers": [layer.id for layer in graph.layers],
        "nodes": [_node(node) for node in graph.nodes],
        **_saveables(graph.saveables),
    }


def _optimizer(optimizer: Optimizer) -> Json:
    return {"kind": optimizer.kind, "params": optimizer.params, "bytes": optimizer.bytes}


def _layer(layer: Layer) -> dict[str, Json]:
    return {
        "id": layer.id,
        "kind": layer.kind,
        "module": layer.module,
        "base": layer.base,
        "name": layer.name,
        "named": layer.named,
        "settings": None if layer.settings is None else _mapping(layer.settings, f"settings of {layer.kind}"),
        "trainable": layer.trainable,
        "dtype_policy": layer.dtype_policy,
        "params": layer.params,
        "trainable_params": layer.trainable_params,
        "weights": None if layer.weights is None else [_weight(weight) for weight in layer.weights],
        "graph": None if layer.graph is None else _graph(layer.graph),
        **_saveables(layer.saveables),
    }


def _saveables(saveables: tuple[Saveable, ...] | None) -> dict[str, Json]:
    """The only key that is not always there: built-in classes have none, and most layers are built in."""
    return {} if saveables is None else {"saveables": [_saveable(one) for one in saveables]}


def _saveable(one: Saveable) -> Json:
    return {
        "id": one.id,
        "kind": one.kind,
        "weights": None if one.weights is None else [_weight(weight) for weight in one.weights],
        "parts": [[path, number] for path, number in one.parts],
    }


def _weight(weight: Weight) -> dict[str, Json]:
    return {
        "name": weight.name,
        "shape": list(weight.shape),
        "dtype": weight.dtype,
        "trainable": weight.trainable,
        "tied": weight.tied,
    }


def _node(node: Node) -> dict[str, Json]:
    return {
        "layer": node.layer.id,
        "inputs": [_ref(ref) for ref in node.inputs],
        "outputs": [_spec(spec) for spec in node.outputs],
        "call": None if node.call is None else _call(node.call),
        "implied": node.implied,
    }


def _ref(ref: TensorRef | None) -> Json:
    return None if ref is None else [ref.node, ref.output]


def _spec(spec: TensorSpec) -> dict[str, Json]:
    return {"shape": None if spec.shape is None else list(spec.shape), "dtype": spec.dtype}


def _call(call: Call) -> dict[str, Json]:
    # Pairs, because the order of keyword arguments is the order of their tensors, and JSON objects have none.
    return {
        "args": [value_json(arg) for arg in call.args],
        "kwargs": [[key, value_json(value)] for key, value in call.kwargs],
    }


def value_json(value: Value, depth: int = 1) -> Json:
    """Return a value of a setting or a call as JSON has it.

    Raises:
        GraphError: It is nested too deeply, or no value that a setting can have.
    """
    if depth > _MAX_DEPTH:
        raise GraphError(f"a value is nested more than {_MAX_DEPTH} deep")
    if isinstance(value, tuple):
        return [value_json(item, depth + 1) for item in value]
    if isinstance(value, Record):
        if value == INPUT:
            return {"$": "_"}
        return {"$": value.kind, "items": _mapping(value.items, value.kind or "a mapping", depth + 1)}
    if isinstance(value, float) and not math.isfinite(value):
        raise GraphError(f"{value} is no value of a setting; expected the text '{value}'")
    return value


def _mapping(items: tuple[tuple[str, Value], ...], whose: str, depth: int = 1) -> dict[str, Json]:
    mapping = {key: value_json(value, depth) for key, value in items}
    if len(mapping) != len(items):
        raise GraphError(f"{whose}: a name stands twice")
    return mapping


def pretty(value: Json, margin: str = "") -> str:
    """Write a value on one line if it fits or has nothing nested in it, and else one item to a line."""
    if not value or not isinstance(value, dict | list) or _is_flat(value):
        return _compact(value)
    # What has many items does not fit, and need not be tried.
    line = _compact(value) if len(value) <= _FEW else ""
    if line and len(margin) + len(line) <= _WIDTH:
        return line
    inner = f"{margin}  "
    if isinstance(value, dict):
        items = [f"{_compact(key)}: {pretty(item, inner)}" for key, item in value.items()]
    else:
        items = [pretty(item, inner) for item in value]
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}\n{inner}" + f",\n{inner}".join(items) + f"\n{margin}{last}"


def _is_flat(value: Json) -> bool:
    return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)


_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def _compact(value: Json) -> str:
    # json leaves one control character as it is.
    return _encode(value).replace("\x7f", "\\u007f")
