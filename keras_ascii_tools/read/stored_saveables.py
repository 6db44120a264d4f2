"""The tree of weights in a file of Keras 3 -> the objects that were saved, where their classes are not Keras' own.

Knows places and shapes. What a file has is what Keras saved: no class has to be known for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from keras_ascii_tools.graph import Saveable
from keras_ascii_tools.read.stored import Branch

__all__ = ["saveables_of"]

_TWICE = "spectral_normalization"
"""Stores an array that `Branch` has only once."""


def saveables_of(branch: Branch, ids: Mapping[str, int], new_id: Callable[[], int]) -> tuple[Saveable, ...] | None:
    """Return a layer or model and all in it that was saved, itself first; `None` for a file of another kind.

    Args:
        branch: What the file has for it.
        ids: Of the layers that were made of branches, by path.
        new_id: Gives one for anything else.
    """
    if any(not array.name.isdigit() for one in branch.walk() for array in one.arrays):
        return None
    found: list[Saveable] = []
    waiting = [(branch, ids[branch.path] if branch.path in ids else new_id())]
    while waiting:
        one, number = waiting.pop()
        inner = [(part, ids[part.path] if part.path in ids else new_id()) for part in _objects(one)]
        start = len(one.path) + 1 if one.path else 0
        weights = None if one.path.rpartition("/")[2].startswith(_TWICE) else one.arrays
        found.append(Saveable(number, "", weights, tuple((part.path[start:], other) for part, other in inner)))
        waiting += reversed(inner)
    return tuple(found)


def _objects(branch: Branch) -> Iterator[Branch]:
    """What is right inside an object; lists are opened."""
    for inner in branch.inner:
        if inner.is_object:
            yield inner
        else:
            yield from _objects(inner)
