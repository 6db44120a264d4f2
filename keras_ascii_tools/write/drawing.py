"""A drawing as a value: what was drawn, how, and its text in every format."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.write.sheet import Sheet
from keras_ascii_tools.write.to_text import to_text

__all__ = ["FORMATS", "Drawing", "draw_graph"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing. `str()` is its text; notebooks and rich show it in colour."""

    graph: ModelGraph
    """What is drawn, all of it."""
    options: DrawOptions
    sheet: Sheet
    """The drawing as lines of spans, for writers of other formats."""

    def __str__(self) -> str:
        return to_text(self.sheet, color=self.options.color).removesuffix("\n")

    def to(self, format: str) -> str:
        """Return the drawing in a format: one of `FORMATS`. Ends with a line end."""
        if format not in FORMATS:
            raise OptionError(f"format: expected one of {', '.join(FORMATS)}, got {format!r}")
        return FORMATS[format](self)

    def _repr_html_(self) -> str:
        return FORMATS["html"](self)

    def __rich__(self) -> Any:
        # Only rich calls this, so rich is there.
        return importlib.import_module("rich.text").Text.from_ansi(to_text(self.sheet, color=True))


def _html(drawing: Drawing) -> str:
    from keras_ascii_tools.write.to_html import to_html

    return to_html(drawing.sheet)


def _json(drawing: Drawing) -> str:
    from keras_ascii_tools.write.to_json import to_json

    return to_json(drawing.graph)


def _markdown(drawing: Drawing) -> str:
    from keras_ascii_tools.write.to_markdown import to_markdown

    return to_markdown(drawing.sheet)


def _svg(drawing: Drawing) -> str:
    from keras_ascii_tools.write.to_svg import to_svg

    return to_svg(drawing.sheet)


def _text(drawing: Drawing) -> str:
    return to_text(drawing.sheet, color=drawing.options.color)


# Each writer is imported when it is used: the command draws text in milliseconds.
FORMATS: dict[str, Callable[[Drawing], str]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
    "svg": _svg,
    "json": _json,
}
"""Output formats by name."""


def draw_graph(graph: ModelGraph, options: DrawOptions, *, defaults: str = "") -> Drawing:
    """Draw a graph; `defaults` names the table of default settings that the reader left out."""
    return Drawing(graph, options, _sheet(graph, options, defaults))


def _sheet(graph: ModelGraph, options: DrawOptions, defaults: str) -> Sheet:
    if options.profile == "snapshot":
        from keras_ascii_tools.write.to_snapshot import snapshot

        return snapshot(graph, defaults=defaults)
    if options.style == "classic":
        from keras_ascii_tools.write.to_classic import draw_classic

        return draw_classic(graph, options)
    from keras_ascii_tools.write.to_rows import draw_rows

    return draw_rows(graph, options)
