"""What a layer's weights are, by rules."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.graph import Shape, Weight
from keras_ascii_tools.read.config_entries import Entry

__all__ = ["weights_by_rule"]


def weights_by_rule(entry: Entry, shapes: Sequence[Shape | None] | None) -> tuple[Weight, ...] | None:
    """Return nothing yet."""
    return None
