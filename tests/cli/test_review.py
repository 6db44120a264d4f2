"""`keras-ascii review`, `accept`, `reject` and `pending`, run as a person runs them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_ascii_tools import read, read_drawing
from keras_ascii_tools.snapshots import FOLDER, PendingStore, SnapshotId, compose, load, write
from tests.cli.test_show import ROOT, run

UNET, SIAMESE = (read(ROOT / "examples" / f"{name}.json") for name in ("unet", "siamese"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one snapshot that is pending as new, and one as changed."""
    store = PendingStore.of_cache(tmp_path / ".pytest_cache", tmp_path)
    new, changed = (target(tmp_path, name) for name in ("new", "changed"))
    owner = SnapshotId("test_models.py::test_changed")
    write(changed, compose(UNET, owner), inside=tmp_path)
    stored = load(changed)
    assert stored is not None
    store.keep(new, compose(SIAMESE, SnapshotId("test_models.py::test_new[a b]")), node=node("new[a b]"), replaces=None)
    other = read_drawing(compose(UNET, owner).replace("filters=64", "filters=32"))
    store.keep(changed, compose(other, owner), node=node("changed"), replaces=stored.digest)
    return tmp_path


def target(project: Path, name: str) -> Path:
    return project / "tests" / FOLDER / "test_models" / f"test_{name}.txt"


def node(name: str) -> str:
    return f"tests/test_models.py::test_{name}"


def waiting(project: Path) -> list[str]:
    done = run("pending", "--json", cwd=project)
    document = json.loads(done.stdout)
    assert (document["schema"], document["version"]) == ("keras-ascii/pending", "1.0")
    return [entry["test"] for entry in document["snapshots"]]


def test_pending_lists_them(project: Path) -> None:
    done = run("pending", cwd=project / "tests")
    assert done.returncode == 0
    assert done.stdout == (
        f"changed  tests/{FOLDER}/test_models/test_changed.txt   (tests/test_models.py::test_changed)\n"
        f"new      tests/{FOLDER}/test_models/test_new.txt   (tests/test_models.py::test_new[a b])\n"
    )
    assert waiting(project) == [node("changed"), node("new[a b]")]


def test_nothing_pending(tmp_path: Path) -> None:
    assert run("pending", cwd=tmp_path).stdout == "no snapshot is pending\n"
    assert run("review", cwd=tmp_path).stdout == "no snapshot is pending\n"
    assert run("accept", "--all", cwd=tmp_path).returncode == 0
    assert json.loads(run("pending", "--format", "json", cwd=tmp_path).stdout)["snapshots"] == []


@pytest.mark.parametrize(
    ("targets", "left"),
    [
        (["--all"], []),
        (["tests"], []),
        (["."], []),
        (["tests/test_models.py"], []),
        ([f"tests/{FOLDER}/test_models/test_new.txt"], [node("changed")]),
        ([node("new[a b]")], [node("changed")]),
        ([node("new")], [node("changed")]),
        ([node("changed"), f"tests/{FOLDER}/test_models/test_new.txt"], []),
    ],
)
@pytest.mark.parametrize("verb", ["accept", "reject"])
def test_targets_are_files_folders_and_tests(project: Path, targets: list[str], left: list[str], verb: str) -> None:
    done = run(verb, *targets, cwd=project)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2 - len(left)
    assert waiting(project) == left
    assert target(project, "new").exists() == (verb == "accept")


def test_paths_are_those_of_the_working_folder(project: Path) -> None:
    assert run("accept", f"{FOLDER}/test_models/test_new.txt", cwd=project / "tests").returncode == 0
    assert run("accept", "test_models.py::test_changed", cwd=project / "tests").returncode == 0


def test_accepting_writes_what_the_test_drew(project: Path) -> None:
    done = run("accept", "--all", "--json", cwd=project)
    assert json.loads(done.stdout)["schema"] == "keras-ascii/accepted"
    assert read(target(project, "new")) == SIAMESE
    assert read(target(project, "changed")) != UNET


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["accept"], "say what to accept: a snapshot file, a test, or --all; keras-ascii pending lists all 2"),
        (["reject"], "say what to reject"),
        (["accept", "nothing.txt"], "nothing.txt: no snapshot waits for this"),
        (["accept", "tests/test_models.py::test_neww"], "no snapshot waits for this"),
        (["pending", "--cache", "nowhere"], "--cache: nowhere: no such folder"),
        (["pending", "--format", "xml"], "invalid choice: 'xml'"),
    ],
)
def test_what_cannot_be_is_one_line(project: Path, arguments: list[str], said: str) -> None:
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(waiting(project)) == 2


