"""Loading of legacy `.h5` files by order and by name, played on two graphs (Keras' own `legacy_h5_format`).

Each of the model's own layers is one group, with all arrays of what is in it: first those that are trained. Knows which
arrays end up where; knows nothing of counterparts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from keras_ascii_tools.diff.loading_arrays import Array, arrays_of, called
from keras_ascii_tools.diff.loading_objects import MODEL
from keras_ascii_tools.graph import How, Layer, ModelGraph

__all__ = ["Group", "Leaf", "Result", "load_by_name", "load_by_order"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One array of a group."""

    array: Array
    label: str
    """Of the layer whose own it is: names or kinds from the model inwards."""
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """One of the model's own layers, or what the model has beside them."""

    layer: int | None
    """`None`: the model itself."""
    name: str | None
    """The layer's name, automatic or not; `None` when not known."""
    kind: str
    arrays: tuple[Leaf, ...] | None
    """In the order in which they are stored; `None` when not known."""
    total: int | None
    """Scalars in them; `None` when not known."""

    @property
    def label(self) -> str:
        """What to call it."""
        return self.name or self.kind

    @property
    def has_arrays(self) -> bool | None:
        """Whether there are any; `None` when not known."""
        if self.arrays is not None:
            return bool(self.arrays)
        return None if self.total is None else self.total > 0


@dataclass(slots=True)
class Result:
    """What loading did; groups by their number in the list of each model, the model itself last."""

    new: list[Group]
    old: list[Group]
    assigned: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict[tuple[int, int], tuple[int, int]])
    """For each array that was loaded (group, number): where it came from."""
    sources: dict[int, int] = field(default_factory=dict[int, int])
    """The group of the file that each group is given."""
    mismatched: dict[int, str] = field(default_factory=dict[int, str])
    """Groups that are given other arrays than they have, and why; Keras raises at the first."""
    unknown: dict[int, str] = field(default_factory=dict[int, str])
    """Groups of which it is not known, and why."""
    refused: str = ""
    """Why nothing is loaded at all."""
    stops: bool = False
    """It raises even with `skip_mismatch=True`."""

    def give(self, number: int, source: int) -> None:
        """Give a group the arrays of one of the file."""
        mine, theirs = self.new[number], self.old[source]
        self.sources[number] = source
        if mine.arrays is None or theirs.arrays is None:
            if mine.total is not None and theirs.total is not None and mine.total != theirs.total:
                self.mismatched[number] = f"it has {mine.total:,} weights, in the file there are {theirs.total:,}"
            else:
                kind = (mine if mine.arrays is None else theirs).kind
                self.unknown[number] = f"which arrays {kind} has is not known"
        elif len(mine.arrays) != len(theirs.arrays):
            self.mismatched[number] = f"it has {_arrays(len(mine.arrays))}, in the file there are {len(theirs.arrays)}"
        else:
            self._assign(number, mine.arrays, source, theirs.arrays)

    def _assign(self, number: int, mine: tuple[Leaf, ...], source: int, theirs: tuple[Leaf, ...]) -> None:
        for place, (leaf, stored) in enumerate(zip(mine, theirs, strict=True)):
            if leaf.array.shape == stored.array.shape:
                self.assigned[number, place] = source, place
            else:
                what = called(leaf.array, [one.array for one in mine])
                why = f"{what} is {leaf.array.shape}, in the file it is {stored.array.shape}"
                self.mismatched.setdefault(number, why)

    def count_differs(self, number: int) -> bool:
        """Whether a group is given more or fewer arrays than it has, as far as that is known."""
        mine, theirs = self.new[number].arrays, self.old[self.sources[number]].arrays
        return mine is not None and theirs is not None and len(mine) != len(theirs)


def load_by_order(before: ModelGraph, after: ModelGraph) -> Result:
    """Load in the order of the layers that have arrays."""
    result = Result(_groups(after), _groups(before))
    if _stands_twice(result):
        return result
    mine, theirs = _with_arrays(result.new), _with_arrays(result.old)
    if not (_has_order(before) and _has_order(after)):
        result.unknown[0] = "the order of the layers is not known"
        return result
    if mine is None or theirs is None:
        unsure = next(group for group in (*result.new, *result.old) if group.has_arrays is None)
        result.unknown[0] = f"whether {unsure.label} has weights is not known"
        return result
    if len(mine) != len(theirs):
        result.refused = f"{_layers(len(mine))} of the new model have weights, in the file {len(theirs)} have"
        result.stops = True
        return result
    for number, source in zip(mine, theirs, strict=True):
        result.give(number, source)
    result.give(len(result.new) - 1, len(result.old) - 1)
    result.stops = any(map(result.count_differs, result.sources))
    return result


