"""A gutter tells every connection: what is drawn is read back from the characters alone."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.layout import Diagram, Wiring, lay_out
from tests.core.layout.gutters import ASCII, UNICODE, draw, read
from tests.core.layout.wirings import MODELS, canonical, model, random_wiring


@st.composite
def wirings(draw: st.DrawFn) -> Wiring:
    inputs: list[tuple[int, ...]] = []
    for node in range(draw(st.integers(0, 14))):
        producers = st.lists(st.integers(0, node - 1), max_size=4, unique=True) if node else st.just([])
        inputs.append(tuple(draw(producers)))
    nodes = st.lists(st.integers(0, max(0, len(inputs) - 1)), max_size=3 if inputs else 0)
    sources = [node for node in dict.fromkeys(draw(nodes)) if not inputs[node]]
    return Wiring(tuple(inputs), tuple(sources), tuple(draw(nodes)))


def assert_readable(wiring: Wiring, diagram: Diagram) -> None:
    assert sorted(row.node for row in diagram.rows) == list(range(len(wiring.inputs)))
    for charset in (UNICODE, ASCII):
        rows = read(draw(wiring, diagram, charset=charset), charset) if diagram.rows else []
        for row, used in zip(diagram.rows, rows, strict=True):
            connected = tuple(diagram.rows[number].node for number in used)
            assert connected == row.connected
            assert sorted(connected + row.references) == sorted(wiring.inputs[row.node])


@settings(max_examples=150, deadline=None)
@given(wiring=wirings(), max_lanes=st.sampled_from([1, 2, 3, 4, 5, 16]))
def test_every_connection_is_read_back(wiring: Wiring, max_lanes: int) -> None:
    diagram = lay_out(wiring, max_lanes=max_lanes)
    assert diagram.width <= max(2, max_lanes)
    assert_readable(wiring, diagram)
    assert_readable(wiring, lay_out(wiring, max_lanes=max_lanes, order=range(len(wiring.inputs))))


@pytest.mark.parametrize("seed", range(4))
def test_larger_graphs_are_read_back(seed: int) -> None:
    random = Random(seed)
    for _ in range(60):
        wiring = random_wiring(random, nodes=random.randint(5, 40), most_inputs=random.choice((1, 2, 3, 6)))
        for max_lanes in (16, random.randint(1, 5)):
            assert_readable(wiring, lay_out(wiring, max_lanes=max_lanes))


@pytest.mark.parametrize("name", MODELS)
def test_models_are_read_back(name: str) -> None:
    wiring, _ = canonical(*model(name))
    for max_lanes in (16, 3):
        assert_readable(wiring, lay_out(wiring, max_lanes=max_lanes))


@pytest.mark.parametrize(
    "gutter", ["○\n│", "│\n●", "○\n│\n○", "○\n●─│", "○ ○", "○─●", "○\n├─●\n│ ●\n● ┘", "○\n├─●\n●─┤", "○\n│ ○\n●─├"]
)
def test_the_reader_refuses_what_no_layout_draws(gutter: str) -> None:
    with pytest.raises(AssertionError):
        read(gutter)
