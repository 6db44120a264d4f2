"""Findings while they are collected: numbered as they come, and renumbered in the order of the drawing at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.types import Ambiguity, Change, Derived, Detail, GraphDiff, Group, Path, Side

__all__ = ["Draft", "Place", "Sketch", "renumbered"]

Place = tuple[int, int, int]


@dataclass(slots=True)
class Draft:
    """Everything found so far, in all graphs."""

    groups: dict[tuple[Check, Detail], list[tuple[Path, int]]] = field(
        default_factory=dict[tuple[Check, Detail], list[tuple[Path, int]]]
    )
    sizes: dict[Path, int] = field(default_factory=dict[Path, int])
    """Number of layers that both have, by graph."""
    ambiguities: list[Ambiguity] = field(default_factory=list[Ambiguity])
    _last: int = 0

    def next_id(self) -> str:
        """Return an id that is good until the findings are numbered."""
        self._last += 1
        return f"?{self._last}"

    def group(self, check: Check, detail: Detail, path: Path, layer: int | None) -> str:
        """Add a layer to a group and return the group's id."""
        key = check, detail
        members = self.groups.setdefault(key, [])
        if layer is not None and (path, layer) not in members[-1:]:
            members.append((path, layer))
        return self.group_id(key)

    def group_id(self, key: tuple[Check, Detail]) -> str:
        """Return the id of a group, which stays."""
        return f"G{list(self.groups).index(key) + 1}"

    def finished_groups(self) -> tuple[Group, ...]:
        """Return the groups."""
        found: list[Group] = []
        for number, ((check, detail), layers) in enumerate(self.groups.items(), 1):
            of = sum(self.sizes.get(path, 0) for path in dict.fromkeys(path for path, _ in layers))
            found.append(Group(id=f"G{number}", check=check, detail=detail, layers=tuple(layers), of=of))
        return tuple(found)


@dataclass(slots=True)
class Sketch:
    """What was found in one graph."""

    draft: Draft
    path: Path
    changes: list[tuple[Place, Change]] = field(default_factory=list[tuple[Place, Change]])
    derived: list[Derived] = field(default_factory=list[Derived])
    bodies: list[GraphDiff] = field(default_factory=list[GraphDiff])

    def add(
        self,
        check: Check,
        place: Place,
        before: Side | None = None,
        after: Side | None = None,
        details: Sequence[Detail] = (),
    ) -> str:
        """Note a change and return its id."""
        change = Change(
            id=self.draft.next_id(), check=check, path=self.path, before=before, after=after, details=tuple(details)
        )
        self.changes.append((place, change))
        return change.id

    def sorted_changes(self) -> tuple[Change, ...]:
        """Return the changes in the order of the drawing."""
        return tuple(change for _, change in sorted(self.changes, key=lambda found: found[0]))


def renumbered(model: GraphDiff, numbers: dict[str, str]) -> GraphDiff:
    """Return the same graph and bodies with the ids that changes have in the end."""

    def number(found: str) -> str:
        return numbers.get(found, found)

    return replace(
        model,
        changes=tuple(replace(change, id=number(change.id)) for change in model.changes),
        derived=tuple(replace(derived, cause=number(derived.cause)) for derived in model.derived),
        bodies=tuple(renumbered(body, numbers) for body in model.bodies),
    )
