"""The same graph from a live model, from its JSON and from its archive."""

from __future__ import annotations

import json
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.graph import Layer, ModelGraph
from keras_ascii_tools.read.from_config import graph_from_config
from tests.keras.test_applications import FAMILIES, build
from tests.models.zoo import ZOO

pytestmark = pytest.mark.keras

# One layer in two models: only an archive says that it is one.
NOT_IN_JSON = {"shared_across_models"}


def as_in_file(graph: ModelGraph) -> ModelGraph:
    """Take away what a live model has and no file: see `_layer`."""
    layers: dict[int, Layer] = {}

    def layer(live: Layer) -> Layer:
        if live.id not in layers:
            layers[live.id] = _layer(live)
        return layers[live.id]

    nodes = tuple(replace(node, layer=layer(node.layer)) for node in graph.nodes)
    return replace(graph, nodes=nodes, layers=tuple(layer(one) for one in graph.layers))


def _layer(layer: Layer) -> Layer:
    if layer.graph is not None:
        layer = replace(layer, graph=as_in_file(layer.graph))
    if layer.kind == "Functional" and layer.module == "keras.models":
        return replace(layer, dtype_policy=None)  # of the session, and without effect
    if layer.kind == "InputLayer":
        return replace(layer, trainable=True)  # has nothing to train, and no such setting
    return layer


def from_json(model: Any) -> ModelGraph:
    return graph_from_config(json.loads(model.to_json()))


def from_archive(model: Any, folder: Path) -> ModelGraph:
    path = folder / "m.keras"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Keras, about what it cannot save
        model.save(path)
    with zipfile.ZipFile(path) as archive:
        return graph_from_config(json.loads(archive.read("config.json")))


@pytest.mark.parametrize("name", ZOO)
def test_nothing_in_the_json_or_the_archive_differs_from_the_live_model(name: str, tmp_path: Path) -> None:
    model = ZOO[name]()
    live = as_in_file(kat.read(model))
    for graph in [from_archive(model, tmp_path)] + ([] if name in NOT_IN_JSON else [from_json(model)]):
        assert live.conflicts(graph) == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_in_the_json_of_an_application_differs_from_the_live_model(name: str) -> None:
    model = build(name)
    assert as_in_file(kat.read(model)).conflicts(from_json(model)) == ()
