"""Two graphs -> which item of one is which of the other: by structure, given names as a hint, automatic names never.

Several strategies are tried and the cheapest kept, because each hint lies in some edit: names that a loop numbered
shift when a layer is put in front, and surroundings that occur once need not belong together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial

from keras_ascii_tools.diff.align import aligned, rising
from keras_ascii_tools.diff.hashing import ancestry, around, posterity
from keras_ascii_tools.diff.items import Items
from keras_ascii_tools.diff.pairing import Pairing, Wires
from keras_ascii_tools.diff.refine import recover, replace_kinds, swap
from keras_ascii_tools.diff.signatures import Signer
from keras_ascii_tools.graph import TensorSpec

__all__ = ["match"]

_LEFT_OVER, _CHANGED, _REWIRED, _RENAMED = 1.0, 0.6, 0.5, 0.3
_CLOSE = 0.5
"""As `_CHANGED`, while aligning, for a layer whose defining settings are the same."""
_ELSEWHERE = 0.05
"""For a pair with other surroundings, while aligning."""
_RADII = (2, 3, 4)


def match(signer: Signer, before: Items, after: Items) -> Pairing:
    """Pair the items of two graphs; those of `after` and `before` are paired in the same way."""
    if _is_first(before, after):
        return _Matcher(signer, before, after).best()
    found = _Matcher(signer, after, before).best()
    found.after, found.before = found.before, found.after
    return found


def _is_first(one: Items, other: Items) -> bool:
    """Put two graphs in an order that does not depend on which was there first, so that ties are broken alike."""
    for depth in range(4):
        here, there = _key(one, depth), _key(other, depth)
        if here != there:
            return here < there
    return True


def _key(items: Items, depth: int) -> list[tuple[str, int]]:
    """What orders graphs: their sizes, then kinds, then wires, then settings."""
    if depth == 0:
        return [("", len(items))]
    if depth == 1:
        return [(layer.kind, 0) for layer in items.layers]
    if depth == 2:
        refs = [ref for found in items.inputs for ref in (*found, None)]
        return [("", -1) if ref is None else (str(ref.output), ref.node) for ref in refs]
    return [(repr((layer.given_name, layer.settings)), 0) for layer in items.layers]


class _Matcher:
    """What the strategies for one pair of graphs share."""

    def __init__(self, signer: Signer, before: Items, after: Items) -> None:
        self._ids = signer.ids
        self._before, self._after = before, after
        self._old, self._new = signer.signs(before), signer.signs(after)
        self._old_names = [layer.given_name for layer in before.layers]
        self._new_names = [layer.given_name for layer in after.layers]

    def best(self) -> Pairing:
        least = self._least_cost()
        best, cost = None, float("inf")
        for strategy in self._strategies():
            pairing = strategy()
            price = self._cost(pairing)
            if price < cost - 1e-9:
                best, cost = pairing, price
            if cost <= least + 1e-9:
                break
        if best is None:
            best = Pairing(len(self._before), len(self._after))
        replace_kinds(self._before, self._after, best)
        return best

    def _strategies(self) -> Iterable[Callable[[], Pairing]]:
        if self._before.inputs == self._after.inputs and self._old.kind == self._new.kind:
            yield self._in_order
        named = not {name for name in self._old_names if name}.isdisjoint(self._new_names)
        for surroundings in (True, False):
            for names in (True, False) if named else (False,):
                yield partial(self._structure, names, surroundings)

    # What a pairing costs

    def _cost(self, pairing: Pairing) -> float:
        wires = Wires(self._before, self._after, pairing)
        cost = _LEFT_OVER * (pairing.after.count(-1) + pairing.before.count(-1))
        for one, other in pairing.pairs():
            if self._old.core[one] != self._new.core[other]:
                cost += _CHANGED
            name, there = self._old_names[one], self._new_names[other]
            if name is not None and there is not None and name != there:
                cost += _RENAMED
            if wires.compare(one, other) != "same":
                cost += _REWIRED
        return cost

    def _least_cost(self) -> float:
        """What no pairing can be cheaper than: items that have no equal can be changed into each other at best."""
        old, new = Counter(self._old.core), Counter(self._new.core)
        kinds = dict(zip(self._old.core, self._old.kind, strict=True))
        kinds.update(zip(self._new.core, self._new.kind, strict=True))
        more: tuple[Counter[int], Counter[int]] = Counter(), Counter()
        for core in {*old, *new}:
            surplus = old[core] - new[core]
            more[surplus < 0][kinds[core]] += abs(surplus)
        cost = 0.0
        for kind in {*more[0], *more[1]}:
            one, other = more[0][kind], more[1][kind]
            cost += _CHANGED * min(one, other) + _LEFT_OVER * abs(one - other)
        return cost

    # Strategies

    def _in_order(self) -> Pairing:
        pairing = Pairing(len(self._before), len(self._after))
        for index in range(len(self._before)):
            pairing.pair(index, index)
        return pairing

    def _structure(self, names: bool, surroundings: bool) -> Pairing:
        pairing = Pairing(len(self._before), len(self._after))
        if names:
            self._same(
                pairing,
                [name and (name, kind) for name, kind in zip(self._old_names, self._old.kind, strict=True)],
                [name and (name, kind) for name, kind in zip(self._new_names, self._new.kind, strict=True)],
            )
        self._inputs(pairing)
        self._hashes(pairing, self._old.core, self._new.core)
        self._outputs(pairing)
        self._hashes(pairing, self._old.core, self._new.core)
        if surroundings:
            self._hashes(pairing, self._old.mid, self._new.mid)
            self._hashes(pairing, self._old.kind, self._new.kind)
            self._unique(pairing)
        self._windows(pairing, names)
        self._hashes(pairing, self._old.core, self._new.core)
        recover(self._before, self._after, self._old, self._new, pairing)
        swap(self._before, self._after, self._old, self._new, pairing)
        return pairing

    def _inputs(self, pairing: Pairing) -> None:
        """Pair inputs: by name, by place if nothing speaks against it, by what is made of them, by what they are."""
        old = _ends(self._before, pairing.after, inputs=True)
        new = _ends(self._after, pairing.before, inputs=True)
        self._some(pairing, old, new, lambda side, item: (self._old_names, self._new_names)[side][item])
        left, right = _left(old, pairing.after), _left(new, pairing.before)
        specs = [_spec(self._before, item) for item in left], [_spec(self._after, item) for item in right]
        if len(left) == len(right) and (
            specs[0] == specs[1] or sorted(map(repr, specs[0])) != sorted(map(repr, specs[1]))
        ):
            for one, other in zip(left, right, strict=True):
                pairing.pair(one, other)
            return
        known = self._known(pairing)
        after = [posterity(self._before, self._old.core, known[0], self._ids)]
        after.append(posterity(self._after, self._new.core, known[1], self._ids))
        both = self._before, self._after
        self._some(pairing, left, right, lambda side, item: (after[side][item], _spec(both[side], item)))
        self._some(pairing, left, right, lambda side, item: _spec(both[side], item))

    def _outputs(self, pairing: Pairing) -> None:
        """Pair what makes the same output: the last layer of another task is the same layer, changed."""
        if len(self._before.graph.outputs) != len(self._after.graph.outputs):
            return
        for ref, there in zip(self._before.graph.outputs, self._after.graph.outputs, strict=True):
            if ref is None or there is None or pairing.after[ref.node] >= 0 or pairing.before[there.node] >= 0:
                continue
            if self._old.kind[ref.node] == self._new.kind[there.node]:
                pairing.pair(ref.node, there.node)

    def _some(
        self, pairing: Pairing, old: Sequence[int], new: Sequence[int], key: Callable[[int, int], Hashable]
    ) -> None:
        """Pair some items that have the same key, which is `None` for an item that has none."""
        buckets: dict[Hashable, list[int]] = {}
        for other in _left(new, pairing.before):
            buckets.setdefault(key(1, other), []).append(other)
        for one in _left(old, pairing.after):
            name = key(0, one)
            if name is not None and buckets.get(name):
                pairing.pair(one, buckets[name].pop(0))

    # Numbers that are the same on both sides

    def _known(self, pairing: Pairing) -> tuple[list[int], list[int]]:
        return pairing.after, [index if one >= 0 else -1 for index, one in enumerate(pairing.before)]

    def _hashes(self, pairing: Pairing, old: Sequence[int], new: Sequence[int]) -> None:
        """Pair items with the same ancestry and posterity, then with the same ancestry, then the same posterity."""
        if -1 not in pairing.after or -1 not in pairing.before:
            return
        known, there = self._known(pairing)
        ancestors = ancestry(self._before, old, known, self._ids), ancestry(self._after, new, there, self._ids)
        heirs = posterity(self._before, old, known, self._ids), posterity(self._after, new, there, self._ids)
        self._same(
            pairing, list(zip(ancestors[0], heirs[0], strict=True)), list(zip(ancestors[1], heirs[1], strict=True))
        )
        self._same(pairing, *ancestors)
        self._same(pairing, *heirs)

    def _unique(self, pairing: Pairing) -> None:
        """Pair items whose surroundings occur once on each side, the largest surroundings first."""
        known, there = self._known(pairing)
        ids = self._ids
        old = [sign if pair < 0 else ids(("pair", pair)) for sign, pair in zip(self._old.core, known, strict=True)]
        new = [sign if pair < 0 else ids(("pair", pair)) for sign, pair in zip(self._new.core, there, strict=True)]
        levels: list[tuple[list[int], list[int]]] = []
        for radius in range(1, max(_RADII) + 1):
            old, new = around(self._before, old, ids), around(self._after, new, ids)
            if radius in _RADII:
                levels.append((old, new))
        for level in reversed(levels):
            self._same(pairing, *level, once=True)

    def _same(self, pairing: Pairing, old: Sequence[Hashable], new: Sequence[Hashable], *, once: bool = False) -> None:
        """Pair, in their order, items with the same key of which both sides have equally many; `None` is no key."""
        buckets: dict[Hashable, tuple[list[int], list[int]]] = {}
        for side, keys, partners in ((0, old, pairing.after), (1, new, pairing.before)):
            for index, partner in enumerate(partners):
                if partner < 0 and keys[index] is not None:
                    buckets.setdefault(keys[index], ([], []))[side].append(index)
        for left, right in buckets.values():
            if len(left) == len(right) and (len(left) == 1 or not once):
                for one, other in zip(left, right, strict=True):
                    pairing.pair(one, other)

    # Alignment

    def _windows(self, pairing: Pairing, names: bool) -> None:
        """Align what is left between pairs that have the same order on both sides."""
        if -1 not in pairing.after or -1 not in pairing.before:
            return
        anchors = rising([(one, other) for one, other in enumerate(pairing.after) if other >= 0])
        price = self._price(pairing, names)
        found: list[tuple[int, int]] = []
        last, past = -1, -1
        for one, other in [*anchors, (len(self._before), len(self._after))]:
            if one - last > 1 and other - past > 1:
                left = [index for index in range(last + 1, one) if pairing.after[index] < 0]
                right = [index for index in range(past + 1, other) if pairing.before[index] < 0]
                found += _aligned(left, right, price)
            last, past = one, other
        for one, other in found:
            pairing.pair(one, other)

    def _price(self, pairing: Pairing, names: bool) -> Callable[[int, int], float | None]:
        old, new = self._old, self._new
        known, there = self._known(pairing)
        ids = self._ids
        start = [sign if pair < 0 else ids(("pair", pair)) for sign, pair in zip(old.core, known, strict=True)]
        one_old = around(self._before, start, ids)
        two_old = around(self._before, one_old, ids)
        start = [sign if pair < 0 else ids(("pair", pair)) for sign, pair in zip(new.core, there, strict=True)]
        one_new = around(self._after, start, ids)
        two_new = around(self._after, one_new, ids)
        old_names, new_names = self._old_names, self._new_names

        def price(one: int, other: int) -> float | None:
            if two_old[one] == two_new[other]:
                cost = 0.0
            elif old.kind[one] != new.kind[other]:
                return None
            else:
                cost = _ELSEWHERE if one_old[one] == one_new[other] else 2 * _ELSEWHERE
                if old.core[one] != new.core[other]:
                    cost += _CLOSE if old.mid[one] == new.mid[other] else _CHANGED
            if names:
                name, name_there = old_names[one], new_names[other]
                if name is not None and name_there is not None and name != name_there:
                    cost += _RENAMED
            return cost

        return price


def _aligned(
    left: Sequence[int], right: Sequence[int], price: Callable[[int, int], float | None]
) -> list[tuple[int, int]]:
    """Align two lists of items, after what is equal at their ends."""
    found: list[tuple[int, int]] = []
    start = 0
    end = min(len(left), len(right))
    while start < end and price(left[start], right[start]) == 0:
        found.append((left[start], right[start]))
        start += 1
    tail = 0
    while tail < end - start and price(left[-1 - tail], right[-1 - tail]) == 0:
        tail += 1
        found.append((left[-tail], right[-tail]))
    left, right = left[start : len(left) - tail], right[start : len(right) - tail]
    pairs = aligned(len(left), len(right), lambda row, column: price(left[row], right[column]))
    return found + [(left[row], right[column]) for row, column in pairs]


def _ends(items: Items, partners: Sequence[int], *, inputs: bool) -> list[int]:
    refs = items.graph.inputs if inputs else items.graph.outputs
    return _left(list(dict.fromkeys(ref.node for ref in refs if ref is not None)), partners)


def _left(items: Sequence[int], partners: Sequence[int]) -> list[int]:
    return [item for item in items if partners[item] < 0]


def _spec(items: Items, item: int) -> tuple[TensorSpec, ...]:
    return items.graph.nodes[item].outputs
