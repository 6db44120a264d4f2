"""Builders of small real Keras models, one for each thing that an architecture can do; they import Keras."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

ZOO: dict[str, Callable[[], Any]] = {}


def _builder(build: Callable[[], Any]) -> Callable[[], Any]:
    ZOO[build.__name__] = build
    return build


@_builder
def chain() -> Any:
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


@_builder
def residual() -> Any:
    import keras
    from keras import layers

    image = keras.Input((32, 32, 3), name="image")
    x = layers.Conv2D(16, 3, padding="same", name="stem")(image)
    for _ in range(2):
        y = layers.Conv2D(16, 3, padding="same", use_bias=False)(x)
        y = layers.BatchNormalization()(y)
        y = layers.ReLU()(y)
        x = layers.Add()([x, y])
    return keras.Model(image, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)), name="residual_net")


@_builder
def unet() -> Any:
    import keras
    from keras import layers

    def twice(x: Any, filters: int, name: str) -> Any:
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"{name}_a")(x)
        return layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"{name}_b")(x)

    image = keras.Input((128, 128, 3), name="image")
    skips, x = [], image
    for level, filters in enumerate((32, 64, 128), 1):
        x = twice(x, filters, f"enc{level}")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"pool{level}")(x)
    x = twice(x, 256, "mid")
    for level, filters in ((3, 128), (2, 64), (1, 32)):
        x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"up{level}")(x)
        x = layers.Concatenate(name=f"cat{level}")([skips[level - 1], x])
        x = twice(x, filters, f"dec{level}")
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x), name="unet")


@_builder
def siamese_layers() -> Any:
    """Shared layers, on images of two sizes: each call has shapes of its own."""
    import keras
    from keras import layers

    conv = layers.Conv2D(8, 3, name="shared_conv")
    pool = layers.GlobalAveragePooling2D()
    dense = layers.Dense(16, name="embed")
    big, small = keras.Input((64, 64, 3), name="big"), keras.Input((32, 32, 3), name="small")
    difference = layers.Subtract()([dense(pool(conv(big))), dense(pool(conv(small)))])
    return keras.Model([big, small], layers.Dense(1, activation="sigmoid")(difference))


@_builder
def siamese_nested() -> Any:
    """A shared nested model, operations, and inputs and outputs by name."""
    import keras
    from keras import layers, ops

    encoder = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(), layers.Dense(8)],
        name="encoder",
    )
    left, right = keras.Input((28, 28, 1), name="left"), keras.Input((28, 28, 1), name="right")
    distance = ops.absolute(layers.Subtract()([encoder(left), encoder(right)]))
    return keras.Model({"left": left, "right": right}, {"same": layers.Dense(1, name="same")(distance)})


@_builder
def nested_deep() -> Any:
    """Models in models in models, one of them transferred and frozen."""
    import keras
    from keras import layers

    inner_in = keras.Input((8,), name="inner_in")
    inner = keras.Model(inner_in, layers.Dense(8, activation="gelu")(inner_in), name="inner")
    middle = keras.Sequential([keras.Input((8,)), inner, layers.Dense(4)], name="middle")
    middle.trainable = False
    outer = keras.Input((8,))
    return keras.Model(outer, layers.Dense(2)(middle(outer, training=False)), name="outer")


@_builder
def shared_across_models() -> Any:
    """A layer in a model and again inside a nested one: its weights count once."""
    import keras
    from keras import layers

    tied = layers.Dense(8, name="tied")
    inner_in = keras.Input((8,))
    inner = keras.Model(inner_in, layers.Dense(8)(tied(inner_in)), name="inner")
    x = keras.Input((8,))
    return keras.Model(x, inner(tied(x)))


@_builder
def multi_output_layer() -> Any:
    """A layer with three outputs, used out of order; an output that is used inside as well."""
    import keras
    from keras import layers

    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = layers.Embedding(100, 16)(tokens)
    sequence, h, c = layers.LSTM(8, return_sequences=True, return_state=True)(x)
    joined = layers.Concatenate()([c, h])
    return keras.Model(tokens, [layers.Dense(2)(joined), sequence, joined])


@_builder
def split() -> Any:
    """Operations with several outputs, slices, constants, in swapped order."""
    import keras
    from keras import ops

    x = keras.Input((6,))
    a, b = ops.split(x[:, :4] * 2.0, 2, axis=1)
    return keras.Model(x, ops.concatenate([b, a, b], axis=-1))


@_builder
def casts() -> Any:
    """An operation with a setting that has the name of a layer's policy."""
    import keras
    from keras import ops

    x = keras.Input((3,))
    return keras.Model(x, ops.one_hot(ops.cast(x, "int32"), 5, dtype="float16"))


