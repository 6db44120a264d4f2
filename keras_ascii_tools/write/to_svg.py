"""A drawing -> one SVG that stands by itself: text that can be selected, lanes that join, no script, nothing loaded.

Every group of words has its own place and width, so that columns stay where they are in any font. Lanes, marks and bars
are paths; the characters that they stand for lie upon them, invisible, so that the drawing can be copied as text. The
paper is painted, because an image does not know the page that it is on. Knows nothing of models.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import escape

from keras_ascii_tools.escape import visible
from keras_ascii_tools.width import display_width
from keras_ascii_tools.write.sheet import Role, Sheet, Span
from keras_ascii_tools.write.spans import clean_lines, width_of
from keras_ascii_tools.write.svg_shapes import CELL, DRAWN, PITCH, Shapes, number, shapes_of

__all__ = ["to_svg"]

_MARGIN = 16.0
_SIZE = 13
_BASELINE = PITCH / 2 + 0.34 * _SIZE
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

# By what it is: light, dark. Each has a contrast of at least 4.5 to its paper; only lanes and bars have less.
_COLORS: dict[str, tuple[str, str]] = {
    "ka-header": ("#59636e", "#9198a1"),
    "ka-share": ("#59636e", "#9198a1"),
    "ka-macs": ("#59636e", "#9198a1"),
    "ka-glyph": ("#0e7490", "#67c7dc"),
    "ka-shape": ("#0e7490", "#67c7dc"),
    "ka-name": ("#15803d", "#6fd08c"),
    "ka-frozen": ("#2563eb", "#7ab0ff"),
    "ka-fold": ("#a21caf", "#dd9be8"),
    "ka-note": ("#a21caf", "#dd9be8"),
}
_INK, _PAPER, _LANES, _FOLDS, _BARS = (
    ("#1f2328", "#e6edf3"),
    ("#ffffff", "#0d1117"),
    ("#818b98", "#7d8590"),
    ("#a21caf", "#dd9be8"),
    ("#818b98", "#9198a1"),
)


def _rules(theme: int) -> str:
    """The colours of one theme."""
    rules = {
        ".ka-paper": f"fill: {_PAPER[theme]}",
        ".ka-ink": f"fill: {_INK[theme]}",
        ".ka-lines": f"stroke: {_LANES[theme]}",
        ".ka-lines.ka-fold": f"stroke: {_FOLDS[theme]}; fill: none",
        ".ka-bars": f"fill: {_BARS[theme]}",
        ".ka-open": f"stroke: {_INK[theme]}; fill: {_PAPER[theme]}",
        **{f"text .{name}": f"fill: {colors[theme]}" for name, colors in _COLORS.items()},
    }
    return "".join(f".keras-ascii-svg {selector} {{ {rule} }}\n" for selector, rule in rules.items())


CSS = (
    _rules(0)
    + f"@media (prefers-color-scheme: dark) {{\n{_rules(1)}}}\n"
    + ".keras-ascii-svg text { white-space: pre; font-variant-ligatures: none; font-kerning: none }\n"
    + ".keras-ascii-svg .ka-title, .keras-ascii-svg .ka-kind, .keras-ascii-svg .ka-frozen { font-weight: 600 }\n"
    # The last word, also where the colour of a role is set.
    + ".keras-ascii-svg text .ka-drawn { fill: transparent }\n"
)


def to_svg(sheet: Sheet) -> str:
    """Write a drawing as an SVG document, which can also stand inside a page.

    It is light or dark as the reader's system prefers.
    """
    lines = list(clean_lines(sheet.lines()))
    width = number(2 * _MARGIN + CELL * width_of(lines))
    height = number(2 * _MARGIN + PITCH * len(lines))
    title, description = visible(sheet.title).strip() or "Model architecture", visible(sheet.description).strip()
    texts = (title, description, *("".join(span.text for span in spans) for spans in lines))
    name = hashlib.blake2b("\n".join(texts).encode(), digest_size=6).hexdigest()
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="keras-ascii-svg" width="{width}" height="{height}" ',
            f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="ka-{name}-title ka-{name}-desc">\n',
            f'<title id="ka-{name}-title">{escape(title)}</title>\n',
            f'<desc id="ka-{name}-desc">{escape(description or title)}</desc>\n',
            f"<style>\n{CSS}</style>\n",
            f'<rect class="ka-paper" width="{width}" height="{height}" rx="6" fill="{_PAPER[0]}"/>\n',
            *_paths(shapes_of(lines, (_MARGIN, _MARGIN))),
            f'<g class="ka-ink" font-family="{escape(_FONT)}" font-size="{_SIZE}" fill="{_INK[0]}">\n',
            *(_text(row, spans) for row, spans in enumerate(lines) if spans),
            "</g>\n</svg>\n",
        )
    )


def _paths(shapes: Shapes) -> Iterator[str]:
    """Lines first, because marks stand upon them. The attributes are for programs that know no style sheets."""
    line = 'fill="none" stroke-width="1.5" stroke-linecap="round"'
    for attributes, path in (
        (f'class="ka-lines" {line} stroke="{_LANES[0]}"', shapes.lanes),
        (f'class="ka-lines ka-fold" {line} stroke="{_FOLDS[0]}"', shapes.folds),
        (f'class="ka-bars" fill="{_BARS[0]}"', shapes.bars),
        (f'class="ka-ink" fill="{_INK[0]}"', shapes.full),
        (f'class="ka-open" fill="{_PAPER[0]}" stroke="{_INK[0]}" stroke-width="1.5"', shapes.open),
    ):
        if path:
            yield f'<path {attributes} d="{path}"/>\n'


def _text(row: int, spans: tuple[Span, ...]) -> str:
    column = 0
    pieces: list[str] = []
    for span in spans:
        at = 0
        for match in _WORDS[span.role].finditer(span.text):
            pieces.append(span.text[at : match.start()])
            column += match.start() - at
            pieces.append(_words_at(column, match[0], span.role, drawn=match.lastgroup == "drawn"))
            column += display_width(match[0])
            at = match.end()
        pieces.append(span.text[at:])
        column += len(span.text) - at
    y = number(_MARGIN + row * PITCH + _BASELINE)
    return f'<text xml:space="preserve" x="{number(_MARGIN)}" y="{y}">{"".join(pieces)}</text>\n'


def _words(role: Role) -> re.Pattern[str]:
    """Words with single blanks between them; drawn characters are on their own."""
    drawn = re.escape(DRAWN.get(role, ""))
    plain = rf"(?P<plain>[^ {drawn}]+(?: [^ {drawn}]+)*)"
    return re.compile(rf"(?P<drawn>[{drawn}]+)|{plain}" if drawn else plain)


_WORDS = {role: _words(role) for role in Role}


def _words_at(column: int, text: str, role: Role, *, drawn: bool) -> str:
    classes = "ka-drawn" if drawn else "" if role is Role.TEXT else f"ka-{role.value}"
    attributes = f' class="{classes}"' if classes else ""
    if drawn:
        attributes += ' fill="none"'
    place = f'x="{number(_MARGIN + CELL * column)}" textLength="{number(CELL * display_width(text))}"'
    return f"<tspan{attributes} {place}>{escape(text)}</tspan>"
