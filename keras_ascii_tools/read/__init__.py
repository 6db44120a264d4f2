"""Readers: a source -> ModelGraph. Another kind of source: a module `from_x.py`, and a line in `read_source`."""

from __future__ import annotations

import os
from typing import Any, cast

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import ModelGraph

__all__ = ["read_source"]


def read_source(source: Any, *, inputs: Any = None, keep_names: bool = False, call: str | None = None) -> ModelGraph:
    """Read anything that a model can be read from; see `keras_ascii_tools.read`."""
    from keras_ascii_tools.read.target import is_git_target, is_live_target, read_file

    if isinstance(source, str) and is_git_target(source):
        from keras_ascii_tools.read.from_git import read_blob

        return read_blob(source, keep_names=keep_names)
    if isinstance(source, str) and is_live_target(source):
        from keras_ascii_tools.read.live_target import live_target

        found = live_target(source, call)
        try:
            return read_source(found, inputs=inputs, keep_names=keep_names)
        except SourceError as error:
            raise SourceError(f"{source}: {error}") from error
    if isinstance(source, ModelGraph):
        return source
    if isinstance(source, (str, os.PathLike)):
        return read_file(cast("str | os.PathLike[str]", source), keep_names=keep_names)
    from keras_ascii_tools.read.from_keras import is_keras_2, is_keras_layer, read_model

    if is_keras_2(source):
        raise SourceError(f"{type(source).__name__} is a model of Keras 2; live models are drawn from Keras 3")
    if is_keras_layer(source):
        from keras_ascii_tools.read.given_shapes import check_shapes

        check_shapes(inputs)
        return read_model(source, inputs=inputs, keep_names=keep_names)
    raise SourceError(f"expected a Keras model, a path or a graph, got {_said(source)}")


def _said(source: Any) -> str:
    if callable(source):
        name: Any = getattr(source, "__name__", "something")
        return f"{name}, which can be called: give the model that it returns"
    cls: type[object] = source.__class__
    return f"{cls.__module__}.{cls.__qualname__}"
