"""The classic style prints the ancestor's bytes: those of keras-sequential-ascii 0.1.1, run on a twin in Keras 2."""

from __future__ import annotations

import inspect
import io
import itertools
import random
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from typing import Any

import pytest

from keras_ascii_tools import compat
from keras_ascii_tools.compat import keras2ascii

pytestmark = pytest.mark.keras

IMAGE, SEQUENCE, VOLUME, FRAMES = (8, 8, 3), (12, 4), (6, 6, 6, 2), (4, 8, 8, 3)
OPTIONS = [
    dict(zip(("sparser", "simplify", "header"), values, strict=True))
    for values in itertools.product((False, True), repeat=3)
]
UNKNOWN = "?????"
"""The ancestor's glyph for all that it has none for."""

# Makes the same layers out of either library's `layers`.
Stack = Callable[[Any], Sequence[Any]]
Maker = Callable[[Any], Any]


def printed(function: Callable[..., None], model: Any, options: dict[str, bool]) -> str:
    with redirect_stdout(io.StringIO()) as out:
        function(model, **options)
    return out.getvalue()


def ancestor(model: Any, options: dict[str, bool]) -> str:
    from keras_sequential_ascii import keras2ascii as print_model

    return printed(print_model, model, options)


def ours(model: Any, options: dict[str, bool]) -> str:
    return printed(keras2ascii, model, options)


def twins(stack: Stack) -> tuple[Any, Any]:
    """The model in Keras 2, which the ancestor understands, and in Keras 3."""
    import keras
    import tf_keras

    return tf_keras.Sequential(stack(tf_keras.layers)), keras.Sequential(stack(keras.layers))


def without_glyphs(expected: str, text: str) -> tuple[str, str]:
    """Take out the five columns of each glyph that the ancestor has not, and of the one that stands there."""
    lines, others = expected.split("\n"), text.split("\n")
    for number, line in enumerate(lines[: len(others)]):
        if UNKNOWN in line:
            start = line.index(UNKNOWN)
            assert others[number][start : start + 5] != UNKNOWN
            lines[number] = line[:start] + line[start + 5 :]
            others[number] = others[number][:start] + others[number][start + 5 :]
    return "\n".join(lines), "\n".join(others)


