"""Every kind of model: drawn truthfully, losslessly, and left as it was."""

from __future__ import annotations

import math
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.graph import all_layers
from tests.golden import FOLDER, NAMES
from tests.keras.untouched import untouched
from tests.models.zoo import ZOO

pytestmark = pytest.mark.keras


@pytest.mark.parametrize("name", ZOO)
def test_a_model_is_read_drawn_and_left_as_it_was(name: str) -> None:
    model = ZOO[name]()
    with untouched(model):
        graph = kat.read(model)
        snapshot = str(kat.draw(graph, profile="snapshot"))
        again = kat.read_drawing(snapshot)
        for charset in ("unicode", "ascii"):
            for fold in ("no", "exact", "similar"):
                text = str(kat.draw(graph, charset=charset, fold=fold, depth=-1))
                assert charset == "unicode" or text.isascii()
    assert again.conflicts(graph) == ()
    assert again == graph
    assert str(kat.draw(again, profile="snapshot")) == snapshot


@pytest.mark.parametrize("name", ZOO)
def test_weights_are_counted_as_keras_counts_them(name: str) -> None:
    model = ZOO[name]()
    if not model.built or not model.layers:
        pytest.skip("Keras refuses to count the weights of a model that is not built")
    graph = kat.read(model)
    assert graph.params == model.count_params()
    assert graph.trainable_params == sum(math.prod(weight.shape) for weight in _unique(model.trainable_weights))
    for layer in all_layers(graph):
        if layer.weights is not None:
            assert layer.params == sum(weight.size for weight in layer.weights if not weight.tied)


def _unique(weights: list[Any]) -> list[Any]:
    return list({id(weight): weight for weight in weights}.values())


def test_the_size_is_what_keras_says() -> None:
    from keras.src.utils import summary_utils

    for name in ("mixed_precision", "quantized_int8", "quantized_int4", "unet"):
        model = ZOO[name]()
        assert kat.read(model).bytes == summary_utils.weight_memory_size(model.weights), name


def test_shapes_of_a_shared_layer_are_those_of_each_call() -> None:
    """Keras' own summary prints the last call's shape for both: it is no oracle here."""
    graph = kat.read(ZOO["siamese_layers"]())
    shapes = [node.outputs[0].shape for node in graph.nodes if node.layer.name == "shared_conv"]
    assert shapes == [(None, 62, 62, 8), (None, 30, 30, 8)]


def test_automatic_masks_are_implied_and_a_persons_own_are_not() -> None:
    import keras
    from keras import layers, ops

    assert [node.layer.kind for node in kat.read(ZOO["seq2seq"]()).nodes if node.implied] == ["NotEqual"]
    assert [node.layer.kind for node in kat.read(ZOO["masking"]()).nodes if node.implied] == ["NotEqual", "Any"]

    x = keras.Input((None, 3))
    lengths = keras.Input((None,), dtype="int32")
    y = layers.LSTM(4)(x, mask=ops.not_equal(lengths, 0))
    assert not any(node.implied for node in kat.read(keras.Model([x, lengths], y)).nodes)


def test_a_mask_that_is_also_data_is_not_implied() -> None:
    import keras
    from keras import layers, ops

    x = keras.Input((5,), dtype="int32")
    embedded = layers.Embedding(10, 4, mask_zero=True)(x)
    mask = embedded._keras_mask
    y = layers.LSTM(4)(embedded)
    model = keras.Model(x, [y, ops.sum(ops.cast(mask, "int32"), axis=-1)])
    assert not any(node.implied for node in kat.read(model).nodes)


def test_names_that_keras_made_up_make_no_difference() -> None:
    first = str(kat.draw(ZOO["transformer"](), profile="snapshot"))
    ZOO["residual"]()
    assert str(kat.draw(ZOO["transformer"](), profile="snapshot")) == first
    assert kat.read(ZOO["transformer"](), names="keep") != kat.read(ZOO["transformer"](), names="keep")


def test_a_model_read_with_its_names_kept_reads_back_so() -> None:
    graph = kat.read(ZOO["chain"](), names="keep")
    assert all(node.layer.given_name for node in graph.nodes)
    assert kat.read_drawing(str(kat.draw(graph, profile="snapshot"))) == graph


@pytest.mark.parametrize("name", ["subclassed_unbuilt", "sequential_unbuilt"])
def test_a_model_that_is_not_built_says_how_to_build_it(name: str) -> None:
    text = str(kat.draw(ZOO[name]()))
    assert "not built: call model.build(input_shape), or pass input_shape=(None, ...)" in text


