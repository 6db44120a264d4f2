"""Graphs of many nodes, of the kinds that models are made of. Made without Keras, which cannot build them so large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

from keras_ascii_tools.graph import Layer, ModelGraph, Node, TensorRef, TensorSpec, canonical

__all__ = ["FAMILIES", "graph_of"]

Used = tuple[int, ...]
"""The nodes that a node uses."""

_POLICY = "float32"


def chain() -> Iterator[Used]:
    """One layer after the other."""
    yield ()
    node = 0
    while True:
        yield (node,)
        node += 1


def residual() -> Iterator[Used]:
    """Blocks of three layers with a shortcut around them."""
    yield ()
    node = 0
    while True:
        yield (node,)
        yield (node + 1,)
        yield (node + 2,)
        yield (node, node + 3)
        node += 4


def unets(depth: int = 16) -> Iterator[Used]:
    """U-Nets, one after the other."""
    yield ()
    last = 0
    while True:
        skips = []
        for _ in range(depth):
            yield (last,)
            yield (last + 1,)
            yield (last + 2,)
            skips.append(last + 2)
            last += 3
        while skips:
            yield (last,)
            yield (skips.pop(), last + 1)
            yield (last + 2,)
            last += 3


def dense_blocks(size: int = 32) -> Iterator[Used]:
    """Blocks in which every layer uses all the earlier ones, one after the other."""
    yield ()
    last = 0
    while True:
        made = [last]
        for _ in range(size):
            yield tuple(made)
            yield (last + 1,)
            last += 2
            made.append(last)
        yield tuple(made)
        last += 1


def layered(width: int) -> Iterator[Used]:
    """Levels of nodes, each of which uses two of the level before, at random."""
    random = Random(width)
    for _ in range(width):
        yield ()
    first = 0
    while True:
        for _ in range(width):
            yield tuple(sorted(random.sample(range(first, first + width), 2)))
        first += width


FAMILIES: dict[str, Callable[[], Iterator[Used]]] = {
    "chain": chain,
    "residual chain": residual,
    "U-Nets of depth 16": unets,
    "dense blocks of 32": dense_blocks,
    "layered random, 8 wide": lambda: layered(8),
    "layered random, 32 wide": lambda: layered(32),
}


def graph_of(family: str, nodes: int) -> ModelGraph:
    """Return a graph of so many nodes, in canonical order, as a front end would hand it in."""
    wiring = list(islice(FAMILIES[family](), nodes))
    used = {producer for inputs in wiring for producer in inputs}
    return canonical(
        ModelGraph(
            nodes=tuple(_node(number, inputs) for number, inputs in enumerate(wiring)),
            inputs=tuple(TensorRef(number) for number, inputs in enumerate(wiring) if not inputs),
            outputs=tuple(TensorRef(number) for number in range(nodes) if number not in used),
        )
    )


def _node(number: int, inputs: Used) -> Node:
    if not inputs:
        layer = Layer(id=number, kind="InputLayer", module="keras.layers", name=f"input_{number}")
    elif len(inputs) > 1:
        layer = Layer(id=number, kind="Add", module="keras.layers", dtype_policy=_POLICY, name=f"add_{number}")
    else:
        layer = Layer(
            id=number,
            kind="Dense",
            module="keras.layers",
            name=f"layer{number}",
            named=True,
            settings=(("units", 64), ("activation", "relu")),
            dtype_policy=_POLICY,
            params=4_160,
            trainable_params=4_160,
        )
    shape = TensorSpec((None, 64), "float32")
    return Node(layer=layer, inputs=tuple(map(TensorRef, inputs)), outputs=(shape,))