# Every class in the ancestor's table. It divides by the number of weights, so there have to be some.
KNOWN: dict[str, Stack] = {
    "Conv1D": lambda k: [k.Input(SEQUENCE), k.Conv1D(5, 3, activation="relu")],
    "Conv2D": lambda k: [k.Input(IMAGE), k.Conv2D(5, 3, strides=2, padding="same", activation="tanh")],
    "Conv3D": lambda k: [k.Input(VOLUME), k.Conv3D(5, 3)],
    "Convolution1D": lambda k: [k.Input(SEQUENCE), k.Convolution1D(5, 3)],
    "Convolution2D": lambda k: [k.Input(IMAGE), k.Convolution2D(5, 3)],
    "Convolution3D": lambda k: [k.Input(VOLUME), k.Convolution3D(5, 3)],
    "Conv2DTranspose": lambda k: [k.Input(IMAGE), k.Conv2DTranspose(5, 3, activation="sigmoid")],
    "SeparableConv2D": lambda k: [k.Input(IMAGE), k.SeparableConv2D(5, 3, activation="elu")],
    "UpSampling1D": lambda k: [k.Input(SEQUENCE), k.UpSampling1D(2), k.Dense(2)],
    "UpSampling2D": lambda k: [k.Input(IMAGE), k.UpSampling2D(2), k.Dense(2)],
    "UpSampling3D": lambda k: [k.Input(VOLUME), k.UpSampling3D(2), k.Dense(2)],
    "Cropping1D": lambda k: [k.Input(SEQUENCE), k.Cropping1D(1), k.Dense(2)],
    "Cropping2D": lambda k: [k.Input(IMAGE), k.Cropping2D(1), k.Dense(2)],
    "Activation": lambda k: [k.Input(IMAGE), k.Activation("relu"), k.Dense(2), k.Activation("softmax")],
    "Flatten": lambda k: [k.Input(IMAGE), k.Flatten(), k.Dense(2)],
    "MaxPooling1D": lambda k: [k.Input(SEQUENCE), k.MaxPooling1D(), k.Dense(2)],
    "MaxPooling2D": lambda k: [k.Input(IMAGE), k.MaxPooling2D(), k.Dense(2)],
    "MaxPooling3D": lambda k: [k.Input(VOLUME), k.MaxPooling3D(), k.Dense(2)],
    "AveragePooling1D": lambda k: [k.Input(SEQUENCE), k.AveragePooling1D(2), k.Dense(2)],
    "AveragePooling2D": lambda k: [k.Input(IMAGE), k.AveragePooling2D(2), k.Dense(2)],
    "AveragePooling3D": lambda k: [k.Input(VOLUME), k.AveragePooling3D(2), k.Dense(2)],
    "GlobalMaxPooling1D": lambda k: [k.Input(SEQUENCE), k.GlobalMaxPooling1D(), k.Dense(2)],
    "GlobalMaxPooling2D": lambda k: [k.Input(IMAGE), k.GlobalMaxPooling2D(), k.Dense(2)],
    "GlobalAveragePooling1D": lambda k: [k.Input(SEQUENCE), k.GlobalAveragePooling1D(), k.Dense(2)],
    "GlobalAveragePooling2D": lambda k: [k.Input(IMAGE), k.GlobalAveragePooling2D(), k.Dense(2)],
    "Dropout": lambda k: [k.Input((7,)), k.Dropout(0.5), k.Dense(2)],
    "Dense": lambda k: [k.Input((7,)), k.Dense(5, activation="relu"), k.Dense(2, activation="softmax")],
    "ZeroPadding1D": lambda k: [k.Input(SEQUENCE), k.ZeroPadding1D(1), k.Dense(2)],
    "ZeroPadding2D": lambda k: [k.Input(IMAGE), k.ZeroPadding2D(1), k.Dense(2)],
    "ZeroPadding3D": lambda k: [k.Input(VOLUME), k.ZeroPadding3D(1), k.Dense(2)],
    "BatchNormalization": lambda k: [k.Input(IMAGE), k.BatchNormalization()],
    "Reshape": lambda k: [k.Input(IMAGE), k.Reshape((4, -1)), k.Dense(2)],
    "Permute": lambda k: [k.Input(IMAGE), k.Permute((3, 1, 2)), k.Dense(2)],
    "Embedding": lambda k: [k.Input((9,)), k.Embedding(20, 6), k.Flatten()],
    "LSTM": lambda k: [k.Input(SEQUENCE), k.LSTM(3, return_sequences=True), k.LSTM(2, activation="linear")],
    "GRU": lambda k: [k.Input(SEQUENCE), k.GRU(3, return_sequences=True), k.GRU(2, activation="relu")],
}

# What else a stack can have that the ancestor prints something for, right or wrong.
CASES: dict[str, Stack] = {
    "one activation after the other": lambda k: [
        k.Input((5,)),
        k.Activation("linear"),
        k.Activation("relu"),
        k.Activation("softmax"),
        k.Dense(3),
        k.Activation("linear"),
        k.Activation("tanh"),
        k.Activation("linear"),
        k.Dense(3, activation="relu"),
        k.Activation("relu"),
    ],
    "an activation after what has none": lambda k: [
        k.Input(IMAGE),
        k.Conv2D(4, 3),
        k.BatchNormalization(),
        k.Activation("relu"),
        k.MaxPooling2D(),
        k.Activation("sigmoid"),
        k.Flatten(),
        k.Activation("tanh"),
        k.Dropout(0.1),
        k.Activation("elu"),
        k.Dense(2),
    ],
    "an activation after a recurrent layer": lambda k: [k.Input(SEQUENCE), k.LSTM(3), k.Activation("relu")],
    "masks": lambda k: [k.Input((9,)), k.Embedding(20, 6, mask_zero=True), k.GRU(3), k.Activation("relu")],
    "a lambda": lambda k: [k.Input((5,)), k.Dense(3, activation=lambda x: x), k.Activation(lambda x: x)],
    "a function": lambda k: [k.Input((5,)), k.Dense(3, activation=doubled), k.Activation(doubled)],
    "an activation that is a layer": lambda k: [k.Input((5,)), k.Dense(3, activation=k.LeakyReLU()), k.Dense(2)],
    "a fixed batch": lambda k: [k.Input((8, 2), batch_size=4), k.LSTM(3, stateful=True), k.Dense(2)],
    "channels first": lambda k: [
        k.Input((3, 9, 9)),
        k.Conv2D(4, 3, data_format="channels_first"),
        k.MaxPooling2D(data_format="channels_first"),
        k.Flatten(),
    ],
    "wide numbers": lambda k: [k.Input((123456, 10)), k.Dense(3), k.Flatten(), k.Dense(2)],
    "names and policies": lambda k: [
        k.Input((5,), name="given"),
        k.Dense(3, name="first"),
        k.Activation("relu", name="first_relu", dtype="float16"),
        k.Dense(2, name="second", trainable=False),
    ],
    "one layer": lambda k: [k.Input((5,)), k.Dense(1)],
}

