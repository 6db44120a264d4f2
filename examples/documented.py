"""Models whose docstrings show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def digits(units: int = 64) -> keras.Model:
    """A small classifier of digits.

    Args:
        units: Width of the hidden layer.
    """
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="image"),
            layers.Conv2D(16, 3, activation="relu", name="features"),
            layers.MaxPooling2D(name="pool"),
            layers.Flatten(name="flatten"),
            layers.Dense(units, activation="relu", name="hidden"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="digits",
    )


def autoencoder():  # type: ignore[no-untyped-def]
    """A small autoencoder.

    .. keras-ascii::
       :columns: kind, name, shape, weights
    """
    import keras
    from keras import layers

    image = keras.Input((784,), name="image")
    code = layers.Dense(32, activation="relu", name="code")(image)
    return keras.Model(image, layers.Dense(784, activation="sigmoid", name="again")(code), name="autoencoder")
