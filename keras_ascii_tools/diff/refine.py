"""Mend a pairing by what stands next to what is paired. Knows signatures, no names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from keras_ascii_tools.diff.items import Items
from keras_ascii_tools.diff.pairing import Pairing, Wires
from keras_ascii_tools.diff.signatures import Signs

__all__ = ["recover", "replace_kinds", "swap"]

_HOPS = 2
_MOST_NEAR = 40


def recover(before: Items, after: Items, old: Signs, new: Signs, pairing: Pairing) -> None:
    """Pair items of one kind that are left over and stand at the same argument of, or behind, items that are paired."""
    if -1 not in pairing.after or -1 not in pairing.before:
        return
    waiting = list(pairing.pairs())
    while waiting:
        one, other = waiting.pop()
        for left, right in _neighbours(before, after, one, other):
            if pairing.after[left] >= 0 or pairing.before[right] >= 0 or old.kind[left] != new.kind[right]:
                continue
            if old.core[left] == new.core[right] or _stands_alike(before, after, pairing, left, right):
                pairing.pair(left, right)
                waiting.append((left, right))


def _neighbours(before: Items, after: Items, one: int, other: int) -> Iterator[tuple[int, int]]:
    for ref, there in zip(before.inputs[one], after.inputs[other], strict=False):
        if ref is not None and there is not None:
            yield ref.node, there.node
    users: dict[tuple[int, int], list[int]] = {}
    for user, position, output in after.users[other]:
        users.setdefault((position, output), []).append(user)
    for user, position, output in before.users[one]:
        found = users.get((position, output))
        if found is not None and len(found) == 1:
            yield user, found[0]


def _stands_alike(before: Items, after: Items, pairing: Pairing, one: int, other: int) -> bool:
    """Whether all inputs are the same ones, and something that uses them is."""
    if not before.inputs[one] or Wires(before, after, pairing).compare(one, other) != "same":
        return False
    users = {pairing.after[user] for user, _, _ in before.users[one]}
    return any(user in users for user, _, _ in after.users[other])


def swap(before: Items, after: Items, old: Signs, new: Signs, pairing: Pairing) -> None:
    """Pair an item with an equal one nearby that is left over, rather than with one that is not equal.

    Not if that tears more wires than it saves changes.
    """
    for one, other in list(pairing.pairs()):
        if old.core[one] == new.core[other] or pairing.after[one] != other:
            continue
        for pair in _twins(before, after, old, new, pairing, one, other):
            around = _around(after, other, pair[1])
            torn = _torn(before, after, pairing, around)
            pairing.part(one)
            pairing.pair(*pair)
            if _torn(before, after, pairing, around) <= torn:
                break
            pairing.part(pair[0])
            pairing.pair(one, other)


def _twins(
    before: Items, after: Items, old: Signs, new: Signs, pairing: Pairing, one: int, other: int
) -> Iterator[tuple[int, int]]:
    """The nearest equal of each of two paired items that is left over."""
    for item in _near(after, other):
        if pairing.before[item] < 0 and new.core[item] == old.core[one]:
            yield one, item
            break
    for item in _near(before, one):
        if pairing.after[item] < 0 and old.core[item] == new.core[other]:
            yield item, other
            break


def _around(after: Items, *items: int) -> set[int]:
    """Items and what uses them, the users of their users too: they may be told apart by what stands between."""
    found = set(items)
    for _ in range(_HOPS):
        found |= {user for item in found for user, _, _ in after.users[item][:_MOST_NEAR]}
    return found


def _torn(before: Items, after: Items, pairing: Pairing, items: Iterable[int]) -> int:
    wires = Wires(before, after, pairing)
    pairs = ((pairing.before[item], item) for item in items)
    return sum(one >= 0 and wires.compare(one, item) != "same" for one, item in pairs)


def _near(items: Items, start: int) -> Iterator[int]:
    """Items at most two steps away, the nearest first."""
    seen = {start}
    ring = [start]
    for _ in range(_HOPS):
        reached: list[int] = []
        for item in ring:
            reached += [ref.node for ref in items.inputs[item] if ref is not None]
            reached += [user for user, _, _ in items.users[item]]
        ring = [item for item in dict.fromkeys(reached) if item not in seen][:_MOST_NEAR]
        seen.update(ring)
        yield from ring


def replace_kinds(before: Items, after: Items, pairing: Pairing) -> None:
    """Pair items of different kinds of which one stands exactly where the other stood.

    A layer with weights does not take the place of one without: that would be said of a convolution and an activation.
    """
    places: dict[object, list[int]] = {}
    for other in range(after.nodes):
        if pairing.before[other] < 0 and after.inputs[other]:
            places.setdefault(_place(after, other, pairing.before, range(len(after))), []).append(other)
    found: list[tuple[int, int]] = []
    for one in range(before.nodes):
        if pairing.after[one] < 0 and before.inputs[one]:
            place = _place(before, one, pairing.after, pairing.after)
            others = places.get(place) if place is not None else None
            if others:
                found.append((one, others.pop(0)))
    for one, other in found:
        pairing.pair(one, other)


def _place(items: Items, item: int, partners: Sequence[int], number: Sequence[int]) -> object:
    """Where an item stands, if all its neighbours are paired."""
    inputs = [None if ref is None else (number[ref.node], ref.output, partners[ref.node]) for ref in items.inputs[item]]
    users = items.users[item]
    if any(ref is not None and ref[2] < 0 for ref in inputs) or any(partners[user] < 0 for user, _, _ in users):
        return None
    wires = tuple(None if ref is None else ref[:2] for ref in inputs)
    return (
        items.layers[item].params == 0,
        wires,
        tuple(sorted((number[user], position, output) for user, position, output in users)),
        items.ends[item],
    )
