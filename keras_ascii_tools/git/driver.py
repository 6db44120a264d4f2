"""Two files that git gives -> what changed between the models in them. Never fails: git would stop altogether.

Knows nothing of how git is set up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from keras_ascii_tools.api import diff, draw
from keras_ascii_tools.errors import KerasAsciiError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.git.textconv import graph_or_line
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.read.loading import loading_of

__all__ = ["changed", "driver"]

_NOTHING = frozenset({"/dev/null", "nul", os.devnull})


def driver(arguments: Sequence[str], options: DiffOptions) -> str:
    """Return what git's external diff driver prints.

    Args:
        arguments: As git gives them: path, old file, hex and mode, new file, hex and mode; for a renamed file also its
            new path and what git says of it; for an unmerged one the path alone.
        options: What to show, and in which characters.
    """
    if len(arguments) < 7:
        return f"keras-ascii diff {visible(' '.join(arguments))}: not merged yet\n"
    path, old, _, old_mode, new, _, new_mode = arguments[:7]
    there = arguments[7] if len(arguments) > 7 else path
    said = "".join(f"{visible(line)}\n" for line in arguments[8].splitlines()) if len(arguments) > 8 else ""
    if old_mode != new_mode and "." not in (old_mode, new_mode):
        said += f"mode {old_mode} -> {new_mode}\n"
    return f"keras-ascii diff a/{visible(path)} b/{visible(there)}\n{said}{changed(old, new, options)}\n"


def changed(old: str, new: str, options: DiffOptions) -> str:
    """Return what changed between two files, one of which may be none at all; ends with a line end."""
    sides = [None if path in _NOTHING else graph_or_line(path) for path in (old, new)]
    before, after = sides
    if isinstance(before, str) or isinstance(after, str):
        return "".join(_side(side, mark) for side, mark in ((before, "-"), (after, "+")))
    try:
        if before is None or after is None:
            return _alone(before, after, options)
        return diff(before, after, options=replace(options, loading=loading_of(old))).to("text")
    except RecursionError:
        return "# no diff: nested deeper than this Python can follow\n"
    except Exception as error:
        fault = "" if isinstance(error, KerasAsciiError) else "a fault of keras-ascii, please report it: "
        return f"# no diff: {fault}{visible(f'{type(error).__name__}: {error}')}\n"


def _side(side: ModelGraph | str | None, mark: str) -> str:
    if side is None:
        return ""
    return f"{mark}{side}" if isinstance(side, str) else f"{mark}# a model that can be read\n"


def _alone(before: ModelGraph | None, after: ModelGraph | None, options: DiffOptions) -> str:
    """A model that is new, or that is no more."""
    graph = after or before
    mark = "+" if after is not None else "-"
    text = str(draw(graph, charset=options.charset, fold="exact"))
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in text.splitlines())
