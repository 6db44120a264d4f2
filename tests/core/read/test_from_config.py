"""Keras 3's JSON as a graph."""

from __future__ import annotations

from functools import partial

from keras_ascii_tools.graph import INPUT, Call, How, ModelGraph, Record, TensorRef, TensorSpec, Weight
from keras_ascii_tools.read.from_config import graph_from_config
from keras_ascii_tools.read.stored import LayerWeights, Stored
from tests.core.read.configs import call, functional, layer, operation, sequential, source, tensor


def kinds(graph: ModelGraph) -> list[str]:
    return [node.layer.kind for node in graph.nodes]


def test_a_functional_model() -> None:
    x = tensor([None, 8], "x")
    graph = graph_from_config(
        functional(
            [
                source("x", [None, 8]),
                layer("Dense", "wide", call(x), units=8),
                layer("Add", "add", call([tensor([None, 8], "wide"), x])),
            ],
            ["x", 0, 0],
            ["add", 0, 0],
            name="net",
        )
    )
    assert (graph.kind, graph.name, graph.named, graph.how) == ("Functional", "net", True, How.DECLARED)
    assert kinds(graph) == ["InputLayer", "Dense", "Add"]
    assert graph.nodes[2].inputs == (TensorRef(1), TensorRef(0))
    assert graph.nodes[1].outputs == (TensorSpec((None, 8), "float32"),)
    assert graph.nodes[1].layer.setting("units") == 8
    assert [one.given_name for one in graph.layers] == ["x", "wide", None]


def test_arguments_and_operations_with_the_names_of_layers() -> None:
    x = tensor([None, 4], "x")
    graph = graph_from_config(
        functional(
            [
                source("x", [None, 4]),
                operation("Add", "add", call(x, 2.0)),
                layer("Dropout", "d", call(tensor([None, 4], "add"), training=True)),
            ],
            [["x", 0, 0]],
            {"b": ["d", 0, 0], "a": ["add", 0, 0]},
        )
    )
    add, dropout = graph.nodes[1], graph.nodes[2]
    assert add.layer.is_operation
    assert add.call == Call((INPUT, 2.0))
    assert dropout.call == Call((INPUT,), (("training", True),))
    assert graph.output_structure == Record("", (("a", INPUT), ("b", INPUT)))
    assert [graph.nodes[ref.node].layer.kind for ref in graph.outputs if ref] == ["Add", "Dropout"]


def test_a_nested_functional_model_is_counted_from_one_in_outputs_only() -> None:
    inner = functional(
        [source("i", [None, 8]), layer("Dense", "d", call(tensor([None, 8], "i")), units=8)],
        ["i", 0, 0],
        ["d", 0, 0],
        name="inner",
        inbound_nodes=[call(tensor([None, 8], "x")), call(tensor([None, 8], "inner", 0))],
    )
    inner["name"] = "inner"
    graph = graph_from_config(functional([source("x", [None, 8]), inner], ["x", 0, 0], ["inner", 2, 0]))
    assert kinds(graph) == ["InputLayer", "Functional", "Functional"]
    assert graph.nodes[1].layer is graph.nodes[2].layer
    assert graph.nodes[2].inputs == (TensorRef(1),)
    assert graph.outputs == (TensorRef(2),)
    assert graph.nodes[1].layer.graph is not None
    assert kinds(graph.nodes[1].layer.graph) == ["InputLayer", "Dense"]


def test_a_sequential_model_and_one_that_is_not_built() -> None:
    layers = [layer("Dense", "dense", units=3), layer("Dropout", "dropout", rate=0.5)]
    built = graph_from_config(sequential([source("input_layer", [None, 4]), *layers]))
    assert kinds(built) == ["InputLayer", "Dense", "Dropout"]
    assert [one.kind for one in built.layers] == ["Dense", "Dropout"]
    unbuilt = graph_from_config(sequential(layers))
    assert unbuilt.how is How.UNBUILT
    assert kinds(unbuilt) == ["Dense", "Dropout"]
    assert unbuilt.params is None


