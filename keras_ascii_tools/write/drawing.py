"""A drawing as a value: what was drawn, how, and its text in every format."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keras_ascii_tools.collector import no_search_for_cycles
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

    @property
    def title(self) -> str:
        """What is drawn, in a few words: `unet (Functional)  image 128 128 3 → mask 128 128 1`."""
        return self.sheet.title

    @property
    def description(self) -> str:
        """The same in a sentence or two, with inputs, outputs and totals, for those who cannot see it."""
        return self.sheet.description

    def html(
        self,
        *,
        css: bool = True,
        links: Mapping[str, str] | None = None,
        key: str = "",
        description: str | None = None,
    ) -> str:
        """Return the drawing as one `<figure>`, for HTML and XHTML.

        Args:
            css: Bring the style sheet along; without it, the page has to have `Drawing.css()`.
            links: Addresses of pages about kinds of layers, by class name: the kinds become links.
            key: Something that no other drawing of the page has, if two of them may look the same.
            description: Words in place of `description`; empty for none.
        """
        from keras_ascii_tools.write.to_html import to_html

        return to_html(self.sheet, standalone_css=css, links=links, key=key, description=description)

    @staticmethod
    def css() -> str:
        """Return the style sheet for a page; every rule is about `.keras-ascii` and what is in it."""
        from keras_ascii_tools.write.diff.to_html import DIFF_CSS
        from keras_ascii_tools.write.to_html import CSS

        return CSS + DIFF_CSS

    def _repr_html_(self) -> str:
        return FORMATS["html"](self)

    def __rich__(self) -> Any:
        # Only rich calls this, so rich is there.
        return importlib.import_module("rich.text").Text.from_ansi(to_text(self.sheet, color=True))


def _html(drawing: Drawing) -> str:
    return drawing.html()


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
    with no_search_for_cycles():
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
