"""The architecture of Keras models as text: read it, draw it, read the drawing back.

import keras_ascii_tools as kat

print(kat.draw(model))
graph = kat.read(model)
assert graph.params < 1_000_000
text = str(kat.draw(model, profile="snapshot"))
assert kat.read_drawing(text) == graph
print(kat.diff("before.keras", model))
"""

from typing import TYPE_CHECKING, Any

from keras_ascii_tools._version import __version__ as __version__
from keras_ascii_tools.api import diff, draw, read, read_drawing, read_json
from keras_ascii_tools.compat import keras2ascii, sequential_model_to_ascii_printout, summary
from keras_ascii_tools.errors import DrawingError, GraphError, KerasAsciiError, OptionError, SourceError
from keras_ascii_tools.graph import Edge, Layer, ModelGraph, Node, TensorRef, TensorSpec, Weight
from keras_ascii_tools.options import DiffOptions, DrawOptions
from keras_ascii_tools.write import Drawing

if TYPE_CHECKING:
    from keras_ascii_tools.diff import ModelDiff, Severity

__all__ = [
    "DiffOptions",
    "DrawOptions",
    "Drawing",
    "DrawingError",
    "Edge",
    "GraphError",
    "KerasAsciiError",
    "Layer",
    "ModelDiff",
    "ModelGraph",
    "Node",
    "OptionError",
    "Severity",
    "SourceError",
    "TensorRef",
    "TensorSpec",
    "Weight",
    "diff",
    "draw",
    "keras2ascii",
    "read",
    "read_drawing",
    "read_json",
    "sequential_model_to_ascii_printout",
    "summary",
]


def __getattr__(name: str) -> Any:
    # Types that only who compares needs: drawing does not wait for them.
    if name in {"ModelDiff", "Severity"}:
        import importlib

        return getattr(importlib.import_module("keras_ascii_tools.diff"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
