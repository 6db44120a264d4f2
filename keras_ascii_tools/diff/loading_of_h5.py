"""The verdict for legacy `.h5`: what was played, told by counterparts. A layer of the model is one object."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keras_ascii_tools.diff.loading_h5 import Group, Result, load_by_name, load_by_order
from keras_ascii_tools.diff.loading_objects import MODEL
from keras_ascii_tools.diff.loading_pairs import Pairs
from keras_ascii_tools.diff.loading_types import Loading, SkipMismatch, Slot, WeightsVerdict, status_of
from keras_ascii_tools.graph import ModelGraph

__all__ = ["h5_verdict"]


def h5_verdict(
    before: ModelGraph,
    after: ModelGraph,
    mapping: Mapping[int, int],
    alike: Collection[Collection[int]],
    loading: Loading,
) -> WeightsVerdict:
    """Return the verdict for a legacy file, by order or by name."""
    result = load_by_name(before, after) if loading is Loading.H5_BY_NAME else load_by_order(before, after)
    pairs = {MODEL: MODEL, **mapping}
    return _Teller(result, Pairs({**_namesakes(before, after, pairs), **pairs}, alike)).verdict(loading)


def _namesakes(before: ModelGraph, after: ModelGraph, pairs: Mapping[int, int]) -> dict[int, int]:
    """Layers that are in no pair, of which one says nothing but the name: they are counterparts if that is the same."""
    taken = set(pairs.values())
    left = {(layer.kind, layer.given_name): layer.id for layer in before.layers if layer.id not in taken}
    loose = [layer for layer in after.layers if layer.id not in pairs and layer.given_name is not None]
    return {layer.id: left[layer.kind, layer.given_name] for layer in loose if (layer.kind, layer.given_name) in left}


class _Teller:
    def __init__(self, result: Result, pairs: Pairs) -> None:
        self.result = result
        self.pairs = pairs
        self._got: dict[int, int] = {}
        for number, _ in result.assigned:
            self._got[number] = self._got.get(number, 0) + 1

    def verdict(self, loading: Loading) -> WeightsVerdict:
        """Put it all together."""
        result = self.result
        known = not result.refused and not result.unknown
        mismatched = tuple(self._slot(number, why) for number, why in result.mismatched.items())
        unknown = tuple(self._slot(number, why) for number, why in result.unknown.items())
        failed = bool(result.refused or mismatched)
        wrong, dropped = self._wrong(), self._dropped() if known else ()
        loaded = sum(1 for number, group in enumerate(result.new) if group.arrays and self._in_full(number, group))
        skip = SkipMismatch(raises=True) if result.stops else SkipMismatch(raises=False, loaded=loaded, wrong=wrong)
        return WeightsVerdict(
            status=status_of(failed=failed, unknown=bool(unknown), wrong=bool(wrong), dropped=bool(dropped)),
            loading=loading,
            objects=sum(1 for group in result.new if group.has_arrays is not False),
            loaded=loaded,
            mismatched=mismatched,
            wrong=wrong,
            dropped=dropped,
            untouched=self._untouched() if known else (),
            unknown=unknown,
            exact=not unknown and all(map(self._is_known, result.mismatched)),
            skip_mismatch=skip if failed else None,
            reason=result.refused or next((f"{slot.after}: {slot.why}" for slot in (*mismatched, *unknown)), ""),
        )

    def _is_known(self, number: int) -> bool:
        """Whether the single arrays are known of a group and of what it is given."""
        return (
            self.result.new[number].arrays is not None
            and self.result.old[self.result.sources[number]].arrays is not None
        )

    def _in_full(self, number: int, group: Group) -> bool:
        return group.arrays is not None and self._got.get(number, 0) == len(group.arrays)

    def _slot(self, number: int, why: str) -> Slot:
        group, source = self.result.new[number], self.result.sources.get(number)
        other = None if source is None else self.result.old[source]
        return Slot(
            after=group.label,
            before=None if other is None else other.label,
            after_layer=group.layer,
            before_layer=None if other is None else other.layer,
            place="" if other is None else "top_level_model_weights" if other.layer is None else other.label,
            why=why,
        )

    def _wrong(self) -> tuple[Slot, ...]:
        """One for each layer, inner ones too, that gets what is another's."""
        found: dict[tuple[str, str], Slot] = {}
        for (number, place), (source, there) in self.result.assigned.items():
            mine, theirs = self.result.new[number].arrays, self.result.old[source].arrays
            if mine is None or theirs is None:
                continue
            one, other = mine[place], theirs[there]
            why = self.pairs.why_wrong(one.array, other.array, (one.kind, other.kind))
            if why is not None:
                slot = Slot(
                    after=one.label,
                    before=other.label,
                    after_layer=_layer(one.array.layer),
                    before_layer=_layer(other.array.layer),
                    place=self.result.old[source].label,
                    why=why,
                )
                found.setdefault((one.label, other.label), slot)
        return tuple(found.values())

    def _dropped(self) -> tuple[Slot, ...]:
        """One for each layer, inner ones too, that has an array which nothing takes."""
        used = set(self.result.assigned.values())
        found: dict[str, Slot] = {}
        for number, group in enumerate(self.result.old):
            if group.arrays is None and group.has_arrays is not False:
                found.setdefault(group.label, Slot(before=group.label, before_layer=group.layer))
            for place, leaf in enumerate(group.arrays or ()):
                if (number, place) not in used:
                    found.setdefault(leaf.label, Slot(before=leaf.label, before_layer=_layer(leaf.array.layer)))
        return tuple(found.values())

    def _untouched(self) -> tuple[Slot, ...]:
        """One for each layer, inner ones too, that gets nothing and is not said to fail."""
        found: dict[str, Slot] = {}
        for number, group in enumerate(self.result.new):
            if number not in self._got and number not in self.result.mismatched:
                for leaf in group.arrays or ():
                    found.setdefault(leaf.label, Slot(after=leaf.label, after_layer=_layer(leaf.array.layer)))
        return tuple(found.values())


def _layer(number: int) -> int | None:
    return None if number == MODEL else number
