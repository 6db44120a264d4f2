"""Bytes -> the JSON in them, if parsing it takes no more memory than a model ever needs. Knows nothing of models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.guards import is_mapping

__all__ = ["MAX_JSON", "parse", "parse_object", "text_of"]

MAX_JSON: Final = 48 << 20
"""Bytes; a model has some hundred kilobytes, and constants of millions of values take the rest."""
_MAX_MEMORY: Final = 160 << 20
_COSTS: Final = {"{": 240, "[": 72, ",": 40, '"': 30}
"""Bytes of memory for what begins with a character, or has it as a separator."""


def text_of(data: bytes) -> str:
    """Decode a text: UTF-8, or UTF-16 with its mark, as some shells write.

    Raises:
        SourceError: It is no text.
    """
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        raise SourceError("not text in UTF-8") from None


def parse(data: bytes | str, what: str, **hooks: Any) -> object:
    """Parse JSON; what is in strings is not looked at.

    Args:
        data: The bytes, or the text in them.
        what: How errors call them.
        hooks: Those of `json.loads`, for who wants more than the values.

    Raises:
        SourceError: It is not JSON, is cut off, or too large, too deep or too costly to be that of a model.
    """
    if len(data) > MAX_JSON:
        raise SourceError(f"{what} has {len(data):,} bytes; no more than {MAX_JSON:,} are read")
    try:
        text = data if isinstance(data, str) else text_of(data)
    except SourceError as error:
        raise SourceError(f"{what} is {error}") from None
    cost = sum(size * text.count(character) for character, size in _COSTS.items())
    if cost + len(text) * (1 if text.isascii() else 4) > _MAX_MEMORY:
        raise SourceError(f"{what} would take more than {_MAX_MEMORY >> 20} MiB of memory; no model needs that")
    try:
        return json.loads(text, **hooks)
    except RecursionError:
        raise SourceError(f"{what} is nested too deeply to be read") from None
    except ValueError as error:
        where = getattr(error, "pos", None)
        cut = isinstance(where, int) and (not text[where:].strip() or "Unterminated" in str(error))
        reason = "it ends too early" if cut else _reason(error)
        raise SourceError(f"{what} is not JSON: {reason}") from None


def parse_object(data: bytes | str, what: str) -> Mapping[str, Any]:
    """Parse JSON that must be an object.

    Raises:
        SourceError: As `parse`, or it is another value.
    """
    value = parse(data, what)
    if not is_mapping(value):
        raise SourceError(f"{what} holds no JSON object; expected that of a Keras model")
    return value


def _reason(error: ValueError) -> str:
    """What the parser says, which never quotes the file, in one short line."""
    return f"{error}".partition(";")[0][:100]
