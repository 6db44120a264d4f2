"""Whether laying out and writing take time in proportion to the graph, up to 100,000 nodes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.graphs import FAMILIES, graph_of
from benchmarks.results import Budget, Section, table
from benchmarks.timing import best_times
from keras_ascii_tools.layout import lay_out
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.write import draw_graph
from keras_ascii_tools.write.gutter import wiring_of

__all__ = ["Record", "measure", "run"]

SIZES = (1_000, 10_000, 100_000)
_MOST = 20.0
_LARGEST_TEXT = 250_000
_TEXT = f"""
Microseconds per node + edge: the layout by itself, and the whole way from a graph to the text of its drawing (display
profile; graphs with up to {_LARGEST_TEXT:,} nodes + edges). A drawing has at most 16 lanes; what needs more has
references instead.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """Microseconds per node + edge of one graph."""

    family: str
    nodes: int
    edges: int
    lanes: int
    layout: float
    text: float | None
    """Layout included; `None` where it was not measured."""


def measure(sizes: Sequence[int] = SIZES, *, seconds: float = 5) -> list[Record]:
    """Measure each family of graphs in each size."""
    return [_record(family, nodes, seconds) for family in FAMILIES for nodes in sizes]


def run() -> Section:
    """Measure everything."""
    return _section(measure())


def _record(family: str, nodes: int, seconds: float) -> Record:
    gc.collect()
    graph = graph_of(family, nodes)
    wiring = wiring_of(graph)
    edges = sum(map(len, wiring.inputs))
    options = DrawOptions()
    actions: dict[str, Callable[[], object]] = {"layout": lambda: lay_out(wiring)}
    if nodes + edges <= _LARGEST_TEXT:
        actions["text"] = lambda: str(draw_graph(graph, options))
    best = {name: taken * 1e6 / (nodes + edges) for name, taken in best_times(actions, seconds=seconds).items()}
    return Record(family, nodes, edges, lay_out(wiring).width, best["layout"], best.get("text"))


def _section(records: Sequence[Record]) -> Section:
    heads = ("graph", "nodes", "edges", "lanes", "layout", "layout and text")
    rows = [(r.family, r.nodes, r.edges, r.lanes, r.layout, r.text) for r in records]
    largest = max(r.nodes for r in records)
    budgets = []
    for what, times in (
        ("layout", [r.layout for r in records if r.nodes == largest]),
        ("layout and text", [r.text for r in records if r.nodes == largest and r.text is not None]),
    ):
        budgets.append(
            Budget(
                what=f"{what} of {largest:,} nodes, per node + edge",
                promised=f"≤ {_MOST:.0f} µs",
                measured=f"{min(times):.1f} to {max(times):.1f} µs",
                met=max(times) <= _MOST,
            )
        )
    return Section("Speed of the layout", _TEXT, table(heads, rows), tuple(budgets))
