"""Settings from configs as files hold them, and from objects that only look like Keras' and NumPy's."""

from __future__ import annotations

import datetime
import functools
import json
from collections import UserDict, namedtuple
from collections.abc import Mapping
from enum import IntEnum, StrEnum
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.graph import INPUT, Record, Value
from keras_ascii_tools.read.settings import (
    compute_dtype,
    defaults_version,
    is_builtin,
    kind_of,
    module_of,
    policy_name,
    settings_from_config,
    signature_of,
    to_value,
)

FLOAT32 = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def obj(kind: str, module: str | None = "keras.layers", /, **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def layer(kind: str, /, **config: Any) -> tuple[tuple[str, Value], ...]:
    return settings_from_config(kind, "keras.layers", config)


def record(kind: str, /, **items: Value) -> Record:
    return Record(kind, tuple(sorted(items.items())))


GLOROT = obj("GlorotUniform", "keras.initializers", seed=None, input_axes=None, output_axes=None)
ZEROS = obj("Zeros", "keras.initializers")
DENSE = {
    "name": "dense_7",
    "trainable": True,
    "dtype": FLOAT32,
    "units": 10,
    "activation": "linear",
    "use_bias": True,
    "kernel_initializer": GLOROT,
    "bias_initializer": ZEROS,
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
    "quantization_config": None,
}


# -- which settings there are ------------------------------------------------------------------------------------------


def test_defaults_are_left_out_and_required_arguments_are_not() -> None:
    assert settings_from_config("Dense", "keras.layers", DENSE) == (("units", 10),)


def test_what_is_changed_is_told_in_the_order_of_the_signature() -> None:
    config = {
        "bias_regularizer": obj("L2", "keras.regularizers", l2=0.5),
        **DENSE,
        "activation": "relu",
        "use_bias": False,
    }
    config["bias_regularizer"] = obj("L2", "keras.regularizers", l2=0.5)
    assert settings_from_config("Dense", "keras.layers", config) == (
        ("units", 10),
        ("activation", "relu"),
        ("use_bias", False),
        ("bias_regularizer", record("L2", l2=0.5)),
    )


def test_a_missing_key_is_a_default() -> None:
    assert layer("Conv2D", filters=8) == (("filters", 8),)


def test_name_trainable_and_dtype_are_elsewhere_in_a_graph() -> None:
    assert layer("Flatten", name="mine", trainable=False, dtype="float16") == ()


def test_an_operation_keeps_its_dtype() -> None:
    assert settings_from_config("Cast", "keras.src.ops.core", {"name": "cast", "dtype": "float16"}) == (
        ("dtype", "float16"),
    )


def test_an_input_shows_only_what_its_tensor_does_not_say() -> None:
    config = {"batch_shape": [None, 4], "dtype": "int32", "sparse": False, "ragged": False, "optional": False}
    assert layer("InputLayer", **config) == ()
    assert layer("InputLayer", **config | {"sparse": True, "batch_input_shape": [None, 4]}) == (("sparse", True),)


@pytest.mark.parametrize("key", ["seed", "seed_generator", "shared_object_id", "build_config", "filepath"])
def test_what_says_nothing_of_the_architecture_is_no_setting(key: str) -> None:
    assert layer("Dropout", rate=0.5, **{key: 3}) == (("rate", 0.5),)
    assert settings_from_config("Mine", "mine", {"rate": 0.5, key: 3}) == (("rate", 0.5),)
    assert to_value({"inner": {key: 3}}) == record("", inner=record(""))


def test_seed_generators_are_no_settings_whatever_their_key() -> None:
    generator = obj("SeedGenerator", "keras.random", name="seed_generator", seed=1337)
    assert settings_from_config("Mine", "mine", {"noise": generator, "rate": 1}) == (("rate", 1),)
    assert layer("Dropout", rate=generator) == ()
    assert to_value([generator]) == (record("SeedGenerator"),)


def test_a_layer_from_outside_shows_everything_in_the_order_of_its_config() -> None:
    config = {"name": "x", "trainable": True, "dtype": FLOAT32, "units": 3, "activation": "linear", "extra": None}
    shown = (("units", 3), ("activation", "linear"), ("extra", None))
    assert settings_from_config("Dense", "mine.layers", config) == shown
    assert settings_from_config("mine>Dense", None, config) == shown
    assert settings_from_config("Dense", "__main__", config) == shown
    assert settings_from_config("NoSuchLayer", None, config) == shown


def test_a_class_that_no_module_is_known_of_is_looked_up_by_its_name() -> None:
    assert settings_from_config("Dense", None, DENSE) == (("units", 10),)
    assert settings_from_config("ExpandDims", None, {"axis": 1}) == (("axis", 1),)


def test_only_layers_have_trainable_which_tells_them_from_operations() -> None:
    assert settings_from_config("Concatenate", None, {"name": "c", "trainable": True, "axis": -1}) == ()
    assert settings_from_config("Concatenate", None, {"name": "c", "axis": -1}) == (("axis", -1),)
    assert settings_from_config("Concatenate", None, {"name": "c", "axis": 0}) == ()


def test_settings_that_a_class_has_no_more_come_last_and_without_what_says_nothing() -> None:
    assert layer("Dense", units=1, time_major=False, old=None, use_bias=False) == (
        ("units", 1),
        ("use_bias", False),
        ("time_major", False),
    )
    assert layer("RandomRotation", factor=0.1, value_range=[0, 255]) == (("factor", 0.1),)
    assert layer("RandomRotation", factor=0.1, value_range=[0, 1]) == (("factor", 0.1), ("value_range", (0, 1)))


@pytest.mark.parametrize("value", [None, "channels_last"])
def test_data_format_is_compared_with_the_literal_default(value: object) -> None:
    assert layer("Flatten", data_format=value) == ()
    assert layer("Flatten", data_format="channels_first") == (("data_format", "channels_first"),)
    assert settings_from_config("MaxPool", "keras.ops", {"pool_size": 2, "data_format": value}) == (("pool_size", 2),)


def test_no_activation_is_the_linear_one() -> None:
    assert layer("Dense", units=1, activation=None) == (("units", 1),)
    assert layer("SimpleRNN", units=1, activation=None) == (("units", 1), ("activation", None))


def test_a_model_in_a_setting_is_its_class_and_its_given_name() -> None:
    body = obj("Functional", "keras.src.models.functional", name="encoder", layers=[obj("Dense")], input_layers=[])
    assert layer("TimeDistributed", layer=body) == (("layer", record("Functional", name="encoder")),)
    body = obj("Sequential", "keras", name="sequential_3", layers=[], build_input_shape=[None, 3])
    assert layer("TimeDistributed", layer=body) == (("layer", record("Sequential")),)
    assert layer("TimeDistributed", layer={**body, "config": [obj("Dense")]}) == (("layer", record("Sequential")),)
    body = obj("MyModel", "mine", name="my_model", width=3, layers=[obj("Dense")], input_layers=[], output_layers=[])
    assert layer("TimeDistributed", layer=body) == (("layer", record("MyModel", width=3)),)
    assert settings_from_config("Functional", "keras.models", body["config"] | {"width": None}) == ()


# -- conditional defaults ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "config", "shown"),
    [
        ("MaxPooling2D", {"pool_size": [3, 3], "strides": [3, 3]}, {"pool_size": (3, 3)}),
        ("MaxPooling2D", {"pool_size": [3, 3], "strides": [2, 2]}, {"pool_size": (3, 3), "strides": (2, 2)}),
        ("MaxPooling2D", {"strides": [2, 2]}, {}),
        ("MaxPooling2D", {"pool_size": [2, 3], "strides": [2, 2]}, {"pool_size": (2, 3), "strides": (2, 2)}),
        ("AveragePooling1D", {"pool_size": [2], "strides": None}, {"pool_size": (2,)}),
        ("MaxPooling2D", {"pool_size": "x", "strides": [[1], 2]}, {"pool_size": "x", "strides": ((1,), 2)}),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 8, "value_dim": 8}, {"num_heads": 2, "key_dim": 8}),
        (
            "MultiHeadAttention",
            {"num_heads": 2, "key_dim": 8, "value_dim": 4, "attention_axes": [1]},
            {"num_heads": 2, "key_dim": 8, "value_dim": 4},
        ),
        ("MultiHeadAttention", {"attention_axes": [1, 2]}, {"attention_axes": (1, 2)}),
        ("LayerNormalization", {"axis": [-1]}, {}),
        ("LayerNormalization", {"axis": -1, "epsilon": 1e-6}, {"epsilon": 1e-6}),
        ("LayerNormalization", {"axis": [1]}, {"axis": 1}),
        ("LayerNormalization", {"axis": 1}, {"axis": 1}),
        ("RMSNormalization", {"axis": [2, 1]}, {"axis": (1, 2)}),
        ("Dense", {"units": 1, "lora_rank": 2, "lora_alpha": 2}, {"units": 1, "lora_rank": 2}),
        ("Dense", {"units": 1, "lora_rank": 2, "lora_alpha": 4}, {"units": 1, "lora_rank": 2, "lora_alpha": 4}),
        ("BatchNormalization", {"renorm": True, "renorm_clipping": {}}, {"renorm": True}),
        ("Discretization", {"bin_boundaries": [], "num_bins": 3}, {"num_bins": 3}),
        ("MelSpectrogram", {"fft_length": 512, "sequence_length": 512}, {"fft_length": 512}),
        ("MelSpectrogram", {"sampling_rate": 8000, "max_freq": 4000}, {"sampling_rate": 8000}),
        ("MelSpectrogram", {"sampling_rate": 8000, "max_freq": 8000}, {"sampling_rate": 8000, "max_freq": 8000}),
        ("MelSpectrogram", {"sampling_rate": "x"}, {"sampling_rate": "x"}),
        ("IntegerLookup", {"vocabulary_size": 1}, {}),
        ("IntegerLookup", {"vocabulary_size": 9}, {"vocabulary_size": 9}),
        (
            "StringLookup",
            {"output_mode": "one_hot", "mask_token": "", "vocabulary_size": 1},
            {"output_mode": "one_hot", "mask_token": ""},
        ),
        ("TextVectorization", {"standardize": None, "vocabulary_size": 2}, {"standardize": None}),
        ("TextVectorization", {"num_oov_indices": "x", "vocabulary_size": 2, "sparse": True}, {"sparse": True}),
    ],
)
def test_a_default_can_follow_from_another_setting(kind: str, config: Any, shown: dict[str, Value]) -> None:
    settings = layer(kind, **config)
    assert {key: value for key, value in settings if key != "num_oov_indices"} == shown


