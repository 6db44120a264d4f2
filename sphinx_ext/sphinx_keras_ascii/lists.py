"""A model -> its layers as a list in HTML, for those to whom a drawing says nothing. Knows no Sphinx."""

from __future__ import annotations

from html import escape

import keras_ascii_tools as kat
from sphinx_keras_ascii.facts import number, shape
from sphinx_keras_ascii.requests import readable

__all__ = ["layer_list"]


def layer_list(graph: kat.ModelGraph, summary: str) -> str:
    """Return what can be opened to read, call by call: which layer, from where, what comes out, how many weights."""
    return f'<details class="ka-list">\n<summary>{escape(summary)}</summary>\n{_items(graph, set())}</details>\n'


def _items(graph: kat.ModelGraph, told: set[int]) -> str:
    numbers = _numbers(graph)
    items: list[str] = []
    for index, node in enumerate(graph.nodes):
        if node.implied and node.inputs:
            continue
        layer = node.layer
        body = ""
        words = [escape(readable(" ".join(filter(None, (layer.kind, layer.given_name)))))]
        sources = ["unknown" if ref is None else str(numbers[ref.node]) for ref in node.inputs]
        if sources:
            words.append(f"from {' and '.join(sources)}")
        words.append(f"to {' and '.join(shape(spec.shape) for spec in node.outputs)}")
        if layer.id in told:
            words.append("as before")
        elif layer.params != 0:
            words.append(f"{number(layer.params)} weights")
        if layer.graph is not None and layer.id not in told:
            body = f"\n{_items(layer.graph, told)}"
        told.add(layer.id)
        items.append(f'<li value="{numbers[index]}">{", ".join(words)}{body}</li>\n')
    return f"<ol>\n{''.join(items)}</ol>\n"


def _numbers(graph: kat.ModelGraph) -> list[int]:
    """Number of each node in the list, from 1; what Keras inserted by itself has its source's."""
    numbers: list[int] = []
    listed = 0
    for node in graph.nodes:
        source = next((ref for ref in node.inputs if ref is not None), None)
        if node.implied and source is not None:
            numbers.append(numbers[source.node])
        else:
            listed += 1
            numbers.append(listed)
    return numbers
