"""Attention: the projections, the scores and the weighting of the values. One rule for each kind of layer."""

from __future__ import annotations

from keras_ascii_tools.costs.use import Use, axis, product, total, volume
from keras_ascii_tools.graph import Shape, Value

__all__ = ["additive_attention", "attention", "grouped_query_attention", "multi_head_attention"]


def attention(use: Use) -> int | None:
    """Scores by dot products; `score_mode="concat"` sums without weights."""
    return _two_products(use, scores=use.setting("score_mode", "dot") == "dot")


def additive_attention(use: Use) -> int | None:
    """Scores are sums over the features, weighted if there is a scale."""
    return _two_products(use, scores=use.setting("use_scale", True) is True)


def _two_products(use: Use, *, scores: bool) -> int | None:
    if len(use.operands) < 2:
        return None
    query, value, key = (*use.operands, use.operands[1])[:3]
    pairs = product(*(query or (None,))[:-1], axis(key, -2))
    return product(pairs, total((axis(query, -1) if scores else 0, axis(value, -1))))


def multi_head_attention(use: Use) -> int | None:
    """Over one or several axes of the value, at every position of the query."""
    query, value, key = _query_value_key(use)
    heads, key_dim = use.number("num_heads"), use.number("key_dim")
    value_dim = key_dim if use.setting("value_dim") is None else use.number("value_dim")
    rank = None if value is None else len(value)
    attended = product(*(axis(value, place) for place in _attention_axes(use, rank)))
    to = volume(query[:-1]) if query else None
    return product(
        heads,
        total(
            (
                product(volume(query), key_dim),
                product(volume(query), value_dim if use.setting("use_gate", False) else 0),
                product(volume(key), key_dim),
                product(volume(value), value_dim),
                product(to, attended, total((key_dim, value_dim))),
                product(to, value_dim, *_output_shape(use, query)),
            )
        ),
    )


def _attention_axes(use: Use, rank: int | None) -> tuple[int, ...]:
    axes = use.setting("attention_axes")
    if axes is None:
        # Building a layer puts all axes between batch and features here. Readers leave (1,) out again, which is all of
        # them for a sequence and one of them for an image: what is missing does not say which.
        return (1,) if rank == 3 else (_NOWHERE,)
    places = axes if isinstance(axes, tuple) else (axes,)
    return tuple(place if isinstance(place, int) else _NOWHERE for place in places)


_NOWHERE = 1 << 30
"""An axis that no tensor has: its length is unknown."""


def _output_shape(use: Use, query: Shape | None) -> tuple[int | None, ...]:
    wanted: Value = use.setting("output_shape")
    if not wanted:
        return (axis(query, -1),)
    return use.numbers("output_shape", None if isinstance(wanted, tuple) else 1)


def grouped_query_attention(use: Use) -> int | None:
    """Keys and values are projected for fewer heads and used by all."""
    query, value, key = _query_value_key(use)
    head_dim, heads = use.number("head_dim"), use.number("num_query_heads")
    groups = use.number("num_key_value_heads")
    to = volume(query[:-1]) if query else None
    over_query = 3 if use.setting("use_gate", False) else 2
    return product(
        head_dim,
        total(
            (
                product(over_query, volume(query), heads),
                product(volume(key), groups),
                product(volume(value), groups),
                product(2, to, axis(value, 1), heads),
            )
        ),
    )


def _query_value_key(use: Use) -> tuple[Shape | None, Shape | None, Shape | None]:
    value = use.argument(1, "value")
    return use.argument(0, "query"), value, use.argument(2, "key", default=value)
