"""What stands before, behind and around an item, as numbers that are equal for equal surroundings in both graphs."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.diff.items import Items
from keras_ascii_tools.diff.signatures import Ids

__all__ = ["ancestry", "around", "posterity"]


def ancestry(items: Items, signs: Sequence[int], known: Sequence[int], ids: Ids) -> list[int]:
    """Return a number per item for itself and everything that leads to it.

    Args:
        items: The graph.
        signs: What each item is.
        known: Number of the pair that an item belongs to, the same in both graphs, or -1. It stands for all that
            leads to it.
        ids: Gives the numbers.
    """
    found: list[int] = []
    for index, refs in enumerate(items.inputs):
        if known[index] >= 0:
            found.append(ids(("pair", known[index])))
        elif len(refs) == 1 and refs[0] is not None:
            found.append(ids((signs[index], found[refs[0].node])))
        else:
            found.append(ids((signs[index], *[-1 if ref is None else found[ref.node] for ref in refs])))
    return found


def posterity(items: Items, signs: Sequence[int], known: Sequence[int], ids: Ids) -> list[int]:
    """Return a number per item for itself and everything that it leads to, see `ancestry`."""
    found = [0] * len(items)
    for index in range(len(items) - 1, -1, -1):
        uses, ends = items.users[index], items.ends[index]
        if known[index] >= 0:
            found[index] = ids(("pair", known[index]))
        elif len(uses) == 1 and not ends:
            user, position, output = uses[0]
            found[index] = ids((signs[index], position, output, found[user]))
        else:
            after = sorted([(position, output, found[user]) for user, position, output in uses])
            found[index] = ids((signs[index], tuple(after), ends))
    return found


def around(items: Items, colors: Sequence[int], ids: Ids) -> list[int]:
    """Return a number per item for its color and those of its neighbours: one step of Weisfeiler and Lehman."""
    found: list[int] = []
    for index, refs in enumerate(items.inputs):
        before = tuple([-1 if ref is None else colors[ref.node] for ref in refs])
        uses = items.users[index]
        if len(uses) == 1:
            after: tuple[tuple[int, int], ...] = ((uses[0][1], colors[uses[0][0]]),)
        else:
            after = tuple(sorted([(position, colors[user]) for user, position, _ in uses]))
        found.append(ids((colors[index], before, after)))
    return found
