"""From a wiring to a diagram. Knows no characters."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.layout.columns import columns
from keras_ascii_tools.layout.diagram import DOWN, LEFT, NODE, RIGHT, UP, Diagram, Row
from keras_ascii_tools.layout.lanes import Schedule, schedule
from keras_ascii_tools.layout.order import order_rows
from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["lay_out"]


def lay_out(wiring: Wiring, *, max_lanes: int = 16, order: Sequence[int] | None = None) -> Diagram:
    """Lay a graph out, one row per node."""
    if max_lanes < 1:
        raise OptionError(f"max_lanes is {max_lanes}: expected at least 1")
    nodes = order_rows(wiring) if order is None else _checked(wiring, order)
    plan = schedule(wiring, nodes, max_lanes)
    column, width = columns(plan)
    return Diagram(tuple(_rows(nodes, plan, column, width)), width)


def _checked(wiring: Wiring, order: Sequence[int]) -> tuple[int, ...]:
    row_of = {node: row for row, node in enumerate(order)}
    if len(order) != len(wiring.inputs) or set(row_of) != set(range(len(wiring.inputs))):
        raise OptionError(f"order has {len(order)} nodes: expected each of the {len(wiring.inputs)} nodes once")
    for node, producers in enumerate(wiring.inputs):
        for producer in producers:
            if row_of[producer] > row_of[node]:
                raise OptionError(f"order has node {node} before node {producer}, which it uses")
    return tuple(order)


def _rows(order: Sequence[int], plan: Schedule, column: list[int], width: int) -> list[Row]:
    rows: list[Row] = []
    lanes = [0] * width
    ends = plan.ends
    for row, node in enumerate(order):
        own = column[row]
        cells = lanes[:]
        low = high = own
        joined: list[tuple[int, int]] = []
        references: list[int] = []
        for producer in plan.producers[row]:
            end = ends[producer]
            if end < row:
                references.append(order[producer])
                continue
            place = column[producer]
            joined.append((place, order[producer]))
            if end == row:
                lanes[place] = 0
                cells[place] = UP
            low, high = min(low, place), max(high, place)
        goes_on = ends[row] > row
        cells[own] = NODE + (cells[own] & UP) + (DOWN if goes_on else 0)
        if low < high:
            for place, _ in joined:
                if place < high:
                    cells[place] += RIGHT
                if place > low:
                    cells[place] += LEFT
            for place in range(low, high + 1):
                if not cells[place]:
                    cells[place] = LEFT + RIGHT
            if cells[own] & (LEFT + RIGHT) == 0:
                cells[own] += (LEFT if low < own else 0) + (RIGHT if high > own else 0)
        if goes_on:
            lanes[own] = UP + DOWN
        joined.sort()
        rows.append(Row(node, own, tuple(cells), low, high, goes_on, tuple(n for _, n in joined), tuple(references)))
    return rows
