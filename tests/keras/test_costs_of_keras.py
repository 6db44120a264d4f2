"""Multiply-accumulates of what the installed Keras makes: against TensorFlow's own count and the literature."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from keras_ascii_tools.costs import macs_of_nodes, total_macs
from keras_ascii_tools.costs.free import FREE_LAYERS, FREE_OPERATIONS
from keras_ascii_tools.costs.kinds import LAYERS
from keras_ascii_tools.costs.operations import OPERATIONS
from keras_ascii_tools.graph import Layer, ModelGraph
from keras_ascii_tools.read.from_keras import read_model

pytestmark = [
    pytest.mark.keras,
    pytest.mark.filterwarnings("ignore"),  # TensorFlow's profiler is an old interface
]

Build = Callable[[Any], Any]


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


# -- every kind -----------------------------------------------------------------------------------------------------

UNKNOWN_LAYERS = {
    "FlaxLayer",  # someone else's code
    "InputSpec",  # no layer
    "JaxLayer",
    "Lambda",
    "Layer",
    "MelSpectrogram",  # fixed transforms
    "Pipeline",
    "STFTSpectrogram",
    "TFSMLayer",
    "TorchModuleWrapper",
    "Wrapper",
}
UNKNOWN_OPERATIONS = {
    *("AssociativeScan", "Cond", "ForiLoop", "Function", "Map", "Scan", "Switch", "VectorizedMap", "WhileLoop"),  # code
    *("FFT", "FFT2", "IFFT2", "IRFFT", "ISTFT", "RFFT", "STFT"),  # fixed transforms
    *("Cholesky", "CholeskyInverse", "Det", "Eig", "Eigh", "Inv", "JVP", "Logdet", "Lstsq", "LuFactor", "MatrixRank"),
    *("Pinv", "Qr", "SVD", "Slogdet", "Solve", "SolveTriangular"),  # decompositions
    *("CDist", "Corrcoef", "Correlate", "CTCDecode", "CTCLoss", "Fold", "GaussianBlur", "SobelEdges", "SSIM"),
}


def test_every_layer_of_keras_has_a_rule_or_a_reason(keras: Any) -> None:
    exported = (value for value in vars(keras.layers).values() if isinstance(value, type))
    names = {cls.__name__ for cls in exported}
    assert names - set(LAYERS) - FREE_LAYERS == UNKNOWN_LAYERS & names


def test_every_operation_of_keras_has_a_rule_or_a_reason(keras: Any) -> None:
    def below(cls: Any) -> set[Any]:
        return {cls}.union(*map(below, cls.__subclasses__()))

    found = below(keras.Operation) - below(keras.layers.Layer)
    names = {cls.__name__ for cls in found if cls.__module__.startswith("keras.src.") and cls is not keras.Operation}
    assert names - set(OPERATIONS) - FREE_OPERATIONS <= UNKNOWN_OPERATIONS


# -- against TensorFlow ---------------------------------------------------------------------------------------------

SUMS = ("MatMul", "BatchMatMulV2", "BatchMatMulV3", "Conv2D", "Conv3D", "DepthwiseConv2dNative", "Conv2DBackpropInput")


def counted_by_tensorflow(model: Any) -> int:
    """Multiply-accumulates of one sample as TensorFlow's profiler counts them: two operations each.

    It does not know `Einsum`; here that is all labels of its equation.
    """
    import tensorflow as tf  # type: ignore[import-untyped]
    from tensorflow.python.framework import convert_to_constants as frozen  # type: ignore[import-untyped]

    inputs = [tf.TensorSpec((1, *tensor.shape[1:]), tensor.dtype) for tensor in model.inputs]

    def call(*tensors: Any) -> Any:
        return model(list(tensors) if len(tensors) > 1 else tensors[0], training=False)

    function = tf.function(call).get_concrete_function(*inputs)
    graph = frozen.convert_variables_to_constants_v2(function, lower_control_flow=False).graph
    builder = tf.compat.v1.profiler.ProfileOptionBuilder
    options = builder(builder.float_operation()).with_empty_output().build()
    found: dict[str, int] = {}
    pending = [tf.compat.v1.profiler.profile(graph, cmd="op", options=options)]
    while pending:
        one = pending.pop()
        found[one.name] = one.float_ops
        pending.extend(one.children)
    einsums = sum(_labels(op) for op in graph.get_operations() if op.type == "Einsum")
    return sum(found.get(kind, 0) for kind in SUMS) // 2 + einsums


def _labels(op: Any) -> int:
    terms = op.get_attr("equation").decode().partition("->")[0].split(",")
    sizes: dict[str, int] = {}
    for term, tensor in zip(terms, op.inputs, strict=True):
        dots = "ABCDEF"[: len(tensor.shape) - len(term.replace("...", ""))]
        sizes.update(zip(term.replace("...", dots), tensor.shape, strict=True))
    return math.prod(sizes.values())


def sequence(build: Callable[[Any, Any], Any], *shapes: tuple[int | None, ...]) -> Build:
    """A model of one call: `build` gets `keras.layers` and the inputs."""

    def model(keras: Any) -> Any:
        inputs = [keras.Input(shape) for shape in shapes]
        return keras.Model(inputs, build(keras.layers, inputs if len(inputs) > 1 else inputs[0]))

    return model


ROW, IMAGE, CUBE, VIDEO = (12, 4), (12, 12, 4), (6, 6, 6, 2), (4, 8, 8, 3)
STEPS, OTHER = (16, 8), (10, 6)

# Name -> the model, and its count, worked out in tests/core/test_costs.py unless a comment does.
SINGLE: dict[str, tuple[Build, int]] = {
    "dense": (sequence(lambda of, x: of.Dense(5)(x), STEPS), 640),  # 16 * 8 * 5
    "einsum dense": (sequence(lambda of, x: of.EinsumDense("...x,xy->...y", output_shape=5)(x), STEPS), 640),
    "einsum dense heads": (sequence(lambda of, x: of.EinsumDense("btf,fhd->bthd", (None, 2, 3))(x), (7, 8)), 336),
    "conv1d": (sequence(lambda of, x: of.Conv1D(8, 3)(x), ROW), 960),
    "conv1d causal": (sequence(lambda of, x: of.Conv1D(8, 3, padding="causal")(x), ROW), 1_152),
    "conv2d": (sequence(lambda of, x: of.Conv2D(8, 3)(x), IMAGE), 28_800),
    "conv2d same": (sequence(lambda of, x: of.Conv2D(8, 3, padding="same")(x), IMAGE), 41_472),
    "conv2d strides": (sequence(lambda of, x: of.Conv2D(8, 3, strides=2, padding="same")(x), IMAGE), 10_368),
    "conv2d dilation": (sequence(lambda of, x: of.Conv2D(8, 3, dilation_rate=2)(x), IMAGE), 18_432),
    "conv3d": (sequence(lambda of, x: of.Conv3D(8, 3)(x), CUBE), 27_648),
    "depthwise": (sequence(lambda of, x: of.DepthwiseConv2D(3)(x), IMAGE), 3_600),
    "depthwise twice": (sequence(lambda of, x: of.DepthwiseConv2D(3, depth_multiplier=2)(x), IMAGE), 7_200),
    "separable": (sequence(lambda of, x: of.SeparableConv2D(8, 3)(x), IMAGE), 6_800),
    "separable twice": (
        sequence(lambda of, x: of.SeparableConv2D(8, 3, strides=2, depth_multiplier=2)(x), IMAGE),
        3_400,
    ),
    "separable 1d": (sequence(lambda of, x: of.SeparableConv1D(8, 3)(x), ROW), 440),
    "transposed": (sequence(lambda of, x: of.Conv2DTranspose(8, 3, strides=2, padding="same")(x), IMAGE), 41_472),
    "attention": (sequence(lambda of, x: of.Attention()([x, x]), STEPS), 4_096),  # 2 * 16 * 16 * 8
    "multi-head": (sequence(lambda of, x: of.MultiHeadAttention(3, 4)(x, x), STEPS), 12_288),
    "multi-head cross": (
        sequence(lambda of, x: of.MultiHeadAttention(3, 4, value_dim=7)(*x), STEPS, OTHER),
        11_484,
    ),
    "multi-head key": (
        sequence(
            lambda of, x: of.MultiHeadAttention(3, 4, value_dim=7, output_shape=11)(x[0], x[1], key=x[2]),
            STEPS,
            OTHER,
            (10, 5),
        ),
        12_372,
    ),
    "multi-head output": (
        sequence(lambda of, x: of.MultiHeadAttention(3, 4, value_dim=7, output_shape=(2, 5))(*x), STEPS, OTHER),
        12_156,
    ),
    "multi-head gate": (
        sequence(lambda of, x: of.MultiHeadAttention(3, 4, value_dim=7, use_gate=True)(*x), STEPS, OTHER),
        14_172,
    ),
    "multi-head image": (sequence(lambda of, x: of.MultiHeadAttention(3, 4)(x, x), (6, 5, 8)), 33_120),
    "multi-head one axis": (
        sequence(lambda of, x: of.MultiHeadAttention(3, 4, attention_axes=2)(x, x), (6, 5, 8)),
        15_120,
    ),
    "grouped query": (sequence(lambda of, x: of.GroupQueryAttention(4, 6, 2)(x, x), STEPS), 20_480),
    "grouped query cross": (sequence(lambda of, x: of.GroupQueryAttention(4, 6, 2)(*x), STEPS, (10, 8)), 15_104),
    "simple rnn": (sequence(lambda of, x: of.SimpleRNN(5, unroll=True)(x), STEPS), 1_040),
    "lstm": (sequence(lambda of, x: of.LSTM(5, unroll=True)(x), STEPS), 4_160),
    "gru": (sequence(lambda of, x: of.GRU(5, unroll=True)(x), STEPS), 3_120),
    "gru before": (sequence(lambda of, x: of.GRU(5, unroll=True, reset_after=False)(x), STEPS), 3_120),
    "stacked cells": (
        sequence(lambda of, x: of.RNN([of.LSTMCell(4), of.GRUCell(3)], unroll=True)(x), STEPS),
        4_080,
    ),
    "bidirectional": (sequence(lambda of, x: of.Bidirectional(of.LSTM(5, unroll=True))(x), STEPS), 8_320),
    "both ways": (
        sequence(
            lambda of, x: of.Bidirectional(
                of.LSTM(5, unroll=True), backward_layer=of.GRU(5, unroll=True, go_backwards=True)
            )(x),
            STEPS,
        ),
        7_280,
    ),
    "conv lstm": (
        sequence(lambda of, x: of.ConvLSTM2D(5, 3, strides=2, padding="same", unroll=True)(x), VIDEO),
        92_160,
    ),
    "time distributed": (sequence(lambda of, x: of.TimeDistributed(of.Dense(5))(x), STEPS), 640),
    "time distributed conv": (sequence(lambda of, x: of.TimeDistributed(of.Conv2D(8, 3))(x), (3, *IMAGE)), 86_400),
    "dot": (sequence(lambda of, x: of.Dot(axes=2)(x), STEPS, (10, 8)), 1_280),
    "spectral": (sequence(lambda of, x: of.SpectralNormalization(of.Dense(5))(x), (8,)), 40),
}


@pytest.mark.parametrize("name", SINGLE)
def test_a_layer_costs_what_tensorflow_computes(keras: Any, name: str) -> None:
    build, by_hand = SINGLE[name]
    model = build(keras)
    assert total_macs(read_model(model)) == by_hand == counted_by_tensorflow(model)


# What TensorFlow's profiler counts otherwise or not at all.
ALONE: dict[str, tuple[Build, int]] = {
    # run by another compiler, out of the profiler's sight
    "groups": (sequence(lambda of, x: of.Conv2D(8, 3, groups=2)(x), IMAGE), 14_400),
    "transposed valid": (sequence(lambda of, x: of.Conv2DTranspose(8, 3, strides=2)(x), IMAGE), 41_472),
    # not on a CPU
    "channels first": (sequence(lambda of, x: of.Conv2D(8, 3, data_format="channels_first")(x), (4, 12, 12)), 28_800),
    # elementwise and then summed
    "additive": (sequence(lambda of, x: of.AdditiveAttention()(x), STEPS, (10, 8)), 2_560),
    "concat": (sequence(lambda of, x: of.Attention(score_mode="concat")(x), STEPS, (10, 8)), 1_280),
    # in loops
    "lstm": (sequence(lambda of, x: of.LSTM(5, return_sequences=True)(x), STEPS), 4_160),
    "lookup": (sequence(lambda of, x: of.Embedding(100, 8, mask_zero=True)(x), (7,)), 0),
    "masked": (sequence(lambda of, x: of.LSTM(5)(of.Embedding(100, 8, mask_zero=True)(x)), (16,)), 4_160),
    "dynamic": (sequence(lambda of, x: of.Dense(5)(of.GlobalAveragePooling1D()(x)), (None, 8)), 40),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_layer_costs_what_was_worked_out(keras: Any, name: str) -> None:
    build, by_hand = ALONE[name]
    assert total_macs(read_model(build(keras))) == by_hand


@pytest.mark.parametrize("name", ["multi-head image", "conv2d", "lstm", "both ways", "einsum dense"])
def test_weights_are_not_needed(keras: Any, name: str) -> None:
    graph = read_model(SINGLE[name][0](keras))
    assert total_macs(_without_weights(graph)) == total_macs(graph)


def _without_weights(graph: ModelGraph) -> ModelGraph:
    def bare(layer: Layer) -> Layer:
        return replace(layer, weights=None, params=None, trainable_params=None)

    nodes = tuple(replace(node, layer=bare(node.layer)) for node in graph.nodes)
    return replace(graph, nodes=nodes, layers=tuple(map(bare, graph.layers)))


# -- operations and bodies ------------------------------------------------------------------------------------------


def test_operations_cost_what_tensorflow_computes(keras: Any) -> None:
    ops = keras.ops
    x = keras.Input(STEPS)
    products = [
        ops.matmul(x, ops.transpose(x, (0, 2, 1))),  # 16 * 16 * 8
        x @ ops.ones((8, 5)),  # 16 * 8 * 5
        ops.einsum("btf,bsf->bts", x, x),  # 16 * 16 * 8
        ops.tensordot(x, ops.ones((8, 5)), axes=1),  # 16 * 8 * 5
        ops.dot(x, ops.ones((8, 5))),
    ]
    model = keras.Model(x, products)
    assert total_macs(read_model(model)) == 2 * 2_048 + 3 * 640 == counted_by_tensorflow(model)


def test_convolutions_of_operations(keras: Any) -> None:
    ops = keras.ops
    x = keras.Input(IMAGE)
    found = [
        ops.conv(x, ops.ones((3, 3, 4, 8))),
        ops.depthwise_conv(x, ops.ones((3, 3, 4, 2))),
        ops.separable_conv(x, ops.ones((3, 3, 4, 2)), ops.ones((1, 1, 8, 8)), strides=2),
    ]
    model = keras.Model(x, found)
    assert total_macs(read_model(model)) == 28_800 + 7_200 + 3_400 == counted_by_tensorflow(model)
    # Keras 3.15.1 makes this operation but cannot run it: it takes its arguments in the wrong order.
    transposed = keras.Model(x, ops.conv_transpose(x, ops.ones((3, 3, 8, 4)), strides=2, padding="same"))
    assert total_macs(read_model(transposed)) == 41_472


def window_attention(keras: Any) -> Any:
    """Attention within windows of 4 x 4 pixels, as in Swin, whose batch axis holds the windows."""
    ops, layers = keras.ops, keras.layers

    class WindowAttention(layers.Layer):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.qkv, self.out = layers.Dense(24), layers.Dense(8)

        def call(self, x: Any) -> Any:
            windows = ops.transpose(ops.reshape(x, (-1, 2, 4, 2, 4, 8)), (0, 1, 3, 2, 4, 5))
            heads = ops.reshape(self.qkv(ops.reshape(windows, (-1, 16, 8))), (-1, 16, 3, 2, 4))
            q, k, v = ops.unstack(ops.transpose(heads, (2, 0, 3, 1, 4)), 3)
            scores = ops.softmax(ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))))
            mixed = ops.reshape(ops.transpose(ops.matmul(scores, v), (0, 2, 1, 3)), (-1, 16, 8))
            return ops.reshape(self.out(mixed), (-1, 8, 8, 8))

    return WindowAttention()


def test_all_windows_of_a_sample_count(keras: Any) -> None:
    image = keras.Input((8, 8, 8))
    model = keras.Model(image, keras.layers.Dense(2)(window_attention(keras)(image)))
    # 64 pixels * 8 * 24; 4 windows * 2 heads * 16 * 16 * 4, twice; 64 * 8 * 8; then 64 * 8 * 2
    assert macs_of_nodes(read_model(model)) == (0, 32_768, 1_024)
    assert counted_by_tensorflow(model) == 33_792


def test_a_subclassed_model_costs_what_a_functional_one_does(keras: Any) -> None:
    class Twice(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(8)

        def call(self, x: Any) -> Any:
            return self.dense(keras.ops.relu(self.dense(x)))

    model = Twice()
    model(keras.ops.ones((2, 16, 8)))
    assert total_macs(read_model(model)) == 2_048  # 2 * 16 * 8 * 8


def test_nested_models_cost_once_for_each_call(keras: Any) -> None:
    layers = keras.layers
    tower = keras.Sequential([keras.Input(IMAGE), layers.Conv2D(8, 3), layers.GlobalAveragePooling2D()])
    one, other, film = keras.Input(IMAGE), keras.Input(IMAGE), keras.Input((3, *IMAGE))
    model = keras.Model([one, other, film], [tower(one), tower(other), layers.TimeDistributed(tower)(film)])
    assert total_macs(read_model(model)) == 5 * 28_800


def test_a_lambda_is_unknown(keras: Any) -> None:
    x = keras.Input((8,))
    model = keras.Model(x, keras.layers.Dense(5)(keras.layers.Lambda(lambda tensor: tensor)(x)))
    assert macs_of_nodes(read_model(model)) == (0, None, 40)
    assert total_macs(read_model(model)) is None


# -- the literature -------------------------------------------------------------------------------------------------

# Count, and what papers say, in millions of multiply-adds.
LITERATURE = {
    # Simonyan and Zisserman 2014: convolutions 15,346,630,656 and dense layers 123,633,664, the well-known 15.47 G.
    "VGG16": (15_470_264_320, 15_470),
    # He et al. 2015 say 3.8 G. Keras has their network, which halves an image in the first 1x1 convolution of a block;
    # the 4.1 G that others quote are of the later variant ("v1.5", torchvision), which does so in the 3x3 convolution.
    "ResNet50": (3_857_973_248, 3_800),
    "MobileNet": (568_740_352, 569),  # Howard et al. 2017, table 4
    "MobileNetV2": (300_774_272, 300),  # Sandler et al. 2018, table 4
    "MobileNetV3Large": (216_589_760, 219),  # Howard et al. 2019, table 3
    "EfficientNetB0": (385_814_752, 390),  # Tan and Le 2019, table 2: 0.39 B
    "DenseNet121": (2_834_161_664, 2_830),  # torchvision
    "ConvNeXtTiny": (4_455_531_264, 4_500),  # Liu et al. 2022, table 1: 4.5 G
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LITERATURE)
def test_models_of_the_literature(keras: Any, name: str) -> None:
    exact, published = LITERATURE[name]
    model = getattr(keras.applications, name)(weights=None, input_shape=(224, 224, 3))
    assert total_macs(read_model(model)) == exact
    assert exact / 1e6 == pytest.approx(published, rel=0.02)


@pytest.mark.slow
def test_a_vision_transformer(keras: Any) -> None:
    """ViT-B/16 at 224 pixels: Dosovitskiy et al. 2020; 17.56 G by torchvision."""
    layers = keras.layers
    image = keras.Input((224, 224, 3))
    x = layers.Reshape((196, 768))(layers.Conv2D(768, 16, strides=16)(image))
    x = layers.ZeroPadding1D((1, 0))(x)  # in the place of the class token
    for _ in range(12):
        y = layers.LayerNormalization()(x)
        x = layers.Add()([x, layers.MultiHeadAttention(12, 64)(y, y)])
        y = layers.Dense(3072, activation="gelu")(layers.LayerNormalization()(x))
        x = layers.Add()([x, layers.Dense(768)(y)])
    model = keras.Model(image, layers.Dense(1000)(x[:, 0]))
    # patches 196 * 768 * 768, head 768 * 1000, and 12 times: projections 4 * 197 * 768 * 768,
    # attention 2 * 197 * 197 * 768, MLP 2 * 197 * 768 * 3072
    assert total_macs(read_model(model)) == 115_605_504 + 768_000 + 12 * 1_453_954_560 == 17_563_828_224
