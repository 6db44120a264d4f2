"""How the weights of a source would be loaded by Keras: by its file's kind. Reads its first bytes only."""

from __future__ import annotations

import os
from typing import Any, Literal, cast

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.formats import Format, sniff
from keras_ascii_tools.read.target import is_git_target, is_live_target, open_path
from keras_ascii_tools.read.window import Window

__all__ = ["loading_of"]

_HDF5 = (".h5", ".hdf5", ".hdf")


def loading_of(source: Any) -> Literal["keras", "h5"]:
    """Return how Keras finds the weights in what `read` takes: legacy HDF5 files have a way of their own."""
    if not isinstance(source, (str, os.PathLike)):
        return "keras"
    path = os.fspath(cast("str | os.PathLike[str]", source))
    if is_git_target(path) or "://" in path:
        return "h5" if path.endswith(_HDF5) else "keras"
    if is_live_target(path):
        return "keras"
    try:
        with open_path(path) as opened:
            return "h5" if isinstance(opened, Window) and sniff(opened) is Format.HDF5 else "keras"
    except (SourceError, ValueError):
        return "keras"  # whoever reads it says what is wrong
