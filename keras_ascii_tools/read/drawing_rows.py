"""One row of a drawing -> its fields and the tensors that it takes. Keeps the lanes from row to row; makes no graph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keras_ascii_tools.errors import DrawingError
from keras_ascii_tools.graph import Call, Value
from keras_ascii_tools.notation.fields import FIELDS
from keras_ascii_tools.notation.values import ValueParser
from keras_ascii_tools.notation.words import STRING, parse_string

__all__ = ["RowText", "Source", "parse_row"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a tensor comes from: a number of rows up, or a name."""

    up: int = 0
    name: str | None = None
    output: int = 0


@dataclass(slots=True)
class RowText:
    """One row, taken apart."""

    line: int
    kind: str
    name: str | None
    shape: str
    weights: str
    called: bool
    """Whether the row is a node; otherwise a layer that no node calls."""
    inputs: tuple[Source | None, ...] = ()
    call: Call | None = None
    marks: tuple[tuple[str, int, int], ...] = ()
    """(`<-` or `->`, number, output) for each mark."""
    same: int | None = None
    """The layer is drawn above: this many rows up, or 0 for the one with the row's name; `None`: it is a new one."""
    body: str | None = None
    """`...` for a section below, a number of rows up for a body like that one's."""
    frozen: bool = False
    policy: str | None = ""
    """Empty for the header's, `None` for unknown."""
    settings: tuple[tuple[str, Value], ...] | None = ()
    tail: str = ""

    def error(self, message: str) -> DrawingError:
        """An error at this row."""
        return DrawingError(f"line {self.line}: {message}")


def parse_row(text: str, line: int, lanes: dict[int, int], number: int) -> RowText:
    """Take a row apart and move the lanes on.

    Args:
        text: The row, without blanks at its end.
        line: Its line number, for errors.
        lanes: By column, the number of the row whose lane it is; changed.
        number: The row's own number in its section.
    """
    called = not text.startswith(".")
    end, joined = _gutter(text, line, lanes, number) if called else (1, ())
    glyph = max(FIELDS["glyph"].start, end + 2)
    rest = text[glyph + FIELDS["glyph"].width :]
    row = _fields(rest, line, called=called)
    row.inputs = tuple(Source(number - lane) for lane in joined)
    try:
        _Tail(row, joined, number).read()
    except ValueError as error:
        raise row.error(str(error)) from error
    return row


_MARKERS = "*o@0"
_GOES_ON = "*o"
_USES_ABOVE = "*@"


def _gutter(text: str, line: int, lanes: dict[int, int], number: int) -> tuple[int, tuple[int, ...]]:
    """Read the gutter: where it ends, and the rows whose lanes the node joins, from left to right."""
    column = next((at for at in range(0, len(text), 2) if text[at] in _MARKERS), None)
    if column is None:
        raise DrawingError(f"line {line}: expected one of {' '.join(_MARKERS)} in the gutter, got {text[:20]!r}")
    left, right = _run(text, column)
    joined: list[int] = []
    for at in range(left, right + 2, 2):
        if (at == column and text[at] in _USES_ABOVE and at in lanes) or (at != column and text[at] in "+'"):
            if at not in lanes:
                raise DrawingError(f"line {line}: the run joins column {at}, in which no lane stands")
            joined.append(lanes[at] if text[at] == "+" else lanes.pop(at))
    for at in lanes:
        if at == column or at >= len(text) or text[at] not in "|+":
            raise DrawingError(f"line {line}: the lane in column {at} is broken; expected | or + there")
    end = max([column, right, *lanes]) + 1
    if text[end : max(FIELDS["glyph"].start, end + 2)].strip():
        raise DrawingError(
            f"line {line}: expected blanks between the gutter, which ends at column {end}, and the glyph"
        )
    if text[column] in _GOES_ON:
        lanes[column] = number
    return end, tuple(joined)


def _run(text: str, column: int) -> tuple[int, int]:
    """The columns that the run through a node reaches."""
    left = right = column
    while left >= 2 and text[left - 1] == "-":
        left -= 2
    while right + 2 < len(text) and text[right + 1] == "-":
        right += 2
    return left, right


