"""Shapes of dense, recurrent and attention layers. Knows their settings, nothing of weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from keras_ascii_tools.graph import Shape
from keras_ascii_tools.read.built_with import built_with
from keras_ascii_tools.read.einsum_axes import einsum_axes
from keras_ascii_tools.read.guards import is_mapping
from keras_ascii_tools.read.shapes.kit import Rule, Situation, integer, integers
from keras_ascii_tools.read.shapes.spatial import convolved

__all__ = ["CELLS", "SEQUENCES"]

CELLS: Final = {"SimpleRNNCell": 1, "GRUCell": 1, "LSTMCell": 2}
"""States of a cell."""
_STATES: Final = {"SimpleRNN": 1, "GRU": 1, "LSTM": 2}


def _dense(given: Situation) -> list[Shape]:
    if not given.shape:
        raise ValueError
    return [(*given.shape[:-1], integer(given.config.get("units")))]


def _embedding(given: Situation) -> list[Shape]:
    return [(*given.shape, integer(given.config.get("output_dim")))]


def _reversible(given: Situation) -> list[Shape]:
    if given.argument("reverse") is True:
        return [(*given.shape[:-1], integer(given.config.get("input_dim")))]
    return _embedding(given)


def _einsum(given: Situation) -> list[Shape]:
    return [einsum_axes(given.config, given.shape).output]


def _recurrent(states: int) -> Rule:
    def rule(given: Situation) -> list[Shape]:
        units = integer(given.config.get("units"))
        return _of_states(given, units, [units] * states)

    return rule


def _rnn(given: Situation) -> list[Shape]:
    sizes = _cell_states(given.config.get("cell"), 0)
    return _of_states(given, sizes[-1][0], [size for cell in sizes for size in cell])


def _cell_states(cell: object, depth: int) -> list[list[int]]:
    """The sizes of the states of a cell, or of each of several."""
    if not is_mapping(cell) or not is_mapping(cell["config"]):
        raise ValueError
    config, kind = cell["config"], cell["class_name"]
    if kind == "StackedRNNCells" and depth == 0:
        return [_cell_states(inner, 1)[0] for inner in config["cells"]]
    return [[integer(config.get("units"))] * CELLS[kind]]


def _of_states(given: Situation, units: int, states: Sequence[int]) -> list[Shape]:
    batch, length, _ = given.shape
    output: Shape = (batch, length, units) if given.config.get("return_sequences") else (batch, units)
    return [output, *((batch, size) for size in states)] if given.config.get("return_state") else [output]


def _conv_recurrent(given: Situation) -> list[Shape]:
    batch, length, *step = given.shape
    filters = integer(given.config.get("filters"))
    state = convolved(Situation(given.config, ((batch, *step),)), filters)[1:]
    output: Shape = (batch, length, *state) if given.config.get("return_sequences") else (batch, *state)
    return [output, (batch, *state), (batch, *state)] if given.config.get("return_state") else [output]


def _attention(given: Situation) -> list[Shape]:
    query, value = given.inputs[:2]
    output = (*query[:-1], value[-1])
    key = given.inputs[2] if len(given.inputs) > 2 else value
    return [output, (*query[:-1], key[-2])] if given.argument("return_attention_scores") is True else [output]


def _multi_head(given: Situation) -> list[Shape]:
    query = built_with(given.call, given.inputs)[0]
    raw = given.config.get("output_shape")
    output = query if not raw else (*query[:-1], *integers(raw, 1 if type(raw) is int else None))
    if given.argument("return_attention_scores") is not True:
        return [output]
    heads = integer(given.config.get("num_heads"))
    return [output, (query[0], heads, query[1], query[1])]


def _grouped(given: Situation) -> list[Shape]:
    query, *others = built_with(given.call, given.inputs)
    if given.argument("return_attention_scores") is not True:
        return [query]
    # Positional arguments are query, value, key.
    value = others[min(1, len(others) - 1)]
    return [query, (query[0], integer(given.config.get("num_query_heads")), query[1], value[1])]


SEQUENCES: Final[dict[str, Rule]] = {
    **{kind: _recurrent(states) for kind, states in _STATES.items()},
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), _conv_recurrent),
    **dict.fromkeys(("Attention", "AdditiveAttention"), _attention),
    "Dense": _dense,
    "EinsumDense": _einsum,
    "Embedding": _embedding,
    "GroupQueryAttention": _grouped,
    "MultiHeadAttention": _multi_head,
    "RNN": _rnn,
    "ReversibleEmbedding": _reversible,
}
