"""Multiply-accumulates against figures worked out by hand, which stand beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools.costs import macs, macs_of_nodes, total_macs
from keras_ascii_tools.costs.free import FREE_LAYERS, FREE_OPERATIONS
from keras_ascii_tools.costs.kinds import LAYERS
from keras_ascii_tools.costs.operations import OPERATIONS
from keras_ascii_tools.graph import (
    INPUT,
    OPS_MODULE,
    Call,
    How,
    Layer,
    ModelGraph,
    Node,
    Record,
    Shape,
    TensorRef,
    TensorSpec,
    Value,
    Weight,
)
from tests.core.graphs import model_graphs, values


def layer(number: int, kind: str, module: str | None = "keras.layers", /, **settings: Value) -> Layer:
    return Layer(id=number, kind=kind, module=module, settings=tuple(settings.items()))


def node(of: Layer, out: Shape | None, *inputs: int | None, call: Call | None = None) -> Node:
    refs = tuple(None if index is None else TensorRef(index) for index in inputs)
    return Node(layer=of, inputs=refs, outputs=(TensorSpec(out, "float32"),), call=call)


def given_inputs(*shapes: Shape | None) -> list[Node]:
    return [node(layer(100 + index, "InputLayer"), shape) for index, shape in enumerate(shapes)]


def model(nodes: list[Node], inputs: int = 1, how: How = How.DECLARED) -> ModelGraph:
    return ModelGraph(
        nodes=tuple(nodes),
        inputs=tuple(map(TensorRef, range(inputs))),
        outputs=(TensorRef(len(nodes) - 1),),
        how=how,
    )


def cost_of(of: Layer, given: list[Shape | None], out: Shape | None, call: Call | None = None) -> int | None:
    """What one call costs, batch axis left out of all shapes."""
    batched = [None if shape is None else (None, *shape) for shape in given]
    nodes = [*given_inputs(*batched)]
    made = None if out is None else (None, *out)
    graph = model([*nodes, node(of, made, *range(len(given)), call=call)], inputs=len(given))
    return macs(graph, len(given))


def cost(kind: str, given: list[Shape | None], out: Shape | None, **settings: Value) -> int | None:
    return cost_of(layer(0, kind, **settings), given, out)


def op(
    kind: str, given: list[Shape | None], out: Shape | None, call: Call | None = None, **settings: Value
) -> int | None:
    return cost_of(layer(0, kind, OPS_MODULE, **settings), given, out, call)


def array(*shape: int) -> Record:
    return Record("array", (("dtype", "float32"), ("shape", shape)))


def inner(kind: str, **items: Value) -> Record:
    return Record(kind, tuple(sorted(items.items())))


# -- dense layers ---------------------------------------------------------------------------------------------------


def test_dense_sums_over_the_last_axis_at_every_position() -> None:
    assert cost("Dense", [(8,)], (5,), units=5) == 40  # 8 * 5
    assert cost("Dense", [(7, 8)], (7, 5), units=5) == 280  # 7 * 8 * 5


def test_einsum_dense_costs_all_axes_of_its_equation() -> None:
    assert cost("EinsumDense", [(8,)], (5,), equation="ab,bc->ac", output_shape=5) == 40  # b c = 8 * 5
    # t f h d = 7 * 8 * 2 * 3
    assert cost("EinsumDense", [(7, 8)], (7, 2, 3), equation="btf,fhd->bthd", output_shape=(None, 2, 3)) == 336
    # h d are summed together: t h d f = 7 * 2 * 3 * 8
    assert cost("EinsumDense", [(7, 2, 3)], (7, 8), equation="bthd,hdf->btf", output_shape=(None, 8)) == 336
    # every t has a kernel of its own: t f g = 7 * 8 * 5
    assert cost("EinsumDense", [(7, 8)], (7, 5), equation="btf,tfg->btg", output_shape=(7, 5)) == 280


def test_einsum_dense_with_dots_costs_the_axes_that_they_stand_for() -> None:
    # 6 * 7 positions, 8 -> 5
    assert cost("EinsumDense", [(6, 7, 8)], (6, 7, 5), equation="...x,xy->...y", output_shape=5) == 1680
    # the axes after the first two are left over: b=8 -> c=5 at 6 * 7 positions
    assert cost("EinsumDense", [(8, 6, 7)], (5, 6, 7), equation="ab...,bc->ac...", output_shape=5) == 1680


def test_reversible_embedding_costs_nothing_forwards_and_a_dense_layer_backwards() -> None:
    table = layer(0, "ReversibleEmbedding", input_dim=1000, output_dim=8)
    assert cost_of(table, [(7,)], (7, 8)) == 0
    reverse = Call((INPUT,), (("reverse", True),))
    assert cost_of(table, [(7, 8)], (7, 1000), reverse) == 56_000  # 7 * 8 * 1000
    assert cost_of(table, [(7, 8)], (7, 1000), Call((INPUT, True))) == 56_000


# -- convolutions ---------------------------------------------------------------------------------------------------


def test_a_convolution_sums_over_window_and_channels() -> None:
    # positions * window * channels in * filters
    assert cost("Conv1D", [(12, 4)], (10, 8), filters=8, kernel_size=(3,)) == 960  # 10 * 3 * 4 * 8
    assert cost("Conv2D", [(12, 12, 4)], (10, 10, 8), filters=8, kernel_size=(3, 3)) == 28_800  # 100 * 9 * 4 * 8
    assert cost("Conv3D", [(6, 6, 6, 2)], (4, 4, 4, 8), filters=8, kernel_size=(3, 3, 3)) == 27_648  # 64 * 27 * 2 * 8


def test_padding_strides_and_dilation_show_in_the_output_alone() -> None:
    window: dict[str, Value] = {"filters": 8, "kernel_size": (3, 3)}
    assert cost("Conv2D", [(12, 12, 4)], (12, 12, 8), **window, padding="same") == 41_472  # 144 * 9 * 4 * 8
    assert cost("Conv2D", [(12, 12, 4)], (6, 6, 8), **window, padding="same", strides=(2, 2)) == 10_368  # 36 * 288
    assert cost("Conv2D", [(12, 12, 4)], (8, 8, 8), **window, dilation_rate=(2, 2)) == 18_432  # 64 * 288
    assert cost("Conv1D", [(12, 4)], (12, 8), filters=8, kernel_size=(3,), padding="causal") == 1_152  # 12 * 3 * 4 * 8


def test_a_group_sees_its_own_channels_only() -> None:
    window: dict[str, Value] = {"filters": 8, "kernel_size": (3, 3)}
    assert cost("Conv2D", [(12, 12, 4)], (10, 10, 8), **window, groups=2) == 14_400  # 100 * 9 * 2 * 8
    assert cost("Conv2D", [(12, 12, 4)], (10, 10, 8), **window, groups=4) == 7_200  # 100 * 9 * 1 * 8


def test_channels_first_is_the_same_convolution() -> None:
    first: dict[str, Value] = {"filters": 8, "kernel_size": (3, 3), "data_format": "channels_first"}
    assert cost("Conv2D", [(4, 12, 12)], (8, 10, 10), **first) == 28_800  # 100 * 9 * 4 * 8
    assert cost("SeparableConv2D", [(4, 12, 12)], (8, 10, 10), **first) == 6_800  # 100 * 4 * (9 + 8)
    assert cost("Conv2DTranspose", [(4, 12, 12)], (8, 14, 14), **first) == 41_472  # 144 * 4 * 9 * 8


def test_a_kernel_size_may_be_one_number() -> None:
    assert cost("Conv2D", [(12, 12, 4)], (10, 10, 8), filters=8, kernel_size=3) == 28_800
    assert cost("DepthwiseConv1D", [(12, 4)], (10, 4), kernel_size=3) == 120  # 10 * 3 * 4


def test_a_depthwise_convolution_sums_over_the_window() -> None:
    assert cost("DepthwiseConv2D", [(12, 12, 4)], (10, 10, 4), kernel_size=(3, 3)) == 3_600  # 100 * 4 * 9
    assert cost("DepthwiseConv2D", [(12, 12, 4)], (10, 10, 8), kernel_size=(3, 3), depth_multiplier=2) == 7_200


def test_a_separable_convolution_is_depthwise_and_then_pointwise() -> None:
    # 100 * 4 * 9 and 100 * 4 * 8
    assert cost("SeparableConv2D", [(12, 12, 4)], (10, 10, 8), filters=8, kernel_size=(3, 3)) == 6_800
    # 25 * 8 * 9 and 25 * 8 * 8
    settings: dict[str, Value] = {"filters": 8, "kernel_size": (3, 3), "depth_multiplier": 2, "strides": (2, 2)}
    assert cost("SeparableConv2D", [(12, 12, 4)], (5, 5, 8), **settings) == 3_400
    # 10 * 4 * 3 and 10 * 4 * 8
    assert cost("SeparableConv1D", [(12, 4)], (10, 8), filters=8, kernel_size=(3,)) == 440


def test_a_transposed_convolution_spreads_every_scalar_of_its_input() -> None:
    window: dict[str, Value] = {"filters": 8, "kernel_size": (3, 3), "strides": (2, 2)}
    # 144 * 4 * 9 * 8, whatever is cropped afterwards
    assert cost("Conv2DTranspose", [(12, 12, 4)], (24, 24, 8), **window, padding="same") == 41_472
    assert cost("Conv2DTranspose", [(12, 12, 4)], (25, 25, 8), **window) == 41_472
    assert cost("Conv1DTranspose", [(12, 4)], (24, 8), filters=8, kernel_size=(3,), strides=(2,)) == 1_152  # 12*4*3*8
    assert cost("Conv3DTranspose", [(2, 2, 2, 3)], (4, 4, 4, 5), filters=5, kernel_size=(2, 2, 2)) == 960  # 8*3*8*5


# -- attention ------------------------------------------------------------------------------------------------------


def test_multi_head_attention_to_itself() -> None:
    # query, key, value: 16 * 8 * (3 * 4) = 1536 each; scores and values: 16 * 16 * (3 * 4) = 3072 each;
    # output: 16 * (3 * 4) * 8 = 1536
    assert cost("MultiHeadAttention", [(16, 8), (16, 8)], (16, 8), num_heads=3, key_dim=4) == 12_288


def test_multi_head_attention_to_another_sequence_with_wide_values() -> None:
    heads: dict[str, Value] = {"num_heads": 3, "key_dim": 4, "value_dim": 7}
    # query 16 * 8 * 12 = 1536, key 10 * 6 * 12 = 720, value 10 * 6 * 21 = 1260, scores 16 * 10 * 12 = 1920,
    # values 16 * 10 * 21 = 3360, output 16 * 21 * 8 = 2688
    assert cost("MultiHeadAttention", [(16, 8), (10, 6)], (16, 8), **heads) == 11_484
    # as before, but key 10 * 5 * 12 = 600 and output 16 * 21 * 11 = 3696
    assert cost("MultiHeadAttention", [(16, 8), (10, 6), (10, 5)], (16, 11), **heads, output_shape=(11,)) == 12_372
    # output 16 * 21 * (2 * 5) = 3360
    assert cost("MultiHeadAttention", [(16, 8), (10, 6)], (16, 2, 5), **heads, output_shape=(2, 5)) == 12_156


def test_the_gate_is_as_wide_as_the_values() -> None:
    heads: dict[str, Value] = {"num_heads": 3, "key_dim": 4, "value_dim": 7, "use_gate": True}
    # 11,484 as above, and 16 * 8 * 21 = 2688
    assert cost("MultiHeadAttention", [(16, 8), (10, 6)], (16, 8), **heads) == 14_172
    grouped: dict[str, Value] = {"head_dim": 4, "num_query_heads": 6, "num_key_value_heads": 2, "use_gate": True}
    # 20,480 as below, and 16 * 8 * 24 = 3072
    assert cost("GroupQueryAttention", [(16, 8), (16, 8)], (16, 8), **grouped) == 23_552


def test_masks_and_further_arguments_are_told_from_the_key() -> None:
    heads = layer(0, "MultiHeadAttention", num_heads=3, key_dim=4, value_dim=7)
    masked = Call((INPUT, INPUT), (("attention_mask", INPUT), ("use_causal_mask", True)))
    assert cost_of(heads, [(16, 8), (10, 6), (16, 10)], (16, 8), masked) == 11_484
    named = Call((INPUT,), (("key", INPUT), ("value", INPUT)))
    # key 10 * 5 * 12 = 600 instead of 720
    assert cost_of(heads, [(16, 8), (10, 5), (10, 6)], (16, 8), named) == 11_364
    without_key = Call((INPUT, INPUT, None, INPUT))
    assert cost_of(heads, [(16, 8), (10, 6), (16,)], (16, 8), without_key) == 11_484


def test_attention_over_one_axis_of_an_image() -> None:
    heads: dict[str, Value] = {"num_heads": 3, "key_dim": 4}
    # query, key, value and output: 30 * 8 * 12 = 2880 each; scores and values: 30 * attended * 12 each
    given: list[Shape | None] = [(6, 5, 8), (6, 5, 8)]
    assert cost("MultiHeadAttention", given, (6, 5, 8), **heads, attention_axes=(2,)) == 15_120  # attended 5
    assert cost("MultiHeadAttention", given, (6, 5, 8), **heads, attention_axes=(-2,)) == 15_120
    assert cost("MultiHeadAttention", given, (6, 5, 8), **heads, attention_axes=1) == 15_840  # attended 6
    assert cost("MultiHeadAttention", given, (6, 5, 8), **heads, attention_axes=(1, 2)) == 33_120  # attended 30


def test_attention_over_an_image_is_unknown_if_its_axes_are() -> None:
    # Readers leave out (1,), and whoever wrote nothing meant (1, 2).
    assert cost("MultiHeadAttention", [(6, 5, 8), (6, 5, 8)], (6, 5, 8), num_heads=3, key_dim=4) is None


@pytest.mark.parametrize("kind", ["GroupQueryAttention", "GroupedQueryAttention"])
def test_grouped_queries_share_keys_and_values(kind: str) -> None:
    heads: dict[str, Value] = {"head_dim": 4, "num_query_heads": 6, "num_key_value_heads": 2}
    # query and output 16 * 8 * 24 = 3072 each, key and value 16 * 8 * 8 = 1024 each,
    # scores and values 16 * 16 * 24 = 6144 each
    assert cost(kind, [(16, 8), (16, 8)], (16, 8), **heads) == 20_480
    # key and value 10 * 8 * 8 = 640 each, scores and values 16 * 10 * 24 = 3840 each
    assert cost(kind, [(16, 8), (10, 8)], (16, 8), **heads) == 15_104


def test_attention_without_projections() -> None:
    # scores 16 * 10 * 8 = 1280, values 16 * 10 * 6 = 960
    assert cost("Attention", [(16, 8), (10, 6), (10, 8)], (16, 6)) == 2_240
    assert cost("Attention", [(16, 8), (10, 8)], (16, 8)) == 2_560
    # the scores are sums without weights
    assert cost("Attention", [(16, 8), (10, 8)], (16, 8), score_mode="concat") == 1_280
    # the scale is a weight for every feature
    assert cost("AdditiveAttention", [(16, 8), (10, 8)], (16, 8)) == 2_560
    assert cost("AdditiveAttention", [(16, 8), (10, 8)], (16, 8), use_scale=False) == 1_280


def test_attention_needs_a_list() -> None:
    assert cost_of(layer(0, "Attention"), [(16, 8), (10, 8)], (16, 8), Call((INPUT, INPUT))) is None


def test_attention_takes_a_list_and_masks_beside_it() -> None:
    call = Call(((INPUT, INPUT),), (("mask", (INPUT, INPUT)),))
    assert cost_of(layer(0, "Attention"), [(16, 8), (10, 8), (16,), (10,)], (16, 8), call) == 2_560


# -- recurrent layers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "gates"), [("SimpleRNN", 1), ("GRU", 3), ("LSTM", 4)])
def test_a_recurrent_layer_multiplies_input_and_state_at_every_step(kind: str, gates: int) -> None:
    # 16 steps, kernels 8 x 5 and 5 x 5 for every gate
    assert cost(kind, [(16, 8)], (5,), units=5) == 16 * gates * (40 + 25)
    assert cost(kind, [(16, 8)], (16, 5), units=5, return_sequences=True) == 16 * gates * (40 + 25)


def test_the_order_of_a_gru_changes_nothing() -> None:
    assert cost("GRU", [(16, 8)], (5,), units=5, reset_after=False) == 3_120  # 16 * 3 * 65


def test_a_state_that_is_given_is_not_the_sequence() -> None:
    lstm = layer(0, "LSTM", units=5)
    assert cost_of(lstm, [(16, 8), (5,), (5,)], (5,)) == 4_160  # 16 * 4 * 65
    named = Call((), (("initial_state", (INPUT, INPUT)), ("sequences", INPUT)))
    assert cost_of(lstm, [(5,), (5,), (16, 8)], (5,), named) == 4_160


def test_a_cell_costs_one_step() -> None:
    assert cost("LSTMCell", [(8,), (5,), (5,)], (5,), units=5) == 260  # 4 * 65
    assert cost("GRUCell", [(8,), (5,)], (5,), units=5) == 195
    assert cost("SimpleRNNCell", [(8,), (5,)], (5,), units=5) == 65


def test_rnn_costs_its_cell_at_every_step() -> None:
    assert cost("RNN", [(16, 8)], (5,), cell=inner("LSTMCell", units=5)) == 4_160
    cells = (inner("LSTMCell", units=4), inner("GRUCell", units=3))
    # 16 * (4 * 4 * (8 + 4) + 3 * 3 * (4 + 3))
    assert cost("RNN", [(16, 8)], (3,), cell=inner("StackedRNNCells", cells=cells)) == 4_080
    assert cost("StackedRNNCells", [(8,), (4,), (4,), (3,)], (3,), cells=cells) == 255  # 192 + 63


def test_bidirectional_goes_both_ways() -> None:
    lstm, gru = inner("LSTM", units=5), inner("GRU", units=5, go_backwards=True)
    assert cost("Bidirectional", [(16, 8)], (10,), layer=lstm) == 8_320  # 2 * 4160
    assert cost("Bidirectional", [(16, 8)], (10,), layer=lstm, backward_layer=gru) == 7_280  # 4160 + 3120
    rnn = inner("RNN", cell=inner("SimpleRNNCell", units=5))
    assert cost("Bidirectional", [(16, 8)], (10,), layer=rnn) == 2_080  # 2 * 16 * 65


def test_time_distributed_costs_its_layer_at_every_step() -> None:
    assert cost("TimeDistributed", [(16, 8)], (16, 5), layer=inner("Dense", units=5)) == 640  # 16 * 40
    conv = inner("Conv2D", filters=8, kernel_size=(3, 3))
    assert cost("TimeDistributed", [(3, 12, 12, 4)], (3, 10, 10, 8), layer=conv) == 86_400  # 3 * 28800
    lstm = inner("LSTM", units=5)
    assert cost("TimeDistributed", [(3, 16, 8)], (3, 5), layer=lstm) == 12_480  # 3 * 4160
    twice = inner("TimeDistributed", layer=inner("Dense", units=5))
    assert cost("TimeDistributed", [(3, 16, 8)], (3, 16, 5), layer=twice) == 1_920  # 3 * 640


def test_a_convolutional_lstm_convolves_input_and_state() -> None:
    window: dict[str, Value] = {"filters": 5, "kernel_size": (3, 3)}
    # 4 steps * 36 positions * 9 * 4 gates * 5 filters * (3 + 5) channels
    assert cost("ConvLSTM2D", [(4, 8, 8, 3)], (6, 6, 5), **window) == 207_360
    # 16 positions
    assert cost("ConvLSTM2D", [(4, 8, 8, 3)], (4, 4, 5), **window, strides=(2, 2), padding="same") == 92_160
    assert cost("ConvLSTM2D", [(4, 3, 8, 8)], (5, 6, 6), **window, data_format="channels_first") == 207_360
    # window of 5: 16 positions
    assert cost("ConvLSTM2D", [(4, 8, 8, 3)], (4, 4, 5), **window, dilation_rate=(2, 2)) == 92_160
    # 4 steps * 6 positions * 3 * 4 gates * 5 filters * (3 + 5) channels
    assert cost("ConvLSTM1D", [(4, 8, 3)], (6, 5), filters=5, kernel_size=(3,)) == 11_520
    # 2 * 4 steps * 8 positions * 3 * 4 gates * 5 filters * (3 + 5) channels
    conv = inner("ConvLSTM1D", filters=5, kernel_size=(3,), padding="same")
    assert cost("Bidirectional", [(4, 8, 3)], (8, 10), layer=conv) == 30_720


def test_spectral_normalization_costs_its_layer() -> None:
    assert cost("SpectralNormalization", [(8,)], (5,), layer=inner("Dense", units=5)) == 40


# -- products of tensors --------------------------------------------------------------------------------------------


def test_dot_sums_over_one_axis() -> None:
    assert cost("Dot", [(8,), (8,)], (1,), axes=1) == 8
    assert cost("Dot", [(16, 8), (10, 8)], (16, 10), axes=2) == 1_280  # 16 * 10 * 8
    assert cost("Dot", [(16, 8), (10, 8)], (16, 10), axes=-1, normalize=True) == 1_280
    assert cost("Dot", [(16, 8), (8, 10)], (16, 10), axes=(2, 1)) == 1_280


def test_products_of_operations() -> None:
    assert op("Matmul", [(16, 8), (8, 10)], (16, 10)) == 1_280  # 16 * 10 * 8
    assert op("Einsum", [(16, 8), (10, 8)], (16, 10), subscripts="btf,bsf->bts") == 1_280
    assert op("Einsum", [(16, 8), (10, 8)], (16, 10), subscripts="...tf, ...sf -> ...ts") == 1_280
    assert op("DotProductAttention", [(16, 3, 4), (10, 3, 4), (10, 3, 4)], (16, 3, 4)) == 3_840  # 16*10*3 * (4 + 4)
    assert op("DotProductAttention", [(16, 6, 4), (10, 2, 4), (10, 2, 4)], (16, 6, 4)) == 7_680


def test_products_with_constants() -> None:
    right, left = Call((INPUT, array(8, 5))), Call((array(5, 16), INPUT))
    assert op("Matmul", [(16, 8)], (16, 5), right) == 640  # 16 * 8 * 5
    assert op("Matmul", [(16, 8)], (5, 8), left) == 640  # 5 * 16 * 8
    assert op("Matmul", [(16, 8)], (16,), Call((INPUT, array(8)))) == 128
    assert op("Dot", [(16, 8)], (16, 5), right) == 640
    assert op("Dot", [(16, 8)], (16, 8), Call((INPUT, 3.0))) == 0  # elementwise
    assert op("Inner", [(16, 8)], (16, 5), Call((INPUT, array(5, 8)))) == 640
    assert op("Inner", [(16, 8)], (16, 8), Call((INPUT, 2))) == 0
    assert op("Einsum", [(16, 8)], (16, 5), right, subscripts="btf,fg->btg") == 640
    assert op("Tensordot", [(16, 8)], (16, 5), right, axes=1) == 640
    assert op("Tensordot", [(16, 8)], (5,), Call((INPUT, array(16, 8, 5)))) == 640
    assert op("Tensordot", [(16, 8)], (8, 5), Call((INPUT, array(5, 16))), axes=((1,), (1,))) == 640
    assert op("Tensordot", [(16,)], (16, 5), Call((INPUT, array(5))), axes=0) == 0


def test_convolutions_of_operations() -> None:
    def call(*shape: int) -> Call:
        return Call((INPUT, array(*shape)))

    assert op("Conv", [(12, 12, 4)], (10, 10, 8), call(3, 3, 4, 8)) == 28_800
    assert op("Conv", [(12, 12, 4)], (10, 10, 8), call(3, 3, 2, 8)) == 14_400  # two groups
    assert op("Conv", [(4, 12, 12)], (8, 10, 10), call(3, 3, 4, 8), data_format="channels_first") == 28_800
    assert op("DepthwiseConv", [(12, 12, 4)], (10, 10, 8), call(3, 3, 4, 2)) == 7_200
    assert op("ConvTranspose", [(12, 12, 4)], (24, 24, 8), call(3, 3, 8, 4), strides=2) == 41_472
    both = Call((INPUT, array(3, 3, 4, 2), array(1, 1, 8, 8)))
    assert op("SeparableConv", [(12, 12, 4)], (5, 5, 8), both, strides=2) == 3_400
    first = {"data_format": "channels_first"}
    assert op("SeparableConv", [(4, 12, 12)], (8, 5, 5), both, strides=2, **first) == 3_400
    assert op("Conv", [(12, 12, 4)], (10, 10, 8), Call((INPUT, Record("Variable")))) is None


def test_an_einsum_that_sums_nothing_is_elementwise() -> None:
    assert op("Einsum", [(16,), (8,)], (16, 8), subscripts="bi,bj->bij") == 0
    assert op("Einsum", [(16, 8)], (16,), subscripts="bij->bi") == 0


def test_the_order_of_a_sum_of_three_is_not_known() -> None:
    assert op("Einsum", [(4, 5), (5, 6), (6, 7)], (4, 7), subscripts="bij,bjk,bkl->bil") is None


def test_an_einsum_without_an_arrow_keeps_what_occurs_once() -> None:
    call = Call((array(4, 8), array(8, 5)))
    nodes = [*given_inputs((None, 1)), node(layer(0, "Einsum", OPS_MODULE, subscripts="ij,jk"), (4, 5), call=call)]
    assert macs(model(nodes), 1) == 160  # 4 * 8 * 5


def test_vdot_flattens() -> None:
    call = Call((array(4, 5), array(4, 5)))
    assert macs(model([*given_inputs((None, 1)), node(layer(0, "Vdot", OPS_MODULE), (), call=call)]), 1) == 20


def raw(kind: str, given: list[Shape | None], out: Shape | None, call: Call | None = None) -> int | None:
    """What a function of TensorFlow's own costs, of which only its name and tensors are known."""
    return cost_of(replace(layer(0, kind, "backend"), settings=None), given, out, call)


