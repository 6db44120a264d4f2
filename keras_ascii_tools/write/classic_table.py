"""One section -> the lines of its rows in the classic style. Knows no headers and no other section.

A layer's first row says what it does, the next one what it makes; a call with several outputs makes several. The lanes
beside them are tensors, so a lane starts below the first row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keras_ascii_tools.graph import How, Layer, Node, TensorRef
from keras_ascii_tools.layout import DOWN, UP, Row
from keras_ascii_tools.view import row_params
from keras_ascii_tools.width import display_width
from keras_ascii_tools.write import classic_labels as labels
from keras_ascii_tools.write.classic_notes import Notes
from keras_ascii_tools.write.classic_places import Places, is_chain
from keras_ascii_tools.write.gutter import gutter, marker
from keras_ascii_tools.write.sections import Part
from keras_ascii_tools.write.sheet import Line, Role, line_of

__all__ = ["Table"]

_GAP = "  "
_COLUMN_GAP = "   "
_MAX_LABEL = 24
"""The labels beside lanes may take this much, where the ancestor lets a long one push its row."""

_Pieces = tuple[tuple[str, Role], ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line, before the lanes are put beside it."""

    pieces: _Pieces = ()
    notes: tuple[str, ...] = ()
    lanes: str = ""
    node: int = -1
    """Where in `lanes` the node stands; -1 for none."""
    row: int = -1
    """Of which row of the section it is a part; -1 for none."""


