"""The pairs that the weights verdict is held against, by name."""

from __future__ import annotations

from typing import Any

from tests.keras.loading_pairs import (
    Pair,
    _l,
    act,
    applied,
    attention,
    bn,
    both_ways,
    branches,
    chain,
    compiled,
    conv,
    custom,
    dense,
    denses,
    embedding,
    frozen,
    grouped,
    lora,
    lstm,
    nested,
    normalization,
    quantized,
    rnn,
    seq,
    shared,
    stacked,
    subclassed,
    timed,
    towers,
    towers_inside,
    two_attentions,
    two_nested,
)


def _d(*names: str, **more: Any) -> list[Any]:
    return [lambda name=name: dense(name, **more) for name in names]


def _c(*names: str, **more: Any) -> list[Any]:
    return [lambda name=name: conv(name, **more) for name in names]


_CONVS = ("c1", "c2", "c3", "c4", "c5")
_SHAPE = (6, 3)

CHAINS = {
    "same": Pair(denses("a", "b", "c"), denses("a", "b", "c")),
    "same, compiled": Pair(compiled(denses("a", "b")), compiled(denses("a", "b"))),
    "automatic names, counter moved": Pair(
        denses("dense", "dense_1", "dense_2"),
        denses("dense_1", "dense_2", "dense_3"),
        {"dense_1": "dense", "dense_2": "dense_1", "dense_3": "dense_2"},
    ),
    "automatic names, counter far away": Pair(
        denses("dense", "dense_1"), denses("dense_7", "dense_8"), {"dense_7": "dense", "dense_8": "dense_1"}
    ),
    "renamed": Pair(denses("a", "b"), denses("a", "z"), {"z": "b"}),
    "names swapped": Pair(denses("a", "b"), denses("b", "a"), {"b": "a", "a": "b"}),
    "one added at the end": Pair(denses("a", "b"), denses("a", "b", "new")),
    "one added in front": Pair(denses("a", "b"), denses("new", "a", "b")),
    "last dropped": Pair(denses("a", "b", "c"), denses("a", "b")),
    "first dropped": Pair(denses("a", "b", "c"), denses("b", "c")),
    "first of five equal convolutions dropped": Pair(
        chain(*_c(*_CONVS), shape=_SHAPE), chain(*_c(*_CONVS[1:]), shape=_SHAPE)
    ),
    "middle one of five equal convolutions dropped": Pair(
        chain(*_c(*_CONVS), shape=_SHAPE), chain(*_c("c1", "c2", "c4", "c5"), shape=_SHAPE)
    ),
    "two layers swapped": Pair(denses("a", "b"), denses("b", "a")),
    "wider": Pair(denses("a", "b"), chain(lambda: dense("a", 6), lambda: dense("b"))),
    "wider input": Pair(denses("a", "b"), chain(*_d("a", "b"), shape=(5,))),
    "without bias": Pair(denses("a", "b"), chain(lambda: dense("a", use_bias=False), lambda: dense("b"))),
    "with bias": Pair(chain(lambda: dense("a", use_bias=False), lambda: dense("b")), denses("a", "b")),
    "another activation": Pair(denses("a", "b"), denses("a", "b", activation="relu")),
    "weightless layers added": Pair(
        denses("a", "b"), chain(lambda: dense("a"), lambda: act("x"), lambda: _l().Dropout(0.5, name="y"), *_d("b"))
    ),
    "normalization after each convolution": Pair(
        chain(*_c("c1", "c2"), shape=_SHAPE),
        chain(lambda: conv("c1"), lambda: bn("n1"), lambda: conv("c2"), lambda: bn("n2"), shape=_SHAPE),
    ),
    "normalization taken away": Pair(
        chain(lambda: conv("c1"), lambda: bn("n1"), lambda: conv("c2"), shape=_SHAPE),
        chain(*_c("c1", "c2"), shape=_SHAPE),
    ),
    "normalization without scale": Pair(chain(lambda: bn("n")), chain(lambda: bn("n", scale=False))),
    "normalization with scale instead of center": Pair(
        chain(lambda: bn("n", scale=False)), chain(lambda: bn("n", center=False))
    ),
    "layer normalization, one array for another": Pair(
        chain(lambda: _l().LayerNormalization(scale=False, name="n")),
        chain(lambda: _l().LayerNormalization(center=False, name="n")),
    ),
    "layer normalization without arrays": Pair(
        chain(lambda: _l().LayerNormalization(name="n"), *_d("d")),
        chain(lambda: _l().LayerNormalization(center=False, scale=False, name="n"), *_d("d")),
    ),
    "layer normalization with arrays": Pair(
        chain(lambda: _l().LayerNormalization(center=False, scale=False, name="n"), *_d("d")),
        chain(lambda: _l().LayerNormalization(name="n"), *_d("d")),
    ),
    "another normalization": Pair(
        chain(lambda: bn("n"), *_d("d")), chain(lambda: _l().LayerNormalization(name="n"), *_d("d"))
    ),
    "another class, same arrays": Pair(
        chain(lambda: _l().GroupNormalization(1, name="n"), *_d("d"), shape=_SHAPE),
        chain(lambda: _l().LayerNormalization(name="n"), *_d("d"), shape=_SHAPE),
    ),
    "new head": Pair(
        chain(*_d("a", "b"), lambda: dense("predictions", 7)),
        chain(*_d("a", "b"), lambda: dense("flowers", 5)),
        {"flowers": "predictions"},
    ),
    "new head of two": Pair(
        chain(*_d("a", "b"), lambda: dense("predictions", 7)),
        chain(*_d("a", "b"), lambda: dense("hidden", 6), lambda: dense("flowers", 5)),
        {"flowers": "predictions"},
    ),
    "numbered names move up": Pair(
        denses("fc_0", "fc_1", "fc_2"),
        denses("fc_0", "fc_1", "fc_2", "fc_3"),
        {"fc_0": "", "fc_1": "fc_0", "fc_2": "fc_1", "fc_3": "fc_2"},
    ),
    "VGG16 to VGG19": Pair(applied("vgg16"), applied("vgg19")),
    "VGG19 to VGG16": Pair(applied("vgg19"), applied("vgg16")),
    "sequential to functional": Pair(seq(*_d("a", "b")), denses("a", "b")),
    "functional to sequential": Pair(denses("a", "b"), seq(*_d("a", "b"))),
    "sequential, built later": Pair(seq(*_d("a", "b")), seq(*_d("a", "b"), first=False)),
    "sequential, one popped": Pair(seq(*_d("a", "b", "c")), seq(*_d("a", "b"))),
    "nothing with weights, before": Pair(chain(lambda: act("x")), denses("a")),
    "nothing with weights, after": Pair(denses("a"), chain(lambda: act("x"))),
    "nothing with weights": Pair(chain(lambda: act("x")), chain(lambda: act("x"), lambda: act("y"))),
    "depthwise for plain": Pair(
        chain(lambda: _l().DepthwiseConv1D(1, name="c"), *_d("d"), shape=_SHAPE),
        chain(*_c("c"), *_d("d"), shape=_SHAPE),
    ),
    "separable": Pair(
        chain(lambda: _l().SeparableConv1D(3, 2, name="c"), shape=_SHAPE),
        chain(lambda: _l().SeparableConv1D(3, 2, name="c", use_bias=False), shape=_SHAPE),
    ),
    "transposed": Pair(
        chain(lambda: _l().Conv1DTranspose(5, 2, name="c"), shape=_SHAPE),
        chain(lambda: _l().Conv1DTranspose(6, 2, name="c"), shape=_SHAPE),
    ),
    "other kernels": Pair(
        chain(lambda: _l().Conv1D(3, 3, name="c1"), lambda: conv("c2"), shape=_SHAPE),
        chain(*_c("c1", "c2"), shape=_SHAPE),
    ),
    "parametric": Pair(
        chain(lambda: _l().PReLU(name="p"), *_d("d"), shape=_SHAPE),
        chain(lambda: _l().PReLU(shared_axes=[1], name="p"), *_d("d"), shape=_SHAPE),
    ),
    "einsum": Pair(
        chain(lambda: _l().EinsumDense("ab,bc->ac", 4, bias_axes="c", name="e"), *_d("d")),
        chain(lambda: _l().EinsumDense("ab,bc->ac", 4, name="e"), *_d("d")),
    ),
    "mixed precision": Pair(denses("a", "b"), denses("a", "b", dtype="mixed_float16")),
    "half precision": Pair(denses("a", "b"), denses("a", "b", dtype="float16")),
}

