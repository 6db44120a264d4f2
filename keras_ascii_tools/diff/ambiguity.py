"""Changes that could as well be about other layers, because these cannot be told apart. Said, not guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_ascii_tools.diff.items import Items
from keras_ascii_tools.diff.level import Level
from keras_ascii_tools.diff.structure import Own
from keras_ascii_tools.diff.types import Ambiguity

__all__ = ["ambiguities"]


def ambiguities(level: Level, own: Own, gone: Own) -> Iterator[Ambiguity]:
    """Yield the runs of added or removed layers that could stand elsewhere in a row of equal ones.

    A run can be shifted along a chain by one layer if the layer that it would leave at its one end is equal to the
    layer that it would take in at the other; a removed block of three is one of five equal blocks in this way. Of
    equal layers side by side on the same inputs, each could be the one. A given name tells layers apart.
    """
    for after, items, partners, core, changes in (
        (False, level.before, level.pairing.after, level.old.core, gone),
        (True, level.after, level.pairing.before, level.new.core, own),
    ):
        names = [layer.given_name for layer in items.layers]
        signs = list(zip(core, names, strict=True))
        for run in _runs(items, partners):
            ids = tuple(dict.fromkeys(found for item in run for found in changes.get(item, ())))
            alike = _alike(items, partners, signs, run)
            if ids and alike:
                nodes = tuple(sorted({*run, *alike}))
                yield Ambiguity(changes=ids, path=level.path, after=after, nodes=nodes, label=items.layers[run[0]].kind)


def _runs(items: Items, partners: Sequence[int]) -> Iterator[list[int]]:
    """Chains of items that are in one graph only: each the one input of the next."""
    run: list[int] = []
    for item in range(items.nodes):
        if partners[item] >= 0:
            continue
        if run and not (_source(items, item) == run[-1] and _single(items, run[-1])):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _source(items: Items, item: int) -> int | None:
    refs = items.inputs[item]
    return refs[0].node if len(refs) == 1 and refs[0] is not None else None


def _single(items: Items, item: int) -> bool:
    return len(items.users[item]) == 1 and not items.ends[item]


def _alike(
    items: Items, partners: Sequence[int], signs: Sequence[tuple[int, str | None]], run: Sequence[int]
) -> set[int]:
    found: set[int] = set()
    # Backwards: the item before the run would be left out, the run's last one would stay.
    chain = list(run)
    while (item := _source(items, chain[0])) is not None and partners[item] >= 0 and _single(items, item):
        if signs[item] != signs[chain[-1]] or items.layers[item].kind == "InputLayer":
            break
        found.add(item)
        chain = [item, *chain[:-1]]
    chain = list(run)
    while _single(items, chain[-1]):
        item = items.users[chain[-1]][0][0]
        if partners[item] < 0 or signs[item] != signs[chain[0]] or _source(items, item) != chain[-1]:
            break
        found.add(item)
        chain = [*chain[1:], item]
    if len(run) == 1 and items.inputs[run[0]]:
        item = run[0]
        for ref in items.inputs[item]:
            for user, _, _ in () if ref is None else items.users[ref.node]:
                if partners[user] >= 0 and signs[user] == signs[item] and items.inputs[user] == items.inputs[item]:
                    found.add(user)
    return found
