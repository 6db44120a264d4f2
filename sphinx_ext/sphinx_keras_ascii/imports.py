"""Which files of a project does a model come from? Watches imports in the process that makes models.

Knows files, not models. A project's files are those outside the standard library, site-packages and this distribution.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import inspect
import os
import site
import sys
import sysconfig
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Any

__all__ = ["ImportGraph", "files_of_modules", "is_project_file", "is_project_folder", "modules_of_target"]


CODE = "<"
"""With this begins the `__file__` of code that is in no file."""


class ImportGraph:
    """Files and the files that they import, also late, inside functions."""

    def __init__(self) -> None:
        self._imports: dict[str, set[str]] = {}

    @contextmanager
    def watching(self) -> Generator[None]:
        """Take notes of every import that goes on inside."""
        is_project_folder(os.getcwd())  # what it needs is imported now, and not while an import is looked at
        plain_import, plain_import_module = builtins.__import__, importlib.import_module

        def watched_import(
            name: str,
            globals: Any = None,
            locals: Any = None,
            fromlist: Any = (),
            level: int = 0,
        ) -> Any:
            module = plain_import(name, globals, locals, fromlist, level)
            importer = globals.get("__file__") if globals else None
            if isinstance(importer, str) and (importer.startswith(CODE) or is_project_file(importer)):
                self._note(importer, _absolute(name, globals, level), fromlist or ())
            return module

        def watched_import_module(name: str, package: str | None = None) -> Any:
            module = plain_import_module(name, package)
            importer = _nearest_project_file(inspect.currentframe())
            if importer is not None:
                self._note(importer, module.__name__, ())
            return module

        builtins.__import__ = watched_import
        importlib.import_module = watched_import_module
        try:
            yield
        finally:
            builtins.__import__ = plain_import
            importlib.import_module = plain_import_module

    def _note(self, importer: str, name: str, fromlist: Iterable[str]) -> None:
        names = [*modules_of_target(name), *(f"{name}.{part}" for part in fromlist)]
        self._imports.setdefault(importer, set()).update(files_of_modules(names))

    def files(self, roots: Iterable[str]) -> list[str]:
        """Return the project's files among some, and all that they import, directly or not; sorted."""
        found: set[str] = set()
        waiting = set(roots)
        while waiting:
            found |= waiting
            waiting = {file for root in waiting for file in self._imports.get(root, ())} - found
        return sorted(filter(is_project_file, found))


def files_of_modules(names: Iterable[str]) -> Iterator[str]:
    """Yield the project's files among those of loaded modules, packages that they lie in included."""
    for name in names:
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, str) and is_project_file(file):
            yield file


def modules_of_target(name: str) -> list[str]:
    """Return a module and the packages that it lies in."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _absolute(name: str, globals: Any, level: int) -> str:
    """Of `from ..a import b` in `pkg.sub.mod`: `pkg.a`."""
    if not level:
        return name
    package = globals.get("__package__") or getattr(globals.get("__spec__"), "parent", None)
    if not package:
        package = str(globals.get("__name__", "")).rpartition(".")[0]
    base = package.rsplit(".", level - 1)[0] if level > 1 else package
    return f"{base}.{name}" if name else base


def _nearest_project_file(frame: FrameType | None) -> str | None:
    while frame is not None:
        file = frame.f_globals.get("__file__")
        if isinstance(file, str) and is_project_file(file):
            return file
        frame = frame.f_back
    return None


@cache
def is_project_file(path: str) -> bool:
    """Tell whether a file belongs to the project."""
    return not path.startswith(CODE) and is_project_folder(os.path.dirname(path)) and os.path.isfile(path)


@cache
def is_project_folder(path: str) -> bool:
    """Tell whether a folder holds a project's files, as opposed to installed ones."""
    real = os.path.join(os.path.realpath(path), "")
    return not any(real.startswith(folder) for folder in _foreign())


@cache
def _foreign() -> tuple[str, ...]:
    """Folders, each with a separator at its end."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_path(name) for name in names} | {site.getusersitepackages()} | set(site.getsitepackages())
    ours = importlib.util.find_spec("keras_ascii_tools")
    here = [os.path.dirname(os.path.abspath(__file__))]
    if ours is not None and ours.origin:
        here.append(os.path.dirname(ours.origin))
    return tuple(os.path.join(os.path.realpath(folder), "") for folder in (*folders, *here) if folder)
