"""Keras 3's saving and loading of weights, played on the objects of two graphs (`keras.src.saving.saving_lib`).

Knows which arrays end up where, and which objects Keras says could not be loaded. Knows nothing of counterparts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from keras_ascii_tools.diff.loading_arrays import Array, called
from keras_ascii_tools.diff.loading_objects import Key, Object, Objects

__all__ = ["Failure", "Outcome", "load", "save"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an object could not be loaded."""

    place: str
    missing: bool
    """Nothing is there; else there are other arrays."""
    why: str


@dataclass(slots=True)
class Outcome:
    """What loading did; objects are keys of `after`, sources keys of `before`."""

    assigned: dict[tuple[Key, int], tuple[Key, int]] = field(default_factory=dict[tuple[Key, int], tuple[Key, int]])
    """For each array that was loaded (object, number): where it came from."""
    places: dict[Key, str] = field(default_factory=dict[Key, str])
    """Where each object was looked for last."""
    sources: dict[Key, Key] = field(default_factory=dict[Key, Key])
    """The object of `before` at that place."""
    failures: dict[Key, Failure] = field(default_factory=dict[Key, Failure])
    """What Keras raises for, in its order."""
    skipped: set[Key] = field(default_factory=set[Key])
    """What it only warns of: objects in lists inside lists for which the file has nothing."""
    unknown: dict[Key, str] = field(default_factory=dict[Key, str])
    """What depends on facts that are not known, and why."""


def save(before: Objects) -> dict[str, Key]:
    """Return the object that is at each place of the file."""
    file: dict[str, Key] = {}
    visited: set[Key] = set()
    waiting = [("", before.root)]
    while waiting:
        place, key = waiting.pop()
        if key in visited:
            continue
        visited.add(key)
        file.setdefault(place, key)
        waiting += [(_join(place, path), part) for path, part in reversed(before.parts[key])]
    return file


def load(before: Objects, after: Objects) -> Outcome:
    """Load what `before` saves into `after`."""
    loader = _Loader(before, after, save(before))
    loader.visit(after.root, "", loader.outcome.failures)
    loader.doubt()
    return loader.outcome


def _join(place: str, path: str) -> str:
    return f"{place}/{path}" if place else path


_MOST_VISITS = 100_000
"""An object that fails is visited in each way that leads to it, and there may be very many."""
_DEEPEST = 200
_NESTED = re.compile(r"container(?:_\d+)?")


def _nested_containers(place: str, path: str) -> list[str]:
    """The lists inside lists on the way to a part; the first name is that of an attribute, the last the part's."""
    names = path.split("/")
    return [
        _join(place, "/".join(names[: number + 1]))
        for number, name in enumerate(names[:-1])
        if number and _NESTED.fullmatch(name)
    ]


