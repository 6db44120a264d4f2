"""Graphs of real models: how wide, how tangled, and how much of a drawing an edit changes."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from random import Random

import pytest

from keras_ascii_tools.layout import crossings, lay_out, order_rows
from tests.core.layout.gutters import draw
from tests.core.layout.wirings import MODELS, canonical, model

# The fewest lanes of any order, by exhaustive search.
FEWEST_LANES = {
    "convnexttiny": 2,
    "densenet121": 2,
    "efficientnetb0": 3,
    "fpn": 5,
    "inception_module": 4,
    "inceptionresnetv2": 4,
    "inceptionv3": 4,
    "mimo": 3,
    "mobilenetv2": 2,
    "nasnetmobile": 7,
    "nested": 2,
    "resnet50": 2,
    "siamese": 2,
    "siamese_layers": 2,
    "transformer12": 3,
    "transformer2": 3,
    "unet4": 5,
    "vgg16": 1,
    "xception": 2,
}
TANGLED = {"nasnetmobile": 165}


@pytest.mark.parametrize("name", MODELS)
def test_models_take_no_lane_more_than_they_must_and_cross_none(name: str) -> None:
    wiring, _ = canonical(*model(name))
    diagram = lay_out(wiring)
    assert diagram.width == FEWEST_LANES[name]
    assert crossings(diagram) <= TANGLED.get(name, 0)
    assert len(diagram.rows) == len(wiring.inputs)
    assert not any(row.references for row in diagram.rows)


def test_lanes_meet_in_argument_order_where_models_branch() -> None:
    for name in ("resnet50", "mobilenetv2", "inceptionresnetv2", "convnexttiny", "densenet121"):
        wiring, _ = canonical(*model(name))
        rows = lay_out(wiring).rows
        joins = [row for row in rows if len(row.connected) > 1]
        in_order = [row for row in joins if row.connected == wiring.inputs[row.node]]
        assert len(in_order) >= 0.9 * len(joins), name


@pytest.mark.parametrize("name", [name for name in MODELS if name not in TANGLED])
def test_a_layer_put_into_an_edge_changes_three_lines_at_most(name: str) -> None:
    inputs, sources, outputs = model(name)
    names = [str(node) for node in range(len(inputs))]

    def lines(inputs: list[list[int]], names: list[str]) -> list[str]:
        wiring, names = canonical(inputs, sources, outputs, names)
        return draw(wiring, lay_out(wiring), names).split("\n")

    before = lines(inputs, names)
    edges = [(producer, node) for node, used in enumerate(inputs) for producer in used]
    changed: Counter[int] = Counter()
    for producer, node in Random(name).sample(edges, min(len(edges), 12)):
        edited = [*inputs, [producer]]
        edited[node] = [len(inputs) if used == producer else used for used in inputs[node]]
        changed[changed_lines(before, lines(edited, [*names, "new"]))] += 1
    assert set(changed) <= {1, 3}


def test_a_layer_put_into_a_tangled_model_seldom_moves_other_rows() -> None:
    inputs, sources, outputs = model("nasnetmobile")
    before = order_of(inputs, sources, outputs)
    edges = [(producer, node) for node, used in enumerate(inputs) for producer in used]
    moved = 0
    for producer, node in Random(1).sample(edges, 6):
        edited = [*inputs, [producer]]
        edited[node] = [len(inputs) if used == producer else used for used in inputs[node]]
        after = order_of(edited, sources, outputs)
        moved += [name for name in after if name != str(len(inputs))] != before
    assert moved <= 1


def order_of(inputs: list[list[int]], sources: list[int], outputs: list[int]) -> list[str]:
    wiring, names = canonical(inputs, sources, outputs)
    return [names[node] for node in order_rows(wiring)]


def changed_lines(before: list[str], after: list[str]) -> int:
    same = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    return len(before) + len(after) - 2 * same


def test_equal_parts_are_ordered_alike_on_request() -> None:
    wiring, _ = canonical(*model("nasnetmobile"))
    plain = order_rows(wiring, narrow=False)
    assert plain != order_rows(wiring)
    assert lay_out(wiring, order=plain).width > FEWEST_LANES["nasnetmobile"]
