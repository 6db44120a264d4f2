"""Kind of layer -> its rule: one line for each kind, and the rules of wrappers, which look their layer up here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keras_ascii_tools.costs import attention, recurrent, sums
from keras_ascii_tools.costs.backend import BACKEND, BACKEND_MODULE
from keras_ascii_tools.costs.free import FREE_BACKEND, FREE_LAYERS, FREE_OPERATIONS
from keras_ascii_tools.costs.operations import OPERATIONS, dot_layer
from keras_ascii_tools.costs.use import Use
from keras_ascii_tools.graph import Layer, Record, Shape

__all__ = ["Rule", "fold_time", "free", "rule_of"]

Rule = Callable[[Use], int | None]


def rule_of(layer: Layer) -> Rule | None:
    """Return the rule for a layer or operation; `None` if what is known of it does not say what it does."""
    if layer.module == BACKEND_MODULE:
        return BACKEND.get(layer.kind) or (free if layer.kind in FREE_BACKEND else None)
    rule = None
    if layer.is_operation:
        rule = OPERATIONS.get(layer.kind) or (free if layer.kind in FREE_OPERATIONS else None)
    # A source that does not know modules says so with None, and gives the module of a class that only has Keras' name.
    elif layer.module in {None, "keras.layers"}:
        rule = _layer_rule(layer.kind)
    return None if layer.settings is None and rule is not free else rule


def _layer_rule(kind: str) -> Rule | None:
    return LAYERS.get(kind) or (free if kind in FREE_LAYERS else None)


def free(use: Use) -> int:
    """The rule of the kinds that cost nothing, whatever their settings."""
    del use
    return 0


def fold_time(shape: Shape | None) -> Shape | None:
    """Make rows of time steps: what `TimeDistributed` shows to its layer."""
    if shape is None or len(shape) < 2:
        return None
    rows, steps = shape[:2]
    return (None if rows is None or steps is None else rows * steps, *shape[2:])


def _time_distributed(use: Use) -> int | None:
    return _inner(use, fold_time(use.input), fold_time(use.output))


def _spectral_normalization(use: Use) -> int | None:
    return _inner(use, use.input, use.output)


def _inner(use: Use, given: Shape | None, made: Shape | None) -> int | None:
    layer = use.setting("layer")
    rule = _layer_rule(layer.kind) if isinstance(layer, Record) else None
    if rule is None or not isinstance(layer, Record):
        return None
    return rule(Use(kind=layer.kind, settings=layer.items, inputs=(given,), output=made))


LAYERS: Mapping[str, Rule] = {
    "AdditiveAttention": attention.additive_attention,
    "Attention": attention.attention,
    "Bidirectional": recurrent.bidirectional,
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), sums.conv),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), sums.conv_transpose),
    "Dense": sums.dense,
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), sums.depthwise_conv),
    "Dot": dot_layer,
    "EinsumDense": sums.einsum_dense,
    # Keras exports GroupedQueryAttention as GroupQueryAttention: a live layer has the one name, a file the other.
    **dict.fromkeys(("GroupQueryAttention", "GroupedQueryAttention"), attention.grouped_query_attention),
    "MultiHeadAttention": attention.multi_head_attention,
    **recurrent.RECURRENT,
    "ReversibleEmbedding": sums.reversible_embedding,
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), sums.separable_conv),
    **dict.fromkeys(("GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"), recurrent.cell),
    "SpectralNormalization": _spectral_normalization,
    "TimeDistributed": _time_distributed,
}
