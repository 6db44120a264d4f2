"""Rows as the search for repeats sees them. Knows numbers only: which are alike, who uses whom, what is folded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

__all__ = ["NOWHERE", "Block", "Bracket", "Rows", "Source"]

Source = tuple[int, int]
"""A tensor: row and output. A tensor without a row is `(NOWHERE, n)`; it is the same where `n` is."""

NOWHERE = -1


class Block(NamedTuple):
    """Rows that repeat: copies of `period` rows, one after the other."""

    start: int
    period: int
    times: int

    @property
    def end(self) -> int:
        """The row after the last copy."""
        return self.start + self.period * self.times

    @property
    def saved(self) -> int:
        """Rows that need not be drawn."""
        return self.period * (self.times - 1)


class Bracket(NamedTuple):
    """Rows that are folded already."""

    first: int
    last: int
    times: int
    carried: tuple[tuple[int, int, int, int], ...]
    """Per use of a carried tensor the row and the argument, then the row and output it is carried from.

    Rows are counted from `first`.
    """


@dataclass(slots=True)
class Rows:
    """The rows that are left, in order."""

    tokens: Sequence[int]
    """Equal where rows are alike."""
    inputs: Sequence[tuple[Source, ...]]
    """Per row its tensors, in argument order."""
    layers: Sequence[tuple[int, int, int]]
    """Per row its layer, and how many rows before and after it the layer is called, too; 0 for not at all."""
    outputs: frozenset[int] = frozenset()
    """Rows that make the model's outputs."""
    brackets: Sequence[Bracket] = ()
    """By first row, outer ones first."""
    last_use: list[int] = field(init=False)
    """Per row the last row that uses it; beyond the last row for the model's outputs, -1 for none."""
    live: list[int] = field(init=False)
    """Per row how many earlier rows it and later ones use."""
    _firsts: list[int] = field(init=False)
    _owners: list[int] = field(init=False)
    _parents: list[int] = field(init=False)

    def __post_init__(self) -> None:
        count = len(self.tokens)
        used = [-1] * count
        for row, inputs in enumerate(self.inputs):
            for source, _ in inputs:
                if source >= 0:
                    used[source] = row
        changes = [0] * (count + 1)
        for row, use in enumerate(used):
            if use >= 0:
                changes[row + 1] += 1
                changes[use + 1] -= 1
        self.live = list(accumulate(changes))
        for row in self.outputs:
            used[row] = count
        for bracket in self.brackets:
            for _, _, inner, _ in bracket.carried:
                # The next copy uses it, after all rows of this one.
                used[bracket.first + inner] = max(used[bracket.first + inner], bracket.last + 1)
        self.last_use = used
        self._firsts = [bracket.first for bracket in self.brackets]
        self._place_brackets(count)

    def _place_brackets(self, count: int) -> None:
        """Note per row the innermost bracket that holds it and the row before it, per bracket the one around it."""
        self._owners = [-1] * count
        self._parents = []
        around: list[int] = []
        for number, bracket in enumerate(self.brackets):
            while around and self.brackets[around[-1]].last < bracket.first:
                around.pop()
            self._parents.append(around[-1] if around else -1)
            around.append(number)
            self._owners[bracket.first + 1 : bracket.last + 1] = [number] * (bracket.last - bracket.first)

    def starts_after_fork(self, row: int) -> bool:
        """Whether a row uses a tensor that later rows use, too."""
        return any(source >= 0 and self.last_use[source] > row for source, _ in self.inputs[row])

    def nesting(self, start: int, end: int) -> tuple[object, object] | None:
        """Return which brackets hold the rows and which they hold, or `None` if one holds only some of them.

        Two copies of a block have equal nestings.
        """
        if not self.brackets:
            return (), ()
        holding: list[int] = []
        held: list[object] = []
        for number in self._crossing(start):
            if self.brackets[number].last < end - 1:
                return None
            holding.append(number)
        for number in range(bisect_left(self._firsts, start), bisect_left(self._firsts, end)):
            bracket = self.brackets[number]
            if bracket.last < end:
                held.append((bracket.first - start, bracket.last - start, bracket.times, bracket.carried))
            elif bracket.first == start:
                holding.append(number)
            else:
                return None
        return sorted(holding), held

    def _crossing(self, row: int) -> list[int]:
        """Brackets that hold a row and the row before it, from the innermost outwards."""
        number = self._owners[row]
        found: list[int] = []
        while number >= 0:
            found.append(number)
            number = self._parents[number]
        return found
