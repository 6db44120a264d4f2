"""What folds, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from keras_ascii_tools.errors import GraphError
from keras_ascii_tools.graph import ModelGraph, TensorRef
from keras_ascii_tools.view import Fold, View, fold, fuse, row_params
from tests.core.view.builders import (
    Model,
    chain,
    dense_block,
    inception_like,
    kinds,
    load,
    residual_chain,
    resnet_like,
    rows,
    transformer_like,
    uses,
)


def folded(graph: ModelGraph, **options: Any) -> View:
    return fold(graph, rows(graph), **options)


def shape(view: View) -> list[tuple[int, int, int]]:
    return [(fold.first, fold.last, fold.times) for fold in view.folds]


def test_a_chain_of_equal_blocks_is_drawn_once() -> None:
    view = folded(residual_chain(1001))
    assert kinds(view.graph) == "InputLayer Conv2D BatchNormalization ReLU Add"
    assert view.folds == (Fold(first=1, last=4, times=250, carried=((TensorRef(0), TensorRef(4)),)),)
    assert view.stands_for == 1001
    assert view.graph.outputs == (TensorRef(4),)
    assert view.copies[1][:2] == ((1,), (5,))


def test_a_block_starts_after_the_fork_and_is_as_often_there_as_in_the_model() -> None:
    view = folded(resnet_like((2, 4)))
    assert [(view.graph.nodes[fold.first].layer.kind, fold.times) for fold in view.folds] == [
        ("Conv2D", 2),
        ("Conv2D", 4),
    ]


def test_what_every_copy_uses_is_kept() -> None:
    view = folded(transformer_like(6))
    assert kinds(view.graph) == " ".join(["InputLayer MultiHeadAttention Add LayerNormalization"] * 2)
    first, second = view.folds
    assert (first.kept, second.kept) == ((), (TensorRef(3),))
    assert second.carried == ((TensorRef(4), TensorRef(7)),)
    assert uses(view.graph)[5] == [4, 3]


def test_branches_fold_whole() -> None:
    view = folded(inception_like(5))
    assert shape(view) == [(1, 6, 5)]


def test_folds_nest() -> None:
    view = folded(chain((["Dense"] * 4 + ["Dropout", "ReLU"]) * 3))
    assert kinds(view.graph) == "InputLayer Dense Dropout ReLU"
    assert shape(view) == [(1, 3, 3), (1, 1, 4)]
    assert [view.times(node) for node in range(4)] == [1, 12, 3, 3]
    assert view.copies[1] == tuple((node,) for node in (1, 2, 3, 4, 7, 8, 9, 10, 13, 14, 15, 16))


def test_later_nodes_use_the_copy_that_is_drawn() -> None:
    model = Model()
    x = model.input()
    for _ in range(4):
        x = y = model.add("ReLU", model.add("Dense", x))
    view = folded(model.graph(model.add("Add", x, y), x))
    assert uses(view.graph) == [[], [0], [1], [2, 2]]
    assert view.graph.outputs == (TensorRef(3), TensorRef(2))


@pytest.mark.parametrize(
    "facts", [{"params": 5}, {"trainable": False}, {"dtype_policy": "float16"}, {"shape": (None, 9)}]
)
def test_copies_that_differ_do_not_fold(facts: dict[str, Any]) -> None:
    model = Model()
    x = model.input()
    for block in range(2):
        for kind in ("Dense", "ReLU", "Dropout"):
            x = model.add(kind, x, **(facts if block and kind == "Dense" else {}))
    assert folded(model.graph(x)).folds == ()


def test_names_make_no_difference() -> None:
    model = Model()
    x = model.input()
    for block in range(3):
        x = model.add("Dense", x, name=f"block{block}")
    assert shape(folded(model.graph(x))) == [(1, 1, 3)]


def test_similar_blocks_fold_only_when_asked_for_and_know_their_weights() -> None:
    model = Model()
    x = model.input()
    for width in (8, 16, 32):
        x = model.add("Conv2D", x, params=width, settings={"filters": width, "padding": "same"}, shape=(None, width))
        x = model.add("MaxPooling2D", x, shape=(None, width))
    graph = model.graph(x)
    assert folded(graph).folds == ()
    view = folded(graph, structural=True)
    assert shape(view) == [(1, 2, 3)]
    assert row_params(view) == ((0,), (8, 16, 32), (0, 0, 0))


def test_a_tensor_used_beyond_the_next_copy_ends_a_fold() -> None:
    model = Model()
    tensors = [model.input()]
    for _ in range(9):
        tensors.append(model.add("ReLU", model.add("Dense", tensors[-1])))
    graph = model.graph(model.add("Concatenate", tensors[3], tensors[-1]))
    assert shape(folded(graph)) == [(1, 2, 3), (3, 4, 6)]
    assert folded(dense_block(12)).folds == ()


def test_outputs_are_not_folded_away() -> None:
    model = Model()
    tensors = [model.input()]
    for _ in range(6):
        tensors.append(model.add("ReLU", model.add("Dense", tensors[-1])))
    assert folded(model.graph(*tensors[1:])).folds == ()
    assert shape(folded(model.graph(tensors[-1]))) == [(1, 2, 6)]


def test_inputs_are_not_folded_away() -> None:
    model = Model()
    x = model.input()
    for _ in range(5):
        x = model.add("Add", x, model.add("Dense", model.input()))
    assert folded(model.graph(x)).folds == ()


def test_a_tensor_of_an_earlier_copy_cannot_be_what_all_copies_use() -> None:
    model = Model()
    x = first = model.add("Dense", model.input())
    for _ in range(6):
        x = model.add("Dense", model.add("Add", x, first))
    view = folded(model.graph(x))
    # The first block uses the tensor twice: as what all blocks add, and as what only it goes on from.
    assert [(fold.times, fold.kept) for fold in view.folds] == [(5, (TensorRef(1),))]


def test_one_tensor_in_two_parts_does_not_fold() -> None:
    # The decoder starts with the memory: in the first block, no one could tell state and memory apart.
    model = Model()
    x = memory = model.add("Dense", model.input())
    for _ in range(5):
        x = model.add("ReLU", model.add("Attention", x, memory))
    view = folded(model.graph(x))
    assert [(fold.first, fold.times) for fold in view.folds] == [(4, 4)]
    assert uses(view.graph)[4] == [3, 1]


def test_a_layer_that_all_copies_share_is_counted_once() -> None:
    model = Model()
    shared = model.layer("Dense", params=7)
    x = model.input()
    for _ in range(5):
        x = model.add("Dropout", model.call(shared, x))
    view = folded(model.graph(x))
    assert shape(view) == [(1, 2, 5)]
    assert row_params(view) == ((0,), (7,), (0,) * 5)


def test_layers_shared_within_each_copy_fold_and_layers_shared_across_do_not() -> None:
    def build(across: bool) -> ModelGraph:
        model = Model()
        x = model.input()
        old = model.layer("Dense", params=7)
        for _ in range(5):
            new = model.layer("Dense", params=7)
            x = model.call(new, x)
            x = model.add("Dropout", model.call(old if across else new, x))
            old = new
        return model.graph(x)

    assert shape(folded(build(across=False))) == [(1, 3, 5)]
    assert folded(build(across=True)).folds == ()


def test_nested_models_fold_if_their_bodies_are_alike() -> None:
    def build(last: str) -> ModelGraph:
        model = Model()
        x = model.input()
        for block in range(3):
            inner = Model(first_id=100 * (block + 1))
            y = inner.add("Dense", inner.input(), name=f"dense{block}")
            body = inner.graph(inner.add(last if block == 2 else "ReLU", y))
            x = model.add("Functional", x, module="keras.models", graph=body)
        return model.graph(x)

    assert shape(folded(build("ReLU"))) == [(1, 1, 3)]
    assert folded(build("Tanh")).folds == ()


def test_bodies_that_share_a_layer_with_the_rest_do_not_fold() -> None:
    model = Model()
    inside = model.layer("Dense", params=4)
    x = model.input()
    for block in range(4):
        inner = Model(first_id=100 * (block + 1))
        body = inner.graph(inner.call(inside, inner.input()))
        x = model.add("Functional", x, module="keras.models", params=4, graph=body)
    assert folded(model.graph(x)).folds == ()


def test_a_fold_saves_as_many_rows_as_asked_for() -> None:
    graph = chain(["Dense"] * 2 + ["ReLU"] * 3 + ["Dropout"] * 5)
    assert [len(folded(graph, min_rows=least).folds) for least in (0, 1, 2, 3, 4, 5)] == [3, 3, 2, 1, 1, 0]


def test_the_order_of_the_rows_is_that_of_the_result() -> None:
    model = Model()
    one, two = model.input("one"), model.input("two")
    for _ in range(3):
        one, two = model.add("Dense", one), model.add("ReLU", two)
    graph = model.graph(model.add("Add", one, two))
    view = fold(graph, (0, 2, 4, 6, 1, 3, 5, 7, 8))
    assert kinds(view.graph) == "InputLayer Dense InputLayer ReLU Add"
    assert view.order == (0, 1, 2, 3, 4)
    assert view.graph.inputs == (TensorRef(0), TensorRef(2))
    # The same model, drawn with both branches side by side.
    assert kinds(folded(graph).graph) == "InputLayer InputLayer Dense ReLU Add"


def test_without_repeats_nothing_changes_but_the_order() -> None:
    graph = chain(["Dense", "ReLU"])
    view = folded(graph)
    assert view.graph is graph
    assert view.order == (0, 1, 2)


def test_wrong_orders_and_views_that_are_folded_already_are_refused() -> None:
    graph = chain(["Dense"] * 5)
    with pytest.raises(GraphError, match="each of the 6 nodes once"):
        fold(graph, (0, 1))
    view = folded(graph)
    with pytest.raises(GraphError, match="select and fuse before you fold"):
        fuse(view)


def test_long_chains_are_no_problem() -> None:
    assert len(folded(residual_chain(8_001)).graph.nodes) == 5


@pytest.mark.parametrize(
    ("name", "nodes", "strict", "similar", "fused"),
    [
        ("convnexttiny", 153, 41, 32, 33),
        ("densenet121", 429, 429, 51, 245),
        ("inceptionresnetv2", 782, 152, 146, 68),
        ("mobilenetv2", 156, 111, 101, 49),
        ("resnet50", 177, 97, 97, 43),
        ("transformer12", 209, 22, 22, 17),
        ("vgg16", 23, 21, 15, 21),
        ("xception", 134, 58, 45, 35),
    ],
)
def test_rows_of_real_models(name: str, nodes: int, strict: int, similar: int, fused: int) -> None:
    graph = load(name)
    views = [folded(graph), folded(graph, structural=True), fold(fuse(graph), rows(fuse(graph).graph))]
    assert [len(graph.nodes), *(len(view.graph.nodes) for view in views)] == [nodes, strict, similar, fused]
    for view in views:
        assert view.stands_for == len(graph.nodes)
        assert sum(count or 0 for counts in row_params(view) for count in counts) == graph.params
