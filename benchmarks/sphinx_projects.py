"""Documentation projects for `sphinx_builds`: the same models on the same pages, shown in different ways."""

from __future__ import annotations

from pathlib import Path

__all__ = ["WAYS", "make_project"]

MODULES = 5

_MODULE = """\
import os

with open(os.environ["IMPORTS"], "a") as log:
    log.write(f"{{os.getpid()}}\\n")

import keras
from keras import layers

WIDTH = 8

def build(depth):
    x = image = keras.Input((32, 32, 3), name="image")
    for level in range(depth + {number}):
        x = layers.Conv2D(WIDTH * 2**level, 3, padding="same", activation="relu", name=f"conv{{level}}")(x)
        y = layers.BatchNormalization(name=f"norm{{level}}")(x)
        x = layers.Add(name=f"add{{level}}")([x, y])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, layers.Dense(10, name="logits")(x), name="net")
"""

_CONF = """\
project = "nets"
version = release = "1"
extensions = [{extensions}]
html_theme = "alabaster"
"""

_IMPORTING = '''\
"""A directive as it is written first: it imports, makes and draws while the page is read."""

import importlib

from docutils import nodes
from sphinx.ext.graphviz import graphviz
from sphinx.util.docutils import SphinxDirective


def made(target):
    module, _, call = target.partition(":")
    return eval(f"module.{call}", {"module": importlib.import_module(module)})


class Drawn(SphinxDirective):
    required_arguments = 1

    def run(self):
        import keras_ascii_tools as kat

        text = str(kat.draw(made(self.arguments[0])))
        return [nodes.literal_block(text, text, language="none")]


class Dotted(SphinxDirective):
    required_arguments = 1

    def run(self):
        import keras

        node = graphviz()
        node["code"] = keras.utils.model_to_dot(made(self.arguments[0]), show_shapes=True).to_string()
        node["options"] = {"docname": self.env.docname}
        return [node]


def setup(app):
    app.add_directive("drawn", Drawn)
    app.add_directive("dotted", Dotted)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
'''

WAYS = {
    "text": ("", ".. code-block:: none\n\n{drawing}\n"),
    "ours": ('"sphinx_keras_ascii"', ".. keras-ascii:: {target}\n"),
    "importing directive": ('"importing"', ".. drawn:: {target}\n"),
    "graphviz": ('"importing", "sphinx.ext.graphviz"', ".. dotted:: {target}\n"),
}
"""For each way: extensions, and what stands on a page."""

# About as long as the models' own drawings.
_LINE = "    ●   \\|/   Conv2D  8 3×3   conv0   32 32 8   224   0.1%   relu  same\n"


def make_project(folder: Path, way: str, pages: int) -> Path:
    """Write a project whose pages show models in one way; return its folder."""
    extensions, shown = WAYS[way]
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (folder / "importing.py").write_text(_IMPORTING, encoding="utf-8")
    (docs / "conf.py").write_text(_CONF.format(extensions=extensions), encoding="utf-8")
    for number in range(MODULES):
        (folder / f"nets{number}.py").write_text(_MODULE.format(number=number), encoding="utf-8")
    names = []
    for page in range(pages):
        module, depth = page % MODULES, page // MODULES
        name = f"net{page}_{module}"
        names.append(name)
        text = shown.format(target=f"nets{module}:build({depth})", drawing=_LINE * (4 + 3 * (depth + module)))
        (docs / f"{name}.rst").write_text(f"Net {page}\n======\n\nSome words.\n\n{text}", encoding="utf-8")
    listed = "".join(f"   {name}\n" for name in names)
    (docs / "index.rst").write_text(f"Nets\n====\n\n.. toctree::\n\n{listed}", encoding="utf-8")
    return folder
