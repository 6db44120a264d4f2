"""Shapes of layers that turn words, numbers and sound into features. Knows their settings, no vocabularies."""

from __future__ import annotations

from typing import Final

from keras_ascii_tools.graph import Shape
from keras_ascii_tools.read.guards import is_list
from keras_ascii_tools.read.shapes.kit import Axis, Rule, Situation, channels_first, integer
from keras_ascii_tools.read.shapes.spatial import convolved

__all__ = ["PREPROCESSING"]


def _encoded(shape: Shape, mode: object, depth: Axis, *, needs_rank: int) -> Shape:
    """What becomes of the last axis; `one_hot` adds one, unless the last is a single element."""
    if mode not in ("one_hot", "multi_hot", "count", "tf_idf"):
        raise ValueError
    if mode == "one_hot" and not (len(shape) >= needs_rank and shape[-1] == 1):
        return (*shape, depth)
    return (*shape[:-1], depth)


def _category(given: Situation) -> list[Shape]:
    depth = integer(given.config.get("num_tokens"))
    mode = given.config.get("output_mode", "multi_hot")
    return [(depth,) if not given.shape else _encoded(given.shape, mode, depth, needs_rank=2)]


def _discretized(given: Situation) -> list[Shape]:
    mode = given.config.get("output_mode", "int")
    if mode == "int":
        return [given.shape]
    edges = given.config.get("bin_boundaries")
    depth = len(edges) + 1 if is_list(edges) else integer(given.config.get("num_bins"))
    if mode == "one_hot":
        return [_encoded(given.shape, mode, depth, needs_rank=2)]
    if mode not in ("multi_hot", "count"):
        raise ValueError
    return [(given.shape[0], *given.shape[2:], depth) if len(given.shape) >= 2 else (depth,)]


def _hashed(given: Situation) -> list[Shape]:
    if given.config.get("output_mode", "int") == "int":
        return [given.shape]
    return [(*given.shape[:-1], integer(given.config.get("num_bins")))]


def _crossed(given: Situation) -> list[Shape]:
    mode = given.config.get("output_mode", "int")
    if mode == "int":
        return [given.shape]
    if mode != "one_hot":
        raise ValueError
    return [_encoded(given.shape, mode, integer(given.config.get("num_bins")), needs_rank=1)]


def _looked_up(given: Situation) -> list[Shape]:
    if given.config.get("output_mode", "int") == "int":
        return [given.shape]
    return [_encoded(given.shape, given.config.get("output_mode"), _depth(given), needs_rank=2)]


def _depth(given: Situation) -> Axis:
    config = given.config
    size = config.get("max_tokens") if config.get("pad_to_max_tokens") else config.get("vocabulary_size")
    return None if size is None else integer(size)


def _vectorized(given: Situation) -> list[Shape]:
    config = given.config
    if config.get("output_mode", "int") == "int":
        length = config.get("output_sequence_length")
        return [(given.shape[0], None if length is None else integer(length))]
    shape = given.shape
    if config.get("split", "whitespace") is not None:
        shape = (*shape, None)
    elif len(shape) <= 1:
        shape = (*shape, 1)
    return [_encoded(shape, config.get("output_mode"), _depth(given), needs_rank=2)]


def _mel(given: Situation) -> list[Shape]:
    bins, stride = integer(given.config.get("num_mel_bins")), integer(given.config.get("sequence_stride"))
    *batch, samples = given.shape
    if len(batch) > 1:
        raise ValueError
    return [(*batch, bins, None if samples is None else (samples + stride + 1) // stride)]


def _stft(given: Situation) -> list[Shape]:
    config, first = given.config, channels_first(given.config)
    channels = integer(given.shape[1 if first else -1])
    length = integer(config.get("frame_length"))
    step, width = config.get("frame_step"), config.get("fft_length")
    bins = (_power_of_two(length) if width is None else integer(width)) // 2 + 1
    bins *= 2 if config.get("mode", "log") == "stft" else 1
    window = {**config, "kernel_size": length, "strides": length // 2 if step is None else step, "dilation_rate": 1}
    moved = convolved(Situation(window, given.inputs), bins * channels)
    if not config.get("expand_dims"):
        return [moved]
    batch, time = moved[0], moved[2 if first else 1]
    return [(batch, channels, time, bins) if first else (batch, time, bins, channels)]


def _power_of_two(length: int) -> int:
    return 1 << (length - 1).bit_length()


PREPROCESSING: Final[dict[str, Rule]] = {
    **dict.fromkeys(("StringLookup", "IntegerLookup"), _looked_up),
    "CategoryEncoding": _category,
    "Discretization": _discretized,
    "HashedCrossing": _crossed,
    "Hashing": _hashed,
    "MelSpectrogram": _mel,
    "STFTSpectrogram": _stft,
    "TextVectorization": _vectorized,
}
