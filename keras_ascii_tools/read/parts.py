"""Several files that belong together, in an archive or in a folder. Knows nothing of what is in them."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import ExitStack
from typing import Protocol

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.window import Window, window_of_path

__all__ = ["Folder", "Parts"]


class Parts(Protocol):
    """Files by name; an `Archive` of `zip.py` is one, a `Folder` another."""

    @property
    def members(self) -> Collection[str]:
        """Their names; parts of a path are divided by slashes."""
        ...

    def read_member(self, name: str, limit: int) -> bytes:
        """Return the bytes of one. Raises SourceError if there is none, or it has more than `limit` bytes."""
        ...

    def window(self, name: str) -> Window:
        """Return the bytes of one in place. Raises SourceError if there is none, or that cannot be done."""
        ...


class Folder:
    """The files of one folder, without those of its folders, open for the length of a `with` block."""

    __slots__ = ("_open", "_path", "_windows", "members")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._open = ExitStack()
        self._windows: dict[str, Window] = {}
        self.members: Collection[str] = ()

    def __enter__(self) -> Folder:
        try:
            with os.scandir(self._path) as entries:
                self.members = frozenset(entry.name for entry in entries if entry.is_file())
        except (OSError, ValueError) as error:
            raise SourceError(getattr(error, "strerror", None) or str(error)) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def read_member(self, name: str, limit: int) -> bytes:
        """Return the bytes of a file; see `Parts`."""
        window = self.window(name)
        if window.size > limit:
            raise SourceError(f"{name} has {window.size:,} bytes; no more than {limit:,} are read")
        return window.read(0, window.size)

    def window(self, name: str) -> Window:
        """Return the bytes of a file in place; see `Parts`."""
        if name not in self.members:  # also what would lead out of the folder
            raise SourceError(f"the folder has no {name}")
        if name not in self._windows:
            try:
                self._windows[name] = self._open.enter_context(window_of_path(os.path.join(self._path, name)))
            except SourceError as error:
                raise SourceError(f"{name}: {error}") from error
        return self._windows[name]
