"""Diagrams as characters, and characters as edges again, by a reader that shares nothing with the layout.

The reader knows the characters of a gutter and the three rules by which a person reads it: a lane keeps its column from
the node that makes it to its last use; a row uses the lanes that its run touches, and the lane directly above its node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keras_ascii_tools.layout import DOWN, LEFT, NODE, RIGHT, UP, Diagram, Wiring

UNICODE = " ─│├┤┼└┘┴●○■□"
ASCII = " -|+++'''*o@0"
"""Blank, run, passing lane; used and going on: node to the right, left, both; last use: likewise; the four markers."""

_MEANINGS = (
    0,
    LEFT + RIGHT,
    UP + DOWN,
    UP + DOWN + RIGHT,
    UP + DOWN + LEFT,
    UP + DOWN + LEFT + RIGHT,
    UP + RIGHT,
    UP + LEFT,
    UP + LEFT + RIGHT,
)


def draw(wiring: Wiring, diagram: Diagram, names: Sequence[object] | None = None, charset: str = UNICODE) -> str:
    """Draw a diagram, with names and references behind the gutter if there are names."""
    character = dict(zip(_MEANINGS, charset, strict=False))
    used = {producer for producers in wiring.inputs for producer in producers}
    lines: list[str] = []
    for row in diagram.rows:
        marker = charset[9 + (not wiring.inputs[row.node]) + 2 * (row.node not in used)]
        line = ""
        for column, cell in enumerate(row.cells):
            line += marker if cell & NODE else character[cell]
            line += charset[1] if row.left <= column < row.right else " "
        if names is not None:
            line += f" {names[row.node]}"
        if names is not None and row.references:
            line += "".join(f" <- {names[node]}" for node in row.references)
        lines.append(line.rstrip())
    return "\n".join(lines)


def read(gutter: str, charset: str = UNICODE) -> list[tuple[int, ...]]:
    """Return, per row, the rows whose lanes its node uses, from left to right."""
    reader = _Reader(charset)
    edges = [reader.row(number, line) for number, line in enumerate(gutter.split("\n"))]
    assert not any(lane.sure for lane in reader.lanes.values()), "a lane leads out of the drawing"
    return edges


@dataclass
class _Lane:
    row: int
    used: bool
    """Whether the marker says that something uses the node."""
    sure: bool = False
    """Not right below a marker: whether there is a lane at all is for the next row to show."""


class _Reader:
    def __init__(self, charset: str) -> None:
        self.blank, self.run, self.passing = charset[0], charset[1], charset[2]
        self.tapped, self.last, self.markers = charset[3:6], charset[6:9], charset[9:]
        self.uses, self.is_used = charset[9] + charset[11], charset[9] + charset[10]
        self.lanes: dict[int, _Lane] = {}

    def row(self, number: int, line: str) -> tuple[int, ...]:
        cells = line[::2].ljust(1 + max(self.lanes, default=0))
        places = [column for column, cell in enumerate(cells) if cell in self.markers]
        assert len(places) == 1, f"not one node: {line!r}"
        own = places[0]
        joined = {column: self._use(column, cell) for column, cell in enumerate(cells) if column != own}
        joined[own] = self._end_in(own, cells[own])
        self.lanes[own] = _Lane(number, used=cells[own] in self.is_used)
        found = {column: row for column, row in sorted(joined.items()) if row is not None}
        self._check_run(line, own, list(found))
        return tuple(found.values())

    def _use(self, column: int, cell: str) -> int | None:
        """The lane of a column, if the row's run joins it."""
        lane = self.lanes.get(column)
        if cell in (self.blank, self.run):
            assert lane is None or not lane.sure, "a lane breaks off"
            self.lanes.pop(column, None)
            return None
        assert lane is not None, "a lane comes from nowhere"
        lane.sure = True
        if cell in self.last:
            del self.lanes[column]
        return None if cell == self.passing else lane.row

    def _end_in(self, column: int, marker: str) -> int | None:
        """The lane directly above a node."""
        lane = self.lanes.pop(column, None)
        if lane is None:
            return None
        if not lane.sure and not lane.used:
            return None
        assert marker in self.uses, "a lane ends in a node that uses nothing"
        return lane.row

    def _check_run(self, line: str, own: int, joined: list[int]) -> None:
        """A run reaches from the outermost lane on the left to that on the right; lanes show where the node is."""
        left, right = min([own, *joined]), max([own, *joined])
        for column in range(len(line) // 2):
            expected = self.run if left <= column < right else self.blank
            assert line[2 * column + 1 : 2 * column + 2] in (expected, ""), f"a run misses its lanes: {line!r}"
        for column in joined:
            if column != own:
                side = 2 if left < column < right else 0 if column < own else 1
                assert line[2 * column] in self.tapped[side] + self.last[side], f"a lane shows another side: {line!r}"