class _Loader:
    def __init__(self, before: Objects, after: Objects, file: Mapping[str, Key]) -> None:
        self.before = before
        self.after = after
        self.file = file
        self.outcome = Outcome()
        self._visited: set[Key] = set()
        self._open: set[Key] = set()
        self._left = _MOST_VISITS
        self._opaque = {place: before.by_key[key] for place, key in file.items() if before.by_key[key].opaque}
        self._prefixes = {place[:end] for place in file for end in _ends(place)}

    def visit(self, key: Key, place: str, failures: dict[Key, Failure], depth: int = 0) -> None:
        """Load an object and what is in it.

        One that fails, or holds one that fails, is not done with: if it is reached again, it is tried at that place.
        """
        if key in self._visited or key in self._open:
            return
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            self.outcome.unknown[key] = "the objects in the model are too many, or nested too deeply"
            return
        self._open.add(key)
        failure = self._load_own(key, place)
        if failure is not None:
            failures[key] = failure
        known = len(failures)
        for path, part in self.after.parts[key]:
            there = _join(place, path)
            lists = _nested_containers(place, path)
            if all(prefix in self._prefixes for prefix in lists):
                self.visit(part, there, failures, depth + 1)
            else:
                # Written before Keras saved lists inside lists, it takes it: no error.
                apart: dict[Key, Failure] = {}
                self.visit(part, there, apart, depth + 1)
                self.outcome.skipped |= set(apart)
        self._open.discard(key)
        if failure is None:
            if len(failures) <= known:
                self._visited.add(key)
            failures.pop(key, None)
            self.outcome.skipped.discard(key)

    def doubt(self) -> None:
        """Take back what is not certain: an object that was read from a file may be found in another way too."""
        taken = {source for source, _ in self.outcome.assigned.values()}
        free = {_shapes(one) for key, one in self.before.by_key.items() if one.arrays and key not in taken}
        for key in [*self.outcome.failures, *self.outcome.skipped]:
            one = self.after.by_key[key]
            if one.as_saved and (key in self.outcome.skipped or _shapes(one) in free):
                self.outcome.failures.pop(key, None)
                self.outcome.skipped.discard(key)
                self.outcome.unknown[key] = "at which other attributes Keras would look for it is not in its file"

    def _load_own(self, key: Key, place: str) -> Failure | None:
        mine = self.after.by_key[key]
        source = self.file.get(place)
        self.outcome.places.setdefault(key, place)
        if source is not None:
            self.outcome.sources[key] = source
            self.outcome.places[key] = place
        theirs = None if source is None else self.before.by_key[source]
        around = self._around(place) if theirs is None and mine.arrays != () else None
        if around is not None:
            return self._load_inside(mine, around, place)
        if mine.arrays is None or (theirs is not None and theirs.arrays is None):
            return self._load_unknown(mine, theirs, place)
        stored = () if theirs is None or theirs.arrays is None else theirs.arrays
        if not mine.lenient and len(mine.arrays) != len(stored):
            return _other_number(place, mine.arrays, stored)
        for number, array in enumerate(mine.arrays):
            if number >= len(stored) or source is None:
                return _other_number(place, mine.arrays, stored)
            if array.shape != stored[number].shape:
                what = called(array, mine.arrays)
                return Failure(place, False, f"{what} is {_shape(array)}, in the file it is {_shape(stored[number])}")
            self.outcome.assigned[key, number] = source, number
        return None

    def _around(self, place: str) -> Object | None:
        """The object of the file that a place is in, if what is in it is not known."""
        ends = (0, *_ends(place)) if self._opaque else ()
        return next((self._opaque[place[:end]] for end in ends if place[:end] in self._opaque), None)

    def _load_inside(self, mine: Object, around: Object, place: str) -> Failure | None:
        size, stored = _in_all(self.after, mine.key), around.total
        if size is not None and stored is not None and size > stored:
            return Failure(place, False, f"it has {size:,} weights, in the file there are {stored:,}")
        self.outcome.unknown[mine.key] = f"how {around.kind} stores its arrays is not known"
        return None

    def _load_unknown(self, mine: Object, theirs: Object | None, place: str) -> Failure | None:
        """Facts are missing: it fails if that follows from the rest."""
        if mine.lenient:
            # The frequencies of a vocabulary: they are looked for only if the layer uses them.
            nothing = mine.arrays is None and (theirs is None or theirs.arrays is not None)
            return Failure(place, True, "there are no frequencies of its tokens in the file") if nothing else None
        size, stored = self._sizes(mine, theirs)
        foreign = mine.foreign or (theirs is not None and theirs.foreign)
        if size is not None and stored is not None and (size > stored if foreign else size != stored):
            if stored == 0:
                return Failure(place, True, "there is nothing in the file")
            return Failure(place, False, f"it has {size:,} weights, in the file there are {stored:,}")
        self.outcome.unknown[mine.key] = f"how {_unknown_one(mine, theirs).kind} stores its arrays is not known"
        return None

    def _sizes(self, mine: Object, theirs: Object | None) -> tuple[int | None, int | None]:
        """The scalars in both: of all that is in them, if one of them is opaque."""
        if theirs is None:
            return mine.total, 0
        if mine.opaque or theirs.opaque:
            return _in_all(self.after, mine.key), _in_all(self.before, theirs.key)
        return _own(mine), _own(theirs)


def _unknown_one(mine: Object, theirs: Object | None) -> Object:
    return mine if mine.arrays is None or theirs is None else theirs


def _shapes(one: Object) -> tuple[tuple[int, ...], ...]:
    return tuple(array.shape for array in one.arrays or ())


def _own(one: Object) -> int | None:
    return one.total if one.arrays is None else sum(prod(array.shape) for array in one.arrays)


def _in_all(objects: Objects, root: Key) -> int | None:
    """The scalars in an object and in all that is in it; `None` when not known."""
    total, waiting, seen = 0, [root], set[Key]()
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        size = _own(objects.by_key[key])
        if size is None:
            return None
        total += size
        waiting += [part for _, part in objects.parts[key]]
    return total


def _ends(place: str) -> list[int]:
    return [number for number, character in enumerate(place) if character == "/"] + [len(place)]


def _other_number(place: str, mine: tuple[Array, ...], stored: tuple[Array, ...]) -> Failure:
    if not stored:
        return Failure(place, True, "there is nothing in the file")
    return Failure(place, False, f"it has {_count(len(mine))}, in the file there are {len(stored)}")


def _count(number: int) -> str:
    return "1 array" if number == 1 else f"{number} arrays"


def _shape(array: Array) -> str:
    return f"({', '.join(map(str, array.shape))})"
