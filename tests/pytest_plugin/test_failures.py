"""What a failure says: to read in a terminal, in a log, in a report."""

from __future__ import annotations

import re

import pytest

from tests.pytest_plugin.projects import FOLDER, Project

pytest_plugins = ["pytester"]

PATH = f"{FOLDER}/test_models/test_encoder.txt"


def change(project: Project, after: str, before: str = "mlp(8, 4)") -> None:
    project.simple(before)
    project.passed("--keras-ascii-update")
    project.simple(after)


def message(text: str) -> list[str]:
    """The lines of the failure as pytest shows them, without its margin."""
    lines = [line[1:] for line in text.splitlines() if line.startswith("E ")]
    margin = len(lines[0]) - len(lines[0].lstrip())
    return [line[margin:] for line in lines]


def test_it_says_what_changed_then_where_and_what_to_type(project: Project) -> None:
    change(project, "mlp(8, 5)")
    lines = message(project.failed())
    assert lines[0].startswith("pytest_keras_ascii.ArchitectureChanged: 1 changed, params 68 -> 77 (+9, +13.2%)")
    assert any("units 4 -> 5" in line for line in lines)
    assert any("old weights fail to load" in line for line in lines)
    assert lines[-3:] == [
        f"snapshot  {PATH}",
        f"accept    keras-ascii accept {PATH}",
        'or        pytest "test_models.py::test_encoder" --keras-ascii-update',
    ]


def test_the_commands_that_it_says_do_what_it_says(project: Project) -> None:
    import shlex

    change(project, "mlp(8, 5)")
    lines = message(project.failed())
    arguments = shlex.split(lines[-1].removeprefix("or        pytest "))
    assert "1 updated" in project.passed(*arguments)
    assert "1 matched" in project.passed()


def test_counts_come_first_in_the_short_summary(project: Project) -> None:
    change(project, "mlp(8, 4, 4)")
    assert "FAILED test_models.py::test_encoder - 2 added, params" in project.failed()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("mlp(8, 4, trainable=False)", "(training only)"),
        ("mlp(8, 4, labels=['head'])", "(names only)"),
        ("mlp(8, 5)", " - BREAKING"),
    ],
)
def test_the_verdict_says_what_kind_of_change_it_is(project: Project, after: str, expected: str) -> None:
    change(project, after)
    assert message(project.failed())[0].endswith(expected)


@pytest.mark.parametrize("columns", ["40", "80", "200"])
@pytest.mark.parametrize("arguments", [(), ("-q",), ("--tb=short",), ("--color=yes",)])
def test_the_message_is_the_same_and_complete_whatever_the_terminal(
    project: Project, columns: str, arguments: tuple[str, ...]
) -> None:
    change(project, "mlp(9, 9, 9, 9, 9, 9, 9, 9, 9, 9)")
    project.monkeypatch.setenv("COLUMNS", "80")
    expected = message(project.failed())
    assert len(expected) > 20  # more than the eight lines of pytest's own explanations
    project.monkeypatch.setenv("COLUMNS", columns)
    text = re.sub(r"\x1b\[[0-9;]*m", "", project.failed(*arguments))
    assert message(text) == expected


def test_there_is_no_colour_in_a_file(project: Project) -> None:
    change(project, "mlp(8, 5)")
    assert "\x1b" not in project.failed()
    assert "\x1b" not in project.pending()[0].read_text()


def test_long_ones_are_cut_with_a_count(project: Project) -> None:
    change(project, f"mlp({', '.join('1' for _ in range(100))})", f"mlp({', '.join('2' for _ in range(100))})")
    lines = message(project.failed())
    assert len(lines) < 80
    (cut,) = [line for line in lines if "more lines" in line]
    assert re.fullmatch(r"\.\.\. \d+ more lines; -vv shows all", cut)
    more, most = message(project.failed("-v")), message(project.failed("-vv"))
    assert len(lines) < len(more) < len(most)
    assert not any("more lines" in line for line in most)
    assert "The snapshot:" in most
    assert sum("units=1 " in line for line in most) == sum("units=2 " in line for line in most) == 100


