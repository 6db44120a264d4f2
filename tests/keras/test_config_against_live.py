"""The same graph from a live model and from its files."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.graph import How, ModelGraph
from keras_ascii_tools.read.from_config import graph_from_config
from tests.keras.test_applications import FAMILIES, build
from tests.models.traced import KINDS, Kind
from tests.models.zoo import ZOO

pytestmark = pytest.mark.keras

# One layer in two models: only an archive says that it is one.
NOT_IN_JSON = {"shared_across_models"}
# Layers from outside Keras: what is in them, and what they weigh, no config says.
NOT_ALL_KNOWN = {"constants_in_calls", "custom_layer", "loose_end", "subclassed", "subclassed_unbuilt"}


def from_json(model: Any) -> ModelGraph:
    return graph_from_config(json.loads(model.to_json()))


def saved(model: Any, folder: Path) -> Iterator[Path]:
    """Save a model in every format that takes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Keras, about what it cannot save, and about old formats
        for name, options in (("m.keras", {}), ("m.h5", {}), ("m", {"zipped": False})):
            path = folder / name
            model.save(path, **options)
            yield path
    (folder / "m.json").write_text(model.to_json())
    yield folder / "m.json"
    packed = folder / "m.zip"
    with zipfile.ZipFile(folder / "m.keras") as archive, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in archive.namelist():
            new.writestr(member, archive.read(member))
    yield packed


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.parametrize("name", ZOO)
def test_no_file_of_a_model_differs_from_the_live_model(name: str, tmp_path: Path) -> None:
    model = ZOO[name]()
    live = kat.read(model)
    for path in saved(model, tmp_path):
        if name in NOT_IN_JSON and path.suffix in {".json", ".h5"}:
            continue
        graph = kat.read(path)
        assert live.conflicts(graph) == (), path.name
        assert (graph == live) is (name not in NOT_ALL_KNOWN), path.name


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_file_of_a_model_that_declares_no_graph_differs_from_the_live_model(kind: Kind, tmp_path: Path) -> None:
    model, _ = kind.build()
    if not hasattr(model, "save"):
        return  # a layer alone, which has no format of its own
    live = kat.read(model)
    for path in saved(model, tmp_path):
        graph = kat.read(path)
        assert live.conflicts(graph) == (), path.name
        assert graph.notes
        assert graph.how is not How.WEIGHTS or live.params in {None, graph.params}


def _masked_attention(layers: Any, keras: Any) -> Any:
    query, value = layers.Input((6, 8)), layers.Input((5, 10))
    mask = layers.Input((6, 6), dtype="bool")
    alone = layers.MultiHeadAttention(2, 3)(query, query, attention_mask=mask)
    both = layers.MultiHeadAttention(2, 3)(key=value, value=value, query=query)
    grouped = layers.GroupQueryAttention(3, 4, 2)(query, query, attention_mask=mask)
    return keras.Model([query, value, mask], [alone, both, grouped])


def _frozen(layers: Any, keras: Any) -> Any:
    given = layers.Input((4,))
    base = keras.Model(given, layers.Dense(4)(given))
    base.trainable = False
    outer = layers.Input((4,))
    return keras.Model(outer, base(outer))


