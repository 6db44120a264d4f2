"""The column of every row, for lanes of known extent. Knows no nodes, and of a lane only where it begins and ends.

Swept from the last row to the first, so that branches open to the right in the order in which they have to: the row that
joins them has seen them all. A row hands its column to one of the lanes that end in it, the *host*; a lane and the
hosts above it make one straight *track*.
"""

from __future__ import annotations

from dataclasses import dataclass

from keras_ascii_tools.layout.lanes import Schedule

__all__ = ["columns"]


def columns(plan: Schedule) -> tuple[list[int], int]:
    """Return the column of every row, and how many columns there are."""
    tracks = _tracks(plan)
    sweep = _Sweep(plan, tracks)
    for row in range(len(plan.ends) - 1, -1, -1):
        sweep.place(row)
    return sweep.column, sweep.width


@dataclass(slots=True)
class _Tracks:
    """How rows hang together straight downwards."""

    first: list[int]
    """Per row the first row of its track."""
    depth: list[int]
    """Per first row how many tracks it branches off from, one from the other."""
    parent: list[int]
    """Per first row the row whose lane it branches off from, or -1."""
    ending: list[list[int]]
    """Per row the rows whose lanes end in it: the host, then the others from the nearest column to the furthest."""


def _tracks(plan: Schedule) -> _Tracks:
    count = len(plan.ends)
    first, depth, parent = list(range(count)), [0] * count, [-1] * count
    ends = plan.ends
    ending: list[list[int]] = []

    def nesting(row: int) -> tuple[int, int]:
        start = first[row]
        return depth[start], start if parent[start] < 0 else -start

    def opening(row: int) -> tuple[bool, int]:
        start = first[row]
        return parent[start] < 0, start if parent[start] < 0 else -start

    for row, used in enumerate(plan.producers):
        here = [producer for producer in used if ends[producer] == row]
        ending.append(here)
        if here:
            if len(here) > 1:
                here.sort(key=nesting)
                here[1:] = sorted(here[1:], key=opening)
            first[row] = first[here[0]]
            continue
        for producer in used:
            if ends[producer] > row and depth[first[producer]] >= depth[row]:
                depth[row] = depth[first[producer]] + 1
                parent[row] = producer
    return _Tracks(first, depth, parent, ending)


class _Sweep:
    """The columns in use below a row, as bits of one number."""

    def __init__(self, plan: Schedule, tracks: _Tracks) -> None:
        self.plan = plan
        self.tracks = tracks
        self.column = [-1] * len(plan.ends)
        self.live = 0
        self.width = 0

    def place(self, row: int) -> None:
        """Find the columns of a row and of the lanes that end in it."""
        column = self.column
        if column[row] < 0:
            column[row] = self._without_lane(row)
        own = column[row]
        self.live &= ~(1 << own)
        ending = self.tracks.ending[row]
        if ending:
            column[ending[0]] = own
            self.live |= 1 << own
            if len(ending) > 1:
                self._join(row, ending)

    def _join(self, row: int, ending: list[int]) -> None:
        column, ends = self.column, self.plan.ends
        own = low = high = column[row]
        strangers = self.live & ~(1 << own)
        for producer in self.plan.producers[row]:
            if ends[producer] > row:
                strangers &= ~(1 << column[producer])
                low, high = min(low, column[producer]), max(high, column[producer])
        for producer in ending[1:]:
            place = self._free(self.live, own, low, high, strangers)
            column[producer] = place
            self.live |= 1 << place
            low, high = min(low, place), max(high, place)

    def _free(self, taken: int, near: int, low: int, high: int, strangers: int) -> int:
        """The free column that a run from `low` to `high` reaches past the fewest strangers."""
        best, best_cost = self.width, (0, 0, 0)
        for place in range(self.width):
            if taken >> place & 1:
                continue
            if place < low:
                passed = (strangers >> place & (1 << low - place) - 1).bit_count()
            elif place > high:
                passed = (strangers >> high & (1 << place - high) - 1).bit_count()
            else:
                passed = 0
            cost = passed, abs(place - near), place < near
            if best == self.width or cost < best_cost:
                best, best_cost = place, cost
        self.width = max(self.width, best + 1)
        return best

    def _without_lane(self, row: int) -> int:
        plan, column = self.plan, self.column
        taken = self.live
        below = row + 1
        if plan.spilled[row] and plan.producers[below]:
            taken |= 1 << column[below]
        tapped = [column[p] for p in plan.producers[row] if plan.ends[p] > row]
        if tapped:
            low, high = min(tapped), max(tapped)
            strangers = self.live
            for place in tapped:
                strangers &= ~(1 << place)
            return self._free(taken, high, low, high, strangers)
        parent = self.tracks.parent[self.tracks.first[row]]
        if parent >= 0 and plan.ends[parent] > row:
            near = column[parent]
            return self._free(taken, near, near, near, self.live & ~(1 << near))
        return self._free(taken, 0, 0, 0, self.live)
