"""Pairs of small models, old and new, whose weights load, get lost, fail, or end up in the wrong layers.

Layers of the same name are counterparts; `renamed` has the others, new name to old, "" for what is new. Names that look
automatic (`dense_4`) are written out, so that they do not depend on what was built before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Build = Callable[[], Any]


@dataclass(frozen=True)
class Pair:
    before: Build
    after: Build
    renamed: Mapping[str, str] = field(default_factory=dict)


def _k() -> Any:
    import keras

    return keras


def _l() -> Any:
    return _k().layers


def dense(name: str, units: int = 4, **more: Any) -> Any:
    return _l().Dense(units, name=name, **more)


def conv(name: str, filters: int = 3, **more: Any) -> Any:
    return _l().Conv1D(filters, 1, name=name, **more)


def bn(name: str, **more: Any) -> Any:
    return _l().BatchNormalization(name=name, **more)


def act(name: str) -> Any:
    return _l().Activation("relu", name=name)


def chain(*make: Callable[[], Any], shape: tuple[int, ...] = (4,), dtype: str = "float32", name: str = "net") -> Build:
    """A functional model of layers one after the other."""

    def build() -> Any:
        x = inputs = _k().Input(shape, dtype=dtype, name="in")
        for one in make:
            x = one()(x)
        return _k().Model(inputs, x, name=name)

    return build


def denses(*names: str, units: int = 4, **more: Any) -> Build:
    return chain(*(lambda name=name: dense(name, units, **more) for name in names))  # type: ignore[misc]


def seq(*make: Callable[[], Any], shape: tuple[int, ...] | None = (4,), name: str = "seq", first: bool = True) -> Build:
    def build() -> Any:
        layers = [one() for one in make]
        model = _k().Sequential([_k().Input(shape), *layers] if first else layers, name=name)
        if not first:
            model.build((None, *(shape or ())))
        return model

    return build


def towers(
    swap: bool = False, dot: bool = True, units: tuple[int, int] = (4, 4), names: tuple[str, str] = ("user", "item")
):
    def build() -> Any:
        a, b = _k().Input((4,), name="a"), _k().Input((4,), name="b")
        u, i = dense(names[0], units[0])(a), dense(names[1], units[1])(b)
        merge = _l().Dot(1, name="merge") if dot else _l().Concatenate(name="merge")
        return _k().Model([a, b], merge([i, u] if swap else [u, i]), name="towers")

    return build


def branches(first: int = 0, second: int = 0, swap: bool = False, order: str = "ab") -> Build:
    """Two parallel branches, with some weightless layers in front of the dense layer of one of them."""

    def build() -> Any:
        inputs = _k().Input((4,), name="in")
        ends = {}
        for which in order:
            x = inputs
            for number in range({"a": first, "b": second}[which]):
                x = act(f"act_{which}{number}")(x)
            ends[which] = dense(which)(x)
        both = [ends["b"], ends["a"]] if swap else [ends["a"], ends["b"]]
        return _k().Model(inputs, dense("head")(_l().Concatenate(name="cat")(both)), name="branches")

    return build


def nested(
    *inner: Callable[[], Any], outer: tuple[Callable[[], Any], ...] = (), name: str = "enc", sequential: bool = False
):
    """A model in a model, between two dense layers."""

    def build() -> Any:
        body = (seq if sequential else chain)(*inner, name=name)()
        x = inputs = _k().Input((4,), name="in")
        x = dense("first")(x)
        x = body(x)
        for one in outer:
            x = one()(x)
        return _k().Model(inputs, dense("last")(x), name="outer")

    return build


def two_nested(swap: bool = False, names: tuple[str, str] = ("enc_a", "enc_b")) -> Build:
    def build() -> Any:
        a, b = _k().Input((4,), name="a"), _k().Input((4,), name="b")
        one, two = denses("d1", "d2")(), denses("d1", "d2")()
        one.name, two.name = names
        u, v = one(a), two(b)
        return _k().Model([a, b], _l().Subtract(name="sub")([v, u] if swap else [u, v]), name="pair")

    return build


def towers_inside(swap: bool = False) -> Build:
    """The towers as a model in a model."""

    def build() -> Any:
        a, b = _k().Input((4,), name="a"), _k().Input((4,), name="b")
        inner = towers(swap)()
        return _k().Model([a, b], dense("last")(inner([a, b])), name="outer")

    return build


def shared(calls: int = 2, separate: bool = False) -> Build:
    def build() -> Any:
        inputs = [_k().Input((4,), name=f"in{n}") for n in range(calls)]
        one = dense("shared")
        ends = [(dense("shared" if n == 0 else f"apart{n}") if separate else one)(x) for n, x in enumerate(inputs)]
        return _k().Model(inputs, dense("head")(_l().Concatenate(name="cat")(ends)), name="net")

    return build


def attention(heads: int = 2, width: int = 3, cross: bool = False, **more: Any) -> Build:
    def build() -> Any:
        x = _k().Input((5, 4), name="in")
        layer = _l().MultiHeadAttention(heads, width, name="mha", **more)
        y = dense("pre")(x)
        return _k().Model(x, dense("post")(layer(y, x if cross else y)), name="net")

    return build


def two_attentions(swap: bool = False) -> Build:
    def build() -> Any:
        a, b = _k().Input((5, 4), name="a"), _k().Input((5, 4), name="b")
        u = _l().MultiHeadAttention(2, 3, name="mha_a")(a, a)
        v = _l().MultiHeadAttention(2, 3, name="mha_b")(b, b)
        return _k().Model([a, b], _l().Subtract(name="sub")([v, u] if swap else [u, v]), name="net")

    return build


def grouped(heads: int = 2, shared_heads: int = 1, **more: Any) -> Build:
    def build() -> Any:
        x = _k().Input((5, 4), name="in")
        return _k().Model(x, _l().GroupQueryAttention(3, heads, shared_heads, name="gqa", **more)(x, x), name="net")

    return build


def rnn(make: Callable[[], Any]) -> Build:
    return chain(make, lambda: dense("head"), shape=(5, 4))


def lstm(units: int = 3, name: str = "r", **more: Any) -> Callable[[], Any]:
    return lambda: _l().LSTM(units, name=name, **more)


def both_ways(units: int = 3, kind: str = "LSTM", **more: Any) -> Callable[[], Any]:
    return lambda: _l().Bidirectional(getattr(_l(), kind)(units), name="bi", **more)


def stacked(*cells: tuple[str, int]) -> Callable[[], Any]:
    return lambda: _l().RNN([getattr(_l(), kind)(units) for kind, units in cells], name="r")


def timed(units: int = 3, inner: str = "") -> Callable[[], Any]:
    def make() -> Any:
        if inner == "model":
            body = _k().Sequential([_k().Input((4,)), dense("d1", units), dense("d2", units)], name="body")
            return _l().TimeDistributed(body, name="td")
        if inner:
            return _l().TimeDistributed(getattr(_l(), inner)(units, 1), name="td")
        return _l().TimeDistributed(_l().Dense(units), name="td")

    return make


def quantized(build: Build, mode: str = "int8", only: tuple[str, ...] = ()) -> Build:
    def made() -> Any:
        model = build()
        for layer in model._flatten_layers(include_self=False):
            if type(layer).__name__ in {"Dense", "EinsumDense", "Embedding"} and (not only or layer.name in only):
                layer.quantize(mode)
        return model

    return made


def lora(build: Build, *names: str) -> Build:
    def made() -> Any:
        model = build()
        for name in names:
            layer = model.get_layer(name)
            layer.enable_lora(2)
            for variable in layer.weights:
                if variable.name.startswith("lora_"):
                    variable.assign(variable * 0)
        return model

    return made


def frozen(build: Build, *names: str) -> Build:
    def made() -> Any:
        model = build()
        for name in names:
            model.get_layer(name).trainable = False
        if not names:
            model.trainable = False
        return model

    return made


def embedding(tokens: int = 9, width: int = 4, **more: Any) -> Build:
    return chain(
        lambda: _l().Embedding(tokens, width, name="emb", **more), lambda: dense("head"), shape=(5,), dtype="int32"
    )


def normalization(axis: int | None = -1, **more: Any) -> Build:
    return chain(lambda: _l().Normalization(axis=axis, name="norm", **more), lambda: dense("head"))


def compiled(build: Build) -> Build:
    def made() -> Any:
        model = build()
        model.compile("sgd", "mse", metrics=["mae"])
        return model

    return made


def subclassed(
    attributes: tuple[str, ...] = ("one", "two"),
    *,
    order: tuple[int, ...] | None = None,
    units: int = 4,
    own: int = 0,
    kinds: str = "direct",
    functional: bool = False,
    extra: str = "",
) -> Build:
    """A subclassed model of dense layers that are called one after the other.

    Args:
        attributes: Where the layers are; the layer at attribute `x` has the name `x`.
        order: In which order they are made.
        units: Their width.
        own: Size of an array of the model itself; 0 for none.
        kinds: `direct` attributes, a `list`, a `dict`, a `tuple`, lists in a list (`lists`), `dict of lists`.
        functional: It is built by the functional API in `__init__`, and keeps the attributes.
        extra: A `composite` or `leaf` layer of a user's class at the end.
    """

    def build() -> Any:
        keras = _k()

        class Scale(keras.layers.Layer):
            def build(self, shape: Any) -> None:
                self.scale = self.add_weight(shape=(shape[-1],), name="scale")
                self.shift = self.add_weight(shape=(shape[-1],), name="shift", trainable=False)

            def call(self, x: Any) -> Any:
                return x * self.scale + self.shift

        class Block(keras.layers.Layer):
            def __init__(self, **more: Any) -> None:
                super().__init__(**more)
                self.up = keras.layers.Dense(units, name="up")
                self.steps = [keras.layers.Dense(units, name="step0"), keras.layers.Dense(units, name="step1")]
                self.attend = keras.layers.MultiHeadAttention(1, 2, name="attend")

            def build(self, shape: Any) -> None:
                self.bias = self.add_weight(shape=(units,), name="bias")
                for layer in (self.up, *self.steps):
                    layer.build(shape)
                self.attend.build((None, 1, units), (None, 1, units))

            def call(self, x: Any) -> Any:
                x = self.up(x) + self.bias
                for step in self.steps:
                    x = step(x)
                y = keras.ops.expand_dims(x, 1)
                return keras.ops.squeeze(self.attend(y, y), 1)

        def make(name: str) -> Any:
            return keras.layers.Dense(units, name=name)

        def last() -> Any:
            return {"leaf": Scale, "composite": Block}[extra](name="extra")

        numbers = order or tuple(range(len(attributes)))

        class Wired(keras.Model):
            def __init__(self) -> None:
                made = {attributes[n]: make(attributes[n]) for n in numbers}
                x = inputs = keras.Input((4,), name="in")
                for name in attributes:
                    x = made[name](x)
                super().__init__(inputs, x, name="net")
                for name, layer in made.items():
                    setattr(self, name, layer)

        class Net(keras.Model):
            def __init__(self) -> None:
                super().__init__(name="net")
                made = {attributes[n]: make(attributes[n]) for n in numbers}
                self.holder: Any = None
                if kinds == "direct":
                    for name, layer in made.items():
                        setattr(self, name, layer)
                elif kinds == "list":
                    self.holder = [made[name] for name in attributes]
                elif kinds == "tuple":
                    self.holder = tuple(made[name] for name in attributes)
                elif kinds == "dict":
                    self.holder = {name: made[name] for name in attributes}
                elif kinds == "lists":
                    self.holder = [[made[name]] for name in attributes]
                elif kinds == "dict of lists":
                    self.holder = {name: [made[name]] for name in attributes}
                self.run = lambda x: [x := made[name](x) for name in attributes][-1]
                if extra:
                    self.extra = last()

            def build(self, shape: Any) -> None:
                if own:
                    self.own = self.add_weight(shape=(own,), name="own")
                super().build(shape)

            def call(self, x: Any) -> Any:
                x = self.run(x)
                return self.extra(x) if extra else x

        if functional:
            return Wired()
        model = Net()
        model.build((None, 4))
        model(keras.ops.zeros((1, 4)))
        return model

    return build


def custom(kind: str = "leaf", size: int = 4, name: str = "scale", attribute: str = "up", two: bool = False) -> Build:
    """A functional model with a layer of a user's class."""

    def build() -> Any:
        keras = _k()

        class Scale(keras.layers.Layer):
            def build(self, shape: Any) -> None:
                self.scale = self.add_weight(shape=(size,), name="scale")
                if two:
                    self.shift = self.add_weight(shape=(1,), name="shift")

            def call(self, x: Any) -> Any:
                return x * keras.ops.sum(self.scale)

        class Block(keras.layers.Layer):
            def __init__(self, **more: Any) -> None:
                super().__init__(**more)
                setattr(self, attribute, keras.layers.Dense(size, name="up"))
                self.down = keras.layers.Dense(4, name="down")

            def build(self, shape: Any) -> None:
                getattr(self, attribute).build(shape)
                self.down.build((None, size))

            def call(self, x: Any) -> Any:
                return self.down(getattr(self, attribute)(x))

            def compute_output_shape(self, shape: Any) -> Any:
                return (*shape[:-1], 4)

        class Aliased(Block):
            @property
            def alias(self) -> Any:
                return self._up

        Aliased.__name__ = "Block"

        class Own(Scale):
            def save_own_variables(self, store: Any) -> None:
                store["mine"] = self.scale

            def load_own_variables(self, store: Any) -> None:
                self.scale.assign(store["mine"])

        class Wide(keras.layers.Dense):
            pass

        class Cell(keras.layers.LSTMCell):
            pass

        makes = {
            "leaf": lambda: Scale(name=name),
            "composite": lambda: Block(name=name),
            "aliased": lambda: Aliased(name=name),
            "own": lambda: Own(name=name),
            "dense": lambda: Wide(size, name=name),
            "timed": lambda: keras.layers.TimeDistributed(Block(name="block"), name=name),
            "cell": lambda: keras.layers.RNN(Cell(size), name=name),
        }
        shape = (5, 4) if kind in {"timed", "cell"} else (4,)
        return chain(lambda: dense("first"), makes[kind], lambda: dense("last"), shape=shape)()

    return build


def applied(name: str, **more: Any) -> Build:
    """A small part of a known network: blocks of convolutions as VGG has them."""
    blocks = {"vgg16": (2, 2, 3, 3), "vgg19": (2, 2, 4, 4)}[name]

    def build() -> Any:
        x = inputs = _k().Input((16, 3), name="in")
        for number, (count, filters) in enumerate(zip(blocks, (2, 3, 4, 4), strict=True), 1):
            for step in range(1, count + 1):
                x = _l().Conv1D(filters, 3, padding="same", name=f"block{number}_conv{step}")(x)
            x = _l().MaxPooling1D(name=f"block{number}_pool")(x)
        return _k().Model(inputs, dense("predictions")(_l().Flatten(name="flatten")(x)), name=name)

    return build
