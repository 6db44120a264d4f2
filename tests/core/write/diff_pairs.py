"""Pairs of models whose differences are drawn in `tests/drawings/diffs/`; no Keras needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras_ascii_tools as kat
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.from_config import graph_from_config
from tests.core.read.configs import Json, call, functional, layer, sequential, source, tensor

FOLDER = Path(__file__).parents[2] / "drawings" / "diffs"

Pair = tuple[ModelGraph, ModelGraph]


def mlp(*layers: Json, name: str = "mlp", shape: int = 8) -> ModelGraph:
    return graph_from_config(sequential([source("features", [None, shape]), *layers], name=name))


def dense(units: int, name: str = "dense", **config: Any) -> Json:
    return layer("Dense", name, units=units, **config)


def towers(*, swapped: bool = False) -> ModelGraph:
    """Two encoders and their product, in one order of arguments or the other."""
    layers = [source("user", [None, 8]), source("item", [None, 8])]
    layers += [
        layer("Dense", f"{name}_enc", call(tensor([None, 8], name)), units=32, activation="relu")
        for name in (("item", "user") if swapped else ("user", "item"))
    ]
    pair = [tensor([None, 32], "user_enc"), tensor([None, 32], "item_enc")]
    layers.append(layer("Dot", "score", call(pair[::-1] if swapped else pair), axes=1))
    return graph_from_config(functional(layers, [["user", 0, 0], ["item", 0, 0]], [["score", 0, 0]], name="two_towers"))


def nested(units: int, *, trainable: bool = True) -> ModelGraph:
    """A model in a model."""
    inner = sequential([source("pixels", [None, 16]), dense(units, "embed"), dense(4, "code")], name="encoder")
    if not trainable:
        for entry in inner["config"]["layers"][1:]:
            entry["config"]["trainable"] = False
    outer = [source("image", [None, 16])]
    entry = {**inner, "name": "encoder", "inbound_nodes": [call(tensor([None, 16], "image"))]}
    outer += [entry, layer("Dense", "head", call(tensor([None, 4], "encoder")), units=1)]
    return graph_from_config(functional(outer, [["image", 0, 0]], [["head", 0, 0]], name="with_encoder"))


def unnamed(order: tuple[int, ...], *, frozen: tuple[int, ...] = ()) -> ModelGraph:
    """Equal layers without names, of one input, put together in some order."""
    layers = [source("features", [None, 8])]
    for at in range(4):
        extra = {"trainable": False} if at in frozen else {}
        layers.append(layer("Dense", f"dense_{at}", call(tensor([None, 8], "features")), units=4 + at, **extra))
    parts = [tensor([None, 4 + at], f"dense_{at}") for at in order]
    layers.append(layer("Concatenate", "joined", call(parts)))
    return graph_from_config(functional(layers, [["features", 0, 0]], [["joined", 0, 0]], name="unnamed"))


def twins(activation: str) -> ModelGraph:
    """Three models in a model, none of which has a name."""
    layers, at = [source("features", [None, 8])], "features"
    for name in ("sequential", "sequential_1", "sequential_2"):
        inner = sequential([source("in", [None, 8]), dense(8, activation=activation), dense(8, "dense_1")], name=name)
        layers.append({**inner, "name": name, "inbound_nodes": [call(tensor([None, 8], at))]})
        at = name
    return graph_from_config(functional(layers, [["features", 0, 0]], [[at, 0, 0]], name="twins"))


def blocks(times: int) -> ModelGraph:
    """The same three layers, several times over."""
    one = [dense(64), layer("BatchNormalization", "norm"), layer("Dropout", "drop", rate=0.1)]
    return mlp(dense(64, "stem"), *one * times, dense(10, "head"), name="deep", shape=64)


def hostile(name: str, units: int) -> ModelGraph:
    """Names that mean something elsewhere."""
    return mlp(dense(4, name), dense(units, f"{name} 2"), name=f"model {name}")


NASTY = "@everyone #1 ```\n</pre><script>x</script> ::error::x%0A\x1b[31m \u202e|"

PAIRS: dict[str, Callable[[], Pair]] = {
    "same": lambda: (mlp(dense(16, "dense_3"), dense(10, "dense_4")), mlp(dense(16, "dense"), dense(10, "dense_1"))),
    "insertion": lambda: (mlp(dense(16), dense(10, "head")), mlp(dense(16), dense(32, "extra"), dense(10, "head"))),
    "removal": lambda: (mlp(dense(16), dense(32, "extra"), dense(10, "head")), mlp(dense(16), dense(10, "head"))),
    "head": lambda: (
        mlp(dense(16), dense(1000, "predictions", activation="softmax")),
        mlp(dense(16), dense(5, "flowers", activation="softmax")),
    ),
    "towers": lambda: (towers(), towers(swapped=True)),
    "nested": lambda: (nested(8), nested(12)),
    "frozen": lambda: (nested(8), nested(8, trainable=False)),
    "unnamed": lambda: (unnamed((0, 1, 2, 3)), unnamed((0, 2, 1, 3), frozen=(1,))),
    "many_inputs": lambda: (unnamed((0, 1, 2, 3) * 3), unnamed((0, 1, 2, 3) * 2 + (0, 1, 3, 2))),
    "more_inputs": lambda: (unnamed((0, 1, 2, 3) * 2), unnamed((0, 1, 2, 3) * 2 + (1,))),
    "twins": lambda: (twins("relu"), twins("gelu")),
    "blocks": lambda: (blocks(2), blocks(19)),
    "replaced": lambda: (
        mlp(dense(16), layer("Dropout", "drop", rate=0.5), dense(10, "head")),
        mlp(dense(16), layer("GaussianNoise", "drop", stddev=0.1), dense(10, "head")),
    ),
    "input": lambda: (mlp(dense(16), dense(10, "head"), shape=8), mlp(dense(16), dense(10, "head"), shape=12)),
    "other_model": lambda: (mlp(dense(16), dense(10, "head")), towers()),
    "hostile": lambda: (hostile(NASTY, 3), hostile(NASTY, 5)),
}


def drawn(name: str, form: str = "text") -> str:
    return kat.diff(*PAIRS[name]()).to(form)
