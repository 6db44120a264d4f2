"""What Keras really does when the weights of one model are loaded into another: the oracle for the weights verdict.

Every array of the old model holds a number of its own, and so does every array of the new one; after loading, the
numbers say what went where. Layers are counterparts when their names, from the model inwards, are the same.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_ascii_tools.graph import Layer, ModelGraph

LOADINGS = ("keras", "h5", "h5-by-name")


@dataclass
class Loaded:
    """What happened."""

    raised: str = ""
    warned: list[str] = field(default_factory=list)
    failed: int | None = None
    """The number of objects that Keras says could not be loaded."""
    wrong: set[str] = field(default_factory=set)
    """Layers of the new model that got an array which is not their counterpart's."""
    dropped: set[str] = field(default_factory=set)
    """Layers of the old model with an array that went nowhere."""
    untouched: set[str] = field(default_factory=set)
    """Layers of the new model none of whose arrays was loaded."""
    whole: set[str] = field(default_factory=set)
    """Layers of the new model all of whose arrays were loaded."""


@dataclass(frozen=True)
class Variable:
    owner: str
    """Names of layers from the model inwards; "" is the model."""
    role: str
    variable: Any

    @property
    def whole(self) -> bool:
        """Whether it holds whole numbers, as quantized arrays do."""
        return "int" in str(self.variable.dtype)


def variables(model: Any) -> list[Variable]:
    """All arrays that files have, with the innermost layer that is not a part of one of Keras' own."""
    found: list[Variable] = []
    seen: set[int] = set()

    def add(layer: Any, owner: str) -> None:
        counts: dict[str, int] = {}
        own = layer._trainable_variables + layer._non_trainable_variables
        opened = not type(layer).__module__.startswith("keras.src.layers")
        for variable in own if opened else layer.weights:
            if id(variable) in seen or variable.name.startswith("lora_"):
                continue
            seen.add(id(variable))
            number = counts.get(variable.name, 0)
            counts[variable.name] = number + 1
            found.append(Variable(owner, f"{variable.name} {number}", variable))
        for inner in layer._layers if opened else ():
            add(inner, f"{owner}/{inner.name}" if owner else inner.name)

    add(model, "")
    return found


def fill(model: Any, sign: int) -> dict[int, Variable]:
    """Give each array a number of its own and return whose it is."""
    import numpy as np

    numbers: dict[int, Variable] = {}
    for number, one in enumerate(variables(model), 1):
        assert number < 127 or not one.whole, "int8 has no more numbers"
        one.variable.assign(np.full(one.variable.shape, sign * number, dtype="float32"))
        numbers[sign * number] = one
    return numbers


def store(model: Any, path: Path) -> None:
    """Save the weights: as a legacy file if the name says so."""
    if path.name.endswith(".weights.h5"):
        model.save_weights(path)
        return
    if path.suffix == ".keras":
        model.save(path)
        return
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, model)


def load(
    old: Mapping[int, Variable], after: Any, path: Path, loading: str, skip: bool, renamed: Mapping[str, str]
) -> Loaded:
    """Load a file and look what went where; `renamed` has the counterparts whose names differ, new to old."""
    mine = fill(after, -1)
    result = Loaded()
    more: dict[str, Any] = {"by_name": True} if loading == "h5-by-name" else {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", "__array__ implementation")
        try:
            after.load_weights(path, skip_mismatch=skip, **more)
        except (ValueError, KeyError, IndexError) as error:
            result.raised = str(error)
    result.warned = [str(warning.message) for warning in caught]
    for text in (result.raised, *result.warned):
        match = re.match(r"A total of (\d+) objects", text)
        if match:
            result.failed = int(match[1])
    used: set[int] = set()
    touched: dict[str, list[bool]] = {}
    for one in mine.values():
        value = round(float(one.variable.numpy().reshape(-1)[0]))
        loaded = value in old
        touched.setdefault(one.owner, []).append(loaded)
        if not loaded:
            continue
        used.add(value)
        source = old[value]
        expected = counterpart(one.owner, renamed), one.role, one.whole
        if expected != (source.owner, source.role, source.whole):
            result.wrong.add(one.owner)
    result.dropped = {one.owner for number, one in old.items() if number not in used}
    result.untouched = {owner for owner, flags in touched.items() if not any(flags)}
    result.whole = {owner for owner, flags in touched.items() if all(flags)}
    return result


def counterpart(name: str, renamed: Mapping[str, str]) -> str | None:
    """The old name of a layer of the new model; "" in `renamed` says that it is new."""
    if name in renamed:
        return renamed[name] or None
    owner, _, last = name.rpartition("/")
    if owner:
        above = counterpart(owner, renamed)
        return None if above is None else f"{above}/{last}"
    return name


def named_layers(graph: ModelGraph, where: str = "") -> Iterator[tuple[str, Layer]]:
    """Every layer of a tree of graphs, with its names from the model inwards."""
    for layer in graph.layers:
        name = f"{where}/{layer.name}" if where else str(layer.name)
        yield name, layer
        if layer.graph is not None:
            yield from named_layers(layer.graph, name)


def mapping(before: ModelGraph, after: ModelGraph, renamed: Mapping[str, str]) -> dict[int, int]:
    """Layers that are counterparts, by id."""
    old: dict[str, int] = {}
    for name, layer in named_layers(before):
        old.setdefault(name, layer.id)
    pairs: dict[int, int] = {}
    for name, layer in named_layers(after):
        there = old.get(counterpart(name, renamed) or "\0")
        if there is not None:
            pairs.setdefault(layer.id, there)
    return pairs
