"""Drawings in docstrings."""

from __future__ import annotations

import sys

import pytest

from tests.sphinx_ext.projects import Project

MODULE = """
'''Factories.'''
import keras
from light.models import make

def build():
    '''Build it.

    .. keras-ascii::
       :fuse:
    '''
    return make("chain")

def annotated() -> keras.Model:
    '''Annotated.'''
    return make("split")

def quoted(depth: int = 3) -> "keras.Sequential":
    '''Quoted.'''
    return make("residual")

def asks(depth) -> keras.Model:
    '''Has to be told the depth.'''

def other() -> int:
    '''No model.'''
    return 3

class Net(keras.Model):
    '''A class.'''
    @classmethod
    def small(cls):
        '''Small.

        .. keras-ascii::
        '''
        return make("unet")

class Plain:
    '''No model.'''
"""

# Enough of Keras to be imported where there is none.
STAND_IN = """
class Model:
    def __new__(cls):
        from light.models import make
        return make("wrappers")
class Sequential(Model): pass
"""


@pytest.fixture
def documented(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in [name for name in sys.modules if name.split(".")[0] == "keras"]:
        monkeypatch.delitem(sys.modules, name)  # it is back after the test
    project.write("light/nets.py", MODULE)
    project.conf("extensions += ['sphinx.ext.autodoc']")
    project.page(".. automodule:: light.nets\n   :members:\n")
    return project


def test_an_empty_directive_means_the_documented_object(documented: Project) -> None:
    documented.write("keras.py", STAND_IN)
    built = documented.build("text")
    assert built.warnings == []
    text = built.text("index.txt")
    assert "Dropout" in text  # of `build`
    assert "UpSampling2D" in text or "Conv2DTranspose" in text  # of `Net.small`
    assert text.count("weights (") == 2


def test_factories_and_models_are_drawn_on_request(documented: Project) -> None:
    documented.write("keras.py", STAND_IN)
    built = documented.build("text", keras_ascii_autodoc=True)
    assert built.warnings == []
    text = built.text("index.txt")
    assert "ops.GetItem" in text  # of `annotated`
    assert "GlobalAveragePooling2D" in text  # of `quoted`
    assert "Bidirectional" in text  # of `Net`
    assert text.count("Dropout") == 1  # of `build`, which has one already
    assert "Has to be told" in text


def test_mocked_keras_does_no_harm(documented: Project) -> None:
    """Autodoc mocks Keras in its process; models are made in another one, with the one that is there."""
    documented.write("site/keras.py", STAND_IN)
    built = documented.build(
        "text",
        autodoc_mock_imports=["keras"],
        keras_ascii_env={"PYTHONPATH": str(documented.folder / "site")},
        keras_ascii_autodoc=True,
    )
    assert built.warnings == []
    text = built.text("index.txt")
    assert "Dropout" in text
    assert "ops.GetItem" in text
    assert text.count("weights (") >= 4


def test_what_a_docstring_cannot_show_is_warned_of_at_its_line(documented: Project) -> None:
    documented.write("keras.py", STAND_IN)
    documented.edit("light/nets.py", 'return make("chain")', "raise ValueError('no')")
    [warning] = documented.build("text").warnings
    assert "light/nets.py:docstring of light.nets.build:3: WARNING: light.nets:build raised ValueError: no" in warning
