"""Parsed JSON, checked while it is taken apart: each value knows its place. Knows nothing of graphs."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, cast

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import MAX_AXIS

__all__ = ["Place", "parse_json"]

_T = TypeVar("_T")

MAX_CHARACTERS = 64 * 1024 * 1024
"""More is not read: the graph of a model of 100,000 layers has about half of it."""


def parse_json(source: str | bytes) -> object:
    """Parse a text, strictly. Raises SourceError for anything but one JSON value, and for a key that stands twice."""
    if len(source) > MAX_CHARACTERS:
        raise SourceError(f"a JSON document of {len(source):,} characters; at most {MAX_CHARACTERS:,} are read")
    try:
        text = source if isinstance(source, str) else source.decode("utf-8")
        return json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_finite
        )
    except RecursionError:
        raise SourceError("not a JSON document that can be read: it is nested too deeply") from None
    except ValueError as error:
        raise SourceError(f"not a JSON document: {error}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise ValueError(f"the key {_shown(twice)} stands twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:30]} is too large")
    return number


class Place:
    """A value and where it stands: `layers[3].params`. Every method returns what it says, or raises SourceError."""

    __slots__ = ("path", "value")

    def __init__(self, value: object, path: str = "") -> None:
        self.value = value
        self.path = path

    def error(self, message: str) -> SourceError:
        """An error at this place."""
        path = self.path if len(self.path) <= 120 else f"{self.path[:80]}...{self.path[-30:]}"
        return SourceError(f"{path or 'the document'}: {message}")

    def expected(self, what: str) -> SourceError:
        """The error for a value of another type."""
        return self.error(f"expected {what}, got {_shown(self.value)}")

    def fields(self, keys: tuple[str, ...], *, more: bool = False) -> tuple[Place, ...]:
        """The values of an object that has exactly these keys; with `more`, others are passed over."""
        found = self._object()
        missing = next((key for key in keys if key not in found), None)
        if missing is not None:
            raise self.error(f"{_shown(missing)} is missing")
        unknown = next((key for key in found if key not in keys), None)
        if unknown is not None and not more:
            raise self.error(f"there is no {_shown(unknown)}; expected {', '.join(keys)}")
        return tuple(Place(found[key], f"{self.path}.{key}" if self.path else key) for key in keys)

    def get(self, key: str) -> Place | None:
        """The value of one key of an object, if it is there."""
        found = self._object()
        return Place(found[key], f"{self.path}.{key}" if self.path else key) if key in found else None

    def pairs(self) -> tuple[tuple[str, Place], ...]:
        """The keys and values of an object, whichever they are."""
        return tuple((key, Place(value, f"{self.path}[{_shown(key)}]")) for key, value in self._object().items())

    def items(self) -> tuple[Place, ...]:
        """The items of a list."""
        value = self.value
        if not isinstance(value, list | tuple):
            raise self.expected("a list")
        values = cast("list[object]", value)
        return tuple(Place(value, f"{self.path}[{index}]") for index, value in enumerate(values))

    def text(self) -> str:
        """A text."""
        if not isinstance(self.value, str):
            raise self.expected("a text")
        return self.value

    def boolean(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.expected("true or false")
        return self.value

    def integer(self) -> int:
        """An integer that counts something."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.expected("an integer")
        if self.value < 0:
            raise self.expected("an integer of at least 0")
        return self.value

    def axis(self) -> int:
        """An integer that an array can have as a size."""
        if self.integer() > MAX_AXIS:
            raise self.expected(f"an axis of at most {MAX_AXIS}")
        return self.integer()

    def optional(self, read: Callable[[Place], _T]) -> _T | None:
        """`None` for null, and else what `read` makes of it."""
        return None if self.value is None else read(self)

    def _object(self) -> dict[str, object]:
        value = self.value
        if not isinstance(value, dict):
            raise self.expected("an object")
        found = cast("dict[Any, object]", value)
        if not all(isinstance(key, str) for key in found):
            raise self.error("the keys of an object must be texts")
        return found


def _shown(value: object) -> str:
    """A value on one line, in ASCII, cut to what an error message can hold."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        cut = value[:40]
        return json.dumps(cut).replace("\x7f", "\\u007f") + ("..." if len(value) > len(cut) else "")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**40:
        return "a very large integer"
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return type(value).__name__
