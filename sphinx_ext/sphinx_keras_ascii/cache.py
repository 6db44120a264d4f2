"""Models on disk: one file for each request, which says from which files the model was made. Knows nothing of Sphinx.

A file is written as a whole or not at all, so that any number of builds can share a cache. It holds no absolute path
and no time, so that it can be committed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sphinx_keras_ascii.requests import Request

if TYPE_CHECKING:
    from sphinx_keras_ascii.processes import Answer

__all__ = ["Cache", "Entry", "installed_versions", "write_whole"]

SCHEMA = "keras-ascii/docs-cache"
VERSION = "1.0"
_GRAPH = ',\n  "graph": '
_END = "\n}\n"


class Entry(NamedTuple):
    """A model that was made once."""

    graph: str
    """As a JSON document of the core."""
    sources: Mapping[str, str]
    """Digest of each of the project's files that it comes from, by path relative to the source directory."""
    versions: Mapping[str, str]
    how: str
    """How the graph was obtained."""

    @property
    def digest(self) -> str:
        """Name of its content."""
        return hashlib.sha256(self.graph.encode()).hexdigest()[:24]


class Cache:
    """Models by request."""

    def __init__(self, folder: Path, srcdir: Path) -> None:
        self._folder = folder
        self._srcdir = srcdir
        self._digests: dict[str, str] = {}

    def path(self, request: Request, key: str) -> Path:
        """Return where the model of a request is, or would be."""
        words = "inline" if request.kind == "inline" else request.target
        return self._folder / f"{re.sub(r'[^A-Za-z0-9_]+', '-', words).strip('-')[:60]}-{key}.json"

    def get(self, request: Request, key: str) -> Entry | None:
        """Return the model of a request, whether it is up to date or not; what is damaged is not there."""
        try:
            text = self.path(request, key).read_text(encoding="utf-8")
            start, sign, rest = text.partition(_GRAPH)
            # The graph is parsed when it is drawn: most builds draw nothing.
            head = json.loads(f"{start}\n}}")
            if not sign or head["schema"] != SCHEMA or not head["version"].startswith("1.") or head["key"] != key:
                return None
            entry = Entry(rest.removesuffix(_END), head["sources"], head["versions"], head["how"])
            return entry if head["digest"] == entry.digest else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def changed(self, entry: Entry) -> str | None:
        """Return a file that is no longer what the model was made from, if there is one."""
        for path, digest in sorted(entry.sources.items()):
            if self._digest(path) != digest:
                return path
        return None

    def put(self, answer: Answer, key: str) -> Entry:
        """Keep a model that was made, and return it.

        Raises:
            OSError: It could not be written; nothing is half-written.
        """
        entry = self.entry_of(answer)
        head = {
            "schema": SCHEMA,
            "version": VERSION,
            "key": key,
            "target": answer.request.name,
            "versions": entry.versions,
            "sources": entry.sources,
            "how": entry.how,
            "digest": entry.digest,
        }
        # The graph as the core writes it, a call on a line, so that a change can be reviewed.
        text = json.dumps(head, indent=2).removesuffix("\n}") + _GRAPH + entry.graph + _END
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.path(answer.request, key), text)
        return entry

    def entry_of(self, answer: Answer) -> Entry:
        """Return a model that was made, without keeping it."""
        paths = {*map(self._relative, answer.sources), *answer.request.depends}
        sources = {path: self._digest(path) for path in sorted(paths)}
        return Entry((answer.graph or "").strip(), sources, answer.versions, answer.how)

    def _relative(self, path: str) -> str:
        try:
            return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(self._srcdir))).as_posix()
        except ValueError:  # another drive
            return Path(path).as_posix()

    def _digest(self, path: str) -> str:
        """Digest of a file, the same for both kinds of line ends; empty if it cannot be read."""
        if path not in self._digests:
            try:
                data = (self._srcdir / path).read_bytes()
            except OSError:
                self._digests[path] = ""
            else:
                self._digests[path] = hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()[:24]
        return self._digests[path]


def write_whole(path: Path, text: str) -> None:
    """Write a file as a whole or not at all.

    Raises:
        OSError: It could not be written.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@cache
def installed_versions() -> dict[str, str]:
    """Return the versions that would make models now, as far as they are installed here."""
    found: dict[str, str] = {}
    for name in ("keras", "keras-ascii-tools"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found
