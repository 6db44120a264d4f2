"""Small graphs, and what they look like."""

from __future__ import annotations

from keras_ascii_tools.layout import Wiring, lay_out


def test_a_lane_ends_in_the_node_that_uses_it_last() -> None:
    diagram = lay_out(Wiring(((), (0,), (0, 1)), sources=(0,), outputs=(2,)))
    assert [row.column for row in diagram.rows] == [0, 1, 0]
    assert [row.connected for row in diagram.rows] == [(), (0,), (0, 1)]