GRAPHS = {
    "towers": Pair(towers(), towers()),
    "towers swapped": Pair(towers(), towers(True)),
    "towers swapped, other widths": Pair(towers(dot=False, units=(4, 5)), towers(True, dot=False, units=(4, 5))),
    "towers of automatic names swapped": Pair(
        towers(names=("dense", "dense_1")), towers(True, names=("dense", "dense_1"))
    ),
    "towers concatenated the other way": Pair(towers(dot=False), towers(True, dot=False)),
    "branches": Pair(branches(), branches(order="ba")),
    "two activations in the first branch": Pair(branches(), branches(first=2)),
    "two activations in the second branch": Pair(branches(), branches(second=2)),
    "one activation in the second branch": Pair(branches(), branches(second=1)),
    "branches swapped": Pair(branches(), branches(swap=True)),
    "branches made in the other order and swapped": Pair(branches(), branches(swap=True, order="ba")),
    "shared": Pair(shared(), shared()),
    "shared, three calls": Pair(shared(2), shared(3)),
    "shared to separate": Pair(shared(), shared(separate=True)),
    "shared to separate, both counterparts": Pair(shared(), shared(separate=True), {"apart1": "shared"}),
    "separate to shared": Pair(shared(separate=True), shared()),
    "nested": Pair(nested(*_d("d1", "d2")), nested(*_d("d1", "d2"))),
    "nested, sequential for functional": Pair(nested(*_d("d1", "d2")), nested(*_d("d1", "d2"), sequential=True)),
    "nested, sequential": Pair(nested(*_d("d1", "d2"), sequential=True), nested(*_d("d1", "d2"), sequential=True)),
    "nested, one added inside": Pair(nested(*_d("d1", "d2")), nested(*_d("d1", "new", "d2"))),
    "nested, one dropped inside": Pair(nested(*_d("d1", "d2", "d3")), nested(*_d("d2", "d3"))),
    "nested, all wider": Pair(nested(*_d("d1", "d2")), nested(*_d("d1", "d2", units=5))),
    "nested renamed": Pair(nested(*_d("d1", "d2")), nested(*_d("d1", "d2"), name="body"), {"body": "enc"}),
    "nested to flat": Pair(
        nested(*_d("d1", "d2")), denses("first", "d1", "d2", "last"), {"d1": "enc/d1", "d2": "enc/d2"}
    ),
    "flat to nested": Pair(
        denses("first", "d1", "d2", "last"), nested(*_d("d1", "d2")), {"enc/d1": "d1", "enc/d2": "d2"}
    ),
    "nested, one added outside": Pair(nested(*_d("d1")), nested(*_d("d1"), outer=tuple(_d("new")))),
    "nested in nested": Pair(nested(nested(*_d("d1", "d2")), *_d("d3")), nested(nested(*_d("d2", "d1")), *_d("d3"))),
    "nested, frozen, with normalization": Pair(
        nested(*_d("d1"), lambda: bn("n")), frozen(nested(*_d("d1"), lambda: bn("n")), "enc")
    ),
    "nested, with normalization first": Pair(nested(lambda: bn("n"), *_d("d1")), nested(lambda: bn("n"), *_d("d1"))),
    "two nested swapped": Pair(two_nested(), two_nested(True)),
    "two nested of automatic names swapped": Pair(
        two_nested(names=("functional", "functional_1")), two_nested(True, names=("functional", "functional_1"))
    ),
    "towers inside swapped": Pair(towers_inside(), towers_inside(True)),
}