def test_functions_of_tensorflow() -> None:
    assert raw("BatchMatMulV2", [(16, 8), (8, 10)], (16, 10)) == 1_280  # 16 * 10 * 8
    assert raw("BatchMatMulV2", [(16, 8), (10, 8)], (16, 10)) == 1_280  # the second is transposed
    assert raw("BatchMatMulV2", [(8, 16), (10, 8)], (16, 10)) == 1_280  # both are
    assert raw("MatMul", [(8,)], (5,), Call((INPUT, array(8, 5)))) == 40
    assert raw("MatMul", [None], (5,), Call((INPUT, array(8, 5)))) == 40
    assert raw("Conv2D", [(12, 12, 4)], (10, 10, 8), Call((INPUT, array(3, 3, 4, 8)))) == 28_800
    assert raw("DepthwiseConv2dNative", [(12, 12, 4)], (10, 10, 8), Call((INPUT, array(3, 3, 4, 2)))) == 7_200
    assert raw("Conv2D", [(12, 12, 4), (3, 3)], (10, 10, 8), Call((INPUT, "?", INPUT))) is None
    assert raw("AddV2", [(16, 8), (8,)], (16, 8)) == 0
    assert raw("Einsum", [(16, 8), (8, 10)], (16, 10)) is None  # nobody tells its equation


