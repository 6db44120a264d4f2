"""Options of a drawing: directive options and settings, all those of the core's records. Knows no directive."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras_ascii_tools as kat

__all__ = [
    "DEFAULTS",
    "DIFF_OPTION_NAMES",
    "OPTION_NAMES",
    "SETTINGS",
    "combined",
    "combined_for_diff",
    "diff_options_on_page",
    "literal",
    "options_on_page",
]

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
    value: dict[Any, Any] = literal(text)
    if type(value) is not dict:
        raise ValueError(f'expected a mapping such as {{"MyLayer": "(...)"}}, got {text!r}')
    return {str(kind): str(glyph) for kind, glyph in value.items()}


def _fold(text: str | None) -> str:
    return (text or "exact").strip()


_BY_NAME: dict[str, Callable[[str | None], Any]] = {
    "fold": _fold,
    "glyphs": _glyphs,
    "width": _number_or_none,
    "loading": _word,
}
_BY_TYPE: dict[type, Callable[[str | None], Any]] = {bool: _yes_or_no, int: _number, tuple: _words, str: _word}


# The fields of the core's records with their defaults, which a test compares: most builds do not need the core.
_FIELDS: dict[str, Any] = {
    "profile": "display",
    "style": "rows",
    "charset": "unicode",
    "columns": ("glyph", "kind", "name", "shape", "weights", "share", "settings"),
    "names": "given",
    "depth": 0,
    "bodies": True,
    "fold": "no",
    "fuse": False,
    "plumbing": False,
    "layers": (),
    "sort": "graph",
    "width": None,
    "max_lanes": 16,
    "header": True,
    "footer": True,
    "glyphs": (),
}

OPTION_NAMES: tuple[str, ...] = tuple(name.replace("_", "-") for name in _FIELDS)
"""Options of a directive, by their names on the page."""

_DIFF_FIELDS: dict[str, Any] = {
    "level": "full",
    "loading": None,
    "show": ("names", "training", "derived"),
    "context": 3,
    "charset": "unicode",
    "width": None,
}

DIFF_OPTION_NAMES: tuple[str, ...] = tuple(name.replace("_", "-") for name in _DIFF_FIELDS)
"""Options of the directive that shows what changed."""

SETTINGS: dict[str, Any] = {
    f"keras_ascii_{name}": default for name, default in _FIELDS.items() if name not in _ONE_DRAWING
}
"""Settings in `conf.py`, with their defaults."""

DEFAULTS: dict[str, dict[str, Any]] = {"man": {"width": 71}}
"""What is different in one builder: a manual page is read in 80 columns, and begins further to the right."""


def options_on_page(given: Mapping[str, str | None]) -> dict[str, Any]:
    """Read the options of a drawing from what stands on the page; others are passed over.

    Raises:
        ValueError: An option cannot have this value. (`OptionError` is one.)
    """
    options = _read(given, _FIELDS)
    import keras_ascii_tools as kat

    kat.DrawOptions.of(options)
    return options


def diff_options_on_page(given: Mapping[str, str | None]) -> dict[str, Any]:
    """Read the options of a diff, as `options_on_page` does.

    Raises:
        ValueError: An option cannot have this value. (`OptionError` is one.)
    """
    options = _read(given, _DIFF_FIELDS)
    import keras_ascii_tools as kat

    kat.DiffOptions.of(options)
    return options


def _read(given: Mapping[str, str | None], known: Mapping[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for option, text in given.items():
        name = option.replace("-", "_")
        if name in known:
            convert = _BY_NAME.get(name) or _BY_TYPE[type(known[name])]
            try:
                options[name] = convert(text)
            except ValueError as error:
                raise ValueError(f"{option}: {error}") from error
    return options


def combined_for_diff(settings: Mapping[str, Any], *more: Mapping[str, Any]) -> kat.DiffOptions:
    """Return the options of a diff; of options for drawings, those that both have are taken over."""
    given: dict[str, Any] = {}
    for mapping in (settings, *more):
        options = {name.removeprefix("keras_ascii_"): value for name, value in mapping.items()}
        given.update({name: value for name, value in options.items() if name in _DIFF_FIELDS})
    import keras_ascii_tools as kat

    return kat.DiffOptions.of(given)


def combined(settings: Mapping[str, Any], *more: Mapping[str, Any]) -> kat.DrawOptions:
    """Return the options of a drawing; what comes later goes before what came earlier.

    Raises:
        OptionError: An option cannot have this value.
    """
    given = {name.removeprefix("keras_ascii_"): value for name, value in settings.items()}
    for mapping in more:
        given.update(mapping)
    import keras_ascii_tools as kat

    return kat.DrawOptions.of(given)
