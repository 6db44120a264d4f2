"""Weights of normalising, recurrent and attention layers. Knows their settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from keras_ascii_tools.graph import Shape
from keras_ascii_tools.read.guards import Config, is_list, is_mapping
from keras_ascii_tools.read.shapes.kit import axis_of, integer, integers
from keras_ascii_tools.read.weight_rules.kit import Array, Building, Rule, bias_if, frozen

__all__ = ["OTHERS"]

_GATES: Final = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}


def _axes(given: Building, default: object = -1) -> list[int]:
    raw = given.config.get("axis", default)
    rank = len(given.shape)
    return sorted(axis_of(axis, rank) for axis in (raw if is_list(raw) else [raw]))


def _sizes(given: Building, axes: Sequence[int]) -> tuple[int, ...]:
    return tuple(integer(given.shape[axis]) for axis in axes)


def _scaled(given: Building, shape: tuple[int, ...]) -> list[Array]:
    return [*bias_if(given, *shape, name="gamma", key="scale"), *bias_if(given, *shape, name="beta", key="center")]


def _batch(given: Building) -> list[Array]:
    shape = _sizes(given, _axes(given))
    moving = ["moving_mean", "moving_variance"]
    if given.config.get("renorm"):
        moving += ["moving_stddev", "renorm_mean", "renorm_stddev"]
    return [*_scaled(given, shape), *(Array(name, shape, False) for name in moving)]


def _layer(given: Building) -> list[Array]:
    shape = _sizes(given, _axes(given))
    if given.config.get("rms_scaling"):
        return [Array("gamma", shape)]
    return _scaled(given, shape)


def _rms(given: Building) -> list[Array]:
    return [Array("scale", _sizes(given, _axes(given)))]


def _group(given: Building) -> list[Array]:
    return _scaled(given, _sizes(given, _axes(given)))


def _normalization(given: Building) -> list[Array]:
    if given.config.get("mean") is not None:
        return []
    shape = () if given.config.get("axis", -1) is None else _sizes(given, _axes(given))
    return [Array("mean", shape, False), Array("variance", shape, False), Array("count", (), False, "int32")]


def _prelu(given: Building) -> list[Array]:
    shape = list(given.shape[1:])
    for axis in given.config.get("shared_axes") or ():
        shape[integer(axis) - 1] = 1
    return [Array("alpha", tuple(integer(axis) for axis in shape))]


def _layer_scale(given: Building) -> list[Array]:
    return [Array("gamma", (integer(given.config.get("projection_dim")),))]


def _spectrogram(given: Building) -> list[Array]:
    config = given.config
    length, width = integer(config.get("frame_length")), config.get("fft_length")
    bins = (1 << (length - 1).bit_length() if width is None else integer(width)) // 2 + 1
    mode = config.get("mode", "log")
    found = [Array("real_kernel", (length, 1, bins)), Array("imag_kernel", (length, 1, bins))]
    return found[:1] if mode == "real" else found[1:] if mode == "imag" else found


def _recurrent(gates: int) -> Rule:
    def rule(given: Building) -> list[Array]:
        size, units = integer(given.shape[-1]), integer(given.config.get("units"))
        # Two biases: Keras 2 and 3 say so; what says nothing is older, and has one.
        two = gates == 3 and given.config.get("reset_after")
        return [
            Array("kernel", (size, units * gates)),
            Array("recurrent_kernel", (units, units * gates)),
            *bias_if(given, *((2, units * gates) if two else (units * gates,))),
        ]

    return rule


def _rnn(given: Building) -> list[Array]:
    return _cells(given.config.get("cell"), given.shape, 0)[0]


def _cells(cell: object, shape: Shape, depth: int) -> tuple[list[Array], int]:
    """The weights of a cell or of several, and the size of the output."""
    if not is_mapping(cell) or not is_mapping(cell["config"]):
        raise ValueError
    config: Config = cell["config"]
    if cell["class_name"] != "StackedRNNCells" or depth:
        rule = _recurrent(_GATES[str(cell["class_name"]).removesuffix("Cell")])
        return _by_flag(config, rule(Building(config, (shape,)))), integer(config.get("units"))
    found: list[Array] = []
    for inner in config["cells"]:
        arrays, units = _cells(inner, shape, 1)
        found += arrays
        shape = (None, units)
    return _by_flag(config, found), integer(shape[-1])


def _by_flag(config: Config, arrays: list[Array]) -> list[Array]:
    return frozen(arrays) if config.get("trainable") is False else arrays


def _attention(given: Building) -> list[Array]:
    found = [Array("scale", ())] if given.config.get("use_scale") else []
    return [*found, Array("concat_score_weight", ())] if given.config.get("score_mode") == "concat" else found


def _additive(given: Building) -> list[Array]:
    return [Array("scale", (integer(given.shape[-1]),))] if given.config.get("use_scale", True) else []


def _no_quantization(given: Building) -> None:
    dtype = given.config.get("dtype")
    if given.quantization is not None or (is_mapping(dtype) and dtype.get("class_name") == "DTypePolicyMap"):
        raise ValueError


def _multi_head(given: Building) -> list[Array]:
    _no_quantization(given)
    config = given.config
    query, value, key = _query_value_key(given)
    heads, width = integer(config.get("num_heads")), integer(config.get("key_dim"))
    depth = width if config.get("value_dim") is None else integer(config.get("value_dim"))
    raw = config.get("output_shape")
    output = (query,) if not raw else integers(raw, 1 if type(raw) is int else None)
    found = _projection(given, "query", query, (heads, width)) + _projection(given, "key", key, (heads, width))
    if config.get("use_gate"):
        found += _projection(given, "gate", query, (heads, depth))
    found += _projection(given, "value", value, (heads, depth))
    kernel = Array("attention_output/kernel", (heads, depth, *output))
    return [*found, kernel, *bias_if(given, *output, name="attention_output/bias")]


def _query_value_key(given: Building) -> tuple[int, int, int]:
    """The sizes of the vectors; keys are values unless there are three tensors."""
    shapes = [given.shapes[at] if at < len(given.shapes) else given.shapes[-1] for at in range(3)]
    if len(given.shapes) < 2:
        raise ValueError
    query, value, key = (integer(shape[-1]) if shape else integer(None) for shape in shapes)
    return query, value, key


def _projection(given: Building, name: str, size: int, output: tuple[int, int]) -> list[Array]:
    return [Array(f"{name}/kernel", (size, *output)), *bias_if(given, *output, name=f"{name}/bias")]


def _grouped(given: Building) -> list[Array]:
    _no_quantization(given)
    config = given.config
    query, value, key = _query_value_key(given)
    width = integer(config.get("head_dim"))
    heads = integer(config.get("num_query_heads")), width
    shared = integer(config.get("num_key_value_heads")), width
    found = _projection(given, "query", query, heads) + _projection(given, "key", key, shared)
    if config.get("use_gate"):
        found += _projection(given, "gate", query, heads)
    found += _projection(given, "value", value, shared)
    kernel = Array("attention_output/kernel", (*heads, query))
    return [*found, kernel, *bias_if(given, query, name="attention_output/bias")]


OTHERS: Final[dict[str, Rule]] = {
    **{kind: _recurrent(gates) for kind, gates in _GATES.items()},
    "AdditiveAttention": _additive,
    "Attention": _attention,
    "BatchNormalization": _batch,
    "GroupNormalization": _group,
    "GroupQueryAttention": _grouped,
    "LayerNormalization": _layer,
    "LayerScale": _layer_scale,
    "MultiHeadAttention": _multi_head,
    "Normalization": _normalization,
    "PReLU": _prelu,
    "RMSNormalization": _rms,
    "RNN": _rnn,
    "STFTSpectrogram": _spectrogram,
}
