"""How many columns of a terminal a text takes. Knows nothing but characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["clip", "display_width", "pad"]


@lru_cache(maxsize=4096)  # a drawing has the same few texts on most of its rows
def display_width(text: str) -> int:
    """Return the number of columns; ambiguous characters count as one, as in western terminals."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill up to a width with blanks, behind the text or, with `right`, before it; a wider text stays as it is."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def clip(text: str, width: int, ellipsis: str = "...") -> str:
    """Cut to at most `width` columns, with an ellipsis where something was cut."""
    if display_width(text) <= width:
        return text
    room = width - display_width(ellipsis)
    if room <= 0:
        return ellipsis[: max(width, 0)]
    kept: list[str] = []
    used = 0
    for character in text:
        used += _columns(character)
        if used > room:
            break
        kept.append(character)
    return "".join(kept) + ellipsis
