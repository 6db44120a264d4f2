"""What changed -> workflow commands, which GitHub shows as annotations. Knows nothing of comments and summaries."""

from __future__ import annotations

from collections.abc import Iterator

from keras_ascii_tools.diff import ModelDiff
from keras_ascii_tools.diff.loading_types import Status
from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import CHARSETS
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.write.diff.facts import facts_of
from keras_ascii_tools.write.diff.verdict import verdict_of
from keras_ascii_tools.write.diff.words import Words
from keras_ascii_tools.write.sheet import Role

__all__ = ["command", "to_github"]

_MOST = 8
"""GitHub shows ten annotations of a sort for each step."""
_MAX_TEXT = 2000


def to_github(diff: ModelDiff, options: DiffOptions, *, title: str = "", file: str = "") -> str:
    """Write annotations: the verdict, and what breaks; nothing where nothing changed.

    Args:
        diff: What changed.
        options: What to show of it.
        title: What was compared; default: the name of the model.
        file: The file that the annotations stand at.
    """
    if diff.same:
        return ""
    words = Words(CHARSETS[options.charset])
    what = title or diff.after.given_name or diff.before.given_name or "model"
    level = "warning" if diff.breaking or _fails(diff) else "notice"
    texts = [verdict_of(diff, words), *_alerts(diff, options, words)]
    return "".join(command(level, text, title=f"Architecture of {what}", file=file) for text in texts)


def _fails(diff: ModelDiff) -> bool:
    return diff.weights is not None and diff.weights.status is Status.FAILS


def _alerts(diff: ModelDiff, options: DiffOptions, words: Words) -> Iterator[str]:
    lines = [line.text for line in facts_of(diff, options, words) if line.spans and line.spans[0].role is Role.ALERT]
    for text in lines[:_MOST]:
        yield text.removeprefix("! ")
    if len(lines) > _MOST:
        yield f"and {len(lines) - _MOST:,} more lines of what breaks"


def command(level: str, text: str, **properties: str) -> str:
    """Write one workflow command; nothing in its texts is taken for another."""
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{level}{f' {said}' if said else ''}::{_data(text[:_MAX_TEXT])}\n"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
