"""The column of every row, for lanes of known extent. Knows rows and where their lanes end, and no nodes.

Swept from the last row to the first, because the row that joins branches knows how they have to lie: so that none is in
the way of another one when it opens. A row hands its column to one of the lanes that end in it, the *host*; a row, its
host, the host's host and so on stand in one column and make a *track*.
"""

from __future__ import annotations

from typing import NamedTuple

from keras_ascii_tools.layout.lanes import Extents

__all__ = ["columns"]


def columns(lanes: Extents) -> tuple[list[int], int]:
    """Return the column of every row, and how many columns there are."""
    sweep = _Sweep(lanes, _find_tracks(lanes))
    for row in range(len(lanes.ends) - 1, -1, -1):
        sweep.place(row)
    return sweep.column, sweep.width


class _Tracks(NamedTuple):
    """How rows hang together. A track is called by its first row."""

    track: list[int]
    """Per row its track."""
    origin: list[int]
    """Per track the row whose lane it branches off from; -1 if it begins by itself."""
    ending: list[list[int]]
    """Per row the rows whose lanes end in it: the host, then the others, from the nearest column to the furthest."""


def _find_tracks(lanes: Extents) -> _Tracks:
    count = len(lanes.ends)
    track, origin, depth = list(range(count)), [-1] * count, [0] * count
    every: list[list[int]] = []

    def nesting(row: int) -> tuple[int, int]:
        first = track[row]
        return depth[first], first if origin[first] < 0 else -first

    for row, used in enumerate(lanes.producers):
        ending = [producer for producer in used if lanes.ends[producer] == row]
        every.append(ending)
        if ending:
            host = min(ending, key=nesting) if len(ending) > 1 else ending[0]
            track[row] = track[host]
            if len(ending) > 2:
                ending.remove(host)
                every[-1] = [host, *_outwards(ending, track, origin)]
            elif host != ending[0]:
                ending.reverse()
            continue
        for producer in used:
            if lanes.ends[producer] > row and depth[track[producer]] >= depth[row]:
                depth[row] = depth[track[producer]] + 1
                origin[row] = producer
    return _Tracks(track, origin, every)


def _outwards(ending: list[int], track: list[int], origin: list[int]) -> list[int]:
    """Order lanes that end together, so that the way to the start of each is free.

    Each next to the one that it branches off from, the last begun first. What begins by itself needs no way: it stands
    outside, in the order of its beginning.
    """

    def opening(row: int) -> tuple[bool, int]:
        first = track[row]
        return origin[first] < 0, first if origin[first] < 0 else -first

    branches: dict[int, list[int]] = {}
    together = {track[row] for row in ending}
    for row in sorted(ending, key=opening, reverse=True):
        base = origin[track[row]]
        branches.setdefault(track[base] if base >= 0 and track[base] in together else -1, []).append(row)
    ordered: list[int] = []
    stack = branches[-1]
    while stack:
        row = stack.pop()
        ordered.append(row)
        stack += branches.get(track[row], ())
    return ordered


class _Sweep:
    """The columns taken below the row that is being placed, as bits of one number."""

    def __init__(self, lanes: Extents, tracks: _Tracks) -> None:
        self.lanes = lanes
        self.tracks = tracks
        self.column = [-1] * len(lanes.ends)
        self.taken = 0
        self.width = 0

    def place(self, row: int) -> None:
        """Find the column of a row, unless its lane has one, and those of the lanes that end in it."""
        column = self.column
        if column[row] < 0:
            column[row] = self._without_lane(row)
        own = 1 << column[row]
        self.taken &= ~own
        ending = self.tracks.ending[row]
        if ending:
            column[ending[0]] = column[row]
            self.taken |= own
            if len(ending) > 1:
                self._join(row, ending)

    def _join(self, row: int, ending: list[int]) -> None:
        column = self.column
        own = column[row]
        low, high, strangers = self._reach(row, own, own)
        for producer in ending[1:]:
            place = self._nearest(own, low, high, strangers, self.taken)
            column[producer] = place
            self.taken |= 1 << place
            low, high = min(low, place), max(high, place)

    def _without_lane(self, row: int) -> int:
        """A column for a node that nothing uses, or that is only referred to: near what it is joined with."""
        lanes, column, taken = self.lanes, self.column, self.taken
        if lanes.cut[row]:
            # Directly above another node it would seem to be used by that one.
            taken |= 1 << column[row + 1]
        near = [column[producer] for producer in lanes.producers[row] if lanes.ends[producer] > row]
        if not near:
            origin = self.tracks.origin[self.tracks.track[row]]
            near = [column[origin]] if origin >= 0 and lanes.ends[origin] > row else [0]
        low, high, strangers = self._reach(row, min(near), max(near))
        return self._nearest(high, low, high, strangers, taken)

    def _reach(self, row: int, low: int, high: int) -> tuple[int, int, int]:
        """How far the row's run reaches through the lanes that go on, and the columns of lanes that it does not use."""
        column, ends = self.column, self.lanes.ends
        strangers = self.taken & ~(1 << column[row]) if column[row] >= 0 else self.taken
        for producer in self.lanes.producers[row]:
            if ends[producer] > row:
                place = column[producer]
                strangers &= ~(1 << place)
                low, high = min(low, place), max(high, place)
        return low, high, strangers

    def _nearest(self, near: int, low: int, high: int, strangers: int, taken: int) -> int:
        """The free column on the way to which the fewest strangers are crossed, or a new one if none is free.

        Of several the nearest, right before left.
        """
        best, least = self.width, (0, 0, False)
        for place in range(self.width):
            if taken >> place & 1:
                continue
            if place < low:
                crossed = (strangers >> place & (1 << low - place) - 1).bit_count()
            elif place > high:
                crossed = (strangers >> high & (1 << place - high) - 1).bit_count()
            else:
                crossed = 0
            cost = crossed, abs(place - near), place < near
            if best == self.width or cost < least:
                best, least = place, cost
        self.width = max(self.width, best + 1)
        return best