def test_a_target_that_is_wrong_leaves_the_others(project: Path) -> None:
    assert run("accept", node("new"), "nothing", cwd=project).returncode == 2
    assert len(waiting(project)) == 2


def test_one_that_cannot_be_accepted_does_not_stop_the_others(project: Path) -> None:
    target(project, "changed").write_text("meanwhile")
    done = run("accept", "--all", cwd=project)
    assert done.returncode == 2
    assert "changed since the test has seen it" in done.stderr
    assert waiting(project) == [node("changed")]
    assert target(project, "changed").read_text() == "meanwhile"


def test_another_cache_folder(project: Path) -> None:
    (project / ".pytest_cache").rename(project / "elsewhere")
    assert run("pending", cwd=project).stdout == "no snapshot is pending\n"
    assert run("accept", "--all", "--cache", "elsewhere", cwd=project).returncode == 0
    assert read(target(project, "new")) == SIAMESE


def test_review_never_asks_without_a_terminal(project: Path) -> None:
    done = run("review", cwd=project, stdin=b"A\nA\nA\n")
    assert done.returncode == 2
    assert "keras-ascii accept TARGET (or --all), keras-ascii reject TARGET (or --all)" in done.stderr
    assert node("changed") in done.stdout
    assert len(waiting(project)) == 2
    assert len(json.loads(run("review", "--json", cwd=project).stdout)["snapshots"]) == 2


def reviewed(project: Path, answers: str, **variables: str) -> tuple[int, str]:
    """Review at a terminal: its exit status, and what it showed."""
    pty = pytest.importorskip("pty", reason="a terminal to talk to needs a POSIX system")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "COLUMNS": "120", **variables}
    command = [sys.executable, "-m", "keras_ascii_tools", "review"]
    process = subprocess.Popen(command, cwd=project, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    waiting_for = list(answers)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([ours], [], [], 0.2)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            part = os.read(ours, 65536)
        except OSError:  # closed at the other end
            break
        if not part:
            break
        shown += part
        if waiting_for and shown.endswith(b"that are left: "):
            os.write(ours, waiting_for.pop(0).encode() + b"\n")
    code = process.wait(timeout=60)
    os.close(ours)
    return code, shown.decode()


@pytest.mark.parametrize(
    ("answers", "new", "left"),
    [
        ("aa", True, []),
        ("A", True, []),
        ("R", False, []),
        ("ra", True, []),
        ("sa", True, [node("changed")]),
        ("sr", False, [node("changed")]),
        ("q", False, [node("changed"), node("new[a b]")]),
        ("xds\x04", False, [node("changed"), node("new[a b]")]),
    ],
)
def test_review_asks_for_each(project: Path, answers: str, new: bool, left: list[str]) -> None:
    code, shown = reviewed(project, answers)
    assert code == 0, shown
    assert target(project, "new").exists() == new
    assert waiting(project) == left
    assert "1 of 2: changed" in shown
    assert "filters 64 → 32" in shown


def test_review_shows_what_the_terminal_can(project: Path) -> None:
    code, shown = reviewed(project, "ss", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert code == 0
    assert "filters 64 -> 32" in shown
    assert shown.isascii()


def test_review_shows_the_drawing_of_a_new_one(project: Path) -> None:
    _, shown = reviewed(project, "sq")
    assert "2 of 2: new" in shown
    assert "siamese (Functional)" in shown


def test_what_a_pending_file_says_cannot_steer_the_terminal(project: Path) -> None:
    store = PendingStore.of_cache(project / ".pytest_cache", project)
    text = compose(UNET, SnapshotId("test_models.py::test_x"))
    store.keep(target(project, "x"), text, node="a.py::\x1b[2Jtest", replaces=None)
    done = run("pending", cwd=project)
    assert "\x1b" not in done.stdout
    assert "\\x1b[2Jtest" in done.stdout