# -- nothing and unknown --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Activation", "BatchNormalization", "MaxPooling2D", "Embedding", "PReLU", "Resizing"])
def test_what_sums_no_products_costs_nothing(kind: str) -> None:
    assert cost(kind, [(12, 12, 4)], (12, 12, 4)) == 0
    assert cost(kind, [(None, None, 4)], (None, None, 4)) == 0
    assert cost(kind, [None], None) == 0


def test_each_kind_has_one_rule() -> None:
    assert not FREE_LAYERS & set(LAYERS)
    assert not FREE_OPERATIONS & set(OPERATIONS)


@pytest.mark.parametrize("kind", ["Lambda", "MyLayer", "STFTSpectrogram", "Functional"])
def test_what_is_not_known_to_be_nothing_is_unknown(kind: str) -> None:
    assert cost(kind, [(16, 8)], (16, 8)) is None


@pytest.mark.parametrize("kind", ["FFT", "WhileLoop", "Map", "MyOperation"])
def test_operations_that_are_not_known_are_unknown(kind: str) -> None:
    assert op(kind, [(16, 8)], (16, 8)) is None


def test_a_class_from_elsewhere_is_not_the_one_of_its_name() -> None:
    assert cost_of(layer(0, "Dense", "mypkg.layers", units=5), [(8,)], (5,)) is None
    assert cost_of(layer(0, "Dense", None, units=5), [(8,)], (5,)) == 40
    assert cost_of(layer(0, "Add", "mypkg.layers"), [(8,)], (8,)) is None


