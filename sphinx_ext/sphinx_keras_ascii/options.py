"""Options of a drawing: directive options and settings, all derived from the core's record. Knows no directive."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

import keras_ascii_tools as kat

__all__ = ["DEFAULTS", "OPTION_SPEC", "SETTINGS", "combined", "literal"]

_NOT_HERE = frozenset({"color"})
"""What makes no sense on a page: colours of a terminal."""
_ONE_DRAWING = frozenset({"layers"})
"""What makes sense for one drawing, and not as a setting for all."""


def _yes_or_no(text: str | None) -> bool:
    word = (text or "yes").strip().lower()
    if word not in {"yes", "no", "true", "false", "on", "off"}:
        raise ValueError(f"expected yes or no, got {text!r}")
    return word in {"yes", "true", "on"}


def _number(text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError:
        raise ValueError(f"expected a whole number, got {text!r}") from None


def _number_or_none(text: str | None) -> int | None:
    return None if (text or "").strip().lower() in {"none", "0"} else _number(text)


def _word(text: str | None) -> str:
    return _given(text).strip()


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in _given(text).replace("\n", ",").split(",") if word.strip())


def _given(text: str | None) -> str:
    if not text or not text.strip():
        raise ValueError("expected a value, got nothing")
    return text


def literal(text: str | None) -> Any:
    """Read a Python literal."""
    try:
        return ast.literal_eval(_given(text).strip())
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise ValueError(f"expected a literal of Python, got {text!r}") from None


def _glyphs(text: str | None) -> dict[str, str]:
    value = literal(text)
    if not isinstance(value, dict):
        raise ValueError(f'expected a mapping such as {{"MyLayer": "(...)"}}, got {text!r}')
    return {str(kind): str(glyph) for kind, glyph in value.items()}


def _fold(text: str | None) -> str:
    return (text or "exact").strip()


_BY_NAME: dict[str, Callable[[str | None], Any]] = {
    "fold": _fold,
    "glyphs": _glyphs,
    "width": _number_or_none,
}
_BY_TYPE: dict[type, Callable[[str | None], Any]] = {bool: _yes_or_no, int: _number, tuple: _words, str: _word}


def _converter(name: str, default: Any) -> Callable[[str | None], Any]:
    """Wrap what is wrong into the core's words, as soon as the page is read."""
    convert = _BY_NAME.get(name) or _BY_TYPE[type(default)]

    def converted(text: str | None) -> Any:
        value = convert(text)
        kat.DrawOptions.of({name: value})
        return value

    return converted


_FIELDS = {
    item.name: (item.default if item.default is not MISSING else None)
    for item in fields(kat.DrawOptions)
    if item.name not in _NOT_HERE
}

OPTION_SPEC: dict[str, Callable[[str | None], Any]] = {
    name.replace("_", "-"): _converter(name, default) for name, default in _FIELDS.items()
}
"""Options of a directive, by their names on the page."""

SETTINGS: dict[str, Any] = {
    f"keras_ascii_{name}": default for name, default in _FIELDS.items() if name not in _ONE_DRAWING
}
"""Settings in `conf.py`, with their defaults."""

DEFAULTS: dict[str, dict[str, Any]] = {"man": {"width": 71}}
"""What is different in one builder: a manual page is read in 80 columns, and begins further to the right."""


def combined(settings: Mapping[str, Any], *more: Mapping[str, Any]) -> kat.DrawOptions:
    """Return the options of a drawing; what comes later goes before what came earlier.

    Raises:
        OptionError: An option cannot have this value.
    """
    given = {name.removeprefix("keras_ascii_"): value for name, value in settings.items()}
    for mapping in more:
        given.update(mapping)
    return kat.DrawOptions.of(given)
