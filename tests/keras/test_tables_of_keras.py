"""Tables that name Keras' classes, compared with the installed Keras."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from keras_ascii_tools.glyphs import KNOWN_KINDS, glyph_of
from keras_ascii_tools.names import is_automatic, snake_case
from keras_ascii_tools.read.call_defaults import CALL_DEFAULTS
from keras_ascii_tools.read.settings import kind_of

pytestmark = pytest.mark.keras


def layer_classes() -> list[type[Any]]:
    import keras

    found = (getattr(keras.layers, name) for name in dir(keras.layers))
    return [item for item in found if isinstance(item, type) and issubclass(item, keras.layers.Layer)]


def layer_kinds() -> set[str]:
    return {kind_of(cls.__name__, cls.__module__) for cls in layer_classes()}


def test_every_layer_of_keras_has_a_glyph() -> None:
    missing = layer_kinds() - KNOWN_KINDS - {"Layer"}
    assert missing == set()


def test_no_glyph_is_for_a_class_that_keras_does_not_have() -> None:
    models = {"Functional", "Sequential", "Model"}
    assert KNOWN_KINDS - models - layer_kinds() == set()


def test_every_glyph_has_five_columns_in_both_charsets() -> None:
    for kind in KNOWN_KINDS:
        assert len(glyph_of(kind)) == 5
        assert len(glyph_of(kind, ascii_only=True)) == 5
        assert glyph_of(kind, ascii_only=True).isascii()


def test_a_subclass_has_the_glyph_of_its_base() -> None:
    import keras

    import keras_ascii_tools as kat

    class Kernel(keras.layers.Conv2D):
        pass

    model = keras.Sequential([keras.Input((8, 8, 1)), Kernel(2, 3)])
    assert "\\|/   Kernel" in str(kat.draw(model))
    assert "<o_o>  Kernel" in str(kat.draw(model, glyphs={"Kernel": "<o_o>"}))


def test_call_arguments_that_are_left_out_are_the_defaults() -> None:
    for cls in layer_classes():
        parameters = inspect.signature(cls.call).parameters.values()
        wanted = {
            item.name: item.default
            for item in parameters
            if item.default is not inspect.Parameter.empty and item.default is not None
        }
        if cls.__name__ == "Bidirectional":  # passes on what its layers record
            wanted = {"training": False}
        assert CALL_DEFAULTS.get(kind_of(cls.__name__, cls.__module__), {}) == wanted, cls.__name__


def test_automatic_names_are_told_from_given_ones() -> None:
    import keras
    from keras.src.utils.naming import to_snake_case

    for cls in layer_classes():
        assert snake_case(cls.__name__) == to_snake_case(cls.__name__)
    dense, other = keras.layers.Dense(1), keras.layers.Dense(1)
    assert is_automatic(dense.name, "Dense")
    assert is_automatic(other.name, "Dense")
    assert not is_automatic("head", "Dense")
    wrapped = keras.layers.Bidirectional(keras.layers.LSTM(1))
    assert is_automatic(wrapped.forward_layer.name, "LSTM")
    assert is_automatic(keras.Input((1,))._keras_history.operation.name, "InputLayer")
