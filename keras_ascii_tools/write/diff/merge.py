"""One graph before and after -> the rows of both, in one sequence, each with a mark. Knows no characters of rows.

The order is that of the drawing afterwards; what was removed stands where it was, counted from its nearest neighbour
that is still there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from keras_ascii_tools.diff import Change, Check, Derived, GraphDiff, Severity
from keras_ascii_tools.graph import Layer
from keras_ascii_tools.write.sections import Part, part_of

__all__ = ["Item", "Level", "Mark", "level_of"]


class Mark(StrEnum):
    """What stands in column 0."""

    SAME = " "
    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"
    DERIVED = "^"
    MOVED = ">"


@dataclass(frozen=True, slots=True)
class Item:
    """One row."""

    mark: Mark
    row: int
    """Its number in the drawing of its own side: before for what was removed, after for everything else."""
    layer: Layer
    changes: tuple[Change, ...] = ()
    """What is said on this row; a change of a layer with several calls is said on the first."""
    derived: Derived | None = None
    was_behind: str = ""
    """For what moved: the label of the row above, where it was."""

    @property
    def matters(self) -> bool:
        """Whether it is a change, and neither the same nor a consequence."""
        return self.mark not in {Mark.SAME, Mark.DERIVED}


@dataclass(frozen=True, slots=True)
class Level:
    """One graph: the model's, or that of a layer made of layers."""

    diff: GraphDiff
    before: Part
    after: Part
    items: tuple[Item, ...]
    elsewhere: tuple[Change, ...]
    """Changes that no row shows: of the model itself, of the order of layers."""


def level_of(diff: GraphDiff, show: Collection[str], *, max_lanes: int = 16) -> Level:
    """Merge the rows of one graph.

    Args:
        diff: The graph.
        show: Whether changes of `names` and what is `derived` get a mark; the rest always does.
        max_lanes: Lanes at most; see `lay_out`.
    """
    before, after = part_of(diff.before, max_lanes=max_lanes), part_of(diff.after, max_lanes=max_lanes)
    merger = _Merger(diff, before, after, show)
    items = merger.items()
    return Level(diff, before, after, items, merger.rest())


class _Merger:
    def __init__(self, diff: GraphDiff, before: Part, after: Part, show: Collection[str]) -> None:
        self._diff = diff
        self._before, self._after = _Side(before), _Side(after)
        self._old_node = {new: old for old, new in diff.nodes}
        self._new_node = dict(diff.nodes)
        self._old_layer = {new: old for old, new in diff.layers}
        self._new_layer = dict(diff.layers)
        self._derived = {node: derived for derived in diff.derived if "derived" in show for node in derived.after.nodes}
        self._names = "names" in show
        self._told: set[str] = set()
        self._of_row: tuple[dict[int, list[Change]], dict[int, list[Change]]] = (defaultdict(list), defaultdict(list))
        for change in diff.changes:
            if change.severity > Severity.NAMES or self._names:
                for side, rows, of_row in zip(
                    (change.before, change.after), (self._before, self._after), self._of_row, strict=True
                ):
                    for row in () if side is None else rows.rows(side.layer, side.nodes):
                        of_row[row].append(change)

    def items(self) -> tuple[Item, ...]:
        removed = self._removed()
        items = removed.pop(-1, [])
        for row in range(len(self._after.layers)):
            items.append(self._kept(row))
            items += removed.pop(row, [])
        return tuple(items)

    def rest(self) -> tuple[Change, ...]:
        """Changes that no row has told."""
        return tuple(
            change
            for change in self._diff.changes
            if change.id not in self._told and (self._names or change.severity > Severity.NAMES)
        )

    def _removed(self) -> dict[int, list[Item]]:
        """Rows that are no more, by the row afterwards that they stand behind; -1: at the top."""
        removed: dict[int, list[Item]] = defaultdict(list)
        behind = -1
        for row, layer in enumerate(self._before.layers):
            now = self._now(row)
            if now is not None:
                behind = now
                continue
            changes = self._of_row[0][row]
            if not any(change.check is Check.LAYER_MOVED for change in changes):
                removed[behind].append(Item(Mark.REMOVED, row, layer, self._say(changes)))
        return removed

    def _kept(self, row: int) -> Item:
        layer, changes = self._after.layers[row], self._of_row[1][row]
        if not self._was_there(row):
            moved = next((change for change in changes if change.check is Check.LAYER_MOVED), None)
            if moved is None:
                return Item(Mark.ADDED, row, layer, self._say(changes))
            return Item(Mark.MOVED, row, layer, self._say(changes), was_behind=self._place(moved))
        derived = self._derived.get(self._after.node(row))
        if changes:
            return Item(Mark.CHANGED, row, layer, self._say(changes), derived)
        return Item(Mark.SAME if derived is None else Mark.DERIVED, row, layer, (), derived)

    def _say(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Those that no row above has said."""
        new = tuple(change for change in changes if change.id not in self._told)
        self._told.update(change.id for change in new)
        return new

    def _now(self, row: int) -> int | None:
        node = self._before.node(row)
        if node >= 0:
            return self._after.row_of.get(self._new_node.get(node, -1))
        return self._after.row_of_layer.get(self._new_layer.get(self._before.layers[row].id, -1))

    def _was_there(self, row: int) -> bool:
        node = self._after.node(row)
        return node in self._old_node if node >= 0 else self._after.layers[row].id in self._old_layer

    def _place(self, change: Change) -> str:
        side = change.before
        rows = [] if side is None else self._before.rows(side.layer, side.nodes)
        above = self._before.layers[rows[0] - 1] if rows and rows[0] else None
        return "" if above is None else above.given_name or above.kind


class _Side:
    """The rows of one drawing."""

    def __init__(self, part: Part) -> None:
        self.layers = tuple(part.rows)
        self._nodes = [row.node for row in part.diagram.rows]
        self.row_of = {node: row for row, node in enumerate(self._nodes)}
        self.row_of_layer: dict[int, int] = {}
        for row, layer in enumerate(self.layers):
            self.row_of_layer.setdefault(layer.id, row)

    def node(self, row: int) -> int:
        """The node of a row; -1 for a layer that no node calls."""
        return self._nodes[row] if row < len(self._nodes) else -1

    def rows(self, layer: int, nodes: tuple[int, ...]) -> list[int]:
        """The rows of some calls of a layer, or that of a layer without any."""
        if nodes:
            return sorted(self.row_of[node] for node in nodes if node in self.row_of)
        return [self.row_of_layer[layer]] if layer in self.row_of_layer else []
