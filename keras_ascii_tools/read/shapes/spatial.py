"""Shapes of convolutions and pooling. Knows their settings, nothing of weights."""

from __future__ import annotations

from typing import Final

from keras_ascii_tools.graph import Shape
from keras_ascii_tools.read.shapes.kit import (
    Axis,
    Rule,
    Situation,
    channels_first,
    integer,
    integers,
    spatial,
    with_spatial,
)

__all__ = ["SPATIAL", "convolved"]


def convolved(given: Situation, filters: Axis, *, kernel: str = "kernel_size", default_strides: object = 1) -> Shape:
    """Return the shape after a window has moved over the axes of space or time."""
    config, first = given.config, channels_first(given.config)
    axes = spatial(given.shape, first)
    sizes = integers(config.get(kernel), len(axes))
    raw = config.get("strides")
    strides = integers(default_strides if raw is None else raw, len(axes))
    dilations = integers(config.get("dilation_rate", 1), len(axes))
    padding = config.get("padding", "valid")
    windows = zip(axes, sizes, strides, dilations, strict=True)
    return with_spatial(given.shape, [_moved(*window, padding) for window in windows], first, filters)


def _moved(axis: Axis, size: int, stride: int, dilation: int, padding: object) -> Axis:
    if padding not in ("valid", "same", "causal") or min(size, stride, dilation) < 1:
        raise ValueError
    if axis is None:
        return None
    length = (axis - 1) // stride + 1 if padding != "valid" else (axis - dilation * (size - 1) - 1) // stride + 1
    if length <= 0:
        raise ValueError
    return length


def _conv(given: Situation) -> list[Shape]:
    return [convolved(given, integer(given.config.get("filters")))]


def _depthwise(given: Situation) -> list[Shape]:
    channels = given.shape[1 if channels_first(given.config) else -1]
    return [convolved(given, integer(given.config.get("depth_multiplier", 1)) * integer(channels))]


def _transposed(given: Situation) -> list[Shape]:
    config, first = given.config, channels_first(given.config)
    axes = spatial(given.shape, first)
    sizes = integers(config.get("kernel_size"), len(axes))
    strides = integers(config.get("strides", 1), len(axes))
    dilations = integers(config.get("dilation_rate", 1), len(axes))
    raw = config.get("output_padding")
    extra = (None,) * len(axes) if raw is None else integers(raw, len(axes))
    lengths = [
        _grown(*window, config.get("padding", "valid"))
        for window in zip(axes, sizes, strides, dilations, extra, strict=True)
    ]
    return [with_spatial(given.shape, lengths, first, integer(config.get("filters")))]


def _grown(axis: Axis, size: int, stride: int, dilation: int, extra: Axis, padding: object) -> Axis:
    if padding not in ("valid", "same"):
        raise ValueError
    if axis is None:
        return None
    size += (size - 1) * (dilation - 1)
    if extra is None:
        return axis * stride + (max(size - stride, 0) if padding == "valid" else 0)
    return (axis - 1) * stride + size - 2 * (size // 2 if padding == "same" else 0) + extra


def _pooled(given: Situation) -> list[Shape]:
    return [convolved(given, -1, kernel="pool_size", default_strides=given.config.get("pool_size"))]


def _pooled_away(given: Situation) -> list[Shape]:
    first = channels_first(given.config)
    axes = spatial(given.shape, first)
    if given.config.get("keepdims"):
        return [with_spatial(given.shape, [1] * len(axes), first)]
    return [(given.shape[0], given.shape[1 if first else -1])]


def _pooled_to(given: Situation) -> list[Shape]:
    first = channels_first(given.config)
    sizes = integers(given.config.get("output_size"), len(spatial(given.shape, first)))
    return [with_spatial(given.shape, sizes, first)]


def _kinds(*forms: str) -> list[str]:
    return [form.format(n) for form in forms for n in (1, 2, 3)]


SPATIAL: Final[dict[str, Rule]] = {
    **dict.fromkeys(_kinds("Conv{}D", "SeparableConv{}D"), _conv),
    **dict.fromkeys(_kinds("DepthwiseConv{}D"), _depthwise),
    **dict.fromkeys(_kinds("Conv{}DTranspose"), _transposed),
    **dict.fromkeys(_kinds("MaxPooling{}D", "AveragePooling{}D"), _pooled),
    **dict.fromkeys(_kinds("GlobalMaxPooling{}D", "GlobalAveragePooling{}D"), _pooled_away),
    **dict.fromkeys(_kinds("AdaptiveMaxPooling{}D", "AdaptiveAveragePooling{}D"), _pooled_to),
}
