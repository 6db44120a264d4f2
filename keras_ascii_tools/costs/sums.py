"""Weighted sums over one tensor: dense layers and convolutions. A rule says what one use costs; `None` is unknown."""

from __future__ import annotations

from keras_ascii_tools.costs.einsum import einsum
from keras_ascii_tools.costs.use import Use, axis, known, product, quotient, total, volume
from keras_ascii_tools.graph import Shape

__all__ = [
    "conv",
    "conv_transpose",
    "dense",
    "depthwise_conv",
    "einsum_dense",
    "reversible_embedding",
    "separable_conv",
]


def dense(use: Use) -> int | None:
    """Every scalar of the output is a sum over the input's last axis."""
    return product(volume(use.output), known(axis(use.input, -1), axis(use.weight("kernel"), 0)))


def einsum_dense(use: Use) -> int | None:
    """As the equation says; the kernel's axes are all in the input or in the output."""
    return einsum(use.setting("equation"), (use.input, use.weight("kernel")), use.output)


def reversible_embedding(use: Use) -> int | None:
    """A look-up, or, in reverse, a dense layer over the vocabulary."""
    reverse = use.call is not None and (dict(use.call.kwargs).get("reverse") is True or use.call.args[1:2] == (True,))
    return product(volume(use.output), use.number("output_dim")) if reverse else 0


def conv(use: Use) -> int | None:
    """Every scalar of the output is a sum over the window and the input channels of its group."""
    channels = quotient(_channels(use, use.input), use.number("groups", 1))
    return product(volume(use.output), *_window(use), known(channels, axis(use.weight("kernel"), -2)))


def depthwise_conv(use: Use) -> int | None:
    """Every scalar of the output is a sum over the window in one channel."""
    return product(volume(use.output), *_window(use))


def separable_conv(use: Use) -> int | None:
    """A depthwise convolution, then a sum over all its channels at every position."""
    depth = product(_channels(use, use.input), use.number("depth_multiplier", 1))
    depth = known(depth, axis(use.weight("pointwise_kernel"), -2))
    window_and_filters = total((product(*_window(use)), use.number("filters")))
    return product(_positions(use, use.output), depth, window_and_filters)


def conv_transpose(use: Use) -> int | None:
    """Every scalar of the input is spread over the window and the filters."""
    return product(volume(use.input), *_window(use), use.number("filters"))


def _window(use: Use) -> tuple[int | None, ...]:
    shape = use.input if use.output is None else use.output
    return use.numbers("kernel_size", None if shape is None else len(shape) - 2)


def _channels(use: Use, shape: Shape | None) -> int | None:
    return axis(shape, 1 if use.channels_first else -1)


def _positions(use: Use, shape: Shape | None) -> int | None:
    if not shape:
        return None
    return product(shape[0], *shape[2:]) if use.channels_first else volume(shape[:-1])
