"""A small graph, the document that it is written as, and every field of a graph."""

from __future__ import annotations

from typing import Any

from keras_ascii_tools.graph import INPUT, Call, Layer, ModelGraph, Node, Record, TensorRef, TensorSpec, Weight

__all__ = ["SMALL", "dense", "everything", "small"]


def everything(graph: ModelGraph, seen: dict[int, object] | None = None) -> object:
    """Every field of a graph, types of values included (`1`, `1.0` and `True` are equal, and not the same)."""
    seen = {} if seen is None else seen
    nodes = [(node.layer.id, node.inputs, node.outputs, repr(node.call), node.implied) for node in graph.nodes]
    for layer in (*graph.layers, *(node.layer for node in graph.nodes)):
        if layer.id not in seen:
            seen[layer.id] = None
            body = layer.graph and everything(layer.graph, seen)
            fields = [repr(getattr(layer, name)) for name in Layer.__dataclass_fields__ if name != "graph"]
            seen[layer.id] = (fields, body)
    own = [repr(getattr(graph, name)) for name in ModelGraph.__dataclass_fields__ if name not in {"nodes", "layers"}]
    return own, nodes, [layer.id for layer in graph.layers], sorted(seen.items(), key=lambda item: item[0])


def dense(number: int = 0, **more: Any) -> Layer:
    return Layer(id=number, kind="Dense", module="keras.layers", **more)


def small() -> ModelGraph:
    image = Layer(id=0, kind="InputLayer", module="keras.layers", name="image", named=True)
    head = dense(
        1,
        name="head",
        named=True,
        settings=(("units", 10), ("kernel_regularizer", Record("L2", (("l2", 0.01),)))),
        dtype_policy="float32",
        params=50,
        trainable_params=40,
        weights=(Weight("kernel", (4, 10), "float32", True), Weight("bias", (10,), "float32", False)),
    )
    return ModelGraph(
        name="small",
        named=True,
        nodes=(
            Node(layer=image, outputs=(TensorSpec((None, 4), "float32"),)),
            Node(
                layer=head,
                inputs=(TensorRef(0),),
                outputs=(TensorSpec((None, 10), "float32"),),
                call=Call((INPUT,), (("training", False),)),
            ),
        ),
        inputs=(TensorRef(0),),
        outputs=(TensorRef(1),),
        layers=(image, head),
    )


SMALL = """\
{
  "schema": "keras-ascii/graph",
  "version": "1.0",
  "totals": {"params": 50, "trainable_params": 40, "bytes": 200},
  "model": {
    "kind": "Functional",
    "name": "small",
    "named": true,
    "how": "declared",
    "notes": [],
    "inputs": [[0, 0]],
    "outputs": [[1, 0]],
    "input_structure": null,
    "output_structure": null,
    "own_params": 0,
    "own_trainable_params": 0,
    "own_bytes": 0,
    "optimizer": null,
    "layers": [0, 1],
    "nodes": [
      {"layer": 0, "inputs": [], "outputs": [{"shape": [null, 4], "dtype": "float32"}], "call": null, "implied": false},
      {
        "layer": 1,
        "inputs": [[0, 0]],
        "outputs": [{"shape": [null, 10], "dtype": "float32"}],
        "call": {"args": [{"$": "_"}], "kwargs": [["training", false]]},
        "implied": false
      }
    ]
  },
  "layers": [
    {
      "id": 0,
      "kind": "InputLayer",
      "module": "keras.layers",
      "base": null,
      "name": "image",
      "named": true,
      "settings": {},
      "trainable": true,
      "dtype_policy": null,
      "params": 0,
      "trainable_params": 0,
      "weights": null,
      "graph": null
    },
    {
      "id": 1,
      "kind": "Dense",
      "module": "keras.layers",
      "base": null,
      "name": "head",
      "named": true,
      "settings": {"units": 10, "kernel_regularizer": {"$": "L2", "items": {"l2": 0.01}}},
      "trainable": true,
      "dtype_policy": "float32",
      "params": 50,
      "trainable_params": 40,
      "weights": [
        {"name": "kernel", "shape": [4, 10], "dtype": "float32", "trainable": true, "tied": false},
        {"name": "bias", "shape": [10], "dtype": "float32", "trainable": false, "tied": false}
      ],
      "graph": null
    }
  ]
}
"""
