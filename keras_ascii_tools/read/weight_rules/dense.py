"""Weights of layers whose kernel may be quantized or adapted: dense, embedding, convolution. Knows their settings."""

from __future__ import annotations

from math import ceil, prod
from typing import Final

from keras_ascii_tools.read.einsum_axes import einsum_axes
from keras_ascii_tools.read.guards import is_mapping
from keras_ascii_tools.read.shapes.kit import channels_first, integer, integers
from keras_ascii_tools.read.weight_rules.kit import Array, Building, Rule, bias_if

__all__ = ["DENSE"]

_HISTORY: Final = 1024
"""Largest values that float8 training remembers."""


def _block(given: Building) -> int | None:
    """The number of rows that have a scale of their own; `None` for all."""
    raw = given.config.get("quantization_config")
    inner = raw.get("config") if is_mapping(raw) else None
    if is_mapping(inner) and "block_size" in inner:
        size = inner["block_size"]
    else:
        size = int((given.quantization or "").partition("/")[2])
    return None if size is None or size == -1 else integer(size)


def _adapted(given: Building, name: str, one: tuple[int, ...], other: tuple[int, ...]) -> list[Array]:
    rank = given.lora_rank
    if rank is None:
        return []
    return [
        Array(f"lora_{name}_a", (*one, rank), dtype="float32"),
        Array(f"lora_{name}_b", (rank, *other), dtype="float32"),
    ]


def _matrix(given: Building, kernel: tuple[int, ...], rows: int, bias: list[Array]) -> list[Array]:
    """A kernel and its bias, as they are quantized.

    Args:
        given: The layer.
        kernel: The shape of the kernel.
        rows: How many of its elements meet in one sum.
        bias: The bias, if there is one.
    """
    adapted = _adapted(given, "kernel", kernel[:-1], kernel[-1:])
    mode = given.quantization
    columns = prod(kernel) // rows if rows else 0
    if mode is None:
        return [Array("kernel", kernel, trainable=not adapted), *bias, *adapted]
    if mode == "float8":
        return [Array("kernel", kernel, trainable=not adapted), *bias, *adapted, *_float8()]
    if mode == "int8":
        found = [Array("kernel", kernel, False, "int8"), Array("kernel_scale", (columns,), False)]
        return [*bias, *found, *adapted]
    if not mode.startswith("int4/"):
        raise ValueError
    packed = Array("kernel", (rows, (columns + 1) // 2), False, "int8")
    return [*bias, packed, *_scales("kernel", rows, columns, _block(given)), *adapted]


def _scales(name: str, rows: int, columns: int, block: int | None) -> list[Array]:
    if block is None:
        return [Array(f"{name}_scale", (columns,), False)]
    shape = (ceil(rows / block), columns)
    return [
        Array(f"{name}_scale", shape, False),
        Array(f"{name}_zero", shape, False, "int8"),
        Array("g_idx", (rows,), False, "float32"),
    ]


def _float8() -> list[Array]:
    found: list[Array] = []
    for name in ("inputs", "kernel", "outputs_grad"):
        found += [
            Array(f"{name}_scale", (), dtype="float32"),
            Array(f"{name}_amax_history", (_HISTORY,), dtype="float32"),
        ]
    return found


def _dense(given: Building) -> list[Array]:
    size, units = integer(given.shape[-1]), integer(given.config.get("units"))
    return _matrix(given, (size, units), size, bias_if(given, units))


def _einsum(given: Building) -> list[Array]:
    axes = einsum_axes(given.config, given.shape)
    kernel = tuple(integer(axis) for axis in axes.kernel)
    bias = [] if axes.bias is None else [Array("bias", axes.bias)]
    return _matrix(given, kernel, prod(kernel[axis] for axis in axes.input_axes), bias)


def _embedding(given: Building) -> list[Array]:
    tokens, size = integer(given.config.get("input_dim")), integer(given.config.get("output_dim"))
    adapted = _adapted(given, "embeddings", (tokens,), (size,))
    mode = given.quantization
    if mode is None:
        return [Array("embeddings", (tokens, size), trainable=not adapted), *adapted]
    if mode == "int8":
        found = [Array("embeddings", (tokens, size), False, "int8"), Array("embeddings_scale", (tokens,), False)]
        return [*found, *adapted]
    if not mode.startswith("int4/"):
        raise ValueError
    packed = Array("embeddings", (tokens, (size + 1) // 2), False, "int8")
    return [packed, *_scales("embeddings", size, tokens, _block(given)), *adapted]


def _reversible(given: Building) -> list[Array]:
    if given.config.get("tie_weights", True):
        return _embedding(given)
    tokens, size = integer(given.config.get("input_dim")), integer(given.config.get("output_dim"))
    mode = given.quantization
    if mode is None:
        return [*_embedding(given), Array("reverse_embeddings", (size, tokens))]
    if mode == "int8":
        reverse = Array("reverse_embeddings", (size, tokens), False, "int8")
        return [*_embedding(given), reverse, Array("reverse_embeddings_scale", (tokens,), False)]
    reverse = Array("reverse_embeddings", ((size + 1) // 2, tokens), False, "int8")
    scales = _scales("reverse_embeddings", size, tokens, _block(given))
    return [*_embedding(given), reverse, *scales[:2]]


def _conv(given: Building) -> list[Array]:
    filters, groups = integer(given.config.get("filters")), integer(given.config.get("groups", 1))
    kernel = (*_window(given), given.channels // groups, filters)
    adapted = _adapted(given, "kernel", kernel[:-1], (filters,))
    return [Array("kernel", kernel, trainable=not adapted), *bias_if(given, filters), *adapted]


def _window(given: Building) -> tuple[int, ...]:
    return integers(given.config.get("kernel_size"), len(given.shape) - 2)


def _transposed(given: Building) -> list[Array]:
    filters = integer(given.config.get("filters"))
    return [Array("kernel", (*_window(given), filters, given.channels)), *bias_if(given, filters)]


def _depthwise(given: Building) -> list[Array]:
    times, channels = integer(given.config.get("depth_multiplier", 1)), given.channels
    return [Array("kernel", (*_window(given), channels, times)), *bias_if(given, channels * times)]


def _separable(given: Building) -> list[Array]:
    times, channels = integer(given.config.get("depth_multiplier", 1)), given.channels
    filters, window = integer(given.config.get("filters")), _window(given)
    return [
        Array("depthwise_kernel", (*window, channels, times)),
        Array("pointwise_kernel", (*(1,) * len(window), channels * times, filters)),
        *bias_if(given, filters),
    ]


def _conv_recurrent(given: Building) -> list[Array]:
    batch, _, *step = given.shape
    channels = integer([batch, *step][1 if channels_first(given.config) else -1])
    filters = integer(given.config.get("filters"))
    window = integers(given.config.get("kernel_size"), len(given.shape) - 3)
    return [
        Array("kernel", (*window, channels, filters * 4)),
        Array("recurrent_kernel", (*window, filters, filters * 4)),
        *bias_if(given, filters * 4),
    ]


DENSE: Final[dict[str, Rule]] = {
    **{f"Conv{n}D": _conv for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": _transposed for n in (1, 2, 3)},
    **{f"ConvLSTM{n}D": _conv_recurrent for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": _depthwise for n in (1, 2)},
    **{f"SeparableConv{n}D": _separable for n in (1, 2)},
    "Dense": _dense,
    "EinsumDense": _einsum,
    "Embedding": _embedding,
    "ReversibleEmbedding": _reversible,
}
