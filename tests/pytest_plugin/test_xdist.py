"""Workers of pytest-xdist: the same files, the same verdicts, whatever they are given to do."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.projects import FOLDER, Project
from tests.pytest_plugin.test_stale import stale

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.slow

BODY = (
    "@pytest.mark.parametrize('size', range(1, {sizes}))\n"
    "def test_size(keras_ascii_snapshot, size):\n    assert mlp(size) == keras_ascii_snapshot\n"
)


@pytest.fixture
def recorded(project: Project) -> Project:
    """Two modules with six snapshots each, recorded by one process."""
    for name in ("test_a.py", "test_b.py"):
        project.tests(BODY.format(sizes=7), name)
    project.passed("--keras-ascii-update")
    return project


@pytest.mark.parametrize("dist", ["load", "loadfile", "loadgroup", "each"])
def test_every_distribution_writes_and_finds_the_same_files(project: Project, dist: str) -> None:
    for name in ("test_a.py", "test_b.py"):
        project.tests(BODY.format(sizes=4), name)
    workers = ("--dist", "each", "--tx", "2*popen") if dist == "each" else ("-n", "2", "--dist", dist)
    result = project.run_apart(*workers, "--keras-ascii-update")
    assert result.ret == 0, result.stdout.str()
    by_workers = project.snapshots()
    assert len(by_workers) == 6
    assert "6 matched" in project.passed("--keras-ascii-update")
    assert project.snapshots() == by_workers


def test_the_controller_says_once_what_the_workers_found(recorded: Project) -> None:
    recorded.tests(BODY.format(sizes=8).replace("mlp(size)", "mlp(max(size, 2))"), "test_b.py")
    result = recorded.run_apart("-n", "2", "--keras-ascii-report=report.json")
    text = result.stdout.str()
    assert result.ret == 1
    assert text.count("keras-ascii snapshots: 11 matched, 1 changed, 1 missing") == 1
    assert text.count("FAILED test_b.py::test_size[1] - 1 changed") == 1
    assert len(recorded.pending()) == 2
    assert (recorded.path / "report.json").read_text().count('"status": "matched"') == 11


def test_stale_ones_are_found_by_all_workers_together(recorded: Project) -> None:
    recorded.tests(BODY.format(sizes=6), "test_a.py")
    (recorded.path / "test_b.py").unlink()
    result = recorded.run_apart("-n", "2", "--keras-ascii-ci")
    assert result.ret == 1
    assert stale(result.stdout.str()) == sorted(f"test_size[{size}]" for size in [1, 2, 3, 4, 5, 6, 6])
    result = recorded.run_apart("-n", "2", "--keras-ascii-prune")
    assert result.ret == 0, result.stdout.str()
    assert len(recorded.snapshots()) == 5


@pytest.mark.parametrize("arguments", [("-k", "1 or 2"), ("-x",), ("test_a.py::test_size",)])
def test_an_incomplete_run_says_nothing(recorded: Project, arguments: tuple[str, ...]) -> None:
    recorded.tests(BODY.format(sizes=6).replace("mlp(size)", "mlp(size + 1)"), "test_a.py")
    (recorded.path / "test_b.py").unlink()
    result = recorded.run_apart("-n", "2", *arguments, "--keras-ascii-ci")
    assert stale(result.stdout.str()) == []


@pytest.mark.parametrize("option", ["--keras-ascii-prune", "--keras-ascii-ci"])
def test_a_lost_worker_says_nothing_is_stale(recorded: Project, option: str) -> None:
    before = recorded.snapshots()
    recorded.tests("import os\ndef test_crash():\n    os._exit(9)\n", "test_a.py")
    result = recorded.run_apart("-n", "2", option)
    text = result.stdout.str()
    assert "crashed while running" in text
    assert stale(text) == []
    assert recorded.snapshots() == before
    if option == "--keras-ascii-prune":
        assert "nothing was pruned, for the run was not complete: a worker was lost" in text


def test_in_ci_workers_write_nothing(project: Project) -> None:
    project.tests(BODY.format(sizes=4))
    project.monkeypatch.setenv("CI", "true")
    result = project.run_apart("-n", "2")
    assert result.ret == 1
    assert project.snapshots() == {}
    assert project.pending() == []
    assert FOLDER not in {path.name for path in project.path.iterdir()}