def test_what_the_diff_has_no_word_for_is_said_all_the_same(project: Project) -> None:
    change(project, "replace(mlp(8, 4), kind='Sequential')")
    path = project.path / "test_models.py"
    path.write_text(f"from dataclasses import replace\n{path.read_text()}")
    lines = message(project.failed())
    assert lines[0].endswith("changed: kind: 'Functional' != 'Sequential'")
    assert "-# model: mlp (Functional)" in lines
    assert "+# model: mlp (Sequential)" in lines


def test_a_thousand_layers_are_compared(project: Project) -> None:
    units = ["2"] * 500
    change(project, f"mlp({', '.join([*units[:250], '3', *units[250:]])})", f"mlp({', '.join(units)})")
    lines = message(project.failed())
    assert "2 added, params" in lines[0]
    assert len(lines) < 40


@pytest.mark.parametrize(("setting", "shown"), [("5", 5), ("0", 101)])
def test_a_setting_says_how_many_lines(project: Project, setting: str, shown: int) -> None:
    project.ini(f"keras_ascii_max_lines = {setting}")
    project.simple(f"mlp({', '.join('1' for _ in range(50))})")
    lines = message(project.failed())
    start = lines.index("The model is:") + 2
    drawing = lines[start : lines.index("", start + 9) if setting == "0" else start + 6]
    assert len([line for line in drawing if "more lines" not in line]) >= min(shown, 100)
    assert any("more lines" in line for line in lines) == (setting != "0")


def test_consequences_are_apart_from_causes(project: Project) -> None:
    change(project, "mlp(9, 4)")
    text = project.failed()
    assert "units 8 -> 9" in text
    assert "consequences (shapes, dtypes or weights that follow from the changes) not shown; -v shows all" in text
    assert "shape 8 -> 9 (from C1)" in project.failed("-v")


def test_the_fixture_is_short_where_pytest_shows_it(project: Project) -> None:
    project.tests(
        "def test_encoder(keras_ascii_snapshot):\n"
        "    print(repr(keras_ascii_snapshot), repr(keras_ascii_snapshot(name='x' * 300)))\n"
        "    assert 0"
    )
    text = project.failed("-l")
    assert "<keras_ascii_snapshot>" in text
    assert max(len(line) for line in text.splitlines() if "keras_ascii_snapshot" in line) < 140


def test_none_of_our_code_is_in_the_traceback(project: Project) -> None:
    change(project, "mlp(8, 5)")
    text = project.failed()
    assert "pytest_keras_ascii/" not in text
    assert ">       assert mlp(8, 5) == keras_ascii_snapshot" in text or "> " in text
    assert "test_models.py:5: ArchitectureChanged" in text


@pytest.mark.parametrize("comparison", ["mlp(8) == keras_ascii_snapshot", "keras_ascii_snapshot == mlp(8)"])
def test_either_side_will_do(project: Project, comparison: str) -> None:
    project.tests(f"def test_encoder(keras_ascii_snapshot):\n    assert {comparison}")
    project.passed("--keras-ascii-update")
    project.tests("def test_encoder(keras_ascii_snapshot):\n    assert mlp(8) == keras_ascii_snapshot")
    project.passed()
    project.tests(f"def test_encoder(keras_ascii_snapshot):\n    assert {comparison.replace('8', '9')}")
    assert "ArchitectureChanged" in project.failed()


