"""Two architectures -> what a person has to know of the difference: a verdict, and lines."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from keras_ascii_tools import ModelGraph, draw
from keras_ascii_tools.snapshots import project
from pytest_keras_ascii.settings import Settings

__all__ = ["describe"]


def describe(
    before: ModelGraph, after: ModelGraph, level: str, ignore: Sequence[str], settings: Settings
) -> tuple[str, list[str]]:
    """Return the verdict, and the lines below it."""
    one = str(draw(project(before, level, ignore), profile="snapshot")).split("\n")
    two = str(draw(project(after, level, ignore), profile="snapshot")).split("\n")
    lines = list(difflib.unified_diff(one, two, lineterm="", n=1))[2:]
    return f"architecture changed: {len(before.nodes)} -> {len(after.nodes)} nodes", lines
