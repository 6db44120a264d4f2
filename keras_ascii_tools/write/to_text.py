"""A drawing -> plain text, or text with colours for a terminal. Does not know whether there is a terminal."""

from __future__ import annotations

from keras_ascii_tools.escape import visible
from keras_ascii_tools.write.sheet import Role, Sheet, Span
from keras_ascii_tools.write.spans import clean_lines

__all__ = ["to_text"]

# Select Graphic Rendition, by what a text means. Only what reads well on dark and on light: no yellow, white or bright
# black, no plain blue (bold blue is what `ls` uses), nothing for which the background would have to be known.
_STYLES: dict[Role, str] = {
    Role.TITLE: "1",
    Role.HEADER: "2",
    Role.GUTTER: "2",
    Role.NODE: "1",
    Role.GLYPH: "36",
    Role.KIND: "1",
    Role.NAME: "32",
    Role.SHAPE: "36",
    Role.FROZEN: "1;34",
    Role.SHARE: "2",
    Role.MACS: "2",
    Role.FOLD: "35",
    Role.NOTE: "35",
    Role.ADDED: "32",
    Role.REMOVED: "31",
    Role.CHANGED: "35",
    Role.DERIVED: "2",
    Role.MOVED: "36",
    Role.ALERT: "1;31",
}

_END = "\x1b[0m"


def to_text(sheet: Sheet, *, color: bool = False) -> str:
    r"""Write a drawing as lines that end with `\n` and not with blanks.

    Args:
        sheet: The drawing.
        color: Use the terminal's own 16 colours; each line ends as it began, without any.
    """
    if not color:
        return "".join([f"{visible(line.text)}\n" for line in sheet.lines()])
    return "".join([f"{_colored(spans)}\n" for spans in clean_lines(sheet.lines())])


def _colored(spans: tuple[Span, ...]) -> str:
    return "".join(map(_styled, spans))


def _styled(span: Span) -> str:
    style = _STYLES.get(span.role)
    if style is None or not span.text.strip(" "):
        return span.text
    return f"\x1b[{style}m{span.text}{_END}"