def test_a_layer_and_an_operation_of_one_name_are_two() -> None:
    assert cost("Dot", [(16, 8), (10, 8)], (16, 10), axes=2) == 1_280
    assert op("Dot", [(16, 8)], (16, 10), Call((INPUT, array(8, 10)))) == 1_280


def test_a_dynamic_axis_is_unknown_where_it_matters() -> None:
    conv: dict[str, Value] = {"filters": 8, "kernel_size": (3, 3)}
    assert cost("Conv2D", [(None, None, 4)], (None, None, 8), **conv) is None
    assert cost("LSTM", [(None, 8)], (5,), units=5) is None
    assert cost("Dense", [(None, 8)], (None, 5), units=5) is None
    assert cost("TimeDistributed", [(None, 8)], (None, 5), layer=inner("Dense", units=5)) is None
    assert cost("TimeDistributed", [(None, 8)], (None, 8), layer=inner("Activation", activation="relu")) == 0
    assert cost("MultiHeadAttention", [(16, 8), (None, 8)], (16, 8), num_heads=3, key_dim=4) is None
    assert op("Matmul", [(None, 8), (8, 10)], (None, 10)) is None


def test_settings_that_are_not_known_leave_the_cost_unknown() -> None:
    assert cost_of(replace(layer(0, "Dense"), settings=None), [(8,)], (5,)) is None
    assert cost_of(replace(layer(0, "Dropout"), settings=None), [(8,)], (8,)) == 0
    assert cost_of(replace(layer(0, "Tensordot", OPS_MODULE), settings=None), [(8,), (8,)], (8,)) is None


