"""Figures around drawings, made fit for builders that treat figures in ways of their own. Draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_keras_ascii.latex import PAGE_HEIGHT, height_of, keras_ascii_long_figure
from sphinx_keras_ascii.nodes import keras_ascii_drawing

if TYPE_CHECKING:
    from sphinx.builders import Builder

__all__ = ["suit_figures"]


def suit_figures(doctree: nodes.document, builder: Builder) -> None:
    """Change the figures of a page that is about to be written."""
    suit = {"latex": _for_latex, "man": _for_man}.get(builder.name)
    if suit is None:
        return
    for figure in list(doctree.findall(nodes.figure)):
        drawing = figure.next_node(keras_ascii_drawing)
        if drawing is not None:
            suit(figure, drawing)


def _for_latex(figure: nodes.figure, drawing: keras_ascii_drawing) -> None:
    """Text does not flow around drawings, and one that is longer than a page cannot float."""
    figure.attributes.pop("align", None)
    if height_of(drawing.astext()) > PAGE_HEIGHT:
        figure.replace_self(keras_ascii_long_figure("", *figure.children, **figure.attributes))


def _for_man(figure: nodes.figure, drawing: keras_ascii_drawing) -> None:
    """The writer leaves no line between a caption and the macro that follows: the caption becomes a paragraph above."""
    caption = figure.next_node(nodes.caption)
    words = caption.children if caption is not None else []
    figure.replace_self([nodes.paragraph("", "", *words, ids=figure["ids"]), drawing])
