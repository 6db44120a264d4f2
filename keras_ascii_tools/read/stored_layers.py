"""The tree of weights in a file -> layers, where no config says which there are. Knows names and shapes, no files.

Files have the objects of a model by attribute (`head`), or in lists by class (`blocks/dense_1`: the second `Dense`).
Their order is not there, nor are classes of attributes, but for what automatic names say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

from keras_ascii_tools.graph import How, Layer, ModelGraph, Saveable
from keras_ascii_tools.names import is_automatic, snake_case
from keras_ascii_tools.read.defaults import layer_kinds
from keras_ascii_tools.read.stored import Branch
from keras_ascii_tools.read.stored_saveables import saveables_of

__all__ = ["StoredLayers"]

_NUMBER: Final = re.compile(r"_\d+$")
_ANY: Final = "Layer"
_MODULES: Final = {"Functional": "keras.models", "Sequential": "keras.models"}
_MOST: Final = 20_000


class StoredLayers:
    """Makes layers of branches, with ids that the caller gives."""

    def __init__(self, new_id: Callable[[], int], is_named: Callable[[str | None, str], bool]) -> None:
        self._new_id = new_id
        self._is_named = is_named
        self._left = _MOST
        self._ids: dict[str, int] = {}

    def layers(self, branches: Iterable[Branch]) -> tuple[Layer, ...]:
        """Return the layers right inside an object; lists of layers are opened."""
        return tuple(self._layer(branch, listed) for branch, listed in _objects(branches) if self._may())

    def body(self, branch: Branch, kind: str) -> ModelGraph | None:
        """Return what is inside a layer, or `None` if there is nothing."""
        layers = self.layers(branch.inner)
        if not layers:
            return None
        own = sum(array.size for array in branch.arrays)
        return ModelGraph(
            kind=kind,
            layers=layers,
            own_params=own,
            own_trainable_params=None if own else 0,
            own_bytes=sum(array.bytes for array in branch.arrays),
            how=How.WEIGHTS,
        )

    def saveables(self, branch: Branch, number: int) -> tuple[Saveable, ...] | None:
        """Return what was saved of a layer or model whose id is `number`, once the layers in it are made."""
        return saveables_of(branch, {**self._ids, branch.path: number}, self._new_id)

    def _may(self) -> bool:
        self._left -= 1
        return self._left >= 0

    def _layer(self, branch: Branch, listed: bool) -> Layer:
        kind = _kind(branch, listed)
        name = branch.name if branch.name or listed else branch.path.rpartition("/")[2]  # the attribute
        size = branch.weights.size
        module = _MODULES.get(kind) or ("keras.layers" if kind in _kinds().values() else None)
        number = self._new_id()
        self._ids[branch.path] = number
        return Layer(
            id=number,
            kind=kind,
            module=module,
            name=name,
            named=bool(name) and (kind == _ANY or self._is_named(name, kind)),
            settings=None,
            params=size,
            trainable_params=None if size else 0,
            graph=None if module == "keras.layers" else self.body(branch, kind),
        )


def _objects(branches: Iterable[Branch], listed: bool = False) -> Iterator[tuple[Branch, bool]]:
    for branch in branches:
        if branch.is_object:
            yield branch, listed
        else:
            yield from _objects(branch.inner, listed=True)


def _kind(branch: Branch, listed: bool) -> str:
    """The class: of what is in a list, the file says its snake case; else an automatic name does."""
    stem = _NUMBER.sub("", branch.path.rpartition("/")[2]) if listed else _NUMBER.sub("", branch.name or "")
    if listed and stem.capitalize() in _MODULES:
        return stem.capitalize()
    known = _kinds().get(stem)
    if known is not None and (listed or is_automatic(branch.name, known)):
        return known
    return stem if listed and stem else _ANY


@cache
def _kinds() -> dict[str, str]:
    """The built-in classes by their snake case, where only one has it."""
    found: dict[str, list[str]] = {}
    for kind in layer_kinds():
        found.setdefault(snake_case(kind), []).append(kind)
    return {stem: kinds[0] for stem, kinds in found.items() if len(kinds) == 1}
