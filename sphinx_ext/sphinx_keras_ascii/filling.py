"""Models -> the content of nodes, for the builder at work. Makes no models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes

import keras_ascii_tools as kat
from sphinx_keras_ascii.directive import placeholder
from sphinx_keras_ascii.facts import FACTS
from sphinx_keras_ascii.latex import columns_at, columns_of
from sphinx_keras_ascii.links import links_for
from sphinx_keras_ascii.lists import layer_list
from sphinx_keras_ascii.models import Model, Models, warn
from sphinx_keras_ascii.nodes import keras_ascii_drawing, keras_ascii_value
from sphinx_keras_ascii.requests import Problem
from sphinx_keras_ascii.settings import drawing_options

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["fill_drawing", "fill_value"]


def fill_value(node: keras_ascii_value, model: Model | None) -> None:
    """Put a fact into the text, or what there is instead."""
    wanted = node.attributes.pop("fact")
    text = f"[{wanted['request'].name}|{wanted['fact']}]"
    if model is not None and model.load is not None:
        try:
            text = FACTS[wanted["fact"]](model.graph)
        except kat.KerasAsciiError as error:
            warn(Problem("cache", f"{wanted['request'].name}: {error}"), wanted["location"])
    node += nodes.Text(text)


def fill_drawing(app: Sphinx, node: keras_ascii_drawing, models: Models, page: str, key: str) -> None:
    """Draw a model into a node."""
    wanted: dict[str, Any] = node["drawing"]
    model = models.find(wanted["shown"])
    if model is None or model.load is None:
        problem = model.problem if model is not None and model.problem is not None else Problem("", "not made")
        _fill(node, placeholder(_for_readers(f"{wanted['shown'].name}: {problem.text}", wanted["shown"].name)))
        return
    try:
        drawing = _drawn(app, model.graph, wanted["options"])
        _fill(node, str(drawing))
        if app.builder.format == "html":
            node.html = _html(app, drawing, wanted, page, key)
    except Exception as error:  # a build does not end because of one drawing
        text = str(error) if isinstance(error, kat.KerasAsciiError) else f"{type(error).__name__}: {error}"
        subtype = "option" if isinstance(error, kat.OptionError) else "draw"
        warn(Problem(subtype, f"{wanted['shown'].name}: {text}"), wanted["location"])
        _fill(node, placeholder(f"{wanted['shown'].name}: {text}"))


def _drawn(app: Sphinx, graph: kat.ModelGraph, given: dict[str, Any]) -> kat.Drawing:
    """Draw; on paper, not wider than what can be read in the smallest type."""
    options = drawing_options(app, given)
    drawing = kat.draw(graph, options=options)
    if app.builder.format == "latex":
        most = columns_at(app.config.keras_ascii_latex_min_size)
        if columns_of(str(drawing)) > most and options.profile != "snapshot":
            return kat.draw(graph, options=options, width=most)
    return drawing


def _html(app: Sphinx, drawing: kat.Drawing, wanted: dict[str, Any], page: str, key: str) -> str:
    described = wanted["description"] or app.config.keras_ascii_description
    description = wanted["alt"] or (None if described != "none" else "")
    links = links_for(app, drawing.graph, page)
    html = drawing.html(css=False, links=links, key=key, description=description)
    return html + layer_list(drawing.graph, "Layers as a list") if described == "list" else html


def _fill(node: keras_ascii_drawing, text: str) -> None:
    node.rawsource = text
    node += nodes.Text(text)


def _for_readers(text: str, name: str) -> str:
    """A reason as a page may show it: once the name, and no places of this machine."""
    text = text.replace(f"{name}: {name}", name)
    return re.sub(r" \((/|[A-Za-z]:\\)[^()]*:\d+\)", "", text)