@_builder
def loose_end() -> Any:
    """A traced model with a call that nothing uses and that is no output: a loss that it adds."""
    import keras
    import numpy as np
    from keras import layers, ops

    class Regularized(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x: Any) -> Any:
            y = self.dense(x)
            self.add_loss(-0.5 * ops.mean(ops.square(y)))
            return y

    model = Regularized()
    model(np.zeros((2, 4), "float32"))
    return model


@_builder
def repeated_argument() -> Any:
    import keras
    from keras import layers

    x = keras.Input((4, 8))
    attended = layers.MultiHeadAttention(2, 4, value_dim=3)(x, x)
    return keras.Model(x, layers.Multiply()([attended, attended]))


@_builder
def called_twice_on_one() -> Any:
    import keras
    from keras import layers

    noise = layers.GaussianNoise(0.1)
    x = keras.Input((4,))
    return keras.Model(x, layers.Subtract()([noise(x, training=True), noise(x, training=True)]))


@_builder
def fixed_axes() -> Any:
    """A fixed batch axis, a scalar, and a tensor of nothing but a batch axis."""
    import keras
    from keras import ops

    x = keras.Input(batch_shape=(4, None, 2))
    return keras.Model(x, [ops.sum(x), ops.sum(x, axis=(1, 2)), ops.mean(keras.layers.Dense(3)(x), axis=1)])


@_builder
def batch_only() -> Any:
    import keras
    from keras import layers

    ids = keras.Input((), dtype="int32", name="user id")
    return keras.Model(ids, layers.Dense(1)(layers.Embedding(10, 4)(ids)))


@_builder
def odd_names() -> Any:
    import keras
    from keras import layers

    names = (
        "two  blanks",
        'quote " and \\',
        "слой",
        "= F",
        "64 64",
        "new\nline",
        "red \x1b[31m",
        "bidi \u202e",
        "\U0001f600 emoji",
        "x" * 300,
    )
    x = first = keras.Input((4,), name="unknown")
    for name in names:
        x = layers.Dense(4, name=name)(x)
    return keras.Model(first, x)


@_builder
def seq2seq() -> Any:
    """Masks that Keras computes, states passed by keyword."""
    import keras
    from keras import layers

    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    encoded = layers.Embedding(50, 8, mask_zero=True)(source)
    _, h, c = layers.LSTM(16, return_state=True)(encoded)
    decoded = layers.Embedding(60, 8, mask_zero=True)(target)
    decoded = layers.LSTM(16, return_sequences=True)(decoded, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(60, activation="softmax")(decoded))


@_builder
def wrappers() -> Any:
    import keras
    from keras import layers

    x = keras.Input((10, 6))
    y = layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode="sum")(x)
    y = layers.TimeDistributed(layers.Dense(3, activation="tanh"))(y)
    y = layers.RNN(layers.StackedRNNCells([layers.LSTMCell(5), layers.GRUCell(4)]))(y)
    return keras.Model(x, layers.SpectralNormalization(layers.Dense(2))(y))


