"""The order of rows, given or found, for graphs of any shape and size."""

from __future__ import annotations

from random import Random

import pytest

from keras_ascii_tools.errors import GraphError, OptionError
from keras_ascii_tools.layout import Wiring, lay_out, order_rows
from tests.core.layout.wirings import canonical, random_wiring

DIAMOND = Wiring(((), (0,), (0,), (1, 2)), sources=(0,), outputs=(3,))


def test_every_node_stands_below_what_it_uses() -> None:
    random = Random(1)
    for _ in range(80):
        wiring = random_wiring(random, nodes=random.randint(0, 50))
        for narrow in (True, False):
            order = order_rows(wiring, narrow=narrow)
            row_of = {node: row for row, node in enumerate(order)}
            assert sorted(order) == list(range(len(wiring.inputs)))
            assert all(row_of[used] < row_of[node] for node, inputs in enumerate(wiring.inputs) for used in inputs)


def test_a_given_order_is_kept() -> None:
    diagram = lay_out(DIAMOND, order=[0, 1, 2, 3])
    assert [row.node for row in diagram.rows] == [0, 1, 2, 3]
    assert [row.node for row in lay_out(DIAMOND).rows] == [0, 2, 1, 3]


@pytest.mark.parametrize("order", [[0, 1, 3, 2], [0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 3, 3], [0, 1, 2, 4], [-4, 1, 2, 3]])
def test_an_order_that_is_none_is_refused(order: list[int]) -> None:
    with pytest.raises(OptionError, match="expected"):
        lay_out(DIAMOND, order=order)


@pytest.mark.parametrize("max_lanes", [0, -3])
def test_there_is_at_least_one_lane(max_lanes: int) -> None:
    with pytest.raises(OptionError, match="expected 1 or more"):
        lay_out(DIAMOND, max_lanes=max_lanes)


@pytest.mark.parametrize(
    "inputs",
    [((0,),), ((), (2,), ()), ((), (-1,)), ((), (0, 0)), ((), (5,))],
    ids=["self", "later", "-1", "twice", "none"],
)
def test_a_wiring_that_cannot_be_is_refused(inputs: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(GraphError, match="expected"):
        Wiring(inputs)


def test_sources_and_outputs_are_nodes() -> None:
    with pytest.raises(GraphError, match="output 1 is not a node"):
        Wiring(((),), outputs=(1,))
    with pytest.raises(GraphError, match="source -1 is not a node"):
        Wiring(((),), sources=(-1,))


def test_small_graphs_are_almost_always_as_narrow_as_can_be() -> None:
    random = Random(2)
    wirings = [random_wiring(random, nodes=random.randint(4, 11)) for _ in range(150)]
    excess = [lay_out(wiring, max_lanes=99).width - fewest_lanes(wiring) for wiring in wirings]
    assert max(excess) <= 1
    assert sum(excess) <= 5


def fewest_lanes(wiring: Wiring) -> int:
    """By trying every set of nodes that can stand above the others."""
    count = len(wiring.inputs)
    needs = [sum(1 << used for used in inputs) for inputs in wiring.inputs]
    users = [sum(1 << node for node, used in enumerate(wiring.inputs) if producer in used) for producer in range(count)]
    for lanes in range(1, count + 2):
        reached = {0}
        pending = [0]
        while pending:
            above = pending.pop()
            live = sum(1 for node in range(count) if above >> node & 1 and users[node] & ~above)
            for node in range(count):
                more = above | 1 << node
                if more in reached or needs[node] & ~above:
                    continue
                ends_one = any(not users[used] & ~more for used in wiring.inputs[node])
                if live + (not ends_one) <= lanes:
                    reached.add(more)
                    pending.append(more)
        if (1 << count) - 1 in reached:
            return lanes
    raise AssertionError


def test_graphs_without_branches_to_follow_are_drawn_level_by_level() -> None:
    random = Random(3)
    inputs: list[list[int]] = [[] for _ in range(8)]
    for level in range(0, 400, 8):
        inputs += [random.sample(range(level, level + 8), 2) for _ in range(8)]
    wiring, _ = canonical(inputs, range(8), range(400, 408))
    assert lay_out(wiring, max_lanes=99).width <= 12


@pytest.mark.parametrize("most_inputs", [1, 2])
def test_depth_breaks_nothing(most_inputs: int) -> None:
    inputs = [tuple(range(max(0, node - most_inputs), node)) for node in range(20_000)]
    diagram = lay_out(Wiring(tuple(inputs), sources=(0,), outputs=(19_999,)))
    assert [row.node for row in diagram.rows] == list(range(20_000))
    assert diagram.width <= 2


def test_a_hundred_branches() -> None:
    inputs = ((), *((0,) for _ in range(100)), tuple(range(1, 101)))
    wiring = Wiring(inputs, sources=(0,), outputs=(101,))
    whole = lay_out(wiring, max_lanes=200)
    assert whole.width == 100
    assert whole.rows[-1].connected == tuple(range(1, 101))
    capped = lay_out(wiring)
    assert capped.width == 16
    assert len(capped.rows[-1].references) == 84
