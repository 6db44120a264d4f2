"""One model against one snapshot file: what is read, kept, written, and raised. Loads the core."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from keras_ascii_tools import KerasAsciiError, ModelGraph, SourceError
from keras_ascii_tools.snapshots import (
    PendingStore,
    Snapshot,
    SnapshotId,
    agree,
    compose,
    fingerprint,
    load,
    project,
    snapshot_path,
    write,
)
from pytest_keras_ascii import message
from pytest_keras_ascii.failures import ArchitectureChanged, SnapshotMissing, SnapshotUnusable
from pytest_keras_ascii.options import Options
from pytest_keras_ascii.run import COLLECTED, Record
from pytest_keras_ascii.settings import Settings, cache_folder

__all__ = ["Comparison"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One model against one snapshot file."""

    config: pytest.Config
    settings: Settings
    node: str
    """Id of the test."""
    test_file: Path
    which: SnapshotId
    path: Path
    """The snapshot file."""
    graph: ModelGraph
    options: Options
    record: Record
    """Filled in with what came of it."""

    def run(self) -> None:
        """Compare; raise for what differs; write what is to be written."""
        __tracebackhide__ = True
        stored = load(self.path)
        if stored is None:
            self._missing()
            return
        self._check_owner(stored)
        expected = self._expected(stored)
        if expected is not None and self._equal(expected):
            if self.settings.update == "all" and stored.owner != self.which:
                self._write("updated", "the header names the test again")
            else:
                self.record["status"] = "matched"
                self._forget()
            return
        if self.settings.update == "all":
            self._write("updated", "replaced")
            return
        assert_expected = expected if expected is not None else self._damaged(stored)
        self._changed(stored, assert_expected)

    def _equal(self, expected: ModelGraph) -> bool:
        level, ignore = self.options.level, self.options.ignore
        before, after = project(expected, level, ignore), project(self.graph, level, ignore)
        return before == after or agree(before, after)

    def _expected(self, stored: Snapshot) -> ModelGraph | None:
        try:
            return stored.graph()
        except SourceError:
            return None

    def _check_owner(self, stored: Snapshot) -> None:
        """Where case does not count, a file can be the one of another test."""
        owner = stored.owner
        if owner is None or owner == self.which or snapshot_path(self.test_file, owner) == self.path:
            return
        other = f"{self.node.partition('::')[0]}::{owner.test.partition('::')[2]}"
        same = str(snapshot_path(self.test_file, owner)).casefold() == str(self.path).casefold()
        if same and other in self.config.stash[COLLECTED].tests:
            raise SnapshotUnusable(message.two_tests(self.path, other, self.node))

    def _damaged(self, stored: Snapshot) -> NoReturn:
        try:
            stored.graph()
        except SourceError as error:
            raise SnapshotUnusable(message.damaged(self, stored, str(error))) from None
        raise SnapshotUnusable(f"{self.path}: cannot be read")

    def _missing(self) -> None:
        __tracebackhide__ = True
        if self.settings.update != "none":
            self._write("written", "new")
            return
        self.record.update(status="missing", fingerprint=fingerprint(self.graph), drawing=self._text())
        raise SnapshotMissing(message.missing(self, kept=self._keep(None)))

    def _changed(self, stored: Snapshot, expected: ModelGraph) -> None:
        __tracebackhide__ = True
        self.record.update(status="changed", drawing=self._text())
        raise ArchitectureChanged(message.changed(self, expected, kept=self._keep(stored)))

    def _text(self) -> str:
        return compose(self.graph, self.which)

    def _write(self, status: str, verdict: str) -> None:
        write(self.path, self._text(), inside=self.test_file.parent)
        self.record.update(status=status, verdict=verdict)
        self._forget()

    def _keep(self, stored: Snapshot | None) -> bool:
        """Keep what the snapshot would be; tell whether that worked. In CI nothing is written."""
        cache = getattr(self.config, "cache", None)
        if self.settings.ci or cache is None:
            return False
        try:
            store = PendingStore(cache.mkdir("keras_ascii"), self.config.rootpath)
            store.keep(
                self.path,
                self._text(),
                node=self.node,
                replaces=None if stored is None else stored.digest,
                level=self.options.level,
                ignore=self.options.ignore,
            )
        except (KerasAsciiError, OSError):
            return False
        return True

    def _forget(self) -> None:
        """Drop what waits for this snapshot: it is right now."""
        config = self.config
        if self.settings.ci or getattr(config, "cache", None) is None:
            return
        PendingStore.of_cache(cache_folder(config), config.rootpath).forget(self.path)
