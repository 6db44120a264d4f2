"""A graph -> its drawing in the display profile, one row per layer call. Knows no colours and no output format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import CHARSETS, Charset
from keras_ascii_tools.graph import Layer, ModelGraph
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.width import clip, display_width
from keras_ascii_tools.write.cells import FROZEN, Cell, CellWriter, RowCells
from keras_ascii_tools.write.prepare import Prepared, prepared
from keras_ascii_tools.write.sections import Part, parts_of
from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, line_of
from keras_ascii_tools.write.totals import MAX_NAME, description_of, footer_of, heading_of, title_of, wrapped

__all__ = ["Table", "draw_rows"]

_RIGHT = frozenset({"shape", "weights", "macs"})
_GAP = 2
# What gives way to a width, one after the other, and how narrow it gets; 0: left out.
_LEAST = (
    ("settings", 12),
    ("share", 6),
    ("inputs", 12),
    ("name", 24),
    ("share", 0),
    ("name", 16),
    ("settings", 0),
    ("glyph", 0),
    ("name", 10),
    ("kind", 16),
    ("inputs", 0),
    ("macs", 0),
    ("name", 0),
    ("kind", 8),
    ("weights", 0),
    ("shape", 0),
)
_WHOLE = frozenset({"share"})
"""Not cut anywhere: the percentage without its bar, or nothing."""


def draw_rows(graph: ModelGraph, options: DrawOptions) -> Sheet:
    """Draw a graph in rows."""
    charset = CHARSETS[options.charset]
    start: Prepared = prepared(graph, options)
    parts, like = parts_of(start.graph, start.lay, bodies=options.bodies)
    writer = CellWriter(options, charset, graph.params, start.graph.dtype_policy)
    sections: list[Section] = []
    cut = 0
    for part in parts:
        rows = _sorted(writer.rows(part), options)
        table = Table(rows, options, charset, _brackets(part, charset) if options.sort == "graph" else {})
        lines = table.lines()
        cut += table.cut
        sections.append(
            Section(
                header=_header(graph, part, parts, like, options, charset),
                rows=tuple(lines),
                title="" if part.owner is None else visible(part.owner.given_name or part.owner.kind),
            )
        )
    if options.footer:
        footer = footer_of(graph, parts, options, cut)
        last = sections[-1]
        sections[-1] = Section(header=last.header, rows=last.rows, footer=footer, title=last.title)
    return Sheet(tuple(sections), title=title_of(graph, charset), description=description_of(graph))


def _sorted(rows: list[RowCells], options: DrawOptions) -> list[RowCells]:
    """Rows in the order that was asked for, largest first; equal ones as in the graph."""
    if options.sort == "graph":
        return rows
    return sorted(rows, key=_SORT_KEYS[options.sort])


_SORT_KEYS: dict[str, Callable[[RowCells], int | str]] = {
    "weights": lambda row: -row.params,
    "macs": lambda row: -row.macs,
    "name": lambda row: row.layer.name or "",
    "kind": lambda row: row.layer.kind,
}


def _header(
    graph: ModelGraph,
    part: Part,
    parts: Sequence[Part],
    like: Mapping[int, Layer],
    options: DrawOptions,
    charset: Charset,
) -> tuple[Line, ...]:
    owner = part.owner
    if owner is None:
        title = title_of(graph, charset)
        if options.width is not None:
            title = clip(title, options.width, charset.ellipsis)
        return (line_of((title, Role.TITLE)),) if options.header else ()
    calls = sum(layer.id == owner.id for other in parts for layer in other.rows)
    alike = sum(layer.id == owner.id for layer in like.values())
    heading = heading_of(owner, charset, calls=calls, alike=alike)
    return tuple(line_of((piece, Role.TITLE)) for piece in wrapped(heading, options))


def _brackets(part: Part, charset: Charset) -> dict[int, str]:
    """What stands in the right margin of folded rows, by row."""
    view = part.laid.view
    margins: dict[int, str] = {}
    first, further, last = charset.fold
    for fold in () if view is None else view.folds:
        label = f" {charset.times}{fold.times}"
        for row in range(fold.first, fold.last + 1):
            sign = first if row == fold.first else last if row == fold.last else further
            if fold.first == fold.last:
                sign = charset.fold[1]
            margins[row] = f"{margins[row]} " if row in margins else ""
            margins[row] += sign + (label if row == fold.first else "")
    return margins


class Table:
    """Fits the rows of one section into columns, and into a width if there is one."""

    def __init__(
        self, rows: Sequence[RowCells], options: DrawOptions, charset: Charset, margins: dict[int, str]
    ) -> None:
        self._rows = rows = _aligned(rows)
        self._lanes = options.sort == "graph"
        self._charset = charset
        self._margins = margins
        widths = {column: max((_width(row.cells[column]) for row in rows), default=0) for column in options.columns}
        self._widths = {column: width for column, width in widths.items() if width}
        if "name" in self._widths:
            self._widths["name"] = min(self._widths["name"], MAX_NAME)
        self._gutter = max((display_width(row.gutter) for row in rows), default=0) if self._lanes else 0
        self.cut = 0
        if options.width is not None:
            self._fit(options.width)

    def _total(self) -> int:
        margin = max(map(display_width, self._margins.values()), default=0)
        blocks = [self._gutter, *self._widths.values(), margin]
        return sum(blocks) + _GAP * (sum(1 for block in blocks if block) - 1)

    def _fit(self, width: int) -> None:
        """Make columns narrower, or leave them out, least important first; numbers are never cut."""
        for column, least in _LEAST:
            excess = self._total() - width
            if excess <= 0:
                return
            if column in self._widths:
                wanted = self._widths[column] - excess
                self._widths[column] = max(wanted, least) if least and column not in _WHOLE else least
                if not self._widths[column]:
                    self.cut += sum(1 for row in self._rows if _width(row.cells[column]) and column != "glyph")
                    del self._widths[column]

    def start(self, column: str) -> int:
        """Return where a column starts, or where it would if it is the last and nothing is in it."""
        before = [self._gutter]
        for name, width in self._widths.items():
            if name == column:
                break
            before.append(width)
        return sum(before) + _GAP * sum(map(bool, before))

    def lines(self) -> list[Line]:
        """Write the rows."""
        return [self._line(row, self._margins.get(number, "")) for number, row in enumerate(self._rows)]

    def _line(self, row: RowCells, margin: str) -> Line:
        pieces: list[tuple[str, Role]] = []
        blanks = 0
        if self._gutter:
            at = row.marker
            pieces += [
                (row.gutter[:at], Role.GUTTER),
                (row.gutter[at : at + 1], Role.NODE),
                (row.gutter[at + 1 :], Role.GUTTER),
            ]
            blanks = self._gutter - display_width(row.gutter) + _GAP
        for column, wanted in self._widths.items():
            cell = row.cells[column]
            width = _width(cell)
            if width > wanted:
                cell = self._clipped(cell, wanted)
                width = _width(cell)
            room = wanted - width
            if width:
                blanks += room if column in _RIGHT else 0
                if blanks:
                    pieces.append((" " * blanks, Role.TEXT))
                pieces += cell
                blanks = _GAP if column in _RIGHT else room + _GAP
            else:
                blanks += wanted + _GAP
        if margin:
            pieces += [(" " * blanks, Role.TEXT), (margin, Role.FOLD)]
        return line_of(*pieces)

    def _clipped(self, cell: Cell, width: int) -> Cell:
        if cell[0][1] is Role.SHARE:
            return ((cell[0][0][:width], Role.SHARE),)
        self.cut += 1
        kept: list[tuple[str, Role]] = []
        for text, role in cell:
            room = width - _width(tuple(kept))
            if room <= 0:
                break
            kept.append((clip(text, room, self._charset.ellipsis), role))
        return tuple(kept)


def _aligned(rows: Sequence[RowCells]) -> Sequence[RowCells]:
    """Where a row has a mark for frozen weights, the numbers of the others leave room for it."""
    marked = [(FROZEN, Role.FROZEN) in row.cells.get("weights", ()) for row in rows]
    if not any(marked):
        return rows
    room: Cell = ((" " * len(FROZEN), Role.TEXT),)
    return [
        row
        if mark or "weights" not in row.cells or not _width(row.cells["weights"])
        else replace(row, cells={**row.cells, "weights": row.cells["weights"] + room})
        for row, mark in zip(rows, marked, strict=True)
    ]


def _width(cell: Cell) -> int:
    width = 0
    for text, _ in cell:
        # Most texts are plain, and there are a dozen on each row.
        width += len(text) if text.isascii() else display_width(text)
    return width
