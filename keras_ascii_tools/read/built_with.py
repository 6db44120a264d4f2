"""The tensors of a call -> those that its layer is built with, in the order of its signature. Knows no rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from keras_ascii_tools.graph import Call, count_inputs

__all__ = ["built_with"]

_T = TypeVar("_T")
_IN_ORDER: Final = ("query", "value", "key")
"""The arguments of attention; masks and states, which are keyword arguments as well, make no weights."""


def built_with(call: Call | None, inputs: Sequence[_T]) -> tuple[_T, ...]:
    """Return what is known of the tensors that make the weights.

    Args:
        call: The arguments; `None` where they are the tensors one after the other.
        inputs: One for each tensor, in argument order. All are returned where no argument is known.
    """
    if call is None or not any(count_inputs(value) for _, value in call.kwargs):
        return tuple(inputs)
    at = sum(count_inputs(value) for value in call.args)
    found = list(inputs[:at])
    named: dict[str, Sequence[_T]] = {}
    for key, value in call.kwargs:
        named[key], at = inputs[at : at + count_inputs(value)], at + count_inputs(value)
    for key in _IN_ORDER:
        found += named.get(key, ())
    return tuple(found) or tuple(inputs)