@_builder
def wrapped_model() -> Any:
    """A nested model inside a wrapper."""
    import keras
    from keras import layers

    frame = keras.Sequential([keras.Input((16, 16, 3)), layers.Conv2D(4, 3), layers.GlobalMaxPooling2D()], name="frame")
    video = keras.Input((None, 16, 16, 3))
    return keras.Model(video, layers.LSTM(8)(layers.TimeDistributed(frame)(video)))


@_builder
def masking() -> Any:
    import keras
    from keras import layers

    x = keras.Input((None, 3))
    y = layers.Masking()(x)
    y = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(y)
    return keras.Model(x, layers.GlobalAveragePooling1D()(y))


@_builder
def mixed_precision() -> Any:
    import keras
    from keras import layers

    policy = keras.mixed_precision.DTypePolicy("mixed_float16")
    x = keras.Input((8,))
    y = layers.Dense(16, dtype=policy, activation="relu")(x)
    y = layers.Dense(16, dtype=policy)(y)
    return keras.Model(x, layers.Dense(2, dtype="float32")(y))


@_builder
def partly_frozen() -> Any:
    import keras
    from keras import layers

    model = keras.Sequential(
        [keras.Input((8,)), layers.Dense(8), layers.BatchNormalization(), layers.Dropout(0.1), layers.Dense(2)]
    )
    model.layers[0].trainable = False
    model.layers[1].trainable = False
    return model


@_builder
def lora() -> Any:
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((8,)), layers.Dense(8, name="adapted"), layers.Dense(2)])
    model.layers[0].enable_lora(2)
    return model


def _quantized(mode: str) -> Any:
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((8,)), layers.Dense(8), layers.EinsumDense("ab,bc->ac", 4), layers.Dense(2)])
    for layer in model.layers:
        layer.quantize(mode)
    return model


@_builder
def quantized_int8() -> Any:
    return _quantized("int8")


@_builder
def quantized_int4() -> Any:
    return _quantized("int4")


@_builder
def quantized_float8() -> Any:
    return _quantized("float8")


@_builder
def lambda_and_constants() -> Any:
    import keras
    import numpy as np
    from keras import layers

    x = keras.Input((4,))
    y = layers.Lambda(lambda t: t * 2, output_shape=(4,))(x)
    return keras.Model(x, y + np.arange(4, dtype="float32"))


@_builder
def custom_layer() -> Any:
    import keras

    class Scale(keras.layers.Layer):
        def __init__(self, factor: float = 1.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.factor = factor

        def build(self, shape: Any) -> None:
            self.gain = self.add_weight(shape=(shape[-1],))
            self.mean = self.add_weight(shape=(shape[-1],), trainable=False)

        def call(self, x: Any) -> Any:
            return x * self.gain * self.factor

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "factor": self.factor}

    x = keras.Input((4,))
    return keras.Model(x, Scale(2.0)(Scale(name="given")(x)))


@_builder
def subclassed() -> Any:
    """Blocks of blocks, an output by name, a layer that is never called."""
    import keras
    import numpy as np
    from keras import layers, ops

    class Block(layers.Layer):
        def __init__(self, units: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.grow = layers.Dense(2 * units, activation="gelu")
            self.shrink = layers.Dense(units)
            self.norm = layers.LayerNormalization()

        def call(self, x: Any) -> Any:
            return self.norm(x + self.shrink(self.grow(x)))

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="blocks")
            self.blocks = [Block(8) for _ in range(3)]
            self.head = layers.Dense(2, name="head")
            self.spare = layers.Dense(3, name="spare")

        def call(self, x: Any) -> Any:
            for block in self.blocks:
                x = block(x)
            return {"logits": self.head(x), "probabilities": ops.softmax(self.head(x))}

    net = Net()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Keras, about the spare layer
        net(np.zeros((2, 4, 8), "float32"))
    return net


