"""The rows of a diff -> those to be shown: unchanged runs counted, repeated additions once. Knows no characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from keras_ascii_tools.write.diff.merge import Item, Level, Mark

__all__ = ["Block", "Entry", "Gap", "entries_of"]

_MAX_PERIOD = 256
"""Rows of a block that is looked for."""
_LEAST_SAVED = 3
"""Rows; a block that saves no more is not worth its heading."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows that are not shown."""

    same: int
    derived: int


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that were added, or removed, several times over."""

    items: tuple[Item, ...]
    """Of the first copy."""
    times: int
    params: int | None
    """Weights of all copies; `None` when not known."""


Entry = Item | Gap | Block


def entries_of(level: Level, context: int, *, derived: bool = True) -> tuple[Entry, ...]:
    """Choose what is shown of a graph.

    Args:
        level: The graph.
        context: Rows to keep around what changed.
        derived: Whether to keep also what only follows from a change, where it stands beside one.
    """
    return tuple(_entries(level, _shown(level.items, context, derived), derived))


def _shown(items: Sequence[Item], context: int, derived: bool) -> list[bool]:
    shown = [False] * len(items)
    for at, item in enumerate(items):
        if item.matters:
            for near in range(max(at - context, 0), min(at + context + 1, len(items))):
                reach = int(derived) if items[near].mark is Mark.DERIVED else context
                shown[near] = shown[near] or abs(near - at) <= reach
    return shown


def _entries(level: Level, shown: Sequence[bool], derived: bool) -> Iterator[Entry]:
    for is_shown, group in groupby(zip(shown, level.items, strict=True), key=lambda pair: pair[0]):
        items = [item for _, item in group]
        # One row takes no more room than to say that it is left out.
        if is_shown or (len(items) == 1 and (derived or items[0].mark is Mark.SAME)):
            for mark, run in groupby(items, key=lambda item: item.mark):
                of_one = list(run)
                yield from _blocks(level, of_one) if mark in {Mark.ADDED, Mark.REMOVED} else of_one
        else:
            same = sum(item.mark is Mark.SAME for item in items)
            yield Gap(same, len(items) - same)


def _blocks(level: Level, run: list[Item]) -> Iterator[Entry]:
    """Fold what repeats in a run of rows, what saves most first."""
    found = _best([_token(level, item) for item in run])
    if found is None:
        yield from run
        return
    start, period, times = found
    yield from _blocks(level, run[:start])
    copies = run[start : start + period * times]
    yield Block(tuple(copies[:period]), times, _params(copies))
    yield from _blocks(level, run[start + period * times :])


def _best(tokens: Sequence[object]) -> tuple[int, int, int] | None:
    """Return start, period and number of copies of the repeat that saves most rows, if one saves more than it costs."""
    best: tuple[int, int, int] | None = None
    saved = _LEAST_SAVED
    for period in range(1, min(len(tokens) // 2, _MAX_PERIOD) + 1):
        length = 0
        for at in range(period, len(tokens) + 1):
            if at < len(tokens) and tokens[at] == tokens[at - period]:
                length += 1
                continue
            copies = length // period + 1
            if (copies - 1) * period > saved:
                saved = (copies - 1) * period
                best = (at - length - period, period, copies)
            length = 0
    return best


def _token(level: Level, item: Item) -> object:
    part = level.before if item.mark is Mark.REMOVED else level.after
    outputs = part.graph.nodes[part.diagram.rows[item.row].node].outputs if item.row < len(part.diagram.rows) else None
    layer = item.layer
    return (layer.kind, layer.module, layer.settings, layer.params, outputs, layer.graph)


def _params(items: Sequence[Item]) -> int | None:
    counts = {item.layer.id: item.layer.params for item in items}
    known = [count for count in counts.values() if count is not None]
    return sum(known) if len(known) == len(counts) else None
