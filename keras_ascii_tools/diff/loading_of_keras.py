"""The verdict for `.keras` and `.weights.h5` of Keras 3: what was played, told by counterparts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keras_ascii_tools.diff.loading_keras import Outcome, load
from keras_ascii_tools.diff.loading_objects import MODEL, Key, Object, Objects, extended, objects_of
from keras_ascii_tools.diff.loading_pairs import Pairs
from keras_ascii_tools.diff.loading_types import Loading, SkipMismatch, Slot, WeightsVerdict, status_of
from keras_ascii_tools.graph import ModelGraph

__all__ = ["keras_verdict"]


def keras_verdict(
    before: ModelGraph, after: ModelGraph, mapping: Mapping[int, int], alike: Collection[Collection[int]]
) -> WeightsVerdict:
    """Return the verdict for the format of Keras 3."""
    old, new = objects_of(before), objects_of(after)
    told = _Teller(old, new, load(old, new), Pairs(extended(before, after, mapping), alike))
    return told.verdict()


class _Teller:
    def __init__(self, old: Objects, new: Objects, outcome: Outcome, pairs: Pairs) -> None:
        self.old = old
        self.new = new
        self.outcome = outcome
        self.pairs = pairs
        self._got: dict[Key, int] = {}
        for key, _ in outcome.assigned:
            self._got[key] = self._got.get(key, 0) + 1

    def verdict(self) -> WeightsVerdict:
        """Put it all together."""
        outcome, objects = self.outcome, self.new.by_key.values()
        missing, mismatched = self._failures(missing=True), self._failures(missing=False)
        unknown = tuple(self._slot(key, why) for key, why in outcome.unknown.items())
        exact = not unknown and not any(self._is_opaque(key) for key in outcome.failures)
        wrong, dropped = self._wrong(), self._dropped() if exact else ()
        loaded = sum(1 for one in objects if one.arrays and self._in_full(one))
        failed = bool(outcome.failures)
        return WeightsVerdict(
            status=status_of(failed=failed, unknown=bool(unknown), wrong=bool(wrong), dropped=bool(dropped)),
            loading=Loading.KERAS,
            objects=sum(1 for one in objects if one.arrays or (one.arrays is None and one.total != 0)),
            loaded=loaded,
            missing=missing,
            mismatched=mismatched,
            wrong=wrong,
            dropped=dropped,
            untouched=self._untouched(),
            unknown=unknown,
            exact=exact,
            skip_mismatch=SkipMismatch(raises=False, loaded=loaded, wrong=wrong) if failed else None,
            reason=self._reason(missing, mismatched, unknown),
        )

    def _failures(self, *, missing: bool) -> tuple[Slot, ...]:
        failures = self.outcome.failures.items()
        return tuple(self._slot(key, failure.why) for key, failure in failures if failure.missing is missing)

    def _is_opaque(self, key: Key) -> bool:
        source = self.outcome.sources.get(key)
        return self.new.by_key[key].opaque or (source is not None and self.old.by_key[source].opaque)

    def _reason(self, missing: tuple[Slot, ...], mismatched: tuple[Slot, ...], unknown: tuple[Slot, ...]) -> str:
        if missing or mismatched:
            counts = (
                f"{len(missing)} missing" if missing else "",
                f"{len(mismatched)} mismatched" if mismatched else "",
            )
            return ", ".join(filter(None, counts))
        more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
        return "".join(f"{slot.after}: {slot.why}{more}" for slot in unknown[:1])

    def _in_full(self, one: Object) -> bool:
        return one.arrays is not None and self._got.get(one.key, 0) == len(one.arrays)

    def _slot(self, key: Key, why: str) -> Slot:
        source = self.outcome.sources.get(key)
        return Slot(
            after=self.new.by_key[key].label or self.new.by_key[key].kind,
            before=None if source is None else self.old.by_key[source].label or self.old.by_key[source].kind,
            after_layer=_layer(key),
            before_layer=None if source is None else _layer(source),
            place=self.outcome.places.get(key, ""),
            why=why,
        )

    def _wrong(self) -> tuple[Slot, ...]:
        found: dict[Key, str] = {}
        for (key, number), (source, place) in self.outcome.assigned.items():
            mine, theirs = self.new.by_key[key], self.old.by_key[source]
            if mine.arrays is None or theirs.arrays is None:
                continue
            why = self.pairs.why_wrong(mine.arrays[number], theirs.arrays[place], (mine.kind, theirs.kind))
            if why is not None:
                found.setdefault(key, why)
        return tuple(self._slot(key, why) for key, why in found.items())

    def _dropped(self) -> tuple[Slot, ...]:
        used = set(self.outcome.assigned.values())
        return tuple(
            Slot(before=one.label or one.kind, before_layer=_layer(one.key))
            for one in self.old.by_key.values()
            if (one.arrays is None and one.total != 0 and one.key not in self.outcome.sources.values())
            or any((one.key, number) not in used for number in range(len(one.arrays or ())))
        )

    def _untouched(self) -> tuple[Slot, ...]:
        apart = {*self.outcome.failures, *self.outcome.unknown} - self.outcome.skipped
        return tuple(
            self._slot(one.key, "")
            for one in self.new.by_key.values()
            if one.arrays and one.key not in self._got
            if one.key not in apart
        )


def _layer(key: Key) -> int | None:
    return None if key[0] == MODEL else key[0]
