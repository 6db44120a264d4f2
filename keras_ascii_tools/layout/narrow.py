"""Fewer lanes, by a bounded search between the narrow places of an order. Knows who uses whom, and no columns.

To find the fewest lanes is NP-hard in general (it is register allocation), but models have places where one or two
lanes are all that goes on, and what stands between two of them can be ordered by itself.
"""

from __future__ import annotations

from keras_ascii_tools.layout.lanes import in_rows, last_uses, needs
from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["narrowed", "widest_join"]

_Shape = tuple[tuple[tuple[int, ...], ...], tuple[int, ...], int]

_LEVELS = (1, 2)
"""A place is narrow if so many lanes go on."""
_LONGEST = 160
"""More rows than this are not searched at once."""
_STEPS_PER_ROW = 60
"""How often one search may place a node, per row of its piece: not shared, so that an edit changes no other piece."""
_STEPS = 200_000
"""How often all searches of a graph may, and once more for every node."""


def widest_join(wiring: Wiring) -> int:
    """A number of lanes that is either needed in any order or few enough."""
    return max(2, max(map(len, wiring.inputs), default=0))


def narrowed(wiring: Wiring, order: list[int]) -> list[int]:
    """Reorder pieces of an order that take more lanes than they have to, as far as a bounded search finds out."""
    steps = _STEPS + len(order)
    known: dict[_Shape, list[int]] = {}
    for level in _LEVELS:
        producers = in_rows(wiring, order)
        ends = last_uses(producers)
        needed = needs(producers, ends)
        rows = list(range(len(order)))
        for first, last, entering in _pieces(producers, ends, level):
            most = max(needed[first:last])
            enough = max(2, max(map(len, producers[first:last])))
            if most <= enough:
                continue
            piece = _Piece(producers, ends, first, last, entering)
            shape = piece.shape()
            if shape not in known:
                known[shape], steps = _narrowest(piece, most, enough, steps)
            rows[first:last] = [first + node for node in known[shape]]
        order = [order[row] for row in rows]
    return order


def _narrowest(piece: _Piece, most: int, enough: int, steps: int) -> tuple[list[int], int]:
    """The narrowest order that the search finds for a piece, and how many steps it has left over."""
    best = list(range(piece.count))
    for limit in range(most - 1, enough - 1, -1):
        found = piece.search(limit, min(steps, _STEPS_PER_ROW * piece.count))
        steps -= piece.steps
        if not found:
            break
        best = found
    return best, steps


def _pieces(producers: list[list[int]], ends: list[int], level: int) -> list[tuple[int, int, int]]:
    """What lies between narrow places, unless trivial or too long: first row, end, how many lanes lead into it."""
    pieces: list[tuple[int, int, int]] = []
    live = first = entering = 0
    for row, used in enumerate(producers):
        live += ends[row] > row
        for producer in used:
            live -= ends[producer] == row
        if live <= level:
            if 2 < row + 1 - first <= _LONGEST:
                pieces.append((first, row + 1, entering))
            first, entering = row + 1, live
    return pieces


class _Piece:
    """The rows of a piece by themselves, counted from 0, and the state of a search for a narrower order of them.

    A node in which a lane ends never makes an order wider, so it is placed as soon as it is ready. What the search has
    to choose is which node opens the next lane. Sets of nodes are bits of one number.
    """

    def __init__(self, producers: list[list[int]], ends: list[int], first: int, last: int, entering: int) -> None:
        self.count = last - first
        self.steps = 0
        inside = range(first, last)
        above = sorted({p for row in inside for p in producers[row] if p < first})
        number = {row: place for place, row in enumerate([*inside, *above])}
        self.inputs = [[number[p] for p in producers[row]] for row in inside]
        self.consumers: list[list[int]] = [[] for _ in number]
        for node, used in enumerate(self.inputs):
            for producer in used:
                self.consumers[producer].append(node)
        self.opens = [ends[row] > row for row in inside]
        # One use more for what is used below the piece, so that it does not end inside.
        self.left = [len(self.consumers[place]) + (ends[row] >= last) for row, place in number.items()]
        self.waiting = [sum(p < self.count for p in used) for used in self.inputs]
        self.entering = entering
        self.live = 0
        self.ready = 0
        self.done = 0
        self.path: list[int] = []

    def shape(self) -> _Shape:
        """Equal for pieces that a search cannot tell apart: models repeat themselves."""
        return tuple(map(tuple, self.inputs)), tuple(self.left), self.entering

    def search(self, limit: int, steps: int) -> list[int] | None:
        """An order that takes at most `limit` lanes; `None` if there is none, or none was found in so many steps."""
        self.steps = 0
        self.live = self.entering
        self.ready = sum(1 << node for node, waiting in enumerate(self.waiting) if not waiting)
        choices: list[tuple[int, int]] = []
        seen: set[int] = set()
        found = None
        while self.steps < steps:
            self._place_free(limit)
            if len(self.path) == self.count:
                found = self.path[:]
                break
            if self.live < limit and self.done not in seen:
                seen.add(self.done)
                choices.append((len(self.path), self.ready))
            while choices and not choices[-1][1]:
                choices.pop()
            if not choices:
                break
            depth, open_ones = choices[-1]
            self._take_back(depth)
            node = open_ones.bit_length() - 1
            choices[-1] = depth, open_ones ^ 1 << node
            self._place(node)
        self._take_back(0)
        return found

    def _place_free(self, limit: int) -> None:
        """Place nodes that cost nothing, the youngest first, until there is none."""
        candidates = self.ready
        while candidates:
            node = candidates.bit_length() - 1
            candidates ^= 1 << node
            if self._is_free(node, limit):
                self._place(node)
                candidates = self.ready

    def _is_free(self, node: int, limit: int) -> bool:
        if not self.opens[node] and self.live < limit:
            return True
        return 1 in map(self.left.__getitem__, self.inputs[node])

    def _place(self, node: int) -> None:
        self.steps += 1
        self.path.append(node)
        self.done ^= 1 << node
        self.ready ^= 1 << node
        self.live += self.opens[node]
        for producer in self.inputs[node]:
            self.left[producer] -= 1
            self.live -= not self.left[producer]
        for consumer in self.consumers[node]:
            self.waiting[consumer] -= 1
            if not self.waiting[consumer]:
                self.ready ^= 1 << consumer

    def _take_back(self, depth: int) -> None:
        while len(self.path) > depth:
            node = self.path.pop()
            for consumer in self.consumers[node]:
                if not self.waiting[consumer]:
                    self.ready ^= 1 << consumer
                self.waiting[consumer] += 1
            for producer in self.inputs[node]:
                self.live += not self.left[producer]
                self.left[producer] += 1
            self.live -= self.opens[node]
            self.ready ^= 1 << node
            self.done ^= 1 << node