def test_an_input_shape_opens_a_model_that_is_not_built_and_leaves_it_so() -> None:
    for name, shape in (("subclassed_unbuilt", (None, 4)), ("sequential_unbuilt", (None, 4))):
        model = ZOO[name]()
        with untouched(model):
            graph = kat.read(model, input_shape=shape)
        assert graph.params is not None
        assert graph.params > 0
        assert graph.nodes[0].outputs[0].shape == shape
        assert not model.built


@pytest.mark.parametrize("given", ["x", 5, (None, 3, "a"), (None, -4), (None, 2.5), {"x": "(4,)"}, [(None, 4), 3]])
def test_what_is_no_shape_is_said(given: Any) -> None:
    with pytest.raises(kat.OptionError, match=r"^input_shape: expected a shape such as \(None, 28, 28, 1\)"):
        kat.read(ZOO["subclassed_unbuilt"](), input_shape=given)


def test_the_optimizer_stands_apart() -> None:
    graph = kat.read(ZOO["compiled"]())
    assert graph.params == 19
    assert graph.optimizer is not None
    assert graph.optimizer.params == 2 * 19 + 2
    assert "19 weights" in str(kat.draw(graph))
    assert "optimizer Adam 40" in str(kat.draw(graph))


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_graphs_are_those_of_the_models(name: str) -> None:
    """The golden drawings are drawn from stored graphs, so that they are tested without Keras."""
    assert kat.read(FOLDER / f"{name}.json") == kat.read(ZOO[name]())


def test_what_keras_inserted_is_counted_and_shown_on_request() -> None:
    model = ZOO["masking"]()
    hidden = str(kat.draw(model))
    assert "2 operations that Keras inserted: not shown" in hidden
    assert "NotEqual" not in hidden
    shown = str(kat.draw(model, plumbing=True))
    assert "ops.NotEqual" in shown
    assert "ops.Any" in shown


def test_a_layer_alone_is_drawn_closed() -> None:
    import keras

    for layer in (keras.layers.Dense(3), keras.layers.LSTM(3), keras.layers.MultiHeadAttention(2, 3)):
        with untouched(layer):
            graph = kat.read(layer)
        assert [inner.kind for inner in graph.layers] == [type(layer).__name__]
        assert f"{type(layer).__name__}" in str(kat.draw(graph))
        assert kat.read_drawing(str(kat.draw(graph, profile="snapshot"))) == graph


def test_a_model_of_keras_2_is_refused_in_one_line() -> None:
    tf_keras = pytest.importorskip("tf_keras", reason="tf_keras is Keras 2, and not installed")
    model = tf_keras.Sequential([tf_keras.layers.Dense(2, input_shape=(3,))])
    with pytest.raises(kat.SourceError, match="Sequential is a model of Keras 2; live models are drawn from Keras 3"):
        kat.draw(model)


def test_what_a_custom_layer_does_not_say_is_unknown() -> None:
    import keras

    class Silent(keras.layers.Layer):
        def __init__(self, function: Any) -> None:
            super().__init__()
            self.function = function

        def call(self, x: Any) -> Any:
            return self.function(x)

    x = keras.Input((4,))
    graph = kat.read(keras.Model(x, Silent(keras.ops.tanh)(x)))
    assert graph.nodes[1].layer.settings is None
    assert "settings unknown" in str(kat.draw(graph))
    assert kat.read_drawing(str(kat.draw(graph, profile="snapshot"))) == graph


def test_an_output_is_told_from_a_loose_end() -> None:
    text = str(kat.draw(ZOO["loose_end"]()))
    (dead_end,) = [line for line in text.splitlines() if "ops.Multiply" in line]
    (output,) = [line for line in text.splitlines() if "Dense" in line]
    assert "□" in dead_end
    assert "→1" in output
    assert "■" not in text


def test_outputs_with_names_are_shown_with_them() -> None:
    text = str(kat.draw(ZOO["subclassed"]()))
    assert "logits 4 2, probabilities 4 2" in text
    assert "→logits" in text
    assert "→probabilities" in text


def test_a_branch_that_was_not_taken_has_no_weights() -> None:
    import keras
    import numpy as np

    class Branch(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.other = keras.layers.Dense(3), keras.layers.Dense(3)

        def call(self, x: Any) -> Any:
            return self.one(x) if float(keras.ops.sum(x)) > 0 else self.other(x)

    model = Branch()
    model(np.ones((1, 5), "float32"))
    graph = kat.read(model)
    assert graph.params in {18, None}
    assert "with other values there may be others" in str(kat.draw(graph))


def test_the_policy_of_the_model_is_said_where_it_is_not_float32() -> None:
    import keras

    half = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, dtype="mixed_float16")])
    assert "policy mixed_float16" in str(kat.draw(half))
    assert "policy" not in str(kat.draw(ZOO["chain"]()))