PARTS = {
    "attention": Pair(attention(), attention()),
    "attention, more heads": Pair(attention(), attention(4)),
    "attention, wider values": Pair(attention(), attention(value_dim=5)),
    "attention without bias": Pair(attention(), attention(use_bias=False)),
    "attention with bias": Pair(attention(use_bias=False), attention()),
    "attention to something else": Pair(attention(), attention(cross=True)),
    "attention with a gate": Pair(attention(), attention(use_gate=True)),
    "attention, both with a gate": Pair(attention(use_gate=True), attention(use_gate=True)),
    "attention added": Pair(denses("pre", "post"), attention()),
    "attention, another output": Pair(attention(), attention(output_shape=4)),
    "two attentions swapped": Pair(two_attentions(), two_attentions(True)),
    "grouped attention": Pair(grouped(), grouped()),
    "grouped attention, more heads": Pair(grouped(), grouped(4, 2)),
    "grouped attention, more shared heads": Pair(grouped(), grouped(2, 2)),
    "grouped attention with a gate": Pair(grouped(use_gate=True), grouped()),
    "attention for grouped attention": Pair(attention(), grouped()),
    "recurrent": Pair(rnn(lstm()), rnn(lstm())),
    "recurrent, wider": Pair(rnn(lstm()), rnn(lstm(5))),
    "recurrent without bias": Pair(rnn(lstm()), rnn(lstm(use_bias=False))),
    "recurrent, backwards": Pair(rnn(lstm()), rnn(lstm(go_backwards=True))),
    "recurrent, another class": Pair(rnn(lstm()), rnn(lambda: _l().GRU(4, name="r"))),
    "recurrent, one bias less": Pair(
        rnn(lambda: _l().GRU(4, name="r")), rnn(lambda: _l().GRU(4, reset_after=False, name="r"))
    ),
    "recurrent, its cell alone": Pair(rnn(lstm()), rnn(lambda: _l().RNN(_l().LSTMCell(3), name="r"))),
    "a cell": Pair(
        rnn(lambda: _l().RNN(_l().LSTMCell(3), name="r")), rnn(lambda: _l().RNN(_l().LSTMCell(3), name="r"))
    ),
    "another cell at the same place": Pair(
        rnn(lambda: _l().RNN(_l().LSTMCell(3), name="r")), rnn(lambda: _l().RNN(_l().GRUCell(3), name="r"))
    ),
    "stacked cells": Pair(rnn(stacked(("LSTMCell", 3), ("GRUCell", 2))), rnn(stacked(("LSTMCell", 3), ("GRUCell", 2)))),
    "stacked cells, one wider": Pair(
        rnn(stacked(("LSTMCell", 3), ("LSTMCell", 2))), rnn(stacked(("LSTMCell", 3), ("LSTMCell", 5)))
    ),
    "stacked cells, one more": Pair(
        rnn(stacked(("LSTMCell", 4), ("LSTMCell", 4))),
        rnn(stacked(("LSTMCell", 4), ("LSTMCell", 4), ("LSTMCell", 4))),
    ),
    "both ways": Pair(rnn(both_ways()), rnn(both_ways())),
    "both ways, wider": Pair(rnn(both_ways()), rnn(both_ways(5))),
    "both ways, another class": Pair(rnn(both_ways()), rnn(both_ways(kind="GRU"))),
    "both ways, for one way": Pair(rnn(lstm()), rnn(both_ways()), {"bi": "r"}),
    "over time": Pair(rnn(timed()), rnn(timed())),
    "over time, wider": Pair(rnn(timed()), rnn(timed(5))),
    "over time, a convolution": Pair(
        chain(timed(3, "Conv1D"), shape=(2, 5, 4)), chain(timed(5, "Conv1D"), shape=(2, 5, 4))
    ),
    "over time, a model": Pair(rnn(timed(3, "model")), rnn(timed(3, "model"))),
    "over time, a wider model": Pair(rnn(timed(3, "model")), rnn(timed(5, "model"))),
    "spectral": Pair(
        chain(lambda: _l().SpectralNormalization(_l().Dense(4), name="s"), *_d("d")),
        chain(lambda: _l().SpectralNormalization(_l().Dense(4), name="s"), *_d("d")),
    ),
    "spectral, wider": Pair(
        chain(lambda: _l().SpectralNormalization(_l().Dense(4), name="s"), *_d("d")),
        chain(lambda: _l().SpectralNormalization(_l().Dense(5), name="s"), *_d("d")),
    ),
    "convolutional recurrent": Pair(
        chain(lambda: _l().ConvLSTM1D(2, 1, name="r"), shape=(3, 5, 4)),
        chain(lambda: _l().ConvLSTM1D(3, 1, name="r"), shape=(3, 5, 4)),
    ),
    "embedding": Pair(embedding(), embedding()),
    "embedding, more tokens": Pair(embedding(), embedding(10)),
    "normalization of features": Pair(normalization(), normalization()),
    "normalization of features, along no axis": Pair(normalization(), normalization(None)),
    "normalization of features, fixed": Pair(normalization(), normalization(mean=[0.0] * 4, variance=[1.0] * 4)),
    "normalization of features, no longer fixed": Pair(
        normalization(mean=[0.0] * 4, variance=[1.0] * 4), normalization()
    ),
    "discretization": Pair(
        chain(lambda: _l().Discretization([0.0, 1.0], name="x", output_mode="multi_hot"), *_d("d")),
        chain(lambda: _l().Discretization([0.0, 1.0], name="x", output_mode="multi_hot"), *_d("d")),
    ),
    "random layers added": Pair(
        denses("a", "b"),
        chain(lambda: _l().GaussianNoise(0.1, name="g"), *_d("a"), lambda: _l().Dropout(0.2, name="o"), *_d("b")),
    ),
}

