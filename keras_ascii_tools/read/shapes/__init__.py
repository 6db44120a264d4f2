"""What the outputs of a built-in layer or operation are, by rules. Never a guess: what no rule says is `None`.

Another layer: a rule, or the name of its like, in the table of the room that it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from keras_ascii_tools.graph import Call, Shape, TensorSpec
from keras_ascii_tools.read.config_entries import Entry, entry_of_raw
from keras_ascii_tools.read.config_nodes import dtype_of, shape_of
from keras_ascii_tools.read.guards import Config, is_mapping
from keras_ascii_tools.read.shapes.dtypes import dtypes_of_layer, dtypes_of_operation
from keras_ascii_tools.read.shapes.kit import NO_RULE, Rule, Situation
from keras_ascii_tools.read.shapes.operations import OPERATIONS
from keras_ascii_tools.read.shapes.plain import PLAIN
from keras_ascii_tools.read.shapes.preprocessing import PREPROCESSING
from keras_ascii_tools.read.shapes.sequences import SEQUENCES
from keras_ascii_tools.read.shapes.spatial import SPATIAL

__all__ = ["LAYERS", "OPERATIONS", "output_specs"]

LAYERS: Final[dict[str, Rule]] = {**PLAIN, **SPATIAL, **SEQUENCES, **PREPROCESSING}
"""The rule of each kind of layer, but for the wrappers below."""

_WRAPPERS: Final = frozenset({"Bidirectional", "SpectralNormalization", "TimeDistributed"})
_RANKS: Final = {
    **dict.fromkeys(("Bidirectional", "GRU", "LSTM", "RNN", "SimpleRNN"), 3),
    **{f"ConvLSTM{n}D": n + 3 for n in (1, 2, 3)},
}
"""Axes of what a recurrent layer is called on."""
_LARGEST: Final = 2**63 - 1


def output_specs(entry: Entry, inputs: Sequence[TensorSpec], call: Call | None) -> tuple[TensorSpec, ...] | None:
    """Return the specs of the outputs of a call.

    Args:
        entry: The layer or operation.
        inputs: What is known of the tensors, in argument order.
        call: The arguments, where they are more than the tensors.
    """
    if entry.kind == "InputLayer":
        config = entry.config
        return (TensorSpec(shape_of(config.get("batch_shape")), dtype_of(config.get("dtype"))),)
    shapes = shapes_of(entry, tuple(spec.shape for spec in inputs), call)
    dtypes = dtypes_of_operation(entry, inputs) if entry.is_operation else dtypes_of_layer(entry, inputs)
    if shapes is None:
        number = len(_stand_ins(entry, call))
        return (TensorSpec(None, dtypes),) * number if dtypes is not None or number > 1 else None
    return tuple(TensorSpec(shape, dtypes) for shape in shapes)


def shapes_of(entry: Entry, inputs: tuple[Shape | None, ...], call: Call | None) -> tuple[Shape, ...] | None:
    """Return the shape of each output, or `None` where that is not sure."""
    known = tuple(shape for shape in inputs if shape is not None)
    if not known or len(known) < len(inputs):
        return None
    try:
        shapes = _shapes(entry, Situation(entry.config, known, call))
    except NO_RULE:
        return None
    return shapes if all(_is_shape(shape) for shape in shapes) else None


def _stand_ins(entry: Entry, call: Call | None) -> tuple[Shape, ...]:
    """As many shapes as a recurrent layer has outputs, whatever it is called on; for all others one."""
    rank = _RANKS.get(entry.kind) if entry.module == "keras.layers" else None
    found = None if rank is None else shapes_of(entry, ((None,) * rank,), call)
    return found or ((),)


def _shapes(entry: Entry, given: Situation) -> tuple[Shape, ...]:
    if entry.kind in _WRAPPERS and not entry.is_operation:
        return _wrapped(entry.kind, given)
    table = OPERATIONS if entry.is_operation else LAYERS
    return tuple(table[entry.kind](given))


def _is_shape(shape: Shape) -> bool:
    return all(axis is None or (type(axis) is int and 0 <= axis <= _LARGEST) for axis in shape)


def _inner(config: Config, given: Situation) -> tuple[Shape, ...]:
    raw = config.get("layer")
    if not is_mapping(raw):
        raise ValueError
    shapes = shapes_of(entry_of_raw(raw), given.inputs[:1], None)
    if not shapes:
        raise ValueError
    return shapes


def _wrapped(kind: str, given: Situation) -> tuple[Shape, ...]:
    if kind == "SpectralNormalization":
        return _inner(given.config, given)
    if kind == "Bidirectional":
        return _both_ways(given)
    batch, length, *rest = given.shape
    inner = _inner(given.config, Situation(given.config, ((batch, *rest),)))
    if len(inner) != 1 or not rest:
        raise ValueError
    return ((inner[0][0], length, *inner[0][1:]),)


def _both_ways(given: Situation) -> tuple[Shape, ...]:
    output, *states = _inner(given.config, given)
    mode = given.config.get("merge_mode", "concat")
    if mode is None:
        return (output, output, *states, *states)
    if mode == "concat":
        if output[-1] is None:
            raise ValueError
        output = (*output[:-1], output[-1] * 2)
    return (output, *states, *states)
