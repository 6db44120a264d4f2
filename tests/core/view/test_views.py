"""What a view says of itself, and what it cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_ascii_tools.errors import GraphError
from keras_ascii_tools.view import View, expand, fold, fuse, hide_plumbing, row_params, select, view_of
from tests.core.view.builders import Model, chain, encoder, kinds, rows


def test_a_view_of_everything() -> None:
    graph = chain(["Dense", "ReLU"])
    view = view_of(graph)
    assert (view.graph, view.origin, view.copies) == (graph, graph, (((0,),), ((1,),), ((2,),)))
    assert (view.stands_for, view.plumbing, view.left_out, view.folds, view.cuts) == (3, 0, 0, (), ())
    assert view_of(view) is view


def test_a_view_that_does_not_add_up_is_refused() -> None:
    view = view_of(chain(["Dense"]))
    with pytest.raises(GraphError, match="a view of 2 nodes accounts for 1"):
        replace(view, copies=view.copies[:1])
    with pytest.raises(GraphError, match="each of its 2 nodes once"):
        replace(view, order=(0, 0))


def test_all_steps_together() -> None:
    model = Model()
    x = model.input("image")
    for block in range(4):
        inner = Model(first_id=100 * (block + 1))
        y = inner.add("Dense", inner.input(), name="dense", params=9)
        y = inner.add("BatchNormalization", y, params=4)
        body = inner.graph(inner.add("ReLU", y))
        layer = model.layer("Functional", f"block{block}", module="keras.models", params=13, graph=body)
        x = model.call(layer, x)
    mask = model.add("NotEqual", x, implied=True)
    graph = model.graph(model.add("Dense", x, mask, name="head", params=5))

    view = select(hide_plumbing(expand(graph)), ["block*"])
    assert (kinds(view.graph), view.left_out, view.plumbing) == ("Dense Dense Dense Dense", 10, 1)
    view = fuse(select(hide_plumbing(expand(graph)), ["image..ReLU"]))
    folded = fold(view, rows(view.graph))
    assert kinds(folded.graph) == "InputLayer Dense+BN+ReLU"
    assert folded.copies[1] == ((1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12))
    assert [layer.name for layer in folded.layers(1)] == ["block0/dense", None, None]
    assert row_params(folded) == ((0,), (13, 13, 13, 13))
    assert (folded.stands_for, folded.left_out, folded.plumbing) == (13, 1, 1)


def test_weights_are_counted_where_a_layer_stands_first() -> None:
    model = Model()
    shared = model.layer("Dense", params=7)
    body = encoder(model)
    assert body.graph is not None
    code = body.graph.nodes[2].layer
    x = model.call(shared, model.input())
    x = model.call(shared, model.call(body, x))
    x = model.call(code, model.call(body, x))
    graph = model.graph(x)
    assert row_params(view_of(graph)) == ((0,), (7,), (30,), (), (), ())
    assert graph.params == 37
    upside_down = View(graph=graph, origin=graph, copies=view_of(graph).copies, order=(5, 4, 3, 2, 1, 0))
    assert row_params(upside_down) == ((0,), (), (), (7,), (20,), (10,))


def test_weights_that_are_not_known_are_not_made_up() -> None:
    model = Model()
    x = model.add("Dense", model.input(), params=None)
    inner = Model(first_id=50)
    body = inner.graph(inner.add("Dense", inner.input(), params=None))
    graph = model.graph(model.add("Functional", x, params=12, graph=body))
    assert row_params(view_of(graph)) == ((0,), (None,), (12,))
