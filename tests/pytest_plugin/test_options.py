"""Options of a comparison: from the call, the marker and the settings; selection by the marker."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.projects import Project

pytest_plugins = ["pytester"]


def compared(project: Project, how: str, after: str, *, marker: str = "", settings: tuple[str, ...] = ()) -> bool:
    """Whether a model still matches `mlp(8)` when it is compared in some way."""
    project.ini(*settings)
    project.tests("def test_encoder(keras_ascii_snapshot):\n    assert mlp(8) == keras_ascii_snapshot")
    project.passed("--keras-ascii-update")
    project.tests(f"{marker}\ndef test_encoder(keras_ascii_snapshot):\n    assert {after} == {how}")
    return project.run().ret == 0


LEVELS = [
    ("mlp(8, trainable=False)", {"arch", "shapes"}, "trainable"),
    ("mlp(8, activation='gelu')", {"shapes"}, "Dense.activation"),
    ("mlp(8, rate=0.1)", {"shapes"}, "Dropout.rate"),
    ("mlp(8, policy='float16')", {"arch", "shapes"}, "dtype"),
    ("mlp(8, labels=['x'])", {"shapes"}, "names"),
    ("mlp(9)", set[str](), "settings"),
]


@pytest.mark.parametrize(("after", "levels", "word"), LEVELS)
@pytest.mark.parametrize("level", ["full", "arch", "shapes"])
def test_levels(project: Project, after: str, levels: set[str], word: str, level: str) -> None:
    del word
    assert compared(project, f"keras_ascii_snapshot(level={level!r})", after) == (level in levels)


@pytest.mark.parametrize(("after", "levels", "word"), LEVELS[:-1])
def test_words_to_ignore(project: Project, after: str, levels: set[str], word: str) -> None:
    del levels
    assert compared(project, f"keras_ascii_snapshot(ignore=[{word!r}])", after)
    assert not compared(project, "keras_ascii_snapshot(ignore=['Conv2D.filters'])", after)


def test_words_add_up_across_settings_marker_and_call(project: Project) -> None:
    after = "mlp(8, rate=0.1, trainable=False, labels=['x'])"
    marker = "@pytest.mark.keras_ascii(ignore=['trainable'])"
    setting = ("keras_ascii_ignore = names",)
    call = "keras_ascii_snapshot(ignore='Dropout.rate')"
    assert compared(project, call, after, marker=marker, settings=setting)
    assert not compared(project, call, after, marker=marker)
    assert not compared(project, call, after, settings=setting)
    assert not compared(project, "keras_ascii_snapshot", after, marker=marker, settings=setting)


def test_the_closest_marker_counts_and_the_call_more(project: Project) -> None:
    module = "pytestmark = pytest.mark.keras_ascii(level='shapes')"
    after = "mlp(8, rate=0.1)"
    assert compared(project, "keras_ascii_snapshot", after, marker=module)
    assert not compared(
        project, "keras_ascii_snapshot", after, marker=module + "\n@pytest.mark.keras_ascii(level='arch')"
    )
    assert not compared(project, "keras_ascii_snapshot(level='full')", after, marker=module)


def test_a_level_in_the_settings(project: Project) -> None:
    assert compared(project, "keras_ascii_snapshot", "mlp(8, rate=0.1)", settings=("keras_ascii_level = shapes",))


def test_the_failure_says_how_it_was_compared(project: Project) -> None:
    project.tests("def test_encoder(keras_ascii_snapshot):\n    assert mlp(8) == keras_ascii_snapshot")
    project.passed("--keras-ascii-update")
    project.tests(
        "def test_encoder(keras_ascii_snapshot):\n"
        "    assert mlp(9) == keras_ascii_snapshot(level='arch', ignore='names Dropout.rate')"
    )
    assert "(compared with level=arch ignore=names,Dropout.rate)" in project.failed()


def test_pyproject_has_the_settings_too(project: Project) -> None:
    (project.path / "pytest.ini").unlink()
    project.write(
        "pyproject.toml",
        '[tool.pytest.ini_options]\nkeras_ascii_level = "arch"\nkeras_ascii_ignore = ["Dropout.rate", "names"]\n',
    )
    project.simple("mlp(8)")
    project.passed("--keras-ascii-update")
    project.simple("mlp(8, rate=0.1, trainable=False, labels=['x'])")
    project.passed()


@pytest.mark.skipif(pytest.version_tuple < (9, 0), reason="[tool.pytest] is new in pytest 9")
def test_native_settings_of_pytest_9(project: Project) -> None:
    (project.path / "pytest.ini").unlink()
    project.write(
        "pyproject.toml",
        "[tool.pytest]\nstrict = true\nkeras_ascii_level = 'shapes'\nkeras_ascii_ignore = ['names']\n"
        "keras_ascii_max_lines = '20'\n",
    )
    project.simple("mlp(8)")
    project.passed("--keras-ascii-update")
    project.simple("mlp(8, rate=0.1)")
    project.passed()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("keras_ascii_level = shape", "keras_ascii_level: expected one of full, arch, shapes, got 'shape'"),
        ("keras_ascii_stale = maybe", "keras_ascii_stale: expected one of auto, ignore, warn, fail, got 'maybe'"),
        ("keras_ascii_github = on", "keras_ascii_github: expected one of auto, off, got 'on'"),
        ("keras_ascii_max_lines = many", "keras_ascii_max_lines: expected a whole number, got 'many'"),
        ("addopts = --keras-ascii-report=out.txt", "expected a file that ends in .json, .md or .html, got 'out.txt'"),
    ],
)
def test_settings_that_cannot_be_are_refused_at_once(project: Project, setting: str, said: str) -> None:
    project.ini(setting)
    project.simple()
    result = project.run_apart()
    assert result.ret == 4
    assert said in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_the_marker_selects_tests_that_use_the_fixture(project: Project) -> None:
    project.ini("addopts = --strict-markers --strict-config")
    project.tests(
        "@pytest.fixture\ndef helper(keras_ascii_snapshot):\n    return keras_ascii_snapshot\n"
        "def test_one(keras_ascii_snapshot):\n    assert mlp(1) == keras_ascii_snapshot\n"
        "def test_two(helper):\n    assert mlp(2) == helper\n"
        "def test_other():\n    pass"
    )
    assert "2 passed, 1 deselected" in project.passed("-m", "keras_ascii", "--keras-ascii-update")
    assert "1 passed, 2 deselected" in project.passed("-m", "not keras_ascii")
    assert "keras_ascii(level=..., ignore=...): added to tests" in project.passed("--markers")


def test_the_fixture_explains_itself(project: Project) -> None:
    assert "assert build_model() == keras_ascii_snapshot" in project.run("--fixtures", "-q").stdout.str()


def test_options_are_those_of_the_core() -> None:
    """They are written out in the plugin, so that it loads nothing."""
    from pytest_keras_ascii import plugin

    from keras_ascii_tools.options import DIFF_CHOICES
    from keras_ascii_tools.snapshots import FOLDER
    from keras_ascii_tools.snapshots import LEVELS as OF_SNAPSHOTS

    assert plugin.LEVELS == OF_SNAPSHOTS == DIFF_CHOICES["level"]
    assert plugin.FOLDER == FOLDER


def test_budgets_are_plain_python_and_hold_under_update_too(project: Project) -> None:
    project.tests(
        "import keras_ascii_tools as kat\n"
        "def test_encoder(keras_ascii_snapshot):\n"
        "    model = mlp(8, 4)\n"
        "    assert model == keras_ascii_snapshot\n"
        "    assert kat.read(model).params <= 68\n"
    )
    project.passed("--keras-ascii-update")
    project.tests(
        (project.path / "test_models.py").read_text().partition("mlp\n\n")[2].replace("mlp(8, 4)", "mlp(8, 5)")
    )
    assert "assert 77 <= 68" in project.failed("--keras-ascii-update")


def test_names_that_keras_makes_up_count_when_told_to() -> None:
    """`names="keep"` needs a live model: see the tests with Keras."""
    from pytest_keras_ascii.options import Options

    assert Options("full", ()).with_given("x", names="keep").keep_names
    assert not Options("full", ()).with_given("x", names="given").keep_names


def test_help_lists_the_options(project: Project) -> None:
    text = project.passed("--help")
    for option in ("update", "update-new", "prune", "ci", "report"):
        assert f"--keras-ascii-{option}" in text
    assert "--no-keras-ascii-ci" in text
