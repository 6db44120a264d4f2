"""Graphs to lay out: made by hand, at random, and of real models."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from keras_ascii_tools.layout import Wiring

MODELS = sorted(path.stem for path in (Path(__file__).parent / "dags").glob("*.json"))


def named(text: str, outputs: str = "") -> tuple[Wiring, list[str]]:
    """Read `name: input input` lines; lines without inputs are the sources."""
    names: list[str] = []
    inputs: list[list[int]] = []
    for line in text.strip().splitlines():
        name, _, used = line.strip().partition(":")
        names.append(name)
        inputs.append([names.index(producer) for producer in used.split()])
    sources = [node for node, used in enumerate(inputs) if not used]
    return canonical(inputs, sources, [names.index(name) for name in outputs.split()], names)


def canonical(
    inputs: Sequence[Sequence[int]], sources: Sequence[int], outputs: Sequence[int], names: Sequence[str] = ()
) -> tuple[Wiring, list[str]]:
    """Number nodes depth first from the outputs; the given order need not be topological."""
    used = {producer for producers in inputs for producer in producers}
    roots = [*outputs, *sources, *(node for node in range(len(inputs)) if node not in used)]
    order: list[int] = []
    placed, opened = [False] * len(inputs), [False] * len(inputs)
    stack = roots[::-1]
    while stack:
        node = stack[-1]
        if not opened[node]:
            opened[node] = True
            stack += [producer for producer in reversed(inputs[node]) if not opened[producer]]
        else:
            stack.pop()
            if not placed[node]:
                placed[node] = True
                order.append(node)
    number = {node: place for place, node in enumerate(order)}
    wiring = Wiring(
        tuple(tuple(number[producer] for producer in inputs[node]) for node in order),
        tuple(number[node] for node in sources),
        tuple(number[node] for node in outputs),
    )
    return wiring, [names[node] if names else str(node) for node in order]


def model(name: str) -> tuple[list[list[int]], list[int], list[int]]:
    """Inputs, sources and outputs of a real model, in the order in which Keras lists its layers."""
    graph = json.loads((Path(__file__).parent / "dags" / f"{name}.json").read_text())
    return graph["inputs"], graph["sources"], graph["outputs"]


def random_wiring(random: Random, nodes: int, most_inputs: int = 3) -> Wiring:
    """Anything that a wiring may be: starts and ends anywhere, parts that hang together with nothing."""
    reach = random.choice((2, 5, 12, nodes))
    start_rate = random.choice((0.02, 0.1, 0.4))
    inputs: list[tuple[int, ...]] = []
    for node in range(nodes):
        near = range(max(0, node - reach), node)
        count = 0 if random.random() < start_rate else random.randint(1, most_inputs)
        inputs.append(tuple(random.sample(near, min(count, len(near)))))
    starts = [node for node in range(nodes) if not inputs[node]]
    return Wiring(
        tuple(inputs),
        sources=tuple(random.sample(starts, random.randint(0, len(starts)))),
        outputs=tuple(random.choices(range(nodes), k=random.randint(0, 4))) if nodes else (),
    )