def load_by_name(before: ModelGraph, after: ModelGraph) -> Result:
    """Load by the names of the model's own layers; what has no layer of its name is passed over."""
    result = Result(_groups(after), _groups(before))
    if _stands_twice(result):
        return result
    own = len(result.new) - 1
    named = {group.name: number for number, group in enumerate(result.old[:-1]) if group.name is not None}
    nameless = [group for group in result.old[:-1] if group.name is None and group.has_arrays is not False]
    for number, group in enumerate(result.new[:-1]):
        source = named.get(group.name) if group.name is not None else None
        if source is not None:
            result.give(number, source)
        elif group.has_arrays is not False and (group.name is None or nameless):
            result.unknown[number] = "the names that Keras made up are not known"
    result.give(own, len(result.old) - 1)
    return result


def _stands_twice(result: Result) -> bool:
    """Whether two layers of the old model have one name: Keras cannot save them."""
    counts = Counter(group.name for group in result.old[:-1] if group.name is not None)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        result.unknown[0] = f"two layers of the old model are named {twice!r}, which Keras cannot save in such a file"
    return twice is not None


def _has_order(graph: ModelGraph) -> bool:
    """Whether `layers` are in the order of the model; a drawing of a subclassed model does not have it."""
    return graph.how is How.DECLARED or (graph.saveables is not None and graph.how is not How.WEIGHTS)


def _with_arrays(groups: list[Group]) -> list[int] | None:
    """The layers that have arrays; `None` if that is not known of one."""
    known = [group.has_arrays for group in groups[:-1]]
    return None if None in known else [number for number, has in enumerate(known) if has]


def _layers(number: int) -> str:
    return "1 layer" if number == 1 else f"{number} layers"


def _arrays(number: int) -> str:
    return "1 array" if number == 1 else f"{number} arrays"


def _groups(graph: ModelGraph) -> list[Group]:
    found = [
        Group(layer.id, layer.name, layer.kind, _stored(layer, layer.name or layer.kind), layer.params)
        for layer in graph.layers
    ]
    return [*found, _own(graph)]


def _own(graph: ModelGraph) -> Group:
    weights = graph.saveables[0].weights if graph.saveables else None
    if weights is not None:
        leaves = [Leaf(array, graph.kind, graph.kind) for array in arrays_of(MODEL, weights)]
        return Group(None, None, graph.kind, tuple(sorted(leaves, key=_is_frozen)), graph.own_params)
    known = graph.own_params == 0 and graph.how in {How.DECLARED, How.UNBUILT, How.TRACED, How.RECORDED}
    return Group(None, None, graph.kind, () if known else None, graph.own_params)


def _is_frozen(leaf: Leaf) -> bool:
    return not leaf.array.trainable


def _stored(layer: Layer, label: str) -> tuple[Leaf, ...] | None:
    weights = layer.weights
    if weights is None:
        return () if layer.params == 0 else None
    found = list(_flat(layer, label, set()))
    if [leaf.array.shape for leaf in found] != [weight.shape for weight in weights]:
        # Which inner layer has which array is not known.
        found = [Leaf(array, label, layer.kind) for array in arrays_of(layer.id, weights)]
    order = sorted(range(len(found)), key=lambda number: not weights[number].trainable)
    return tuple(found[number] for number in order)


def _flat(layer: Layer, label: str, seen: set[int]) -> Iterator[Leaf]:
    """All arrays of a layer in the order of `Layer.weights`: its own, then those of the layers in it."""
    if layer.id in seen:
        return
    seen.add(layer.id)
    inner = () if layer.graph is None else layer.graph.layers
    arrays = arrays_of(layer.id, layer.weights or ())
    if inner:
        body = sum(len(one.weights or ()) for one in {one.id: one for one in inner}.values())
        arrays = arrays[: max(0, len(arrays) - body)]
    for array in arrays:
        yield Leaf(array, label, layer.kind)
    for one in inner:
        yield from _flat(one, f"{label}/{one.name or one.kind}", seen)
