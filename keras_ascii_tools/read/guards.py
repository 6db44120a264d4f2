"""Tell lists and mappings from other values, for the type checkers too. Knows nothing of what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeGuard

__all__ = ["Config", "is_list", "is_mapping"]

Config: TypeAlias = Mapping[Any, Any]
"""A mapping from anywhere: nothing is known of its keys and values."""


def is_mapping(value: object) -> TypeGuard[Config]:
    """Tell whether a value is a mapping."""
    return type(value) is dict or isinstance(value, Mapping)  # the first is quick, and true of all JSON


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Tell whether a value is a list or a tuple."""
    return isinstance(value, list | tuple)