def test_settings_that_cannot_be_leave_the_cost_unknown() -> None:
    assert cost("Conv2D", [(12, 12, 4)], (10, 10, 8), filters=8, kernel_size=(3, 3, 3)) is None
    assert cost("Conv2D", [(12, 12, 4)], (10, 10, 8), filters=8, kernel_size="3") is None
    assert cost("Conv2D", [(12, 12, 4)], (10, 10, 8), filters=8, kernel_size=(3, 3), groups=3) is None
    assert cost("ConvLSTM2D", [(4, 8, 8, 3)], (6, 6, 5), filters=5, kernel_size=(3, 3), strides=0) is None
    assert cost("LSTM", [(16, 8)], (5,), units=-5) is None
    assert cost("RNN", [(16, 8)], (5,), cell=inner("MyCell", units=5)) is None
    assert cost("Bidirectional", [(16, 8)], (5,), layer=inner("MyRNN", units=5)) is None
    assert cost("TimeDistributed", [(16, 8)], (16, 5), layer=inner("MyLayer")) is None
    assert cost("Dot", [(16, 8), (10, 8)], (16, 10), axes=(1, 2, 3)) is None
    assert cost("EinsumDense", [(7, 8)], (7, 5), equation="ab,bc->ac", output_shape=5) is None
    assert cost("EinsumDense", [(7, 8)], (7, 5), equation="a?c,cd->a?d", output_shape=5) is None
    assert cost("RNN", [(16, 8)], (5,)) is None
    assert cost("SeparableConv2D", [(12, 12, 4)], None, filters=8, kernel_size=(3, 3)) is None
    assert op("Tensordot", [(16, 8)], (16, 5), Call((INPUT, array(8, 5))), axes=((1, 2), (1,))) is None
    assert op("Tensordot", [(16, 8)], (16, 5), Call((INPUT, array(8, 5))), axes="1") is None


