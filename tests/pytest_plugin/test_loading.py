"""What it costs to have the plugin installed: a few modules, and nothing of the core before a test uses the fixture."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.pytest_plugin.projects import Project

pytest_plugins = ["pytester"]

HEAVY = {"keras", "tensorflow", "numpy", "rich", "h5py", "jax", "torch"}
# What the plugin itself may load of the standard library besides what pytest has loaded.
LIGHT = {"pytest_keras_ascii", "pytest_keras_ascii.failures", "pytest_keras_ascii.plugin", "pytest_keras_ascii.run"}
_PROBE = """
import json, sys
def pytest_unconfigure():
    with open("modules.json", "w") as stream:
        json.dump(sorted(sys.modules), stream)
"""


def modules_of(project: Project, *arguments: str, plugin: bool = True) -> set[str]:
    """The modules that are loaded at the end of a run in a fresh process, with this plugin alone or with none."""
    project.write("conftest.py", _PROBE)
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_PLUGINS"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    chosen = ("-p", "pytest_keras_ascii.plugin") if plugin else ()
    command = [sys.executable, "-m", "pytest", "-q", *chosen, *arguments]
    done = subprocess.run(command, cwd=project.path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 5), done.stdout + done.stderr
    return set(json.loads((project.path / "modules.json").read_text()))


def core(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "keras_ascii_tools"}


def test_a_run_without_the_fixture_loads_the_plugin_and_nothing_else(project: Project) -> None:
    project.write("test_plain.py", "def test_plain():\n    pass\n")
    without = modules_of(project, plugin=False)
    loaded = modules_of(project) - without
    assert loaded == LIGHT
    assert core(loaded) == set()
    assert not loaded & HEAVY


@pytest.mark.parametrize("arguments", [("--collect-only",), ("--help",), ("-p", "no:cacheprovider"), ("-W", "error")])
def test_nor_does_any_other_way_to_run(project: Project, arguments: tuple[str, ...]) -> None:
    project.write("test_plain.py", "def test_plain():\n    pass\n")
    assert core(modules_of(project, *arguments)) == set()


def test_collecting_tests_that_use_the_fixture_loads_nothing(project: Project) -> None:
    project.write("test_use.py", "def test_use(keras_ascii_snapshot):\n    pass\n")
    assert core(modules_of(project, "--collect-only")) == set()
    assert core(modules_of(project, "-k", "nothing")) == set()


def test_using_the_fixture_is_seen(project: Project) -> None:
    """That the checks above can fail."""
    project.write("test_use.py", "def test_use(keras_ascii_snapshot):\n    pass\n")
    modules = modules_of(project)
    assert "keras_ascii_tools.snapshots" in modules
    assert "pytest_keras_ascii.fixture" in modules


@pytest.mark.parametrize("module", ["sqlite3", "keras_ascii_tools", "json.tool"])
def test_an_import_in_the_plugin_would_be_seen(project: Project, module: str) -> None:
    """That the checks above can fail, too: a plugin beside it that loads more."""
    project.write("eager.py", f"import {module}\n")
    project.write("test_plain.py", "def test_plain():\n    pass\n")
    assert module in modules_of(project, "-p", "eager") - modules_of(project)


@pytest.mark.parametrize(
    "arguments",
    [
        ("-W", "error"),
        ("--strict-markers", "--strict-config"),
        ("-p", "no:cacheprovider"),
        ("-p", "no:terminal"),
        ("-p", "no:assertion"),
        ("--assert=plain",),
        ("-p", "no:doctest"),
        ("-p", "no:junitxml"),
        ("-s",),
        ("--import-mode=importlib",),
    ],
)
def test_it_works_however_pytest_is_set_up(project: Project, arguments: tuple[str, ...]) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    project.tests(
        "def test_encoder(keras_ascii_snapshot):\n"
        "    assert mlp(8, 4) == keras_ascii_snapshot\n    assert mlp(8) == keras_ascii_snapshot(name='new')"
    )
    result = project.run_apart(*arguments)
    assert result.ret == 1, result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str()
    assert len(project.pending()) == ("no:cacheprovider" not in arguments)


def test_it_can_be_turned_off(project: Project) -> None:
    project.simple()
    # Its name is that of the entry point, or of the module where plugins are not loaded by themselves.
    result = project.run_apart("-p", "no:keras_ascii", "-p", "no:pytest_keras_ascii.plugin")
    assert "fixture 'keras_ascii_snapshot' not found" in result.stdout.str()


def test_it_can_be_loaded_by_name_where_plugins_are_not_loaded_by_themselves(project: Project) -> None:
    project.simple()
    project.monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.monkeypatch.delenv("PYTEST_PLUGINS", raising=False)
    result = project.run_apart("-p", "pytest_keras_ascii.plugin", "--keras-ascii-update")
    assert result.ret == 0, result.stdout.str()
