"""Projects with tests of their own, whose models are graphs: they need no Keras and are compared as models are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import pytest_keras_ascii.finish
import pytest_keras_ascii.fixture
import pytest_keras_ascii.github
import pytest_keras_ascii.report
import pytest_keras_ascii.reporting
import pytest_keras_ascii.summary  # noqa: F401

import keras_ascii_tools as kat

__all__ = ["CI_VARIABLES", "FOLDER", "Project"]

FOLDER = "__keras_ascii__"
CI_VARIABLES = (
    "CI",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_WORKSPACE",
    "TF_BUILD",
    "GITLAB_CI",
    "BUILDKITE",
    "JENKINS_URL",
    "TEAMCITY_VERSION",
    "BUILD_NUMBER",
)
_OF_THIS_RUN = ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER")
_MODELS = '''
from keras_ascii_tools import Layer, ModelGraph, Node, TensorRef, TensorSpec


def mlp(*units, name="mlp", activation="relu", rate=0.5, trainable=True, policy="float32", labels=()):
    """An input of 3, a Dense and a Dropout for each number of units."""
    nodes = [Node(layer=Layer(id=0, kind="InputLayer"), outputs=(TensorSpec((None, 3), policy),))]
    width = 3
    for index, count in enumerate(units):
        label = labels[index] if index < len(labels) else None
        params = (width + 1) * count
        dense = Layer(
            id=2 * index + 1, kind="Dense", module="keras.layers", name=label, named=label is not None,
            settings=(("units", count), ("activation", activation)), trainable=trainable, dtype_policy=policy,
            params=params, trainable_params=params if trainable else 0,
        )
        drop = Layer(id=2 * index + 2, kind="Dropout", module="keras.layers", settings=(("rate", rate),),
                     trainable=trainable, dtype_policy=policy)
        for layer in (dense, drop):
            spec = TensorSpec((None, count), policy)
            nodes.append(Node(layer=layer, inputs=(TensorRef(len(nodes) - 1),), outputs=(spec,)))
        width = count
    return ModelGraph(
        name=name, named=name is not None, nodes=tuple(nodes), inputs=(TensorRef(0),),
        outputs=(TensorRef(len(nodes) - 1),), layers=tuple(node.layer for node in nodes),
    )
'''


def _load_all() -> None:
    """Runs in this process drop the modules that they have loaded. Those that are there before stay, and save time."""
    names: dict[str, Any] = {}
    exec(_MODELS, names)
    one, two = names["mlp"](1), names["mlp"](2)
    assert kat.read_drawing(str(kat.draw(one, profile="snapshot"))) == one
    assert str(kat.diff(one, two))


_load_all()


class Project:
    """A folder with tests, and runs of pytest there."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester = pytester
        self.monkeypatch = monkeypatch
        self.path = pytester.path
        for name in (*CI_VARIABLES, *_OF_THIS_RUN):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(self.path), os.environ.get("PYTHONPATH", "")]))
        self.write("models.py", _MODELS)
        self.ini()
        pytester.syspathinsert()

    def ini(self, *lines: str) -> None:
        """Write the settings; warnings are errors in every project."""
        self.write("pytest.ini", "\n".join(["[pytest]", "filterwarnings = error", *lines]))

    def write(self, name: str, text: str) -> Path:
        """Write a file, and the folders it needs."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def tests(self, body: str, name: str = "test_models.py") -> Path:
        """Write a test module, which has `mlp` and `pytest`."""
        return self.write(name, f"import pytest\nfrom models import mlp\n\n{body}\n")

    def simple(self, model: str = "mlp(8, 4)", name: str = "test_models.py", test: str = "test_encoder") -> None:
        """Write a module with one test of one model."""
        self.tests(f"def {test}(keras_ascii_snapshot):\n    assert {model} == keras_ascii_snapshot", name)

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in this process."""
        return self.pytester.runpytest_inprocess(*arguments)

    def run_apart(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in a process of its own."""
        return self.pytester.runpytest_subprocess(*arguments, timeout=120)

    def passed(self, *arguments: str) -> str:
        """Run tests that must pass; return what was printed."""
        result = self.run(*arguments)
        assert result.ret == 0, result.stdout.str()
        return result.stdout.str()

    def failed(self, *arguments: str) -> str:
        """Run tests of which some must fail; return what was printed."""
        result = self.run(*arguments)
        text = result.stdout.str()
        assert result.ret == 1, text
        assert "INTERNALERROR" not in text
        return text

    def snapshots(self) -> dict[str, str]:
        """All files in snapshot folders: path -> text."""
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes().decode("utf-8")
            for path in sorted(self.path.rglob(f"{FOLDER}/**/*"))
            if path.is_file()
        }

    def pending(self) -> list[Path]:
        """Files that wait for a decision."""
        return sorted(self.path.glob(".pytest_cache/d/keras_ascii/*"))

    def files(self) -> dict[str, bytes]:
        """Every file but caches of bytecode."""
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
