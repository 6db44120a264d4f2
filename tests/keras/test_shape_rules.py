"""Rules of shapes, dtypes and weights against Keras itself."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from keras_ascii_tools.graph import INPUT, Call, Shape, TensorSpec
from keras_ascii_tools.read.config_entries import Entry, entry_of_raw
from keras_ascii_tools.read.shapes import LAYERS, output_specs
from keras_ascii_tools.read.weight_rules import RULES, weights_by_rule
from tests.keras.rule_cases import Case, cases

pytestmark = pytest.mark.keras


class Outcome(NamedTuple):
    """What Keras does with a case, and what is written of it."""

    entry: Entry
    inputs: tuple[TensorSpec, ...]
    outputs: list[TensorSpec]
    params: int
    trainable: int


def spec(tensor: Any) -> TensorSpec:
    return TensorSpec(tuple(tensor.shape), tensor.dtype)


def entry_of(layer: Any) -> Entry:
    import keras

    return entry_of_raw(keras.saving.serialize_keras_object(layer))


def size(weights: list[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def outcome(layer: Any, case: Case) -> Outcome:
    import keras

    tensors = [keras.Input(batch_shape=shape, dtype=case.dtype) for shape in case.inputs]
    outputs = layer(tensors, **case.call) if case.as_list else layer(*tensors, **case.call)
    found = [spec(tensor) for tensor in keras.tree.flatten(outputs)]
    inputs = tuple(spec(tensor) for tensor in tensors)
    return Outcome(entry_of(layer), inputs, found, layer.count_params(), size(layer.trainable_weights))


@cache
def outcomes() -> list[tuple[Case, Outcome]]:
    import keras

    found = []
    refused = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in cases():
            settings = dict(case.settings)
            rank = settings.pop("lora_rank", None)
            try:
                layer = getattr(keras.layers, case.kind)(**settings)
                if rank is not None:
                    layer.build(case.inputs[0])
                    layer.enable_lora(rank)
                found.append((case, outcome(layer, case)))
            except Exception as error:  # a case that Keras refuses is none
                refused.append(f"{case}: {error}")
    assert not refused, "\n".join(refused)
    return found


def call_of(case: Case) -> Call | None:
    if not case.call:
        return None
    given = (INPUT,) * len(case.inputs)
    return Call((given,) if case.as_list else given, tuple(case.call.items()))


def test_shapes_and_dtypes_are_those_of_a_call_in_keras() -> None:
    wrong = []
    for case, real in outcomes():
        found = output_specs(real.entry, real.inputs, call_of(case))
        if found is None or list(found) != real.outputs:
            wrong.append(f"{case}\n   keras {real.outputs}\n   rule  {found}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(outcomes())}", *wrong[:20]])


def test_weights_are_those_that_keras_counts() -> None:
    wrong = []
    for case, real in outcomes():
        found = weights_by_rule(real.entry, [one.shape for one in real.inputs])
        counts = (
            None
            if found is None
            else (
                sum(weight.size for weight in found),
                sum(weight.size for weight in found if weight.trainable),
            )
        )
        if counts != (real.params, real.trainable):
            wrong.append(f"{case}\n   keras {real.params}, {real.trainable}\n   rule  {counts}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(outcomes())}", *wrong[:20]])


def test_every_rule_has_a_case() -> None:
    import keras

    tried = {case.kind for case in cases()} | {"RNN"}
    gone = {kind for kind in {*LAYERS, *RULES} if not hasattr(keras.layers, kind)}
    assert {*LAYERS, *RULES} - tried - gone == set()


def _wrapped() -> Iterator[tuple[Any, Shape]]:
    from keras import layers

    for mode in ("concat", "sum", None):
        for states in (True, False):
            inner = layers.LSTM(4, return_sequences=True, return_state=states)
            yield layers.Bidirectional(inner, merge_mode=mode), (None, 5, 3)
    yield layers.Bidirectional(layers.GRU(4), backward_layer=layers.GRU(4, go_backwards=True)), (None, 5, 3)
    yield layers.TimeDistributed(layers.Conv2D(2, 3)), (None, 5, 8, 8, 3)
    yield layers.TimeDistributed(layers.TimeDistributed(layers.Dense(4))), (None, 5, 6, 3)
    yield layers.SpectralNormalization(layers.Conv2D(4, 3)), (None, 8, 8, 3)
    yield layers.SpectralNormalization(layers.Dense(4, use_bias=False)), (None, 3)
    cells = [layers.LSTMCell(4), layers.GRUCell(3, reset_after=False), layers.SimpleRNNCell(2)]
    yield layers.RNN(cells, return_state=True), (None, 5, 3)
    yield layers.RNN(layers.LSTMCell(4), return_sequences=True), (None, 5, 3)


def test_wrappers_and_cells() -> None:
    for layer, shape in _wrapped():
        real = outcome(layer, Case(type(layer).__name__, {}, (shape,)))
        assert output_specs(real.entry, real.inputs, None) == tuple(real.outputs), real.entry.config
        found = weights_by_rule(real.entry, [shape]) or ()
        assert sum(weight.size for weight in found) == real.params
        assert sum(weight.size for weight in found if weight.trainable) == real.trainable
