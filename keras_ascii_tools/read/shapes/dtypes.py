"""The dtype of a layer's outputs. Knows policies and dtypes, no shapes; unknown where the session decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from keras_ascii_tools.graph import TensorSpec
from keras_ascii_tools.read.config_entries import Entry
from keras_ascii_tools.read.config_nodes import dtype_of
from keras_ascii_tools.read.eras import FORMER_LAYERS
from keras_ascii_tools.read.settings import compute_dtype, policy_name
from keras_ascii_tools.read.shapes.plain import PLAIN

__all__ = ["dtypes_of_layer", "dtypes_of_operation", "is_float"]

_KEPT: Final = frozenset({"Equalization", "Flatten", "Identity", "Permute", "RandomGrayscale", "Reshape"})
"""Layers that leave the dtype as it is, after the cast that every layer makes of floats."""
_INDICES: Final = frozenset({"IntegerLookup", "StringLookup", "TextVectorization"})
_SAME_OPERATIONS: Final = frozenset(
    """Abs Absolute Clip Flip Negative Relu Relu6 Reshape Roll Squeeze Stack Transpose ExpandDims GetItem Split
    Concatenate Maximum Minimum Add Subtract Multiply Max Min Amax Amin Repeat Tril Triu""".split()  # noqa: SIM905 - short
)
_FLOAT_OPERATIONS: Final = frozenset(
    """Cos Divide Elu Erf Exp Gelu HardSigmoid LeakyRelu Log LogSigmoid LogSoftmax Matmul Mean Moments Power Rsqrt Selu
    Sigmoid Silu Sin Softmax Softplus Softsign Sqrt Square Std Sum Prod Tanh TrueDivide Var""".split()  # noqa: SIM905
)
_TRUTHS: Final = frozenset(
    """All Any Equal Greater GreaterEqual Isfinite Isinf Isnan Less LessEqual LogicalAnd LogicalNot LogicalOr LogicalXor
    NotEqual""".split()  # noqa: SIM905 - short
)


def is_float(dtype: str) -> bool:
    """Tell whether layers cast a tensor of this dtype to their own."""
    return "float" in dtype


def dtypes_of_layer(entry: Entry, inputs: Sequence[TensorSpec]) -> str | None:
    """Return the dtype of all outputs of a built-in layer."""
    kind, config = entry.kind, entry.config
    own = compute_dtype(policy_name(config.get("dtype"))) if "dtype" in config else _kept_float(inputs)
    if own is None or kind in FORMER_LAYERS or (kind == "Lambda" and "function_type" in config):
        return None  # of Keras 2: functions that make what they like
    if kind in _KEPT:
        given = inputs[0].dtype if inputs else None
        return own if given is not None and is_float(given) else given
    if kind in PLAIN and any(spec.dtype is not None and not is_float(spec.dtype) for spec in inputs):
        return None  # Keras 3 makes floats of integers here, Keras 2 does not
    if kind in _INDICES:
        return "int64" if config.get("output_mode", "int") == "int" else own
    if kind == "Discretization":
        return "int32" if config.get("output_mode", "int") == "int" else own
    return own


def _kept_float(inputs: Sequence[TensorSpec]) -> str | None:
    """What comes of floats in releases that write no dtype of a layer: they cast nothing."""
    dtypes = {spec.dtype for spec in inputs}
    dtype = dtypes.pop() if len(dtypes) == 1 else None
    return dtype if dtype is not None and is_float(dtype) else None


def dtypes_of_operation(entry: Entry, inputs: Sequence[TensorSpec]) -> str | None:
    """Return the dtype of all outputs of an operation, where all tensors have one dtype that it keeps."""
    if entry.kind in _TRUTHS:
        return "bool"
    if entry.kind in {"Cast", "OneHot"}:
        return dtype_of(entry.config.get("dtype"))
    dtypes = {spec.dtype for spec in inputs}
    if len(dtypes) != 1:
        return None
    dtype = dtypes.pop()
    if dtype is None or not is_float(dtype):
        return dtype if entry.kind in {"Reshape", "Transpose", "Squeeze", "ExpandDims", "GetItem", "Split"} else None
    return dtype if entry.kind in _SAME_OPERATIONS | _FLOAT_OPERATIONS else None
