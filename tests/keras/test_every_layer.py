"""Every built-in layer class is drawn, and the drawing is read back."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.glyphs import KNOWN_KINDS

pytestmark = pytest.mark.keras

# Other libraries, files, or a class of one's own are needed to make these.
NOT_MADE = {"FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper", "STFTSpectrogram"}
MODELS = {"Functional", "Sequential", "Model"}


def made(kind: str) -> Any:
    import keras

    from scripts.make_defaults import minimal_arguments

    cls = getattr(keras.layers, kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Keras, about arguments
        return cls(**minimal_arguments(cls))


@pytest.mark.parametrize("kind", sorted(KNOWN_KINDS - NOT_MADE - MODELS))
def test_a_layer_is_drawn_and_read_back(kind: str) -> None:
    import keras

    layer = made(kind)
    graph = kat.read(layer if kind == "InputLayer" else keras.Sequential([layer]))
    assert kind in str(kat.draw(graph))
    again = kat.read_drawing(str(kat.draw(graph, profile="snapshot")))
    assert again == graph
    (drawn,) = [inner for inner in again.layers if inner.kind == kind]
    assert drawn.settings is not None
