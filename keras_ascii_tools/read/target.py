"""What a person names -> an open source, and the graph in it, told by its content. Runs nothing; knows no format."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.sources import Source, read_window
from keras_ascii_tools.read.window import Window, window_of_bytes, window_of_descriptor, window_of_path

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import BinaryIO

__all__ = [
    "is_git_target",
    "is_live_target",
    "open_path",
    "read_bytes",
    "read_file",
    "read_standard_input",
    "window_of_stream",
]

MAX_STREAM = 128 << 20
"""Bytes that are kept of what comes through a pipe."""
_CHUNK = 1 << 20


def is_git_target(target: str) -> bool:
    """Tell whether a target names a file in a revision: `git:REV:PATH`."""
    return target.startswith("git:")


def is_live_target(target: str) -> bool:
    """Tell whether a target names Python code: `pkg.mod:attr` or `path/to/file.py:attr`, and not a path or URL."""
    module, colon, attribute = target.rpartition(":")
    if not colon or "://" in target or not module or (len(module) == 1 and os.sep == "\\"):
        return False
    return all(part.isidentifier() for part in attribute.split("."))


def open_path(path: str | os.PathLike[str]) -> AbstractContextManager[Source]:
    """Return a context manager that opens a file, a folder or what a URL names.

    Raises:
        SourceError: On entering: there is none, or it cannot be opened, or it is neither. Does not name the path.
    """
    if isinstance(path, str) and "://" in path:
        from keras_ascii_tools.read.remote import open_remote

        return open_remote(path)
    if os.path.isdir(path):
        from keras_ascii_tools.read.parts import Folder

        return Folder(path)
    return window_of_path(path)


def target_name(target: str) -> str:
    """Return what errors and tables call a target: of a URL, nothing that may be a secret."""
    if "://" not in target:
        return target
    from keras_ascii_tools.read.remote import shown_url

    return shown_url(target)


def read_file(path: str | os.PathLike[str], *, keep_names: bool = False) -> ModelGraph:
    """Read a file or a folder by its content; its name does not matter.

    Raises:
        SourceError: There is no such file, or no model in it, or it is damaged.
    """
    where = target_name(os.fspath(path))
    try:
        opened = open_path(path)
        source = opened.__enter__()
    except (SourceError, ValueError) as error:
        raise SourceError(f"{visible(where)}: {error}{_hint(where)}") from error
    try:
        return read_window(source, where, keep_names=keep_names)
    finally:
        opened.__exit__(None, None, None)


def read_bytes(data: bytes, where: str, *, keep_names: bool = False) -> ModelGraph:
    """Read the content of a file."""
    return read_window(window_of_bytes(data), where, keep_names=keep_names)


def read_standard_input(stream: BinaryIO, *, keep_names: bool = False) -> ModelGraph:
    """Read what is on standard input: a file in place, or what comes through a pipe.

    Raises:
        SourceError: There is no model in it, it is damaged, or more comes than is kept.
    """
    where = "standard input"
    try:
        window = window_of_stream(stream)
    except SourceError as error:
        raise SourceError(f"{where}: {error}") from error
    return read_window(window, where, keep_names=keep_names)


def window_of_stream(stream: BinaryIO) -> Window:
    """Return a window of an open stream, which stays open: of a file in place, of a pipe once all has come.

    Raises:
        SourceError: More comes than is kept, or it cannot be read.
    """
    try:
        descriptor = stream.fileno()
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return window_of_descriptor(descriptor)
    except (OSError, ValueError, AttributeError):
        pass  # no file of the system behind it
    data = bytearray()
    try:
        while chunk := stream.read(_CHUNK):
            data += chunk
            if len(data) > MAX_STREAM:
                raise SourceError(
                    f"more than {MAX_STREAM >> 20} MiB come through the pipe; save them and give the file"
                )
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read") from error
    return window_of_bytes(bytes(data))


def _hint(where: str) -> str:
    """Help for a target that was meant as Python code, or has a slip in it."""
    if "://" in where or os.path.lexists(where):
        return ""
    if where.endswith(".py"):
        return f"; for a model in Python code give {visible(where)}:NAME"
    return "; a target is a file, pkg.module:attribute or path/to/file.py:attribute"
