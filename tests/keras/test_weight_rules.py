"""Weights of quantized, adapted and frozen layers against Keras itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from keras_ascii_tools.read.weight_rules import weights_by_rule
from tests.keras.test_shape_rules import entry_of, size

pytestmark = pytest.mark.keras


def _layers() -> dict[str, tuple[Callable[[], Any], tuple[int | None, ...]]]:
    from keras import layers

    return {
        "dense": (lambda: layers.Dense(5), (None, 7)),
        "dense without bias": (lambda: layers.Dense(6, use_bias=False), (None, 300)),
        "einsum": (lambda: layers.EinsumDense("abc,cde->abde", (None, 3, 5), bias_axes="de"), (None, 4, 7)),
        "einsum, two axes in": (lambda: layers.EinsumDense("abcd,cde->abe", (None, 5), bias_axes="e"), (None, 4, 7, 3)),
        "embedding": (lambda: layers.Embedding(9, 7), (None, 4)),
        "reversible": (lambda: layers.ReversibleEmbedding(9, 7), (None, 4)),
        "reversible, not tied": (lambda: layers.ReversibleEmbedding(9, 7, tie_weights=False), (None, 4)),
    }


def _check(layer: Any, shape: tuple[int | None, ...]) -> None:
    found = weights_by_rule(entry_of(layer), [shape])
    assert found is not None
    assert sum(weight.size for weight in found) == layer.count_params()
    assert sum(weight.size for weight in found if weight.trainable) == size(layer.trainable_weights)
    assert sorted(weight.dtype for weight in found) == sorted(weight.dtype for weight in layer.weights)


@pytest.mark.parametrize("block", [None, -1, 4, 128])
def test_int4(block: int | None) -> None:
    from keras.src.quantizers.quantization_config import Int4QuantizationConfig

    for name, (make, shape) in _layers().items():
        layer = make()
        layer.build(shape)
        layer.quantize("int4", config=Int4QuantizationConfig(block_size=block))
        if name == "reversible, not tied" and block in (4, 128):
            continue  # its zero points are floats there, and so counted, but not of this dtype
        _check(layer, shape)


@pytest.mark.parametrize("mode", ["int8", "float8"])
@pytest.mark.parametrize("lora", [False, True])
def test_int8_and_float8(mode: str, lora: bool) -> None:
    for name, (make, shape) in _layers().items():
        if mode == "float8" and ("embedding" in name or "reversible" in name):
            continue
        layer = make()
        layer.build(shape)
        if lora and "reversible" in name:
            continue
        layer.quantize(mode)
        if lora and mode == "int8":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                layer.enable_lora(2)
        _check(layer, shape)


def test_a_frozen_layer_and_a_frozen_layer_inside_a_wrapper() -> None:
    from keras import layers

    frozen = layers.BatchNormalization(trainable=False)
    frozen.build((None, 4))
    _check(frozen, (None, 4))
    wrapper = layers.TimeDistributed(layers.Dense(3, trainable=False))
    wrapper.build((None, 5, 4))
    _check(wrapper, (None, 5, 4))
