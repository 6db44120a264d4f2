"""What a person names -> a graph from a file, told by its content. Runs nothing; knows nothing of Keras."""

from __future__ import annotations

import os
from pathlib import Path

from keras_ascii_tools.errors import KerasAsciiError, SourceError
from keras_ascii_tools.graph import ModelGraph

__all__ = ["is_live_target", "read_bytes", "read_file", "read_text"]

MAX_BYTES = 256 * 1024 * 1024
"""Larger text files are not read."""


def is_live_target(target: str) -> bool:
    """Tell whether a target names Python code: `pkg.mod:attr` or `path/to/file.py:attr`, and not a path or URL."""
    module, colon, attribute = target.rpartition(":")
    if not colon or "://" in target or not module or (len(module) == 1 and os.sep == "\\"):
        return False
    return all(part.isidentifier() for part in attribute.split("."))


def read_text(text: str, where: str) -> ModelGraph:
    """Read a snapshot drawing or our own JSON; `where` is how errors call it."""
    start = text.lstrip("\ufeff \t\r\n")
    try:
        if start.startswith("# keras-ascii "):
            from keras_ascii_tools.read.from_drawing import read_drawing

            return read_drawing(text)
        if start.startswith("{"):
            from keras_ascii_tools.read.from_json import read_json

            return read_json(text)
    except KerasAsciiError as error:
        raise SourceError(f"{where}: {error}") from error
    if not text.strip():
        raise SourceError(f"{where}: empty; expected a snapshot drawing or the JSON of keras-ascii")
    raise SourceError(
        f"{where}: expected a snapshot drawing (it starts with '# keras-ascii') or the JSON of keras-ascii, got neither"
    )


def read_file(path: str | os.PathLike[str]) -> ModelGraph:
    """Read a file by its content; its name does not matter."""
    where = os.fspath(path)
    try:
        file = Path(path)
        if file.is_dir():
            raise SourceError(f"{where}: a directory; expected a file")
        if file.exists() and not file.is_file():
            raise SourceError(f"{where}: not a regular file")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except SourceError:
        raise
    except (OSError, ValueError) as error:
        raise SourceError(f"{_printable(where)}: {_reason(error)}{_hint(where)}") from error
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"{where}: more than {MAX_BYTES >> 20} MiB; no drawing and no JSON of keras-ascii is as large"
        )
    return read_bytes(data, where)


def read_bytes(data: bytes, where: str) -> ModelGraph:
    """Read the content of a file."""
    for magic, what in _FORMATS.items():
        if data.startswith(magic):
            raise SourceError(
                f"{where}: {what}; this release reads live models, snapshot drawings and the JSON of keras-ascii"
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise SourceError(f"{where}: not text; expected a snapshot drawing or the JSON of keras-ascii") from None
    return read_text(text, where)


_FORMATS = {
    b"PK\x03\x04": "a zip file, perhaps a saved .keras model",
    b"\x89HDF\r\n\x1a\n": "an HDF5 file, perhaps a saved .h5 model",
    b"version https://git-lfs": "a pointer of git-lfs and not the file itself; run 'git lfs pull'",
}


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _printable(text: str) -> str:
    return text if text.isprintable() else ascii(text)


def _hint(where: str) -> str:
    """Help for a target that was meant as Python code, or has a slip in it."""
    if where.endswith(".py"):
        return f"; for a model in Python code give {where}:NAME"
    return "; a target is a file, pkg.module:attribute or path/to/file.py:attribute"
