"""Trace what declares no graph: subclassed models and layers made of layers. Leaves them and Keras exactly as found."""

from __future__ import annotations

from typing import Any

from keras_ascii_tools.read.tracing.guard import guarded
from keras_ascii_tools.read.tracing.loaded import is_keras_tensor
from keras_ascii_tools.read.tracing.records import (
    CallInputs,
    Constant,
    Outcome,
    RawOperation,
    RecordedCall,
    Tensor,
    Trace,
    inputs_like,
)
from keras_ascii_tools.read.tracing.tracing import trace, traced

__all__ = [
    "CallInputs",
    "Constant",
    "Outcome",
    "RawOperation",
    "RecordedCall",
    "Tensor",
    "Trace",
    "guarded",
    "inputs_like",
    "is_tensor",
    "trace",
    "traced",
]


def is_tensor(value: Any) -> bool:
    """Tell whether a value stands for a tensor that moves between calls: a trace's or Keras' own symbol."""
    return isinstance(value, Tensor) or is_keras_tensor(value)
