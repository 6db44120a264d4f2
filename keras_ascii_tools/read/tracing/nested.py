"""Nested lists, tuples and mappings, in the order in which Keras flattens them. Does not know what they hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["leaves", "rebuilt"]


def leaves(value: Any) -> Iterator[Any]:
    """Every leaf of a nested structure, the ends of slices included."""
    if isinstance(value, Mapping):
        for key in _keys(value):
            yield from leaves(value[key])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, slice):
        yield from (value.start, value.stop, value.step)
    else:
        yield value


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same structure, in plain containers, with every leaf changed."""
    if isinstance(value, Mapping):
        changed = {key: rebuilt(value[key], change) for key in _keys(value)}
        return {key: changed[key] for key in value}
    if isinstance(value, tuple):
        items = [rebuilt(item, change) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, list):
        return [rebuilt(item, change) for item in value]
    if isinstance(value, slice):
        return slice(change(value.start), change(value.stop), change(value.step))
    return change(value)


def _keys(value: Mapping[Any, Any]) -> list[Any]:
    if isinstance(value, OrderedDict):
        return list(value)
    try:
        return sorted(value)
    except TypeError:
        return list(value)
