"""The values that settings and call arguments can have: frozen, hashable, plain data. Knows no text form."""

from __future__ import annotations

from dataclasses import dataclass

from keras_ascii_tools.errors import GraphError

__all__ = ["INPUT", "MAX_AXIS", "Call", "Record", "Value", "count_inputs"]

MAX_AXIS = 2**63 - 1
"""No array has a longer axis."""


@dataclass(frozen=True, slots=True)
class Record:
    """A serialized object (`L2(l2=0.01)`) or, with an empty kind, a mapping."""

    kind: str
    """Class name of the object; `""` for a plain mapping."""
    items: tuple[tuple[str, Value], ...] = ()
    """Named values, sorted by name."""

    def __post_init__(self) -> None:
        keys = [key for key, _ in self.items]
        if sorted(set(keys)) != keys:
            raise GraphError(f"the items of {self.kind or 'a mapping'} must be sorted and unique, got {keys}")

    def get(self, key: str, default: Value = None) -> Value:
        """Return the value of `key`, or `default`."""
        for name, value in self.items:
            if name == key:
                return value
        return default


Value = bool | int | float | str | tuple["Value", ...] | Record | None
"""Plain data. Sequences are tuples; floats are finite ("nan" and "inf" are strings)."""

INPUT = Record("_")
"""Stands in a call or structure for the next input tensor, in argument order."""


@dataclass(frozen=True, slots=True)
class Call:
    """How a layer was called, with `INPUT` wherever a tensor stood: `(_, training=False)`."""

    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()
    """Keyword arguments in the order in which their tensors are counted."""


def count_inputs(value: Value | Call) -> int:
    """Count how often `INPUT` stands in a value, call or structure."""
    if isinstance(value, Call):
        return sum(count_inputs(v) for v in value.args) + sum(count_inputs(v) for _, v in value.kwargs)
    if isinstance(value, Record):
        return 1 if value == INPUT else sum(count_inputs(v) for _, v in value.items)
    if isinstance(value, tuple):
        return sum(count_inputs(v) for v in value)
    return 0
