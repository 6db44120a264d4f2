"""The arrays that a file has, as the tree in which they stand. Knows names and shapes, no files.

A layer is found by name (`encoder/dense_1`: the layer `dense_1` of the model `encoder` of the file's model), or as
archives of Keras 3 have it, by position (`layers/functional/layers/dense_1`: the second `Dense` of the first functional
model). Names come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from keras_ascii_tools.graph import Weight

__all__ = ["Branch", "LayerWeights", "Stored", "stored_of"]


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
class Branch:
    """What the file has for one object: a layer, or a list or dictionary of them."""

    path: str
    """From the root of the weights: `layers/dense_1`, `encoder/blocks/0`."""
    name: str | None = None
    """The layer's name, where the file says it."""
    arrays: tuple[Weight, ...] = ()
    """Its own."""
    is_object: bool = True
    """Whether it is a layer or a model, and no list of them."""
    inner: tuple[Branch, ...] = ()

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all in it."""
        pending: list[Branch] = [self]
        while pending:
            branch = pending.pop()
            yield branch
            pending.extend(reversed(branch.inner))

    @property
    def weights(self) -> LayerWeights:
        """All arrays in it."""
        return LayerWeights(tuple(array for branch in self.walk() for array in branch.arrays))


@dataclass(frozen=True, slots=True)
class Stored:
    """All arrays of a file."""

    layers: Mapping[str, LayerWeights] = field(default_factory=dict[str, LayerWeights])
    """By name and by position; see above."""
    tree: tuple[Branch, ...] = ()
    """The same, for a model that does not say of which layers it is made."""
    branches: Mapping[str, Branch] = field(default_factory=dict[str, Branch])
    """The branches of the tree, by name and by position."""
    own: tuple[Weight, ...] = ()
    """Of the model itself and of no layer."""
    notes: tuple[str, ...] = ()

    @property
    def root(self) -> Branch:
        """The model itself."""
        return Branch("", None, self.own, inner=self.tree)

    @property
    def everything(self) -> int:
        """Number of scalars in all arrays."""
        inner = self.tree if self.tree else self.layers.values()
        sizes = [branch.weights.size if isinstance(branch, Branch) else branch.size for branch in inner]
        return sum(sizes) + sum(array.size for array in self.own)


def stored_of(root: Branch, notes: Iterable[str] = ()) -> Stored:
    """Make what is looked up from the tree of a file."""
    layers: dict[str, LayerWeights] = {}
    branches: dict[str, Branch] = {}
    pending = [("", branch) for branch in reversed(root.inner)]
    while pending:
        above, branch = pending.pop()
        names = "/".join(part for part in (above, branch.name) if part)
        weights = branch.weights
        for key in (branch.path, names) if branch.name else (branch.path,):
            layers.setdefault(key, weights)
            branches.setdefault(key, branch)
        pending += [(names, inner) for inner in reversed(branch.inner)]
    return Stored(layers, root.inner, branches, root.arrays, tuple(notes))
