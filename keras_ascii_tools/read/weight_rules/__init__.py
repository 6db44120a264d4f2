"""What the weights of a built-in layer are, by rules. Never a guess: what no rule says is `None`.

Another layer: a rule in a table of a room, or a name in `WITHOUT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from keras_ascii_tools.graph import Shape, Weight
from keras_ascii_tools.read.config_entries import Entry, entry_of_raw
from keras_ascii_tools.read.guards import is_mapping
from keras_ascii_tools.read.settings import policy_name
from keras_ascii_tools.read.shapes.kit import NO_RULE
from keras_ascii_tools.read.shapes.plain import PLAIN
from keras_ascii_tools.read.shapes.preprocessing import PREPROCESSING
from keras_ascii_tools.read.shapes.spatial import SPATIAL
from keras_ascii_tools.read.weight_rules.dense import DENSE
from keras_ascii_tools.read.weight_rules.kit import Array, Building, Rule, frozen
from keras_ascii_tools.read.weight_rules.others import OTHERS

__all__ = ["RULES", "WITHOUT", "all_are_trained", "weights_by_rule"]

RULES: Final[dict[str, Rule]] = {**DENSE, **OTHERS}
"""The rule of each kind of layer, but for the wrappers below."""
WITHOUT: Final = (frozenset(PLAIN) | frozenset(SPATIAL) | frozenset(PREPROCESSING)) - frozenset(RULES) | {
    "CustomScaleLayer",
    "InputLayer",
    "Lambda",
    "MaxNumBoundingBoxes",
    *("ClassMethod", "InstanceMethod", "InstanceProperty", "SlicingOpLambda", "TFOpLambda", "TensorFlowOpLayer"),
}
"""Kinds that have no weights."""

_SOME_TRAINED: Final = frozenset({"BatchNormalization", "Normalization"})
_WRAPPERS: Final = frozenset({"Bidirectional", "SpectralNormalization", "TimeDistributed"})
_RECURRENT: Final = frozenset({"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN"})
_LARGEST: Final = 2**63 - 1


def weights_by_rule(entry: Entry, shapes: Sequence[Shape | None] | None) -> tuple[Weight, ...] | None:
    """Return the weights of a layer.

    Args:
        entry: What the file says of the layer.
        shapes: What it is built with; `None` for a layer that is not built.
    """
    if entry.kind in WITHOUT:
        return ()
    if shapes is None:
        return None
    try:
        arrays = _arrays(entry, tuple(shapes) or (None,))
        dtype = _variable_dtype(entry)
        weights = tuple(_weight(array, dtype) for array in arrays)
    except NO_RULE:
        return None
    return weights


def all_are_trained(entry: Entry) -> bool:
    """Tell whether all arrays that a file has of a built-in layer are trained, unless the whole layer is frozen."""
    plain = "_from_" not in (policy_name(entry.config.get("dtype")) or "")
    return plain and entry.kind in RULES and entry.kind not in _SOME_TRAINED


def _weight(array: Array, dtype: str) -> Weight:
    shape = tuple(axis if axis is not None else -1 for axis in array.shape)
    if not all(type(axis) is int and 0 <= axis <= _LARGEST for axis in shape):
        raise ValueError
    return Weight(array.name, shape, array.dtype or dtype, array.trainable)


def _variable_dtype(entry: Entry) -> str:
    """The dtype of weights: policies of mixed precision keep them whole."""
    policy = policy_name(entry.config.get("dtype")) or "float32"
    source = policy.removeprefix("map_").rpartition("_from_")[2]
    return "float32" if source.startswith("mixed_") else source


def _arrays(entry: Entry, shapes: tuple[Shape | None, ...]) -> list[Array]:
    given = Building(entry.config, shapes)
    found = _wrapped(entry, given) if entry.kind in _WRAPPERS else RULES[entry.kind](given)
    return frozen(found) if entry.config.get("trainable") is False else found


def _wrapped(entry: Entry, given: Building) -> list[Array]:
    if entry.kind == "TimeDistributed":
        batch, _, *rest = given.shape
        return _inner(entry, "layer", (batch, *rest))
    if entry.kind == "Bidirectional":
        inner = _recurrent(entry, "layer", given.shape)
        other = "backward_layer" if entry.config.get("backward_layer") is not None else "layer"
        return inner + _recurrent(entry, other, given.shape)
    inner = _inner(entry, "layer", given.shape)
    kernel = next(array for array in inner if array.name in ("kernel", "embeddings"))
    return [Array("vector_u", (1, kernel.shape[-1]), False), *inner]


def _recurrent(entry: Entry, key: str, shape: Shape) -> list[Array]:
    """Only recurrent layers go both ways; two of anything in two of anything would have no end."""
    raw = entry.config.get(key)
    if not is_mapping(raw) or entry_of_raw(raw).kind not in _RECURRENT:
        raise ValueError
    return _inner(entry, key, shape)


def _inner(entry: Entry, key: str, shape: Shape) -> list[Array]:
    raw = entry.config.get(key)
    if not is_mapping(raw):
        raise ValueError
    inner = entry_of_raw(raw)
    return [] if inner.kind in WITHOUT else _arrays(inner, (shape,))