@pytest.mark.parametrize(
    "model",
    [
        "(lambda: mlp(8))",
        "functools.partial(mlp, 8)",
        "build",
        "Nets().build",
        "Nets.make",
        "'models_8.json'",
        "pathlib.Path('models_8.json')",
        "'drawing.txt'",
        "'models:build_8'",
    ],
)
def test_what_makes_a_model_is_called_and_what_holds_one_is_read(project: Project, model: str) -> None:
    start = (
        "import functools, pathlib\nimport keras_ascii_tools as kat\n"
        "def build():\n    return mlp(8)\n"
        "class Nets:\n    def build(self):\n        return mlp(8)\n"
        "    @staticmethod\n    def make():\n        return mlp(8)\n"
        "pathlib.Path('models_8.json').write_text(kat.draw(mlp(8)).to('json'))\n"
        "pathlib.Path('drawing.txt').write_text(str(kat.draw(mlp(8), profile='snapshot')))\n"
    )
    with (project.path / "models.py").open("a") as stream:
        stream.write("\ndef build_8():\n    return mlp(8)\n")
    project.tests(f"{start}def test_encoder(keras_ascii_snapshot):\n    assert mlp(8) == keras_ascii_snapshot")
    project.passed("--keras-ascii-update")
    project.tests(f"{start}def test_encoder(keras_ascii_snapshot):\n    assert {model} == keras_ascii_snapshot")
    project.passed()


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("mlp(1) != keras_ascii_snapshot", "keras_ascii_snapshot is for =="),
        ("keras_ascii_snapshot != mlp(1)", "keras_ascii_snapshot is for =="),
        (
            "3 == keras_ascii_snapshot",
            "compared with a model: expected a Keras model, a path or a graph, got builtins.int",
        ),
        ("None == keras_ascii_snapshot", "got builtins.NoneType"),
        ("keras_ascii_snapshot == keras_ascii_snapshot", "not with a snapshot"),
        ("(lambda depth: mlp(1)) == keras_ascii_snapshot", "is called without arguments: missing a required argument"),
        ("keras_ascii_snapshot(nmae='x') == mlp(1)", "unexpected keyword argument 'nmae'"),
        ("keras_ascii_snapshot(level='shape') == mlp(1)", "level: expected one of full, arch, shapes, got 'shape'"),
        ("keras_ascii_snapshot(ignore=['name']) == mlp(1)", "did you mean 'names'"),
        ("keras_ascii_snapshot(names='all') == mlp(1)", "names: expected 'given' or 'keep', got 'all'"),
        ("{keras_ascii_snapshot}", "unhashable type"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_a_clear_error(project: Project, expression: str, said: str) -> None:
    project.tests(f"def test_encoder(keras_ascii_snapshot):\n    assert {expression}")
    text = project.failed("--keras-ascii-update")
    assert said in text
    assert "options.py" not in text  # the test's own line, and none of the plugin's
    assert project.snapshots() == {}


def test_a_marker_that_makes_no_sense_is_a_clear_error(project: Project) -> None:
    mark = "@pytest.mark.keras_ascii(levle='arch')"
    project.tests(f"{mark}\ndef test_encoder(keras_ascii_snapshot):\n    assert mlp(1) == keras_ascii_snapshot")
    text = project.failed()
    assert "keras_ascii: there is no option 'levle'" in text
    assert "options.py" not in text


def test_a_factory_that_raises_is_the_tests_own_error(project: Project) -> None:
    project.tests(
        "def build():\n    raise OSError('no weights')\n"
        "def test_encoder(keras_ascii_snapshot):\n    assert build == keras_ascii_snapshot"
    )
    assert "OSError: no weights" in project.failed()


def test_a_file_that_is_missing_is_a_clear_failure(project: Project) -> None:
    project.simple("'models/unet.keras'")
    assert "SnapshotUnusable: models/unet.keras: No such file" in project.failed()


def test_the_exceptions_are_assertion_errors_that_can_be_imported() -> None:
    from pytest_keras_ascii import ArchitectureChanged, SnapshotMissing, SnapshotUnusable, plugin

    for kind in (ArchitectureChanged, SnapshotMissing, SnapshotUnusable):
        assert issubclass(kind, AssertionError)
        assert getattr(plugin, kind.__name__) is kind
    with pytest.raises(AttributeError):
        plugin.nothing  # noqa: B018


def test_it_can_be_expected(project: Project) -> None:
    change(project, "mlp(8, 4)")
    project.tests(
        "from pytest_keras_ascii import ArchitectureChanged\n"
        "def test_encoder(keras_ascii_snapshot):\n"
        "    with pytest.raises(ArchitectureChanged, match='1 changed'):\n"
        "        assert mlp(8, 5) == keras_ascii_snapshot"
    )
    project.passed()
