"""Names and files: odd ids, classes, several snapshots of a test, two tests that would have one file."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.projects import FOLDER, Project

pytest_plugins = ["pytester"]


ODD = ["a/b", "ab", "a:b", "a|b", "A", "a", "x" * 300, "x" * 301, "\u5c42", "\U0001f9e0", "a\nb", "a\0b", "CON", "nul"]
ODD += ["end.", "end ", "../../x", "::error::x", "%s", "$(x)", "[", "]", "-", "a::b", "\\", "'\"", "a].b", "-0123abcd"]


def test_any_parameter_has_a_file_of_its_own(project: Project) -> None:
    project.tests(
        f"ODD = {ODD!r}\n"
        "@pytest.mark.parametrize('odd', ODD)\n"
        "def test_odd(keras_ascii_snapshot, odd):\n"
        "    assert mlp(ODD.index(odd) + 1) == keras_ascii_snapshot"
    )
    assert f"{len(ODD)} written" in project.passed("--keras-ascii-update")
    names = [path.rpartition("/")[2] for path in project.snapshots()]
    assert len({name.casefold() for name in names}) == len(ODD)
    assert max(len(name.encode()) for name in names) <= 120
    assert f"{len(ODD)} matched" in project.passed()
    folders = {path.name for path in project.path.iterdir() if path.is_dir()}
    assert folders - {".pytest_cache", "__pycache__"} == {FOLDER}


def test_same_names_in_classes_modules_and_folders_are_different_tests(project: Project) -> None:
    body = (
        "class TestOuter:\n"
        "    class TestInner:\n"
        "        def test_net(self, keras_ascii_snapshot):\n"
        "            assert mlp({inner}) == keras_ascii_snapshot\n"
        "    def test_net(self, keras_ascii_snapshot):\n"
        "        assert mlp({outer}) == keras_ascii_snapshot\n"
        "def test_net(keras_ascii_snapshot):\n"
        "    assert mlp({plain}) == keras_ascii_snapshot"
    )
    project.ini("addopts = --import-mode=importlib")
    project.tests(body.format(inner=1, outer=2, plain=3), "a/test_net.py")
    project.tests(body.format(inner=4, outer=5, plain=6), "b/test_net.py")
    project.tests(body.format(inner=7, outer=8, plain=9), "b/test_other.py")
    project.passed("--keras-ascii-update")
    assert list(project.snapshots()) == [
        f"{folder}/{FOLDER}/{module}/{test}.txt"
        for folder, module in (("a", "test_net"), ("b", "test_net"), ("b", "test_other"))
        for test in ("TestOuter.TestInner.test_net", "TestOuter.test_net", "test_net")
    ]
    assert "9 matched" in project.passed()


@pytest.mark.parametrize("where", ["", "tests", "tests/unit"])
def test_it_does_not_matter_where_pytest_is_started(project: Project, where: str) -> None:
    project.simple(name="tests/unit/test_models.py")
    project.passed("--keras-ascii-update")
    before = project.snapshots()
    (project.path / "pytest.ini").unlink()
    project.monkeypatch.chdir(project.path / where)
    assert "1 matched" in project.passed("--keras-ascii-update")
    assert project.snapshots() == before


def test_a_name_that_is_given_twice_is_an_error_that_names_both_places(project: Project) -> None:
    project.tests(
        "def test_both(keras_ascii_snapshot):\n"
        '    assert mlp(1) == keras_ascii_snapshot(name="encoder")\n'
        '    assert mlp(2) == keras_ascii_snapshot(name="encoder")'
    )
    text = project.failed("--keras-ascii-update")
    assert "two snapshots have the name 'encoder' in this test" in text
    assert "first     test_models.py:5" in text
    assert "again     test_models.py:6" in text
    assert "mlp" in project.snapshots()[f"{FOLDER}/test_models/test_both.encoder.txt"]


CASE = """
class {name}:
    def test_net(self, keras_ascii_snapshot):
        assert mlp({units}) == keras_ascii_snapshot
