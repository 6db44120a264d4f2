"""The graph of a model as frozen data: the vocabulary that every other part shares."""

from keras_ascii_tools.graph.layer_order import layers_by_depth
from keras_ascii_tools.graph.order import canonical, reindex
from keras_ascii_tools.graph.plumbing import simplified, without_implied
from keras_ascii_tools.graph.saveables import Saveable
from keras_ascii_tools.graph.types import (
    OPS_MODULE,
    Edge,
    How,
    Layer,
    ModelGraph,
    Node,
    Optimizer,
    Shape,
    TensorRef,
    TensorSpec,
    Weight,
    all_layers,
)
from keras_ascii_tools.graph.values import INPUT, MAX_AXIS, Call, Record, Value, count_inputs

__all__ = [
    "INPUT",
    "MAX_AXIS",
    "OPS_MODULE",
    "Call",
    "Edge",
    "How",
    "Layer",
    "ModelGraph",
    "Node",
    "Optimizer",
    "Record",
    "Saveable",
    "Shape",
    "TensorRef",
    "TensorSpec",
    "Value",
    "Weight",
    "all_layers",
    "canonical",
    "count_inputs",
    "layers_by_depth",
    "reindex",
    "simplified",
    "without_implied",
]