STATES = {
    "quantized, both": Pair(quantized(denses("a", "b")), quantized(denses("a", "b"))),
    "quantized, before": Pair(quantized(denses("a", "b")), denses("a", "b")),
    "quantized, after": Pair(denses("a", "b"), quantized(denses("a", "b"))),
    "quantized without bias, loaded into a layer with one": Pair(quantized(denses("a", use_bias=False)), denses("a")),
    "quantized, one of two": Pair(quantized(denses("a", "b"), only=("a",)), quantized(denses("a", "b"), only=("a",))),
    "quantized to four bits": Pair(quantized(denses("a", units=8), "int4"), quantized(denses("a", units=8), "int4")),
    "eight bits for four": Pair(quantized(denses("a", units=8), "int4"), quantized(denses("a", units=8))),
    "quantized to eight bits of floats": Pair(quantized(denses("a"), "float8"), denses("a")),
    "quantized embedding": Pair(quantized(embedding()), quantized(embedding())),
    "quantized embedding, before": Pair(quantized(embedding(), only=("emb",)), embedding()),
    "quantized attention": Pair(quantized(attention()), attention()),
    "quantized attention, both": Pair(quantized(attention()), quantized(attention())),
    "adapted, both": Pair(lora(denses("a", "b"), "a"), lora(denses("a", "b"), "a")),
    "adapted, after": Pair(denses("a", "b"), lora(denses("a", "b"), "a")),
    "adapted, before": Pair(lora(denses("a", "b"), "a"), denses("a", "b")),
    "adapted, wider": Pair(denses("a", "b"), lora(denses("a", "b", units=5), "a", "b")),
    "adapted, added": Pair(denses("a"), lora(denses("a", "b"), "b")),
    "adapted embedding": Pair(embedding(), lora(embedding(), "emb")),
    "adapted convolution": Pair(chain(*_c("c1", "c2"), shape=_SHAPE), lora(chain(*_c("c1", "c2"), shape=_SHAPE), "c2")),
    "adapted, from a quantized one": Pair(quantized(denses("a")), lora(denses("a"), "a")),
    "adapted, without a bias in the file": Pair(denses("a", use_bias=False), lora(denses("a"), "a")),
    "frozen": Pair(denses("a", "b"), frozen(denses("a", "b"), "a")),
    "frozen normalization": Pair(chain(lambda: bn("n"), *_d("d")), frozen(chain(lambda: bn("n"), *_d("d")), "n")),
    "frozen model": Pair(chain(lambda: bn("n"), *_d("d")), frozen(chain(lambda: bn("n"), *_d("d")))),
    "frozen attention": Pair(attention(), frozen(attention(), "mha")),
    "frozen spectral": Pair(
        chain(lambda: _l().SpectralNormalization(_l().Dense(4), name="s")),
        frozen(chain(lambda: _l().SpectralNormalization(_l().Dense(4), name="s")), "s"),
    ),
    "frozen nested, trained before": Pair(
        nested(lambda: bn("n"), *_d("d1", "d2")), frozen(nested(lambda: bn("n"), *_d("d1", "d2")))
    ),
}

