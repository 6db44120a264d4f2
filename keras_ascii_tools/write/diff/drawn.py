"""What changed, as a value that shows itself: the data of the diff, and its text in every format."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from keras_ascii_tools.diff import Finding, ModelDiff
from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.write.diff.sheet import sheet_of
from keras_ascii_tools.write.sheet import Sheet
from keras_ascii_tools.write.to_text import to_text

__all__ = ["FORMATS", "DrawnDiff", "draw_diff"]


@dataclass(frozen=True, kw_only=True)
class DrawnDiff(ModelDiff):
    """What changed between two models. `str()` is its text; notebooks and rich show it in colour."""

    options: DiffOptions = field(default_factory=DiffOptions)
    """What of it is shown, and how."""
    accepted: tuple[tuple[Finding, str], ...] = ()
    """Findings that somebody has accepted, and why."""

    @cached_property
    def sheet(self) -> Sheet:
        """What is shown, as lines of spans, for writers of other formats."""
        return sheet_of(self, self.options, accepted=self.accepted)

    def __str__(self) -> str:
        return to_text(self.sheet, color=self.options.color).removesuffix("\n")

    def to(self, format: str) -> str:
        """Return it in a format: one of `FORMATS`. Ends with a line end, where there is anything to say."""
        if format not in FORMATS:
            raise OptionError(f"format: expected one of {', '.join(FORMATS)}, got {format!r}")
        return FORMATS[format](self)

    def html(self, *, css: bool = True) -> str:
        """Return what changed as one `<figure>`; without `css`, the page has to have `Drawing.css()`."""
        from keras_ascii_tools.write.diff.to_html import to_html

        return to_html(self.sheet, standalone_css=css)

    def _repr_html_(self) -> str:
        return FORMATS["html"](self)

    def __rich__(self) -> Any:
        # Only rich calls this, so rich is there.
        return importlib.import_module("rich.text").Text.from_ansi(to_text(self.sheet, color=True))


def draw_diff(diff: ModelDiff, options: DiffOptions) -> DrawnDiff:
    """Give what changed a text."""
    return DrawnDiff(**{item.name: getattr(diff, item.name) for item in fields(ModelDiff)}, options=options)


def _text(diff: DrawnDiff) -> str:
    return to_text(diff.sheet, color=diff.options.color)


def _markdown(diff: DrawnDiff) -> str:
    from keras_ascii_tools.write.diff.to_markdown import to_markdown

    return to_markdown(diff, diff.options, accepted=diff.accepted)


def _html(diff: DrawnDiff) -> str:
    return diff.html()


def _json(diff: DrawnDiff) -> str:
    from keras_ascii_tools.write.diff.to_json import to_json

    return to_json(diff, accepted=diff.accepted)


def _github(diff: DrawnDiff) -> str:
    from keras_ascii_tools.write.diff.to_github import to_github

    return to_github(diff, diff.options)


# Each writer is imported when it is used.
FORMATS: dict[str, Callable[[DrawnDiff], str]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
    "json": _json,
    "github": _github,
}
"""Output formats by name."""
