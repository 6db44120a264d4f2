"""Workers that are killed in the middle of an update: every snapshot is whole, the old one or the new one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.pytest_plugin.projects import FOLDER, Project

pytest_plugins = ["pytester"]

SNAPSHOTS = 200
BODY = (
    "@pytest.mark.parametrize('size', range({many}))\n"
    "def test_size(keras_ascii_snapshot, size):\n    assert mlp(size + {add}, 4) == keras_ascii_snapshot\n"
)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a group of processes, as POSIX has them")
def test_a_kill_leaves_each_snapshot_whole(project: Project) -> None:
    project.tests(BODY.format(many=SNAPSHOTS, add=1000))
    project.passed("--keras-ascii-update")
    new = project.snapshots()
    project.tests(BODY.format(many=SNAPSHOTS, add=1))
    project.passed("--keras-ascii-update")
    old = project.snapshots()
    assert len(old) == len(new) == SNAPSHOTS
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    project.tests(BODY.format(many=SNAPSHOTS, add=1000))
    killed = 0
    for _ in range(4):
        for path, text in old.items():
            (project.path / path).write_text(text)
        killed += _kill_when_written(project, chance.randrange(SNAPSHOTS * 3 // 4))
        found = {path: text for path, text in project.snapshots().items() if "/.keras-ascii-" not in path}
        assert found.keys() == old.keys(), seed
        for path, text in found.items():
            assert text in (old[path], new[path]), (seed, path)
    assert killed, seed
    project.passed("--keras-ascii-update")
    assert {path for path in project.snapshots() if path.endswith(".txt")} == set(old)
    assert {path: text for path, text in project.snapshots().items() if path.endswith(".txt")} == new


def _kill_when_written(project: Project, count: int) -> bool:
    """Update by two workers; kill all as soon as so many snapshots are new. Whether they were killed before the end."""
    folder = project.path / FOLDER / "test_models"
    before = {path: path.stat().st_ino for path in folder.iterdir()}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--keras-ascii-update", "-p", "no:cacheprovider"]
    process = subprocess.Popen(
        command, cwd=project.path, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        written = 0
        for path, number in before.items():
            try:
                written += path.stat().st_ino != number
            except OSError:  # of a writer that has just finished
                written += 1
        if written > count:
            break
    running = process.poll() is None
    if running:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=60)
    time.sleep(0.1)  # the workers of the group end a moment later
    return running