def test_a_vocabulary_is_its_type_and_size_and_a_path_to_one_is_nothing() -> None:
    assert layer("StringLookup", vocabulary=["a", "b"], vocabulary_size=3) == (
        ("vocabulary", record("list", dtype="string", size=2)),
    )
    assert layer("StringLookup", vocabulary="/home/me/words.txt") == ()


def lstm(name: str, **config: Any) -> dict[str, Any]:
    return obj("LSTM", name=name, trainable=True, dtype=FLOAT32, units=3, go_backwards=False, **config)


def test_the_mirrored_backward_layer_is_a_default() -> None:
    backward = lstm("backward_lstm_1") | {"config": lstm("backward_lstm_1")["config"] | {"go_backwards": True}}
    settings = layer("Bidirectional", layer=lstm("forward_lstm_1"), merge_mode="sum", backward_layer=backward)
    assert settings == (("layer", record("LSTM", units=3)), ("merge_mode", "sum"))


def test_both_layers_get_back_the_name_that_was_given() -> None:
    backward = obj("LSTM", name="backward_mine", units=3, go_backwards=True)
    settings = layer("Bidirectional", layer=lstm("forward_mine"), backward_layer=backward)
    assert settings == (("layer", record("LSTM", units=3, name="mine")),)


def test_masked_steps_follow_from_the_wrapper() -> None:
    inner = lstm("forward_lstm", return_sequences=True, zero_output_for_mask=True)
    assert layer("Bidirectional", layer=inner) == (("layer", record("LSTM", units=3, return_sequences=True)),)


