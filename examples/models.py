"""Models to try the command on. Draw one with `keras-ascii show examples/models.py:unet`; needs Keras."""

from __future__ import annotations

from typing import Any


def unet(size: int = 128, depth: int = 3) -> Any:
    """A U-Net for segmentation: skips from each level of the encoder to the decoder."""
    import keras
    from keras import layers

    def block(x: Any, filters: int, name: str) -> Any:
        for part in "ab":
            x = layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"{name}{part}_conv")(x)
            x = layers.BatchNormalization(name=f"{name}{part}_bn")(x)
            x = layers.Activation("relu", name=f"{name}{part}_relu")(x)
        return x

    x = image = keras.Input((size, size, 3), name="image")
    skips = []
    for level in range(1, depth + 1):
        x = block(x, 16 * 2**level, f"enc{level}")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"pool{level}")(x)
    x = block(x, 32 * 2**depth, "mid")
    for level in range(depth, 0, -1):
        x = layers.Conv2DTranspose(16 * 2**level, 2, strides=2, name=f"up{level}")(x)
        x = layers.Concatenate(name=f"cat{level}")([skips[level - 1], x])
        x = block(x, 16 * 2**level, f"dec{level}")
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x), name="unet")


def siamese() -> Any:
    """Two images through one encoder: a nested model that is called twice."""
    import keras
    from keras import layers

    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(name="pool1"),
            layers.Conv2D(64, 3, activation="relu", name="conv2"),
            layers.Flatten(name="flatten"),
            layers.Dense(128, name="embed"),
        ],
        name="encoder",
    )
    left, right = keras.Input((28, 28, 1), name="left"), keras.Input((28, 28, 1), name="right")
    difference = layers.Subtract(name="difference")([encoder(left), encoder(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="same")(difference), name="siamese")


def transformer(blocks: int = 12, width: int = 256, heads: int = 8) -> Any:
    """A decoder-only transformer of equal blocks."""
    import keras
    from keras import layers

    tokens = keras.Input((512,), dtype="int32", name="tokens")
    x = layers.Embedding(32_000, width, name="embed")(tokens)
    for number in range(1, blocks + 1):
        y = layers.LayerNormalization(name=f"block{number}_norm1")(x)
        y = layers.MultiHeadAttention(heads, width // heads, name=f"block{number}_attention")(
            y, y, use_causal_mask=True
        )
        x = layers.Add(name=f"block{number}_add1")([x, y])
        y = layers.LayerNormalization(name=f"block{number}_norm2")(x)
        y = layers.Dense(4 * width, activation="gelu", name=f"block{number}_wide")(y)
        y = layers.Dense(width, name=f"block{number}_narrow")(y)
        x = layers.Add(name=f"block{number}_add2")([x, y])
    x = layers.LayerNormalization(name="norm")(x)
    return keras.Model(tokens, layers.Dense(32_000, use_bias=False, name="logits")(x), name="decoder")


def towers(swapped: bool = False) -> Any:
    """Two towers and the product of what they say; which of the two comes first decides where old weights load."""
    import keras
    from keras import layers

    user, item = keras.Input((8,), name="user"), keras.Input((8,), name="item")
    pair = [layers.Dense(32, name="user_enc")(user), layers.Dense(32, name="item_enc")(item)]
    score = layers.Dot(1, name="score")(pair[::-1] if swapped else pair)
    return keras.Model([user, item], score, name="towers")
