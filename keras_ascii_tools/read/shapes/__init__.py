"""What a layer's outputs are, by rules."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.graph import Call, TensorSpec
from keras_ascii_tools.read.config_entries import Entry

__all__ = ["output_specs"]


def output_specs(entry: Entry, inputs: Sequence[TensorSpec], call: Call | None) -> tuple[TensorSpec, ...] | None:
    """Return nothing yet."""
    return None
