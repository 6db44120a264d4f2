"""A drawing before it becomes text of some format: lines of spans, each with a role. Knows no format and no colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Line", "Role", "Section", "Sheet", "Span", "line_of"]


class Role(StrEnum):
    """What a piece of text is; colours and HTML classes follow from it."""

    TEXT = "text"
    HEADER = "header"
    TITLE = "title"
    GUTTER = "gutter"
    NODE = "node"
    GLYPH = "glyph"
    KIND = "kind"
    DEFINING = "defining"
    """The settings that say what a layer is, beside its kind."""
    NAME = "name"
    SHAPE = "shape"
    WEIGHTS = "weights"
    FROZEN = "frozen"
    SHARE = "share"
    MACS = "macs"
    SETTING = "setting"
    NOTE = "note"
    FOLD = "fold"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    DERIVED = "derived"
    """It follows from another change."""
    MOVED = "moved"
    ALERT = "alert"
    """What breaks something."""


class Span(NamedTuple):  # the cheapest frozen thing: a large drawing has hundreds of thousands
    """A piece of one line."""

    text: str
    role: Role = Role.TEXT


class Line(NamedTuple):
    """One line, without its end."""

    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The line as plain text, without blanks at its end."""
        return "".join([span.text for span in self.spans]).rstrip(" ")


@dataclass(frozen=True, slots=True)
class Section:
    """One model's part of a drawing: the model itself, or the body of one of its layers."""

    header: tuple[Line, ...]
    rows: tuple[Line, ...]
    footer: tuple[Line, ...] = ()
    title: str = ""
    """Whose body it is; empty for the model itself."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole drawing."""

    sections: tuple[Section, ...]
    title: str = ""
    """What is drawn, in a few words, for captions and screen readers."""
    description: str = ""
    """The same in a sentence or two, with inputs, outputs and totals."""

    def lines(self) -> Iterable[Line]:
        """Yield every line, sections and their parts separated by an empty one."""
        first = True
        for section in self.sections:
            for part in (section.header, section.rows, section.footer):
                if part and not first:
                    yield Line()
                first = first and not part
                yield from part


def line_of(*pieces: tuple[str, Role]) -> Line:
    """Make a line of texts and their roles."""
    return Line(tuple([Span(text, role) for text, role in pieces if text]))
