"""Two sequences -> which of their parts correspond, so that few are left over and those stand together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

__all__ = ["aligned", "rising"]

_GAP = 1.0
_OPEN = 0.35
"""More for the first of a run of parts that are left over: a block that was inserted stands in one place."""
_NEVER = 1e9
_BAND = 12
_MOST_CELLS = 1_500_000
_WIDER_CELLS = 300_000


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a longest run of pairs that rise on both sides, of pairs that rise on the first."""
    tails: list[int] = []
    places: list[int] = []
    previous: list[int] = []
    for at, (_, other) in enumerate(pairs):
        place = bisect_left(tails, other)
        previous.append(places[place - 1] if place else -1)
        if place == len(tails):
            tails.append(other)
            places.append(at)
        else:
            tails[place] = other
            places[place] = at
    found: list[tuple[int, int]] = []
    at = places[-1] if places else -1
    while at >= 0:
        found.append(pairs[at])
        at = previous[at]
    return found[::-1]


def aligned(rows: int, columns: int, cost: Callable[[int, int], float | None]) -> list[tuple[int, int]]:
    """Return the pairs of a cheapest alignment with affine gaps (Gotoh), rising on both sides.

    Args:
        rows: Length of the first sequence.
        columns: Length of the second.
        cost: What a pair costs, 0 for equal parts; `None` if it cannot be one.

    It looks for the path near the diagonal first and further off while the path keeps to the border; of sequences
    that are too long for that, only what is equal at the beginning is paired.
    """
    if not rows or not columns:
        return []
    pairs: list[tuple[int, int]] | None = None
    band = _BAND
    while True:
        low, high = min(0, columns - rows) - band, max(0, columns - rows) + band
        cells = rows * (high - low + 1)
        if cells > (_MOST_CELLS if pairs is None else _WIDER_CELLS):
            return _beginning(rows, columns, cost) if pairs is None else pairs
        pairs, touched = _banded(rows, columns, cost, low, high)
        if not touched or (low <= -rows and high >= columns):
            return pairs
        band *= 3


def _beginning(rows: int, columns: int, cost: Callable[[int, int], float | None]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for at in range(min(rows, columns)):
        price = cost(at, at)
        if price is None or price > 0:
            break
        pairs.append((at, at))
    return pairs


def _banded(
    rows: int, columns: int, cost: Callable[[int, int], float | None], low: int, high: int
) -> tuple[list[tuple[int, int]], bool]:
    """Align within the diagonals from `low` to `high`; also tell whether the path ran along one of them."""
    width = high - low + 1
    # By diagonal: column = row + low + place. Paired here, first sequence's part left over, second's left over.
    pair, up, left = [_NEVER] * (width + 2), [_NEVER] * (width + 2), [_NEVER] * (width + 2)
    steps: list[bytearray] = []
    for row in range(rows + 1):
        new_pair, new_up, new_left = [_NEVER] * (width + 2), [_NEVER] * (width + 2), [_NEVER] * (width + 2)
        step = bytearray(width)
        for place in range(max(0, -low - row), min(width, columns - row - low + 1)):
            column = row + low + place
            mark = 0
            if row == 0 and column == 0:
                new_pair[place] = 0.0
                step[place] = mark
                continue
            if row and column:
                price = cost(row - 1, column - 1)
                if price is not None:
                    a, b, c = pair[place], up[place], left[place]
                    best, mark = (a, 0) if a <= b and a <= c else (b, 1) if b <= c else (c, 2)
                    new_pair[place] = best + price
            if row:
                # From above: one place further to the right in the row before.
                a, b, c = pair[place + 1] + _OPEN, up[place + 1], left[place + 1] + _OPEN
                best, come = (b, 1) if b <= a and b <= c else (a, 0) if a <= c else (c, 2)
                new_up[place] = best + _GAP
                mark += 3 * come
            if place:
                a, b, c = new_pair[place - 1] + _OPEN, new_up[place - 1] + _OPEN, new_left[place - 1]
                best, come = (c, 2) if c <= a and c <= b else (a, 0) if a <= b else (b, 1)
                new_left[place] = best + _GAP
                mark += 9 * come
            step[place] = mark
        pair, up, left = new_pair, new_up, new_left
        steps.append(step)
    return _traced(rows, columns, steps, low, (pair, up, left))


def _traced(
    rows: int, columns: int, steps: Sequence[bytearray], low: int, last: tuple[list[float], list[float], list[float]]
) -> tuple[list[tuple[int, int]], bool]:
    row, column = rows, columns
    place = column - row - low
    state = min(range(3), key=lambda number: last[number][place])
    width = len(steps[0])
    touched = False
    pairs: list[tuple[int, int]] = []
    while row or column:
        place = column - row - low
        touched = touched or place == 0 or place == width - 1
        mark = steps[row][place]
        if state == 0:
            pairs.append((row - 1, column - 1))
            row, column, state = row - 1, column - 1, mark % 3
        elif state == 1:
            row, state = row - 1, mark // 3 % 3
        else:
            column, state = column - 1, mark // 9
    return pairs[::-1], touched
