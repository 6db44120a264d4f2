"""Every model of `keras.applications`: how wide its drawing is, how tangled, how fast, and how others would draw it."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import keras_ascii_tools as kat
from benchmarks.keras_models import without_weights
from benchmarks.peers import LIMIT, git_lines, git_seconds, sapling_lines
from benchmarks.results import Budget, Section, table
from benchmarks.timing import best_times
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.layout import Diagram, Wiring, crossings
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.width import display_width
from keras_ascii_tools.write.gutter import wiring_of
from keras_ascii_tools.write.prepare import prepared
from keras_ascii_tools.write.sheet import Line, Role

__all__ = ["Others", "Record", "Size", "measure", "names", "run"]

_TANGLED = frozenset({"NASNetLarge", "NASNetMobile"})
_TEXT = f"""
*Lanes* and *crossings* are the layout's, *gutter* and *width* the columns of its lanes and of the whole drawing
(display profile), *read* and *draw* CPU milliseconds. The last columns draw one graph in three ways, with the same
label (name and class) on each row, columns × lines: as here, like `git log --graph` (`asciidag`), and like Sapling and
jj (`renderdag`, given the rows in our order, because it takes any). `asciidag` visits every path through a model before
it draws: *its time* is how many CPU seconds it takes as it is, at most {LIMIT}; for its size it was given every node
once, which changes its time only. Labels of ours stand in one column, those of the others as close to the lanes as they
can.
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much room a drawing takes."""

    columns: int
    lines: int

    def __str__(self) -> str:
        return f"{self.columns}×{self.lines}"


@dataclass(frozen=True, slots=True)
class Others:
    """One graph in three drawings."""

    ours: Size
    git: Size
    sapling: Size
    git_seconds: float | None = None
    """CPU time of asciidag as it is; `None` if it was stopped."""


@dataclass(frozen=True, slots=True)
class Record:
    """One model."""

    model: str
    nodes: int
    edges: int
    lanes: int
    crossings: int
    rows_per_node: float
    gutter: int
    width: int
    read: float
    """Milliseconds."""
    draw: float
    """Milliseconds, without reading."""
    others: Others | None = None


def names() -> list[str]:
    """Return the names of all models."""
    import keras

    return [name for name in dir(keras.applications) if name[0].isupper()]


def measure(models: Sequence[str] | None = None, *, peers: bool = True, seconds: float = 2) -> list[Record]:
    """Measure models, all if not told which. The slow peer runs beside it, in processes of its own."""
    records: list[Record] = []
    slow: list[Future[float | None] | None] = []
    with ThreadPoolExecutor(1) as pool:
        for name in names() if models is None else models:
            model = _build(name)
            graph = kat.read(model)
            diagram = _diagram(graph)
            wiring, labels = wiring_of(graph), [f"{node.layer.name} {node.layer.kind}" for node in graph.nodes]
            record = _record(name, model, graph, diagram, seconds)
            if peers:
                record = replace(record, others=_others(wiring, labels, diagram))
            records.append(record)
            slow.append(pool.submit(git_seconds, wiring.inputs, labels) if peers else None)
            del model, graph
            _forget()
        return [_with_time(record, future) for record, future in zip(records, slow, strict=True)]


def run() -> Section:
    """Measure everything."""
    return _section(measure())


def _build(name: str) -> Any:
    import keras

    with without_weights():
        return getattr(keras.applications, name)(weights=None)


def _diagram(graph: ModelGraph) -> Diagram:
    """The layout that a drawing has."""
    start = prepared(graph, DrawOptions())
    return start.lay(start.graph).diagram


def _record(name: str, model: Any, graph: ModelGraph, diagram: Diagram, seconds: float) -> Record:
    best = best_times({"read": lambda: kat.read(model), "draw": lambda: str(kat.draw(graph))}, seconds=seconds, most=5)
    sections = kat.draw(graph).sheet.sections
    rows = [row for section in sections for row in section.rows]
    return Record(
        model=name,
        nodes=len(graph.nodes),
        edges=sum(map(len, wiring_of(graph).inputs)),
        lanes=diagram.width,
        crossings=crossings(diagram),
        rows_per_node=len(sections[0].rows) / len(graph.nodes),
        gutter=max(map(_gutter, rows)),
        width=max(display_width(row.text) for row in rows),
        read=best["read"] * 1000,
        draw=best["draw"] * 1000,
    )


def _gutter(row: Line) -> int:
    return display_width("".join(span.text for span in row.spans if span.role in {Role.GUTTER, Role.NODE}))


def _others(wiring: Wiring, labels: Sequence[str], diagram: Diagram) -> Others:
    # What a drawing of ours with nothing but these labels would take: its lanes, a gap, the label.
    widest = max(map(len, labels))
    ours = Size(2 * diagram.width - 1 + 2 + widest, len(diagram.rows))
    order = [row.node for row in diagram.rows]
    git = _size(git_lines(wiring.inputs, labels))
    return Others(ours=ours, git=git, sapling=_size(sapling_lines(wiring.inputs, labels, order)))


def _size(lines: Sequence[str]) -> Size:
    return Size(max(len(line.rstrip()) for line in lines), len(lines))


def _with_time(record: Record, future: Future[float | None] | None) -> Record:
    if record.others is None or future is None:
        return record
    return replace(record, others=replace(record.others, git_seconds=future.result()))


def _section(records: Sequence[Record]) -> Section:
    measured = ("model", "nodes", "lanes", "crossings", "rows per node", "gutter", "width", "read", "draw")
    heads = (*measured, "ours", "git", "its time", "Sapling")
    rows = [
        (r.model, r.nodes, r.lanes, r.crossings, r.rows_per_node, r.gutter, r.width, r.read, r.draw, *_peers(r.others))
        for r in records
    ]
    most = max(r.rows_per_node for r in records)
    crossed = [r.model for r in records if r.crossings]
    straight = [r for r in records if r.model not in _TANGLED]
    widest = max((r.gutter for r in straight), default=0)
    budgets = (
        Budget(f"rows per node, {len(records)} models of `keras.applications`", "1.00", f"{most:.2f}", most <= 1),
        Budget("crossings", "none but in NASNet", ", ".join(crossed) or "none", set(crossed) <= _TANGLED),
        Budget("width of the gutter", "≤ 9 but in NASNet", str(widest), widest <= 9),
    )
    return Section("Models of `keras.applications`", _TEXT, table(heads, rows), budgets)


def _peers(others: Others | None) -> tuple[object, ...]:
    if others is None:
        return None, None, None, None
    time = f"> {LIMIT} s" if others.git_seconds is None else f"{others.git_seconds:.2f} s"
    return others.ours, others.git, time, others.sapling


def _forget() -> None:
    import keras

    keras.backend.clear_session()
    gc.collect()
