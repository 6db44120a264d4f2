"""The nodes of drawings and values, and their way into HTML. Derived from what every builder knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

__all__ = ["depart_html", "keras_ascii_drawing", "keras_ascii_value", "visit_html"]


class keras_ascii_drawing(nodes.literal_block):  # noqa: N801 - docutils' way
    """A drawing: empty while pages are read, filled when they are written.

    Writers that know nothing of it write it as the literal block that it is.
    """

    tagname = "literal_block"
    html: str | None = None
    """What it is in HTML; without it, the literal block."""
    columns: int = 0
    """Its width, for writers on paper."""


class keras_ascii_value(nodes.inline):  # noqa: N801 - docutils' way
    """A number or a name in the text, filled as drawings are."""

    tagname = "inline"


def visit_html(self: HTML5Translator, node: keras_ascii_drawing) -> None:
    """Write a figure of its own kind; the theme's rules and scripts for code are not for it."""
    if node.html is None:
        self.visit_literal_block(node)
        return
    start: str = self.starttag(node, "div", "", CLASS="keras-ascii-block notranslate")  # pyright: ignore[reportUnknownMemberType]
    self.body.append(start)
    self.body.append(node.html)
    self.body.append("</div>\n")
    raise nodes.SkipNode


def depart_html(self: Any, node: keras_ascii_drawing) -> None:
    """End what was begun as a literal block."""
    self.depart_literal_block(node)
