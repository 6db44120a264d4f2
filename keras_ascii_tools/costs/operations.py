"""Operations of `keras.ops` that sum products: what one call costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keras_ascii_tools.costs.einsum import einsum
from keras_ascii_tools.costs.use import Use, axis, known, product, quotient, total, volume
from keras_ascii_tools.graph import Shape, Value

__all__ = ["OPERATIONS", "dot_layer"]


def dot_layer(use: Use) -> int | None:
    """`keras.layers.Dot`: every scalar of the output is a sum over one axis."""
    axes = use.setting("axes")
    first, second = axes if isinstance(axes, tuple) and len(axes) == 2 else (axes, axes)
    x, y = (*use.operands, None, None)[:2]
    return product(volume(use.output), known(_at(x, first), _at(y, second)))


def _at(shape: Shape | None, index: Value) -> int | None:
    return axis(shape, index) if isinstance(index, int) else None


def _matmul(use: Use) -> int | None:
    x, y = _two(use)
    summed = axis(y, -2 if y is not None and len(y) > 1 else 0)
    return product(volume(use.output), known(axis(x, -1), summed))


def _dot(use: Use) -> int | None:
    """As NumPy's: a product with a scalar sums nothing."""
    return 0 if () in _two(use) else _matmul(use)


def _inner(use: Use) -> int | None:
    x, y = _two(use)
    return 0 if () in {x, y} else product(volume(use.output), known(axis(x, -1), axis(y, -1)))


def _vdot(use: Use) -> int | None:
    x, y = _two(use)
    return known(volume(x), volume(y))


def _tensordot(use: Use) -> int | None:
    x, y = _two(use)
    first, second = _tensordot_axes(use.setting("axes", 2))
    if len(first) != len(second):
        return None
    summed = (known(_at(x, one), _at(y, other)) for one, other in zip(first, second, strict=True))
    return product(volume(use.output), *summed) if first else 0


def _tensordot_axes(axes: Value) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The axes of either tensor; of unequal number if they are not known."""
    if isinstance(axes, int) and 0 <= axes < _MAX_RANK:
        return tuple(range(-axes, 0)), tuple(range(axes))
    if isinstance(axes, tuple) and len(axes) == 2:
        first, second = axes
        if isinstance(first, tuple) and isinstance(second, tuple):
            return first, second
    return (None,), ()


_MAX_RANK = 64


def _einsum(use: Use) -> int | None:
    return einsum(use.setting("subscripts"), use.positional, use.output)


def _conv(use: Use) -> int | None:
    kernel = use.argument(1, "kernel")
    return product(volume(use.output), *_but(kernel, 1))


def _depthwise_conv(use: Use) -> int | None:
    kernel = use.argument(1, "kernel")
    return product(volume(use.output), *_but(kernel, 2))


def _conv_transpose(use: Use) -> int | None:
    kernel = use.argument(1, "kernel")
    return product(volume(use.input), *_but(kernel, 1))


def _separable_conv(use: Use) -> int | None:
    depthwise, pointwise = use.argument(1, "depthwise_kernel"), use.argument(2, "pointwise_kernel")
    filters = axis(use.output, 1 if use.channels_first else -1)
    positions = quotient(volume(use.output), filters)
    return product(positions, total((volume(depthwise), volume(pointwise))))


def _but(kernel: Shape | None, last: int) -> tuple[int | None, ...]:
    return (None,) if kernel is None else kernel[:-last]


def _attention(use: Use) -> int | None:
    """Query (batch, to, heads, features), key and value (batch, from, heads, features)."""
    query, key, value = use.argument(0, "query"), use.argument(1, "key"), use.argument(2, "value")
    pairs = product(*(query or (None,))[:-1], axis(key, 1))
    return product(pairs, total((axis(query, -1), axis(value, -1))))


def _two(use: Use) -> tuple[Shape | None, Shape | None]:
    return use.argument(0, "x1"), use.argument(1, "x2")


OPERATIONS: Mapping[str, Callable[[Use], int | None]] = {
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "DepthwiseConv": _depthwise_conv,
    "Dot": _dot,
    "DotProductAttention": _attention,
    "Einsum": _einsum,
    "Inner": _inner,
    "Matmul": _matmul,
    "SeparableConv": _separable_conv,
    "Tensordot": _tensordot,
    "Vdot": _vdot,
}
