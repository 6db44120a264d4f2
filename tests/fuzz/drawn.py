"""What must hold of every graph that a reader gives, whatever it was made of."""

from __future__ import annotations

import re

from keras_ascii_tools.api import draw
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.from_drawing import read_drawing
from keras_ascii_tools.read.from_json import read_json

HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def check_drawings(graph: ModelGraph) -> None:
    """Draw a graph in several ways, and read back what can be read back."""
    text = str(draw(graph))
    assert not HIDDEN.search(text)
    assert text == str(draw(graph))
    assert str(draw(graph, charset="ascii", fold="similar", fuse=True, depth=-1, width=80)).isascii()
    snapshot = str(draw(graph, profile="snapshot"))
    assert snapshot.isascii()
    again = read_drawing(snapshot)
    assert again == graph, graph.conflicts(again)
    assert str(draw(again, profile="snapshot")) == snapshot
    assert read_json(draw(graph).to("json")) == graph
