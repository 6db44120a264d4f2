"""TensorFlow's own functions, which traces find between Keras' layers by name and shapes alone: what one call costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keras_ascii_tools.costs.use import Use, axis, known, product, volume
from keras_ascii_tools.graph import Shape

__all__ = ["BACKEND", "BACKEND_MODULE"]

BACKEND_MODULE = "backend"
"""Module of a function that is no layer and no operation of Keras."""


def _matmul(use: Use) -> int | None:
    """Either tensor may be transposed, which nobody tells: of its two last axes, one is the output's, one is summed."""
    x, y = use.argument(0, "a"), use.argument(1, "b")
    summed = known(_other_axis(x, axis(use.output, -2)), _other_axis(y, axis(use.output, -1)))
    return product(volume(use.output), summed)


def _other_axis(shape: Shape | None, kept: int | None) -> int | None:
    rows, columns = axis(shape, -2), axis(shape, -1)
    if None in {rows, columns, kept} or kept not in {rows, columns}:
        return None
    return rows if columns == kept else columns


def _conv(use: Use) -> int | None:
    return _kernel(use, without=1)


def _depthwise_conv(use: Use) -> int | None:
    return _kernel(use, without=2)


def _kernel(use: Use, without: int) -> int | None:
    kernel = use.argument(1, "filter")
    return None if kernel is None else product(volume(use.output), *kernel[:-without])


BACKEND: Mapping[str, Callable[[Use], int | None]] = {
    **dict.fromkeys(("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "MatMul"), _matmul),
    **dict.fromkeys(("Conv2D", "Conv3D"), _conv),
    "DepthwiseConv2dNative": _depthwise_conv,
}
