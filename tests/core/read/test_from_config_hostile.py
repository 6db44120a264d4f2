"""Configs that are damaged or meant to harm: a graph with a note, or one line of error; never anything else."""

from __future__ import annotations

import json
import time
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.from_config import graph_from_config
from tests.core.read.configs import call, functional, layer, operation, sequential, source, tensor


def refused(root: Any) -> str:
    with pytest.raises(SourceError) as caught:
        graph_from_config(root)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    return message


def dense(name: str, *calls: Any, units: Any = 4) -> dict[str, Any]:
    return layer("Dense", name, *calls, units=units)


@pytest.mark.parametrize(
    "root", [None, 1, "x", [], {}, {"class_name": 3}, {"class_name": ""}, {"class_name": "x" * 9999}]
)
def test_what_is_no_config(root: Any) -> None:
    refused(root)


def test_what_is_no_model() -> None:
    assert "expected the config of a model" in refused(dense("d"))
    assert "expected the config of a model" in refused(
        {"module": "keras.optimizers", "class_name": "Adam", "config": {}, "registered_name": None}
    )


def test_a_circle_and_a_layer_called_on_itself() -> None:
    one = dense("one", call(tensor([None, 4], "two")))
    two = dense("two", call(tensor([None, 4], "one")))
    assert "circle" in refused(functional([one, two], ["one", 0, 0], ["two", 0, 0]))
    itself = dense("one", call(tensor([None, 4], "one")))
    assert "circle" in refused(functional([itself], ["one", 0, 0], ["one", 0, 0]))


def test_references_to_what_is_not_there_are_unknown_and_noted() -> None:
    graph = graph_from_config(
        functional([source("x", [None, 4]), dense("d", call(tensor([None, 4], "gone")))], ["x", 0, 0], ["d", 7, 0])
    )
    assert [node.inputs for node in graph.nodes] == [(None,), ()]
    assert len(graph.notes) == 2
    assert all("does not have" in note for note in graph.notes)


def test_two_layers_of_one_name_are_noted() -> None:
    twice = [dense("d", call(tensor([None, 4], "x"))), dense("d", call(tensor([None, 4], "x")), units=9)]
    graph = graph_from_config(functional([source("x", [None, 4]), *twice], ["x", 0, 0], ["d", 0, 0]))
    assert "several layers have the name 'd'" in graph.notes[0]
    output = graph.outputs[0]
    assert output is not None
    assert graph.nodes[output.node].layer.setting("units") == 4


def test_an_output_that_no_layer_can_have() -> None:
    refused(functional([source("x", [None, 4])], ["x", 0, 0], ["x", 0, 10**6]))


def test_sizes_that_are_none() -> None:
    for units in (float("nan"), 10**4000, -1, True, "4", None, [], {}, 2**70):
        graph = graph_from_config(sequential([source("i", [None, 4]), dense("d", units=units)]))
        assert graph.params is None or graph.params >= 0
        assert graph.nodes[1].outputs[0].shape is None
    for shape in ([None, 10**30], "shape", [[1]], [1.5], [None] * 1000, {"a": 1}):
        graph = graph_from_config(sequential([source("i", shape), dense("d")]))  # type: ignore[arg-type]
        assert graph.nodes[0].outputs[0].shape is None


def test_models_in_models_without_end() -> None:
    model = functional([source("x", [None, 4])], ["x", 0, 0], ["x", 0, 0])
    for _ in range(300):
        model = functional([{**model, "name": "m", "inbound_nodes": []}], ["m", 0, 0], ["m", 0, 0])
    assert "nested" in refused(model)
    wrapped = dense("d")
    for _ in range(200):
        wrapped = layer("Bidirectional", "b", layer=wrapped, merge_mode="concat")
    started = time.perf_counter()
    graph = graph_from_config(sequential([source("i", [None, 5, 4]), wrapped]))
    assert graph.params is None
    assert time.perf_counter() - started < 10


