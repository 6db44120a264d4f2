"""Graphs to fold, fuse and open: small families, random ones, and real models."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from keras_ascii_tools.graph import OPS_MODULE, Layer, ModelGraph, Node, TensorRef, TensorSpec, Value

_DAGS = Path(__file__).parent / "dags"
MODELS = sorted(path.stem for path in _DAGS.glob("*.json"))


class Model:
    """A graph in the making: `add` calls a layer, and returns its first output."""

    def __init__(self, first_id: int = 0) -> None:
        self.nodes: list[Node] = []
        self._next = first_id

    def layer(self, kind: str, name: str | None = None, **facts: Any) -> Layer:
        self._next += 1
        params = facts.pop("params", 0)
        settings = tuple(facts.pop("settings", {}).items())
        facts.setdefault("trainable_params", params)
        facts.setdefault("module", "keras.layers")
        named = name is not None
        return Layer(id=self._next, kind=kind, name=name, named=named, params=params, settings=settings, **facts)

    def call(
        self,
        layer: Layer,
        *inputs: TensorRef | None,
        shape: tuple[int | None, ...] | None = (None, 8),
        outputs: int = 1,
        **facts: Any,
    ) -> TensorRef:
        self.nodes.append(Node(layer=layer, inputs=inputs, outputs=(TensorSpec(shape),) * outputs, **facts))
        return TensorRef(len(self.nodes) - 1)

    def add(self, kind: str, *inputs: TensorRef | None, name: str | None = None, **facts: Any) -> TensorRef:
        of_call = {key: facts.pop(key) for key in ("shape", "outputs", "call", "implied") if key in facts}
        return self.call(self.layer(kind, name, **facts), *inputs, **of_call)

    def op(self, kind: str, *inputs: TensorRef | None) -> TensorRef:
        return self.add(kind, *inputs, module=OPS_MODULE)

    def input(self, name: str | None = None, shape: tuple[int | None, ...] = (None, 8)) -> TensorRef:
        return self.add("InputLayer", name=name, shape=shape)

    def graph(self, *outputs: TensorRef, **facts: Any) -> ModelGraph:
        calls = [node.layer for node in self.nodes if node.layer.module != OPS_MODULE]
        inputs = [TensorRef(i) for i, node in enumerate(self.nodes) if node.layer.kind == "InputLayer"]
        facts.setdefault("layers", tuple({layer.id: layer for layer in calls}.values()))
        return ModelGraph(nodes=tuple(self.nodes), inputs=tuple(inputs), outputs=outputs, **facts)


def rows(graph: ModelGraph) -> range:
    return range(len(graph.nodes))


def kinds(graph: ModelGraph) -> str:
    return " ".join(node.layer.kind for node in graph.nodes)


def uses(graph: ModelGraph) -> list[list[int | None]]:
    return [[None if ref is None else ref.node for ref in node.inputs] for node in graph.nodes]


def chain(kinds: Iterable[str], **facts: Any) -> ModelGraph:
    model = Model()
    x = model.input()
    for kind in kinds:
        x = model.add(kind, x, **facts)
    return model.graph(x)


def residual_chain(nodes: int) -> ModelGraph:
    """As many nodes as asked for: an input, then blocks of four."""
    model = Model()
    x = model.input()
    while len(model.nodes) < nodes:
        y = model.add("Conv2D", x, params=72)
        y = model.add("BatchNormalization", y, params=32, trainable_params=16)
        y = model.add("ReLU", y)
        x = model.add("Add", y, x)
    return model.graph(x)


def resnet_like(stages: Sequence[int]) -> ModelGraph:
    """Stages of a block with a projection and so many blocks without; widths double from stage to stage."""
    model = Model()
    x = model.input()
    width = 8
    for blocks in stages:
        for block in range(blocks + 1):
            facts: dict[str, Any] = {"params": width * width, "settings": {"filters": width}, "shape": (None, 4, width)}
            y = model.add("Conv2D", x, **facts)
            y = model.add("BatchNormalization", y, params=4 * width, shape=(None, 4, width))
            y = model.add("Activation", y, settings={"activation": "relu"}, shape=(None, 4, width))
            y = model.add("Conv2D", y, **facts)
            x = x if block else model.add("Conv2D", x, **facts)
            x = model.add("Add", x, y, shape=(None, 4, width))
            x = model.add("Activation", x, settings={"activation": "relu"}, shape=(None, 4, width))
        width *= 2
    return model.graph(x)


def transformer_like(blocks: int) -> ModelGraph:
    """An encoder, and a decoder all of whose blocks use its result."""
    model = Model()
    memory = model.input("source")
    for _ in range(blocks):
        y = model.add("MultiHeadAttention", memory, memory, params=100)
        memory = model.add("LayerNormalization", model.add("Add", memory, y), params=16)
    x = model.input("target")
    for _ in range(blocks):
        y = model.add("MultiHeadAttention", x, memory, params=100)
        x = model.add("LayerNormalization", model.add("Add", x, y), params=16)
    return model.graph(x)


def inception_like(modules: int) -> ModelGraph:
    model = Model()
    x = model.input()
    for _ in range(modules):
        one = model.add("Conv2D", x, params=8)
        two = model.add("Conv2D", model.add("Conv2D", x, params=8), params=72)
        three = model.add("Conv2D", model.add("AveragePooling2D", x), params=8)
        x = model.add("Concatenate", one, two, three)
    return model.graph(x)


def dense_block(layers: int) -> ModelGraph:
    """Each layer uses all earlier ones: nothing repeats."""
    model = Model()
    tensors = [model.input()]
    for _ in range(layers):
        tensors.append(model.add("Conv2D", model.add("Concatenate", *tensors), params=8))
    return model.graph(tensors[-1])


def encoder(model: Model, **facts: Any) -> Layer:
    """A nested model of three nodes, as a layer: 30 weights."""
    inner = Model(first_id=1000)
    x = inner.input("pixels", shape=facts.pop("built_for", (None, 8)))
    x = inner.add("Dense", x, name="hidden", params=20)
    body = inner.graph(inner.add("Dense", x, name="code", params=10), kind="Functional", **facts)
    counts = {"params": body.params, "trainable_params": body.trainable_params}
    return model.layer("Functional", "encoder", module="keras.models", graph=body, **counts)


def load(name: str) -> ModelGraph:
    """A real model of Keras 3.15, its nodes in the order of their rows; with the settings that matter."""
    data = json.loads((_DAGS / f"{name}.json").read_text())
    model = Model()
    for kind, label, shape, params, settings, inputs in data["nodes"]:
        facts: dict[str, Any] = {"params": params, "shape": tuple(shape), "name": label}
        if "body" in settings:
            facts["graph"] = _body(settings.pop("body"), 10_000 * (len(model.nodes) + 1))
        facts["settings"] = {key: _value(value) for key, value in settings.items()}
        model.add(kind, *map(TensorRef, inputs), **facts)
    return model.graph(*map(TensorRef, data["outputs"]))


def _body(layers: list[tuple[str, int, dict[str, Any]]], first_id: int) -> ModelGraph:
    inner = Model(first_id)
    x: tuple[TensorRef, ...] = ()
    for kind, params, settings in layers:
        x = (inner.add(kind, *x, params=params, settings={key: _value(value) for key, value in settings.items()}),)
    return inner.graph(*x, kind="Sequential")


def _value(value: Any) -> Value:
    return tuple(map(_value, value)) if isinstance(value, list) else value


def random_graph(random: Random, size: int = 120) -> ModelGraph:
    """A random program of nested loops over few kinds of layers, with skips, constants, sharing and slips."""
    model = Model()
    tensors = [model.input(), model.input()]
    few = random.choice((1, 2, 3, 5))
    sharing = random.choice((0, 0, 0, 0.2, 0.9))
    shared: dict[str, Layer] = {}

    def add(kind: int, far: int, constant: int) -> None:
        inputs: list[TensorRef | None] = [tensors[-1]]
        inputs += [tensors[max(-far, -len(tensors))]] * (far > 0) + [tensors[constant]] * (constant >= 0)
        if random.random() < 0.02:
            inputs = [random.choice(tensors)]
        if random.random() < 0.02:
            inputs.append(None)
        name = f"Kind{kind}"
        if random.random() < sharing:
            layer = shared.setdefault(f"{name}{random.randrange(2)}", model.layer(name, params=3))
        else:
            layer = model.layer(name, params=3)
        tensors.append(model.call(layer, *inputs, outputs=2))

    def program(depth: int) -> list[Any]:
        steps: list[Any] = []
        for _ in range(random.randint(1, 3)):
            if depth < 3 and random.random() < 0.35:
                steps.append((random.randint(2, 4), program(depth + 1)))
            else:
                steps.append(
                    (random.randrange(few), random.choice((0, 0, 1, 2, 3, 6)), random.choice((-1, -1, -1, 0, 1)))
                )
        return steps

    def run(steps: list[Any]) -> None:
        for step in steps:
            if len(step) == 3:
                if len(tensors) < size:
                    add(*step)
            else:
                for _ in range(step[0]):
                    run(step[1])

    run(program(0))
    return model.graph(tensors[-1], *random.choices(tensors, k=random.choice((0, 0, 1))))


def leaves(graph: ModelGraph) -> int:
    """Nodes that are left when everything is opened: without the bodies' inputs, each call of a body counted."""
    return sum(
        1 if node.layer.graph is None else leaves(node.layer.graph) - len(node.layer.graph.inputs)
        for node in graph.nodes
    )