class Table:
    """The lines of one section."""

    def __init__(self, part: Part, places: Places, *, sparser: bool) -> None:
        self._part = part
        self._graph = part.graph
        self._places = places
        self._charset = places.charset
        self._sparser = sparser
        self._chain = is_chain(part)
        view = part.laid.view
        self._copies = row_params(view) if view is not None and view.folds else None
        self._batch = _batch_of(part) if self._chain else None
        self._notes = Notes(part, places.options, places.charset, names=not self._chain, shared=places.shared)
        self._used = {ref.node for node in part.graph.nodes for ref in node.inputs if ref is not None}
        self._width = labels.LABEL_WIDTH if self._chain else self._label_width()
        self._gutter = 0 if self._chain else max(2 * part.diagram.width - 1, 1) + len(_GAP)
        self.indent = " " * (self._gutter + self._width - labels.LABEL_WIDTH)
        """What stands to the left of the ancestor's columns."""

    def lines(self) -> tuple[Line, ...]:
        """Write the section."""
        entries = list(self._entries())
        margins = self._margins([entry.row for entry in entries])
        lines = [self._line(entry) for entry in entries]
        edge = max(map(_columns, lines), default=0) + len(_GAP)
        for number, margin in margins.items():
            blanks = " " * (edge - _columns(lines[number]))
            lines[number] = line_of(*_pieces(lines[number]), (blanks, Role.TEXT), (margin, Role.FOLD))
        return tuple(lines)

    def _label_width(self) -> int:
        widths = [display_width(self._kind(layer)) for layer in self._part.rows]
        return max([labels.LABEL_WIDTH, *(min(width, _MAX_LABEL) for width in widths)])

    def _kind(self, layer: Layer) -> str:
        return labels.kind(layer, self._charset, ancestral=self._chain)

    # Which lines there are

    def _entries(self) -> Iterator[_Entry]:
        below = ""
        for number, entry in enumerate(self._rows()):
            if self._sparser and number:
                yield _Entry(lanes=below)
            yield entry
            if entry.row < len(self._part.diagram.rows):
                below = "" if entry.row < 0 else self._below(self._part.diagram.rows[entry.row])

    def _rows(self) -> Iterator[_Entry]:
        if self._chain and self._graph.how is How.UNBUILT:
            yield _Entry(_data("Input", self._width, labels.dimensions(None, None)))
        rows = self._part.diagram.rows
        for number, row in enumerate(rows):
            node = self._graph.nodes[row.node]
            is_input = _is_input(node)
            if is_input:
                yield self._input(row, number)
            if not is_input or (self._chain and self._declares(node.layer)):
                yield self._operation(row, number)
                yield from self._made(row, number)
        for number, layer in enumerate(self._part.uncalled, len(rows)):
            notes = tuple(self._notes.of_layer(layer))
            yield _Entry(self._does(layer, number, [layer.params]), notes, self._charset.uncalled, 0, number)

    def _declares(self, layer: Layer) -> bool:
        """Tell whether an input is one of the model's layers; a file says so of a Sequential's, a live one hides it."""
        return self._graph.kind != "Sequential" and any(own.id == layer.id for own in self._graph.layers)

    def _input(self, row: Row, number: int) -> _Entry:
        """What goes into a model is data that no layer made."""
        ref = TensorRef(row.node)
        pieces = _data(f"Input{self._notes.number_of_input(ref)}", self._width, self._dimensions(ref))
        notes = (*self._notes.of_layer(self._graph.nodes[row.node].layer), *self._notes.of_tensor(ref))
        if self._chain:
            return _Entry(pieces, notes, row=number)
        return _Entry(pieces, notes, self._beside(row), 2 * row.column, number)

    def _operation(self, row: Row, number: int) -> _Entry:
        layer = self._graph.nodes[row.node].layer
        copies = [layer.params] if self._copies is None else self._copies[row.node]
        notes = tuple(self._notes.of_operation(row))
        return _Entry(self._does(layer, number, copies), notes, self._beside(row), 2 * row.column, number)

    def _made(self, row: Row, number: int) -> Iterator[_Entry]:
        node = self._graph.nodes[row.node]
        activation = labels.activation(node.layer, self._charset, ancestral=self._chain)
        for output in range(len(node.outputs)):
            ref = TensorRef(row.node, output)
            pieces = _data("" if output else activation, self._width, self._dimensions(ref))
            yield _Entry(pieces, tuple(self._notes.of_tensor(ref)), self._below(row), row=number)

    # What they say

    def _does(self, layer: Layer, number: int, copies: Sequence[int | None]) -> _Pieces:
        count, share = self._places.weights(layer, self._part.start + number, copies)
        return (
            (labels.label(self._kind(layer), self._width), Role.KIND),
            (_COLUMN_GAP, Role.TEXT),
            (labels.glyph(layer, self._charset, self._places.glyphs, ancestral=self._chain), Role.GLYPH),
            (labels.OPERATION, Role.TEXT),
            (count, Role.WEIGHTS),
            (share, Role.SHARE),
        )

    def _dimensions(self, ref: TensorRef) -> str:
        return labels.dimensions(self._graph.spec(ref).shape, self._batch)

    # How they look

    def _beside(self, row: Row) -> str:
        node = self._graph.nodes[row.node]
        return gutter(
            row,
            self._charset,
            marker(self._charset, used_lanes=bool(node.inputs), consumers=row.node in self._used),
        )

    def _below(self, row: Row) -> str:
        """The lanes that go on below a row."""
        lane = self._charset.lines[UP | DOWN]
        return " ".join(lane if cell & DOWN else " " for cell in row.cells)

    def _line(self, entry: _Entry) -> Line:
        beside = ((" " * self._gutter, Role.TEXT),) if not entry.lanes or self._chain else self._lanes(entry)
        line = line_of(*beside, *entry.pieces)
        if not entry.notes:
            return line
        notes = self._places.fitted(_GAP.join(entry.notes), _columns(line) + len(_GAP))
        return line_of(*_pieces(line), (_GAP, Role.TEXT), (notes, Role.NOTE))

    def _lanes(self, entry: _Entry) -> _Pieces:
        at, lanes = entry.node, entry.lanes.ljust(self._gutter)
        if at < 0:
            return ((lanes, Role.GUTTER),)
        return (lanes[:at], Role.GUTTER), (lanes[at], Role.NODE), (lanes[at + 1 :], Role.GUTTER)

    def _margins(self, rows: list[int]) -> dict[int, str]:
        """What stands in the right margin of folded rows, by line."""
        view = self._part.laid.view
        margins: dict[int, str] = {}
        first, further, last = self._charset.fold
        for fold in () if view is None else view.folds:
            start, end = rows.index(fold.first), len(rows) - 1 - rows[::-1].index(fold.last)
            for line in range(start, end + 1):
                sign = first if line == start else last if line == end else further
                times = f" {self._charset.times}{fold.times}" if line == start else ""
                margins[line] = f"{margins[line]} {sign}{times}" if line in margins else sign + times
        return margins


def _data(label: str, width: int, dimensions: str) -> _Pieces:
    return (
        (labels.label(label, width), Role.SETTING),
        (_COLUMN_GAP, Role.TEXT),
        (labels.DATA, Role.TEXT),
        (_COLUMN_GAP, Role.TEXT),
        (dimensions, Role.SHAPE),
    )


def _is_input(node: Node) -> bool:
    return node.layer.kind == "InputLayer" and not node.inputs and len(node.outputs) == 1


def _batch_of(part: Part) -> int | None:
    """The first axis of all tensors, if that is one number: then it is the batch, which the ancestor never shows."""
    shapes = [spec.shape for node in part.graph.nodes for spec in node.outputs]
    first = {shape[0] if shape else None for shape in shapes}
    return first.pop() if len(first) == 1 else None


def _columns(line: Line) -> int:
    return sum(display_width(span.text) for span in line.spans)


def _pieces(line: Line) -> _Pieces:
    return tuple((span.text, span.role) for span in line.spans)
