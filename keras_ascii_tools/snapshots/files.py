"""Snapshot files: the drawing of a model with the test that owns it in its header. Knows no tests, only their ids."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from keras_ascii_tools.api import draw, read_drawing
from keras_ascii_tools.errors import DrawingError, SourceError
from keras_ascii_tools.files import write_file
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.notation.words import parse_string, quote
from keras_ascii_tools.snapshots.paths import SUFFIX, SnapshotId, is_inside

__all__ = [
    "Snapshot",
    "check",
    "compose",
    "fingerprint",
    "headers_of",
    "load",
    "owned_files",
    "read_text",
    "relative",
    "remove",
    "remove_leftovers",
    "with_headers",
    "write",
]

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are not read."""
_HEAD_BYTES = 16 * 1024
_TEMPORARY = ".keras-ascii-"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot file as it is on the disk."""

    path: Path
    text: str
    owner: SnapshotId | None
    """Which snapshot the header says that it is; `None` if it says nothing."""
    digest: str
    """Of its bytes."""

    def graph(self) -> ModelGraph:
        """Return the model. Raises DrawingError for a damaged file; says the line."""
        return read_drawing(self.text)


def compose(graph: ModelGraph, owner: SnapshotId) -> str:
    """Return the text of a snapshot file."""
    headers = [("test", owner.test)]
    if owner.name is not None:
        headers.append(("name", owner.name))
    elif owner.number != 1:
        headers.append(("number", str(owner.number)))
    return with_headers(draw(graph, profile="snapshot").to("text"), headers)


def with_headers(text: str, headers: Sequence[tuple[str, str]]) -> str:
    """Return a drawing with more header lines, behind the first."""
    first, end, rest = text.partition("\n")
    return first + end + "".join(f"# {key}: {_value(value)}\n" for key, value in headers) + rest


def load(path: Path) -> Snapshot | None:
    """Read a snapshot file; `None` if there is none.

    Raises:
        SourceError: It cannot be read, or is not text.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise SourceError(f"{path}: more than {MAX_BYTES >> 20} MiB; no snapshot is as large")
    return read_text(path, data)


def read_text(path: Path, data: bytes) -> Snapshot:
    """Make a snapshot of the bytes of its file. Raises SourceError if they are not text."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SourceError(f"{path}: not UTF-8; expected a snapshot as it was written") from None
    return Snapshot(path, text, _owner(text), sha256(data).hexdigest())


def write(path: Path, text: str, *, inside: Path) -> None:
    """Write a snapshot file as a whole or not at all, and the folders that it needs.

    Args:
        path: The file.
        text: Its text.
        inside: The folder that it must be in once links are followed: that of the test.

    Raises:
        SourceError: It would be elsewhere, or cannot be written; nothing has changed.
    """
    if not is_inside(path, inside):
        raise SourceError(f"{path}: a link leads out of {inside}; nothing is written there")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"cannot make the folder {path.parent}: {error.strerror or error}") from error
    write_file(str(path), text)


def owned_files(folder: Path) -> Iterator[tuple[Path, SnapshotId]]:
    """Yield the snapshot files below a folder with the owners that they name, sorted; anything else is passed over."""
    for path in sorted(folder.glob(f"*/*{SUFFIX}")):
        with suppress(OSError, ValueError):
            with path.open("rb") as stream:
                head = stream.read(_HEAD_BYTES)
            owner = _owner(head.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
            if owner is not None:
                yield path, owner


def remove(path: Path) -> None:
    """Delete a snapshot file, and its folders if they are empty then. Raises SourceError if that is not possible."""
    try:
        path.unlink()
    except OSError as error:
        raise SourceError(f"cannot delete {path}: {error.strerror or error}") from error
    with suppress(OSError):
        path.parent.rmdir()
        path.parent.parent.rmdir()


def remove_leftovers(folder: Path, *, before: float) -> None:
    """Delete what writers that were killed left below a folder, if it is older than a time."""
    for path in folder.glob(f"*/{_TEMPORARY}*"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()


def fingerprint(graph: ModelGraph) -> str:
    """Return a digest that equal architectures have in common."""
    text = draw(graph, profile="snapshot").to("text")
    lines = [line for line in text.splitlines() if not line.startswith(("# defaults:", "# note:", "# graph:"))]
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def relative(path: Path, to: Path) -> str:
    """Return a path as it is best said: from a folder, with slashes."""
    try:
        return os.path.relpath(path, to).replace(os.sep, "/")
    except ValueError:  # on another drive
        return str(path)


def headers_of(text: str) -> dict[str, str]:
    """Return the header lines of the first section, the first of each key; damaged ones are left out."""
    found: dict[str, str] = {}
    for line in text.split("\n")[1:]:
        if not line.startswith("#"):
            break
        key, colon, value = line[1:].strip().partition(":")
        if colon:
            with suppress(ValueError):
                value = value.strip()
                found.setdefault(key, parse_string(value) if value.startswith('"') else value)
    return found


def _owner(text: str) -> SnapshotId | None:
    if not text.startswith("# keras-ascii "):
        return None
    headers = headers_of(text)
    test, number = headers.get("test"), headers.get("number", "1")
    if not test:
        return None
    return SnapshotId(test, headers.get("name"), int(number) if number.isdecimal() and len(number) < 7 else 1)


def _value(text: str) -> str:
    """A header's value, quoted where it could be misread."""
    plain = text.isascii() and text.isprintable() and "  " not in text and text == text.strip() and text[:1] != '"'
    return text if plain else quote(text)


def check(text: str, where: Path) -> ModelGraph:
    """Return the model of a snapshot's text. Raises SourceError that names the file if it is damaged."""
    try:
        return read_drawing(text)
    except DrawingError as error:
        raise SourceError(f"{where}: {error}") from error