def test_one_layer_in_two_models_is_one_layer_where_the_file_says_so() -> None:
    def tied(*calls: object) -> dict[str, object]:
        return {**layer("Dense", "tied", *calls, units=8), "shared_object_id": 7}

    inner = functional(
        [source("i", [None, 8]), tied(call(tensor([None, 8], "i")))],
        ["i", 0, 0],
        ["tied", 0, 0],
        name="inner",
        inbound_nodes=[call(tensor([None, 8], "tied"))],
    )
    graph = graph_from_config(
        functional([source("x", [None, 8]), tied(call(tensor([None, 8], "x"))), inner], ["x", 0, 0], ["inner", 1, 0])
    )
    body = graph.nodes[2].layer.graph
    assert body is not None
    assert body.nodes[1].layer.id == graph.nodes[1].layer.id


def test_a_subclassed_model_says_what_is_not_known() -> None:
    graph = graph_from_config(
        {"module": "mine", "class_name": "Net", "config": {"trainable": True}, "registered_name": "Net"}
    )
    assert (graph.kind, graph.how, graph.params) == ("Net", How.LAYERS_ONLY, None)
    assert "not in the file" in graph.notes[0]


def test_weights_of_a_layer_from_outside_keras_come_from_the_file() -> None:
    def outside(kind: str, name: str, *calls: object) -> dict[str, object]:
        return {**layer(kind, name, *calls, module="mine"), "registered_name": f"mine>{kind}"}

    x = tensor([None, 4], "x")
    inner = functional(
        [source("i", [None, 4]), outside("Scale", "deep", call(tensor([None, 4], "i")))],
        ["i", 0, 0],
        ["deep", 0, 0],
        name="inner",
        inbound_nodes=[call(tensor([None, 4], "scale_1"))],
    )
    root = functional(
        [source("x", [None, 4]), outside("Scale", "scale", call(x)), outside("Scale", "scale_1", call(x)), inner],
        ["x", 0, 0],
        [["scale", 0, 0], ["inner", 1, 0]],
    )

    def arrays(*sizes: int) -> LayerWeights:
        return LayerWeights(tuple(Weight(str(at), (size,), "float32", True) for at, size in enumerate(sizes)))

    assert graph_from_config(root).params is None
    by_name = {"scale": arrays(4), "scale_1": arrays(4, 3), "inner/deep": arrays(2)}
    by_place = {"layers/scale": arrays(4), "layers/scale_1": arrays(4, 3), "layers/functional/layers/scale": arrays(2)}
    for weights in (by_name, by_place):
        graph = graph_from_config(root, weights=partial(Stored, weights))
        assert graph.params == 13
        assert graph.trainable_params is None
        assert [one.params for one in graph.layers] == [0, 4, 7, 2]
    subclassed = {"module": "mine", "class_name": "Net", "config": {}, "registered_name": "Net"}
    assert graph_from_config(subclassed, weights=lambda: Stored(by_name)).params == 13


def test_layers_of_one_name_in_two_models_are_noted_where_the_file_says_nothing_of_sharing() -> None:
    def inner(name: str) -> dict[str, object]:
        tied = layer("Dense", "tied", call(tensor([None, 8], "i")), units=8)
        calls = [call(tensor([None, 8], "x"))]
        model = functional([source("i", [None, 8]), tied], ["i", 0, 0], ["tied", 0, 0], name, inbound_nodes=calls)
        return {**model, "name": name}

    graph = graph_from_config(
        functional([source("x", [None, 8]), inner("a"), inner("b")], ["x", 0, 0], [["a", 1, 0], ["b", 1, 0]])
    )
    assert "named 'tied'" in graph.notes[0]
    assert graph.params == 2 * 72


def test_outputs_are_counted_where_their_shapes_are_not_known() -> None:
    unknown = {**layer("Mystery", "m", call(tensor([None, 8], "x")), module="mine"), "registered_name": "mine>Mystery"}
    reference = {"class_name": "__keras_tensor__", "config": {"keras_history": ["m", 0, 0]}}
    lstm = layer("LSTM", "lstm", call(reference), units=4, return_state=True)
    graph = graph_from_config(functional([source("x", [None, 8]), unknown, lstm], ["x", 0, 0], ["lstm", 0, 0]))
    assert [spec.shape for spec in graph.nodes[2].outputs] == [None, None, None]
