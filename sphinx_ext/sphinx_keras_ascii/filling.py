"""Models -> the content of nodes, for the builder at work. Makes no models."""

from __future__ import annotations

import re
from pathlib import Path
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
from sphinx_keras_ascii.requests import Problem, Request, readable
from sphinx_keras_ascii.settings import diff_options, drawing_options

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
    node += nodes.Text(readable(text))


def fill_drawing(app: Sphinx, node: keras_ascii_drawing, models: Models, page: str, key: str) -> None:
    """Draw a model, or what changed between two, into a node."""
    wanted: dict[str, Any] = node["drawing"]
    requests: tuple[Request, ...] = wanted["requests"]
    name = " and ".join(request.name for request in requests)
    found = [models.find(request) for request in requests]
    for request, model in zip(requests, found, strict=True):
        if model is None or model.load is None:
            text = model.problem.text if model is not None and model.problem is not None else "not made"
            _fill(node, placeholder(_for_readers(f"{request.name}: {text}", request.name)))
            return
    try:
        graphs = [model.graph for model in found if model is not None]
        drawn = _compared(app, graphs, wanted) if len(graphs) > 1 else _drawn(app, graphs[0], wanted)
        _fill(node, str(drawn))
        if app.builder.format == "html":
            node.html = _html(app, drawn, wanted, page, key)
    except Exception as error:  # a build does not end because of one drawing
        text = str(error) if isinstance(error, kat.KerasAsciiError) else f"{type(error).__name__}: {error}"
        subtype = "option" if isinstance(error, kat.OptionError) else "draw"
        warn(Problem(subtype, f"{name}: {text}"), wanted["location"])
        _fill(node, placeholder(f"{name}: {text}"))


def _drawn(app: Sphinx, graph: kat.ModelGraph, wanted: dict[str, Any]) -> kat.Drawing:
    """Draw; on paper, not wider than what can be read in the smallest type."""
    options = drawing_options(app, wanted["options"])
    drawing = kat.draw(graph, options=options)
    if options.profile != "snapshot" and _is_too_wide(app, str(drawing)):
        return kat.draw(graph, options=options, width=columns_at(app.config.keras_ascii_latex_min_size))
    return drawing


def _compared(app: Sphinx, graphs: list[kat.ModelGraph], wanted: dict[str, Any]) -> Any:
    options = diff_options(app, wanted["options"])
    # A file says by its kind how old weights are loaded.
    first: kat.ModelGraph | Path = graphs[0]
    if wanted["requests"][0].kind == "file":
        first = Path(app.srcdir, wanted["requests"][0].target)
    changed = kat.diff(first, graphs[1], options=options)
    if _is_too_wide(app, str(changed)):
        return kat.diff(first, graphs[1], options=options, width=columns_at(app.config.keras_ascii_latex_min_size))
    return changed


def _is_too_wide(app: Sphinx, text: str) -> bool:
    return app.builder.format == "latex" and columns_of(text) > columns_at(app.config.keras_ascii_latex_min_size)


def _html(app: Sphinx, drawn: Any, wanted: dict[str, Any], page: str, key: str) -> str:
    if not isinstance(drawn, kat.Drawing):
        return str(drawn.html(css=False))
    described = wanted["description"] or app.config.keras_ascii_description
    description = wanted["alt"] or (None if described != "none" else "")
    links = links_for(app, drawn.graph, page)
    html = drawn.html(css=False, links=links, key=key, description=description)
    return html + layer_list(drawn.graph, "Layers as a list") if described == "list" else html


def _fill(node: keras_ascii_drawing, text: str) -> None:
    node.rawsource = text
    node += nodes.Text(text)


def _for_readers(text: str, name: str) -> str:
    """A reason as a page may show it: once the name, and no places of this machine."""
    text = text.replace(f"{name}: {name}", name)
    return re.sub(r" \((/|[A-Za-z]:\\)[^()]*:\d+\)", "", text)
