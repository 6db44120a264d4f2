"""Models and layers that declare no graph, one of each kind that has its own way of being difficult to trace.

Each builder returns the model, built where its kind says so, and what to trace it with if Keras noted nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["KINDS", "Kind"]

Built = tuple[Any, Any]
ALL = ("symbolic", "graph", "eager")


@dataclass(frozen=True)
class Kind:
    """A kind of model, and what a trace of it must find."""

    build: Callable[[], Built]
    calls: str
    """Class names of the direct calls by the first route that opens it, implied ones in parentheses."""
    how: str = "traced"
    routes: tuple[str, ...] = ALL
    """Those that hear every call of a layer."""
    unknown: int = 0
    """How many tensors come from nowhere by the first route."""

    @property
    def name(self) -> str:
        return self.build.__name__


KINDS: list[Kind] = []


def kind(calls: str, **facts: Any) -> Callable[[Callable[[], Built]], Callable[[], Built]]:
    def register(build: Callable[[], Built]) -> Callable[[], Built]:
        KINDS.append(Kind(build, calls, **facts))
        return build

    return register


def call(model: Any, *shapes: tuple[int, ...], dtype: str = "float32", **named: tuple[int, ...]) -> None:
    """Build a model as people do: by calling it."""
    import numpy as np

    model(*(np.ones(s, dtype) for s in shapes), **{k: np.ones(s, dtype) for k, s in named.items()})


@kind("Dense Dropout Dense")
def plain() -> Built:
    import keras

    class Plain(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.hidden = keras.layers.Dense(8, activation="relu")
            self.drop = keras.layers.Dropout(0.5)
            self.head = keras.layers.Dense(2)

        def call(self, x: Any, training: bool = False) -> Any:
            return self.head(self.drop(self.hidden(x), training=training))

    model = Plain()
    call(model, (4, 3))
    return model, None


@kind("Dense Dropout Dense")
def unbuilt() -> Built:
    model = type(plain()[0])()
    return model, (None, 3)


@kind("Dense Dense Concatenate")
def dict_inputs() -> Built:
    import keras
    import numpy as np

    class Wide(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.left, self.right = keras.layers.Dense(4), keras.layers.Dense(5)
            self.join = keras.layers.Concatenate()

        def call(self, inputs: Any) -> Any:
            return {"joined": self.join([self.left(inputs["b"]), self.right(inputs["a"])])}

    model = Wide()
    model({"b": np.ones((2, 3)), "a": np.ones((2, 6))})
    return model, None


@kind("Dense Dense Add")
def two_arguments() -> Built:
    import keras

    class Pair(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def build(self, query_shape: Any, context_shape: Any) -> None:
            self.one.build(query_shape)
            self.two.build(context_shape)

        def call(self, query: Any, context: Any) -> Any:
            return self.one(query) + self.two(context)

    model = Pair()
    call(model, (2, 3), (2, 5))
    return model, None


@kind("Dense Dense Add")
def keyword_only() -> Built:
    import keras

    class Keyword(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, *, image: Any, text: Any) -> Any:
            return self.one(image) + self.two(text)

    return Keyword(), {"image": (None, 3), "text": (None, 7)}


@kind("(NotEqual) Embedding LSTM Dense")
def masks() -> Built:
    import keras

    class Tagger(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.embed = keras.layers.Embedding(10, 4, mask_zero=True)
            self.read = keras.layers.LSTM(6)
            self.head = keras.layers.Dense(2)

        def call(self, ids: Any, training: Any = None, mask: Any = None) -> Any:
            return self.head(self.read(self.embed(ids)))

    model = Tagger()
    call(model, (2, 5), dtype="int32")
    return model, None


@kind("Dense Dense Dense Reshape Transpose")
def shapes_in_python() -> Built:
    import keras
    from keras import ops

    class Shapes(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.steps = [keras.layers.Dense(4) for _ in range(3)]

        def call(self, x: Any) -> Any:
            for number in range(x.shape[1]):
                x = self.steps[number](x)
            if len(x.shape) == 3:
                x = ops.transpose(ops.reshape(x, (-1, *x.shape[1:])), (0, 2, 1))
            return x

    model = Shapes()
    call(model, (2, 3, 5))
    return model, None


@kind("Inner Dense Inner")
def nested() -> Built:
    import keras

    class Innermost(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    class Inner(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(4)
            self.deeper = Innermost()

        def call(self, x: Any) -> Any:
            return self.deeper(self.dense(x))

    class Outer(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = Inner(), Inner()
            self.dense = keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            return self.second(self.dense(self.first(x)))

    model = Outer()
    call(model, (2, 3))
    return model, None


@kind("Dense Dense Dense Subtract")
def shared() -> Built:
    import keras
    from keras import ops

    class Siamese(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.tower, self.head = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, inputs: Any) -> Any:
            left, right = inputs
            return ops.subtract(self.tower(left), self.head(self.tower(right)))

    model = Siamese()
    model([__import__("numpy").ones((2, 3)), __import__("numpy").ones((2, 3))])
    return model, None


@kind("Dense Dense Dense Dense")
def containers() -> Built:
    import keras

    class Containers(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.steps = [keras.layers.Dense(4), (keras.layers.Dense(4),)]
            self.named = {"a": keras.layers.Dense(4), "b": {"c": keras.layers.Dense(4)}}

        def call(self, x: Any) -> Any:
            x = self.steps[1][0](self.steps[0](x))
            return self.named["b"]["c"](self.named["a"](x))

    model = Containers()
    call(model, (2, 3))
    return model, None


@kind("Dense Relu AddV2 Dense Reshape", how="recorded", routes=("graph", "eager"))
def raw_tensorflow() -> Built:
    import keras
    import tensorflow as tf

    class Raw(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            y = self.one(x)
            y = self.two(tf.nn.relu(y) + y)
            return tf.reshape(y, (tf.shape(y)[0], 2, 2))

    model = Raw()
    call(model, (2, 3))
    return model, None


@kind("Dense Concatenate Dense")
def batch_in_python() -> Built:
    import keras
    from keras import ops

    class Padded(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            y = self.one(x)
            return self.two(ops.concatenate([y, ops.zeros((ops.shape(x)[0], 3))], axis=-1))

    model = Padded()
    call(model, (2, 3))
    return model, None


@kind("Dense Max Dense Dense", how="recorded", routes=("eager",))
def values_in_python() -> Built:
    import keras
    from keras import ops

    class Branching(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two, self.three = (keras.layers.Dense(4) for _ in range(3))

        def call(self, x: Any) -> Any:
            y = self.one(x)
            if ops.max(y) < 1e9:
                y = self.two(y)
            return self.three(y)

    model = Branching()
    call(model, (2, 3))
    return model, (None, 3)


@kind("Dense Dense", how="recorded", routes=("eager",), unknown=1)
def numpy_in_python() -> Built:
    import keras
    import numpy as np

    class Numpy(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            y = keras.ops.convert_to_numpy(self.one(x))
            return self.two(keras.ops.convert_to_tensor(np.sort(y)))

    model = Numpy()
    call(model, (2, 3))
    return model, (None, 3)


@kind("Dense Dense")
def tf_function() -> Built:
    import keras
    import tensorflow as tf

    class Compiled(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        @tf.function
        def helper(self, x: Any) -> Any:
            return self.two(x)

        @tf.function
        def call(self, x: Any) -> Any:
            return self.helper(self.one(x))

    model = Compiled()
    call(model, (2, 3))
    call(model, (2, 3))
    return model, (None, 3)


@kind("Dense Sum Dense")
def add_loss() -> Built:
    import keras
    from keras import ops

    class Regularized(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one = keras.layers.Dense(4, activity_regularizer="l2", kernel_regularizer="l1")
            self.two = keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            y = self.one(x)
            self.add_loss(ops.sum(y))
            return self.two(y)

    model = Regularized()
    call(model, (2, 3))
    assert len(model.losses) == 3
    return model, None


@kind("Dense Dense")
def metric_update() -> Built:
    import keras

    class Metered(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)
            self.mean = keras.metrics.Mean()

        def call(self, x: Any) -> Any:
            y = self.one(x)
            self.mean.update_state(y)
            return self.two(y)

    model = Metered()
    call(model, (2, 3))
    return model, None


@kind("Dense Mean Add")
def assignment() -> Built:
    import keras
    import tensorflow as tf
    from keras import ops

    class Counting(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one = keras.layers.Dense(4)
            self.total = self.add_weight(shape=(), trainable=False, name="total", initializer="zeros")
            self.calls = tf.Variable(0)

        def call(self, x: Any) -> Any:
            y = self.one(x)
            self.total.assign(self.total + ops.mean(y))
            self.calls.assign_add(1)
            return y

    model = Counting()
    call(model, (2, 3))
    return model, None


@kind("Dense Add Dropout")
def seeds() -> Built:
    import keras
    from keras import ops

    class Noisy(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one = keras.layers.Dense(4)
            self.drop = keras.layers.Dropout(0.5)
            self.seed = keras.random.SeedGenerator(7)

        def call(self, x: Any) -> Any:
            noise = keras.random.normal((4,), seed=self.seed) + keras.random.uniform((4,))
            return self.drop(ops.add(self.one(x), noise), training=True)

    model = Noisy()
    call(model, (2, 3))
    return model, None


@kind("Conv2D BatchNormalization ReLU")
def batch_norm() -> Built:
    import keras

    class Block(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv = keras.layers.Conv2D(4, 3, padding="same")
            self.norm = keras.layers.BatchNormalization()
            self.relu = keras.layers.ReLU()

        def call(self, x: Any, training: Any = None) -> Any:
            return self.relu(self.norm(self.conv(x), training=True))

    model = Block()
    call(model, (2, 8, 8, 3))
    return model, None


@kind("(Cast) Matmul Dense")
def mixed_precision() -> Built:
    import keras
    from keras import ops

    class Raw(keras.Model):
        def __init__(self) -> None:
            super().__init__(dtype="mixed_float16")
            self.dense = keras.layers.Dense(4, dtype="mixed_float16")

        def build(self, input_shape: Any) -> None:
            self.kernel = self.add_weight(shape=(input_shape[-1], 8), name="kernel")
            self.dense.build((*input_shape[:-1], 8))

        def call(self, x: Any) -> Any:
            return self.dense(ops.matmul(x, self.kernel))

    model = Raw()
    call(model, (2, 3))
    return model, None


@kind("Embedding Embedding ExpandDims Add")
def constants() -> Built:
    import keras
    from keras import ops

    class Positions(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.tokens, self.positions = keras.layers.Embedding(10, 4), keras.layers.Embedding(6, 4)

        def call(self, ids: Any) -> Any:
            return self.tokens(ids) + ops.expand_dims(self.positions(ops.arange(ids.shape[1])), 0)

    model = Positions()
    call(model, (2, 6), dtype="int32")
    return model, None


@kind("Dense Dense Relu")
def attributes() -> Built:
    import collections

    import keras
    import numpy as np

    class Notes:
        def __init__(self) -> None:
            self.last = None

    class Keeping(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)
            self.last = None
            self.history, self.by_name, self.kinds = [], {"old": [1]}, {"old"}
            self.recent = collections.deque([1], maxlen=1)
            self.notes, self.counts = Notes(), np.zeros(3)
            self.random = np.random.default_rng(1)

        def build(self, input_shape: Any) -> None:
            self.one.build(input_shape)
            self.two.build((*input_shape[:-1], 4))

        def call(self, x: Any) -> Any:
            self.last = self.one(x)
            self.added = self.two(self.last)
            self.history.append(x)
            self.by_name["old"].append(2)
            self.by_name["new"] = self.last
            self.kinds.add("new")
            self.recent.append(2)
            self.notes.last = self.last
            self.counts[0] += self.random.random()
            return keras.ops.relu(self.added)

    model = Keeping()
    model.build((None, 3))
    return model, None


@kind("Block Block Dense")
def composite_layers() -> Built:
    import keras

    @keras.saving.register_keras_serializable("tests")
    class Block(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.grow, self.shrink = keras.layers.Dense(8), keras.layers.Dense(4)

        def build(self, input_shape: Any) -> None:
            self.grow.build(input_shape)
            self.shrink.build((*input_shape[:-1], 8))

        def call(self, x: Any, scale: float = 1.0) -> Any:
            return x + self.shrink(self.grow(x)) * scale

    class Stack(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = [Block() for _ in range(2)]
            self.head = keras.layers.Dense(1)

        def call(self, x: Any) -> Any:
            for block in self.blocks:
                x = block(x, scale=0.5)
            return self.head(x)

    model = Stack()
    call(model, (2, 4))
    return model, None


@kind("Add")
def layer_alone() -> Built:
    import keras

    class Residual(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)])

        def call(self, x: Any) -> Any:
            return x + x

    layer = Residual()
    call(layer, (2, 4))
    return layer, None


@kind("Functional Sequential Bidirectional MultiHeadAttention TimeDistributed")
def built_in_composites() -> Built:
    import keras

    class Mixed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            entry = keras.Input((5, 3))
            self.functional = keras.Model(entry, keras.layers.Dense(4)(entry))
            self.chain = keras.Sequential([keras.layers.Dense(4), keras.layers.ReLU()])
            self.both = keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))
            self.attend = keras.layers.MultiHeadAttention(2, 4)
            self.each = keras.layers.TimeDistributed(keras.layers.Dense(2))

        def call(self, x: Any) -> Any:
            x = self.both(self.chain(self.functional(x)))
            return self.each(self.attend(x, x))

    model = Mixed()
    call(model, (2, 5, 3))
    return model, None


@kind("Dense Dense")
def trained() -> Built:
    import keras
    import numpy as np

    class Trained(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)

        def call(self, x: Any) -> Any:
            return self.two(self.one(x))

    model = Trained()
    model.compile("adam", "mse", metrics=["mae"], run_eagerly=True)
    model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
    return model, None


@kind("Dense Dense")
def build_of_keras_2() -> Built:
    import keras

    class Old(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one = keras.layers.Dense(4)

        def build(self, input_shape: Any) -> None:
            self.two = keras.layers.Dense(input_shape[-1])
            self.scale = keras.Variable([1.0, 2.0], name="scale")
            super().build(input_shape)

        def call(self, x: Any) -> Any:
            return self.two(self.one(x))

    return Old(), (None, 3)


@kind("Dense Dense Dense")
def made_in_call() -> Built:
    import keras

    class Lazy(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = None, keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            if self.one is None:
                self.one = keras.layers.Dense(4)
            return keras.layers.Dense(2)(self.two(self.one(x)))

    return Lazy(), (None, 3)


@kind("Dense Dropout Add")
def passed_through() -> Built:
    import keras

    class Skip(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense, self.drop, self.add = keras.layers.Dense(3), keras.layers.Dropout(0.5), keras.layers.Add()

        def call(self, x: Any) -> Any:
            y = self.dense(x)
            return self.add([self.drop(y), y])

    model = Skip()
    call(model, (2, 3))
    return model, None


@kind("Dense Dense")
def held_elsewhere() -> Built:
    import keras

    class Holder:
        def __init__(self) -> None:
            self.layer = keras.layers.Dense(4)

    outside, holder = keras.layers.Dense(4), Holder()

    class Hidden(keras.Model):
        def call(self, x: Any) -> Any:
            return holder.layer(outside(x))

    model = Hidden()
    call(model, (2, 3))
    return model, None


@kind("", how="", routes=())
def no_call() -> Built:
    import keras

    class Empty(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one = keras.layers.Dense(4)

    return Empty(), (None, 3)


@kind("", how="", routes=())
def raising() -> Built:
    import keras

    class Broken(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.mean = keras.layers.Dense(4), keras.metrics.Mean()
            self.notes: list[Any] = []

        def call(self, x: Any) -> Any:
            y = self.one(x)
            self.mean.update_state(y)
            self.notes.append(y)
            self.last = y
            raise RuntimeError("no such thing")

    return Broken(), (None, 3)
