"""Documentation of real Keras models: made in a process of its own, once, with TensorFlow."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.sphinx_ext.projects import Project
from tests.sphinx_ext.test_examples import ROOT

pytestmark = [pytest.mark.keras, pytest.mark.slow]

MODELS = """
import os
import sys
from pathlib import Path

if "sphinx" not in sys.modules:
    with open(Path(__file__).with_name("imported.txt"), "a") as log:
        log.write("once\\n")

import keras
from keras import layers

from heavy.parts import block

def net(units=4):
    image = keras.Input((8,), name="image")
    return keras.Model(image, block(units)(image), name="net")

class Sub(keras.Model):
    "Made of layers that nobody has called."

    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(3, name="hidden")
        self.out = layers.Dense(2)

    def call(self, x):
        return self.out(self.hidden(x))

at_import = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
"""

PAGE = """
Net of :keras-ascii:`heavy.models:net|params` weights
-----------------------------------------------------

.. keras-ascii:: heavy.models:net
   :names: all

.. keras-ascii:: heavy.models:Sub
   :input-shape: (None, 5)

.. keras-ascii:: heavy.models:at_import
   :names: all

.. keras-ascii-diff:: heavy.models:net heavy.models:net(units=6)

.. keras-ascii::

   import keras
   model = keras.Sequential([keras.Input((7,)), keras.layers.Dense(5)])

.. autofunction:: heavy.models.net
"""


@pytest.fixture
def heavy(project: Project) -> Project:
    project.write("heavy/__init__.py", "")
    project.write("heavy/models.py", MODELS)
    project.write(
        "heavy/parts.py",
        """
        def block(units):
            from keras import layers
            return layers.Dense(units)
        """,
    )
    project.conf("extensions += ['sphinx.ext.autodoc']\nautodoc_mock_imports = ['keras']")
    project.page(PAGE)
    for number in range(6):
        project.page(f".. keras-ascii:: heavy.models:net(units={number + 10})\n   :names: all\n", f"page{number}")
    project.edit("docs/index.rst", "Title\n=====\n", "Title\n=====\n\n.. toctree::\n   :glob:\n\n   page*\n")
    return project


def processes(project: Project) -> int:
    return len((project.folder / "heavy/imported.txt").read_text().splitlines())


def test_keras_is_imported_once_and_then_not_at_all(heavy: Project) -> None:
    first = heavy.build("text", parallel=2)
    assert first.warnings == []
    assert processes(heavy) == 1
    text = first.text("index.txt")
    assert "Net of 36 weights" in text
    assert "Dense  3" in text  # of the subclass, traced
    assert "CHANGED" in text or "BREAKING" in text
    # Names that Keras counts up begin anew for each model, whatever was made before.
    assert all("dense  " in first.text(f"page{number}.txt") for number in range(6))
    assert "dense_1" not in "".join(first.text(f"page{number}.txt") for number in range(6))
    unchanged = heavy.build("text")
    assert unchanged.warnings == []
    assert processes(heavy) == 1
    # A file that is imported late, inside a function.
    heavy.edit("heavy/parts.py", "layers.Dense(units)", "layers.Dense(units, use_bias=False)")
    edited = heavy.build("text")
    assert edited.warnings == []
    assert "Net of 32 weights" in edited.text("index.txt")
    assert "no bias" in edited.text("page3.txt")
    assert processes(heavy) == 2


def test_a_saved_model_is_read_without_keras(project: Project) -> None:
    import keras

    model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Conv2D(4, 3), keras.layers.Flatten()], name="saved"
    )
    model.save(project.docs / "saved.keras")
    project.page(".. keras-ascii:: saved.keras\n\n:keras-ascii:`saved.keras|params`\n")
    built = project.build("text", keras_ascii_mode="static")
    assert built.warnings == []
    assert "Conv2D  4 3×3" in built.text("index.txt")
    assert built.text("index.txt").rstrip().endswith("40")


def test_the_committed_cache_of_the_examples_is_what_keras_makes_today(tmp_path: Path) -> None:
    from sphinx.testing.util import SphinxTestApp

    modules = set(sys.modules)
    app = SphinxTestApp(
        "dummy",
        srcdir=ROOT / "examples/docs",
        builddir=tmp_path / "build",
        confoverrides={"keras_ascii_cache_dir": str(tmp_path / "cache")},
    )
    try:
        app.build()
        assert app.warning.getvalue() == ""
    finally:
        app.cleanup()
        for name in set(sys.modules) - modules:
            if name.split(".")[0] == "examples":
                del sys.modules[name]
    made, committed = ({path.name: json.loads(path.read_text()) for path in folder.iterdir()}
                       for folder in (tmp_path / "cache", ROOT / "examples/docs/_models"))  # fmt: skip
    assert made
    assert sorted(made) == sorted(committed)
    for name, entry in made.items():
        assert entry["graph"] == committed[name]["graph"]
        assert entry["sources"] == committed[name]["sources"]
