"""Files that are broken or made to do harm, through the real command: one line, status 2, little time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.cli import main
from tests.core.read.hostile_files import HOSTILE, write_hdf5
from tests.core.read.said import archives, unpacked

ROOT = Path(__file__).parents[3]
MEMORY = 256 << 10
"""KiB that a process may have at its peak."""
SECONDS = 60
"""Of the processor; a process that takes more is killed."""


LAUNCHER = """
import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]),) * 2)
signal.alarm(10 * int(sys.argv[1]))  # for one that only waits
process = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[2:]], os.environ)
_, status, usage = os.wait4(process, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=open("ended", "w"))
"""
"""Starts a process from a small one: what a process has at its peak counts from before it became another program."""


def show(path: Path, folder: Path) -> tuple[int, str, str, int]:
    """Run the command; return its status, what it wrote to both streams, and its memory at the peak in KiB."""
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, str(SECONDS), "-m", "keras_ascii_tools", "show", "--no-pager", str(path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "100"},
        check=True,
    )
    status, memory = (folder / "ended").read_text().split()
    return int(status), done.stdout, done.stderr, int(memory)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_it_gets_one_line_or_a_drawing_and_takes_little(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    HOSTILE[name].write(path)
    status, out, err, memory = show(path, tmp_path)
    assert memory < MEMORY
    said = HOSTILE[name].said
    if said is None:
        assert (status, err) == (0, "")
        assert "top_secret" not in out
        assert all(sign.isprintable() or sign == "\n" for sign in out)
    else:
        assert (status, out) == (2, "")
        assert said in err
        assert err.startswith(f"keras-ascii: {path}: ")
        assert err.count("\n") == 1
        assert len(err) < 1_000


def truncated(data: bytes) -> Iterator[bytes]:
    return (data[: len(data) * percent // 100] for percent in range(100))


@pytest.mark.parametrize("name", ["nested.keras", "recurrent.keras", "nested.h5", "chain.h5"])
def test_a_file_that_was_cut_off_is_refused_wherever_that_was(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unpacked(next(path for path in archives() if "2.15" in path.name or "3.3" in path.name), tmp_path)
    data = (tmp_path / name).read_bytes()
    path = tmp_path / "cut"
    for part in truncated(data):
        path.write_bytes(part)
        assert main(["show", str(path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.keras"
    write_hdf5(path)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(kat.SourceError, match=r"model\.keras: Permission denied$"):
        kat.read(path)


def test_a_path_that_is_none() -> None:
    with pytest.raises(kat.SourceError, match="null"):
        kat.read("a\0b")


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.keras"
    write_hdf5(path)

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "pread", fail)
    with pytest.raises(kat.SourceError, match=r"model\.keras: Input/output error$"):
        kat.read(path)