def test_another_backward_layer_is_shown() -> None:
    backward = obj("LSTM", name="backward_lstm", units=4, go_backwards=True)
    assert layer("Bidirectional", layer=lstm("forward_lstm"), backward_layer=backward) == (
        ("layer", record("LSTM", units=3)),
        ("backward_layer", record("LSTM", units=4, go_backwards=True)),
    )
    assert layer("Bidirectional", layer="x", backward_layer=backward)[1][0] == "backward_layer"


@pytest.mark.parametrize(
    "function",
    [
        {"class_name": "__lambda__", "config": {"code": "4wEA", "defaults": None, "closure": None}},
        {"class_name": "__lambda__", "config": {"value": ["4wEA", None, None]}},
        {"value": ["4wEA", None, None]},
        {"code": "4wEA", "defaults": None, "closure": None},
        ["4wEA", None, None],
    ],
)
def test_code_is_never_a_setting(function: Any) -> None:
    keras_2 = {"function_type": "lambda", "module": "__main__", "output_shape_type": "raw", "arguments": {}}
    assert layer("Lambda", function=function, **keras_2) == (("function", record("lambda")),)
    shape = {"output_shape": ["4wEA", None, None], "output_shape_type": "lambda"}
    assert layer("Lambda", function="f", **shape) == (("function", "f"), ("output_shape", record("lambda")))
    assert layer("TorchModuleWrapper", module="UEsDBA") == (("module", record("module")),)


