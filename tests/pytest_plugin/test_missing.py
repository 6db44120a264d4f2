"""Snapshots that do not exist yet: on a developer's machine, and in CI."""

from __future__ import annotations

import re
import shlex

import pytest

from keras_ascii_tools.cli import main
from tests.pytest_plugin.projects import CI_VARIABLES, Project

pytest_plugins = ["pytester"]

PATH = "__keras_ascii__/test_models/test_encoder.txt"


def test_a_missing_snapshot_fails_shows_the_drawing_and_is_kept_pending(project: Project) -> None:
    project.simple()
    text = project.failed()
    assert "no snapshot yet: mlp (Functional), 5 layers, 68 weights" in text
    assert "Dense" in text
    assert "Dropout" in text
    assert f"keras-ascii accept {PATH}" in text
    assert 'pytest "test_models.py::test_encoder" --keras-ascii-update-new' in text
    assert project.snapshots() == {}
    (kept,) = project.pending()
    assert f"# pending-for: {PATH}" in kept.read_text()


def test_the_short_summary_has_the_verdict(project: Project) -> None:
    project.simple()
    assert "FAILED test_models.py::test_encoder - no snapshot yet: mlp" in project.failed()


@pytest.mark.parametrize(
    ("variable", "value"), [("CI", "true"), ("CI", "1"), ("TF_BUILD", "True"), ("GITHUB_ACTIONS", "true")]
)
def test_in_ci_nothing_is_written_anywhere(project: Project, variable: str, value: str) -> None:
    project.simple()
    project.monkeypatch.setenv(variable, value)
    before = project.files()
    text = project.failed("-p", "no:cacheprovider")
    assert "on your machine" in text
    assert project.files() == before
    project.failed()
    assert project.snapshots() == {}
    assert project.pending() == []


@pytest.mark.parametrize("value", ["false", "0", "", "False", "no", "off"])
def test_a_ci_variable_that_says_no_is_no_ci(project: Project, value: str) -> None:
    project.simple()
    project.monkeypatch.setenv("CI", value)
    project.failed()
    assert len(project.pending()) == 1


def test_ci_false_counts_more_than_what_services_set(project: Project) -> None:
    project.simple()
    project.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    project.monkeypatch.setenv("CI", "false")
    project.failed()
    assert len(project.pending()) == 1


@pytest.mark.parametrize(("option", "kept"), [("--keras-ascii-ci", 0), ("--no-keras-ascii-ci", 1)])
def test_an_option_decides_whether_this_is_ci(project: Project, option: str, kept: int) -> None:
    project.simple()
    project.monkeypatch.setenv("CI", "true" if kept else "")
    project.failed(option)
    assert len(project.pending()) == kept


def test_an_explicit_update_writes_in_ci_and_says_so(project: Project) -> None:
    project.simple()
    project.monkeypatch.setenv("CI", "true")
    assert "this is CI, and snapshots are written all the same" in project.passed("--keras-ascii-update")
    assert list(project.snapshots()) == [PATH]


def test_without_a_cache_nothing_is_kept_and_the_message_names_the_option_only(project: Project) -> None:
    project.simple()
    text = project.failed("-p", "no:cacheprovider")
    assert "keras-ascii accept" not in text
    assert "--keras-ascii-update-new" in text


def test_what_is_pending_is_dropped_once_the_snapshot_is_there(project: Project) -> None:
    project.simple()
    project.failed()
    project.passed("--keras-ascii-update")
    assert project.pending() == []


def test_what_is_pending_is_dropped_once_the_model_is_as_before(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    project.simple("mlp(8, 5)")
    project.failed()
    assert len(project.pending()) == 1
    project.simple()
    project.passed()
    assert project.pending() == []


def test_what_is_pending_is_dropped_once_its_test_is_gone(project: Project) -> None:
    project.simple()
    project.failed()
    project.tests("def test_other(): pass")
    project.write("__keras_ascii__/README", "so that the folder is seen")
    project.passed()
    assert project.pending() == []


def test_a_cache_elsewhere_is_named_in_the_command(project: Project) -> None:
    project.ini("cache_dir = build/cache")
    project.simple()
    text = project.failed()
    assert f"keras-ascii accept {PATH} --cache build/cache" in text
    assert "keras-ascii review --cache build/cache" in text


def test_the_commands_can_be_typed_where_pytest_was_started(project: Project) -> None:
    project.simple(name="tests/unit/test_models.py")
    project.monkeypatch.chdir(project.path / "tests")
    text = project.failed()
    assert "keras-ascii accept unit/__keras_ascii__/test_models/test_encoder.txt" in text
    assert 'pytest "unit/test_models.py::test_encoder"' in text


def test_every_variable_of_ci_is_cleared_for_these_tests() -> None:
    from pytest_keras_ascii import settings

    assert {"CI", *settings._OTHER_CI} <= set(CI_VARIABLES)


def test_the_commands_work_where_pytest_was_started_outside_of_the_project(project: Project) -> None:
    project.ini()
    project.simple(name="inner/test_models.py")
    project.write("inner/pytest.ini", "[pytest]")
    text = project.failed("--rootdir=inner", "-c", "inner/pytest.ini", "inner")
    (command,) = re.findall(r"accept +keras-ascii (accept .*)", text)
    assert "keras-ascii review --cache inner/.pytest_cache" in text
    assert main(shlex.split(command)) == 0
    assert list(project.snapshots()) == [f"inner/{PATH}"]