def _of_mixed_precision(layers: Any, keras: Any) -> Any:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return keras.Sequential([layers.Input((4,)), _frozen(layers, keras)])
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.parametrize("make", [_masked_attention, _frozen, _of_mixed_precision])
def test_masks_states_and_what_the_session_sets_make_no_difference(make: Any, tmp_path: Path) -> None:
    import keras

    model = make(keras.layers, keras)
    live = kat.read(model)
    assert live.params == model.count_params()
    assert kat.read_drawing(str(kat.draw(live, profile="snapshot"))) == live
    for path in saved(model, tmp_path):
        assert kat.read(path) == live, (path.name, kat.read(path).conflicts(live))


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.parametrize("called", ["Attention", "LayerScale", "MultiHeadAttention", "Outer"])
def test_a_class_that_is_called_like_one_of_keras_has_the_weights_in_the_file(called: str, tmp_path: Path) -> None:
    import keras

    def build(self: Any, shape: Any) -> None:
        self.inner.build(shape)
        self.scale = self.add_weight(shape=(shape[-1],))

    def init(self: Any, heads: int = 3, **options: Any) -> None:
        keras.layers.Layer.__init__(self, **options)
        self.inner = keras.layers.Dense(7)

    members = {
        "__init__": init,
        "build": build,
        "call": lambda self, x: (self.inner(x * self.scale), x),
        "get_config": lambda self: {**keras.layers.Layer.get_config(self), "heads": 3},
    }
    given = keras.Input((6, 5))
    made, _ = type(called, (keras.layers.Layer,), members)(name="mine")(given)
    model = keras.Model(given, keras.layers.Dense(2)(made))
    live = kat.read(model)
    for path in saved(model, tmp_path):
        graph = kat.read(path)
        assert graph.conflicts(live) == (), path.name
        # JSON has no weights, and compressed ones are not read.
        assert path.suffix in {".json", ".zip"} or graph.params == model.count_params()


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.parametrize("again", ["outside", "in another", "in both", "nowhere"])
def test_a_layer_in_several_models_is_one_in_an_archive(again: str, tmp_path: Path) -> None:
    import keras

    layers = keras.layers

    def model(layer: Any, name: str) -> Any:
        given = keras.Input((4,))
        return keras.Model(given, layers.Dense(4)(layer(given)), name=name)

    shared = layers.Dense(4, name="shared")
    given = keras.Input((4,))
    found = [model(shared, "one")(given)]
    if again in {"in another", "in both"}:
        found.append(model(shared, "other")(given))
    if again in {"outside", "in both"}:
        found.append(shared(given))
    if again == "nowhere":  # two layers of one name, and one of the same settings that is used twice
        found.append(model(layers.Dense(4, name="shared"), "other")(given))
        twice = layers.Dense(4, name="twice")
        found += [model(twice, "third")(given), twice(given)]
    net = keras.Model(given, found)
    live = kat.read(net)
    assert live.params == net.count_params()
    path = next(saved(net, tmp_path))
    assert kat.read(path).conflicts(live) == ()
    assert kat.read(path) == live


def test_the_outputs_that_nobody_uses_are_counted() -> None:
    import keras

    given = keras.Input((5,))
    highest, _ = keras.ops.top_k(given, 2)
    model = keras.Model(given, keras.layers.Dense(2)(highest))
    live = kat.read(model)
    graph = from_json(model)
    assert graph.conflicts(live) == ()
    assert [[spec.shape for spec in node.outputs] for node in graph.nodes] == [
        [spec.shape for spec in node.outputs] for node in live.nodes
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_the_json_of_an_application_is_the_live_model(name: str) -> None:
    model = build(name)
    live, graph = kat.read(model), from_json(model)
    assert live.conflicts(graph) == ()
    assert graph == live


def _keras2_models() -> list[Any]:
    from tf_keras import Input, Model, Sequential, layers

    x = Input((28, 28, 1))
    encoder = Sequential([layers.InputLayer((28, 28, 1)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(8)])
    inner_input = Input((8,))
    inner = Model(inner_input, layers.Dense(8)(inner_input), name="inner")
    nested = Model({"x": x}, {"y": layers.Dense(2)(inner(inner(encoder(x))))})
    tokens = Input((5,), dtype="int32")
    embedded = layers.Embedding(50, 8, mask_zero=True)(tokens)
    sequence, h, c = layers.LSTM(8, return_state=True, return_sequences=True)(embedded)
    again = layers.LSTM(8, return_sequences=True)(embedded, initial_state=[h, c])
    attended = layers.MultiHeadAttention(2, 4)(again, sequence)
    both = layers.Bidirectional(layers.GRU(4))(attended)
    return [nested, Model(tokens, layers.TimeDistributed(layers.Dense(3))(attended)), Model(tokens, both)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_files_of_keras_2(tmp_path: Path) -> None:
    pytest.importorskip("tf_keras")
    for number, model in enumerate(_keras2_models()):
        graph = graph_from_config(json.loads(model.to_json()))
        assert graph.params == model.count_params()
        shapes = {node.layer.name: node.outputs[0].shape for node in graph.nodes}
        for layer in model.layers:
            outputs = layer.get_output_at(len(layer.inbound_nodes) - 1)
            first = outputs[0] if isinstance(outputs, (list, tuple)) else outputs
            assert shapes[layer.name] == tuple(first.shape), layer.name
        for ending in (
            ".keras",
            ".h5",
            *([""] if number == 0 else []),
        ):  # recurrent layers take minutes as a SavedModel
            path = tmp_path / f"{number}{ending}"
            model.save(path)
            assert kat.read(path) == graph
