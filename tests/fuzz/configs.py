"""Small models of all eras and topologies as Keras writes them, to start from."""

from __future__ import annotations

from typing import Any

from tests.core.read.configs import call, functional, layer, operation, sequential, source, tensor


def _dense(name: str, *inputs: str, units: int = 4) -> Any:
    return layer("Dense", name, *(call(tensor([None, 4], one)) for one in inputs), units=units)


def _keras2(kind: str, name: str, *nodes: Any, **config: Any) -> Any:
    return {"class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": list(nodes)}


def _keras2_model(layers: list[Any], inputs: Any, outputs: Any, name: str = "model") -> Any:
    config = {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "config": config, "keras_version": "2.12.0", "name": name, "inbound_nodes": []}


_INNER = functional([source("i", [None, 4]), _dense("d", "i")], ["i", 0, 0], ["d", 0, 0], "inner")
_INNER_2 = _keras2_model(
    [_keras2("InputLayer", "i", batch_input_shape=[None, 8]), _keras2("Dense", "d", [["i", 0, 0, {}]], units=8)],
    [["i", 0, 0]],
    [["d", 0, 0]],
    "inner",
)

CONFIGS: tuple[Any, ...] = (
    sequential(
        [
            source("image", [None, 8, 8, 3]),
            layer("Conv2D", "c", filters=4, kernel_size=[3, 3]),
            layer("BatchNormalization", "b"),
            layer("ReLU", "r"),
            layer("Flatten", "f"),
            _dense("d"),
        ]
    ),
    functional(
        [
            source("a", [None, 4]),
            source("b", [None, 4]),
            _dense("shared", "a", "b"),
            layer("Add", "add", call([tensor([None, 4], "shared"), tensor([None, 4], "shared", 1)])),
            layer("Concatenate", "cat", call([tensor([None, 4], "add"), tensor([None, 4], "a")]), axis=-1),
        ],
        [["a", 0, 0], ["b", 0, 0]],
        {"first": ["cat", 0, 0], "second": ["add", 0, 0]},
    ),
    functional(
        [
            source("x", [None, 4]),
            {
                **_INNER,
                "name": "inner",
                "inbound_nodes": [call(tensor([None, 4], "x")), call(tensor([None, 4], "inner"))],
            },
        ],
        ["x", 0, 0],
        ["inner", 2, 0],
    ),
    functional(
        [
            source("t", [None, 5], "int32"),
            layer("Embedding", "e", call(tensor([None, 5], "t")), input_dim=9, output_dim=4, mask_zero=True),
            operation("NotEqual", "ne", call(tensor([None, 5], "t"), 0)),
            layer(
                "LSTM",
                "l",
                call(tensor([None, 5, 4], "e"), mask=tensor([None, 5], "ne", dtype="bool")),
                units=3,
                return_state=True,
            ),
        ],
        ["t", 0, 0],
        [["l", 0, 0], ["l", 0, 1], ["l", 0, 2]],
    ),
    functional(
        [
            source("q", [None, 5, 8]),
            layer(
                "MultiHeadAttention",
                "m",
                call(tensor([None, 5, 8], "q"), tensor([None, 5, 8], "q")),
                num_heads=2,
                key_dim=4,
                build_config={"shapes_dict": {"query_shape": [None, 5, 8], "value_shape": [None, 5, 8]}},
            ),
            layer("LayerNormalization", "n", call(tensor([None, 5, 8], "m")), axis=[-1]),
            operation(
                "GetItem",
                "g",
                call(
                    tensor([None, 5, 8], "n"),
                    {"class_name": "__slice__", "config": {"start": 0, "stop": 2, "step": None}},
                ),
            ),
        ],
        ["q", 0, 0],
        ["g", 0, 0],
    ),
    sequential(
        [
            source("s", [None, 5, 4]),
            layer("Bidirectional", "b", layer=layer("GRU", "g", units=3), merge_mode="concat"),
            layer("TimeDistributed", "t", layer=_dense("inner")),
            layer("Scale", "mine", module="mine", factor=2),
        ]
    ),
    _keras2_model(
        [
            _keras2("InputLayer", "x", batch_input_shape=[None, 8]),
            {**_INNER_2, "inbound_nodes": [[["x", 0, 0, {}]], [["inner", 1, 0, {}]]]},
            _keras2(
                "TFOpLambda", "tf.math.multiply", ["inner", 2, 0, {"y": 2.0, "name": None}], function="math.multiply"
            ),
            _keras2(
                "Lambda",
                "l",
                [["tf.math.multiply", 0, 0, {}]],
                function=["4wEAAAA=", None, None],
                function_type="lambda",
            ),
        ],
        [["x", 0, 0]],
        [["l", 0, 0]],
    ),
    {
        "class_name": "Sequential",
        "keras_version": "1.2.2",
        "config": [
            {
                "class_name": "Convolution2D",
                "config": {
                    "name": "c",
                    "batch_input_shape": [None, 1, 9, 9],
                    "nb_filter": 3,
                    "nb_row": 3,
                    "nb_col": 3,
                    "border_mode": "same",
                    "dim_ordering": "th",
                },
            },
            {"class_name": "Dense", "config": {"name": "d", "output_dim": 2, "init": "uniform"}},
        ],
    },
    {"module": "mine", "class_name": "Net", "config": {"units": 4}, "registered_name": "mine>Net"},
    {
        "modelTopology": {"keras_version": "2.9.0", "model_config": _INNER_2},
        "weightsManifest": [
            {"paths": ["a.bin"], "weights": [{"name": "d/kernel", "shape": [8, 8], "dtype": "float32"}]}
        ],
    },
)
