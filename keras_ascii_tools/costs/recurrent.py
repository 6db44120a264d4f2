"""Recurrent layers and cells: the products with the input and with the state, at every time step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keras_ascii_tools.costs.use import Use, axis, product, total, volume
from keras_ascii_tools.graph import Record, Shape, Value

__all__ = ["RECURRENT", "bidirectional", "cell", "rnn"]

GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
"""Kernels of a cell; `reset_after` changes the order of a GRU's products, not their number."""


def recurrent(use: Use) -> int | None:
    """A layer with a cell of its own."""
    return _over_time(use, Record(f"{use.kind}Cell", tuple(sorted(use.settings, key=lambda item: item[0]))))


def rnn(use: Use) -> int | None:
    """`RNN(cell)`."""
    return _over_time(use, use.setting("cell"))


def cell(use: Use) -> int | None:
    """A cell that is called by itself, on one time step."""
    own = Record(use.kind, tuple(sorted(use.settings, key=lambda item: item[0])))
    rows = None if use.input is None else volume(use.input[:-1])
    return product(rows, _step(own, axis(use.input, -1))[0])


def _over_time(use: Use, of: Value) -> int | None:
    return product(axis(use.input, 0), axis(use.input, 1), _step(of, axis(use.input, 2))[0])


def _step(of: Value, features: int | None) -> tuple[int | None, int | None]:
    """What one time step of a cell costs, and how many features it makes."""
    if not isinstance(of, Record):
        return None, None
    if of.kind == "StackedRNNCells":
        return _stacked(of.get("cells"), features)
    gates = GATES.get(of.kind.removesuffix("Cell")) if of.kind.endswith("Cell") else None
    units = Use(kind=of.kind, settings=of.items).number("units")
    return product(gates, units, total((features, units))), units


def _stacked(cells: Value, features: int | None) -> tuple[int | None, int | None]:
    parts: list[int | None] = []
    for each in cells if isinstance(cells, tuple) else (None,):
        part, features = _step(each, features)
        parts.append(part)
    return total(parts), features


def conv_lstm(use: Use) -> int | None:
    """Two convolutions with four kernels at every time step: of the input, and of the state at output positions."""
    shape = use.input
    if shape is None or len(shape) < 4:
        return None
    spatial, channels = (shape[3:], shape[2]) if use.channels_first else (shape[2:-1], shape[-1])
    window = use.numbers("kernel_size", len(spatial))
    filters = use.number("filters")
    return product(
        shape[0], shape[1], *_conv_lengths(use, spatial, window), *window, 4, filters, total((channels, filters))
    )


def _conv_lengths(use: Use, spatial: Shape, window: tuple[int | None, ...]) -> tuple[int | None, ...]:
    rank = len(spatial)
    strides, dilation = use.numbers("strides", rank, 1), use.numbers("dilation_rate", rank, 1)
    same = use.setting("padding", "valid") == "same"
    return tuple(map(_same if same else _valid, spatial, window, strides, dilation))


def _same(length: int | None, window: int | None, stride: int | None, dilation: int | None) -> int | None:
    del window, dilation
    return None if length is None or stride is None else -(-length // stride)


def _valid(length: int | None, window: int | None, stride: int | None, dilation: int | None) -> int | None:
    if length is None or window is None or stride is None or dilation is None:
        return None
    return max(0, (length - (window - 1) * dilation - 1) // stride + 1)


RECURRENT: Mapping[str, Callable[[Use], int | None]] = {
    **dict.fromkeys(GATES, recurrent),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), conv_lstm),
    "RNN": rnn,
}


def bidirectional(use: Use) -> int | None:
    """Both directions; the way back is like the way there unless it is given."""
    forward = use.setting("layer")
    return total((_direction(use, forward), _direction(use, use.setting("backward_layer") or forward)))


def _direction(use: Use, layer: Value) -> int | None:
    rule = RECURRENT.get(layer.kind) if isinstance(layer, Record) else None
    if rule is None or not isinstance(layer, Record):
        return None
    return rule(Use(kind=layer.kind, settings=layer.items, inputs=(use.input,)))
