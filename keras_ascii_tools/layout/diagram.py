"""What a layout makes: rows, columns and connections as numbers. Knows no characters and no texts."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["DOWN", "LEFT", "NODE", "RIGHT", "UP", "Diagram", "Row", "crossings"]

UP: Final = 1
DOWN: Final = 2
LEFT: Final = 4
RIGHT: Final = 8
NODE: Final = 16


class Row(NamedTuple):
    """One node, and what is drawn beside it."""

    node: int
    """Index into `Wiring.inputs`."""
    column: int
    """Where the node stands."""
    cells: tuple[int, ...]
    """Per column the directions in which something leaves the cell, as a sum of `UP`, `DOWN`, `LEFT`, `RIGHT`; plus
    `NODE` for the node itself. A lane that the row's run crosses without using it has `UP` and `DOWN` alone."""
    left: int
    """Leftmost column that the run reaches; `column` if nothing joins from the left."""
    right: int
    """Rightmost column that the run reaches. The gap after column `c` holds a run if `left <= c < right`."""
    lane_goes_on: bool
    """Whether the node's own lane continues below the row."""
    connected: tuple[int, ...]
    """The nodes whose lanes the row's node uses, by column from left to right, its own column included."""
    references: tuple[int, ...]
    """The nodes that the row's node uses and whose lanes have ended above, in argument order."""


class Diagram(NamedTuple):
    """A graph laid out: one row per node, from the first to the last."""

    rows: tuple[Row, ...]
    width: int
    """Number of columns; every row has as many cells."""


def crossings(diagram: Diagram) -> int:
    """Count the lanes that a run passes through without using them, over all rows."""
    return sum(
        cell == UP + DOWN
        for row in diagram.rows
        if row.right - row.left > 1
        for cell in row.cells[row.left : row.right + 1]
    )
