"""What Keras saves of a class from outside Keras, and at which attributes. Knows nothing of graphs or files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keras_ascii_tools.errors import GraphError

if TYPE_CHECKING:
    from keras_ascii_tools.graph.types import Weight

__all__ = ["Saveable", "check_saveables"]


@dataclass(frozen=True, slots=True)
class Saveable:
    """An object whose own arrays Keras 3 saves by themselves: a model, a layer, or a part of one, such as a cell."""

    id: int
    """As `Layer.id`; a part has an id that no layer has."""
    kind: str
    """The class of Keras whose way of storing arrays it has; "" in what was read from a file, which has the arrays as
    they were stored, and of the ways to an object only the one by which it was saved."""
    weights: tuple[Weight, ...] | None = ()
    """Its own arrays, not those of its parts; `None` if it stores them in a way of its own."""
    parts: tuple[tuple[str, int], ...] = ()
    """The objects in it, as (attributes that lead there, id), in the order in which Keras visits them. An object that
    is reached in several ways stands there several times."""


def check_saveables(saveables: tuple[Saveable, ...] | None) -> None:
    """Raise GraphError unless all parts are there, each object once, and the owner first."""
    if saveables is None:
        return
    known = {one.id for one in saveables}
    if not saveables or len(known) < len(saveables):
        raise GraphError("what Keras saves of a layer starts with the layer itself, and has everything once")
    for one in saveables:
        for path, part in one.parts:
            if part not in known or not path:
                raise GraphError(f"saveable {one.id} ({one.kind}) has a part {part} at {path!r}, which there is not")
