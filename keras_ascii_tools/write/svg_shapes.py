"""The characters of a drawing that are lines and marks -> SVG paths. Knows cells, no text, no colours and no models.

Characters of different fonts do not join, and are none too pretty; paths do, at any distance between the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from keras_ascii_tools.glyphs import UNICODE
from keras_ascii_tools.width import display_width
from keras_ascii_tools.write.sheet import Role, Span

__all__ = ["CELL", "DRAWN", "PITCH", "Shapes", "number", "shapes_of"]

CELL = 7.8
"""Width of a column."""
PITCH = 18.0
"""Height of a row."""

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_BEND = 5.0
_RADIUS = 3.5

# The last meaning of a character is its fullest: a line goes through its whole cell.
_ARMS = {character: arms for arms, character in enumerate(UNICODE.lines) if arms}
_GOES_ON = UNICODE.node + UNICODE.source
_USES_ABOVE = UNICODE.node + UNICODE.sink
_MARKS = _GOES_ON + UNICODE.sink + UNICODE.alone
_BLOCKS = {character: (step + 1) / (len(UNICODE.bar) - 1) for step, character in enumerate(UNICODE.bar[1:])}

DRAWN: Mapping[Role, str] = {
    Role.GUTTER: "".join(_ARMS) + _MARKS,
    Role.NODE: _MARKS,
    Role.FOLD: "".join(_ARMS),
    Role.SHARE: "".join(_BLOCKS),
}
"""The characters that are drawn, by what they are part of; anywhere else they are text."""

Point = tuple[float, float]
Cells = dict[tuple[int, int], tuple[str, Role]]
"""Characters by row and column."""


@dataclass(slots=True)
class Shapes:
    """Path data, by what it shows."""

    lanes: str = ""
    folds: str = ""
    bars: str = ""
    full: str = ""
    """Marks that are filled: nodes and outputs."""
    open: str = ""
    """Marks that are not: inputs."""


def shapes_of(lines: Iterable[tuple[Span, ...]], origin: Point) -> Shapes:
    """Draw the lines and marks of a drawing whose first cell has its upper left corner at `origin`."""
    cells = dict(_cells(lines))
    lanes, folds = _Lines(origin), _Lines(origin)
    shapes = Shapes()
    for (row, column), (character, role) in cells.items():
        x, y = origin[0] + column * CELL, origin[1] + row * PITCH
        if character in _BLOCKS:
            shapes.bars += _box(x, y + PITCH / 2 - 4, CELL * _BLOCKS[character], 8)
        elif character in _MARKS:
            lanes.add(row, column, _arms_of_mark(cells, row, column))
            path = _mark(character, x + CELL / 2, y + PITCH / 2)
            if character in UNICODE.node + UNICODE.sink:
                shapes.full += path
            else:
                shapes.open += path
        else:
            (folds if role is Role.FOLD else lanes).add(row, column, _ARMS[character], bend=True)
    shapes.lanes, shapes.folds = lanes.path(), folds.path()
    return shapes


def _cells(lines: Iterable[tuple[Span, ...]]) -> Iterator[tuple[tuple[int, int], tuple[str, Role]]]:
    for row, spans in enumerate(lines):
        column = 0
        for span in spans:
            drawn = DRAWN.get(span.role, "")
            for character in span.text if drawn else ():
                if character in drawn:
                    yield (row, column), (character, span.role)
                column += display_width(character)
            if not drawn:
                column += display_width(span.text)


def _arms_of_mark(cells: Cells, row: int, column: int) -> int:
    """Where a node is joined: by lines beside it, and by a lane above or below that it uses or makes."""
    character, _ = cells[row, column]
    above, below = (_arms_at(cells, row + step, column) for step in (-1, 1))
    left, right = (_arms_at(cells, row, column + step) for step in (-1, 1))
    arms = (_LEFT if left & _RIGHT else 0) | (_RIGHT if right & _LEFT else 0)
    if character in _USES_ABOVE and above & _DOWN:
        arms |= _UP
    if character in _GOES_ON and below & _UP:
        arms |= _DOWN
    return arms


def _arms_at(cells: Cells, row: int, column: int) -> int:
    character, role = cells.get((row, column), (" ", Role.TEXT))
    if role not in {Role.GUTTER, Role.NODE}:
        return 0
    if character in _MARKS:
        return (_DOWN if character in _GOES_ON else 0) | (_UP if character in _USES_ABOVE else 0)
    return _ARMS.get(character, 0)


@dataclass(slots=True)
class _Lines:
    """Collects the lines of many cells, and joins what meets end to end."""

    origin: Point
    _vertical: dict[float, list[list[float]]] = field(default_factory=dict[float, list[list[float]]])
    _horizontal: dict[float, list[list[float]]] = field(default_factory=dict[float, list[list[float]]])
    _bends: list[str] = field(default_factory=list[str])

    def add(self, row: int, column: int, arms: int, *, bend: bool = False) -> None:
        """Draw the arms of one cell; with `bend`, two that make a corner are rounded."""
        left, top = self.origin[0] + column * CELL, self.origin[1] + row * PITCH
        x, y = left + CELL / 2, top + PITCH / 2
        corner = bend and arms & (_UP | _DOWN) in {_UP, _DOWN} and arms & (_LEFT | _RIGHT) in {_LEFT, _RIGHT}
        radius = min(_BEND, CELL / 2) if corner else 0.0
        if arms & _UP:
            self._join(self._vertical, x, top, y - radius)
        if arms & _DOWN:
            self._join(self._vertical, x, y + radius, top + PITCH)
        if arms & _LEFT and left < x - radius:
            self._join(self._horizontal, y, left, x - radius)
        if arms & _RIGHT and x + radius < left + CELL:
            self._join(self._horizontal, y, x + radius, left + CELL)
        if corner:
            start_y = y - radius if arms & _UP else y + radius
            end_x = x - radius if arms & _LEFT else x + radius
            self._bends.append(f"M{number(x)} {number(start_y)}Q{number(x)} {number(y)} {number(end_x)} {number(y)}")

    def _join(self, lines: dict[float, list[list[float]]], at: float, start: float, end: float) -> None:
        found = lines.setdefault(round(at, 2), [])
        if found and abs(found[-1][1] - start) < 0.01:
            found[-1][1] = end
        else:
            found.append([start, end])

    def path(self) -> str:
        """Return everything as path data."""
        parts = [f"M{number(x)} {number(a)}V{number(b)}" for x, lines in self._vertical.items() for a, b in lines]
        parts += [f"M{number(a)} {number(y)}H{number(b)}" for y, lines in self._horizontal.items() for a, b in lines]
        return "".join(parts + self._bends)


def _mark(character: str, x: float, y: float) -> str:
    if character in UNICODE.node + UNICODE.source:
        r = number(_RADIUS)
        side = number(2 * _RADIUS)
        return f"M{number(x - _RADIUS)} {number(y)}a{r} {r} 0 1 0 {side} 0a{r} {r} 0 1 0 -{side} 0z"
    return _box(x - _RADIUS, y - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"


def number(value: float) -> str:
    """Write a coordinate, with as few digits as it needs."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
