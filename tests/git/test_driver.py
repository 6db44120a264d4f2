"""The external diff driver and the difftool: what `git diff` says after `keras-ascii git install --driver`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.git.repository import Repository, mlp


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.install("--driver")
    return made


def test_diff_says_what_changed_and_log_still_draws(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 16, 10))
    repository.commit(model_keras=mlp(16, 32, 16, 10, counter=5))
    diff = repository.git("diff", "HEAD~1")
    lines = diff.splitlines()
    assert lines[0] == "keras-ascii diff a/model.keras b/model.keras"
    assert lines[1].startswith("CHANGED: 1 added · params ")
    assert [line.split()[3:5] for line in lines if line.startswith("+")] == [["Dense", "32"]]
    assert "old weights: FAILS" in lines[1]
    log = repository.git("log", "-p", "-1")
    assert "+++ b/model.keras" in log
    assert "units=32" in log
    assert "keras-ascii diff" in repository.git("show", "--ext-diff")


def test_a_model_that_was_saved_again_is_the_same(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(16, 10, counter=40, saved="2026-02-03@04:05"))
    assert "SAME: 0 changes" in repository.git("diff")


def test_new_deleted_and_renamed_models(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10), notes_txt="one")
    shown = repository.git("diff", "--ext-diff", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "HEAD")
    assert "+ mlp (Sequential)  features 8 → 10" in shown
    repository.git("rm", "-q", "model.keras")
    assert "- mlp (Sequential)  features 8 → 10" in repository.git("diff", "--cached")
    repository.git("reset", "-q", "--hard")
    repository.git("mv", "model.keras", "sub dir é.keras")
    repository.git("commit", "-qm", "Rename")
    assert "similarity index 100%" in repository.git("show", "--ext-diff", "-M")


def test_a_renamed_model_that_changed_says_both_names(repository: Repository) -> None:
    repository.commit(model_keras=mlp(*[16] * 40, 10))
    repository.git("mv", "model.keras", "other.keras")
    repository.write("other.keras", mlp(*[16] * 40, 12))
    repository.git("add", "-A")
    diff = repository.git("diff", "--cached", "-M10%")
    assert diff.startswith("keras-ascii diff a/model.keras b/other.keras\n")
    assert "units 10 → 12" in diff


def test_an_unmerged_model_is_said_to_be_so(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.git("branch", "theirs")
    repository.commit(model_keras=mlp(24, 10))
    repository.git("checkout", "-q", "theirs")
    repository.commit(model_keras=mlp(32, 10))
    assert repository.run("git", "merge", "main").returncode == 1
    diff = repository.run("git", "diff")
    assert diff.returncode == 0
    assert "model.keras" in diff.stdout


@pytest.mark.parametrize("broken", [b"", b"junk", b"PK\x03\x04", b"\0" * 100])
def test_broken_files_are_lines_and_other_files_are_shown(repository: Repository, broken: bytes) -> None:
    repository.commit(a_keras=broken, model_keras=mlp(16, 10), z_txt="one")
    repository.write("a.keras", mlp(16, 10))
    repository.write("model.keras", broken)
    repository.write("z.txt", "two")
    diff = repository.git("diff")
    assert diff.count("# no drawing: ") == 2
    assert "# a model that can be read" in diff
    assert "+two" in diff
    assert "SAME" not in diff


def test_pointers_of_git_lfs_say_their_oid(repository: Repository) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n"
    repository.commit(model_h5=pointer.format("a" * 64))
    repository.write("model.h5", pointer.format("b" * 64))
    diff = repository.git("diff")
    assert f"-# not fetched by git-lfs: sha256:{'a' * 64}" in diff
    assert f"+# not fetched by git-lfs: sha256:{'b' * 64}" in diff


def test_git_decides_about_colour(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(32, 10))
    assert "\x1b[" not in repository.git("diff")
    assert "\x1b[" in repository.git("-c", "color.diff=always", "diff")
    assert "\x1b[" in repository.run("git", "diff", GIT_PAGER_IN_USE="true", TERM="xterm").stdout


def test_git_goes_on_where_keras_ascii_is_gone(repository: Repository) -> None:
    command = repository.git("config", "diff.keras.command").strip()
    program = command.partition(" -P ")[0]
    repository.git("config", "diff.keras.command", command.replace(program, "/nowhere/python"))
    repository.commit(model_keras=mlp(16, 10), notes_txt="one")
    repository.write("model.keras", mlp(32, 10))
    repository.write("notes.txt", "two")
    diff = repository.git("diff")
    assert "keras-ascii cannot be run: model.keras" in diff
    assert "+two" in diff


def test_the_difftool_says_what_changed(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.install()
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(32, 10))
    repository.write("new.keras", mlp(4))
    repository.git("add", "-A")
    shown = repository.git("difftool", "-y", "-t", "keras-ascii", "--cached")
    assert "model.keras\nCHANGED: 1 changed" in shown
    assert "units 16 → 32" in shown
    assert "new.keras\n+ mlp (Sequential)" in shown
