"""Which item is which, and what that makes of the wires between them. Knows no names and no settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from keras_ascii_tools.diff.items import Items
from keras_ascii_tools.graph import TensorRef

__all__ = ["Pairing", "Wires"]

Wiring = Literal["same", "reordered", "rewired"]
_Ends = frozenset[tuple[int, int]]

_LONGEST = 10_000
"""Two lists of arguments are compared pair by pair up to this product of their lengths."""


class Pairing:
    """Pairs of items of two graphs; each item is in one pair at most."""

    __slots__ = ("after", "before")

    def __init__(self, before: int, after: int) -> None:
        self.after = [-1] * before
        """Partner of each item of the before graph; -1: none."""
        self.before = [-1] * after

    def pair(self, one: int, other: int) -> None:
        """Pair two items that have no partner."""
        self.after[one] = other
        self.before[other] = one

    def part(self, one: int) -> None:
        """Take the partner from an item of the before graph."""
        self.before[self.after[one]] = -1
        self.after[one] = -1

    def copy(self) -> Pairing:
        """Return one that can be changed by itself."""
        new = Pairing(0, 0)
        new.after, new.before = self.after[:], self.before[:]
        return new

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs, ordered by the item of the after graph."""
        for other, one in enumerate(self.before):
            if one >= 0:
                yield one, other


class Wires:
    """Compares what paired items are connected to; items without a partner are looked through."""

    def __init__(self, before: Items, after: Items, pairing: Pairing) -> None:
        self._before, self._after, self._pairing = before, after, pairing
        self._origins: tuple[dict[int, _Ends], dict[int, _Ends]] = {}, {}

    def compare(self, one: int, other: int) -> Wiring:
        """Compare the inputs of a pair.

        A wire is the same if it comes from the same output of a paired item, or if the items that are in one graph only
        explain it: an inserted layer passes on what came before it. An argument more or less is explained if it comes
        from an item that is in one graph only.
        """
        old, new = self._before.inputs[one], self._after.inputs[other]
        partners = self._pairing.after
        if len(old) == len(new):
            for ref, there in zip(old, new, strict=True):
                if ref is None or there is None:
                    continue
                if partners[ref.node] != there.node or ref.output != there.output:
                    break
            else:
                return "same"
        if self._alike(old, new):
            return "same"
        return "reordered" if self._is_permutation(old, new) else "rewired"

    def _is_permutation(self, old: Sequence[TensorRef | None], new: Sequence[TensorRef | None]) -> bool:
        if len(old) != len(new) or None in old or None in new:
            return False
        there = sorted((ref.node, ref.output) for ref in new if ref is not None)
        here = sorted((self._pairing.after[ref.node], ref.output) for ref in old if ref is not None)
        if here == there:
            return True
        # An argument through an inserted layer changed its place.
        left = [ref for ref in new if ref is not None]
        for ref in old:
            found = next((at for at, other in enumerate(left) if self._same(ref, other)), None)
            if found is None:
                return False
            del left[found]
        return True

    def _alike(self, old: Sequence[TensorRef | None], new: Sequence[TensorRef | None]) -> bool:
        if len(old) == len(new) and all(map(self._same, old, new)):
            return True
        if len(old) == len(new) and not any(map(self._alone, (0,) * len(old), old)):
            return False
        if None in old or None in new:
            return len(old) != len(new)
        if len(old) * len(new) > _LONGEST:
            return False
        # Which prefixes of the new arguments explain each prefix of the old ones.
        reach = [True]
        for there in new:
            reach.append(reach[-1] and self._alone(1, there))
        for ref in old:
            last, reach = reach, [reach[0] and self._alone(0, ref)]
            for at, there in enumerate(new):
                reach.append(
                    (last[at] and self._same(ref, there))
                    or (last[at + 1] and self._alone(0, ref))
                    or (reach[at] and self._alone(1, there))
                )
        return reach[-1]

    def _alone(self, side: int, ref: TensorRef | None) -> bool:
        """Whether a tensor comes from an item that is in one graph only."""
        partners = self._pairing.before if side else self._pairing.after
        return ref is not None and partners[ref.node] < 0

    def _same(self, ref: TensorRef | None, there: TensorRef | None) -> bool:
        if ref is None or there is None:
            return True
        old, new = self.origins(0, ref), self.origins(1, there)
        if not old and not new:
            return True
        partners = self._pairing.after
        return any((partners[node], output) in new for node, output in old)

    def origins(self, side: int, ref: TensorRef) -> _Ends:
        """Return the tensors of paired items that a tensor is, or is made of through items without a partner."""
        partners = self._pairing.before if side else self._pairing.after
        if partners[ref.node] >= 0:
            return frozenset({(ref.node, ref.output)})
        known = self._origins[side]
        if ref.node not in known:
            self._find(ref.node, side, partners, known)
        return known[ref.node]

    def _find(self, node: int, side: int, partners: Sequence[int], known: dict[int, _Ends]) -> None:
        inputs = (self._after if side else self._before).inputs
        stack = [node]
        while stack:
            index = stack[-1]
            refs = [ref for ref in inputs[index] if ref is not None]
            todo = [ref.node for ref in refs if partners[ref.node] < 0 and ref.node not in known]
            if todo:
                stack += todo
                continue
            stack.pop()
            ends: set[tuple[int, int]] = set()
            for ref in refs:
                if partners[ref.node] >= 0:
                    ends.add((ref.node, ref.output))
                else:
                    ends |= known[ref.node]
            known[index] = frozenset(ends)
