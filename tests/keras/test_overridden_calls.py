"""What a model runs, where that is not what its class inherits, or not what Keras has built yet."""

from __future__ import annotations

import math
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.graph import How, all_layers
from tests.keras.untouched import untouched

pytestmark = pytest.mark.keras


def kinds(graph: kat.ModelGraph) -> list[str]:
    return [node.layer.kind for node in graph.nodes if not node.implied]


def read_back(graph: kat.ModelGraph) -> kat.ModelGraph:
    return kat.read_drawing(str(kat.draw(graph, profile="snapshot")))


def functional_with_a_call() -> Any:
    import keras
    import numpy as np

    class Longer(keras.Model):
        def __init__(self) -> None:
            x = keras.Input((3,))
            super().__init__(x, keras.layers.Dense(2, name="base")(x))
            self.extra = keras.layers.Dense(2, name="extra")

        def call(self, x: Any) -> Any:
            return self.extra(super().call(x))

    model = Longer()
    model(np.zeros((1, 3)))
    return model


def test_a_functional_model_whose_class_has_a_call_is_drawn_as_that_calls_its_layers() -> None:
    model = functional_with_a_call()
    with untouched(model):
        graph = kat.read(model)
    assert graph.how is How.TRACED
    assert kinds(graph) == ["InputLayer", "Dense", "Dense"]
    assert [layer.given_name for layer in graph.layers] == ["base", "extra"]
    assert graph.params == model.count_params() == 14
    assert read_back(graph) == graph


def test_it_is_so_inside_of_another_model() -> None:
    import keras

    x = keras.Input((3,))
    graph = kat.read(keras.Model(x, functional_with_a_call()(x)))
    body = graph.nodes[1].layer.graph
    assert body is not None
    assert kinds(body) == ["InputLayer", "Dense", "Dense"]


def test_layers_that_a_functional_class_has_beside_its_graph_are_drawn_uncalled() -> None:
    import keras

    class Beside(keras.Model):
        def __init__(self) -> None:
            x = keras.Input((3,))
            super().__init__(x, keras.layers.Dense(2)(x))
            self.aside = keras.layers.Dense(4, name="aside")
            self.aside.build((None, 2))

    model = Beside()
    graph = kat.read(model)
    assert graph.how is How.DECLARED
    assert graph.own_params == 0
    assert graph.params == model.count_params() == 20
    assert "·  XXXXX  Dense  4    aside" in str(kat.draw(graph))


def test_a_chain_whose_class_has_a_call_is_traced() -> None:
    import keras

    class Odds(keras.Sequential):
        def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            return keras.ops.softmax(super().call(inputs, training=training, mask=mask))

    model = Odds([keras.Input((3,)), keras.layers.Dense(4)])
    with untouched(model):
        graph = kat.read(model)
    assert kinds(graph) == ["InputLayer", "Dense", "Softmax"]
    unbuilt = Odds([keras.layers.Dense(4)])
    assert kinds(kat.read(unbuilt, input_shape=(None, 3))) == ["InputLayer", "Dense", "Softmax"]
    assert kat.read(unbuilt).how is How.UNBUILT


def test_a_class_without_a_call_shows_its_layers_and_says_so() -> None:
    import keras

    class Pair(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)], name="encoder")
            self.decoder = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)], name="decoder")

    graph = kat.read(Pair())
    assert graph.how is How.LAYERS_ONLY
    assert graph.params == 22
    text = str(kat.draw(graph))
    assert "its class has no call()" in text
    assert "model.build" not in text, "no build would help"
    assert read_back(graph) == graph


def test_a_model_that_is_said_to_be_built_while_its_layers_are_not_has_the_weights_to_come() -> None:
    import keras
    import numpy as np

    class Block(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(3)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = [Block(), Block()]

        def call(self, x: Any) -> Any:
            for block in self.blocks:
                x = block(x)
            return x

    model = Net()
    with pytest.warns(UserWarning, match="does not have a `build"):
        model.build((None, 5))
    assert not model.weights, "Keras builds it in name only"
    with untouched(model):
        graph = kat.read(model)
    assert "not all of its layers are built" in str(kat.draw(graph))
    model(np.zeros((1, 5)))
    assert graph.params == model.count_params()
    assert graph == kat.read(model)


def test_a_chain_in_a_traced_model_has_no_batch_of_its_own() -> None:
    import keras
    import numpy as np

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.chain = keras.Sequential([keras.layers.Dense(4), keras.layers.ReLU()])

        def call(self, x: Any) -> Any:
            return self.chain(x)

    def built_on(batch: int) -> kat.ModelGraph:
        model = Net()
        model(np.zeros((batch, 3)))
        with untouched(model):
            return kat.read(model)

    graph = built_on(7)
    assert graph == built_on(2)
    (chain,) = graph.layers
    assert chain.graph is not None
    assert chain.graph.how is How.DECLARED
    assert [node.outputs[0].shape for node in chain.graph.nodes] == [(None, 3), (None, 4), (None, 4)]


def test_classes_of_ones_own_of_recurrent_layers_stay_closed() -> None:
    import keras
    from keras import layers

    class MyLSTM(layers.LSTM):
        pass

    class Doubled(layers.GRU):
        def call(self, sequence: Any, initial_state: Any = None, mask: Any = None, training: bool = False) -> Any:
            return super().call(sequence, initial_state, mask, training) * 2

        def build(self, input_shape: Any) -> None:
            super().build(input_shape)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return super().compute_output_shape(input_shape)

    x = keras.Input((4, 3))
    graph = kat.read(keras.Model(x, [MyLSTM(5)(x), Doubled(5)(x)]))
    assert all(layer.graph is None for layer in all_layers(graph))
    assert graph.params == sum(math.prod(weight.shape) for weight in keras.Model(x, MyLSTM(5)(x)).weights) + 150


def test_a_config_that_is_none_says_nothing() -> None:
    import keras

    def silent(answer: Any) -> Any:
        class Silent(keras.layers.Layer):
            def call(self, x: Any) -> Any:
                return x

            def get_config(self) -> Any:
                return answer

        return Silent()

    x = keras.Input((2,))
    graph = kat.read(keras.Model(x, silent([1])(silent(None)(x))))
    assert [node.layer.settings for node in graph.nodes[1:]] == [None, None]


def test_policies_keep_their_names() -> None:
    import keras

    policies = keras.dtype_policies.DTypePolicyMap()
    policies["half"] = keras.dtype_policies.DTypePolicy("bfloat16")
    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(2, dtype=policies, name="half")(x))
    with untouched(model):
        first = kat.read(model)
    assert kat.read(model) == first
    assert policies["half"].name == "bfloat16"


def test_a_list_of_shapes_may_be_arguments_with_default_values() -> None:
    import keras

    class Pair(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, query: Any, context: Any = None, training: bool = False) -> Any:
            return self.one(query) if context is None else self.one(query) + self.two(context)

    model = Pair()
    with untouched(model):
        graph = kat.read(model, input_shape=[(None, 3), (None, 5)])
    assert [node.layer.kind for node in graph.nodes] == ["InputLayer", "Dense", "InputLayer", "Dense", "Add"]
    assert kat.read(model, input_shape=(None, 3)).params == 16
