"""A laid-out row -> the characters of its gutter. Knows no texts."""

from __future__ import annotations

from keras_ascii_tools.glyphs import Charset
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.layout import NODE, Row, Wiring

__all__ = ["gutter", "marker", "wiring_of"]


def wiring_of(graph: ModelGraph) -> Wiring:
    """Return who uses whom, and nothing else of a graph."""
    return Wiring(
        inputs=tuple(tuple(dict.fromkeys(ref.node for ref in node.inputs if ref is not None)) for node in graph.nodes),
        sources=tuple(dict.fromkeys(ref.node for ref in graph.inputs if ref is not None)),
        outputs=tuple(ref.node for ref in graph.outputs if ref is not None),
    )


def gutter(row: Row, charset: Charset, mark: str) -> str:
    """Draw the lanes of one row: lanes at even columns, runs between them, without blanks at the end."""
    characters: list[str] = []
    for column, cell in enumerate(row.cells):
        characters.append(mark if cell & NODE else charset.lines[cell & 15])
        characters.append(charset.lines[12] if row.left <= column < row.right else " ")
    return "".join(characters).rstrip()


def marker(charset: Charset, *, used_lanes: bool, consumers: bool) -> str:
    """Return the character of a node."""
    if used_lanes:
        return charset.node if consumers else charset.sink
    return charset.source if consumers else charset.alone
