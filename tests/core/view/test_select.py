"""A part of a model, and what is known of the rest."""

from __future__ import annotations

import pytest

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.graph import ModelGraph, TensorRef
from keras_ascii_tools.view import View, fold, hide_plumbing, select, select_range
from tests.core.view.builders import Model, chain, kinds, load, residual_chain, rows, uses


def named() -> ModelGraph:
    model = Model()
    x = model.input("image")
    for name in ("conv1", "conv2", "pool"):
        x = model.add("Conv2D" if name != "pool" else "MaxPooling2D", x, name=name)
    x = model.op("Relu", x)
    return model.graph(model.add("Dense", x, name="head"))


def shown(view: View) -> list[str]:
    return [node.layer.name or node.layer.kind for node in view.graph.nodes]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["conv*"], ["conv1", "conv2"]),
        (["Conv2D", "head"], ["conv1", "conv2", "head"]),
        (["conv[2-9]"], ["conv2"]),
        (["conv2..head"], ["conv2", "pool", "Relu", "head"]),
        (["head..conv2"], ["conv2", "pool", "Relu", "head"]),
        (["conv*..pool"], ["conv1", "conv2", "pool"]),
        (["..conv1", "head.."], ["image", "conv1", "head"]),
        (["Relu"], ["Relu"]),
        (["pool..Relu"], ["pool", "Relu"]),
    ],
)
def test_layers_are_chosen_by_name_kind_or_range(patterns: list[str], expected: list[str]) -> None:
    view = select(named(), patterns)
    assert shown(view) == expected
    assert view.left_out == 6 - len(expected)


def test_what_was_cut_is_remembered() -> None:
    view = select(named(), ["conv2", "head"])
    assert uses(view.graph) == [[None], [None]]
    assert [(cut.node, cut.position, cut.source) for cut in view.cuts] == [(0, 0, TensorRef(1)), (1, 0, TensorRef(4))]
    assert (view.graph.inputs, view.graph.outputs) == ((None,), (TensorRef(1),))
    assert [layer.name for layer in view.graph.layers] == ["conv2", "head"]


def test_a_choice_within_a_choice() -> None:
    view = select(select(named(), ["conv*", "pool"]), ["conv2", "pool"])
    assert [cut.source for cut in view.cuts] == [TensorRef(1)]
    assert (shown(view), view.left_out) == (["conv2", "pool"], 4)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (("conv1", "conv2"), ["conv1", "conv2"]),
        (("conv", "conv"), ["conv1", "conv2"]),
        (("pool", "conv1"), ["conv1", "conv2", "pool"]),
        ((".*2$", "hea"), ["conv2", "pool", "Relu", "head"]),
    ],
)
def test_a_range_is_that_of_keras_summary(ends: tuple[str, str], expected: list[str]) -> None:
    assert shown(select_range(named(), *ends)) == expected


def test_what_matches_nothing_is_refused_with_advice() -> None:
    graph = named()
    with pytest.raises(OptionError, match="layers: 'cnv1' matches none of the model's 6 layers; did you mean 'conv1'"):
        select(graph, ["cnv1"])
    with pytest.raises(OptionError, match=r"layers: 'conv1\.\.zzz': 'zzz' matches none .*; have 'image', 'InputLayer'"):
        select(graph, ["conv1..zzz"])
    with pytest.raises(OptionError, match="layer_range: 'conv9' matches none"):
        select_range(graph, "conv1", "conv9")
    with pytest.raises(OptionError, match="is not a regular expression"):
        select_range(graph, "conv(", "pool")


def test_layers_without_names_are_found_by_kind() -> None:
    graph = chain(["Dense", "ReLU", "Dense"])
    assert kinds(select(graph, ["Dense"]).graph) == "Dense Dense"
    with pytest.raises(OptionError, match=r"have 'InputLayer', 'Dense', 'ReLU'$"):
        select_range(graph, "x", "y")


def test_a_choice_folds_and_cut_inputs_keep_copies_apart() -> None:
    graph = residual_chain(41)
    view = select(graph, ["Conv2D", "BatchNormalization", "ReLU"])
    folded = fold(view, rows(view.graph))
    assert folded.folds == ()
    assert (folded.stands_for, folded.left_out) == (30, 11)
    assert len(folded.cuts) == 10


def test_plumbing_is_counted_apart() -> None:
    model = Model()
    x = model.input()
    mask = model.add("NotEqual", x, implied=True)
    graph = model.graph(model.add("ReLU", model.add("Dense", x), mask))
    view = hide_plumbing(graph)
    assert kinds(view.graph) == "InputLayer Dense ReLU"
    assert (view.stands_for, view.plumbing, view.left_out) == (3, 1, 0)
    view = select(view, ["ReLU"])
    assert (view.stands_for, view.plumbing, view.left_out) == (1, 1, 2)
    assert view.copies == (((3,),),)


def test_a_part_of_a_real_model() -> None:
    view = select_range(load("resnet50"), "conv2_block1", "conv2_block3")
    assert (len(view.graph.nodes), view.left_out) == (32, 145)
    assert {cut.source for cut in view.cuts} == {TensorRef(6)}
    assert [(fold.first, fold.last, fold.times) for fold in fold(view, rows(view.graph)).folds] == [(12, 21, 2)]
