"""Stale snapshots: said only where a run has shown it, deleted only when asked."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.projects import FOLDER, Project

pytest_plugins = ["pytester"]

ONE = "def test_one(keras_ascii_snapshot):\n    assert mlp(1) == keras_ascii_snapshot\n"
TWO = "def test_two(keras_ascii_snapshot):\n    assert mlp(2) == keras_ascii_snapshot\n"
THREE = "def test_three(keras_ascii_snapshot):\n    assert mlp(3) == keras_ascii_snapshot\n"


@pytest.fixture
def recorded(project: Project) -> Project:
    """A project with three snapshots."""
    project.tests(ONE + TWO + THREE)
    project.passed("--keras-ascii-update")
    assert len(project.snapshots()) == 3
    return project


def stale(text: str) -> list[str]:
    """The names of the files that a run has called stale."""
    lines = [line.split() for line in text.splitlines() if line.startswith("  stale: ")]
    return sorted(words[1].rpartition("/")[2].removesuffix(".txt") for words in lines)


def test_a_full_run_that_claims_all_has_none(recorded: Project) -> None:
    assert stale(recorded.passed()) == []


def test_a_deleted_test(recorded: Project) -> None:
    recorded.tests(ONE + TWO)
    text = recorded.passed()
    assert stale(text) == ["test_three"]
    assert "its test no longer exists" in text
    assert "--keras-ascii-prune" in text


def test_a_renamed_test_offers_its_file(recorded: Project) -> None:
    recorded.tests(ONE + TWO + THREE.replace("test_three", "test_3"))
    text = recorded.failed()
    assert stale(text) == ["test_three"]
    assert f"the same as the missing {FOLDER}/test_models/test_3.txt: was the test renamed?" in text
    assert f"move it: keras-ascii accept {FOLDER}/test_models/test_3.txt" in text
    (kept,) = recorded.pending()
    assert f"# pending-moved-from: {FOLDER}/test_models/test_three.txt\n" in kept.read_text()


def test_a_renamed_test_with_another_model_offers_nothing(recorded: Project) -> None:
    recorded.tests(ONE + TWO + THREE.replace("test_three", "test_3").replace("mlp(3)", "mlp(4)"))
    assert "was the test renamed" not in recorded.failed()


def test_a_moved_module_offers_its_files(recorded: Project) -> None:
    (recorded.path / "test_models.py").rename(recorded.path / "test_moved.py")
    text = recorded.failed()
    assert stale(text) == ["test_one", "test_three", "test_two"]
    assert text.count("was the test renamed?") == 3
    assert "its module no longer exists" in text


def test_a_removed_parameter(project: Project) -> None:
    body = (
        "@pytest.mark.parametrize('size', {sizes})\n"
        "def test_size(keras_ascii_snapshot, size):\n    assert mlp(size) == keras_ascii_snapshot"
    )
    project.tests(body.format(sizes="[1, 2, 3]"))
    project.passed("--keras-ascii-update")
    project.tests(body.format(sizes="[1, 3]"))
    assert stale(project.passed()) == ["test_size[2]"]


def test_a_snapshot_that_its_test_no_longer_uses(project: Project) -> None:
    body = "def test_one(keras_ascii_snapshot):\n    assert mlp(1) == keras_ascii_snapshot(name='{name}')\n"
    project.tests(body.format(name="old"))
    project.passed("--keras-ascii-update")
    project.tests(body.format(name="new"))
    text = project.passed("--keras-ascii-update")
    assert stale(text) == ["test_one.old"]
    assert "its test passed and did not use it" in text


def test_a_deleted_module_is_seen_where_pytest_looked_for_modules(project: Project) -> None:
    project.simple(name="tests/test_gone.py")
    project.simple(name="tests/test_models.py")
    project.simple(name="other/test_others.py")
    project.passed("--keras-ascii-update")
    (project.path / "tests" / "test_gone.py").unlink()
    assert stale(project.passed()) == ["test_encoder"]
    assert stale(project.passed("tests")) == ["test_encoder"]
    assert stale(project.passed("tests/test_models.py")) == []
    assert stale(project.passed("other")) == []


BODIES = {
    "skipped": "@pytest.mark.skip\ndef test_three(keras_ascii_snapshot):\n    assert mlp(3) == keras_ascii_snapshot",
    "skipped inside": "def test_three(keras_ascii_snapshot):\n    pytest.skip('not today')",
    "expected to fail": "@pytest.mark.xfail\ndef test_three(keras_ascii_snapshot):\n    assert 0",
    "expected to fail, passed": "@pytest.mark.xfail\ndef test_three(keras_ascii_snapshot):\n    pass",
    "failed before": "def test_three(keras_ascii_snapshot):\n    assert 0\n    assert mlp(3) == keras_ascii_snapshot",
    "error in a fixture": "@pytest.fixture\ndef broken():\n    raise OSError('disk')\n"
    "def test_three(broken, keras_ascii_snapshot):\n    assert mlp(3) == keras_ascii_snapshot",
    "error afterwards": "@pytest.fixture\ndef broken():\n    yield\n    raise OSError('disk')\n"
    "def test_three(broken, keras_ascii_snapshot):\n    pass",
    "module skipped": "pytest.skip('no GPU', allow_module_level=True)",
}


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("option", ["--keras-ascii-ci", "--keras-ascii-update"])
def test_a_test_that_did_not_pass_keeps_its_snapshot(recorded: Project, what: str, option: str) -> None:
    before = recorded.snapshots()
    recorded.tests(ONE + TWO + BODIES[what])
    result = recorded.run(option, "--keras-ascii-prune")
    assert stale(result.stdout.str()) == []
    assert recorded.snapshots() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "one or two"),
        ("-k", "not two"),
        ("-m", "not slow"),
        ("test_models.py::test_one",),
        ("test_models.py::test_one", "test_models.py::test_two"),
        ("--deselect", "test_models.py::test_two"),
        ("--collect-only",),
        ("--setup-only",),
        ("--ignore", "test_models.py"),
        ("test_other.py",),
        ("-x",),
        ("--maxfail=1",),
        ("--lf",),
        ("--sw",),
    ],
)
def test_a_run_that_is_not_complete_says_nothing(recorded: Project, arguments: tuple[str, ...]) -> None:
    """Whatever is left out, `test_three` is gone, and would be stale in a full run."""
    recorded.ini("markers = slow")
    recorded.tests(ONE.replace("mlp(1)", "mlp(9)") + "@pytest.mark.slow\n" + TWO)
    recorded.tests("def test_other(): pass", "test_other.py")
    assert recorded.run("--keras-ascii-ci").ret == 1  # for --lf and --sw
    before = recorded.snapshots()
    result = recorded.run(*arguments, "--keras-ascii-ci", "--keras-ascii-prune")
    assert stale(result.stdout.str()) == []
    assert recorded.snapshots() == before


@pytest.mark.parametrize(
    "arguments",
    [("--ff",), ("--nf",), ("-k", "test"), ("-m", "keras_ascii"), (".",), ("--lf", "-p", "no:cacheprovider")][:5],
)
def test_a_run_that_leaves_nothing_out_is_complete(recorded: Project, arguments: tuple[str, ...]) -> None:
    recorded.tests(ONE + TWO)
    assert stale(recorded.passed(*arguments)) == ["test_three"]


def test_a_module_that_cannot_be_collected_is_no_full_run(recorded: Project) -> None:
    recorded.tests(ONE + TWO)
    recorded.write("test_broken.py", "import nothing_of_this_name")
    for arguments in ((), ("--continue-on-collection-errors",)):
        assert stale(recorded.run("-v", *arguments).stdout.str()) == []


def test_an_interrupted_run_says_nothing(recorded: Project) -> None:
    recorded.tests(ONE + TWO + "def test_stop():\n    raise KeyboardInterrupt\n")
    result = recorded.run_apart()
    assert result.ret == 2
    assert stale(result.stdout.str()) == []


def test_a_conftest_that_drops_tests_in_silence_makes_nothing_stale(recorded: Project) -> None:
    recorded.write("conftest.py", "def pytest_collection_modifyitems(items):\n    items[:] = items[:1]\n")
    assert stale(recorded.passed()) == []


@pytest.mark.parametrize(
    ("setting", "option", "code"),
    [
        ("auto", "--no-keras-ascii-ci", 0),
        ("auto", "--keras-ascii-ci", 1),
        ("warn", "--keras-ascii-ci", 0),
        ("fail", "--no-keras-ascii-ci", 1),
        ("ignore", "--keras-ascii-ci", 0),
    ],
)
def test_the_setting_says_what_stale_ones_do(recorded: Project, setting: str, option: str, code: int) -> None:
    recorded.ini(f"keras_ascii_stale = {setting}")
    recorded.tests(ONE + TWO)
    result = recorded.run(option)
    text = result.stdout.str()
    assert result.ret == code
    assert stale(text) == ([] if setting == "ignore" else ["test_three"])
    assert ("= keras-ascii =" in text) == bool(code)


def test_that_all_tests_are_gone_is_seen_too(recorded: Project) -> None:
    recorded.tests("def test_other(): pass")
    assert stale(recorded.failed("--keras-ascii-ci")) == ["test_one", "test_three", "test_two"]
    recorded.tests("")
    text = recorded.run("--keras-ascii-ci")
    assert text.ret == 1


def test_nothing_is_pruned_after_a_failure(recorded: Project) -> None:
    recorded.tests(ONE + TWO + "def test_bad(): assert 0")
    before = recorded.snapshots()
    assert "nothing was pruned, for there were failures" in recorded.failed("--keras-ascii-prune")
    assert recorded.snapshots() == before


def test_pruning_an_incomplete_run_is_refused_aloud(recorded: Project) -> None:
    recorded.tests(ONE + TWO)
    before = recorded.snapshots()
    text = recorded.failed("--keras-ascii-prune", "-k", "one")
    assert "nothing was pruned, for the run was not complete: tests were deselected" in text
    assert recorded.snapshots() == before


def test_pruning_leaves_foreign_files_and_their_folders(recorded: Project) -> None:
    foreign = {
        f"{FOLDER}/test_models/notes.txt": "# notes",
        f"{FOLDER}/test_models/drawing.txt": "# keras-ascii 1\n# model: (Functional)\n",
        f"{FOLDER}/README.md": "read me",
        f"{FOLDER}/test_models/deep/x.txt": "# keras-ascii 1\n# test: test_models.py::test_gone\n",
    }
    for name, text in foreign.items():
        recorded.write(name, text)
    recorded.tests("def test_other(): pass")
    text = recorded.passed("--keras-ascii-prune")
    assert recorded.snapshots() == foreign
    assert "3 deleted" in text


def test_pruning_removes_folders_that_are_empty_then(recorded: Project) -> None:
    recorded.tests("def test_other(): pass")
    recorded.passed("--keras-ascii-prune")
    assert not (recorded.path / FOLDER).exists()


def test_nothing_is_ever_deleted_without_the_option(recorded: Project) -> None:
    before = recorded.snapshots()
    recorded.tests("def test_other(): pass")
    for arguments in ((), ("--keras-ascii-update",), ("--keras-ascii-update-new",), ("--keras-ascii-ci",)):
        recorded.run(*arguments)
    assert recorded.snapshots() == before


def test_a_header_that_leads_elsewhere_makes_nothing_stale(recorded: Project) -> None:
    for number, test in enumerate(("../test_models.py::test_gone", "test_models.py", "::", "a/../b.py::test_x")):
        recorded.write(f"{FOLDER}/test_models/x{number}.txt", f"# keras-ascii 1\n# test: {test}\n# model: (Model)\n")
    assert stale(recorded.passed()) == []
