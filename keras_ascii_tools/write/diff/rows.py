"""One graph of a diff -> its lines: a mark in column 0, the row of the drawing, what changed. Knows no format."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from keras_ascii_tools.diff import Change, Check
from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import CHARSETS, Charset
from keras_ascii_tools.layout import DOWN
from keras_ascii_tools.options import DiffOptions, DrawOptions
from keras_ascii_tools.width import display_width
from keras_ascii_tools.write.cells import CellWriter, RowCells
from keras_ascii_tools.write.diff.folding import Block, Entry, Gap, entries_of
from keras_ascii_tools.write.diff.merge import Item, Level, Mark
from keras_ascii_tools.write.diff.which import Sources
from keras_ascii_tools.write.diff.words import Words
from keras_ascii_tools.write.sheet import Line, Role, Span, line_of
from keras_ascii_tools.write.to_rows import Table

__all__ = ["ROLES", "Shown", "rows_of"]

ROLES = {
    Mark.SAME: Role.TEXT,
    Mark.ADDED: Role.ADDED,
    Mark.REMOVED: Role.REMOVED,
    Mark.CHANGED: Role.CHANGED,
    Mark.DERIVED: Role.DERIVED,
    Mark.MOVED: Role.MOVED,
}
_MARGIN = 2
"""Columns of the mark."""
_INDENT = 6
"""Where a text goes on that does not fit behind its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How much is shown: all that was asked for, or less where there is no room."""

    context: int
    derived: bool = True
    blocks: bool = True
    """Whether the rows of a block are shown, or only that there is one."""
    settings: bool = True
    """Whether rows have their settings."""
    rows: int | None = None
    """Rows at most, of each graph."""


def rows_of(level: Level, options: DiffOptions, shown: Shown, causes: Collection[str] = ()) -> tuple[Line, ...]:
    """Write the rows of one graph; `causes` are the changes that others refer to, whose rows say their ids."""
    entries = entries_of(level, shown.context, derived=shown.derived)
    return tuple(_Writer(level, options, shown, causes).lines(entries))


class _Writer:
    def __init__(self, level: Level, options: DiffOptions, shown: Shown, causes: Collection[str]) -> None:
        self._level = level
        self._causes = causes
        self._shown = shown
        self._charset: Charset = CHARSETS[options.charset]
        self._words = Words(self._charset)
        self._width = options.width
        columns = ("glyph", "kind", "name", "shape", "weights", *(("settings",) if shown.settings else ()))
        self._options = DrawOptions.of(
            {
                "charset": options.charset,
                "columns": columns,
                "width": None if options.width is None else max(options.width - _MARGIN, 20),
            }
        )
        policy = level.diff.after.dtype_policy
        self._after = CellWriter(self._options, self._charset, None, policy).rows(level.after)
        self._before = CellWriter(self._options, self._charset, None, policy).rows(level.before)
        self._above = _rows_above(level.items)
        self._sources = Sources(level.diff, level.before, level.after)

    def lines(self, entries: Sequence[Entry]) -> Iterator[Line]:
        """Write what is shown, from top to bottom."""
        entries, more = self._fitting(entries)
        rows: list[Item] = []
        brackets: dict[int, str] = {}
        for entry in entries:
            items = self._items(entry)
            if isinstance(entry, Block):
                brackets |= self._bracket(len(rows), len(items), entry.times)
            rows += items
        table = Table([self._cells(item) for item in rows], self._options, self._charset, brackets)
        written = zip(rows, table.lines(), strict=True)
        start = table.start("settings")
        for entry in entries:
            if isinstance(entry, Gap):
                yield self._gap(entry)
                continue
            if isinstance(entry, Block):
                yield self._block(entry)
            for _ in self._items(entry):
                yield from self._row(*next(written), start)
        if table.cut:
            room = f" to fit {self._width} columns" if self._width else ""
            yield line_of((f"  {table.cut:,} text{'s' if table.cut > 1 else ''} cut or left out{room}", Role.NOTE))
        if more:
            yield line_of((f"  {self._charset.ellipsis} {more:,} more places that changed", Role.FOLD))

    def _fitting(self, entries: Sequence[Entry]) -> tuple[Sequence[Entry], int]:
        """Leave out what is more than the rows that may be shown; say how many of it are changes."""
        most = self._shown.rows
        if most is None or len(entries) <= most:
            return entries, 0
        return entries[:most], sum(not isinstance(entry, Gap) and _matters(entry) for entry in entries[most:])

    def _items(self, entry: Entry) -> tuple[Item, ...]:
        if isinstance(entry, Item):
            return (entry,)
        return entry.items if isinstance(entry, Block) and self._shown.blocks else ()

    def _bracket(self, first: int, rows: int, times: int) -> dict[int, str]:
        """The right margin of a block, as drawings have it."""
        top, further, bottom = self._charset.fold
        signs = [top, *[further] * (rows - 2), bottom] if rows > 1 else [further] * rows
        signs[:1] = [f"{sign} {self._charset.times}{times}" for sign in signs[:1]]
        return dict(enumerate(signs, first))

    def _cells(self, item: Item) -> RowCells:
        row = (self._before if item.mark is Mark.REMOVED else self._after)[item.row]
        if item.mark is Mark.REMOVED:
            row = replace(row, gutter=self._lanes_after(item), marker=0)
        if item.mark in {Mark.CHANGED, Mark.DERIVED, Mark.MOVED}:
            # What changed stands in their place.
            row = replace(row, cells={**row.cells, "settings": ()})
        return row

    def _lanes_after(self, item: Item) -> str:
        """The lanes that pass where a row was: those that go on below the row above it."""
        above = self._above.get(id(item))
        if above is None or above >= len(self._level.after.diagram.rows):
            return ""
        cells = self._level.after.diagram.rows[above].cells
        lane = self._charset.lines[3]
        return " ".join(lane if cell & DOWN else " " for cell in cells).rstrip()

    def _gap(self, gap: Gap) -> Line:
        words = [f"{gap.same:,} unchanged" if gap.same else "", f"{gap.derived:,} derived" if gap.derived else ""]
        count = gap.same + gap.derived
        text = f"{', '.join(filter(None, words))} layer{'s' if count > 1 else ''}"
        dots = "⋮" if self._charset.name == "unicode" else ":"
        return line_of((f"  {dots} {text}", Role.FOLD))

    def _block(self, block: Block) -> Line:
        mark = block.items[0].mark
        size = len(block.items)
        total = size * block.times
        sign = 1 if mark is Mark.ADDED else -1
        weights = "" if not block.params else f", {self._words.number(sign * block.params)} weights"
        text = f"{block.times:,} {self._charset.times} block of {size:,} layer{'s' if size > 1 else ''}"
        return line_of((f"{mark} {text} ({total:,} layers{weights})", ROLES[mark]))

    def _row(self, item: Item, line: Line, start: int, /) -> Iterator[Line]:
        role = ROLES[item.mark]
        spans = line.spans
        if item.mark in {Mark.ADDED, Mark.REMOVED}:
            spans = tuple(Span(span.text, role) for span in spans)
        head = Line((Span(f"{item.mark} ", role), *spans))
        note = self._note(item)
        if not note:
            yield head
            return
        length = display_width(head.text)
        blanks = max(start + _MARGIN - length, 2)
        if self._width is not None and length + blanks + display_width(note) > self._width:
            blanks = 2
        if self._width is None or length + blanks + display_width(note) <= self._width:
            text = head.text
            yield Line((*_cut(head, len(text)), Span(" " * blanks), Span(note, role)))
            return
        yield head
        for part in textwrap.wrap(note, max(self._width - _INDENT, 20), break_on_hyphens=False):
            yield line_of((f"{item.mark} {' ' * (_INDENT - _MARGIN)}{part}", role))

    def _said(self, change: Change, item: Item) -> str:
        text = "" if change.check in _SEEN else self._words.change(change)
        if change.check in _REWIRED and (sources := self._sources.of(change)) is not None:
            text = self._words.rewired(*sources)
        if change.check is Check.LAYER_MOVED and item.was_behind:
            text = f"moved, was behind {item.was_behind}"
        return " ".join(filter(None, (f"[{change.id}]" if change.id in self._causes else "", text)))

    def _note(self, item: Item) -> str:
        """What is said behind a row."""
        texts = [self._said(change, item) for change in item.changes]
        if item.derived is not None:
            texts.append(self._words.derived(item.derived))
        text = visible("; ".join(filter(None, texts)))
        return text if self._charset.name == "unicode" else text.encode("ascii", "backslashreplace").decode("ascii")


_SEEN = frozenset({Check.LAYER_ADDED, Check.LAYER_REMOVED})
"""What the mark says."""
_REWIRED = frozenset({Check.ARGUMENTS_REORDERED, Check.INPUTS_REWIRED})


def _cut(line: Line, length: int) -> tuple[Span, ...]:
    """The spans of a line, without the blanks at its end."""
    kept: list[Span] = []
    for span in line.spans:
        kept.append(Span(span.text[: max(length, 0)], span.role))
        length -= len(span.text)
    return tuple(span for span in kept if span.text)


def _matters(entry: Item | Block) -> bool:
    return isinstance(entry, Block) or entry.matters


def _rows_above(items: Sequence[Item]) -> dict[int, int]:
    """By removed row, the row afterwards that it stands below."""
    above: dict[int, int] = {}
    last: int | None = None
    for item in items:
        if item.mark is not Mark.REMOVED:
            last = item.row
        elif last is not None:
            above[id(item)] = last
    return above
