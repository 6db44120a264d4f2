"""JSON: nothing is lost, and nothing that comes in is trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.errors import GraphError, SourceError
from keras_ascii_tools.graph import (
    How,
    Layer,
    ModelGraph,
    Node,
    Record,
    Value,
)
from keras_ascii_tools.read import json_places
from keras_ascii_tools.read.from_json import read_json
from keras_ascii_tools.write.to_json import to_json
from tests.core.graphs import model_graphs
from tests.core.json_documents import SMALL, dense, everything, small


@settings(max_examples=150, deadline=None)
@given(model_graphs())
def test_every_field_of_every_graph_comes_back(graph: ModelGraph) -> None:
    text = to_json(graph)
    back = read_json(text)
    assert back == graph
    assert everything(back) == everything(graph)
    assert to_json(back) == text
    assert everything(read_json(json.loads(text))) == everything(graph)


@settings(max_examples=30, deadline=None)
@given(model_graphs())
def test_the_text_is_printable_ascii(graph: ModelGraph) -> None:
    text = to_json(graph)
    assert text.isascii()
    assert all(line.isprintable() and line == line.rstrip() for line in text.split("\n"))
    assert text.startswith('{\n  "schema": "keras-ascii/graph",\n  "version": "1.0",\n')


def test_a_document_reads_well() -> None:
    assert to_json(small()) == SMALL


def test_the_example_in_the_docs_is_what_is_written() -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    assert to_json(read_json(example)) == example


def test_a_layer_that_two_bodies_share_stands_once_and_is_one_layer_again() -> None:
    shared = dense(0, params=8, trainable_params=8)
    body = ModelGraph(nodes=(Node(layer=shared),), layers=(shared,))
    owners = [Layer(id=number, kind="Functional", params=8, trainable_params=8, graph=body) for number in (1, 2)]
    graph = ModelGraph(nodes=tuple(Node(layer=owner) for owner in owners), layers=tuple(owners))
    back = read_json(to_json(graph))
    assert back == graph
    assert back.params == graph.params == 8
    first, second = (layer.graph for layer in back.layers)
    assert first is not None
    assert second is not None
    assert first.nodes[0].layer is second.nodes[0].layer


def test_texts_with_a_byte_order_mark_and_bytes_are_read() -> None:
    assert read_json(SMALL.encode()) == read_json("\ufeff" + SMALL) == small()


def test_the_order_of_keys_in_an_object_of_a_setting_does_not_matter() -> None:
    document = json.loads(SMALL)
    document["layers"][1]["settings"]["x"] = {"$": "", "items": {"b": 1, "a": [2.0]}}
    assert read_json(document).layers[1].setting("x") == Record("", (("a", (2.0,)), ("b", 1)))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("layers", 1, "params"), "x", 'layers[1].params: expected an integer, got "x"'),
        (("layers", 1, "params"), True, "layers[1].params: expected an integer, got true"),
        (("layers", 1, "params"), -1, "layers[1].params: expected an integer of at least 0, got -1"),
        (("layers", 1, "params"), 10, "layers[1]: layer 1 (Dense) cannot have 40 trainable of 10 weights"),
        (("layers", 1, "kind"), None, "layers[1].kind: expected a text, got null"),
        (("layers", 1, "id"), 0, "layers[1].id: the id 0 stands twice"),
        (("layers", 1, "named"), 1, "layers[1].named: expected true or false, got 1"),
        (("layers", 1, "name"), None, "layers[1]: layer 1 (Dense) is said to be named and has no name"),
        (("layers", 1, "extra"), 1, 'layers[1]: there is no "extra"; expected id, kind'),
        (("layers", 1, "settings", "a"), {"$": "L2"}, 'layers[1].settings["a"]: "items" is missing'),
        (("layers", 1, "settings", "a"), {"l2": 1}, 'layers[1].settings["a"]: "$" is missing'),
        (
            ("layers", 1, "settings", "a"),
            float("nan"),
            "layers[1].settings[\"a\"]: nan is no value; expected the text 'nan'",
        ),
        (("layers", 1, "settings", "a"), {1}, 'layers[1].settings["a"]: expected a value, got set'),
        (("layers", 1, "weights", 0, "shape"), [None], "layers[1].weights[0].shape[0]: expected an integer, got null"),
        (("layers",), {}, "layers: expected a list, got an object"),
        (("model", "nodes", 1, "layer"), 7, "model.nodes[1].layer: there is no layer 7"),
        (("model", "nodes", 1, "inputs"), [], "model.nodes[1]: the call of Dense has 1 tensors, its node has 0"),
        (("model", "nodes", 1, "inputs"), [[1, 0]], "model: node 1 (Dense) uses node 1, which does not come before it"),
        (("model", "nodes", 1, "inputs"), [[0]], "model.nodes[1].inputs[0]: expected the number of a node and that"),
        (
            ("model", "outputs"),
            [[0, 3]],
            "model: the model's outputs uses output 3 of node 0, which has no such output",
        ),
        (
            ("model", "how"),
            "guessed",
            'model.how: expected one of declared, traced, recorded, layers only, weights only, not built, got "g',
        ),
        (("model", "nodes"), None, "model.nodes: expected a list, got null"),
        (("model",), [], "model: expected an object, got a list"),
        (
            ("schema",),
            "keras-ascii/diff",
            "the document: expected the schema 'keras-ascii/graph', got 'keras-ascii/diff'",
        ),
        (("schema",), 3, "schema: expected a text, got 3"),
        (("version",), "2.0", "version: 2.0 is newer than 1, the last one that this release reads; update it"),
        (("version",), "one", 'version: expected a version such as "1.0", got "one"'),
        (("version",), "0.9", "version: there is no version 0.9"),
        (("extra",), 1, 'the document: there is no "extra"; expected schema, version, totals, model, layers'),
    ],
)
def test_an_error_says_the_place(path: tuple[str | int, ...], value: object, message: str) -> None:
    document = json.loads(SMALL)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(SourceError) as caught:
        read_json(document)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document, the document itself left out."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in inner for found in ((*path, key), *places(item, (*path, key)))]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("$", "items", "id", "x")), inner, max_size=3)
    ),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(json.loads(SMALL))), JSON)
def test_a_document_that_is_wrong_somewhere_is_a_graph_or_an_error_of_ours(
    path: tuple[str | int, ...], value: object
) -> None:
    document = json.loads(SMALL)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    try:
        graph = read_json(document)
    except SourceError:
        return
    assert everything(read_json(to_json(graph))) == everything(graph)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a JSON document: Expecting value: line 1 column 1 (char 0)"),
        ("[1]", "the document: expected an object, got a list"),
        ("{}", "the document: expected the schema"),
        (b"\xff{}", "not a JSON document: 'utf-8' codec can't decode byte 0xff"),
        ("[" * 100_000, "not a JSON document that can be read: it is nested too deeply"),
        ('{"a": 1, "a": 2}', 'not a JSON document: the key "a" stands twice in one object'),
        ('{"a": NaN}', "not a JSON document: NaN is not a number in JSON"),
        ('{"a": 1e999}', "not a JSON document: the number 1e999 is too large"),
        ('{"a": ' + "1" * 5000 + "}", "not a JSON document: Exceeds the limit"),
    ],
)
def test_what_is_no_document_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_json(text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_document_that_is_too_long_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_places, "MAX_CHARACTERS", 10)
    with pytest.raises(SourceError, match=r"a JSON document of 11 characters; at most 10 are read"):
        read_json(" " * 11)


def test_a_newer_minor_version_may_have_more_to_say() -> None:
    document = json.loads(SMALL)
    document["version"] = "1.9"
    document["more"] = document["layers"][0]["more"] = document["model"]["nodes"][0]["more"] = {"x": 1}
    assert read_json(document) == small()


def test_a_long_path_is_cut_and_stays_on_one_line() -> None:
    document = json.loads(SMALL)
    value: object = object()
    for _ in range(90):
        value = {"$": "", "items": {"line\n" * 50: value}}
    document["layers"][1]["settings"]["a"] = value
    with pytest.raises(SourceError) as caught:
        read_json(document)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def nested_value(depth: int) -> Value:
    value: Value = ()
    for _ in range(depth):
        value = (value,)
    return value


def test_values_nest_a_hundred_deep_on_both_sides() -> None:
    def graph(depth: int) -> ModelGraph:
        return ModelGraph(layers=(dense(settings=(("a", nested_value(depth)),)),))

    assert read_json(to_json(graph(99))) == graph(99)
    with pytest.raises(GraphError, match="nested more than 100 deep"):
        to_json(graph(100))
    document = json.loads(to_json(graph(0)))
    document["layers"][0]["settings"]["a"] = nested_value(5000)
    with pytest.raises(SourceError, match="nested more than 100 deep"):
        read_json(document)


def nested_bodies(depth: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_json(ModelGraph(layers=(dense(),))))
    leaf = document["layers"][0]
    body: dict[str, Any] = {**document["model"], "layers": []}
    document["layers"] = [
        {**leaf, "id": number, "graph": {**body, "layers": [number + 1]} if number < depth else None}
        for number in range(depth + 1)
    ]
    return document


def test_bodies_nest_a_hundred_deep() -> None:
    assert read_json(nested_bodies(100)).layers[0].graph is not None
    with pytest.raises(SourceError, match=r"layers\[0\]: bodies are nested more than 100 deep"):
        read_json(nested_bodies(101))
    with pytest.raises(SourceError, match="bodies are nested more than 100 deep"):
        read_json(nested_bodies(5_000))


def test_a_body_that_holds_its_own_layer_is_refused() -> None:
    document = nested_bodies(3)
    document["layers"][3]["graph"] = {**document["layers"][0]["graph"], "layers": [1]}
    with pytest.raises(SourceError, match=r"layers\[3\]: the body of this layer has the layer itself"):
        read_json(document)


def test_a_layer_that_no_graph_has_is_refused() -> None:
    document = json.loads(SMALL)
    document["layers"].append({**document["layers"][0], "id": 5})
    with pytest.raises(SourceError, match=r"layers\[2\]: no graph has this layer"):
        read_json(document)


def test_two_different_layers_with_one_id_cannot_be_written() -> None:
    body = ModelGraph(layers=(dense(0, params=1),))
    graph = ModelGraph(layers=(dense(0), Layer(id=1, kind="Functional", graph=body)))
    with pytest.raises(GraphError, match="two different layers have the id 0: Dense, Dense"):
        to_json(graph)


def test_how_a_graph_was_obtained_and_what_is_not_known_comes_back() -> None:
    layer = dense(settings=None, params=None, trainable_params=None)
    graph = ModelGraph(how=How.UNBUILT, layers=(layer,), outputs=(None,), notes=("call it once",))
    assert everything(read_json(to_json(graph))) == everything(graph)
