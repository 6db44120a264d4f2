"""Settings of what the installed Keras makes: a live object and its file say the same, and defaults say nothing."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keras_ascii_tools.graph import Record, Value
from keras_ascii_tools.read.settings import (
    compute_dtype,
    defaults_version,
    kind_of,
    module_of,
    policy_name,
    settings_from_config,
    signature_of,
    to_value,
)

pytestmark = pytest.mark.keras

TABLE = json.loads((Path(__file__).parents[2] / "keras_ascii_tools" / "read" / "defaults.json").read_text("utf-8"))
KINDS = sorted(TABLE["classes"]["layers"])
# Those that something else than Keras has to be installed for, or a file.
NOT_MADE = {"FlaxLayer", "JaxLayer", "STFTSpectrogram", "TFSMLayer", "TorchModuleWrapper"}


@pytest.fixture(scope="module")
def keras() -> Any:
    import keras

    return keras


@pytest.fixture(scope="module")
def generator() -> Any:
    from scripts import make_defaults

    return make_defaults


@pytest.fixture(scope="module")
def classes(keras: Any, generator: Any) -> dict[str, Any]:
    layers = [keras.layers.Layer, *generator._subclasses(keras.layers.Layer)]
    return {generator._public_name(cls): cls for cls in layers}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd arguments make Keras warn
        yield


def live(thing: Any) -> tuple[tuple[str, Value], ...]:
    return settings_from_config(type(thing).__name__, type(thing).__module__, thing.get_config())


def in_file(thing: Any) -> tuple[tuple[str, Value], ...]:
    import keras

    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(thing)))
    module = module_of(saved["module"], saved["class_name"], saved["registered_name"], saved["config"])
    return settings_from_config(saved["class_name"], module, saved["config"])


def both(thing: Any) -> dict[str, Value]:
    assert live(thing) == in_file(thing)
    return dict(live(thing))


def record(kind: str, /, **items: Value) -> Record:
    return Record(kind, tuple(sorted(items.items())))


# -- the table ---------------------------------------------------------------------------------------------------------


def test_the_table_is_what_the_installed_keras_defaults_to(keras: Any, generator: Any) -> None:
    if defaults_version() != f"keras {keras.__version__}":
        pytest.skip(f"the table is of {defaults_version()}")
    assert generator.TABLE.read_text(encoding="utf-8") == generator.as_text(generator.make_table())


def test_every_public_layer_is_in_the_table(keras: Any) -> None:
    public = {
        name
        for name, cls in vars(keras.layers).items()
        if isinstance(cls, type) and issubclass(cls, keras.layers.Layer) and kind_of(name) == name
    }
    if defaults_version() != f"keras {keras.__version__}":
        pytest.skip(f"the table is of {defaults_version()}")
    assert len(public) == 143
    assert public <= set(KINDS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOT_MADE])
def test_a_default_instance_shows_its_required_arguments(kind: str, classes: dict[str, Any], generator: Any) -> None:
    if kind not in classes:
        pytest.skip("this Keras does not have it")
    cls = classes[kind]
    arguments = generator.minimal_arguments(cls)
    shown = both(cls(**arguments))
    assert set(shown) == {key for key in arguments if key != "batch_shape"}
    assert list(shown) == [key for key in signature_of(kind, "keras.layers") or () if key in shown]


@pytest.mark.parametrize("group", ["initializers", "regularizers", "constraints"])
def test_default_objects_are_their_class(group: str, keras: Any, generator: Any) -> None:
    for kind in TABLE["classes"][group]:
        cls = getattr(getattr(keras, group), kind, None)
        if cls is None or kind in ("STFT", "Initializer", "Regularizer", "Constraint"):
            continue
        thing = cls(**generator.minimal_arguments(cls))
        saved = json.loads(json.dumps(keras.saving.serialize_keras_object(thing)))
        assert to_value(thing) == to_value(saved)
        shown = to_value(thing)
        assert isinstance(shown, Record)
        assert shown.kind == kind
        assert {key for key, _ in shown.items} == set(TABLE["classes"][group][kind]["required"])


# -- other values than the defaults ------------------------------------------------------------------------------------

BY_NAME: dict[str, list[Any]] = {
    "activation": ["relu"],
    "data_format": ["channels_first"],
    "fill_mode": ["nearest", "constant"],
    "interpolation": ["nearest", "bicubic"],
    "merge_mode": ["sum", None],
    "mode": ["linear", "horizontal"],
    "output_mode": ["one_hot", "count", "multi_hot", "tf_idf"],
    "padding": ["same", "causal", 3],
    "recurrent_activation": ["relu"],
    "score_mode": ["concat"],
    "window": ["hamming"],
}
# Arguments that are of the graph and not of the settings, that Keras keeps to itself, or that are a default by a rule.
KEPT: dict[str, set[str]] = {
    "*": {"name", "seed", "trainable", "dtype", "autocast", "lora_alpha"},
    "AlphaDropout": {"noise_shape"},
    "AveragePooling1D": {"strides"},
    "AveragePooling2D": {"strides"},
    "AveragePooling3D": {"strides"},
    "Bidirectional": {"weights"},
    "GroupQueryAttention": {"flash_attention"},
    "InputLayer": {"batch_shape", "shape", "batch_size"},
    "MaxNumBoundingBoxes": {"fill_value"},
    "MaxPooling1D": {"strides"},
    "MaxPooling2D": {"strides"},
    "MaxPooling3D": {"strides"},
    "MultiHeadAttention": {"attention_axes", "flash_attention", "value_dim"},
    "SimpleRNN": {"activity_regularizer"},
}


def other_values(name: str, default: Any) -> list[Any]:
    import keras

    if name in BY_NAME:
        return BY_NAME[name]
    if name.endswith("initializer"):
        return ["he_normal", keras.initializers.RandomNormal(0.1, 0.3, seed=3), keras.initializers.Constant(2)]
    if name.endswith("regularizer"):
        return ["l2", keras.regularizers.L1(0.3), keras.regularizers.L1L2(0.1, 0.2)]
    if name.endswith("constraint"):
        return ["non_neg", keras.constraints.MaxNorm(3)]
    if isinstance(default, bool):
        return [not default]
    if isinstance(default, int):
        return [default + 1, default + 2, default * 2]
    if isinstance(default, float):
        return [default / 2 + 0.125, 1]
    if isinstance(default, tuple):
        return [3, tuple(item + 1 if isinstance(item, int | float) else item for item in default)]
    return [1, 2, (1, 2), True, 0.5, [1.0, 2.0], (-0.2, 0.2)] if default is None else []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOT_MADE])
def test_one_argument_that_is_no_default_is_one_setting(kind: str, classes: dict[str, Any], generator: Any) -> None:
    if kind not in classes:
        pytest.skip("this Keras does not have it")
    cls = classes[kind]
    arguments = generator.minimal_arguments(cls)
    usual = both(cls(**arguments))
    usual_config = cls(**arguments).get_config()
    kept = KEPT["*"] | KEPT.get(kind, set())
    for parameter in generator._parameters(cls):
        key = parameter.name
        default = arguments.get(key) if parameter.default is parameter.empty else parameter.default
        for value in other_values(key, default):
            try:
                thing = cls(**{**arguments, key: value})
                config = thing.get_config()
            except Exception:  # the class does not take this value
                continue
            shown = both(thing)
            assert set(shown) <= {*usual, key}, f"{key}={value!r}"
            if key not in kept and config.get(key) != usual_config.get(key):
                assert key in shown, f"{key}={value!r}"


# -- after building ----------------------------------------------------------------------------------------------------

SHAPES = [(6,), (6, 6), (6, 6, 6), (6, 6, 6, 6), (6, 6, 6, 6, 6), (1,)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOT_MADE])
def test_building_changes_no_setting(kind: str, keras: Any, classes: dict[str, Any], generator: Any) -> None:
    if kind not in classes:
        pytest.skip("this Keras does not have it")
    cls = classes[kind]
    built = 0
    for shape in SHAPES:
        thing = cls(**generator.minimal_arguments(cls))
        before = both(thing)
        x = keras.Input(shape)
        for inputs in ((x,), ([x, x],), (x, x), (x, [x, x])):
            try:
                thing(*inputs)
            except Exception:  # not the shape or the number of inputs that it takes
                continue
            built += 1
            if kind != "MultiHeadAttention" or len(shape) == 2:
                assert both(thing) == before
            break
    if not built:
        pytest.skip("takes no tensor of numbers")


def test_attention_over_more_axes_says_them_once_it_is_built(keras: Any) -> None:
    thing = keras.layers.MultiHeadAttention(2, 4)
    x = keras.Input((3, 4, 8))
    thing(x, x)
    assert both(thing)["attention_axes"] == (1, 2)


# -- particular layers -------------------------------------------------------------------------------------------------


def test_settings_of_the_session_are_no_defaults(keras: Any) -> None:
    try:
        keras.config.set_image_data_format("channels_first")
        assert both(keras.layers.Conv2D(2, 3))["data_format"] == "channels_first"
        assert "data_format" not in both(keras.layers.Conv2D(2, 3, data_format="channels_last"))
    finally:
        keras.config.set_image_data_format("channels_last")


def test_a_policy_of_the_session_is_not_shown_on_layers_in_layers(keras: Any) -> None:
    try:
        keras.config.set_dtype_policy("mixed_float16")
        shown = both(keras.layers.Bidirectional(keras.layers.LSTM(2)))
    finally:
        keras.config.set_dtype_policy("float32")
    assert shown == {"layer": record("LSTM", units=2)}


def test_wrappers(keras: Any) -> None:
    layers = keras.layers
    x = keras.Input((4,))
    body = keras.Model(x, layers.Dense(2)(x), name="head")
    assert both(layers.TimeDistributed(body)) == {"layer": record("Functional", name="head")}
    assert both(layers.TimeDistributed(keras.Sequential([layers.Dense(2)]))) == {"layer": record("Sequential")}
    inner = layers.Dense(3, name="given", trainable=False, dtype="mixed_float16")
    assert both(layers.TimeDistributed(inner)) == {
        "layer": record("Dense", dtype="mixed_float16", name="given", trainable=False, units=3)
    }
    assert both(layers.RNN([layers.LSTMCell(3), layers.GRUCell(4, name="memory")])) == {
        "cell": record(
            "StackedRNNCells", cells=(record("LSTMCell", units=3), record("GRUCell", units=4, name="memory"))
        )
    }
    assert both(layers.SpectralNormalization(layers.Conv2D(3, 3))) == {
        "layer": record("Conv2D", filters=3, kernel_size=(3, 3))
    }


def test_bidirectional(keras: Any) -> None:
    layers = keras.layers
    inner = layers.LSTM(3, name="mine", return_sequences=True, seed=7)
    shown = {"layer": record("LSTM", name="mine", return_sequences=True, units=3)}
    assert both(layers.Bidirectional(inner)) == shown
    backward = layers.LSTM(3, go_backwards=True, activation="relu")
    assert both(layers.Bidirectional(layers.LSTM(3), backward_layer=backward)) == {
        "layer": record("LSTM", units=3),
        "backward_layer": record("LSTM", activation="relu", go_backwards=True, units=3),
    }


def test_functions(keras: Any) -> None:
    @keras.saving.register_keras_serializable("mine")
    def my_activation(x: Any) -> Any:
        return x

    layers = keras.layers
    assert both(layers.Dense(1, activation=my_activation))["activation"] == "my_activation"
    assert both(layers.Dense(1, activation=lambda x: x))["activation"] == record("lambda")
    assert both(layers.Dense(1, activation=layers.LeakyReLU(0.1)))["activation"] == record(
        "LeakyReLU", negative_slope=0.1
    )
    assert both(layers.Lambda(lambda x: x * 2)) == {"function": record("lambda")}
    assert both(layers.Lambda(my_activation)) == {"function": "my_activation"}


def test_constants_and_vocabularies(keras: Any) -> None:
    import numpy as np

    layers = keras.layers
    start = keras.initializers.Constant(np.ones((2, 3), "float32"))
    shown = both(layers.Dense(1, kernel_initializer=start))
    array = record("array", dtype="float32", shape=(2, 3))
    assert shown["kernel_initializer"] == record("Constant", value=array)
    words = record("list", dtype="string", size=3)
    assert both(layers.StringLookup(vocabulary=["a", "b", "c"])) == {"vocabulary": words}
    assert both(layers.TextVectorization(vocabulary=["a", "b", "c"])) == {"vocabulary": words}
    adapted = layers.StringLookup()
    adapted.adapt(np.array(["a", "b", "b"]))
    assert both(adapted) == {"vocabulary_size": 3}
    means = layers.Normalization(mean=np.arange(100.0), variance=np.arange(100.0))
    assert both(means)["mean"] == record("list", dtype="float", size=100)


def test_quantization_and_lora(keras: Any) -> None:
    dense = keras.layers.Dense(3)
    dense.build((None, 4))
    dense.quantize("int8")
    assert both(dense) == {"units": 3, "quantization_config": record("Int8QuantizationConfig")}
    assert both(keras.layers.Dense(3, lora_rank=2)) == {"units": 3, "lora_rank": 2}
    assert both(keras.layers.Dense(3, lora_rank=2, lora_alpha=3)) == {"units": 3, "lora_rank": 2, "lora_alpha": 3}


def test_operations(keras: Any) -> None:
    ops = keras.ops
    x = keras.Input((4, 4, 3))
    for y, kind, shown in [
        (ops.reshape(x, (-1, 2)), "Reshape", {"newshape": (-1, 2)}),
        (x[:, 0], "GetItem", {}),
        (x + 1, "Add", {}),
        (ops.mean(x, axis=(1, 2)), "Mean", {"axis": (1, 2)}),
        (ops.sum(x, keepdims=True), "Sum", {"keepdims": True}),
        (ops.max_pool(x, 2), "MaxPool", {"pool_size": 2}),
        (ops.max_pool(x, (2, 2), strides=2), "MaxPool", {"pool_size": (2, 2)}),
        (ops.cast(x, "float16"), "Cast", {"dtype": "float16"}),
        (ops.softmax(x), "Softmax", {}),
        (ops.relu(x), "Relu", {}),
        (keras.activations.relu(x, negative_slope=0.1), "ReLU", {"negative_slope": 0.1}),
        (ops.concatenate([x, x], axis=-1), "Concatenate", {"axis": -1}),
        (ops.expand_dims(x, 1), "ExpandDims", {"axis": 1}),
    ]:
        operation = y._keras_history.operation
        assert type(operation).__name__ == kind
        assert module_of(type(operation).__module__, kind) == "keras.ops"
        assert both(operation) == shown


def test_a_class_from_outside_shows_everything(keras: Any) -> None:
    import numpy as np

    class Scale(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def get_config(self) -> dict[str, Any]:
            return {
                **super().get_config(),
                "k": np.float32(0.5),
                "sizes": (1, 2),
                "none": None,
                "start": "zeros",
                "kernel_initializer": keras.initializers.HeNormal(),
                "activation": keras.activations.relu,
                "weights": np.ones((3, 4)),
                "tensor": keras.ops.ones((2,)),
                "axes": slice(1, None),
                "more": {"b": [1], "a": ...},
                "inner": keras.layers.Dense(2),
                "policy": keras.DTypePolicy("mixed_float16"),
                "seed": keras.random.SeedGenerator(3),
            }

    assert both(Scale(name="mine")) == {
        "k": 0.5,
        "sizes": (1, 2),
        "none": None,
        "start": "zeros",
        "kernel_initializer": record("HeNormal"),
        "activation": "relu",
        "weights": record("array", dtype="float64", shape=(3, 4)),
        "tensor": record("array", dtype="float32", shape=(2,)),
        "axes": record("slice", start=1),
        "more": record("", a=record("Ellipsis"), b=(1,)),
        "inner": record("Dense", units=2),
        "policy": "mixed_float16",
    }


def test_tracked_lists_are_lists(keras: Any) -> None:
    class Many(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def __init__(self, sizes: Any = (), **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.sizes = [*sizes]
            self.table = {"a": [*sizes]}

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "sizes": self.sizes, "table": self.table}

    assert both(Many((1, 2))) == {"sizes": (1, 2), "table": record("", a=(1, 2))}


# -- values ------------------------------------------------------------------------------------------------------------


def test_live_values_are_what_files_make_of_them(keras: Any) -> None:
    import numpy as np
    import tensorflow as tf

    things = [
        np.float32(0.1),
        np.int64(3),
        np.bool_(True),
        np.array(3),
        np.ones((2, 0, 3)),
        np.arange(6).reshape(2, 3),
        tf.ones((2,)),
        tf.Variable(1.0),
        keras.Variable(np.ones(3)),
        keras.random.SeedGenerator(3),
        tf.float32,
        np.float32,
        tf.TensorShape([None, 3]),
        tf.TensorShape(None),
        tf.TensorSpec([None, 3], tf.float32),
        keras.KerasTensor((2, 3)),
        b"ab",
        slice(None, 3),
        ...,
        tf.nn.relu,
        print,
        keras.layers.Dense(2),
        keras.layers.Dense(2, name="given"),
        keras.initializers.HeNormal(seed=3),
        keras.activations.relu,
        keras.losses.MeanSquaredError(),
        keras.optimizers.Adam(),
        keras.DTypePolicy("mixed_float16"),
        keras.dtype_policies.DTypePolicyMap("mixed_float16"),
        [1, (2, {"a": np.float64(0.5)})],
    ]
    for thing in things:
        saved = json.loads(json.dumps(keras.saving.serialize_keras_object(thing)))
        assert to_value(thing) == to_value(saved), type(thing).__name__


def test_policies(keras: Any) -> None:
    policies = keras.dtype_policies
    dense = keras.layers.Dense(2)
    dense.build((None, 4))
    dense.quantize("int8")
    for policy, name in [
        (policies.DTypePolicy("mixed_bfloat16"), "mixed_bfloat16"),
        (policies.FloatDTypePolicy("float16"), "float16"),
        (policies.QuantizedDTypePolicy("int8", "float32"), "int8_from_float32"),
        (policies.QuantizedFloat8DTypePolicy("float8", "mixed_bfloat16"), "float8_from_mixed_bfloat16"),
        (policies.Int4DTypePolicy("int4/128", "float32"), "int4/128_from_float32"),
        (policies.GPTQDTypePolicy("gptq/4/128", "float32"), "gptq/4/128_from_float32"),
        (policies.DTypePolicyMap("mixed_float16"), "map_mixed_float16"),
        (dense.dtype_policy, "int8_from_float32"),
    ]:
        assert policy_name(policy) == name == policy_name(keras.saving.serialize_keras_object(policy))
        assert policy.name == name
        assert compute_dtype(name.removeprefix("map_")) == policy.compute_dtype


def test_a_legacy_file_says_the_same(keras: Any, tmp_path: Path) -> None:
    import h5py

    @keras.saving.register_keras_serializable("mine")
    def my_function(x: Any) -> Any:
        return x

    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((8, 8, 3)),
            layers.Conv2D(4, 3, kernel_regularizer="l2", kernel_initializer=keras.initializers.HeNormal(seed=1)),
            layers.MaxPooling2D(3),
            layers.Activation(my_function),
            layers.LayerNormalization(),
            layers.ReLU(),
            layers.Dropout(0.5, seed=3),
            layers.Reshape((4, 4)),
            layers.Bidirectional(layers.LSTM(2)),
            layers.Dense(3, activation=layers.LeakyReLU(0.1), name="out"),
        ]
    )
    model.save(tmp_path / "model.h5")
    with h5py.File(tmp_path / "model.h5") as file:
        entries = json.loads(file.attrs["model_config"])["config"]["layers"][1:]
    assert len(entries) == len(model.layers)
    for thing, entry in zip(model.layers, entries, strict=True):
        assert "module" not in entry
        assert settings_from_config(entry["class_name"], None, entry["config"]) == live(thing)
