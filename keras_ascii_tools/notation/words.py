"""Words and quoted strings: what a person named, written so that it can be read back. ASCII only."""

from __future__ import annotations

import json
import re

__all__ = ["BARE", "NAME", "STRING", "format_name", "format_word", "parse_string", "quote"]

STRING = r'"(?:[^"\\\x00-\x1f]|\\.)*"'
"""Pattern of a quoted string."""
BARE = r"[A-Za-z_][A-Za-z0-9_./>-]*"
"""Pattern of a value that needs no quotes."""

NAME = r"[A-Za-z_][A-Za-z0-9_./:-]*"
"""Pattern of a name that needs no quotes."""

_NAME = re.compile(NAME)
_WORD = re.compile(BARE)
_NOT_NAMES = frozenset({"unknown", "none"})


def quote(text: str) -> str:
    """Quote as in JSON, with every character outside ASCII and the second of two blanks escaped."""
    quoted = json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")
    while "  " in quoted:
        quoted = quoted.replace("  ", " \\u0020")
    return quoted


def parse_string(text: str) -> str:
    """Undo `quote`. Raises ValueError for a text that is not a quoted string."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise ValueError(f"not a quoted string: {text[:60]}")
    return value


def format_name(name: str, *, dots: bool = True) -> str:
    """Write a name as a word, or quoted where it is none; without `dots`, also where it has one."""
    plain = _NAME.fullmatch(name) and name not in _NOT_NAMES and (dots or "." not in name)
    return name if plain else quote(name)


def format_word(text: str, reserved: frozenset[str] = frozenset()) -> str:
    """Write a text bare, or quoted where it is not a bare word or is reserved."""
    return text if _WORD.fullmatch(text) and text not in reserved else quote(text)