# Classes for which the ancestor has `?????`. All but the glyph is as it prints it.
UNKNOWN_KINDS: dict[str, Stack] = {
    "Conv1DTranspose": lambda k: [k.Input(SEQUENCE), k.Conv1DTranspose(5, 3, activation="relu")],
    "Conv3DTranspose": lambda k: [k.Input(VOLUME), k.Conv3DTranspose(5, 3)],
    "SeparableConv1D": lambda k: [k.Input(SEQUENCE), k.SeparableConv1D(5, 3)],
    "DepthwiseConv2D": lambda k: [k.Input(IMAGE), k.DepthwiseConv2D(3, activation="relu")],
    "ConvLSTM2D": lambda k: [k.Input(FRAMES), k.ConvLSTM2D(2, 3)],
    "Cropping3D": lambda k: [k.Input(VOLUME), k.Cropping3D(1), k.Dense(2)],
    "GlobalMaxPooling3D": lambda k: [k.Input(VOLUME), k.GlobalMaxPooling3D(), k.Dense(2)],
    "GlobalAveragePooling3D": lambda k: [k.Input(VOLUME), k.GlobalAveragePooling3D(), k.Dense(2)],
    "SimpleRNN": lambda k: [k.Input(SEQUENCE), k.SimpleRNN(3)],
    "Bidirectional": lambda k: [k.Input(SEQUENCE), k.Bidirectional(k.LSTM(3))],
    "TimeDistributed": lambda k: [k.Input(SEQUENCE), k.TimeDistributed(k.Dense(3, activation="relu"))],
    "LeakyReLU": lambda k: [k.Input((5,)), k.Dense(3), k.LeakyReLU(), k.Activation("relu")],
    "PReLU": lambda k: [k.Input((5,)), k.PReLU()],
    "ELU": lambda k: [k.Input((5,)), k.Dense(3), k.ELU()],
    "ReLU": lambda k: [k.Input((5,)), k.Dense(3), k.ReLU()],
    "Softmax": lambda k: [k.Input((5,)), k.Dense(3), k.Softmax()],
    "LayerNormalization": lambda k: [k.Input((5,)), k.LayerNormalization()],
    "RepeatVector": lambda k: [k.Input((5,)), k.RepeatVector(3), k.Dense(2)],
    "Masking": lambda k: [k.Input(SEQUENCE), k.Masking(), k.LSTM(3)],
    "GaussianNoise": lambda k: [k.Input((5,)), k.GaussianNoise(0.1), k.Dense(2)],
    "SpatialDropout2D": lambda k: [k.Input(IMAGE), k.SpatialDropout2D(0.1), k.Dense(2)],
    "Rescaling": lambda k: [k.Input(IMAGE), k.Rescaling(0.5), k.Dense(2)],
}


def doubled(x: Any) -> Any:
    return x * 2


@pytest.mark.filterwarnings("ignore:The object being serialized includes a .lambda:UserWarning")
@pytest.mark.parametrize("stack", [pytest.param(stack, id=name) for name, stack in (KNOWN | CASES).items()])
def test_prints_the_bytes_of_the_ancestor(stack: Stack) -> None:
    theirs, model = twins(stack)
    for options in OPTIONS:
        assert ours(model, options) == ancestor(theirs, options), options


@pytest.mark.parametrize("stack", [pytest.param(stack, id=name) for name, stack in UNKNOWN_KINDS.items()])
def test_has_a_glyph_where_the_ancestor_has_none(stack: Stack) -> None:
    theirs, model = twins(stack)
    for options in OPTIONS:
        expected = ancestor(theirs, options)
        assert UNKNOWN in expected
        expected, text = without_glyphs(expected, ours(model, options))
        assert text == expected, options


@pytest.mark.parametrize("seed", range(20))
def test_prints_the_bytes_of_the_ancestor_for_any_stack(seed: int) -> None:
    theirs, model = twins(random_stack(seed))
    for options in OPTIONS:
        assert ours(model, options) == ancestor(theirs, options), options


def test_prints_what_the_ancestor_printed_of_functional_chains() -> None:
    import keras

    inputs = keras.Input(IMAGE)
    x = keras.layers.Conv2D(4, 3, activation="relu")(inputs)
    x = keras.layers.Activation("tanh")(keras.layers.BatchNormalization()(x))
    model = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Flatten()(x)))
    for options in OPTIONS:
        assert ours(model, options) == ancestor_of_layers(model, options), options


