"""Shapes of layers that work on each element, merge, or move axes. Knows their settings, nothing of weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from keras_ascii_tools.graph import Shape
from keras_ascii_tools.read.guards import is_list
from keras_ascii_tools.read.shapes.kit import (
    Axis,
    Rule,
    Situation,
    axis_of,
    broadcast,
    channels_first,
    integer,
    integers,
    product,
    reshaped,
    spatial,
    with_spatial,
)

__all__ = ["PLAIN", "SAME"]

_Change: TypeAlias = "Callable[[int, tuple[int, ...]], int]"

SAME: Final = frozenset(
    """Activation ActivityRegularization AlphaDropout AugMix AutoContrast BatchNormalization
    ContrastLimitedAdaptiveHistogramEqualization CutMix Dropout ELU Equalization GaussianDropout GaussianNoise
    GroupNormalization Identity LayerNormalization LayerScale LeakyReLU Masking MixUp Normalization PReLU
    RMSNormalization
    RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomElasticTransform
    RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective
    RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom ReLU
    Rescaling Softmax Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D StochasticDepth ThresholdedReLU
    UnitNormalization""".split()  # noqa: SIM905 - one name per line would be 50 lines
)
"""Kinds whose output has the shape of the input."""


def _same(given: Situation) -> list[Shape]:
    return [given.shape]


def _merged(given: Situation) -> list[Shape]:
    if len(given.inputs) < 2:
        raise ValueError
    merged = given.shape[1:]
    for shape in given.inputs[1:]:
        merged = broadcast(merged, shape[1:])
    sizes = {shape[0] for shape in given.inputs} - {None}
    return [(sizes.pop() if len(sizes) == 1 else None, *merged)]


def _concatenated(given: Situation) -> list[Shape]:
    axes = list(given.shape)
    at = axis_of(given.config.get("axis", -1), len(axes))
    if any(len(shape) != len(axes) for shape in given.inputs):
        raise ValueError
    sizes = [shape[at] for shape in given.inputs]
    axes[at] = None if None in sizes else sum(size for size in sizes if size is not None)
    return [tuple(axes)]


def _dot(given: Situation) -> list[Shape]:
    first, second = map(list, given.inputs)
    raw = given.config.get("axes")
    axes = list(raw) if is_list(raw) else [raw, raw]
    first.pop(axis_of(axes[0], len(first)))
    second.pop(axis_of(axes[1], len(second)))
    second.pop(0)
    shape = [*first, *second]
    return [tuple(shape if len(shape) > 1 else [*shape, 1])]


def _flattened(given: Situation) -> list[Shape]:
    return [(given.shape[0], product(given.shape[1:]))]


def _reshaped(given: Situation) -> list[Shape]:
    raw = given.config.get("target_shape")
    target: tuple[Axis, ...] = tuple(None if axis is None else integer(axis) for axis in raw) if is_list(raw) else ()
    if not is_list(raw) or any(axis is not None and axis < -1 for axis in target):
        raise ValueError
    return [(given.shape[0], *reshaped(given.shape[1:], target))]


def _permuted(given: Situation) -> list[Shape]:
    axes = integers(given.config.get("dims"), len(given.shape) - 1)
    return [(given.shape[0], *(given.shape[axis] for axis in axes))]


def _repeated(given: Situation) -> list[Shape]:
    batch, size = given.shape
    return [(batch, integer(given.config.get("n")), size)]


def _padded(given: Situation) -> list[Shape]:
    return [_resized(given, "padding", lambda axis, pair: axis + sum(pair))]


def _cropped(given: Situation) -> list[Shape]:
    return [_resized(given, "cropping", lambda axis, pair: axis - sum(pair))]


def _resized(given: Situation, key: str, change: _Change) -> Shape:
    first = channels_first(given.config)
    axes = spatial(given.shape, first)
    raw = given.config.get(key)
    pairs = [integers(raw, 2)] if len(axes) == 1 else _pairs(raw, len(axes))
    changed = [None if axis is None else change(axis, pair) for axis, pair in zip(axes, pairs, strict=True)]
    if any(axis is not None and axis <= 0 for axis in changed):
        raise ValueError
    return with_spatial(given.shape, changed, first)


def _pairs(raw: object, count: int) -> list[tuple[int, ...]]:
    if not is_list(raw):
        return [(integer(raw),) * 2] * count
    return [integers(item, 2) for item in raw]


def _upsampled(given: Situation) -> list[Shape]:
    first = channels_first(given.config)
    axes = spatial(given.shape, first)
    sizes = integers(given.config.get("size", 2), len(axes))
    return [with_spatial(given.shape, [a if a is None else a * n for a, n in zip(axes, sizes, strict=True)], first)]


def _image(given: Situation) -> list[Shape]:
    """Resized or cropped to a given height and width, in a batch or alone."""
    axes = list(given.shape)
    if len(axes) not in (3, 4):
        raise ValueError
    start = len(axes) - (2 if channels_first(given.config) else 3)
    axes[start : start + 2] = integer(given.config.get("height")), integer(given.config.get("width"))
    return [tuple(axes)]


def _lambda(given: Situation) -> list[Shape]:
    """Only what is said of the shape, never what the code would do."""
    axes = given.config.get("output_shape")
    if not is_list(axes) or not axes:
        raise ValueError
    return [(given.shape[0], *(None if axis is None else integer(axis) for axis in axes))]


PLAIN: Final[dict[str, Rule]] = {
    **dict.fromkeys(SAME, _same),
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), _merged),
    **dict.fromkeys(("CenterCrop", "RandomCrop", "Resizing"), _image),
    **dict.fromkeys((f"Cropping{n}D" for n in (1, 2, 3)), _cropped),
    **dict.fromkeys((f"UpSampling{n}D" for n in (1, 2, 3)), _upsampled),
    **dict.fromkeys((f"ZeroPadding{n}D" for n in (1, 2, 3)), _padded),
    "Concatenate": _concatenated,
    "Dot": _dot,
    "Flatten": _flattened,
    "Lambda": _lambda,
    "Permute": _permuted,
    "RepeatVector": _repeated,
    "Reshape": _reshaped,
}
