"""Pairs of real Keras models: a snapshot of the first, and a second that is or is not the same architecture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras  # noqa: TID253 - only tests that need it import this module
import numpy as np
from keras import layers  # noqa: TID253

__all__ = ["DIFFERENT", "SAME"]

Pair = tuple[Callable[[], Any], Callable[[], Any]]


def net(
    *,
    activation: str = "relu",
    head: str = "softmax",
    rate: float = 0.5,
    dilation: int = 1,
    policy: str | None = None,
    units: int = 8,
) -> Any:
    """What `summary()` prints the same for most of these."""
    image = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, padding="same", activation=activation, dilation_rate=dilation, dtype=policy)(image)
    x = layers.Dropout(rate)(layers.Flatten()(x))
    return keras.Model(image, layers.Dense(units, activation=head)(x))


def skips(first: bool) -> Any:
    """The skip connection starts at one of two layers whose names `summary()` cuts off to the same text."""
    image = keras.Input((8, 8, 4))
    one = layers.Conv2D(4, 3, padding="same", name="encoder_block_1_convolution_first_of_two")(image)
    two = layers.Conv2D(4, 3, padding="same", name="encoder_block_1_convolution_second_of_two")(one)
    three = layers.Conv2D(4, 3, padding="same", name="encoder_block_1_convolution_third")(two)
    return keras.Model(image, layers.Add()([one if first else two, three]))


def siamese(shared: bool) -> Any:
    left, right = keras.Input((4,)), keras.Input((4,))
    one = layers.Dense(4)
    return keras.Model([left, right], layers.Subtract()([one(left), (one if shared else layers.Dense(4))(right)]))


def swapped(swap: bool) -> Any:
    left, right = keras.Input((4,)), keras.Input((4,))
    both = [layers.Dense(4)(left), layers.Dense(4, activation="relu")(right)]
    return keras.Model([left, right], layers.Subtract()(both[::-1] if swap else both))


def nested(units: int) -> Any:
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(units, activation="relu"), layers.Dense(4)])
    start = keras.Input((4,))
    return keras.Model(start, inner(start))


def frozen() -> Any:
    model = net()
    model.layers[1].trainable = False
    return model


def adapted() -> Any:
    """With weights of low rank beside those of a layer."""
    model = net()
    model.layers[-1].enable_lora(2)
    return model


def quantized() -> Any:
    model = net()
    model.quantize("int8")
    return model


def named(name: str) -> Any:
    return keras.Sequential([keras.Input((4,)), layers.Dense(4, name=name)])


class Classifier(keras.Model):
    """A model that says nothing of its graph."""

    def __init__(self, units: int = 8) -> None:
        super().__init__()
        self.hidden = layers.Dense(units, activation="relu")
        self.out = layers.Dense(2)

    def call(self, inputs: Any) -> Any:
        return self.out(self.hidden(inputs))


def called(batch: int, units: int = 8) -> Any:
    """Keras remembers the batch of the first call as the shape."""
    model = Classifier(units)
    model(np.zeros((batch, 4), "float32"))
    return model


def trained() -> Any:
    model = net()
    model.compile("adam", "mse", metrics=["accuracy"])
    model.fit(np.zeros((2, 16, 16, 3), "float32"), np.zeros((2, 8), "float32"), verbose=0)
    return model


def after_others() -> Any:
    """Automatic names go on counting."""
    for _ in range(3):
        net()
    keras.Input((3,))
    return net()


def other_order() -> Any:
    """Branches that are built in another order have other automatic names and another order of layers."""
    image = keras.Input((16, 16, 3))
    right = layers.Conv2D(4, 1)(image)
    left = layers.Conv2D(4, 3, padding="same")(image)
    return keras.Model(image, layers.Add()([left, right]))


def first_order() -> Any:
    image = keras.Input((16, 16, 3))
    left = layers.Conv2D(4, 3, padding="same")(image)
    right = layers.Conv2D(4, 1)(image)
    return keras.Model(image, layers.Add()([left, right]))


def saved(suffix: str, load: bool) -> Any:
    """A model that was saved: loaded again, or the path of the file."""
    folder = Path(tempfile.mkdtemp(prefix="keras-ascii-"))
    path = folder / f"net{suffix}"
    net().save(path)
    return keras.saving.load_model(path) if load else path


def blocks(count: int) -> Any:
    start = keras.Input((8,))
    x: Any = start
    for _ in range(count):
        y = layers.Dense(8, activation="relu")(layers.LayerNormalization()(x))
        x = layers.Add()([x, layers.Dropout(0.1)(y)])
    return keras.Model(start, layers.Dense(2)(x))


def blocks_and_one(count: int, place: int) -> Any:
    start = keras.Input((8,))
    x: Any = start
    for number in range(count):
        if number == place:
            x = layers.Dense(8, activation="relu")(x)
        y = layers.Dense(8, activation="relu")(layers.LayerNormalization()(x))
        x = layers.Add()([x, layers.Dropout(0.1)(y)])
    return keras.Model(start, layers.Dense(2)(x))


def with_policy(policy: str) -> Any:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        return net()
    finally:
        keras.config.set_dtype_policy(before)


DIFFERENT: dict[str, Pair] = {
    "relu, gelu": (net, lambda: net(activation="gelu")),
    "softmax, linear": (net, lambda: net(head="linear")),
    "rate": (net, lambda: net(rate=0.1)),
    "dilation": (net, lambda: net(dilation=2)),
    "policy of all": (net, lambda: with_policy("mixed_float16")),
    "policy of one": (net, lambda: net(policy="mixed_float16")),
    "float64": (net, lambda: with_policy("float64")),
    "rewired": (lambda: skips(True), lambda: skips(False)),
    "shared": (lambda: siamese(True), lambda: siamese(False)),
    "arguments swapped": (lambda: swapped(False), lambda: swapped(True)),
    "nested": (lambda: nested(8), lambda: nested(9)),
    "frozen": (net, frozen),
    "weights": (net, lambda: net(units=9)),
    "given name": (lambda: named("first"), lambda: named("second")),
    "low rank": (net, adapted),
    "quantized": (net, quantized),
    "inside a class": (lambda: called(2), lambda: called(2, 9)),
    "block more": (lambda: blocks(20), lambda: blocks(21)),
}
"""Many of these have the same `summary()`; every one must fail."""

SAME: dict[str, Pair] = {
    "again": (net, net),
    "after others": (net, after_others),
    "trained": (net, trained),
    "cloned": (net, lambda: keras.models.clone_model(net())),
    "from its config": (net, lambda: keras.Model.from_config(net().get_config())),
    "saved as .keras and loaded": (net, lambda: saved(".keras", True)),
    "saved as .h5 and loaded": (net, lambda: saved(".h5", True)),
    "the .keras file itself": (net, lambda: saved(".keras", False)),
    "the .h5 file itself": (net, lambda: saved(".h5", False)),
    "a factory": (net, lambda: net),
    "first batch": (lambda: called(2), lambda: called(7)),
    "order of building": (first_order, other_order),
    "automatic name": (lambda: named("dense"), lambda: named("dense_7")),
}
"""Most of these have another `summary()`; every one must pass."""
