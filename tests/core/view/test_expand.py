"""Nested models, opened in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.graph import INPUT, Call, How, Layer, ModelGraph, Node, Record, TensorRef, TensorSpec, Weight
from keras_ascii_tools.view import expand
from tests.core.graphs import model_graphs
from tests.core.view.builders import Model, encoder, kinds, leaves, uses


def nested(call: Call | None = None, shape: tuple[int | None, ...] = (None, 8), **facts: Any) -> ModelGraph:
    model = Model()
    layer = encoder(model, **facts)
    x = model.call(layer, model.input("left", shape), call=call, shape=(*shape[:-1], 10))
    return model.graph(model.add("Dense", x, name="head", params=5))


def names(graph: ModelGraph) -> list[str | None]:
    return [node.layer.name for node in graph.nodes]


def test_a_call_becomes_its_body() -> None:
    graph = nested()
    opened = expand(graph)
    assert names(opened) == ["left", "encoder/hidden", "encoder/code", "head"]
    assert uses(opened) == [[], [0], [1], [2]]
    assert [layer.name for layer in opened.layers] == ["left", "encoder/hidden", "encoder/code", "head"]
    assert opened.params == graph.params == 35


def test_depth_0_changes_nothing() -> None:
    graph = nested()
    assert expand(graph, 0) is graph
    assert expand(expand(graph), None).nodes == expand(graph, 1).nodes


def test_a_model_called_twice_is_opened_twice_and_shares_its_layers() -> None:
    model = Model()
    layer = encoder(model)
    one, two = model.call(layer, model.input("left")), model.call(layer, model.input("right"))
    graph = model.graph(model.add("Subtract", one, two))
    opened = expand(graph)
    assert kinds(opened) == "InputLayer Dense Dense InputLayer Dense Dense Subtract"
    assert uses(opened) == [[], [0], [1], [], [3], [4], [2, 5]]
    assert opened.nodes[1].layer is opened.nodes[4].layer
    assert opened.params == graph.params == 30


def test_names_say_where_a_layer_comes_from_only_if_a_person_named_that() -> None:
    graph = nested()
    automatic = replace(graph.nodes[1].layer, name="functional_3", named=False)
    nodes = (graph.nodes[0], replace(graph.nodes[1], layer=automatic), graph.nodes[2])
    opened = expand(replace(graph, nodes=nodes, layers=tuple(node.layer for node in nodes)))
    assert names(opened) == ["left", "hidden", "code", "head"]


def test_automatic_names_stay_automatic() -> None:
    model, inner = Model(), Model(first_id=50)
    body = inner.graph(inner.call(Layer(id=99, kind="Dense", name="dense_3"), inner.input()))
    x = model.add("Functional", model.input(), name="tower", graph=body)
    layer = expand(model.graph(x)).nodes[1].layer
    assert (layer.name, layer.named) == ("tower/dense_3", False)


def two_levels() -> ModelGraph:
    outer, middle = Model(), Model(first_id=500)
    x = middle.call(encoder(middle), middle.input())
    body = middle.graph(middle.add("ReLU", x), kind="Functional")
    return outer.graph(outer.add("Functional", outer.input(), name="net", params=30, graph=body))


def test_depth_counts_levels() -> None:
    graph = two_levels()
    assert kinds(expand(graph, 1)) == "InputLayer Functional ReLU"
    assert names(expand(graph, 2)) == [None, "net/encoder/hidden", "net/encoder/code", None]
    assert expand(graph, 5).nodes == expand(graph, -1).nodes == expand(graph, None).nodes


@pytest.mark.parametrize(
    "facts",
    [{"how": How.LAYERS_ONLY}, {"how": How.UNBUILT}, {"inputs": (None,)}, {"outputs": (None,)}, {"own_params": 900}],
)
def test_bodies_that_are_not_known_stay_closed(facts: dict[str, Any]) -> None:
    graph = nested()
    layer = graph.nodes[1].layer
    assert layer.graph is not None
    closed = replace(layer, graph=replace(layer.graph, **facts))
    graph = replace(
        graph, nodes=(graph.nodes[0], replace(graph.nodes[1], layer=closed), graph.nodes[2]), layers=(closed,)
    )
    assert expand(graph) is graph


def test_calls_with_other_tensors_than_the_body_has_stay_closed() -> None:
    model = Model()
    x = model.input()
    graph = model.graph(model.call(encoder(model), x, x))
    assert expand(graph) is graph
    mask = nested(Call((), (("inputs", Record("", (("a", INPUT),))),)), input_structure=Record("", (("b", INPUT),)))
    assert expand(mask) is mask


def test_layers_that_call_their_body_several_times_stay_closed() -> None:
    graph = nested()
    layer = replace(graph.nodes[1].layer, kind="TimeDistributed")
    graph = replace(
        graph, nodes=(graph.nodes[0], replace(graph.nodes[1], layer=layer), graph.nodes[2]), layers=(layer,)
    )
    assert expand(graph) is graph


def test_inputs_by_name_are_the_bodys_inputs() -> None:
    inner = Model(first_id=50)
    body = inner.graph(
        inner.add("Subtract", inner.input(), inner.input()),
        input_structure=Record("", (("a", INPUT), ("b", INPUT))),
    )
    for call in (None, Call((Record("", (("a", INPUT), ("b", INPUT))),)), Call(((INPUT, INPUT),))):
        model = Model()
        a, b = model.input("a"), model.input("b")
        graph = model.graph(model.add("Functional", b, a, graph=body, call=call))
        assert uses(expand(graph)) == [[], [], [1, 0]]
    model = Model()
    call = Call((Record("", (("a", INPUT), ("c", INPUT))),))
    graph = model.graph(model.add("Functional", model.input(), model.input(), graph=body, call=call))
    assert expand(graph) is graph


def test_arguments_that_are_lost_are_noted() -> None:
    opened = expand(nested(Call((INPUT,), (("training", False),))))
    assert len(opened.nodes) == 4
    assert opened.notes == ("encoder was called with training=False; its layers are drawn without",)
    nothing = Record("", (("a", None), ("b", (None, None))))
    assert expand(nested(Call((INPUT,), (("mask", nothing),)))).notes == ()
    opened = expand(nested(Call((INPUT, 3, Record("", (("a", Record("Rule")),))), (("mode", "x"),))))
    assert opened.notes == ("encoder was called with 3, (…), mode='x'; its layers are drawn without",)


def test_own_weights_of_many_layers_are_one_note() -> None:
    model = Model()
    x = model.input()
    for block in range(5):
        inner = Model(first_id=50 * (block + 1))
        body = inner.graph(inner.add("Dense", inner.input()), own_params=2, own_trainable_params=2)
        x = model.add("Block", x, name=f"block{block}", params=2, graph=body)
    opened = expand(model.graph(x))
    assert (opened.own_params, opened.params) == (10, 10)
    note = "10 weights of block0, block1, block2 and 2 more belong to no inner layer and stand on no row"
    assert opened.notes == (note,)


def test_notes_of_a_body_are_carried_out_once() -> None:
    model = Model()
    layer = encoder(model, notes=("something is missing",))
    x = model.call(layer, model.call(layer, model.input()))
    assert expand(model.graph(x, notes=("first",))).notes == ("first", "something is missing")


def test_weights_of_the_body_itself_are_kept_and_noted() -> None:
    model = Model()
    layer = encoder(model, own_params=4, own_trainable_params=2)
    x = model.call(layer, model.call(layer, model.input()))
    graph = model.graph(x, own_params=1)
    opened = expand(graph)
    assert (opened.own_params, opened.own_trainable_params) == (5, 2)
    assert (opened.params, opened.trainable_params) == (graph.params, graph.trainable_params)
    assert opened.notes == ("4 weights of encoder belong to no inner layer and stand on no row",)


def test_arrays_that_only_the_layer_has_are_kept() -> None:
    model = Model()
    inner = Model(first_id=50)
    kernel = Weight("kernel", (5,), "float32", True)
    body = inner.graph(inner.add("Dense", inner.input(), params=5, weights=(kernel,)))
    scale = Weight("scale", (2,), "float32", True)
    x = model.add("Block", model.input(), params=7, weights=(kernel, scale), graph=body)
    graph = model.graph(x)
    opened = expand(graph)
    assert (opened.params, opened.bytes, opened.own_params) == (graph.params, graph.bytes, 2) == (7, 28, 2)


def test_what_is_not_known_of_a_layer_is_not_known_of_its_parts() -> None:
    for outer, inside in ((None, 5), (7, None)):
        model = Model()
        inner = Model(first_id=50)
        body = inner.graph(inner.add("Dense", inner.input(), params=inside))
        graph = model.graph(model.add("Block", model.input(), params=outer, graph=body))
        assert expand(graph).params is None


def test_a_frozen_model_has_frozen_layers() -> None:
    graph = nested()
    layer = replace(graph.nodes[1].layer, trainable=False, trainable_params=0)
    nodes = (graph.nodes[0], replace(graph.nodes[1], layer=layer), graph.nodes[2])
    graph = replace(graph, nodes=nodes, layers=tuple(node.layer for node in nodes))
    opened = expand(graph)
    assert [node.layer.trainable for node in opened.nodes] == [True, False, False, True]
    assert opened.trainable_params == graph.trainable_params == 5


@pytest.mark.parametrize(
    ("built_for", "hidden"),
    [((None, 8), (None, 8)), ((None, None), (None, 8)), ((None, 9), None), ((8, None, 8), None)],
)
def test_shapes_of_a_body_built_for_other_inputs_are_not_known(
    built_for: tuple[int | None, ...], hidden: tuple[int | None, ...] | None
) -> None:
    opened = expand(nested(built_for=built_for))
    assert opened.nodes[1].outputs[0].shape == hidden
    assert opened.nodes[2].outputs[0].shape == (None, 10)


def test_only_what_depends_on_the_other_shape_is_not_known() -> None:
    inner = Model(first_id=50)
    a = inner.add("Dense", inner.input(shape=(None, 8)))
    b = inner.add("Dense", inner.input(shape=(None, 9)))
    body = inner.graph(inner.add("Concatenate", a, b))
    model = Model()
    graph = model.graph(model.add("Functional", model.input(), model.input(), graph=body))
    assert [node.outputs[0].shape for node in expand(graph).nodes[2:]] == [(None, 8), None, (None, 8)]


def test_an_input_may_be_an_output() -> None:
    inner = Model(first_id=50)
    x = inner.input()
    body = inner.graph(inner.add("ReLU", x), x)
    model = Model()
    y = model.add("Functional", model.input(), graph=body, outputs=2)
    graph = model.graph(y, TensorRef(y.node, 1))
    assert expand(graph).outputs == (TensorRef(1), TensorRef(0))


def test_bodies_that_multiply_are_opened_as_far_as_asked_for() -> None:
    body = ModelGraph(
        nodes=(Node(layer=Layer(id=0, kind="InputLayer")),), inputs=(TensorRef(0),), outputs=(TensorRef(0),)
    )
    for level in range(1, 60):
        layer = Layer(id=2 * level, kind="Functional", graph=body)
        twin = Layer(id=2 * level + 1, kind="Functional", graph=body)
        start = Node(layer=Layer(id=1000 + level, kind="InputLayer"), outputs=(TensorSpec(),))
        calls = [Node(layer=one, inputs=(TensorRef(at),)) for at, one in enumerate((layer, twin, layer, twin))]
        body = ModelGraph(nodes=(start, *calls), inputs=(TensorRef(0),), outputs=(TensorRef(4),))
    opened = expand(body, max_nodes=1000)
    assert len(opened.nodes) == 257
    assert opened.notes == ("nested models are opened 3 levels deep: one more would make 1,025 nodes",)


@settings(max_examples=50, deadline=None)
@given(model_graphs(), st.integers(-1, 3))
def test_totals_stay_right(graph: ModelGraph, depth: int) -> None:
    opened = expand(graph, depth)
    assert opened.params == graph.params
    assert (opened.name, opened.kind, len(opened.outputs)) == (graph.name, graph.kind, len(graph.outputs))
    if depth == -1 and not any(node.layer.graph is not None for node in opened.nodes):
        assert len(opened.nodes) == leaves(graph)
