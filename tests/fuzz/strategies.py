"""Models as a person could have made them, and archives as nobody should: strategies for what files hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.core.graphs import ODD_NAMES
from tests.core.read.archives import Entry
from tests.core.read.configs import call, functional, layer, source, tensor

WIDTH = 4
SHAPE: list[int | None] = [None, WIDTH]


@dataclass(frozen=True)
class Planned:
    """A model that is to be read, and what it is: an oracle that no reader has a part in."""

    config: Any
    edges: tuple[tuple[str, int, str, int], ...]
    """(producer, its call, consumer, its call), for every use of a tensor."""
    outputs: tuple[tuple[str, int], ...]
    layers: tuple[str, ...]


@dataclass
class _Model:
    """A model under construction: layer names and their calls, each with the tensors that it takes."""

    calls: dict[str, list[list[tuple[str, int]]]]
    inputs: list[str]

    def tensors(self) -> list[tuple[str, int]]:
        return [(name, number) for name, calls in self.calls.items() for number in range(len(calls))]


@st.composite
def planned_models(draw: st.DrawFn, *, keras2: bool = False) -> Planned:
    """Functional models: several inputs and outputs, merges, repeated arguments, layers that are called again."""
    odd = st.lists(st.sampled_from([name for name in ODD_NAMES if name]), unique=True, max_size=3)
    names = [f"layer_{number}" for number in range(draw(st.integers(1, 9)))]
    for place, name in enumerate(draw(odd)):
        names[place % len(names)] = name
    names = list(dict.fromkeys(names))
    inputs = [f"input_{number}" for number in range(draw(st.integers(1, 3)))]
    model = _Model({name: [[]] for name in inputs}, inputs)
    for name in names:
        merges = draw(st.booleans())
        model.calls[name] = []
        for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
            taken = st.sampled_from([tensor for tensor in model.tensors() if tensor[0] != name])
            model.calls[name].append(
                draw(st.lists(taken, min_size=2, max_size=4) if merges else taken.map(lambda t: [t]))
            )
    used = {one for calls in model.calls.values() for taken in calls for one in taken}
    ends = [one for one in model.tensors() if one not in used]  # in a file of Keras, every call leads to an output
    more = draw(st.lists(st.sampled_from(model.tensors()), max_size=2, unique=True))
    outputs = draw(st.permutations(list(dict.fromkeys([*ends, *more]))))
    return Planned(
        config=_keras2(model, outputs) if keras2 else _keras3(model, outputs),
        edges=tuple(
            (producer, made, consumer, number)
            for consumer, calls in model.calls.items()
            for number, taken in enumerate(calls)
            for producer, made in taken
        ),
        outputs=tuple(outputs),
        layers=tuple(model.calls),
    )


def _merges(calls: list[list[tuple[str, int]]]) -> bool:
    return len(calls[0]) > 1


def _keras3(model: _Model, outputs: list[tuple[str, int]]) -> Any:
    layers = [source(name, SHAPE) for name in model.inputs]
    for name, calls in model.calls.items():
        if name in model.inputs:
            continue
        nodes = []
        for taken in calls:
            tensors = [tensor(SHAPE, producer, made) for producer, made in taken]
            nodes.append(call(tensors) if _merges(calls) else call(*tensors))
        layers.append(layer("Add", name, *nodes) if _merges(calls) else layer("Dense", name, *nodes, units=WIDTH))
    return functional(
        layers, [[name, 0, 0] for name in model.inputs], [[name, made, 0] for name, made in outputs], "planned"
    )


def _keras2(model: _Model, outputs: list[tuple[str, int]]) -> Any:
    layers = [
        {
            "class_name": "InputLayer",
            "config": {"name": name, "batch_input_shape": SHAPE},
            "name": name,
            "inbound_nodes": [],
        }
        for name in model.inputs
    ]
    for name, calls in model.calls.items():
        if name in model.inputs:
            continue
        kind, config = ("Add", {}) if _merges(calls) else ("Dense", {"units": WIDTH})
        nodes = [[[producer, made, 0, {}] for producer, made in taken] for taken in calls]
        layers.append(
            {
                "class_name": kind,
                "config": {"name": name, "trainable": True, **config},
                "name": name,
                "inbound_nodes": nodes,
            }
        )
    config = {
        "name": "planned",
        "layers": layers,
        "input_layers": [[name, 0, 0] for name in model.inputs],
        "output_layers": [[name, made, 0] for name, made in outputs],
    }
    return {"class_name": "Functional", "config": config, "keras_version": "2.12.0"}


_NUMBERS = st.sampled_from((None, None, None, 0, 1, 5, 0xFFFF, 0xFFFFFFFF, 2**31))
_MEMBER_NAMES = st.sampled_from(
    (b"config.json", b"metadata.json", b"model.weights.h5", b"a", b"../a", b"\xff", b"a\0b", b"")
)


def entries() -> st.SearchStrategy[list[Entry]]:
    """Members whose headers may lie in any field."""
    one = st.builds(
        Entry,
        name=_MEMBER_NAMES,
        data=st.sampled_from((b"", b"{}", b"hello" * 9, bytes(300))),
        method=st.sampled_from((0, 0, 8, 8, 12)),
        flags=st.sampled_from((0, 0, 0, 1, 8, 1 << 11)),
        crc=st.sampled_from((None, None, None, 0)),
        size=_NUMBERS,
        packed=_NUMBERS,
        local_name=st.sampled_from((None, None, None, b"a", b"b")),
        local_size=_NUMBERS,
        local_method=st.sampled_from((None, None, None, 0, 8)),
        local_flags=st.sampled_from((None, None, None, 0, 1, 8)),
        start=st.sampled_from((None, None, None, 0, 30, 1000)),
    )
    return st.lists(one, max_size=4)