"""


def test_two_tests_that_would_have_one_file_are_an_error_that_names_both(project: Project) -> None:
    project.tests(CASE.format(name="TestAB", units=1) + CASE.format(name="TestAb", units=1))
    text = project.failed("--keras-ascii-update")
    assert "two tests have the same snapshot file" in text
    assert "first     test_models.py::TestAB::test_net" in text
    assert "and       test_models.py::TestAb::test_net" in text


def test_so_they_are_in_two_processes(project: Project) -> None:
    project.tests(CASE.format(name="TestAB", units=1) + CASE.format(name="TestAb", units=1))
    result = project.run_apart("--keras-ascii-update", "-n", "2", "--dist", "load", "-p", "no:randomly")
    text = result.stdout.str()
    assert result.ret == 1, text
    assert "two tests have the same snapshot file" in text
    assert "TestAB::test_net" in text
    assert "TestAb::test_net" in text


def test_the_file_of_another_test_is_not_taken_where_case_does_not_count(project: Project) -> None:
    project.tests(CASE.format(name="TestAB", units=1))
    project.passed("--keras-ascii-update")
    folder = project.path / FOLDER / "test_models"
    # What such a file system finds for the other test.
    (folder / "TestAb.test_net.txt").write_text((folder / "TestAB.test_net.txt").read_text())
    project.tests(CASE.format(name="TestAB", units=1) + CASE.format(name="TestAb", units=1))
    assert "two tests have the same snapshot file" in project.failed("--deselect", "test_models.py::TestAB")


@pytest.mark.parametrize("name", ["../../x", "/tmp/x", "a\\b", "..", ""])
def test_names_that_are_paths_are_refused(project: Project, name: str) -> None:
    project.tests(f"def test_net(keras_ascii_snapshot):\n    assert mlp(1) == keras_ascii_snapshot(name={name!r})")
    before = set(project.files())
    assert "name: expected a plain name" in project.failed("--keras-ascii-update", "-p", "no:cacheprovider")
    assert set(project.files()) == before


def test_unittest_style_tests(project: Project) -> None:
    project.tests(
        "import unittest\n"
        "class Mixin:\n"
        "    @pytest.fixture(autouse=True)\n"
        "    def _snapshot(self, keras_ascii_snapshot):\n"
        "        self.snapshot = keras_ascii_snapshot\n"
        "class NetTest(Mixin, unittest.TestCase):\n"
        "    def test_net(self):\n"
        "        self.assertEqual(mlp(1), self.snapshot)\n"
        "    def test_other(self):\n"
        "        assert mlp(2) == self.snapshot"
    )
    project.passed("--keras-ascii-update")
    assert list(project.snapshots()) == [f"{FOLDER}/test_models/NetTest.test_{name}.txt" for name in ("net", "other")]
    assert "2 passed" in project.passed("-m", "keras_ascii")


def test_doctest_items(project: Project) -> None:
    project.write(
        "test_docs.py",
        'def build():\n    """Build.\n\n    >>> from models import mlp\n'
        "    >>> mlp(3) == getfixture('keras_ascii_snapshot')\n    True\n" + '    """\n',
    )
    project.write(
        "test_text.txt", ">>> from models import mlp\n>>> mlp(3) == getfixture('keras_ascii_snapshot')\nTrue\n"
    )
    project.passed("--doctest-modules", "--keras-ascii-update")
    assert len(project.snapshots()) == 2
    assert "2 matched" in project.passed("--doctest-modules")


def test_subtests_are_numbered_or_named(project: Project) -> None:
    if pytest.version_tuple < (9, 0):
        project.tests("def test_none(): pass")
        project.passed()
        return
    project.tests(
        "def test_sizes(keras_ascii_snapshot, subtests):\n"
        "    for units in (1, 2):\n"
        "        with subtests.test(units=units):\n"
        "            assert mlp(units) == keras_ascii_snapshot\n"
        "        with subtests.test(units=units, named=True):\n"
        '            assert mlp(units) == keras_ascii_snapshot(name=f"size_{units}")'
    )
    project.passed("--keras-ascii-update")
    folder = f"{FOLDER}/test_models/test_sizes"
    assert set(project.snapshots()) == {f"{folder}{end}.txt" for end in ("", ".2", ".size_1", ".size_2")}
    project.write("models.py", (project.path / "models.py").read_text().replace('"relu"', '"gelu"'))
    text = project.failed()
    assert "4 changed" in text


def test_snapshots_are_never_collected_as_tests(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    path = project.path / FOLDER / "test_models" / "test_encoder.txt"
    project.write(f"{FOLDER}/test_models/test_x.txt", ">>> 1 / 0\n1\n")
    project.write(f"{FOLDER}/test_models/test_y.py", "def test_y(): assert False\n")
    assert "1 passed" in project.passed("--doctest-modules", "--doctest-glob=*.txt")
    assert path.exists()