# -- values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_value", "value"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        ("same", "same"),
        ([1, [2, None]], (1, (2, None))),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (2**127 - 1, 2**127 - 1),
        (2**127, "?"),
        (10**5000, "?"),
        ({"b": 1, "a": [2]}, record("", a=(2,), b=1)),
        ({None: "y", True: "z", 0.5: "w"}, Record("", (("0.5", "w"), ("null", "y"), ("true", "z")))),
        ({(1, 2): 3}, record("", **{"?": 3})),
        ({2: 3}, record("", **{"2": 3})),
        ("x" * 1001, record("text", size=1001)),
        ({"class_name": "__numpy__", "config": {"value": [[1, 2], [3, 4]], "dtype": "int8"}}, "array int8 (2, 2)"),
        ({"class_name": "__tensor__", "config": {"value": 1.0, "dtype": "float32"}}, "array float32 ()"),
        ({"class_name": "__tensor__", "config": {"value": [[], []], "dtype": "float32"}}, "array float32 (2, 0)"),
        ({"class_name": "__bytes__", "config": {"value": "ä"}}, record("bytes", size=2)),
        ({"class_name": "__bytes__", "config": None}, record("bytes", size=0)),
        ({"class_name": "__ellipsis__", "config": {}}, record("Ellipsis")),
        ({"class_name": "__slice__", "config": {"start": None, "stop": 3, "step": None}}, record("slice", stop=3)),
        (
            {"class_name": "__slice__", "config": {"start": 1, "stop": 3, "step": 2}},
            record("slice", start=1, stop=3, step=2),
        ),
        (
            {
                "class_name": "__keras_tensor__",
                "config": {"shape": [None, 3], "dtype": "float32", "keras_history": ["a", 0, 0]},
            },
            record("tensor", dtype="float32", shape=(None, 3)),
        ),
        (
            {
                "class_name": "__typespec__",
                "spec_name": "TensorSpec",
                "module": "tf",
                "config": [[None, 3], "int8", None],
            },
            record("TensorSpec", dtype="int8", shape=(None, 3)),
        ),
        ({"class_name": "__typespec__", "config": 3}, record("TypeSpec", dtype=None, shape=None)),
        ({"class_name": "__new__", "config": {"x": 1}}, record("new", x=1)),
        (obj("function", "builtins") | {"config": "relu"}, "relu"),
        (obj("function", "builtins") | {"config": "mine>act", "registered_name": "function"}, "act"),
        (obj("type", "builtins") | {"config": "float32"}, "float32"),
        (FLOAT32, "float32"),
        (obj("Policy", "mine", units=1), record("Policy", units=1)),
        (obj("L2", "keras.regularizers", l2=0.01), record("L2")),
        (obj("L2", None, l2=0.02), record("L2", l2=0.02)),
        (obj("Scale", "mine", name="scale_3", k=2), record("Scale", k=2)),
        (obj("mine>Scale", None, name="s", k=2), record("Scale", k=2, name="s")),
        (obj("Scale", "mine", dtype="int8", k=2), record("Scale", dtype="int8", k=2)),
        (obj("Dense", None, units=2) | {"registered_name": "Dense"}, record("Dense", units=2)),
        (obj("Thing", "mine") | {"config": None}, record("Thing")),
        (obj("Thing", "mine") | {"config": [1]}, record("Thing", config=(1,))),
        (obj("OrthogonalInitializer", "keras.initializers", gain=1.0, seed=3), record("Orthogonal")),
        ({"class_name": "NoConfig"}, record("", class_name="NoConfig")),
        ({"class_name": 3, "config": {}}, record("", class_name=3, config=record(""))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_of_a_file(given_value: Any, value: Any) -> None:
    if isinstance(value, str) and value.startswith("array"):
        _, dtype, shape = value.split(" ", 2)
        value = record("array", dtype=dtype, shape=tuple(int(axis) for axis in shape.strip("(,)").split(", ") if axis))
    assert to_value(given_value) == value


@pytest.mark.parametrize("short", ["glorot_uniform", "GlorotUniform", GLOROT, obj("GlorotUniform", None, seed=9)])
def test_a_short_name_is_the_object_that_it_means(short: Any) -> None:
    assert layer("Dense", units=1, kernel_initializer=short) == (("units", 1),)
    assert layer("Dense", units=1, bias_initializer=short) == (
        ("units", 1),
        ("bias_initializer", record("GlorotUniform")),
    )
    assert settings_from_config("Mine", "mine", {"bias_initializer": short})[0][1] == record("GlorotUniform")


def test_other_strings_are_strings() -> None:
    assert layer("Dense", units=1, kernel_initializer="my_init")[1] == ("kernel_initializer", "my_init")
    assert settings_from_config("Mine", "mine", {"mode": "zeros"}) == (("mode", "zeros"),)
    assert layer("Dense", units=1, kernel_regularizer="l2")[1] == ("kernel_regularizer", record("L2"))
    assert layer("Dense", units=1, kernel_constraint="non_neg")[1] == ("kernel_constraint", record("NonNeg"))


def test_a_class_without_a_module_is_of_the_kind_that_its_key_says() -> None:
    assert layer("Dense", units=1, kernel_initializer=obj("Identity", None, gain=1.0))[1][1] == record("Identity")
    assert to_value(obj("Identity", None, gain=1.0)) == record("Identity", gain=1.0)


@pytest.mark.parametrize(
    ("items", "value"),
    [
        (list(range(64)), tuple(range(64))),
        (list(range(65)), record("list", dtype="int", size=65)),
        ([1.5, *range(64)], record("list", dtype="float", size=65)),
        ([True] * 65, record("list", dtype="bool", size=65)),
        (["a"] * 100, record("list", dtype="string", size=100)),
        (["a", None] * 50, record("list", size=100)),
        ([None] * 65, record("list", size=65)),
        ([[0.5] * 10] * 10, record("list", dtype="float", shape=(10, 10))),
        ([[[1, 2]] * 8] * 8, record("list", dtype="int", shape=(8, 8, 2))),
        ([[1] * 40, [1] * 41], record("list", size=2)),
        ([[1] * 65, 3], record("list", size=2)),
        ([[]] * 65, record("list", size=65)),
        ([[1, 2]] * 3, ((1, 2), (1, 2), (1, 2))),
        ([[], []], ((), ())),
        ([[0] * 400_000] * 2, record("list", size=2)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_long_list_is_its_size(items: Any, value: Value) -> None:
    assert to_value(items) == value
    assert to_value(tuple(items)) == value


def test_a_layer_within_a_layer_says_where_it_goes_its_own_way() -> None:
    def inner(dtype: str, trainable: bool) -> Value:
        config = {"name": "dense_4", "units": 1, "dtype": dtype, "trainable": trainable}
        owner = {"name": "td", "dtype": "mixed_float16", "trainable": True, "layer": obj("Dense") | {"config": config}}
        return settings_from_config("TimeDistributed", "keras.layers", owner)[0][1]

    assert inner("mixed_float16", True) == record("Dense", units=1)
    assert inner("float32", False) == record("Dense", units=1, dtype="float32", trainable=False)


def test_layers_in_a_frozen_layer_are_frozen_with_it() -> None:
    inner = obj("Dense", units=1, trainable=False)
    assert layer("TimeDistributed", trainable=False, layer=inner) == (("layer", record("Dense", units=1)),)


def test_given_names_within_settings_stay_and_automatic_ones_go() -> None:
    cells = [obj("LSTMCell", units=2, name="lstm_cell_12"), obj("GRUCell", units=2, name="memory")]
    stacked = obj("StackedRNNCells", cells=cells, name="stacked_rnn_cells")
    assert layer("RNN", cell=stacked)[0][1] == record(
        "StackedRNNCells", cells=(record("LSTMCell", units=2), record("GRUCell", units=2, name="memory"))
    )


# -- hostile input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("config", [None, [], "x", 3, [DENSE]])
def test_a_config_that_is_none_has_no_settings(config: Any) -> None:
    assert settings_from_config("Dense", "keras.layers", config) == ()
    assert settings_from_config("Mine", None, config) == ()


ODD: list[Any] = [None, [], {}, "", 3, [[]], {"class_name": "L2", "config": None}, 10**5000, "x" * 10**6]


@pytest.mark.parametrize("value", ODD, ids=lambda value: type(value).__name__)
def test_any_setting_may_be_of_any_type(value: Any) -> None:
    for kind in ("Dense", "MaxPooling2D", "MultiHeadAttention", "LayerNormalization", "MelSpectrogram", "Lambda"):
        keys = signature_of(kind, "keras.layers") or ()
        assert len(str(settings_from_config(kind, "keras.layers", dict.fromkeys(keys, value)))) < 50_000
    for kind in ("Bidirectional", "StringLookup", "TextVectorization", "Discretization", "BatchNormalization"):
        settings_from_config(kind, "keras.layers", dict.fromkeys((*(signature_of(kind) or ()), "dtype", "name"), value))


def depth_of(value: Value) -> int:
    inner = (
        value if isinstance(value, tuple) else [item for _, item in value.items] if isinstance(value, Record) else ()
    )
    return 1 + max(map(depth_of, inner), default=0)


def nested(times: int, wrap: Any, core: Any = 1) -> Any:
    return functools.reduce(lambda inner, _: wrap(inner), range(times), core)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: [inner],
        lambda inner: {"a": inner},
        lambda inner: obj("TimeDistributed", layer=inner),
        lambda inner: obj("Mine", "mine", layer=inner),
        lambda inner: obj("L2", "keras.regularizers", l2=inner),
    ],
)
def test_depth_is_bounded_and_the_cut_is_told(wrap: Any) -> None:
    value = to_value(nested(50_000, wrap))
    assert depth_of(value) <= 66
    assert "Record(kind='...'" in repr(value) or value == record("list", size=1)
    assert "..." not in repr(to_value(nested(25, wrap)))


def test_size_is_bounded_and_the_cut_is_told() -> None:
    wide = {str(i): {str(j): {"x": [1, 2]} for j in range(300)} for i in range(300)}
    value = to_value(wide)
    assert "Record(kind='...'" in repr(value)
    assert len(repr(value)) < 2_000_000


def test_a_mapping_without_end_tells_how_much_is_left_out() -> None:
    many = {f"key{i:04}": i for i in range(600)}
    value = to_value(many)
    assert isinstance(value, Record)
    assert len(value.items) == 513
    assert value.get("...") == 88
    assert settings_from_config("Mine", "mine", many)[-1] == ("...", 88)


def test_a_structure_that_holds_itself_ends() -> None:
    loop: list[Any] = [1]
    loop += [loop, {"a": loop}]
    rows: list[Any] = []
    rows += [rows, rows]
    assert to_value(loop) is not None
    assert to_value(rows) is not None


@pytest.mark.parametrize("kind", ["", "_", "x" * 201])
def test_a_class_name_is_bounded_and_never_stands_for_a_tensor(kind: str) -> None:
    assert to_value(obj(kind, None)) == record("?")
    assert to_value(obj(kind, None)) != INPUT


def test_a_long_key_is_cut() -> None:
    assert to_value({"k" * 300: 1}) == record("", **{"k" * 200 + "...": 1})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["class_name", "config", "value"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(JSON)
def test_any_json_is_a_value_that_can_be_hashed(data: Any) -> None:
    hash(to_value(data))
    assert to_value(data) == to_value(json.loads(json.dumps(data)))


@settings(max_examples=50)
@given(st.sampled_from(["Dense", "Bidirectional", "Lambda", "StringLookup", "Mine", "InputLayer", "L2"]), JSON)
def test_any_json_is_a_config(kind: str, data: Any) -> None:
    hash(settings_from_config(kind, None, data))
    for key in signature_of(kind) or ():
        hash(settings_from_config(kind, None, {key: data}))


# -- live values -------------------------------------------------------------------------------------------------------


class Array:
    def __init__(self, shape: Any, dtype: Any) -> None:
        self.shape = shape
        self.dtype = dtype

    def __eq__(self, other: object) -> Any:
        raise ValueError("the truth value of an array is ambiguous")

    __hash__ = None  # type: ignore[assignment]


class DType:
    def __init__(self, name: str) -> None:
        self.name = name


class Configured:
    def __init__(self, **config: Any) -> None:
        self.config = config

    def get_config(self) -> dict[str, Any]:
        return self.config


def make(kind: str, module: str = "mine", /, **attributes: Any) -> Any:
    return type(kind, (), {"__module__": module, **attributes})()


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Broken:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("no")


class Half(float):
    pass


Pair = namedtuple("Pair", "a b")


def named(x: int) -> int:
    return x


@pytest.mark.parametrize(
    ("live", "value"),
    [
        (Array((2, None), DType("float16")), record("array", dtype="float16", shape=(2, None))),
        (Array((2, 0, 3), "int8"), record("array", dtype="int8", shape=(2, 0))),
        (Array(3, "int8"), record("array", dtype="int8", shape=None)),
        (Array((2,), make("D", __str__=lambda self: "torch.bfloat16")), record("array", dtype="bfloat16", shape=(2,))),
        (Array((2,), "<U3"), record("array", dtype="string", shape=(2,))),
        (Array((2,), None), record("array", dtype=None, shape=(2,))),
        (make("float32", "numpy", shape=(), dtype="float32", item=lambda self: 0.5), 0.5),
        (make("KerasTensor", shape=(None, 3), dtype="int8"), record("tensor", dtype="int8", shape=(None, 3))),
        (make("TensorSpec", shape=[2], dtype=DType("int8")), record("TensorSpec", dtype="int8", shape=(2,))),
        (make("TensorShape", rank=1, as_list=lambda self: [None]), (None,)),
        (make("TensorShape", rank=None), None),
        (make("Int8DType", name="int8"), "int8"),
        (make("DTypePolicy", get_config=lambda self: {"name": "mixed_float16"}), "mixed_float16"),
        (make("SeedGenerator"), record("SeedGenerator")),
        (lambda x: x, record("lambda")),
        (named, "named"),
        (len, "len"),
        (int, "int"),
        ([].append, "append"),
        (make("ufunc", __name__="add"), "add"),
        (b"abc", record("bytes", size=3)),
        (slice(None, 3), record("slice", stop=3)),
        (..., record("Ellipsis")),
        (1 + 2j, record("complex", real=1.0, imag=2.0)),
        (datetime.date(2020, 1, 2), record("date", value="2020-01-02")),
        ({"b", "a"}, ("a", "b")),
        (Colour.RED, "red"),
        (Level.LOW, 1),
        (Half(0.5), 0.5),
        (Pair(1, 2), (1, 2)),
        (UserDict({"a": 1}), record("", a=1)),
        (Configured(units=3, name="x"), record("Configured", units=3, name="x")),
        (Configured(inner=Configured()), record("Configured", inner=record("Configured"))),
        (make("Odd", get_config=lambda self: 3), record("Odd", config=3)),
        (PurePosixPath("/home/me"), record("PurePosixPath")),
        (Broken(), record("Broken")),
        (object(), record("object")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_live_value(live: Any, value: Value) -> None:
    assert to_value(live) == value
    assert settings_from_config("Mine", "mine", {"key": [live]}) in ((("key", (value,)),), ())


def test_a_live_object_of_keras_is_what_its_file_says() -> None:
    live = make("Dense", "keras.src.layers.core.dense", get_config=lambda self: DENSE)
    assert to_value(live) == to_value(obj("Dense") | {"config": DENSE}) == record("Dense", units=10)


def test_arrays_among_settings_do_not_stop_the_comparison() -> None:
    array = Array((2,), "float32")
    shown = record("array", dtype="float32", shape=(2,))
    assert layer("Normalization", mean=array, variance=[array]) == (("mean", shown), ("variance", (shown,)))
    assert layer("Normalization", axis=[array]) == (("axis", (shown,)),)
    assert layer("RandomRotation", value_range=[array, array]) == (("value_range", (shown, shown)),)


def test_a_mapping_that_is_no_dict_is_a_config_too() -> None:
    assert settings_from_config("Dense", "keras.layers", UserDict(DENSE)) == (("units", 10),)


# -- classes and modules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "kind", "known"),
    [
        ("keras.src.layers.core.dense", "Dense", "keras.layers"),
        ("keras.layers", "Dense", "keras.layers"),
        ("keras._legacy.layers", "ThresholdedReLU", "keras.layers"),
        ("keras.src.legacy.layers", "RandomHeight", "keras.layers"),
        ("keras.src.applications.convnext", "LayerScale", "keras.layers"),
        ("keras.src.utils.torch_utils", "TorchModuleWrapper", "keras.layers"),
        ("keras.src.utils.other", "Other", "keras.utils"),
        ("keras.src.ops.numpy", "Add", "keras.ops"),
        ("keras.src.activations.activations", "ReLU", "keras.ops"),
        ("keras.src.models.functional", "Functional", "keras.models"),
        ("keras", "Sequential", "keras.models"),
        ("keras", "Functional", "keras.models"),
        ("keras", "Layer", "keras.layers"),
        ("keras", "DTypePolicy", "keras"),
        ("keras.engine.sequential", "Sequential", "keras.models"),
        ("keras.src.engine.functional", "Functional", "keras.models"),
        ("keras.src.engine.input_layer", "InputLayer", "keras.layers"),
        ("tf_keras.src.layers.core.dense", "Dense", "keras.layers"),
        ("tensorflow.keras.layers", "Dense", "keras.layers"),
        ("tensorflow.python.keras.layers.core", "Dense", "keras.layers"),
        ("keras.initializers", "Zeros", "keras.initializers"),
        ("keras_hub.src.layers", "Dense", "keras_hub.src.layers"),
        ("mine", "Dense", "mine"),
        ("__main__", "Dense", "__main__"),
        (None, "Dense", "keras.layers"),
        (None, "Sequential", "keras.models"),
        (None, "Matmul", "keras.ops"),
        (None, "mine>Dense", None),
        (None, "Unheard", None),
        ("", "Dense", "keras.layers"),
    ],
)
def test_a_module_has_one_name(module: str | None, kind: str, known: str | None) -> None:
    assert module_of(module, kind) == known


def test_a_registered_class_without_a_module_is_of_main_as_files_leave_that_out() -> None:
    assert module_of(None, "Dense", "Dense") == "__main__"
    assert module_of(None, "Dense", "mine>Dense") == "__main__"


def test_a_config_tells_a_layer_from_an_operation() -> None:
    assert module_of(None, "Add", None, {"name": "add", "trainable": True}) == "keras.layers"
    assert module_of(None, "Add", None, {"name": "add"}) == "keras.ops"
    assert module_of(None, "Add") == "keras.layers"
    assert module_of("keras", "Add", None, {"name": "add"}) == "keras.ops"
    # A class of somebody's that is called like an operation.
    assert module_of(None, "Outer", None, {"name": "outer", "trainable": True}) is None
    assert module_of(None, "Outer", None, {"name": "outer"}) == "keras.ops"


def test_a_kind_is_spelled_as_files_spell_it() -> None:
    assert (
        kind_of("GroupedQueryAttention", "keras.src.layers.attention.grouped_query_attention") == "GroupQueryAttention"
    )
    assert kind_of("MaxPool2D") == "MaxPooling2D"
    assert kind_of("mine>Scale") == "Scale"
    assert kind_of("GroupedQueryAttention", "mine") == "GroupedQueryAttention"
    assert layer("GroupedQueryAttention", head_dim=2, use_bias=True) == (("head_dim", 2),)


def test_keras_own_classes_are_known() -> None:
    assert is_builtin("Dense")
    assert is_builtin("Functional")
    assert is_builtin("Matmul")
    assert not is_builtin("Scale")
    assert signature_of("Dense") is not None
    assert (signature_of("Dense") or ())[:3] == (
        "units",
        "activation",
        "use_bias",
    )
    assert signature_of("Scale") is None
    assert signature_of("ExpandDims", "keras.ops") == ("axis",)
    assert defaults_version() == "keras 3.15.1"


# -- policies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        (None, None),
        ("", None),
        ("mixed_float16", "mixed_float16"),
        (FLOAT32, "float32"),
        ({"class_name": "Policy", "config": {"name": "mixed_float16"}}, "mixed_float16"),
        (obj("QuantizedDTypePolicy", mode="int8", source_name="float32"), "int8_from_float32"),
        (obj("Int4DTypePolicy", mode="int4/128", source_name="mixed_bfloat16"), "int4/128_from_mixed_bfloat16"),
        (obj("QuantizedDTypePolicy", mode="int8", source_name=None), "int8"),
        (obj("DTypePolicyMap", default_policy="mixed_float16", policy_map={}), "map_mixed_float16"),
        (obj("DTypePolicyMap", default_policy=FLOAT32, policy_map={}), "map_float32"),
        (obj("DTypePolicyMap", default_policy=None, policy_map={}), None),
        ({"name": "float16"}, "float16"),
        ({"config": "float16"}, "float16"),
        ({"config": 3}, None),
        ("x" * 201, None),
        ({"mode": "x" * 201}, None),
        ({"name": 3}, None),
        (3, None),
        (DType("int32"), "int32"),
        (make("DTypePolicy", get_config=lambda self: {"name": "float16"}), "float16"),
        (make("DTypePolicyMap", _default_policy_arg="float16"), "map_float16"),
        (make("DTypePolicyMap", _default_policy_arg=None), None),
        (make("DTypePolicy"), None),
        (nested(9, lambda inner: {"default_policy": inner}, "float32"), None),
    ],
)
def test_a_policy_has_one_name(policy: Any, name: str | None) -> None:
    assert policy_name(policy) == name


@pytest.mark.parametrize(
    ("policy", "dtype"),
    [
        (None, None),
        ("float32", "float32"),
        ("mixed_bfloat16", "bfloat16"),
        ("int8_from_float32", "float32"),
        ("int8_from_mixed_float16", "float16"),
        ("float8_from_mixed_bfloat16", "bfloat16"),
        ("gptq/4/128_from_float32", "float32"),
    ],
)
def test_a_policy_computes_in_one_dtype(policy: str | None, dtype: str | None) -> None:
    assert compute_dtype(policy) == dtype


def test_mappings_are_not_changed() -> None:
    config: Mapping[str, Any] = json.loads(json.dumps(DENSE))
    settings_from_config("Dense", "keras.layers", config)
    assert config == DENSE
