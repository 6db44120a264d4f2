"""Snapshots that wait for a decision: what tests drew, where none was stored or another one. Knows no tests.

Each is a snapshot file with a few more header lines, all of which start with `pending-`. To accept one is to write it
to its place without those.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from keras_ascii_tools.errors import KerasAsciiError, SourceError
from keras_ascii_tools.snapshots.files import (
    Snapshot,
    check,
    headers_of,
    load,
    relative,
    remove,
    with_headers,
    write,
)
from keras_ascii_tools.snapshots.paths import FOLDER, SUFFIX, is_inside

__all__ = ["Pending", "PendingStore", "accept", "find_store", "reject"]

_PLACE = Path("d", "keras_ascii")
_MARK = "# pending-"
NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A snapshot that waits."""

    file: Path
    """Where it is kept."""
    root: Path
    """The project: paths and node ids are relative to it."""
    target: Path
    """The snapshot file that it is for."""
    node: str
    """Id of the test."""
    replaces: str
    """Digest of the snapshot that the test saw; `nothing` if there was none."""
    moved_from: Path | None
    """A snapshot without a test that is equal to it: the test has been renamed, it seems."""
    level: str
    ignore: tuple[str, ...]
    text: str
    """What the snapshot file will be."""

    @property
    def is_new(self) -> bool:
        """Whether there was no snapshot."""
        return self.replaces == NOTHING

    @property
    def label(self) -> str:
        """The target as it is best said."""
        return relative(self.target, self.root)


@dataclass(frozen=True, slots=True)
class PendingStore:
    """The pending snapshots of a project."""

    folder: Path
    root: Path

    @classmethod
    def of_cache(cls, cache: Path, root: Path) -> PendingStore:
        """Return the store in a cache folder of pytest's."""
        return cls(cache / _PLACE, root)

    def keep(
        self,
        target: Path,
        text: str,
        *,
        node: str,
        replaces: str | None,
        level: str = "full",
        ignore: Sequence[str] = (),
        moved_from: Path | None = None,
    ) -> None:
        """Keep a snapshot, instead of what waits for the same target.

        Args:
            target: The snapshot file that it is for.
            text: What it would be.
            node: Id of the test.
            replaces: Digest of the snapshot that the test saw; `None` if there was none.
            level: How the two were compared.
            ignore: What was left out of the comparison.
            moved_from: A snapshot to delete when this one is accepted.

        Raises:
            SourceError: It cannot be written.
        """
        headers = [
            ("pending-for", relative(target, self.root)),
            ("pending-root", relative(self.root, self.folder)),
            ("pending-node", node),
            ("pending-replaces", replaces or NOTHING),
            ("pending-level", level),
            *(("pending-ignore", word) for word in [" ".join(ignore)] if word),
            *(("pending-moved-from", relative(path, self.root)) for path in [moved_from] if path),
        ]
        write(self._file(target), with_headers(text, headers), inside=self.folder)

    def note_move(self, target: Path, source: Path) -> None:
        """Note that what waits for a target is equal to a snapshot that no test has any more."""
        found = self.find(target)
        if found is not None:
            replaces = None if found.is_new else found.replaces
            self.keep(
                found.target,
                found.text,
                node=found.node,
                replaces=replaces,
                level=found.level,
                ignore=found.ignore,
                moved_from=source,
            )

    def forget(self, target: Path) -> None:
        """Drop what waits for a target, if anything does."""
        with suppress(OSError):
            self._file(target).unlink()

    def all(self) -> tuple[Pending, ...]:
        """Return all that wait, sorted by target; files that are damaged or lead elsewhere are not among them."""
        return tuple(sorted(self._all(), key=lambda pending: pending.label))

    def find(self, target: Path) -> Pending | None:
        """Return what waits for a target."""
        return _read(self._file(target))

    def _all(self) -> Iterator[Pending]:
        for file in self.folder.glob(f"*{SUFFIX}"):
            found = _read(file)
            if found is not None:
                yield found

    def _file(self, target: Path) -> Path:
        digest = sha256(relative(target, self.root).encode("utf-8", "backslashreplace")).hexdigest()[:16]
        return self.folder / f"{digest}{SUFFIX}"


def accept(pending: Pending) -> None:
    """Write a pending snapshot to its place, and delete what it was moved from.

    Raises:
        SourceError: It is damaged, or the stored snapshot is not the one that the test saw; nothing has changed.
    """
    check(pending.text, pending.file)
    stored = load(pending.target)
    if (stored.digest if stored else NOTHING) != pending.replaces:
        raise SourceError(f"{pending.label}: changed since the test has seen it; run the test again: {pending.node}")
    write(pending.target, pending.text, inside=pending.root)
    if pending.moved_from is not None and pending.moved_from.exists():
        remove(pending.moved_from)
    reject(pending)


def reject(pending: Pending) -> None:
    """Drop a pending snapshot; the stored one stays. Raises SourceError if that is not possible."""
    try:
        pending.file.unlink(missing_ok=True)
    except OSError as error:
        raise SourceError(f"cannot delete {pending.file}: {error.strerror or error}") from error


def find_store(start: Path, cache: str | None = None) -> PendingStore:
    """Return the store of the project that a folder is in.

    Args:
        start: Where to begin; its parents come next.
        cache: The cache folder of pytest's. Default: the first `.pytest_cache` with pending snapshots, going up.

    Raises:
        SourceError: There is no such cache folder.
    """
    if cache is not None:
        if not os.path.isdir(cache):
            raise SourceError(f"--cache: {cache}: no such folder; expected pytest's cache_dir")
        return PendingStore.of_cache(Path(cache).resolve(), Path(cache).resolve().parent)
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / ".pytest_cache" / _PLACE).is_dir():
            return PendingStore.of_cache(folder / ".pytest_cache", folder)
    return PendingStore.of_cache(start / ".pytest_cache", start)


def _read(file: Path) -> Pending | None:
    """Read a pending file; `None` if it is none, or leads to anything but a snapshot of the project."""
    try:
        snapshot: Snapshot | None = load(file)
    except KerasAsciiError:
        return None
    if snapshot is None or not snapshot.text.startswith("# keras-ascii "):
        return None
    headers = {key.removeprefix("pending-"): value for key, value in headers_of(snapshot.text).items()}
    if not {"for", "root", "node", "replaces"} <= headers.keys():
        return None
    root = Path(os.path.normpath(file.parent / headers["root"]))
    moved = headers.get("moved-from")
    found = Pending(
        file=file,
        root=root,
        target=Path(os.path.normpath(root / headers["for"])),
        node=headers["node"],
        replaces=headers["replaces"],
        moved_from=Path(os.path.normpath(root / moved)) if moved else None,
        level=headers.get("level", "full"),
        ignore=tuple(headers.get("ignore", "").split()),
        text="".join(line for line in snapshot.text.splitlines(keepends=True) if not line.startswith(_MARK)),
    )
    places = [found.target, *([found.moved_from] if found.moved_from else [])]
    return found if all(_is_snapshot(place, root) for place in places) else None


def _is_snapshot(path: Path, root: Path) -> bool:
    return path.suffix == SUFFIX and path.parent.parent.name == FOLDER and is_inside(path, root)
