"""Changes that could as well be about other layers, because these cannot be told apart. Said, not guessed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from keras_ascii_tools.diff.items import Items
from keras_ascii_tools.diff.level import Level
from keras_ascii_tools.diff.structure import Own
from keras_ascii_tools.diff.types import Ambiguity

__all__ = ["ambiguities"]


def ambiguities(level: Level, own: Own, gone: Own) -> Iterator[Ambiguity]:
    """Yield the runs of added or removed layers that could stand elsewhere in a row of equal ones.

    A run can be shifted by one layer if the layer that it would leave at its one end is equal to the layer that it
    would take in at the other, and is wired in the same way: a removed block of three is one of five equal blocks in
    this way. Of equal layers side by side on the same inputs, each could be the one. A given name tells layers apart.
    """
    for after, items, partners, core, changes in (
        (False, level.before, level.pairing.after, level.old.core, gone),
        (True, level.after, level.pairing.before, level.new.core, own),
    ):
        names = [layer.given_name for layer in items.layers]
        signs = list(zip(core, names, [layer.params for layer in items.layers], strict=True))
        for run in _runs(items, partners):
            ids = tuple(dict.fromkeys(found for item in run for found in changes.get(item, ())))
            alike = _alike(items, partners, signs, run)
            if ids and alike:
                nodes = tuple(sorted({*run, *alike}))
                yield Ambiguity(changes=ids, path=level.path, after=after, nodes=nodes, label=items.layers[run[0]].kind)


def _runs(items: Items, partners: Sequence[int]) -> Iterator[list[int]]:
    """Items that are in one graph only and follow each other."""
    run: list[int] = []
    for item in range(items.nodes + 1):
        if item < items.nodes and partners[item] < 0:
            run.append(item)
        elif run:
            yield run
            run = []


def _alike(items: Items, partners: Sequence[int], signs: Sequence[Hashable], run: Sequence[int]) -> set[int]:
    def equal(one: int, other: int) -> bool:
        """Whether two items are the same and have their inputs from the same distance."""
        return bool(items.inputs[one]) and signs[one] == signs[other] and _offsets(items, one) == _offsets(items, other)

    found: set[int] = set()
    start, end = run[0], run[-1]
    while start and partners[start - 1] >= 0 and equal(start - 1, end):
        start, end = start - 1, end - 1
        found.add(start)
    start, end = run[0], run[-1]
    while end + 1 < items.nodes and partners[end + 1] >= 0 and equal(end + 1, start):
        start, end = start + 1, end + 1
        found.add(end)
    # The layer at an end of the run, and equal ones that go on from there.
    for end, step in ((run[0], -1), (run[-1], 1)):
        at = end + step
        while 0 <= at < items.nodes and partners[at] >= 0 and equal(at, end):
            found.add(at)
            at += step
    if len(run) == 1:
        for user in _siblings(items, run[0]):
            if partners[user] >= 0 and signs[user] == signs[run[0]]:
                found.add(user)
    return found


def _offsets(items: Items, item: int) -> list[tuple[int, int] | None]:
    return [None if ref is None else (item - ref.node, ref.output) for ref in items.inputs[item]]


def _siblings(items: Items, item: int) -> Iterator[int]:
    """Items that have the same inputs."""
    refs = items.inputs[item]
    first = refs[0] if refs else None
    if first is not None:
        for user, _, _ in items.users[first.node]:
            if items.inputs[user] == refs:
                yield user
