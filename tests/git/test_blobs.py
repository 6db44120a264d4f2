"""Models as they are in a revision: `git:REV:PATH`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.git.repository import Repository, mlp


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.write("models/é 1.keras", mlp(16, 10))
    made.commit(model_keras=mlp(16, 10))
    made.git("tag", "first")
    made.commit(model_keras=mlp(32, 10))
    made.write("model.keras", mlp(64, 10))
    made.git("add", "-A")
    made.write("model.keras", mlp(128, 10))
    return made


@pytest.mark.parametrize(
    ("target", "units"),
    [
        ("git:HEAD:model.keras", 32),
        ("git:first:model.keras", 16),
        ("git:HEAD~1:model.keras", 16),
        ("git:HEAD:models/é 1.keras", 16),
        ("git::model.keras", 64),
        ("model.keras", 128),
    ],
)
def test_a_file_is_read_as_it_is_in_the_revision(repository: Repository, target: str, units: int) -> None:
    done = repository.tool("show", target, "--profile", "snapshot")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"units={units}" in done.stdout


def test_paths_are_from_the_top_or_from_here(repository: Repository) -> None:
    for target in ("git:HEAD:models/é 1.keras", "git:HEAD:./é 1.keras"):
        assert repository.tool("show", target, cwd="models").returncode == 0
    assert repository.tool("show", "git:HEAD:é 1.keras", cwd="models").returncode == 2


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("git:HEAD:missing.keras", "'missing.keras' does not exist in 'HEAD'"),
        ("git:nothing:model.keras", "nothing"),
        ("git:HEAD", "expected git:REV:PATH"),
        ("git:HEAD:", "expected git:REV:PATH"),
        ("git:--help:model.keras", "no revision starts with '-'"),
        ("git:HEAD:models", "git:HEAD:models"),
        ("git:HEAD:a\x1b[31mb", "a\\x1b[31mb"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(repository: Repository, target: str, said: str) -> None:
    done = repository.tool("show", target)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_outside_a_repository(repository: Repository, tmp_path: Path) -> None:
    done = repository.tool("show", "git:HEAD:model.keras", cwd=str(tmp_path))
    assert done.returncode == 2
    assert "not a git repository" in done.stderr


def test_a_file_that_is_too_large_is_refused(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras_ascii_tools.errors import SourceError
    from keras_ascii_tools.read import from_git

    monkeypatch.chdir(repository.folder)
    repository.write("large.keras", b"\0" * 3_000_000)
    repository.git("add", "large.keras")
    monkeypatch.setattr(from_git, "MAX_BYTES", 1 << 20)
    with pytest.raises(SourceError, match="more than 1 MiB"):
        from_git.read_blob("git::large.keras")
