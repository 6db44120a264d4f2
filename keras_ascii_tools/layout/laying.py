"""Puts a diagram together: order, lanes, columns, then the cells of every row. Knows no characters."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.layout.columns import columns
from keras_ascii_tools.layout.diagram import DOWN, LEFT, NODE, RIGHT, UP, Diagram, Row
from keras_ascii_tools.layout.lanes import Extents, extents
from keras_ascii_tools.layout.order import order_rows
from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["lay_out"]


def lay_out(wiring: Wiring, *, max_lanes: int = 16, order: Sequence[int] | None = None) -> Diagram:
    """Lay a graph out, one row per node.

    Args:
        wiring: The graph.
        max_lanes: At most so many lanes lie side by side; further uses of a lane that had to end are references.
        order: The nodes in the order of their rows, each after those that it uses; chosen if not given.

    Raises:
        OptionError: `max_lanes` is less than 1, or `order` is no such order.
    """
    if max_lanes < 1:
        raise OptionError(f"max_lanes is {max_lanes}: expected 1 or more")
    nodes = order_rows(wiring) if order is None else _checked(wiring, order)
    lanes = extents(wiring, nodes, max_lanes)
    column, width = columns(lanes)
    return Diagram(tuple(_rows(nodes, lanes, column, width)), width)


def _checked(wiring: Wiring, order: Sequence[int]) -> tuple[int, ...]:
    count = len(wiring.inputs)
    row_of = {node: row for row, node in enumerate(order)}
    if len(order) != count or row_of.keys() != set(range(count)):
        raise OptionError(
            f"order names {len(row_of)} different nodes in {len(order)} rows: expected each of {count} once"
        )
    for node, producers in enumerate(wiring.inputs):
        for producer in producers:
            if row_of[producer] > row_of[node]:
                raise OptionError(f"order has node {node} before node {producer}, which it uses: expected it after")
    return tuple(order)


def _rows(nodes: Sequence[int], lanes: Extents, column: list[int], width: int) -> list[Row]:
    rows: list[Row] = []
    passing = [0] * width
    ends = lanes.ends
    for row, node in enumerate(nodes):
        own = left = right = column[row]
        cells = passing[:]
        joined: list[tuple[int, int]] = []
        references: list[int] = []
        for producer in lanes.producers[row]:
            if ends[producer] < row:
                references.append(nodes[producer])
                continue
            place = column[producer]
            joined.append((place, nodes[producer]))
            left, right = min(left, place), max(right, place)
            if ends[producer] == row:
                passing[place] = 0
                cells[place] = UP
        goes_on = ends[row] > row
        cells[own] += NODE + DOWN if goes_on else NODE
        if goes_on:
            passing[own] = UP + DOWN
        if left < right:
            _run(cells, left, right, {own, *(place for place, _ in joined)})
        joined.sort()
        connected = tuple([producer for _, producer in joined])
        rows.append(Row(node, own, tuple(cells), left, right, goes_on, connected, tuple(references)))
    return rows


def _run(cells: list[int], left: int, right: int, joined: set[int]) -> None:
    """Draw the run between two columns into what it joins and into what is free, past the lanes that only pass."""
    for place in range(left, right + 1):
        if place in joined or not cells[place]:
            cells[place] += (LEFT if place > left else 0) + (RIGHT if place < right else 0)
