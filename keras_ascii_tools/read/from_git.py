"""`git:REV:PATH` -> a file as it is in a revision. Knows no formats. git runs, but nothing that is in the file."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.git_command import GitError, copy_from_git
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.sources import read_window
from keras_ascii_tools.read.window import Window, window_of_descriptor

__all__ = ["open_blob", "read_blob"]

_PREFIX = "git:"
MAX_BYTES = 4 << 30
"""Larger files are not fetched out of git. They go to a temporary file, not to memory."""


def read_blob(target: str, *, keep_names: bool = False) -> ModelGraph:
    """Read a file as it is in a revision.

    Args:
        target: `git:REV:PATH`, with the path from the top of the repository, or from here if it starts with `./`.
            Without a revision, `git::PATH`, it is the file in the index.
        keep_names: Count names that Keras made up as given.

    Raises:
        SourceError: There is no such revision or file, or no model in it.
    """
    with open_blob(target) as window:
        return read_window(window, target, keep_names=keep_names)


@contextmanager
def open_blob(target: str) -> Generator[Window]:
    """Open a file as it is in a revision, with git's filters: what git-lfs keeps is fetched as in a checkout.

    Raises:
        SourceError: There is no such revision or file.
    """
    name = target.removeprefix(_PREFIX)
    revision, colon, path = name.partition(":")
    if not colon or not path:
        raise SourceError(f"{visible(target)}: expected git:REV:PATH, for example git:HEAD~1:models/unet.keras")
    if revision.startswith("-"):  # an option of git, and no revision
        raise SourceError(f"{visible(target)}: no revision starts with '-'")
    with tempfile.TemporaryFile(prefix="keras-ascii-") as file:
        try:
            copy_from_git("cat-file", "--filters", name, to=file, limit=MAX_BYTES)
        except GitError as error:
            raise SourceError(f"{visible(target)}: {error}") from error
        yield window_of_descriptor(file.fileno())
