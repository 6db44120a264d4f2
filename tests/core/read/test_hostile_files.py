"""Files that are broken or made to do harm, through the real command: one line, status 2, little time and memory."""

from __future__ import annotations

import os
import resource
import signal
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


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(10 * SECONDS)  # for one that only waits


def show(path: Path, folder: Path) -> tuple[int, str, str, int]:
    """Run the command; return its status, what it wrote to both streams, and its memory at the peak in KiB."""
    with open(folder / "out", "w+b") as out, open(folder / "err", "w+b") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "keras_ascii_tools", "show", "--no-pager", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "100"},
            preexec_fn=_limits,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return process.returncode, out.read().decode(), err.read().decode(), usage.ru_maxrss


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
