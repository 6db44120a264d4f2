"""A file -> the text that git compares: its snapshot drawing, or a line that says why there is none.

git stops altogether where this fails, so it never does. What cannot be drawn is told apart by its content, because two
equal lines would look like no change. Knows nothing of how git is set up.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from keras_ascii_tools.api import draw
from keras_ascii_tools.errors import KerasAsciiError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.git.pointers import Pointer, parse_pointer
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.target import read_file

__all__ = ["graph_or_line", "textconv"]


def textconv(path: str, *, remembered: bool = False) -> str:
    """Return the text of a file; ends with a line end.

    Args:
        path: A file, never Python code. Its name is not in the text: git gives every version another one.
        remembered: git keeps the text, also that of a file that git-lfs has not fetched yet.
    """
    found = graph_or_line(path, remembered=remembered)
    if isinstance(found, str):
        return found
    try:
        return draw(found, profile="snapshot").to("text")
    except Exception as error:
        return _no_drawing(path, error)


def graph_or_line(path: str, *, remembered: bool = False) -> ModelGraph | str:
    """Return the model in a file, or the line that says why there is none; ends with a line end."""
    try:
        pointer = _pointer(path)
        return read_file(path) if pointer is None else _line(_about(pointer, remembered))
    except Exception as error:
        return _no_drawing(path, error)


def _no_drawing(path: str, error: Exception) -> str:
    if isinstance(error, KerasAsciiError):
        reason = str(error).removeprefix(f"{visible(path)}: ")
    elif isinstance(error, OSError):
        reason = error.strerror or str(error)
    elif isinstance(error, RecursionError):
        reason = "nested deeper than this Python can follow"
    else:
        reason = f"a fault of keras-ascii, please report it: {type(error).__name__}: {error}"
    return _line(f"no drawing: {reason.replace(visible(path), Path(path).name)} ({_fingerprint(path)})")


def _pointer(path: str) -> Pointer | None:
    with open(path, "rb") as stream:
        return parse_pointer(stream.read(1024))


def _about(pointer: Pointer, remembered: bool) -> str:
    size = "" if pointer.size is None else f", {pointer.size:,} bytes"
    again = ", then 'keras-ascii git install', because git remembers this line" if remembered else ""
    return f"not fetched by git-lfs: {pointer.oid}{size}; run 'git lfs pull'{again}"


def _line(text: str) -> str:
    return f"# {visible(' '.join(text.split()))}\n"


def _fingerprint(path: str) -> str:
    try:
        with open(path, "rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return f"{stream.tell():,} bytes, sha256 {digest[:16]}"
    except OSError as error:
        return error.strerror or "cannot be read"
