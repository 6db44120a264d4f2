"""The models of a small project."""

import keras
from keras import layers


def build_classifier(classes: int = 10) -> keras.Model:
    """A small image classifier."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(classes, activation="softmax"),
        ],
        name="classifier",
    )


def build_unet(depth: int = 2, filters: int = 8) -> keras.Model:
    """A U-Net."""
    image = keras.Input((64, 64, 3), name="image")
    x, skips = image, []
    for level in range(depth):
        x = layers.Conv2D(filters << level, 3, padding="same", activation="relu", name=f"enc{level}")(x)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(filters << depth, 3, padding="same", activation="relu", name="bottom")(x)
    for level in reversed(range(depth)):
        x = layers.Conv2DTranspose(filters << level, 2, strides=2, name=f"up{level}")(x)
        x = layers.Concatenate()([x, skips[level]])
        x = layers.Conv2D(filters << level, 3, padding="same", activation="relu", name=f"dec{level}")(x)
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x), name="unet")


class Encoder(keras.Model):
    """A subclassed model: its graph is found out by a symbolic call."""

    def __init__(self, units: int = 16) -> None:
        super().__init__(name="encoder")
        self.hidden = layers.Dense(units, activation="relu")
        self.code = layers.Dense(2)

    def call(self, inputs):
        """Encode."""
        return self.code(self.hidden(inputs))