def _fields(rest: str, line: int, *, called: bool) -> RowText:
    fields = _split(rest)
    if not fields:
        raise DrawingError(f"line {line}: expected the kind of a layer after the glyph")
    kind = fields.pop(0)
    name: str | None = None
    if fields and not re.match(r"[\d?(]|unknown\b|none\b", fields[0]):
        name = fields.pop(0)
    if not fields:
        raise DrawingError(
            f"line {line}: expected a shape after {name or kind!r}; `unknown` or `none` if there is none"
        )
    shape = fields.pop(0)
    weights = fields.pop(0) if fields and re.fullmatch(r"[\d,]+(\+[\d,]+|\?)?|\?|=(\^\d{1,9})?", fields[0]) else ""
    row = RowText(line, kind, None, shape, "" if weights.startswith("=") else weights, called)
    try:
        row.name = parse_string(name) if name and name.startswith('"') else name
    except ValueError as error:
        raise row.error(str(error)) from error
    if weights.startswith("="):
        row.same = int(weights[2:] or 0)
    row.tail = " ".join(fields)
    return row


def _split(text: str) -> list[str]:
    """Split at two or more blanks; a string has no two blanks in a row."""
    return [part for part in re.split(r" {2,}", text.strip(" ")) if part]


_MARK = re.compile(r"(<-|->)(\d{1,9})(?:\.(\d{1,9}))?")
_SOURCE = re.compile(
    rf"(?:(?P<lane>\d{{1,9}})|\^(?P<up>\d{{1,9}})|@(?P<name>{STRING}|[^\s.<>\"]+)|(?P<unknown>\?))"
    r"(?:\.(?P<output>\d{1,9}))?"
)
_BODY = re.compile(r"\{(\.\.\.|\^\d{1,9})\}")


class _Tail:
    """Reads the tail of one row into it, token by token. Every failure is a ValueError."""

    def __init__(self, row: RowText, joined: tuple[int, ...], number: int) -> None:
        self._row = row
        self._joined = joined
        self._number = number
        self._text = row.tail
        self._at = 0
        self._settings: dict[str, Value] = {}
        self._settings_known = True

    def read(self) -> None:
        while self._at < len(self._text):
            self._token()
            if self._at < len(self._text):
                if self._text[self._at] != " ":
                    raise ValueError(f"expected a blank before {self._text[self._at :][:20]!r}")
                self._at += 1
        self._row.settings = tuple(self._settings.items()) if self._settings_known else None

    def _token(self) -> None:
        rest = self._text[self._at :]
        if mark := _MARK.match(rest):
            self._row.marks += ((mark[1], int(mark[2]), int(mark[3] or 0)),)
            self._at += mark.end()
        elif rest.startswith("<"):
            self._inputs(rest)
        elif rest.startswith("("):
            parser = ValueParser(self._text, self._at)
            self._row.call = parser.call()
            self._at = parser.position
        elif body := _BODY.match(rest):
            self._row.body = body[1].removeprefix("^")
            self._at += body.end()
        elif rest == "F" or rest.startswith("F "):
            self._row.frozen = True
            self._at += 1
        else:
            self._setting()

    def _inputs(self, rest: str) -> None:
        sources: list[Source | None] = []
        at = 1
        while not rest.startswith(">", at):
            match = _SOURCE.match(rest, at)
            if match is None:
                raise ValueError(f"expected an input at {rest[at:][:20]!r}")
            sources.append(self._source(match))
            at = match.end()
            if rest.startswith(" ", at):
                at += 1
            elif not rest.startswith(">", at):
                raise ValueError(f"expected a blank or '>' at {rest[at:][:20]!r}")
        self._row.inputs = tuple(sources)
        self._at += at + 1

    def _source(self, match: re.Match[str]) -> Source | None:
        output = int(match["output"] or 0)
        if match["unknown"]:
            return None
        if match["lane"]:
            place = int(match["lane"])
            if not 1 <= place <= len(self._joined):
                raise ValueError(f"input {place} of {len(self._joined)} lanes that join this row")
            return Source(self._number - self._joined[place - 1], output=output)
        if match["up"]:
            return Source(int(match["up"]), output=output)
        name = match["name"]
        return Source(name=parse_string(name) if name.startswith('"') else name, output=output)

    def _setting(self) -> None:
        parser = ValueParser(self._text, self._at)
        quoted = self._text.startswith('"', self._at)
        key = parser.key()
        # Operations and inputs have no policy: there it is a setting like any other.
        kind = self._row.kind
        policy = key == "dtype" and not quoted and kind != "InputLayer" and not kind.startswith("ops.")
        if not self._text.startswith("=", parser.position):
            raise ValueError(f"expected 'name=value', got {self._text[self._at :][:30]!r}")
        parser.position += 1
        if self._text.startswith("?", parser.position) and (key == "settings" or policy):
            parser.position += 1
            if policy:
                self._row.policy = None
            else:
                self._settings_known = False
        elif policy:
            self._row.policy = str(parser.value())
        elif key in self._settings:
            raise ValueError(f"{key!r} stands twice")
        else:
            self._settings[key] = parser.value()
        self._at = parser.position