# -- where inputs are not known -------------------------------------------------------------------------------------


def weighted(kind: str, weights: dict[str, tuple[int, ...]], dtype: str = "float32", **settings: Value) -> Layer:
    arrays = tuple(Weight(name, shape, dtype, True) for name, shape in weights.items())
    return replace(layer(0, kind, **settings), weights=arrays)


def unfed(of: Layer, out: Shape) -> int | None:
    """What a call costs whose input could not be followed."""
    return macs(model([*given_inputs((None, 3)), node(of, out, None)]), 1)


def test_a_kernel_says_what_the_input_does_not() -> None:
    assert unfed(weighted("Dense", {"kernel": (8, 5), "bias": (5,)}, units=5), (None, 7, 5)) == 280
    conv = weighted("Conv2D", {"kernel": (3, 3, 2, 8)}, filters=8, kernel_size=(3, 3), groups=2)
    assert unfed(conv, (None, 10, 10, 8)) == 14_400
    kernels: dict[str, tuple[int, ...]] = {"depthwise_kernel": (3, 3, 4, 1), "pointwise_kernel": (1, 1, 4, 8)}
    assert unfed(weighted("SeparableConv2D", kernels, filters=8, kernel_size=(3, 3)), (None, 10, 10, 8)) == 6_800
    einsum = weighted("EinsumDense", {"kernel": (8, 5)}, equation="...x,xy->...y", output_shape=5)
    assert unfed(einsum, (None, 6, 7, 5)) == 1_680


def test_without_a_kernel_it_stays_unknown() -> None:
    assert unfed(layer(0, "Dense", units=5), (None, 7, 5)) is None
    assert unfed(layer(0, "Conv2D", filters=8, kernel_size=(3, 3)), (None, 10, 10, 8)) is None
    assert unfed(weighted("Dense", {"kernel": (4, 5)}, dtype="int8", units=5), (None, 7, 5)) is None  # packed, perhaps
    # the output says it all
    assert unfed(layer(0, "DepthwiseConv2D", kernel_size=(3, 3)), (None, 10, 10, 4)) == 3_600


# -- graphs ---------------------------------------------------------------------------------------------------------


def dense(number: int, units: int) -> Layer:
    return layer(number, "Dense", units=units)


def mlp() -> ModelGraph:
    """8 -> 32 -> 8: 256 + 256."""
    hidden, back = node(dense(11, 32), (None, 8, 32), 0), node(dense(12, 8), (None, 8, 8), 1)
    return model([*given_inputs((None, 8, 8)), hidden, back])


def test_a_shared_layer_costs_once_for_each_call() -> None:
    shared = dense(1, 8)
    nodes = [*given_inputs((None, 8)), node(shared, (None, 8), 0), node(shared, (None, 8), 1)]
    assert macs_of_nodes(model(nodes)) == (0, 64, 64)
    assert total_macs(model(nodes)) == 128


def test_one_unknown_node_makes_the_total_unknown() -> None:
    nodes = [*given_inputs((None, 8)), node(dense(1, 5), (None, 5), 0), node(layer(2, "Lambda"), (None, 5), 1)]
    assert macs_of_nodes(model(nodes)) == (0, 40, None)
    assert total_macs(model(nodes)) is None


@pytest.mark.parametrize("how", [How.LAYERS_ONLY, How.UNBUILT])
def test_a_total_is_unknown_where_calls_are(how: How) -> None:
    assert total_macs(ModelGraph(how=how)) is None
    assert total_macs(ModelGraph()) == 0


def test_a_total_is_unknown_where_tensors_came_from_nowhere() -> None:
    lost = [*given_inputs((None, 8)), node(weighted("Dense", {"kernel": (8, 5)}, units=5), (None, 5), None)]
    assert macs_of_nodes(model(lost)) == (0, 40)
    assert total_macs(model(lost)) is None
    assert total_macs(ModelGraph(nodes=tuple(given_inputs((None, 8))), outputs=(None,))) is None


def owner(body: ModelGraph, kind: str = "Functional", module: str = "keras.models", **settings: Value) -> Layer:
    return Layer(id=1, kind=kind, module=module, settings=tuple(settings.items()), graph=body)


