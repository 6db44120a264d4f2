"""What a trace says in detail: shapes, dtypes, edges, inputs of inner layers; and what it costs nobody."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from keras_ascii_tools.read.tracing import (
    CallInputs,
    Constant,
    RawOperation,
    RecordedCall,
    Trace,
    guarded,
    inputs_like,
    is_tensor,
    trace,
    traced,
)
from keras_ascii_tools.read.tracing.nested import leaves
from tests.keras.untouched import Picture, untouched
from tests.models import traced as models

pytestmark = pytest.mark.keras

BY_NAME = {kind.name: kind for kind in models.KINDS}


@pytest.fixture(scope="module", autouse=True)
def keras() -> Any:
    return pytest.importorskip("keras")


def build(name: str) -> Any:
    return BY_NAME[name].build()


def trace_of(model: Any, inputs: Any = None, *routes: str) -> Trace:
    outcome = trace(model, inputs=inputs, routes=routes or models.ALL)
    assert outcome.trace is not None, outcome.reason
    return outcome.trace


def edges(found: Trace) -> list[str]:
    """Each call with where its tensors come from, the calls numbered."""
    names = {id(tensor): f"in{number}" for number, tensor in enumerate(found.inputs)}
    lines = []
    for number, one in enumerate(found.calls):
        kind = one.operation.kind if isinstance(one.operation, RawOperation) else type(one.operation).__name__
        sources = [names.get(id(leaf), "?") for leaf in leaves((one.args, one.kwargs)) if is_tensor(leaf)]
        lines.append(f"{number} {kind}({', '.join(sources)})")
        names.update((id(tensor), f"{number}") for tensor in one.outputs)
    return [*lines, *(names.get(id(leaf), "?") for leaf in leaves(found.outputs) if is_tensor(leaf))]


# The tests' own instrument


def test_untouched_sees_what_a_plain_symbolic_call_leaves_behind(keras: Any) -> None:
    model, _ = build("attributes")
    before = Picture(model)
    model(keras.Input((3,)))
    changes = "\n".join(before.changes())
    for place in ("_inbound_nodes", "object_name_uids", "'last'", "deque", "ndarray", "Generator"):
        assert place in changes


def test_untouched_sees_values_patches_and_random_states(keras: Any) -> None:
    import random

    model, _ = build("plain")
    before = Picture(model)
    model.hidden.kernel.assign(model.hidden.kernel * 2)
    random.random()
    state = random.getstate()
    changes = "\n".join(before.changes())
    assert "model['hidden']['_kernel']" in changes
    assert "random" in changes
    assert state == random.getstate()


# Edges


def test_edges_are_those_of_the_functional_model(keras: Any) -> None:
    def layers_of(x: Any, one: Any, two: Any) -> Any:
        y = one(x)
        return keras.ops.relu(two(y) + y)[:, 0]

    class Subclassed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            return layers_of(x, self.one, self.two)

    entry = keras.Input((3,))
    functional = keras.Model(entry, layers_of(entry, keras.layers.Dense(4), keras.layers.Dense(4)))
    declared = [type(one).__name__ for one in functional.operations[1:]]
    found = trace_of(Subclassed(), (None, 3))
    assert [type(one.operation).__name__ for one in found.calls] == declared
    assert edges(found) == ["0 Dense(in0)", "1 Dense(0)", "2 Add(1, 0)", "3 Relu(2)", "4 GetItem(3)", "4"]
    assert [one.outputs[0].shape for one in found.calls] == [(None, 4)] * 4 + [(None,)]
    assert found.calls[4].args[1] == (slice(None), 0)


@pytest.mark.parametrize("route", models.ALL)
def test_a_layer_that_returns_its_input_is_a_call_of_its_own(route: str) -> None:
    found = trace_of(build("passed_through")[0], None, route)
    assert edges(found) == ["0 Dense(in0)", "1 Dropout(0)", "2 Add(1, 0)", "2"]


def test_edges_through_functions_of_tensorflow_are_found_in_the_graph() -> None:
    found = trace_of(build("raw_tensorflow")[0])
    assert edges(found) == ["0 Dense(in0)", "1 Relu(0)", "2 AddV2(1, 0)", "3 Dense(2)", "4 Reshape(3)", "4"]
    assert found.calls[4].args[1] == Constant((3,), "int32")


def test_edges_of_captured_tensors_are_followed_out_of_branches(keras: Any) -> None:
    import tensorflow as tf

    class Branching(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(3), keras.layers.Dense(3)

        def call(self, x: Any) -> Any:
            y = self.one(x)
            return tf.cond(tf.reduce_max(x) > 0, lambda: self.two(y), lambda: y)

    model = Branching()
    with untouched(model):
        found = trace_of(model, (None, 3))
    assert found.how == "recorded"
    assert edges(found)[:2] == ["0 Dense(in0)", "1 Dense(0)"]
    assert edges(found)[-2].partition("(")[0].endswith("If")


def test_unknown_origins_are_tensors_that_nothing_made() -> None:
    found = trace_of(build("numpy_in_python")[0], (None, 3))
    assert edges(found) == ["0 Dense(in0)", "1 Dense(?)", "1"]


def test_constants_are_told_from_tensors() -> None:
    model, _ = build("constants")
    for route in ("symbolic", "graph"):
        found = trace_of(model, None, route)
        assert found.calls[1].args == (Constant((6,), "int32"),)
        assert edges(found)[:2] == ["0 Embedding(in0)", "1 Embedding()"]


def test_masks_are_implied() -> None:
    found = trace_of(build("masks")[0])
    assert edges(found) == ["0 NotEqual(in0)", "1 Embedding(in0)", "2 LSTM(1, 0)", "3 Dense(2)", "3"]
    assert [one.implied for one in found.calls] == [True, False, False, False]
    assert list(found.calls[2].kwargs) == ["mask"]


def test_arguments_are_kept_as_passed_without_what_is_none() -> None:
    found = trace_of(build("plain")[0])
    assert [one.kwargs for one in found.calls] == [{}, {"training": False}, {}]
    assert [one.args for one in found.calls][2] == found.calls[1].outputs


# Shapes and dtypes


def test_the_batch_of_the_build_is_not_shown() -> None:
    found = trace_of(build("plain")[0])
    assert [tensor.shape for tensor in found.inputs] == [(None, 3)]
    assert [one.outputs[0].shape for one in found.calls] == [(None, 8), (None, 8), (None, 2)]


def test_axes_that_follow_the_batch_are_dynamic_again_when_it_needs_a_size() -> None:
    found = trace_of(build("batch_in_python")[0])
    assert found.how == "traced"
    assert [one.outputs[0].shape for one in found.calls] == [(None, 4), (None, 7), (None, 4)]
    assert Constant((None, 3), "float32") in list(leaves(found.calls[1].args))


def test_sizes_in_settings_are_unknown_when_the_batch_needs_a_size(keras: Any) -> None:
    class Flat(keras.Model):
        def call(self, x: Any) -> Any:
            y = keras.ops.reshape(x, (keras.ops.shape(x)[0] * x.shape[1], 2))
            return y[: x.shape[0]]

    found = trace_of(Flat(), (None, 4, 2))
    assert found.calls[0].operation.newshape == (None, 2)
    assert found.calls[0].operation.get_config()["newshape"] == (None, 2)
    assert found.calls[1].args[1:] == (slice(None, None, None),)
    assert [one.outputs[0].shape for one in found.calls] == [(None, 2), (None, 2)]


def test_a_given_batch_stays() -> None:
    found = trace_of(build("plain")[0], (5, 3))
    assert [one.outputs[0].shape for one in found.calls] == [(5, 8), (5, 8), (5, 2)]


def test_floats_that_an_embedding_reads_are_integers() -> None:
    found = trace_of(build("masks")[0])
    assert [(tensor.shape, tensor.dtype) for tensor in found.inputs] == [((None, 5), "int32")]
    assert found.notes == ("the dtypes of its inputs are noted nowhere, taken as int32",)


def test_policies_of_mixed_precision_are_seen() -> None:
    found = trace_of(build("mixed_precision")[0])
    assert [one.outputs[0].dtype for one in found.calls] == ["float16"] * 3
    assert found.inputs[0].dtype == "float32"


# Inputs


def test_inputs_in_argument_order() -> None:
    model, _ = build("two_arguments")
    for inputs in (None, [(None, 3), (None, 5)], {"context": (None, 5), "query": (None, 3)}):
        found = trace_of(model, inputs)
        assert [tensor.shape for tensor in found.inputs] == [(None, 3), (None, 5)]
        assert isinstance(found.input_structure, tuple)


def test_inputs_by_keyword() -> None:
    found = trace_of(*build("keyword_only"))
    assert [tensor.shape for tensor in found.inputs] == [(None, 3), (None, 7)]
    assert list(found.input_structure) == ["image", "text"]


def test_inputs_in_a_dict_and_outputs_in_a_dict() -> None:
    found = trace_of(build("dict_inputs")[0])
    assert [tensor.shape for tensor in found.inputs] == [(None, 6), (None, 3)]
    assert sorted(found.input_structure) == ["a", "b"]
    assert list(found.outputs) == ["joined"]


def test_inputs_like_tensors(keras: Any) -> None:
    model, _ = build("masks")
    found = trace_of(model, keras.KerasTensor((7, 2), "int64"))
    assert [(tensor.shape, tensor.dtype) for tensor in found.inputs] == [((7, 2), "int64")]
    assert found.notes == ()


def test_an_input_that_keras_did_not_note_is_that_of_the_layer_that_reads_it(keras: Any) -> None:
    import numpy as np

    class Attending(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = keras.layers.Dense(4), keras.layers.Dense(4)

        def call(self, query: Any, context: Any) -> Any:
            return self.one(query) + self.two(context)

    model = Attending()
    model(np.ones((2, 3)), np.ones((2, 5)))
    with untouched(model):
        found = trace_of(model)
    assert [tensor.shape for tensor in found.inputs] == [(None, 3), (None, 5)]
    assert found.notes[-1] == "the shape of 'context' is that of the layers that read it"


def test_inputs_that_nobody_noted_are_not_guessed(keras: Any) -> None:
    model, _ = build("unbuilt")
    assert trace(model).reason == "the shapes of its inputs are not known"

    class Unread(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one = keras.layers.Dense(4)

        def call(self, query: Any, context: Any) -> Any:
            return self.one(query) + keras.ops.sum(context)

    model = Unread()
    models.call(model, (2, 3), (2, 5))
    assert trace(model).reason == "the shape of 'context' is not known, which its call() needs"


def test_what_is_no_shape_and_what_is_no_layer() -> None:
    model, _ = build("plain")
    assert trace(model, inputs="(None, 3)").reason.startswith("expected shapes as inputs, got str")
    assert trace(object()).reason == "expected a Keras layer, got object"


def test_text_is_read_as_text(keras: Any) -> None:
    class Reader(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.split = keras.layers.TextVectorization(vocabulary=["a", "b"], output_sequence_length=4)
            self.embed = keras.layers.Embedding(10, 3)

        def call(self, texts: Any, training: Any) -> Any:
            return self.embed(self.split(texts))

    model = Reader()
    with untouched(model):
        found = trace_of(model, (None,))
    assert found.inputs[0].dtype == "string"
    assert edges(found) == ["0 TextVectorization(in0)", "1 Embedding(0)", "1"]


def test_a_chain_without_shapes_gets_them(keras: Any) -> None:
    model = keras.Sequential([keras.layers.Dense(4), keras.Sequential([keras.layers.Dense(2)])])
    with untouched(model):
        found = trace_of(model, (None, 3))
    calls = [one for one in found.calls if not one.implied]
    assert [type(one.operation).__name__ for one in calls] == ["Dense", "Sequential"]
    assert found.calls[-1].outputs[0].shape == (None, 2)


# Inner composites


def test_a_body_is_traced_with_what_the_layer_was_called_with() -> None:
    model, _ = build("composite_layers")
    with untouched(model):
        outer = trace_of(model)
        first = outer.calls[0]
        assert inputs_like(first) == CallInputs((inputs_like(first).args[0],), {"scale": 0.5})
        body = trace_of(first.operation, inputs_like(first))
    assert edges(body) == ["0 Dense(in0)", "1 Dense(0)", "2 Multiply(1)", "3 Add(in0, 2)", "3"]
    assert body.calls[2].args[1] == 0.5
    assert body.notes == ()


def test_levels_of_nested_models_one_at_a_time() -> None:
    model, _ = build("nested")
    with untouched(model):
        outer = trace_of(model)
        inner = trace_of(outer.calls[0].operation, inputs_like(outer.calls[0]))
        innermost = trace_of(inner.calls[1].operation, inputs_like(inner.calls[1]))
    assert [type(one.operation).__name__ for one in inner.calls] == ["Dense", "Innermost"]
    assert [type(one.operation).__name__ for one in innermost.calls] == ["Dense"]


def test_arrays_that_are_passed_in_are_inputs_of_the_body(keras: Any) -> None:
    call = RecordedCall(None, (Constant((6,), "int32"), keras.ops.zeros((2,)), 3), {"flag": True}, ())
    found = inputs_like(call)
    assert [(getattr(x, "shape", x), getattr(x, "dtype", None)) for x in found.args] == [
        ((6,), "int32"),
        ((2,), "float32"),
        (3, None),
    ]
    assert found.kwargs == {"flag": True}


# Models that are not built


def test_weights_of_an_unbuilt_model_can_be_read_while_it_is_traced() -> None:
    model, inputs = build("unbuilt")
    with untouched(model):
        with traced(model, inputs=inputs) as outcome:
            assert outcome.trace is not None
            dense = outcome.trace.calls[0].operation
            assert dense is model.hidden
            assert [tuple(weight.shape) for weight in model.weights] == [(3, 8), (8,), (8, 2), (2,)]
        assert not model.weights
        assert not model.built


def test_bodies_of_an_unbuilt_model_are_traced_inside(keras: Any) -> None:
    class Block(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.dense = keras.layers.Dense(input_shape[-1])
            self.dense.build(input_shape)

        def call(self, x: Any) -> Any:
            return x + self.dense(x)

    class Model(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.block = Block()

        def call(self, x: Any) -> Any:
            return self.block(x)

    model = Model()
    with untouched(model), traced(model, inputs=(None, 3)) as outer:
        assert outer.trace is not None
        call = outer.trace.calls[0]
        with traced(call.operation, inputs=inputs_like(call)) as inner:
            assert inner.trace is not None
            assert inner.trace.calls[0].operation is model.block.dense
        assert model.block.dense.kernel.shape == (3, 3)


@pytest.mark.parametrize("name", ["unbuilt", "keyword_only", "build_of_keras_2", "made_in_call", "raising"])
def test_a_traced_model_becomes_the_same_as_its_untraced_twin(name: str, keras: Any) -> None:
    import numpy as np

    def grow(traces: bool) -> Any:
        keras.utils.clear_session()
        keras.utils.set_random_seed(7)
        model, inputs = build(name)
        for route in models.ALL if traces else ():
            trace(model, inputs=inputs, routes=(route,))
        try:
            if name == "keyword_only":
                models.call(model, image=(2, 3), text=(2, 7))
            else:
                models.call(model, (2, 3))
        except RuntimeError:
            assert name == "raising"
        return model

    plain, seen = grow(False), grow(True)
    assert [w.path for w in plain.weights] == [w.path for w in seen.weights]
    assert len(plain.weights) >= 2
    for one, other in zip(plain.weights, seen.weights, strict=True):
        assert np.array_equal(np.asarray(one), np.asarray(other))


def test_weights_of_unbuilt_models_take_no_memory(keras: Any) -> None:
    import resource

    class Huge(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.dense = keras.layers.Embedding(2_000_000, 512), keras.layers.Dense(8)

        def call(self, ids: Any) -> Any:
            x = self.dense(self.table(ids))
            return keras.ops.matmul(self.table(ids), keras.ops.transpose(self.table.embeddings)), x

    model = Huge()
    trace_of(model, (None, 4))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with traced(model, inputs=(None, 4)) as outcome:
        assert outcome.trace is not None
        assert sum(weight.shape.num_elements() for weight in model.weights) > 1_000_000_000
    assert not model.weights
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    assert "too many to make up" in trace(model, inputs=(None, 4), routes=("eager",)).reason


# What is left alone


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, RecursionError])
@pytest.mark.parametrize("name", ["attributes", "unbuilt"])
def test_nothing_is_left_behind_by_an_interrupt(error: type[BaseException], name: str) -> None:
    model, inputs = build(name)
    kind_of_model = type(model)
    original = kind_of_model.call

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        original(self, *args, **kwargs)
        raise error

    kind_of_model.call = call
    try:
        with untouched(model):
            if issubclass(error, Exception):
                assert error.__name__ in trace(model, inputs=inputs).reason
            else:
                with pytest.raises(error):
                    trace(model, inputs=inputs)
    finally:
        kind_of_model.call = original


def test_a_guard_alone_undoes_what_its_body_did(keras: Any) -> None:
    model, _ = build("attributes")
    with untouched(model), guarded(model):
        model(keras.Input((3,)))
        keras.layers.Dense(3)
        keras.config.set_floatx("float16")
        keras.config.set_dtype_policy("mixed_float16")
        model.one.trainable = False
        model.new = [3]


def test_scopes_around_a_trace_do_not_reach_into_it(keras: Any) -> None:
    model, inputs = build("unbuilt")
    with untouched(model), keras.name_scope("outer"), traced(model, inputs=inputs) as outcome:
        assert outcome.trace is not None
        assert model.hidden.kernel.path.startswith("plain")


def test_other_threads_see_keras_as_always(keras: Any) -> None:
    model, _ = build("plain")
    seen: list[Any] = []

    def other() -> None:
        entry = keras.Input((3,))
        layer = keras.layers.Dense(2)
        seen.append(len(layer(entry)._keras_history.operation._inbound_nodes))
        seen.append(float(keras.ops.sum(layer(keras.ops.ones((1, 3))) * 0)))

    with guarded(model):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert seen == [1, 0.0]


def test_what_a_call_prints_and_warns_is_not_shown(keras: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import warnings

    class Loud(keras.Model):
        def call(self, x: Any) -> Any:
            print("called")
            warnings.warn("called", stacklevel=1)
            return x + 1

    assert edges(trace_of(Loud(), (None, 3))) == ["0 Add(in0)", "0"]
    assert capsys.readouterr().out == ""


def test_weights_on_the_left_of_an_operator(keras: Any) -> None:
    class Scale(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.gamma = self.add_weight(shape=(input_shape[-1],))

        def call(self, x: Any) -> Any:
            return (1.0 - self.gamma) + self.gamma * x

    found = trace_of(Scale(), (None, 3))
    assert found.how == "traced"
    assert edges(found) == ["0 Multiply(in0)", "1 Add(0)", "1"]


def test_reasons_are_the_innermost_error(keras: Any) -> None:
    class Inner(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            raise ValueError("no such\nkey")

    class Outer(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def call(self, x: Any) -> Any:
            return self.inner(x)

    model = Outer()
    for route in models.ALL:
        assert trace(model, inputs=(None, 3), routes=(route,)).reason == "its call() raised ValueError: no such key"


def test_inputs_too_large_for_zeros_are_refused() -> None:
    model, _ = build("values_in_python")
    assert "too many to call it on zeros" in trace(model, inputs=(None, 100_000_000)).reason


@pytest.mark.parametrize("route", ["graph", "eager"])
def test_outputs_keep_the_class_of_their_container(keras: Any, route: str) -> None:
    class Outputs(dict[str, Any]):
        def __getattr__(self, name: str) -> Any:
            if name not in self:
                raise AttributeError(name)
            return self[name]

    class Inner(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            return Outputs(last=x + 1, first=x * 2)

    class Outer(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def call(self, x: Any) -> Any:
            return keras.ops.add(self.inner(x).last, 1)

    model = Outer()
    with untouched(model):
        found = trace_of(model, (None, 3), route)
    assert edges(found) == ["0 Inner(in0)", "1 Add(0)", "1"]
    assert "call" not in vars(model)
