"""Describe arrays and long lists by type and size, never by content. Knows nothing of configs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from keras_ascii_tools.graph.values import Record, Value
from keras_ascii_tools.read.guards import is_list

__all__ = ["array_record", "dtype_name", "list_record", "shape_of_lists"]

LONGEST_LIST: Final = 64
"""Scalars that a list may have and still be shown."""

_MAX_SHOWN_ROWS: Final = 1_000
_MAX_RANK: Final = 32
_MAX_SCALARS: Final = 100_000


def array_record(shape: tuple[int | None, ...] | None, dtype: str | None) -> Record:
    """Return an array as its shape and dtype; axes after an empty one are not known to a file."""
    if shape is not None and 0 in shape:
        shape = shape[: shape.index(0) + 1]
    return Record("array", (("dtype", dtype), ("shape", shape)))


def dtype_name(dtype: object) -> str | None:
    """Return the name of a dtype of any library; every kind of text is `string`."""
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", None) or getattr(dtype, "__name__", None)
    if not isinstance(name, str):
        name = str(dtype) if dtype is not None else ""
    name = name.removeprefix("torch.")
    if name.startswith(("str", "bytes", "object", "<U", "|S")):
        return "string"
    return name if 0 < len(name) <= 100 else None


def shape_of_lists(value: object) -> tuple[int, ...]:
    """Return the shape of an array that a file holds as lists in lists, going by the first of each."""
    shape: list[int] = []
    while is_list(value) and len(shape) < _MAX_RANK:
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


def list_record(items: Sequence[object], *, always: bool = False) -> Record | None:
    """Return a list as its size and, where all are of one type, its dtype; None for one that is short enough to show.

    Args:
        items: A list or tuple, which may hold others.
        always: Even when it is short.
    """
    if not always and not _is_long(items):
        return None
    shape, leaves = _rectangle(items)
    described: list[tuple[str, Value]] = []
    dtype = _common_type(leaves)
    if dtype is not None:
        described.append(("dtype", dtype))
    described.append(("shape", shape) if len(shape) > 1 else ("size", len(items)))
    return Record("list", tuple(described))


def _is_long(items: Sequence[object]) -> bool:
    """Count scalars, lists in lists included, up to the limit."""
    if len(items) > LONGEST_LIST:
        return True
    if not any(map(is_list, items)):
        return False
    count = 0
    rows = 0
    pending: list[Sequence[object]] = [items]
    while pending:
        row = pending.pop()
        rows += 1
        if rows > _MAX_SHOWN_ROWS:
            return True
        for item in row:
            if is_list(item) and item:
                pending.append(item)
            else:
                count += 1
            if count + len(pending) > LONGEST_LIST:
                return True
    return False


def _rectangle(items: Sequence[object]) -> tuple[tuple[int, ...], Sequence[object]]:
    """Return the shape of lists in lists as far as they are all of one length, and what they hold below that."""
    shape = [len(items)]
    scalars = items
    while scalars and is_list(scalars[0]) and len(scalars) <= _MAX_SCALARS and len(shape) < _MAX_RANK:
        rows = [item for item in scalars if is_list(item)]
        lengths = {len(row) for row in rows}
        if len(rows) < len(scalars) or len(lengths) > 1 or not 0 < len(rows) * len(rows[0]) <= _MAX_SCALARS:
            break
        shape.append(len(rows[0]))
        scalars = [scalar for row in rows for scalar in row]
    return (tuple(shape) if len(shape) < _MAX_RANK else (len(items),)), scalars


def _common_type(items: Sequence[object]) -> str | None:
    names = {_type_name(kind) for kind in set(map(type, items))}
    if names == {"int", "float"}:
        return "float"
    return names.pop() if len(names) == 1 else None


def _type_name(kind: type) -> str | None:
    name = kind.__name__
    for start, plain in (("bool", "bool"), ("int", "int"), ("uint", "int"), ("float", "float"), ("str", "string")):
        if name.startswith(start):
            return plain
    return None
