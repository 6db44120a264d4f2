"""A drawing -> a fenced block for Markdown. Does not know which Markdown, so it uses what all of them have."""

from __future__ import annotations

import re

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.write.sheet import Sheet
from keras_ascii_tools.write.to_text import to_text

__all__ = ["code_span", "longest_run", "to_markdown"]

_LANGUAGE = re.compile(r"[A-Za-z0-9_+.#-]*")


def to_markdown(sheet: Sheet, *, language: str = "text") -> str:
    """Write a drawing as a fenced block, below its title if it has one.

    Nothing in the drawing is taken for Markdown, for a link, or for a mention of somebody.

    Args:
        sheet: The drawing.
        language: For the highlighter; `text` leaves the drawing as it is, `""` lets the highlighter guess.
    """
    if not _LANGUAGE.fullmatch(language):
        raise OptionError(f"language: expected one word such as 'text', got {language!r}")
    text = to_text(sheet)
    fence = "`" * max(3, longest_run(text) + 1)
    return f"{_title(sheet)}{fence}{language}\n{text}{fence}\n"


def _title(sheet: Sheet) -> str:
    # As code: in bold text alone, `@name` and `#12` notify people and issues on GitHub, and backslashes do not stop it.
    title = visible(sheet.title).strip()
    if not title or _is_drawn(title, sheet):
        return ""
    return f"**{code_span(title)}**\n\n"


def code_span(text: str) -> str:
    """Return a line of text as code, in which nothing means anything to Markdown."""
    ticks = "`" * (longest_run(text) + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{room}{text}{room}{ticks}"


def _is_drawn(title: str, sheet: Sheet) -> bool:
    """Whether the drawing begins with its title."""
    first = next(iter(sheet.lines()), None)
    return first is not None and visible(first.text).strip() == title


def longest_run(text: str) -> int:
    """Return how many backticks stand side by side at most."""
    return max(map(len, re.findall("`+", text)), default=0)
