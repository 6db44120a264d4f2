"""One graph of each model, matched: the nodes and layers that are the same one in both, and those that moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keras_ascii_tools.diff.items import EDGES_KNOWN, Items
from keras_ascii_tools.diff.matching import match
from keras_ascii_tools.diff.pairing import Pairing, Wires
from keras_ascii_tools.diff.signatures import Signer, Signs
from keras_ascii_tools.diff.types import Path, Side
from keras_ascii_tools.graph import Layer, ModelGraph

__all__ = ["EDGES_KNOWN", "Level", "label_of", "level_of"]

_NEAR = 12
"""A layer without a name has moved if there are at most so many others between where it was and where it is."""


@dataclass(frozen=True, slots=True)
class Level:
    """Two graphs that correspond, and which of their items do."""

    path: Path
    owners: tuple[int, int] | None
    before: Items
    after: Items
    old: Signs
    new: Signs
    pairing: Pairing
    wires: Wires
    layers: tuple[tuple[Layer, Layer], ...]
    """Layers that are the same one, ordered as in the after graph; those that moved among them."""
    moved: tuple[tuple[int, int], ...]
    """Items without a partner that are the same layer in another place."""
    edges_known: bool

    def side(self, after: bool, layer: Layer, items: Sequence[int]) -> Side:
        """Say which part of a model something is about."""
        nodes = (self.after if after else self.before).nodes
        return Side(layer.id, label_of(layer), tuple(item for item in items if item < nodes))

    def calls(self, after: bool) -> dict[int, list[int]]:
        """Return the items of each layer, by its id, in order."""
        found: dict[int, list[int]] = {}
        for index, layer in enumerate((self.after if after else self.before).layers):
            found.setdefault(layer.id, []).append(index)
        return found

    def node_pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of which both are nodes, ordered by the after graph's."""
        for one, other in self.pairing.pairs():
            if one < self.before.nodes and other < self.after.nodes:
                yield one, other


def label_of(layer: Layer) -> str:
    """Return what a layer is called in a diff: its given name, or else its kind."""
    return layer.given_name or layer.kind


def level_of(
    signer: Signer, before: ModelGraph, after: ModelGraph, path: Path, owners: tuple[int, int] | None
) -> Level:
    """Match two graphs."""
    old, new = signer.items(before), signer.items(after)
    pairing = match(signer, old, new)
    signs = signer.signs(old), signer.signs(new)
    moved = tuple(_moves(old, new, *signs, pairing))
    return Level(
        path=path,
        owners=owners,
        before=old,
        after=new,
        old=signs[0],
        new=signs[1],
        pairing=pairing,
        wires=Wires(old, new, pairing),
        layers=_layers(old, new, pairing, moved),
        moved=moved,
        edges_known=before.how in EDGES_KNOWN and after.how in EDGES_KNOWN,
    )


def _layers(
    before: Items, after: Items, pairing: Pairing, moved: Sequence[tuple[int, int]]
) -> tuple[tuple[Layer, Layer], ...]:
    pairs = sorted((*pairing.pairs(), *moved), key=lambda pair: pair[1])
    found: dict[tuple[int, int], tuple[Layer, Layer]] = {}
    for one, other in pairs:
        layer, there = before.layers[one], after.layers[other]
        found.setdefault((layer.id, there.id), (layer, there))
    return tuple(found.values())


def _moves(before: Items, after: Items, old: Signs, new: Signs, pairing: Pairing) -> Iterator[tuple[int, int]]:
    """Items that are left over on both sides and equal: of one name, or the only such ones and near."""
    gone = [item for item in range(before.nodes) if pairing.after[item] < 0 and before.inputs[item]]
    come = [item for item in range(after.nodes) if pairing.before[item] < 0 and after.inputs[item]]
    if not gone or not come:
        return
    lost, won = Counter(old.core[item] for item in gone), Counter(new.core[item] for item in come)
    calls = Counter(layer.id for layer in before.layers), Counter(layer.id for layer in after.layers)
    taken: set[int] = set()
    for one in gone:
        layer = before.layers[one]
        for other in come:
            there = after.layers[other]
            if other in taken or old.core[one] != new.core[other] or layer.given_name != there.given_name:
                continue
            if calls[0][layer.id] > 1 or calls[1][there.id] > 1:
                continue
            alone = lost[old.core[one]] == 1 and won[new.core[other]] == 1
            if layer.named or (alone and _distance(pairing, one, other) <= _NEAR):
                taken.add(other)
                yield one, other
                break


def _distance(pairing: Pairing, one: int, other: int) -> int:
    """Number of paired items between the place where an item was and the one where it is, in the after graph."""
    last = next((pairing.after[item] for item in range(one - 1, -1, -1) if pairing.after[item] >= 0), -1)
    low, high = sorted((last, other))
    return sum(partner >= 0 for partner in pairing.before[low + 1 : high])
