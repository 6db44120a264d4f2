"""The command on live models, as a person runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_show import ROOT, run

pytestmark = [pytest.mark.keras, pytest.mark.slow]

MODULE = """
import sys
import keras
from keras import layers

print("this goes to standard error")

def build(units=3, *, depth=1):
    print("so does this")
    model = keras.Sequential([keras.Input((4,))])
    for _ in range(depth):
        model.add(layers.Dense(units))
    return model

model = build(2)

class Late(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)

    def call(self, x):
        return self.dense(x)

def raising():
    raise ValueError("two\\nlines")

def leaving():
    sys.exit(7)

def nothing():
    return None

class Namespace:
    @staticmethod
    def build():
        return model
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "mymodels.py").write_text(MODULE)
    (folder / "helper.py").write_text("width = 5\n")
    (folder / "uses_helper.py").write_text(
        "import helper, keras\nmodel = keras.Sequential([keras.Input((helper.width,)), keras.layers.Dense(1)])\n"
    )
    return folder


def test_models_and_factories_are_drawn(folder: Path) -> None:
    done = run(
        "show", "mymodels:model", "mymodels:build", "mymodels.py:Namespace.build", "uses_helper.py:model", cwd=folder
    )
    assert done.returncode == 0, done.stderr
    assert "this goes" not in done.stdout
    assert done.stdout.count("(Sequential)  4 → 2") == 2
    assert done.stdout.count("(Sequential)  4 → 3") == 1
    assert done.stdout.count("(Sequential)  5 → 1") == 1


def test_a_factory_gets_arguments(folder: Path) -> None:
    done = run("show", "mymodels:build", "--call", "(7, depth=2)", cwd=folder)
    assert done.stdout.count("Dense  7") == 2


def test_a_class_is_called_and_its_model_is_drawn_as_far_as_it_is_known(folder: Path) -> None:
    done = run("show", "mymodels:Late", "--call", "(3)", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "not built: call model.build(input_shape)" in done.stdout
    shaped = run("show", "mymodels:Late", "--call", "(3)", "--input-shape", "(None, 4)", cwd=folder)
    assert "15 weights (60 B)" in shaped.stdout


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("mymodels:Late", "mymodels:Late: missing a required argument: 'units'; it takes (units)"),
        ("mymodels:raising", "mymodels:raising raised ValueError: two lines"),
        ("mymodels:leaving", "mymodels:leaving raised SystemExit: 7"),
        ("mymodels:nothing", "mymodels:nothing: expected a Keras model, a path or a graph, got builtins.NoneType"),
        ("mymodels:bild", "module mymodels has no 'bild'; did you mean 'build'?"),
        ("mymodels:Namespace.bild", "type has no 'bild'; did you mean 'build'?"),
    ],
)
def test_a_mistake_gets_one_line(folder: Path, target: str, said: str) -> None:
    done = run("show", target, cwd=folder)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert said in done.stderr.splitlines()[-1]


def test_a_file_of_the_repository_is_drawn() -> None:
    done = run("show", "examples/models.py:unet", "--fuse", cwd=ROOT)
    assert done.stdout == run("show", "examples/unet.json", "--fuse", cwd=ROOT).stdout