@_builder
def subclassed_unbuilt() -> Any:
    import keras
    from keras import layers

    class Late(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    return Late()


@_builder
def sequential_unbuilt() -> Any:
    import keras
    from keras import layers

    return keras.Sequential([layers.Dense(3), layers.Dropout(0.2), layers.Dense(1)])


@_builder
def no_layers() -> Any:
    import keras

    return keras.Sequential()


@_builder
def no_weights() -> Any:
    import keras
    from keras import layers

    return keras.Sequential([keras.Input((4, 4)), layers.Flatten(), layers.Activation("relu")])


@_builder
def identity() -> Any:
    """An input that is the output, and one that nothing uses."""
    import keras

    x, unused = keras.Input((3,), name="x"), keras.Input((2,), name="unused")
    return keras.Model([x, unused], [x, keras.layers.Dense(1)(x)])


@_builder
def sparse_input() -> Any:
    import keras
    from keras import layers

    x = keras.Input((100,), sparse=True, name="bag")
    return keras.Model(x, layers.Dense(4)(x))


@_builder
def ragged_input() -> Any:
    import keras
    from keras import layers

    x = keras.Input((None, 4), ragged=True, name="rows")
    return keras.Model(x, layers.Activation("tanh")(x))


@_builder
def preprocessing() -> Any:
    import keras
    from keras import layers

    image = keras.Input((32, 32, 3), dtype="uint8", name="image")
    x = layers.Rescaling(1 / 255)(image)
    x = layers.RandomFlip("horizontal", seed=1)(x)
    x = layers.Resizing(16, 16)(x)
    normalization = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 1.0, 1.0])
    word = keras.Input((), dtype="string", name="word")
    looked_up = layers.StringLookup(vocabulary=[f"w{i}" for i in range(100)], output_mode="one_hot")(word)
    joined = layers.Concatenate()([layers.Flatten()(normalization(x)), looked_up])
    return keras.Model([image, word], layers.Dense(2)(joined))


@_builder
def transformer() -> Any:
    import keras
    from keras import layers

    tokens = keras.Input((32,), dtype="int32", name="tokens")
    x = layers.Embedding(1000, 64, name="embed")(tokens)
    for _ in range(4):
        attended = layers.MultiHeadAttention(4, 16)(x, x)
        x = layers.LayerNormalization()(layers.Add()([x, attended]))
        wide = layers.Dense(256, activation="gelu")(x)
        x = layers.LayerNormalization()(layers.Add()([x, layers.Dense(64)(wide)]))
    return keras.Model(tokens, layers.Dense(1000, name="logits")(x), name="transformer")


@_builder
def inception() -> Any:
    import keras
    from keras import layers

    x = keras.Input((35, 35, 192), name="x")
    branch1 = layers.Conv2D(64, 1, activation="relu", name="b1x1")(x)
    branch2 = layers.Conv2D(64, 5, padding="same", name="b5x5")(layers.Conv2D(48, 1, name="b5x5_reduce")(x))
    branch3 = layers.Conv2D(96, 3, padding="same", name="b3x3")(layers.Conv2D(64, 1, name="b3x3_reduce")(x))
    branch4 = layers.Conv2D(32, 1, name="pool_project")(layers.AveragePooling2D(3, 1, padding="same", name="pool")(x))
    return keras.Model(x, layers.Concatenate(name="mixed")([branch1, branch2, branch3, branch4]), name="inception")


@_builder
def many_lanes() -> Any:
    """More lanes than are drawn: some inputs become references."""
    import keras
    from keras import layers

    x = keras.Input((8,))
    heads = [layers.Dense(1, name=f"head{number}")(x) for number in range(20)]
    unnamed = [layers.Dense(1)(x) for _ in range(4)]
    return keras.Model(x, layers.Concatenate()([*reversed(heads), *unnamed]))


@_builder
def compiled() -> Any:
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(1)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    return model


@_builder
def constants_in_calls() -> Any:
    """A layer called on a constant, which has no node."""
    import keras
    from keras import layers, ops

    class Positions(layers.Layer):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.embed = layers.Embedding(16, 8)

        def call(self, x: Any) -> Any:
            return x + self.embed(ops.arange(16))

    x = keras.Input((16, 8))
    return keras.Model(x, Positions()(x))