def ancestor_of_layers(model: Any, options: dict[str, bool]) -> str:
    """Its own rows for what it found in the layers of Keras 2.0, whose InputLayer had the shape of a layer's input."""
    from keras_sequential_ascii.main import print_layers

    rows = [
        {
            "kind": type(layer).__name__,
            "input_shape": layer.output.shape[1:] if layer is model.layers[0] else layer.input.shape[1:],
            "output_shape": layer.output.shape[1:],
            "n_parameters": layer.count_params(),
            "activation": getattr(getattr(layer, "activation", None), "__name__", ""),
        }
        for layer in model.layers
    ]
    return printed(lambda layers, **given: print_layers(layers, **given), rows, options)


def test_the_body_of_a_nested_model_follows() -> None:
    import keras
    import tf_keras

    def nested(library: Any) -> Any:
        inner = library.Sequential([library.layers.Input((5,)), library.layers.Dense(3)], name="head")
        return library.Sequential([library.layers.Input((5,)), library.layers.Dense(5), inner])

    expected, text = without_glyphs(ancestor(nested(tf_keras), {}), ours(nested(keras), {}))
    above, title, below = text.partition("\nhead (Sequential)\n")
    assert above.replace("  head\n", "\n") == expected
    assert title
    assert below.split("\n")[1:] == [
        "               Input   #####           5",
        "               Dense   XXXXX -------------------        18    37.5%",
        "                       #####           3",
        "",
    ]


def test_every_class_of_the_ancestor_is_tried() -> None:
    from keras_sequential_ascii.main import graphics

    assert set(graphics) - set(KNOWN) == {"InputLayer"}  # no Sequential has it among its layers


def test_has_the_signature_of_the_ancestor() -> None:
    import keras_sequential_ascii as theirs

    for name in ("keras2ascii", "sequential_model_to_ascii_printout"):
        expected = inspect.signature(getattr(theirs, name)).parameters.values()
        parameters = inspect.signature(getattr(compat, name)).parameters.values()
        assert [(p.name, p.default, p.kind) for p in parameters] == [(p.name, p.default, p.kind) for p in expected]


# Stacks by chance: layers that fit any input of a rank, then some that lead to a lower rank.
IMAGES: list[Maker] = [
    lambda k: k.Conv2D(4, 3, padding="same"),
    lambda k: k.Conv2D(6, 1, strides=2, activation="relu"),
    lambda k: k.Conv2DTranspose(3, 2, activation="elu"),
    lambda k: k.SeparableConv2D(4, 3, padding="same", activation="tanh"),
    lambda k: k.MaxPooling2D(padding="same"),
    lambda k: k.AveragePooling2D(2, padding="same"),
    lambda k: k.UpSampling2D(),
    lambda k: k.ZeroPadding2D(((1, 2), (3, 4))),
    lambda k: k.BatchNormalization(),
]
SEQUENCES: list[Maker] = [
    lambda k: k.Conv1D(3, 2, padding="same", activation="relu"),
    lambda k: k.LSTM(2, return_sequences=True),
    lambda k: k.MaxPooling1D(padding="same"),
    lambda k: k.UpSampling1D(3),
    lambda k: k.ZeroPadding1D(1),
]
ANY: list[Maker] = [
    lambda k: k.Dense(5),
    lambda k: k.Dense(3, activation="sigmoid"),
    lambda k: k.Dropout(0.25),
    lambda k: k.Activation("relu"),
    lambda k: k.Activation("linear"),
    lambda k: k.Activation("softmax"),
]
FROM_IMAGES: list[Maker] = [
    lambda k: k.Flatten(),
    lambda k: k.GlobalAveragePooling2D(),
    lambda k: k.GlobalMaxPooling2D(),
    lambda k: k.Reshape((-1, 1)),
]
FROM_SEQUENCES: list[Maker] = [
    lambda k: k.Flatten(),
    lambda k: k.GlobalMaxPooling1D(),
    lambda k: k.GlobalAveragePooling1D(),
    lambda k: k.GRU(2),
]


def random_stack(seed: int) -> Stack:
    chance = random.Random(seed)
    shape, own, down = chance.choice([(IMAGE, IMAGES, FROM_IMAGES), (SEQUENCE, SEQUENCES, FROM_SEQUENCES)])
    makers = chance.choices(own + ANY, k=chance.randrange(6))
    makers += [chance.choice(down), *chance.choices(ANY, k=chance.randrange(4)), ANY[0]]
    return lambda k: [k.Input(shape), *(make(k) for make in makers)]
