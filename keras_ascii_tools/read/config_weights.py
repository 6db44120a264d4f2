"""The arrays that a file has for each layer. Knows names and shapes, no archives: whoever reads one fills this in.

A layer is addressed by name (`encoder/dense_1`: the layer `dense_1` of the model `encoder` of the file's model), or as
archives of Keras 3 do, by position (`layers/functional/layers/dense_1`: the second `Dense` in the first functional
model). Either may be a key; names come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keras_ascii_tools.graph import Weight
from keras_ascii_tools.names import snake_case

__all__ = ["ROOT", "LayerWeights", "Place", "WeightSource", "groups_of"]

# Classes whose objects Keras saves under another name than their files have.
_OTHER_NAMES = {"GroupQueryAttention": "GroupedQueryAttention"}


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """What the file has for one layer."""

    arrays: tuple[Weight, ...]
    """All arrays of the layer and of what is in it; no states of random seeds, no optimizer.

    Files do not say which are trained: `trainable` is not looked at.
    """

    @property
    def size(self) -> int:
        """Number of scalars."""
        return sum(array.size for array in self.arrays)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a layer stands in the tree of models, in both ways of saying so."""

    depth: int = 0
    names: str = ""
    groups: str = ""

    def child(self, name: str | None, group: str) -> Place:
        """Return the place of something inside."""
        names = f"{self.names}/{name or ''}" if self.names else name or ""
        return Place(self.depth + 1, names, f"{self.groups}/{group}" if self.groups else group)


ROOT = Place()


def groups_of(kinds: Iterable[str]) -> list[str]:
    """Return the groups in which an archive of Keras 3 has the layers of one model, given their classes in order."""
    counts: dict[str, int] = {}
    groups: list[str] = []
    for kind in kinds:
        stem = snake_case(_OTHER_NAMES.get(kind, kind))
        number = counts.get(stem, 0)
        counts[stem] = number + 1
        groups.append(f"layers/{stem}_{number}" if number else f"layers/{stem}")
    return groups


class WeightSource:
    """Finds the arrays of a layer."""

    def __init__(self, weights: Mapping[str, LayerWeights] | None) -> None:
        self._weights = weights

    def of(self, place: Place) -> LayerWeights | None:
        """Return what the file has for a layer, or `None`."""
        weights = self._weights or {}
        return weights.get(place.names) or weights.get(place.groups)

    @property
    def everything(self) -> int | None:
        """Number of scalars in all arrays, or `None` without a look into the file."""
        return None if self._weights is None else sum(one.size for one in self._weights.values())
