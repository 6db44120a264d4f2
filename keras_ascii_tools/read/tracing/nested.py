"""Nested lists, tuples and mappings, in the order in which Keras flattens them. Does not know what they hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeGuard

__all__ = ["is_mapping", "is_sequence", "is_shape", "is_slice", "leaves", "rebuilt", "same_but_batch"]


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Tell whether a value is a mapping, of anything."""
    return isinstance(value, Mapping)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Tell whether a value is a list or a tuple, of anything."""
    return isinstance(value, (list, tuple))


def is_slice(value: object) -> TypeGuard[slice[Any, Any, Any]]:
    """Tell whether a value is a slice, of anything."""
    return isinstance(value, slice)


def is_shape(value: object) -> TypeGuard[list[int | None] | tuple[int | None, ...]]:
    """Tell whether a value is a list or tuple of sizes; a bool is none."""
    return is_sequence(value) and all(axis is None or type(axis) is int for axis in value)


def same_but_batch(shape: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Tell whether two shapes can be the same, whatever the batch."""
    return len(shape) == len(other) and all(a == b or None in (a, b) for a, b in zip(shape[1:], other[1:], strict=True))


def leaves(value: Any) -> Iterator[Any]:
    """Every leaf of a nested structure, the ends of slices included."""
    if is_mapping(value):
        for key in _keys(value):
            yield from leaves(value[key])
    elif is_sequence(value):
        for item in value:
            yield from leaves(item)
    elif is_slice(value):
        yield from (value.start, value.stop, value.step)
    else:
        yield value


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same structure, in plain containers, with every leaf changed."""
    if is_mapping(value):
        changed = {key: rebuilt(value[key], change) for key in _keys(value)}
        return {key: changed[key] for key in value}
    if is_sequence(value):
        items = [rebuilt(item, change) for item in value]
        if hasattr(value, "_fields"):
            return type(value)(*items)
        return items if isinstance(value, list) else tuple(items)
    if is_slice(value):
        return slice(change(value.start), change(value.stop), change(value.step))
    return change(value)


def _keys(value: Mapping[Any, Any]) -> list[Any]:
    if isinstance(value, OrderedDict):
        return list(value)
    try:
        return sorted(value)
    except TypeError:
        return list(value)
