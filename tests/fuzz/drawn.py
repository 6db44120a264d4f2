"""What must hold of every graph that a reader gives, whatever it was made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_ascii_tools.api import draw
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import ModelGraph, all_layers
from keras_ascii_tools.graph.order import _ancestry
from keras_ascii_tools.read.from_drawing import read_drawing
from keras_ascii_tools.read.from_json import read_json
from keras_ascii_tools.read.target import read_bytes

HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def read_and_check(data: bytes) -> None:
    """Read a file: what is refused is refused in one line that can be shown, and what is read can be drawn."""
    try:
        graph = read_bytes(data, "x")
    except SourceError as error:
        message = str(error)
        assert message.isprintable()
        assert len(message) < 1_000
        return
    check_drawings(graph)


def check_drawings(graph: ModelGraph) -> None:
    """Draw a graph in several ways, and read back what can be read back."""
    text = str(draw(graph))
    assert not HIDDEN.search(text)
    assert text == str(draw(graph))
    assert str(draw(graph, charset="ascii", fold="similar", fuse=True, depth=-1, width=80)).isascii()
    snapshot = str(draw(graph, profile="snapshot"))
    assert snapshot.isascii()
    again = read_drawing(snapshot)
    assert read_json(draw(graph).to("json")) == graph
    if not has_twin_ends(graph):
        assert again == graph, graph.conflicts(again)
        assert str(draw(again, profile="snapshot")) == snapshot


def has_twin_ends(graph: ModelGraph) -> bool:
    """Tell whether two calls that nothing uses have the same past: nothing says which of them is first.

    No file of Keras has any: it saves only what leads to an output.
    """
    for part in _graphs(graph):
        used = {ref.node for node in part.nodes for ref in node.inputs if ref is not None}
        used |= {ref.node for ref in part.outputs if ref is not None}
        past = _ancestry(part)
        loose = [past[index] for index in range(len(part.nodes)) if index not in used]
        if len(set(loose)) < len(loose):
            return True
    return False


def _graphs(graph: ModelGraph) -> Iterator[ModelGraph]:
    yield graph
    for layer in all_layers(graph):
        if layer.graph is not None:
            yield from _graphs(layer.graph)
