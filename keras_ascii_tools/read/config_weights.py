"""The arrays that a file has for each layer. Knows names and shapes, no archives: whoever reads one fills this in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keras_ascii_tools.graph import Weight

__all__ = ["LayerWeights", "WeightSource"]


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """What the file has for one layer."""

    arrays: tuple[Weight, ...]
    """All arrays of the layer and of the layers in it, as they stand in the file, states of random seeds left out.

    `trainable` says nothing: files do not have it.
    """


class WeightSource:
    """Finds the arrays of a layer."""

    def __init__(self, weights: Mapping[str, LayerWeights] | None) -> None:
        self._weights = weights or {}

    def of(self, path: str) -> LayerWeights | None:
        """Return what the file has for the layer with this path, or `None`."""
        return self._weights.get(path)
