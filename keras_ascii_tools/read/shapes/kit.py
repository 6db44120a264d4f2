"""What rules of shapes have in common. Knows shapes and numbers, no layers.

A rule may raise anything that `NO_RULE` has: then the shape is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Final, NamedTuple, TypeAlias

from keras_ascii_tools.graph import Call, Shape, Value
from keras_ascii_tools.read.guards import Config, is_list

__all__ = [
    "NO_RULE",
    "Axis",
    "Rule",
    "Situation",
    "axis_of",
    "broadcast",
    "channels_first",
    "integer",
    "integers",
    "product",
    "reshaped",
    "spatial",
    "with_spatial",
]

Axis: TypeAlias = int | None

NO_RULE: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a rule raises that cannot say, because a setting is of the wrong type or a wrapper has no end."""


class Situation(NamedTuple):
    """What a rule is given."""

    config: Config
    inputs: tuple[Shape, ...]
    """In argument order; there is at least one."""
    call: Call | None = None

    @property
    def shape(self) -> Shape:
        """The shape of the only input, or of the first."""
        return self.inputs[0]

    def argument(self, key: str) -> Value:
        """Return a keyword argument of the call that is no tensor."""
        return next((value for name, value in (self.call.kwargs if self.call else ()) if name == key), None)


Rule: TypeAlias = Callable[[Situation], Sequence[Shape]]
"""Returns the shape of each output."""


def integer(value: object) -> int:
    """Return an integer as it is, and raise on everything else."""
    if type(value) is not int:
        raise ValueError
    return value


def integers(value: object, count: int | None = None) -> tuple[int, ...]:
    """Return integers: one for all axes, or a list of them."""
    if type(value) is int and count is not None:
        return (value,) * count
    if not is_list(value) or (count is not None and len(value) != count):
        raise ValueError
    return tuple(integer(item) for item in value)


def axis_of(axis: object, rank: int) -> int:
    """Return an axis counted from the start."""
    number = integer(axis)
    if not -rank <= number < rank:
        raise ValueError
    return number % rank


def product(axes: Sequence[Axis]) -> Axis:
    """Return the size of several axes together, dynamic if one of them is."""
    return None if None in axes else prod(axis for axis in axes if axis is not None)


def broadcast(one: Sequence[Axis], other: Sequence[Axis], *, dynamic_wins: bool = True) -> Shape:
    """Return the shape of two tensors together.

    Args:
        one: A shape.
        other: Another.
        dynamic_wins: Whether a dynamic axis against a size is dynamic, as in merging layers, or of that size.
    """
    rank = max(len(one), len(other))
    first, second = (1,) * (rank - len(one)) + tuple(one), (1,) * (rank - len(other)) + tuple(other)
    return tuple(_broadcast_axis(a, b, dynamic_wins) for a, b in zip(first, second, strict=True))


def _broadcast_axis(one: Axis, other: Axis, dynamic_wins: bool) -> Axis:
    if one == 1:
        return other
    if other == 1 or one == other:
        return one
    if one is None or other is None:
        return None if dynamic_wins else other if one is None else one
    raise ValueError


def channels_first(config: Config) -> bool:
    """Tell where the channels are; without a word of it they are last."""
    form = config.get("data_format")
    if form not in (None, "channels_last", "channels_first"):
        raise ValueError
    return form == "channels_first"


def spatial(shape: Shape, first: bool) -> Shape:
    """Return the axes of an image or sequence without batch and channels."""
    if len(shape) < 2:
        raise ValueError
    return shape[2:] if first else shape[1:-1]


def with_spatial(shape: Shape, axes: Sequence[Axis], first: bool, channels: Axis = -1) -> Shape:
    """Return a shape with other axes, and other channels unless they are -1."""
    if channels == -1:
        channels = shape[1] if first else shape[-1]
    return (shape[0], channels, *axes) if first else (shape[0], *axes, channels)


def reshaped(size: Sequence[Axis], target: Sequence[Axis]) -> Shape:
    """Return a new shape in which one axis may be -1, which is what is left."""
    if None in size or None in target or -1 not in target:
        return tuple(None if axis == -1 else axis for axis in target)
    rest = prod(axis for axis in target if axis is not None and axis != -1)
    whole = product(size) or 0
    if rest == 0 or whole % rest:
        raise ValueError
    return tuple(whole // rest if axis == -1 else axis for axis in target)