_THREE = ("one", "two", "three")

CLASSES = {
    "subclassed": Pair(subclassed(), subclassed()),
    "subclassed, made in another order": Pair(subclassed(), subclassed(order=(1, 0))),
    "subclassed, an attribute renamed": Pair(subclassed(), subclassed(("one", "second")), {"second": "two"}),
    "subclassed, attributes swapped": Pair(subclassed(), subclassed(("two", "one")), {"two": "one", "one": "two"}),
    "subclassed, one more": Pair(subclassed(), subclassed(_THREE)),
    "subclassed, one less": Pair(subclassed(_THREE), subclassed()),
    "subclassed, wider": Pair(subclassed(), subclassed(units=5)),
    "subclassed, with an array of its own": Pair(subclassed(own=3), subclassed(own=3)),
    "subclassed, with a larger array of its own": Pair(subclassed(own=3), subclassed(own=4)),
    "subclassed, array of its own added": Pair(subclassed(), subclassed(own=3)),
    "subclassed, array of its own dropped": Pair(subclassed(own=3), subclassed()),
    "list": Pair(subclassed(_THREE, kinds="list"), subclassed(_THREE, kinds="list")),
    "list, the first dropped": Pair(subclassed(_THREE, kinds="list"), subclassed(("two", "three"), kinds="list")),
    "list, one more": Pair(subclassed(kinds="list"), subclassed(_THREE, kinds="list")),
    "list for attributes": Pair(subclassed(), subclassed(kinds="list")),
    "dict": Pair(subclassed(_THREE, kinds="dict"), subclassed(_THREE, kinds="dict")),
    "dict in another order": Pair(subclassed(kinds="dict"), subclassed(("two", "one"), kinds="dict")),
    "dict for a list": Pair(subclassed(_THREE, kinds="list"), subclassed(_THREE, kinds="dict")),
    "tuple for a list": Pair(subclassed(_THREE, kinds="list"), subclassed(_THREE, kinds="tuple")),
    "lists in a list": Pair(subclassed(_THREE, kinds="lists"), subclassed(_THREE, kinds="lists")),
    "lists in a list, one more": Pair(subclassed(kinds="lists"), subclassed(_THREE, kinds="lists")),
    "lists in a list for a list": Pair(subclassed(kinds="list"), subclassed(kinds="lists")),
    "list for lists in a list": Pair(subclassed(kinds="lists"), subclassed(kinds="list")),
    "lists in a dict": Pair(subclassed(kinds="dict of lists"), subclassed(kinds="dict of lists")),
    "lists in a dict, wider": Pair(subclassed(kinds="dict of lists"), subclassed(kinds="dict of lists", units=5)),
    "functional for subclassed, same attributes": Pair(subclassed(), subclassed(functional=True)),
    "subclassed for functional, same attributes": Pair(subclassed(functional=True), subclassed()),
    "functional subclass": Pair(subclassed(functional=True), subclassed(functional=True)),
    "functional subclass, one dropped": Pair(
        subclassed(_THREE, functional=True), subclassed(("two", "three"), functional=True)
    ),
    "functional subclass for plain functional": Pair(denses("one", "two"), subclassed(functional=True)),
    "subclassed for plain functional": Pair(denses("one", "two"), subclassed()),
    "subclassed with a layer of a user's": Pair(subclassed(extra="leaf"), subclassed(extra="leaf")),
    "subclassed with layers in a layer": Pair(subclassed(extra="composite"), subclassed(extra="composite")),
    "subclassed with wider layers in a layer": Pair(
        subclassed(extra="composite"), subclassed(extra="composite", units=5)
    ),
    "subclassed, a user's layer added": Pair(subclassed(), subclassed(extra="composite")),
    "a user's layer": Pair(custom(), custom()),
    "a user's layer, larger": Pair(custom(), custom(size=5)),
    "a user's layer, one array more": Pair(custom(), custom(two=True)),
    "a user's layer of layers": Pair(custom("composite"), custom("composite")),
    "a user's layer of layers, wider": Pair(custom("composite"), custom("composite", size=6)),
    "a user's layer of layers, an attribute renamed": Pair(
        custom("composite"), custom("composite", attribute="expand")
    ),
    "a user's layer with a property": Pair(custom("aliased", attribute="_up"), custom("aliased", attribute="_up")),
    "a user's layer, a property taken away": Pair(
        custom("aliased", attribute="_up"), custom("composite", attribute="_up")
    ),
    "a user's kind of dense": Pair(custom("dense"), custom("dense")),
    "a user's kind of dense, wider": Pair(custom("dense"), custom("dense", size=6)),
    "a user's layer over time": Pair(custom("timed"), custom("timed", size=6)),
    "a user's cell": Pair(custom("cell"), custom("cell")),
    "a user's cell, wider": Pair(custom("cell"), custom("cell", size=6)),
}

UNKNOWN = {
    "a user's way of storing": Pair(custom("own"), custom("own")),
}

CASES = {**CHAINS, **GRAPHS, **PARTS, **STATES, **CLASSES}

__all__ = ["CASES", "UNKNOWN"]
