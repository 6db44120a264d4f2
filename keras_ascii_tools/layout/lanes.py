"""How far down each node's lane is drawn: to its last use, or less if there are too many lanes. Knows no columns.

From here on everything is a row number: an order has been chosen, and a node is called by the row that it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["Extents", "extents", "in_rows", "lanes_needed", "last_uses", "needs"]


class Extents(NamedTuple):
    """Where every lane begins and ends."""

    producers: list[list[int]]
    """Per row the rows that it uses, in argument order."""
    ends: list[int]
    """Per row the last row that its lane is drawn into; its own number if it has no lane."""
    cut: list[bool]
    """Per row whether its lane ends before its last use."""


def extents(wiring: Wiring, order: Sequence[int], max_lanes: int) -> Extents:
    """Give every node a lane to its last use, but cut lanes where more than `max_lanes` would lie side by side."""
    producers = in_rows(wiring, order)
    ends = last_uses(producers)
    cut = [False] * len(ends)
    if max(needs(producers, ends), default=0) > max_lanes:
        _cut(producers, ends, cut, max_lanes)
    return Extents(producers, ends, cut)


def in_rows(wiring: Wiring, order: Sequence[int]) -> list[list[int]]:
    """Per row the rows that it uses, in argument order."""
    row_of = [0] * len(order)
    for row, node in enumerate(order):
        row_of[node] = row
    inputs = wiring.inputs
    return [[row_of[producer] for producer in inputs[node]] for node in order]


def last_uses(producers: list[list[int]]) -> list[int]:
    """Per row the last row that uses it; its own number if nothing does."""
    ends = list(range(len(producers)))
    for row, used in enumerate(producers):
        for producer in used:
            ends[producer] = row
    return ends


def needs(producers: list[list[int]], ends: list[int]) -> list[int]:
    """Per row the number of columns that it takes: a node stands in the column of a lane that ends in it, if any."""
    needed: list[int] = []
    live = 0
    for row, used in enumerate(producers):
        ending = 0
        for producer in used:
            if ends[producer] == row:
                ending += 1
        needed.append(live if ending else live + 1)
        live -= ending
        if ends[row] > row:
            live += 1
    return needed


def lanes_needed(wiring: Wiring, order: Sequence[int]) -> int:
    """The number of columns that a graph takes in this order, if no lane is cut short."""
    producers = in_rows(wiring, order)
    return max(needs(producers, last_uses(producers)), default=0)


def _cut(producers: list[list[int]], ends: list[int], cut: list[bool], max_lanes: int) -> None:
    """End lanes early, first those whose next use is furthest: Belady's rule, but what has ended stays ended."""
    uses: list[list[int]] = [[] for _ in producers]
    for row, used in enumerate(producers):
        for producer in used:
            uses[producer].append(row)
    passed = [0] * len(producers)
    live: set[int] = set()
    for row, used in enumerate(producers):
        ending = False
        for producer in used:
            if producer in live:
                passed[producer] += 1
                if ends[producer] == row:
                    ending = True
                    live.remove(producer)
        if not ending and len(live) >= max_lanes:
            victim = _furthest(live, uses, passed, row - 1)
            live.remove(victim)
            cut[victim] = True
            ends[victim] = uses[victim][passed[victim] - 1] if passed[victim] else victim
        if ends[row] > row:
            live.add(row)


def _furthest(live: set[int], uses: list[list[int]], passed: list[int], above: int) -> int:
    """The lane whose next use is furthest; of several the oldest.

    The lane of the row above is the last choice, unless it is used here: it would leave its column to a node that then
    seems to use it.
    """

    def distance(producer: int) -> tuple[bool, int, int]:
        used = passed[producer]
        return producer != above or used > 0, uses[producer][used], -producer

    return max(live, key=distance)
