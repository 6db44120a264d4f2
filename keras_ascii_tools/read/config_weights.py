"""Where each layer of a config stands among the arrays of its file. Knows names, no archives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.names import container_names

if TYPE_CHECKING:  # loaded by who reads weights, which is rare
    from keras_ascii_tools.read.stored import Branch, LayerWeights, Stored

__all__ = ["ROOT", "Place", "WeightSource", "groups_of"]


class Place(NamedTuple):
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
    return [f"layers/{name}" for name in container_names(kinds)]


class WeightSource:
    """Finds the arrays of a layer. The file is read when the first layer asks: rules know those of most models."""

    def __init__(self, load: Callable[[], Stored] | None) -> None:
        self._load = load
        self._stored: Stored | None = None
        self.notes: tuple[str, ...] = ()

    def of(self, place: Place) -> LayerWeights | None:
        """Return what the file has for a layer, or `None`."""
        stored = self.stored
        if stored is None:
            return None
        return stored.layers.get(place.names) or stored.layers.get(place.groups)

    def branch(self, place: Place) -> Branch | None:
        """Return the tree of what the file has for a layer, or `None`."""
        stored = self.stored
        return None if stored is None else stored.branches.get(place.names) or stored.branches.get(place.groups)

    @property
    def stored(self) -> Stored | None:
        """All that the file has, or `None` if it has no weights, or damaged ones."""
        load, self._load = self._load, None
        if load is not None:
            try:
                self._stored = load()
                self.notes = self._stored.notes
            except SourceError as error:
                self.notes = (f"the weights in the file are not read: {error}",)
        return self._stored