def test_arguments_in_arguments_without_end() -> None:
    argument: Any = tensor([None, 4], "x")
    for _ in range(500):
        argument = [argument]
    assert "nested" in refused(
        functional([source("x", [None, 4]), dense("d", call(argument))], ["x", 0, 0], ["d", 0, 0])
    )


def test_json_that_is_as_deep_as_json_can_be() -> None:
    deep = json.loads("[" * 900 + "]" * 900)
    graph = graph_from_config(sequential([source("i", [None, 4]), layer("Dense", "d", units=deep)]))
    assert graph.params is None


def test_too_many_layers_and_too_many_calls() -> None:
    assert "20,000 layers" in refused(sequential([{"class_name": "ReLU", "config": {}}] * 21_000))
    calls = [call(tensor([None, 4], "x"))] * 21_000
    assert "20,000 calls" in refused(
        functional([source("x", [None, 4]), layer("ReLU", "r", *calls)], ["x", 0, 0], ["r", 0, 0])
    )


def test_a_chain_deeper_than_pythons_stack() -> None:
    layers = [source("x", [None, 4]), layer("ReLU", "r0", call(tensor([None, 4], "x")))]
    layers += [layer("ReLU", f"r{n}", call(tensor([None, 4], f"r{n - 1}"))) for n in range(1, 5_000)]
    graph = graph_from_config(functional(layers, ["x", 0, 0], ["r4999", 0, 0]))
    assert len(graph.nodes) == 5_001


def test_many_comparisons_take_no_time() -> None:
    layers = [source("x", [None, 4])]
    layers += [operation("NotEqual", f"n{n}", call(tensor([None, 4], "x"), 0)) for n in range(10_000)]
    started = time.perf_counter()
    assert len(graph_from_config(functional(layers, ["x", 0, 0], ["n0", 0, 0])).nodes) == 10_001
    assert time.perf_counter() - started < 20


HOSTILE = st.sampled_from(
    [None, True, -1, 0, 1, 2**70, float("nan"), "", "\ud800", "d", [], {}, [[]], ["x", 0, 0], ["d", 3, 0], ["x", -1, 9]]
) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [before] if before else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += paths(item, (*before, key))
    return found


def model() -> dict[str, Any]:
    x = tensor([None, 5, 4], "x")
    inner = functional([source("i", [None, 4]), dense("h", call(tensor([None, 4], "i")))], ["i", 0, 0], ["h", 0, 0])
    cell = {"class_name": "LSTMCell", "config": {"units": 3}}
    return functional(
        [
            source("x", [None, 5, 4]),
            layer("Bidirectional", "b", call(x), layer=layer("GRU", "g", units=3, return_sequences=True)),
            layer("RNN", "r", call(x, initial_state=[tensor([None, 3], "d")]), cell=cell, return_state=True),
            layer("TimeDistributed", "t", call(x), layer=inner),
            layer("Conv1D", "c", call(x), filters=2, kernel_size=[3], strides=[1], padding="same"),
            operation("Concatenate", "cat", call([x, x]), axis=-1),
            dense("d", call(tensor([None, 3], "b"))),
        ],
        [["x", 0, 0]],
        {"d": ["d", 0, 0], "r": [["r", 0, 1], ["c", 0, 0]], "cat": ["cat", 0, 0], "t": ["t", 0, 0]},
    )


@settings(max_examples=400)
@given(st.data())
def test_any_place_may_hold_anything(data: st.DataObject) -> None:
    root = json.loads(json.dumps(model()))
    for _ in range(data.draw(st.integers(1, 4))):
        *before, last = data.draw(st.sampled_from(paths(root)))
        holder: Any = root
        for key in before:
            holder = holder[key]
        holder[last] = deepcopy(data.draw(HOSTILE))
    try:
        graph = graph_from_config(root)
    except SourceError:
        return
    assert isinstance(graph, ModelGraph)
    assert graph == graph_from_config(root)
    assert graph.conflicts(graph) == ()