def test_a_nested_model_costs_what_is_in_it() -> None:
    nested = owner(mlp())
    nodes = [*given_inputs((None, 8, 8)), node(nested, (None, 8, 8), 0), node(nested, (None, 8, 8), 1)]
    assert macs_of_nodes(model(nodes)) == (0, 4_096, 4_096)  # 8 positions * 512
    assert total_macs(model(nodes)) == 8_192


def test_a_layer_made_of_layers_costs_what_is_in_it() -> None:
    block = owner(mlp(), "Block", "mypkg.layers", expand=4)
    assert macs(model([*given_inputs((None, 8, 8)), node(block, (None, 8, 8), 0)]), 1) == 4_096


def test_a_body_holds_for_its_own_shapes_only() -> None:
    block = owner(mlp())
    assert macs(model([*given_inputs((None, 9, 8)), node(block, (None, 9, 8), 0)]), 1) is None
    assert macs(model([*given_inputs((None, None, 8)), node(block, (None, None, 8), 0)]), 1) is None
    assert macs(model([*given_inputs(None), node(block, None, 0)]), 1) is None
    assert macs(model([*given_inputs((None, 8, 8), (None, 8)), node(block, (None, 8, 8), 0, 1)], 2), 2) is None


def test_a_body_that_needs_no_length_holds_for_any() -> None:
    pooled = [
        *given_inputs((None, None, 8)),
        node(layer(1, "GlobalAveragePooling1D"), (None, 8), 0),
        node(dense(2, 5), (None, 5), 1),
    ]
    nodes = [*given_inputs((None, 9, 8)), node(owner(model(pooled)), (None, 5), 0)]
    assert macs(model(nodes), 1) == 40


def test_time_distributed_over_a_model() -> None:
    wrapper = Layer(
        id=2, kind="TimeDistributed", module="keras.layers", settings=(("layer", Record("Functional")),), graph=mlp()
    )
    assert macs(model([*given_inputs((None, 3, 8, 8)), node(wrapper, (None, 3, 8, 8), 0)]), 1) == 12_288  # 3 * 4096
    assert macs(model([*given_inputs((None, None, 8, 8)), node(wrapper, (None, None, 8, 8), 0)]), 1) is None


def test_a_body_is_counted_once_however_deep_it_is_shared() -> None:
    body = mlp()
    for depth in range(60):
        nested = Layer(id=depth, kind="Functional", module="keras.models", graph=body)
        body = model([*given_inputs((None, 8, 8)), node(nested, (None, 8, 8), 0), node(nested, (None, 8, 8), 1)])
    assert total_macs(body) == 4_096 << 60


# -- samples --------------------------------------------------------------------------------------------------------


def test_a_fixed_batch_is_left_out() -> None:
    nodes = [*given_inputs((4, 7, 8)), node(dense(1, 5), (4, 7, 5), 0)]
    assert total_macs(model(nodes)) == 280


def reshape(number: int) -> Layer:
    return layer(number, "Reshape", OPS_MODULE)


def test_rows_that_come_from_one_sample_all_count() -> None:
    # 8 x 8 pixels become 4 windows of 16
    nodes = [
        *given_inputs((None, 8, 8, 3)),
        node(reshape(1), (None, 16, 3), 0),
        node(dense(2, 5), (None, 16, 5), 1),
        node(reshape(3), (None, 8, 8, 5), 2),
        node(dense(4, 5), (None, 8, 8, 5), 3),
    ]
    assert macs_of_nodes(model(nodes)) == (0, 0, 960, 0, 1_600)  # 64 * 3 * 5, 64 * 5 * 5
    fixed = [*given_inputs((2, 8, 8, 3)), node(reshape(1), (8, 16, 3), 0), node(dense(2, 5), (8, 16, 5), 1)]
    assert macs_of_nodes(model(fixed)) == (0, 0, 960)


def test_rows_are_followed_while_the_batch_is_not_axis_0() -> None:
    # windows of 16 pixels; query, key and value in one axis, which goes first and is taken apart
    nodes = [
        *given_inputs((None, 8, 8, 12)),
        node(reshape(1), (None, 16, 12), 0),
        node(reshape(2), (None, 16, 3, 4), 1),
        node(layer(3, "Transpose", OPS_MODULE, axes=(2, 0, 1, 3)), (3, None, 16, 4), 2),
        node(layer(4, "GetItem", OPS_MODULE), (None, 16, 4), 3),
        node(layer(5, "GetItem", OPS_MODULE), (None, 4, 16), 3),
        node(layer(6, "Matmul", OPS_MODULE), (None, 16, 16), 4, 5),
    ]
    assert macs(model(nodes), 6) == 4_096  # 4 windows * 16 * 16 * 4


def test_samples_that_are_put_together_are_taken_apart_again() -> None:
    # 4 windows of one sample beside each other, to add a mask for each window
    windows = [
        *given_inputs((None, 16, 3)),
        node(reshape(1), (None, 4, 16, 3), 0),
        node(reshape(2), (None, 16, 3), 1),
        node(dense(3, 5), (None, 16, 5), 2),
    ]
    body = Layer(id=9, kind="Windows", module="mypkg", graph=model(windows))
    nodes = [*given_inputs((None, 8, 8, 3)), node(reshape(1), (None, 16, 3), 0), node(body, (None, 16, 5), 1)]
    assert macs(model(nodes), 2) == 960  # 64 * 3 * 5


def test_a_layer_that_folds_axes_into_the_batch_tells_what_follows() -> None:
    body = model([*given_inputs((None, 8, 8, 3)), node(reshape(1), (None, 16, 3), 0)])
    windows = Layer(id=9, kind="Windows", module="mypkg", graph=body)
    nodes = [*given_inputs((None, 8, 8, 3)), node(windows, (None, 16, 3), 0), node(dense(2, 5), (None, 16, 5), 1)]
    assert macs(model(nodes), 2) == 960


def backend(kind: str) -> Layer:
    return replace(layer(1, kind, "backend"), settings=None)


