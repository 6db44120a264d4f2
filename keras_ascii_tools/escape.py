"""Make every character of a text visible. Knows characters only, not where the text goes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["visible"]

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Printable for Python and yet drawn as nothing: fillers, joiners, variation selectors ("default ignorable" in Unicode).
_IGNORABLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0000, 0xE0FFF),
)

_MAX_MARKS = 3
"""Combining marks on one character: no language stacks more, and a pile of them covers the rows above and below."""


# ASCII and what drawings are made of: nothing in such a text is hidden, and to see that is quick.
_HARMLESS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("│├┤┼└┘┴┌┐┬─●○■□·×→…▌█μσ")


@lru_cache(maxsize=4096)  # a drawing has the same few texts on most of its rows
def visible(text: str) -> str:
    r"""Return the text with everything that moves, hides or reorders text written out: `\n`, `\x1b`, `\u202e`.

    That is controls, bidi and zero-width characters, line separators, surrogates, private use, unassigned code points,
    blanks other than the ordinary one, and combining marks that have nothing to stand on.

    A backslash stays as it is, so that a text which has gone through here stays the same. The result is for eyes; it
    cannot be read back.
    """
    if _HARMLESS.issuperset(text):
        return text
    shown: list[str] = []
    marks = _MAX_MARKS
    for character in text:
        if unicodedata.category(character) in {"Mn", "Me"}:
            marks += 1
            hidden = marks > _MAX_MARKS or _is_ignorable(character)
        else:
            hidden = not character.isprintable() or _is_ignorable(character)
            marks = _MAX_MARKS if character == " " or hidden else 0
        shown.append(_escaped(character) if hidden else character)
    return "".join(shown)


def _is_ignorable(character: str) -> bool:
    code = ord(character)
    return code > 0xFF and any(first <= code <= last for first, last in _IGNORABLE)


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
