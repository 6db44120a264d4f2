"""What Keras 1 and 2 wrote, in today's words."""

from __future__ import annotations

from typing import Any

from keras_ascii_tools.graph import INPUT, Call, ModelGraph, Record, TensorRef
from keras_ascii_tools.read.from_config import graph_from_config

KERAS1_CHAIN = {
    "class_name": "Sequential",
    "keras_version": "1.2.2",
    "config": [
        {
            "class_name": "Convolution2D",
            "config": {
                "name": "convolution2d_1",
                "trainable": True,
                "batch_input_shape": [None, 1, 28, 28],
                "input_dtype": "float32",
                "nb_filter": 32,
                "nb_row": 3,
                "nb_col": 5,
                "init": "glorot_uniform",
                "activation": "relu",
                "border_mode": "same",
                "subsample": [1, 1],
                "dim_ordering": "th",
                "W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.01},
                "b_regularizer": None,
                "activity_regularizer": None,
                "W_constraint": None,
                "b_constraint": None,
                "bias": True,
            },
        },
        {
            "class_name": "MaxPooling2D",
            "config": {
                "name": "maxpooling2d_1",
                "trainable": True,
                "pool_size": [2, 2],
                "strides": [2, 2],
                "border_mode": "valid",
                "dim_ordering": "th",
            },
        },
        {"class_name": "Dropout", "config": {"name": "dropout_1", "trainable": True, "p": 0.25}},
        {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
        {
            "class_name": "Dense",
            "config": {
                "name": "dense_1",
                "trainable": True,
                "output_dim": 10,
                "init": "glorot_uniform",
                "activation": "softmax",
                "input_dim": None,
                "bias": True,
            },
        },
    ],
}


def keras2(kind: str, name: str, *nodes: Any, **config: Any) -> dict[str, Any]:
    settings = {"name": name, "trainable": True, "dtype": "float32", **config}
    return {"class_name": kind, "config": settings, "name": name, "inbound_nodes": list(nodes)}


def keras2_model(layers: list[Any], inputs: Any, outputs: Any, name: str = "model", **more: Any) -> dict[str, Any]:
    config = {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "config": config, "keras_version": "2.12.0", **more}


def source(name: str, *shape: int | None) -> dict[str, Any]:
    return keras2("InputLayer", name, batch_input_shape=[None, *shape])


def shapes(graph: ModelGraph) -> list[Any]:
    return [node.outputs[0].shape for node in graph.nodes]


def test_a_chain_of_keras_1() -> None:
    graph = graph_from_config(KERAS1_CHAIN)
    assert [node.layer.kind for node in graph.nodes] == [
        "InputLayer",
        "Conv2D",
        "MaxPooling2D",
        "Dropout",
        "Flatten",
        "Dense",
    ]
    conv = dict(graph.nodes[1].layer.settings or ())
    assert conv == {
        "filters": 32,
        "kernel_size": (3, 5),
        "padding": "same",
        "data_format": "channels_first",
        "activation": "relu",
        "kernel_regularizer": Record("L1L2", (("l2", 0.01),)),
    } or conv["kernel_regularizer"] == Record("L1L2", (("l1", 0.0), ("l2", 0.01)))
    assert dict(graph.nodes[3].layer.settings or ()) == {"rate": 0.25}
    assert dict(graph.nodes[5].layer.settings or ()) == {"units": 10, "activation": "softmax"}
    assert shapes(graph)[1:3] == [(None, 32, 28, 28), (None, 32, 14, 14)]
    assert graph.params == (3 * 5 * 32 + 32) + (32 * 14 * 14 * 10 + 10)


def test_a_recurrent_layer_of_keras_1_has_one_bias() -> None:
    layer = {"name": "gru_1", "batch_input_shape": [None, 7, 3], "output_dim": 4, "inner_init": "orthogonal"}
    graph = graph_from_config({"class_name": "Sequential", "config": [{"class_name": "GRU", "config": layer}]})
    assert graph.params == 3 * (3 * 4 + 4 * 4 + 4)
    assert graph.nodes[1].layer.setting("reset_after", True) is False


def test_a_functional_model_of_keras_2_has_no_shapes_of_tensors() -> None:
    graph = graph_from_config(
        keras2_model(
            [
                source("a", 8),
                source("b", 8),
                keras2("Dense", "dense", [["a", 0, 0, {}]], [["b", 0, 0, {}]], units=4),
                keras2("Concatenate", "concatenate", [["dense", 0, 0, {}], ["dense", 1, 0, {}]], axis=-1),
            ],
            [["a", 0, 0], ["b", 0, 0]],
            [["concatenate", 0, 0]],
        )
    )
    assert shapes(graph) == [(None, 8), (None, 4), (None, 8), (None, 4), (None, 8)]
    assert graph.params == 36
    assert graph.nodes[4].inputs == (TensorRef(1), TensorRef(3))


def test_calls_of_a_nested_model_are_counted_from_one() -> None:
    inner = keras2_model(
        [source("i", 8), keras2("Dense", "d", [["i", 0, 0, {}]], units=8)], [["i", 0, 0]], [["d", 0, 0]]
    )
    inner["config"]["name"] = inner["name"] = "inner"
    inner["inbound_nodes"] = [[["x", 0, 0, {}]], [["inner", 1, 0, {}]]]
    graph = graph_from_config(keras2_model([source("x", 8), inner], [["x", 0, 0]], [["inner", 2, 0]]))
    assert [node.inputs for node in graph.nodes] == [(), (TensorRef(0),), (TensorRef(1),)]
    assert graph.outputs == (TensorRef(2),)


def test_tensors_in_keyword_arguments() -> None:
    states = {"initial_state": [["h", 0, 0], ["c", 0, 0]], "mask": None}
    graph = graph_from_config(
        keras2_model(
            [source("x", 5, 3), source("h", 4), source("c", 4), keras2("LSTM", "lstm", [["x", 0, 0, states]], units=4)],
            [["x", 0, 0], ["h", 0, 0], ["c", 0, 0]],
            [["lstm", 0, 0]],
        )
    )
    lstm = graph.nodes[3]
    assert lstm.call == Call((INPUT,), (("initial_state", (INPUT, INPUT)),))
    assert lstm.outputs[0].shape == (None, 4)


def test_operations_of_tensorflow_are_those_of_keras() -> None:
    cut = {"slice_spec": [{"start": None, "stop": None, "step": None}, {"start": None, "stop": 2, "step": None}]}
    graph = graph_from_config(
        keras2_model(
            [
                source("x", 4),
                keras2(
                    "SlicingOpLambda", "tf.__operators__.getitem", ["x", 0, 0, cut], function="__operators__.getitem"
                ),
                keras2(
                    "TFOpLambda",
                    "tf.math.multiply",
                    ["tf.__operators__.getitem", 0, 0, {"y": 2.0, "name": None}],
                    function="math.multiply",
                ),
                keras2(
                    "TFOpLambda",
                    "tf.math.reduce_mean",
                    ["tf.math.multiply", 0, 0, {"axis": 1}],
                    function="math.reduce_mean",
                ),
                keras2("TFOpLambda", "tf.math.obscure", ["tf.math.reduce_mean", 0, 0, {}], function="math.obscure"),
            ],
            [["x", 0, 0]],
            [["tf.math.obscure", 0, 0]],
        )
    )
    assert [node.layer.kind for node in graph.nodes] == ["InputLayer", "GetItem", "Multiply", "Mean", "TFOpLambda"]
    assert [node.layer.is_operation for node in graph.nodes[1:4]] == [True] * 3
    assert graph.nodes[2].call == Call((INPUT, 2.0))
    assert graph.nodes[3].layer.settings == (("axis", 1),)
    assert shapes(graph)[:4] == [(None, 4), (None, 2), (None, 2), (None,)]
    assert graph.params == 0
