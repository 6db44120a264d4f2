"""The command `drawings`, and the hooks for pre-commit that run it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.test_show import ROOT, run
from tests.git.repository import mlp


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.keras").write_bytes(mlp(16, 10))
    (tmp_path / "weird:name.keras").write_bytes(mlp(4))
    return tmp_path


def test_drawings_are_missing_written_right_and_old(folder: Path) -> None:
    done = run("drawings", "model.keras", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "model.keras.txt: no drawing; to write it: keras-ascii drawings --write model.keras\n"
    assert not (folder / "model.keras.txt").exists()
    assert run("drawings", "--write", "model.keras", "weird:name.keras", cwd=folder).returncode == 0
    text = (folder / "model.keras.txt").read_text()
    assert text.startswith("# keras-ascii 1\n# model: mlp (Sequential)\n")
    for named in (["model.keras"], ["model.keras.txt"], ["model.keras", "model.keras.txt", "weird:name.keras"]):
        done = run("drawings", *named, cwd=folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (folder / "model.keras").write_bytes(mlp(16, 12, counter=7))
    done = run("drawings", "model.keras", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("model.keras.txt: BREAKING: 1 changed · ")
    assert (folder / "model.keras.txt").read_text() == text


def test_a_model_that_was_saved_again_needs_no_other_drawing(folder: Path) -> None:
    run("drawings", "--write", "model.keras", cwd=folder)
    stamp = (folder / "model.keras.txt").stat().st_mtime_ns
    (folder / "model.keras").write_bytes(mlp(16, 10, counter=50, saved="2027-01-01@00:00"))
    assert run("drawings", "--write", "model.keras", cwd=folder).stdout == ""
    assert (folder / "model.keras.txt").stat().st_mtime_ns == stamp


def test_trouble_and_stale_drawings(folder: Path) -> None:
    (folder / "broken.keras").write_bytes(b"PK\x03\x04")
    (folder / "gone.keras.txt").write_text("# keras-ascii 1\n")
    (folder / "model.keras.txt").write_text("no drawing")
    done = run("drawings", "broken.keras", "gone.keras.txt", "model.keras", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("keras-ascii: broken.keras: ")
    assert done.stderr.count("\n") == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "gone.keras.txt: there is no gone.keras any more; remove its drawing"
    assert lines[1].startswith("model.keras.txt: no snapshot drawing (")


def test_the_hooks_run_on_what_they_match(folder: Path) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    entries = re.findall(r"^  entry: (.*)$", text, re.MULTILINE)
    patterns = re.findall(r"^  files: '(.*)'$", text, re.MULTILINE)
    assert entries == ["keras-ascii drawings", "keras-ascii check"]
    assert "--write" not in text
    assert [bool(re.search(patterns[0], name)) for name in ("a/m.keras", "m.keras.txt", "m.h5", "notes.txt")] == [
        1,
        1,
        1,
        0,
    ]
    for entry, status in zip(entries, (1, 0), strict=True):
        command = shlex.split(entry)[1:]
        assert run(*command, "model.keras", cwd=folder).returncode == status


def test_neither_keras_nor_tensorflow_is_imported(folder: Path) -> None:
    (folder / "keras.py").write_text("raise SystemExit('imported')")
    (folder / "tensorflow.py").write_text("raise SystemExit('imported')")
    done = run("drawings", "--write", "model.keras", cwd=folder, PYTHONPATH=f"{folder}:{ROOT}")
    assert (done.returncode, done.stderr) == (0, "")
