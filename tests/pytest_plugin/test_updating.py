"""Writing snapshots: what each option writes, and how."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.pytest_plugin.projects import FOLDER, Project

pytest_plugins = ["pytester"]

NEW = "def test_new(keras_ascii_snapshot):\n    assert mlp(2) == keras_ascii_snapshot"
TWO = "def test_old(keras_ascii_snapshot):\n    assert mlp({units}) == keras_ascii_snapshot\n\n" + NEW
OLD_PATH, NEW_PATH = (f"{FOLDER}/test_models/{test}.txt" for test in ("test_old", "test_new"))


@pytest.fixture
def changed(project: Project) -> Project:
    """A project with a snapshot that is out of date, one that is missing, and one that is stale."""
    project.tests("def test_old(keras_ascii_snapshot):\n    assert mlp(8) == keras_ascii_snapshot")
    project.simple(name="test_gone.py")
    project.passed("--keras-ascii-update")
    (project.path / "test_gone.py").unlink()
    project.tests(TWO.format(units="8, 4"))
    return project


def test_update_writes_new_and_changed_ones_and_deletes_none(changed: Project) -> None:
    before = changed.snapshots()
    changed.passed("--keras-ascii-update")
    after = changed.snapshots()
    assert set(after) == {*before, NEW_PATH}
    assert after[OLD_PATH] != before[OLD_PATH]
    changed.passed()


def test_update_new_writes_missing_ones_only(changed: Project) -> None:
    before = changed.snapshots()
    text = changed.failed("--keras-ascii-update-new")
    after = changed.snapshots()
    assert {path: text for path, text in after.items() if path != NEW_PATH} == before
    assert "1 written" in text
    assert "1 changed" in text


def test_prune_deletes_stale_ones_and_only_that(changed: Project) -> None:
    changed.tests(TWO.format(units="8").removesuffix(NEW))
    before = changed.snapshots()
    changed.passed("--keras-ascii-prune")
    assert changed.snapshots() == {OLD_PATH: before[OLD_PATH]}


def test_a_second_update_touches_no_file(project: Project) -> None:
    project.tests(TWO.format(units="8"))
    project.passed("--keras-ascii-update")
    paths = [project.path / path for path in project.snapshots()]
    before = [(path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in paths]
    text = project.passed("--keras-ascii-update")
    assert "2 matched" in text
    assert [(path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in paths] == before


def test_an_equal_file_is_not_touched_however_it_is_written(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    path = project.path / FOLDER / "test_models" / "test_encoder.txt"
    other = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(other)
    project.passed("--keras-ascii-update")
    assert path.read_bytes() == other


def test_the_file_is_ascii_with_an_end_to_each_line_and_says_whose_it_is(project: Project) -> None:
    project.tests(
        '@pytest.mark.parametrize("size", [2])\n'
        "class TestNet:\n"
        "    def test_depth(self, keras_ascii_snapshot, size):\n"
        '        assert mlp(size, labels=["caf\\u00e9"]) == keras_ascii_snapshot(name="encoder")\n'
        "        assert mlp(size) == keras_ascii_snapshot\n"
        "        assert mlp(size) == keras_ascii_snapshot\n",
        "tests/test_models.py",
    )
    project.passed("--keras-ascii-update")
    files = project.snapshots()
    folder = f"tests/{FOLDER}/test_models/TestNet.test_depth[2]"
    assert set(files) == {f"{folder}.encoder.txt", f"{folder}.txt", f"{folder}.2.txt"}
    for text in files.values():
        assert text.isascii()
        assert text.endswith("\n")
        assert not any(line.endswith(" ") for line in text.split("\n"))
        assert text.startswith("# keras-ascii 1\n# test: test_models.py::TestNet::test_depth[2]\n")
    assert "# name: encoder\n" in files[f"{folder}.encoder.txt"]
    assert "# number: 2\n" in files[f"{folder}.2.txt"]


def test_a_file_that_was_moved_by_hand_matches_and_gets_its_owner_with_the_next_update(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    project.simple(test="test_renamed")
    folder = project.path / FOLDER / "test_models"
    (folder / "test_encoder.txt").rename(folder / "test_renamed.txt")
    assert "1 matched" in project.passed()
    assert "1 updated" in project.passed("--keras-ascii-update")
    assert "# test: test_models.py::test_renamed\n" in (folder / "test_renamed.txt").read_text()


@pytest.mark.parametrize("option", ["--keras-ascii-update", "--keras-ascii-update-new"])
def test_an_option_takes_no_path_that_follows(project: Project, option: str) -> None:
    project.simple()
    project.simple(name="test_other.py")
    project.passed(option, "test_other.py")
    assert list(project.snapshots()) == [f"{FOLDER}/test_other/test_encoder.txt"]


def test_the_mode_of_a_file_stays(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    path = project.path / FOLDER / "test_models" / "test_encoder.txt"
    path.chmod(0o640)
    project.simple("mlp(9)")
    project.passed("--keras-ascii-update")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_leftovers_of_killed_writers_are_no_snapshots_and_go_with_the_next_update(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    left = project.write(f"{FOLDER}/test_models/.keras-ascii-abc", "half a dra")
    os.utime(left, (1, 1))
    project.passed()
    assert left.exists()
    project.passed("--keras-ascii-update")
    assert not left.exists()


def test_a_disk_that_fails_is_one_clear_failure_and_leaves_the_old_file(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    before = project.snapshots()
    project.simple("mlp(9)")
    project.write(
        "conftest.py",
        "import errno, os, pytest\n"
        "@pytest.fixture(autouse=True)\n"
        "def full_disk(monkeypatch):\n"
        "    def replace(*arguments):\n"
        "        raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "    monkeypatch.setattr(os, 'replace', replace)\n",
    )
    text = project.failed("--keras-ascii-update")
    assert "No space left on device" in text
    assert project.snapshots() == before


def test_where_a_folder_should_be_is_a_file(project: Project) -> None:
    project.simple()
    project.write(FOLDER, "not a folder")
    for arguments in ((), ("--keras-ascii-update",)):
        text = project.failed(*arguments)
        assert "FAILED test_models.py::test_encoder - cannot" in text


@pytest.mark.parametrize("whole", [True, False])
def test_links_that_lead_out_of_the_tests_are_refused(
    project: Project, tmp_path_factory: pytest.TempPathFactory, whole: bool
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    project.simple()
    if whole:
        (project.path / FOLDER).symlink_to(outside, target_is_directory=True)
    else:
        (project.path / FOLDER / "test_models").mkdir(parents=True)
        (project.path / FOLDER / "test_models" / "test_encoder.txt").symlink_to(outside / "elsewhere.txt")
    assert "a link leads out of" in project.failed("--keras-ascii-update")
    assert list(outside.iterdir()) == []


def test_a_project_behind_a_link_works(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    project.simple(name="tests/test_models.py")
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(project.path, target_is_directory=True)
    project.monkeypatch.chdir(link)
    project.passed("--keras-ascii-update")
    project.passed()


def read_only(folder: Path) -> bool:
    """Make a folder read-only; root may write all the same."""
    folder.chmod(0o555)
    return not os.access(folder, os.W_OK)


def test_a_read_only_tree_is_compared_with(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    folder = project.path / FOLDER / "test_models"
    is_read_only = read_only(folder)
    try:
        project.passed("-p", "no:cacheprovider")
        project.simple("mlp(9)")
        result = project.run("--keras-ascii-update", "-p", "no:cacheprovider")
        assert "INTERNALERROR" not in result.stdout.str()
        if is_read_only:
            assert "Permission denied" in result.stdout.str()
    finally:
        folder.chmod(0o755)


def test_comparing_makes_no_folders(project: Project) -> None:
    project.simple()
    project.failed("--keras-ascii-ci")
    assert not (project.path / FOLDER).exists()
