"""Which snapshots belong to no test any more. Says so only where the run has shown it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from keras_ascii_tools import KerasAsciiError
from keras_ascii_tools.snapshots import fingerprint, load, owned_files, relative
from pytest_keras_ascii.run import Collected, Results

__all__ = ["Stale", "with_moves", "without_test"]


@dataclass(frozen=True, slots=True)
class Stale:
    """A snapshot that no test claims."""

    path: Path
    node: str
    """Id of the test that the file names."""
    why: str
    is_gone: bool
    """Whether its test no longer exists; else it passed, and compared nothing with this file."""
    moved_to: str | None = None
    """Snapshot that is missing and would be equal to this one."""


def without_test(results: Results, collected: Collected) -> Iterator[Stale]:
    """Yield the stale snapshots, sorted by folder and file. The run must have been complete."""
    root = results.config.rootpath
    claimed = {os.path.normpath(root / record["path"]) for records in results.records.values() for record in records}
    passed = {node for _, node in results.passed} - {node for _, node in results.not_passed}
    for folder in sorted(collected.folders):
        beside = Path(folder).parent
        prefix = relative(beside, root)
        for path, owner in owned_files(Path(folder)):
            module, colons, test = owner.test.partition("::")
            if str(path) in claimed or not colons or module in {"", ".", ".."} or set(module) & {"/", "\\"}:
                continue
            module_id = module if prefix == "." else f"{prefix}/{module}"
            node = f"{module_id}::{test}"
            if node in collected.tests:
                if node in passed:
                    yield Stale(path, node, "its test passed and did not use it", is_gone=False)
            elif module_id in collected.modules:
                yield Stale(path, node, "its test no longer exists", is_gone=True)
            elif not (beside / module).exists() and _was_searched(beside, results.config):
                yield Stale(path, node, "its module no longer exists", is_gone=True)


def with_moves(stale: list[Stale], results: Results) -> list[Stale]:
    """Return them with the missing snapshots that would be equal: those tests were moved or renamed, it seems."""
    missing: dict[str, list[str]] = {}
    for records in results.records.values():
        for record in records:
            if record["status"] == "missing":
                missing.setdefault(record["fingerprint"], []).append(record["path"])
    return [_moved(one, missing) if one.is_gone and missing else one for one in stale]


def _moved(stale: Stale, missing: dict[str, list[str]]) -> Stale:
    try:
        stored = load(stale.path)
        same = missing.get(fingerprint(stored.graph()), []) if stored is not None else []
    except KerasAsciiError:
        return stale
    return replace(stale, moved_to=same.pop(0)) if same else stale


def _was_searched(folder: Path, config: pytest.Config) -> bool:
    """Whether pytest was told to look for tests in a folder, and not in single files of it."""
    for argument in config.args:
        place = Path(os.path.normpath(config.invocation_params.dir / argument))
        if place.is_dir() and folder.is_relative_to(place):
            return True
    return False
