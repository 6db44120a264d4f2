"""Whether what a person gave as the shapes of a model's inputs can be that. Knows no model."""

from __future__ import annotations

from typing import Any

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.read.guards import is_list, is_mapping

__all__ = ["check_shapes"]

_NO_SHAPES = (str, bytes, int, float)


def check_shapes(given: Any) -> None:
    """Refuse what is neither a shape nor something with one, nor a list or dict of these, nested freely.

    Raises:
        OptionError: It is something else; says what.
    """
    if is_mapping(given):
        for value in given.values():
            check_shapes(value)
    elif is_list(given) and not any(isinstance(part, _NO_SHAPES) for part in given):
        for value in given:
            check_shapes(value)
    elif isinstance(given, _NO_SHAPES) or (is_list(given) and not all(map(_is_axis, given))):
        raise OptionError(
            "input_shape: expected a shape such as (None, 28, 28, 1), or a list or dict of shapes or symbolic tensors, "
            f"got {_short(given)}"
        )


def _is_axis(value: Any) -> bool:
    """An axis may be an integer of NumPy."""
    return value is None or (hasattr(value, "__index__") and not isinstance(value, bool) and int(value) >= 0)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