def test_rows_are_followed_through_functions_of_tensorflow() -> None:
    nodes = [*given_inputs((None, 8, 8)), node(backend("Reshape"), (None, 4, 8), 0), node(dense(2, 5), (None, 4, 5), 1)]
    assert macs(model(nodes), 2) == 320  # 8 * 8 * 5
    nodes = [*given_inputs((None, 8)), node(backend("ConcatV2"), (None, 16), 0), node(dense(2, 5), (None, 5), 1)]
    assert macs(model(nodes), 2) == 80


@pytest.mark.parametrize(
    "of",
    [
        backend("ConcatV2"),
        backend("Tile"),
        layer(1, "Repeat", OPS_MODULE, repeats=2, axis=0),
        layer(1, "Concatenate", OPS_MODULE),
        layer(1, "Concatenate", axis=0),
        layer(1, "Tile", OPS_MODULE, repeats=(2, 1)),
        layer(1, "Vstack", OPS_MODULE),
    ],
)
def test_rows_are_unknown_after_the_batch_was_made_longer(of: Layer) -> None:
    nodes = [*given_inputs((None, 8)), node(of, (None, 8), 0), node(dense(2, 5), (None, 5), 1)]
    assert macs(model(nodes), 2) is None


def test_rows_are_known_after_other_axes_were_made_longer() -> None:
    for of in (
        layer(1, "Concatenate"),
        layer(1, "Concatenate", OPS_MODULE, axis=-1),
        layer(1, "Tile", OPS_MODULE, repeats=(1, 2)),
    ):
        nodes = [*given_inputs((None, 8)), node(of, (None, 16), 0), node(dense(2, 5), (None, 5), 1)]
        assert macs(model(nodes), 2) == 80


def test_a_body_takes_inputs_with_the_same_rows() -> None:
    both = [*given_inputs((None, 16, 3), (None, 16, 3)), node(dense(2, 5), (None, 16, 5), 1)]
    body = Layer(id=9, kind="Windows", module="mypkg", graph=model(both, 2))
    nodes = [
        *given_inputs((None, 8, 8, 3), (None, 16, 3)),
        node(reshape(1), (None, 16, 3), 0),
        node(body, (None, 16, 5), 2, 1),
    ]
    assert macs(model(nodes, 2), 3) is None  # 4 rows and 1
    nodes[-1] = node(body, (None, 16, 5), 2, 2)
    assert macs(model(nodes, 2), 3) == 960


def test_rows_are_unknown_where_a_shape_is() -> None:
    nodes = [*given_inputs(None), node(reshape(1), (None, 8), 0), node(dense(2, 5), (None, 5), 1)]
    assert macs(model(nodes), 2) is None


def test_rows_are_unknown_where_a_dynamic_axis_is_folded() -> None:
    nodes = [*given_inputs((None, None, 8)), node(reshape(1), (None, 8), 0), node(dense(2, 5), (None, 5), 1)]
    assert macs(model(nodes), 2) is None


def test_what_depends_on_no_input_counts_once() -> None:
    # a table of 49 positions, turned into a bias for each of 4 windows
    table = node(layer(20, "Embedding", input_dim=49, output_dim=2), (49, 2))
    body = model(
        [*given_inputs((None, 16, 3)), table, node(dense(2, 5), (49, 5), 1), node(dense(3, 5), (None, 16, 5), 0)]
    )
    windows = Layer(id=9, kind="Windows", module="mypkg", graph=body)
    nodes = [*given_inputs((None, 8, 8, 3)), node(reshape(1), (None, 16, 3), 0), node(windows, (None, 16, 5), 1)]
    assert macs(model(nodes), 2) == 1_450  # 49 * 2 * 5 and 4 * 16 * 3 * 5
    assert macs(model([*given_inputs((4, 1)), table, node(dense(2, 5), (49, 5), 1)]), 2) == 490


# -- properties -----------------------------------------------------------------------------------------------------

SETTINGS = [
    "attention_axes",
    "axes",
    "axis",
    "cell",
    "cells",
    "data_format",
    "depth_multiplier",
    "dilation_rate",
    "equation",
    "filters",
    "groups",
    "head_dim",
    "kernel_size",
    "key_dim",
    "layer",
    "num_heads",
    "num_key_value_heads",
    "num_query_heads",
    "output_dim",
    "output_shape",
    "padding",
    "repeats",
    "strides",
    "subscripts",
    "units",
    "value_dim",
]
NUMBERS = st.integers(-2, 9)
ODD_VALUES = st.one_of(
    NUMBERS,
    st.lists(NUMBERS, max_size=4).map(tuple),
    st.tuples(st.lists(NUMBERS, max_size=2).map(tuple), st.lists(NUMBERS, max_size=2).map(tuple)),
    st.sampled_from(("same", "channels_first", "ab,bc->ac", "...a,ab->...b", "a,->", "->", "ij,jk,kl")),
    st.sampled_from(("Dense", "LSTM", "LSTMCell", "Conv2D")).map(lambda kind: Record(kind, (("units", 3),))),
    values(),
)
SHAPES = st.one_of(st.none(), st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=6).map(tuple))


@given(
    kind=st.sampled_from(sorted(LAYERS) + sorted(OPERATIONS)),
    module=st.sampled_from(("keras.layers", OPS_MODULE)),
    settings=st.dictionaries(st.sampled_from(SETTINGS), ODD_VALUES, max_size=6),
    shapes=st.lists(SHAPES, min_size=1, max_size=4),
    out=SHAPES,
)
def test_nonsense_is_never_an_error(
    kind: str, module: str, settings: dict[str, Value], shapes: list[Shape | None], out: Shape | None
) -> None:
    made = node(layer(0, kind, module, **settings), out, *range(len(shapes)))
    found = macs(model([*given_inputs(*shapes), made], len(shapes)), len(shapes))
    assert found is None or found >= 0


@given(model_graphs())
def test_any_graph_has_a_count_for_each_node_and_their_sum(graph: ModelGraph) -> None:
    counts = macs_of_nodes(graph)
    assert counts == tuple(macs(graph, index) for index in range(len(graph.nodes)))
    lost = None in graph.outputs or any(None in node.inputs for node in graph.nodes)
    unknown = lost or None in counts or graph.how in {How.LAYERS_ONLY, How.UNBUILT}
    assert total_macs(graph) == (None if unknown else sum(count or 0 for count in counts))
