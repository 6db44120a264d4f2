"""Folds of random graphs, taken apart again."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.view import View, fold, fuse, row_params
from tests.core.graphs import model_graphs
from tests.core.view.builders import MODELS, load, random_graph, rows
from tests.core.view.unfolding import unfold

seeds = st.integers(0, 2**32)


def check(graph: ModelGraph, view: View) -> None:
    assert view.stands_for + view.left_out + view.plumbing == len(graph.nodes)
    assert view.stands_for == len(graph.nodes)
    for node, copies in enumerate(view.copies):
        times = 1
        for fold_ in view.folds:
            times *= fold_.times if fold_.first <= node <= fold_.last else 1
        assert len(copies) == times
    for one, two in zip(view.folds, view.folds[1:], strict=False):
        assert one.last < two.first or two.last <= one.last
    counts = [count for counts in row_params(view) for count in counts]
    called = {node.layer.id for node in graph.nodes}
    if graph.params is not None and called >= {layer.id for layer in graph.layers}:
        assert sum(count or 0 for count in counts) + (graph.own_params or 0) == graph.params


def check_unfolds(graph: ModelGraph, view: View) -> None:
    inputs, outputs = unfold(view)
    assert inputs == {index: node.inputs for index, node in enumerate(graph.nodes)}
    assert outputs == graph.outputs


def check_sharing(view: View) -> None:
    """Two rows have a layer in common only if they say so: their first copies are the same layer."""
    owner: dict[int, int] = {}
    for node, copies in enumerate(view.copies):
        for copy in copies:
            layer = view.origin.nodes[copy[0]].layer.id
            assert owner.setdefault(layer, view.graph.nodes[node].layer.id) == view.graph.nodes[node].layer.id


@settings(max_examples=200, deadline=None)
@given(seeds, st.sampled_from((1, 2, 5)), st.booleans())
def test_a_folded_graph_unfolds_to_the_graph_it_was(seed: int, least: int, structural: bool) -> None:
    graph = random_graph(Random(seed))
    view = fold(graph, rows(graph), structural=structural, min_rows=least)
    check(graph, view)
    check_unfolds(graph, view)
    check_sharing(view)
    again = fold(graph, rows(graph), structural=structural, min_rows=least)
    assert (view.copies, view.folds, view.graph.nodes) == (again.copies, again.folds, again.graph.nodes)


@settings(max_examples=50, deadline=None)
@given(model_graphs())
def test_any_graph_folds_before_and_after_it_is_fused(graph: ModelGraph) -> None:
    view = fold(graph, rows(graph), structural=True, min_rows=1)
    check(graph, view)
    check_unfolds(graph, view)
    fused = fuse(graph)
    check(graph, fold(fused, rows(fused.graph), structural=True, min_rows=1))


def test_real_models_unfold_to_what_they_were() -> None:
    for name in MODELS:
        graph = load(name)
        for structural in (False, True):
            view = fold(graph, rows(graph), structural=structural)
            check(graph, view)
            check_unfolds(graph, view)
            fused = fuse(graph)
            check(graph, fold(fused, rows(fused.graph), structural=structural))
