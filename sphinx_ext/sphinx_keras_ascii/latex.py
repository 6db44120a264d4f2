r"""Drawings in LaTeX: text -> macros of `sphinxkerasascii.sty`, the same for every engine. Knows no models.

Lanes and blocks are drawn as rules, so that no font has to have them and no gap is between lines. Every other character
stands in a cell of one width. A drawing is made as small as its width asks for, and is not split if it fits on a page.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders.latex.nodes import captioned_literal_block

from sphinx_keras_ascii.nodes import keras_ascii_drawing

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.latex import LaTeXTranslator

__all__ = [
    "PAGE_HEIGHT",
    "STYLE",
    "columns_at",
    "columns_of",
    "copy_style",
    "depart_long_figure",
    "height_of",
    "keras_ascii_long_figure",
    "to_latex",
    "visit_latex",
    "visit_long_figure",
]

STYLE = "sphinxkerasascii"

LINE_WIDTH = 450.0
"""Points; a little less than a line has on A4 and on letter paper. TeX fits every drawing into its line."""
CELL = 0.6
"""Width of a cell as part of the size of type: what fonts for code have at most; Sphinx' own has 0.525."""
PAGE_HEIGHT = 560.0
"""Points that a drawing may have in a figure, which cannot be split."""
LEADING = 1.2
SIZE = 9.0

# By the directions in which a line goes from the middle: up, down, left, right.
_LINES = {
    "│": "ud",
    "─": "lr",
    "┌": "dr",
    "┐": "dl",
    "└": "ur",
    "┘": "ul",
    "├": "udr",
    "┤": "udl",
    "┬": "dlr",
    "┴": "ulr",
    "┼": "udlr",
}
_SIGNS = {
    "●": "Node",
    "○": "Source",
    "■": "Sink",
    "□": "Alone",
    "·": "Dot",
    "█": "Full",
    "▌": "Half",
    "…": "Dots",
    "⋮": "VDots",
    "→": "To",
    "×": "Times",
    "\N{MINUS SIGN}": "Minus",
    "μ": "Mu",
    "σ": "Sigma",
    "²": "Two",
    "³": "Three",
}
_ASCII = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    '"': r"\textquotedbl{}",
    # No ligatures.
    **{character: f"{character}{{}}" for character in "-<>,!?"},
    # Nothing that starts an optional argument or a star form.
    **{character: f"{{{character}}}" for character in "[]*"},
}


class keras_ascii_long_figure(nodes.figure):  # noqa: N801 - docutils' way
    """A figure that may be split between pages, because it is longer than one; in LaTeX only."""


def columns_at(size: float) -> int:
    """Return how many columns a line can have in a size of type, in points."""
    return max(20, int(LINE_WIDTH / (CELL * size)))


def columns_of(text: str) -> int:
    """Return the width of a text in cells."""
    return max((sum(map(_cells, line)) for line in text.splitlines()), default=0)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def to_latex(text: str, *, unicode_engine: bool) -> str:
    r"""Write a drawing as macros.

    Args:
        text: The drawing.
        unicode_engine: Whether the engine takes every character (xelatex, lualatex); pdflatex gets those that are
            neither ASCII, Latin-1 letters nor part of drawings as `\u4e2d`.
    """
    if not unicode_engine:
        text = "".join(map(_within_pdflatex, text))
    lines = [f"\\kaLine{{{_line(line)}}}%\n" for line in text.splitlines()]
    return f"\\kaDrawing{{{columns_of(text)}}}{{{len(lines)}}}{{%\n{''.join(lines)}}}\n"


def _within_pdflatex(character: str) -> str:
    if character.isascii() or character in _LINES or character in _SIGNS:
        return character
    if 0xC0 <= ord(character) <= 0xFF:  # letters; × and ÷ are not
        return character if character.isalpha() else "?"
    return character.encode("ascii", "backslashreplace").decode("ascii")


def _line(line: str) -> str:
    pieces: list[str] = []
    at = 0
    while at < len(line):
        character = line[at]
        run = len(line) - at - len(line[at:].lstrip(character)) if character in " ─█" else 1
        pieces.append(f"\\kaSpace{{{run}}}" if character == " " else _character(character) * run)
        at += run
    return "".join(pieces)


def _character(character: str) -> str:
    if character in _LINES:
        return "\\kaLane{" + "".join(f"\\kaGo{way}" for way in _LINES[character]) + "}"
    if character in _SIGNS:
        return f"\\ka{_SIGNS[character]}{{}}"
    if character.isascii():
        return _ASCII.get(character, character)
    if not _cells(character):
        return character  # a mark on the one before
    if 0xC0 <= ord(character) <= 0xFF:
        # Every font has these; and pdflatex, to which they are two bytes each, cannot ask.
        return f"\\kaCell{{1}}{{{character}}}"
    written = character.encode("ascii", "backslashreplace").decode("ascii")
    return f"\\kaOther{{{_cells(character)}}}{{{character}}}{{\\textbackslash{{}}{written[1:]}}}"


def visit_latex(self: LaTeXTranslator, node: keras_ascii_drawing) -> None:
    """Write a drawing; footnotes and captions cannot hold one, and it does not try."""
    engine = self.config.latex_engine
    labels = self.hypertarget_to(node)
    if isinstance(node.parent, captioned_literal_block):
        labels += self.hypertarget_to(node.parent)
        self.body.append(f"\n\\def\\sphinxLiteralBlockLabel{{{labels}}}\\kaTitle\n")
    elif labels:
        self.body.append(f"\n\\phantomsection{labels}%\n")
    self.body.append(to_latex(node.astext(), unicode_engine=engine not in {"pdflatex", "platex"}))
    raise nodes.SkipNode


def visit_long_figure(self: LaTeXTranslator, node: keras_ascii_long_figure) -> None:
    """Write a figure that does not float."""
    # `table` false and `in_minipage` true: captions are then written as \captionof.
    self.in_minipage += 1
    self.body.append("\n\\begingroup\n")
    self.context.append("\n\\endgroup\n")


def depart_long_figure(self: LaTeXTranslator, node: keras_ascii_long_figure) -> None:
    """End it."""
    self.in_minipage -= 1
    self.body.append(self.context.pop())


def height_of(text: str) -> float:
    """Return about how many points high a drawing is on paper."""
    size = min(SIZE, LINE_WIDTH / (CELL * max(columns_of(text), 1)))
    return size * LEADING * len(text.splitlines())


def copy_style(app: Sphinx) -> None:
    """Put the style beside the document."""
    if app.builder.format == "latex":
        source = Path(__file__).with_name(f"{STYLE}.sty")
        target = Path(app.outdir, source.name)
        text = source.read_text(encoding="utf-8")
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
