"""The text of a drawing -> its sections: headers and rows with line numbers. Knows no rows' inside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from keras_ascii_tools.errors import DrawingError
from keras_ascii_tools.notation.fields import VERSION
from keras_ascii_tools.notation.values import parse_value
from keras_ascii_tools.notation.words import STRING, parse_string

__all__ = ["MAX_CHARACTERS", "SectionText", "sections_of", "title_of"]

MAX_CHARACTERS = 64 * 1024 * 1024
"""More is not read: the drawing of a 100,000-layer model has a sixth of it."""


@dataclass(slots=True)
class SectionText:
    """One section as text."""

    line: int
    """Number of its first line, from 1."""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    rows: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Line number and text."""
    notes: tuple[str, ...] = ()


def sections_of(text: str) -> list[SectionText]:
    """Split a drawing. Raises DrawingError for a text that is none."""
    if len(text) > MAX_CHARACTERS:
        raise DrawingError(f"a drawing of {len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
    lines = text.removeprefix("\ufeff").split("\n")
    _check_version(lines[0].rstrip("\r "))
    sections = [SectionText(1)]
    for number, raw in enumerate(lines[1:], 2):
        line = raw.rstrip("\r ")
        _check_line(line, number)
        if line.startswith("#"):
            if line.startswith("# body:"):
                sections.append(SectionText(number))
            _header(sections[-1], line, number)
        elif line:
            sections[-1].rows.append((number, line))
    return sections


def _check_version(first: str) -> None:
    match = re.fullmatch(r"# keras-ascii (\d{1,6})", first)
    if match is None:
        raise DrawingError(
            f"line 1: expected '# keras-ascii {VERSION}', got {first[:40]!r}; "
            "only drawings in the snapshot profile can be read"
        )
    if int(match[1]) > VERSION:
        raise DrawingError(
            f"line 1: notation version {match[1]} is newer than {VERSION}, the last that this release reads; update it"
        )


def _check_line(line: str, number: int) -> None:
    if "\t" in line:
        raise DrawingError(f"line {number}: a tab; expected blanks, as they were written")
    if re.match(r"(<{7}|>{7}|={7}|\|{7})( |$)", line):
        raise DrawingError(f"line {number}: a merge-conflict marker; resolve the conflict, or draw the model again")


def _header(section: SectionText, line: str, number: int) -> None:
    key, colon, text = line.removeprefix("#").strip().partition(":")
    if not colon:
        raise DrawingError(f"line {number}: expected '# key: text', got {line[:40]!r}")
    text = text.strip()
    if key == "note":
        try:
            section.notes += (str(parse_value(text)),)
        except ValueError:
            section.notes += (text,)
    else:
        section.headers.setdefault(key, text)


_TITLE = re.compile(rf"(?:(?P<name>{STRING}|[^\s\"()]+) )?\((?P<kind>.+)\)")


def title_of(text: str, line: int) -> tuple[str | None, str]:
    """Read `name (kind)`: the given name, if there is one, and the label of the kind."""
    match = _TITLE.fullmatch(text)
    if match is None:
        raise DrawingError(f"line {line}: expected 'name (class)' or '(class)', got {text[:60]!r}")
    name = match["name"]
    try:
        return parse_string(name) if name and name.startswith('"') else name, match["kind"]
    except ValueError as error:
        raise DrawingError(f"line {line}: {error}") from error
