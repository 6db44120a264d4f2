"""What rules of weights have in common. Knows arrays, no layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from keras_ascii_tools.graph import Shape
from keras_ascii_tools.read.guards import Config
from keras_ascii_tools.read.settings import policy_name
from keras_ascii_tools.read.shapes.kit import channels_first, integer

__all__ = ["Array", "Building", "Rule", "bias_if", "frozen"]


class Array(NamedTuple):
    """One weight of a layer."""

    name: str
    shape: Sequence[int | None]
    trainable: bool = True
    dtype: str | None = None
    """`None`: that of the layer's policy."""


class Building(NamedTuple):
    """What a rule is given."""

    config: Config
    shapes: tuple[Shape | None, ...]
    """Of the inputs that the layer is built with; there is at least one."""

    @property
    def shape(self) -> Shape:
        """The shape of the only input, or of the first."""
        shape = self.shapes[0]
        if shape is None:
            raise ValueError
        return shape

    @property
    def channels(self) -> int:
        """The size of the axis of channels."""
        return integer(self.shape[1 if channels_first(self.config) else -1])

    @property
    def quantization(self) -> str | None:
        """How the layer is quantized: `int8`, `int4/128`."""
        mode, separator, _ = (policy_name(self.config.get("dtype")) or "").partition("_from_")
        return mode if separator else None

    @property
    def lora_rank(self) -> int | None:
        """The rank of a low-rank adaptation, if there is one."""
        rank = self.config.get("lora_rank")
        return integer(rank) if rank else None


Rule: TypeAlias = Callable[[Building], list[Array]]


def bias_if(given: Building, *shape: int | None, name: str = "bias", key: str = "use_bias") -> list[Array]:
    """Return a bias unless the layer is set to have none."""
    return [Array(name, shape)] if given.config.get(key, True) else []


def frozen(arrays: list[Array]) -> list[Array]:
    """Return the same arrays, none of which is trained."""
    return [array._replace(trainable=False) for array in arrays]
