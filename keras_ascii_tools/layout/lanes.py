"""How far down each node's lane is drawn: to its last use, or less if there are too many lanes. Knows no columns.

From here on everything is a row number: an order has been chosen, and a node is called by the row that it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["Schedule", "lanes_needed", "schedule"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """An order of the nodes, and the extent of every lane in it."""

    producers: list[list[int]]
    """Per row the rows that it uses, in argument order."""
    ends: list[int]
    """Per row the last row that its lane is drawn into; its own number if it has no lane."""
    spilled: list[bool]
    """Per row whether something uses its node without a lane."""


def schedule(wiring: Wiring, order: Sequence[int], max_lanes: int) -> Schedule:
    """Give every node a lane to its last use, and cut lanes short where more than `max_lanes` would lie side by side."""
    producers = in_rows(wiring, order)
    ends = last_uses(producers)
    spilled = [False] * len(ends)
    if lanes_needed(producers, ends) > max_lanes:
        _spill(producers, ends, spilled, max_lanes)
    return Schedule(producers, ends, spilled)


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


def lanes_needed(producers: list[list[int]], ends: list[int]) -> int:
    """The number of columns that lanes with these ends take. A node stands in the column of a lane that ends in it."""
    live = needed = 0
    for row, used in enumerate(producers):
        ending = 0
        for producer in used:
            if ends[producer] == row:
                ending += 1
        needed = max(needed, live if ending else live + 1)
        live -= ending
        if ends[row] > row:
            live += 1
    return needed


def _spill(producers: list[list[int]], ends: list[int], spilled: list[bool], max_lanes: int) -> None:
    """Cut lanes short, those first whose next use is furthest (Belady's rule, which loads no lane again)."""
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
            victim = _furthest(live, uses, passed, None if not used else row - 1)
            live.remove(victim)
            spilled[victim] = True
            ends[victim] = uses[victim][passed[victim] - 1] if passed[victim] else victim
        if ends[row] > row:
            live.add(row)


def _furthest(live: set[int], uses: list[list[int]], passed: list[int], above: int | None) -> int:
    """The lane whose next use is furthest, the oldest of several.

    A lane that has just begun is the last choice where the next node has inputs: it would leave its column to a node
    that then seems to use it.
    """

    def distance(producer: int) -> tuple[bool, int, int]:
        return producer != above or bool(passed[producer]), uses[producer][passed[producer]], -producer

    return max(live, key=distance)
