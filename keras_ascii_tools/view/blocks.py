"""Blocks of rows that may be drawn once: which of the stretches that look alike are really copies of each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from keras_ascii_tools.view.repeats import MAX_PERIOD, Repeats
from keras_ascii_tools.view.rows import NOWHERE, Block, Rows, Source

__all__ = ["blocks", "entries"]

_TRIED_PHASES = 6
"""Where a block may start within one period: the best few are looked at; the first usually holds."""


def blocks(rows: Rows, least: int) -> list[Block]:
    """Return blocks that do not overlap and save at least so many rows each, the most useful first."""
    if len(set(rows.tokens)) == len(rows.tokens):
        return []
    found = sorted(_candidates(rows, least), key=_cost)
    taken = bytearray(len(rows.tokens))
    chosen: list[Block] = []
    for block in found:
        if taken.find(1, block.start, block.end) < 0:
            taken[block.start : block.end] = b"\1" * (block.end - block.start)
            chosen.append(block)
    return chosen


def _cost(block: Block) -> tuple[float, int, int]:
    """Sort by rows saved, weighed with the share that they are of all rows of the block.

    Many short copies come before two long ones that cut through them: DenseNet's 12, 24 and 16 layers, and not twice 24
    of them with a transition in the middle. The other way round, long copies of folded rows can still be folded later.
    """
    return (-block.saved * (block.times - 1) / block.times, block.period, block.start)


def entries(rows: Rows, block: Block) -> tuple[list[Source], list[tuple[Source, Source]]]:
    """Return what the copies of a block use from outside: what all of them use, and what each gets from the one before.

    The latter as pairs: what the first copy uses, and what its counterpart is in the first copy, for the second.
    """
    kept: dict[Source, None] = {}
    carried: dict[Source, Source] = {}
    for row in range(block.start, block.start + block.period):
        for one, other in zip(rows.inputs[row], rows.inputs[row + block.period], strict=True):
            if one[0] >= block.start or one[0] == NOWHERE:
                continue
            if one == other:
                kept[one] = None
            else:
                carried[one] = other
    return list(kept), list(carried.items())


def _candidates(rows: Rows, least: int) -> Iterator[Block]:
    reach = [max(use - row, 0) for row, use in enumerate(rows.last_use)]
    repeats = Repeats(rows.tokens, _features(rows), reach)
    found: dict[int, list[tuple[int, int, int]]] = {}
    for period in range(1, min(MAX_PERIOD, len(rows.tokens) // 2) + 1):
        for start, end in repeats.runs(period):
            if end - start < least or _is_multiple(found, start, end, period):
                continue
            best = _best_phase(rows, start, end, period, least)
            yield from best
            if best:
                found.setdefault(period, []).append((start, end, sum(block.saved for block in best)))


def _features(rows: Rows) -> list[tuple[list[int], list[int]]]:
    """What must shift with the row or else stay: layers and the first two inputs. Further inputs are compared later."""
    numbers: dict[tuple[int, ...], int] = {}

    def number(*key: int) -> int:
        return numbers.setdefault(key, len(numbers) + 1)

    features: list[tuple[list[int], list[int]]] = []
    if any(before or after for _, before, after in rows.layers):
        distances = [number(before, after) for _, before, after in rows.layers]
        features.append((distances, [number(layer) if before or after else 0 for layer, before, after in rows.layers]))
    for position in (0, 1):
        shifting: list[int] = []
        staying: list[int] = []
        for row, inputs in enumerate(rows.inputs):
            source = next(islice(inputs, position, None), None)
            if source is None:
                shifting.append(0)
                staying.append(0)
                continue
            staying.append(number(*source))
            shifting.append(staying[-1] if source[0] == NOWHERE else number(row - source[0], source[1], 0))
        features.append((shifting, staying))
    return features


def _is_multiple(found: dict[int, list[tuple[int, int, int]]], start: int, end: int, period: int) -> bool:
    """Whether a divisor of the period does at least as well on these rows."""
    for divisor, stretches in found.items():
        if period % divisor == 0:
            before = bisect_right(stretches, (start + 1,)) - 1
            if before >= 0:
                _, stop, saved = stretches[before]
                if end + period <= stop + divisor and saved >= (end - start) // period * period:
                    return True
    return False


def _best_phase(rows: Rows, start: int, end: int, period: int, least: int) -> list[Block]:
    """Blocks in the rows from `start`, of which those before `end` repeat one period later.

    The best place for a block to start is where few tensors are alive, right after a fork. It may cost one copy.
    """
    possible = (end - start) // period * period
    best: list[Block] = []
    for phase in _phases(rows, start, end, period):
        found = [block for block in _valid(rows, phase, end, period) if block.saved >= least]
        saved = sum(block.saved for block in found)
        if saved > sum(block.saved for block in best):
            best = found
            if saved >= possible - period:
                break
    return best


def _phases(rows: Rows, start: int, end: int, period: int) -> list[int]:
    """The few best rows for a block to start."""

    def cost(row: int) -> tuple[int, bool, int]:
        inner = row + period
        return (rows.live[inner], not rows.starts_after_fork(inner), row)

    return sorted(range(start, min(start + period, end - period + 1)), key=cost)[:_TRIED_PHASES]


def _valid(rows: Rows, start: int, end: int, period: int) -> Iterator[Block]:
    """Join neighbouring copies that are copies of each other, as many as there are."""
    times = (end - start) // period + 1
    first = 0
    nesting = [rows.nesting(at, at + period) for at in range(start, start + times * period, period)]
    for copy in range(times):
        at = start + copy * period
        alike = copy + 1 < times and nesting[copy] is not None and nesting[copy] == nesting[copy + 1]
        if alike and _repeats(rows, at, period):
            continue
        while first < copy and _ambiguous(rows, start + first * period, period):
            first += 1
        if first < copy:
            yield Block(start + first * period, period, copy - first + 1)
        first = copy + 1


def _repeats(rows: Rows, start: int, period: int) -> bool:
    """Whether the copy that starts here may be followed by one that starts a period later."""
    middle, end = start + period, start + 2 * period
    for row in range(start, middle):
        if rows.last_use[row] >= end:
            return False
        for one, other in zip(rows.inputs[row], rows.inputs[row + period], strict=True):
            if one == other:
                if one[0] >= start:
                    return False
            elif one[0] == NOWHERE or other != (one[0] + period, one[1]) or other[0] < start:
                return False
        if not _shares_alike(rows, row, start, middle):
            return False
    return True


def _shares_alike(rows: Rows, row: int, start: int, end: int) -> bool:
    """Whether the layer is the same in both copies, or in each copy one of its own."""
    layer, before, after = rows.layers[row]
    other, other_before, other_after = rows.layers[row + end - start]
    if layer == other:
        return True
    return (before, after) == (other_before, other_after) and row - before >= start and row + after < end


def _ambiguous(rows: Rows, start: int, period: int) -> bool:
    """Whether the copy uses one tensor both as something that stays and as something that comes from the copy before.

    Drawn once, the rows could not say which is which.
    """
    kept, carried = entries(rows, Block(start, period, 2))
    return not set(kept).isdisjoint(source for source, _ in carried)
