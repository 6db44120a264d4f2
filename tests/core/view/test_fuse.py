"""What becomes one row, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from keras_ascii_tools.graph import INPUT, Call, Layer, ModelGraph, Record, TensorRef, Weight
from keras_ascii_tools.view import fuse, row_params, select
from tests.core.view.builders import Model, chain, kinds, load, uses

RELU = {"activation": "relu"}


def fused_kinds(*steps: tuple[str, dict[str, Any]]) -> str:
    model = Model()
    x = model.input()
    for kind, facts in steps:
        x = model.add(kind, x, **facts)
    return kinds(fuse(model.graph(x)).graph)


def test_convolution_normalisation_and_activation_are_one_row() -> None:
    model = Model()
    x = model.input()
    y = model.add("Conv2D", x, name="conv1", params=72, settings={"filters": 8}, dtype_policy="float32")
    y = model.add("BatchNormalization", y, name="bn1", params=32, trainable_params=16, settings={"epsilon": 0.1})
    y = model.add("Activation", y, name="relu1", settings=RELU, shape=(None, 9))
    graph = model.graph(y)
    view = fuse(graph)
    layer = view.graph.nodes[1].layer
    assert (layer.kind, layer.name, layer.named) == ("Conv2D+BN+relu", "conv1", True)
    assert layer.settings == (("filters", 8), ("bn.epsilon", 0.1))
    assert (layer.params, layer.trainable_params) == (104, 88)
    assert view.graph.nodes[1].outputs[0].shape == (None, 9)
    assert view.copies == (((0,),), ((1, 2, 3),))
    assert [one.name for one in view.layers(1)] == ["conv1", "bn1", "relu1"]
    assert view.graph.layers[1:] == (layer,)
    assert (view.graph.params, view.stands_for, row_params(view)) == (graph.params, 4, ((0,), (104,)))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([("Dense", {}), ("LayerNormalization", {})], "Dense+LN"),
        ([("DepthwiseConv2D", {}), ("GroupNormalization", {}), ("ReLU", {})], "DepthwiseConv2D+GN+ReLU"),
        ([("Dense", {}), ("Gelu", {"module": "keras.ops"})], "Dense+gelu"),
        ([("BatchNormalization", {}), ("Activation", {"settings": RELU})], "BatchNormalization+relu"),
        ([("Dense", {}), ("Activation", {})], "Dense+linear"),
        ([("Dense", {}), ("Activation", {"settings": {"activation": Record("Swish2")}})], "Dense+Swish2"),
        ([("Dense", {}), ("Activation", {"settings": {"activation": Record("")}})], "Dense+Activation"),
        ([("Add", {"module": "keras.ops"}), ("Relu", {"module": "keras.ops"})], "Add+relu"),
        ([("Reshape", {"module": "keras.ops"}), ("Relu", {"module": "keras.ops"})], "Reshape Relu"),
        ([("Dense", {}), ("ReLU", {}), ("ReLU", {})], "Dense+ReLU ReLU"),
        ([("Dense", {}), ("ReLU", {}), ("BatchNormalization", {})], "Dense+ReLU BatchNormalization"),
        ([("Dropout", {}), ("ReLU", {})], "Dropout ReLU"),
        ([("ReLU", {}), ("Dense", {})], "ReLU Dense"),
        # An activation inside comes before the normalisation: one row could not say so.
        ([("Dense", {"settings": RELU}), ("BatchNormalization", {})], "Dense BatchNormalization"),
        ([("Dense", {"settings": RELU}), ("ReLU", {})], "Dense ReLU"),
        (
            [("Dense", {"params": 1}), ("BatchNormalization", {"params": 1, "trainable": False})],
            "Dense BatchNormalization",
        ),
        ([("Dense", {"dtype_policy": "mixed_float16"}), ("ReLU", {"dtype_policy": "float32"})], "Dense ReLU"),
        ([("Dense", {"outputs": 2}), ("ReLU", {})], "Dense ReLU"),
        (
            [("Dense", {}), ("BatchNormalization", {"call": Call((INPUT,), (("training", False),))})],
            "Dense BatchNormalization",
        ),
    ],
)
def test_what_is_one_row(steps: list[tuple[str, dict[str, Any]]], expected: str) -> None:
    assert fused_kinds(*steps) == f"InputLayer {expected}"


def test_merges_are_fused_with_what_follows_them() -> None:
    model = Model()
    x = model.input()
    y = model.add("Activation", model.add("Add", x, model.add("Dense", x)), settings=RELU)
    view = fuse(model.graph(y))
    assert kinds(view.graph) == "InputLayer Dense Add+relu"
    assert uses(view.graph) == [[], [0], [0, 1]]


def test_tensors_that_others_use_stay_visible() -> None:
    model = Model()
    y = model.add("Dense", model.input())
    z = model.add("ReLU", y)
    assert kinds(fuse(model.graph(z, y)).graph) == "InputLayer Dense ReLU"
    assert kinds(fuse(model.graph(model.add("Add", y, z))).graph) == "InputLayer Dense ReLU Add"


def test_shared_layers_stay_alone() -> None:
    model = Model()
    shared = model.layer("ReLU")
    x = model.call(shared, model.add("Dense", model.input()))
    x = model.call(shared, model.add("Dense", x))
    assert kinds(fuse(model.graph(x)).graph) == "InputLayer Dense ReLU Dense ReLU"


def test_what_is_not_known_stays_visible() -> None:
    model = Model()
    x = model.call(Layer(id=100, kind="Dense", settings=None), model.input())
    x = model.call(Layer(id=101, kind="Dense", params=None, trainable_params=None), model.add("ReLU", x))
    assert kinds(fuse(model.graph(model.add("ReLU", x))).graph) == "InputLayer Dense ReLU Dense ReLU"


def test_arrays_are_those_of_all_parts() -> None:
    def build(known: bool) -> ModelGraph:
        model = Model()
        arrays = (Weight("kernel", (3,), "float32", True),)
        x = model.add("Dense", model.input(), params=3, weights=arrays)
        x = model.add("BatchNormalization", x, params=3, weights=arrays if known else None)
        return model.graph(model.add("ReLU", x))

    assert [len(layer.weights or ()) for layer in fuse(build(True)).graph.layers] == [0, 2]
    assert fuse(build(False)).graph.layers[1].weights is None
    assert fuse(build(True)).graph.bytes == 24


def test_settings_of_all_parts_are_told() -> None:
    model = Model()
    x = model.add("Dense", model.input(), settings={"units": 3})
    x = model.add("LeakyReLU", x, settings={"negative_slope": 0.1})
    y = model.add("Activation", model.add("Dense", x), settings={"activation": Record("Swish2")})
    _, one, two = fuse(model.graph(y)).graph.nodes
    assert one.layer.settings == (("units", 3), ("leakyrelu.negative_slope", 0.1))
    assert two.layer.settings == (("swish2.activation", Record("Swish2")),)


def test_trainable_weights_that_are_not_known_stay_so() -> None:
    model = Model()
    x = model.add("Dense", model.input(), params=3, trainable_params=None)
    assert fuse(model.graph(model.add("ReLU", x))).graph.nodes[1].layer.trainable_params is None


def test_nothing_to_fuse_changes_nothing() -> None:
    graph = chain(["Dropout", "Flatten"])
    assert fuse(graph).graph is graph


def test_fusing_twice_is_fusing_once() -> None:
    once = fuse(load("mobilenetv2"))
    assert fuse(once) is once


def test_cut_inputs_stay_cut() -> None:
    view = fuse(select(chain(["Dropout", "Dense", "ReLU", "Flatten"]), ["Dense", "ReLU"]))
    assert kinds(view.graph) == "Dense+ReLU"
    assert [(cut.node, cut.position, cut.source) for cut in view.cuts] == [(0, 0, TensorRef(1))]


@pytest.mark.parametrize(
    ("name", "rows"),
    [("densenet121", 245), ("mobilenetv2", 69), ("resnet50", 75), ("transformer12", 149), ("xception", 70)],
)
def test_rows_of_real_models(name: str, rows: int) -> None:
    graph = load(name)
    view = fuse(graph)
    assert len(view.graph.nodes) == rows
    assert (view.stands_for, view.graph.params) == (len(graph.nodes), graph.params)
