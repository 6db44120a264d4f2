"""The snapshot profile is lossless: every graph, drawn and read back, is the graph that was drawn."""

from __future__ import annotations

from hypothesis import given, settings

from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.from_drawing import read_drawing
from keras_ascii_tools.write.to_snapshot import snapshot
from keras_ascii_tools.write.to_text import to_text
from tests.core.graphs import model_graphs


def drawn(graph: ModelGraph) -> str:
    return to_text(snapshot(graph))


@settings(max_examples=300, deadline=None)
@given(model_graphs())
def test_a_drawing_reads_back_as_the_graph(graph: ModelGraph) -> None:
    again = read_drawing(drawn(graph))
    assert again.conflicts(graph) == ()
    assert again == graph


@settings(max_examples=150, deadline=None)
@given(model_graphs())
def test_a_drawing_of_what_was_read_is_the_same_text(graph: ModelGraph) -> None:
    text = drawn(graph)
    assert drawn(read_drawing(text)) == text


@settings(max_examples=150, deadline=None)
@given(model_graphs())
def test_a_drawing_is_ascii_and_ends_its_lines_without_blanks(graph: ModelGraph) -> None:
    text = drawn(graph)
    assert text.isascii()
    assert "\t" not in text
    assert "\r" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))


@settings(max_examples=100, deadline=None)
@given(model_graphs())
def test_other_line_ends_and_a_byte_order_mark_are_read(graph: ModelGraph) -> None:
    assert read_drawing("\ufeff" + drawn(graph).replace("\n", "\r\n")) == graph
