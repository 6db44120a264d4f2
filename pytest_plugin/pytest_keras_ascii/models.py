"""What a test compares -> its graph: a model, what makes one, or a file. Calls nothing but factories."""

from __future__ import annotations

import functools
import inspect
import os
from typing import Any

import keras_ascii_tools as kat
from keras_ascii_tools import ModelGraph, SourceError
from pytest_keras_ascii.failures import SnapshotUnusable
from pytest_keras_ascii.message import summary_of
from pytest_keras_ascii.options import Options

__all__ = ["check_built", "graph_of", "text_of"]


def graph_of(model: object, options: Options) -> ModelGraph:
    """Read a model, of whatever kind; call what makes one."""
    __tracebackhide__ = True
    if inspect.isroutine(model) or inspect.isclass(model) or isinstance(model, functools.partial):
        model = _called(model)
    try:
        return kat.read(model, input_shape=options.input_shape, names="keep" if options.keep_names else "given")
    except SourceError as error:
        if isinstance(model, (str, os.PathLike)):
            raise SnapshotUnusable(str(error)) from None
        raise TypeError(f"keras_ascii_snapshot is compared with a model: {error}") from None


def _called(factory: Any) -> object:
    __tracebackhide__ = True
    name = getattr(factory, "__name__", "the factory")
    try:
        inspect.signature(factory).bind()
    except TypeError as error:
        raise TypeError(f"{name} is called without arguments: {error}; compare what it returns instead") from None
    except ValueError:
        pass  # a builtin that does not say what it takes
    return factory()


def check_built(graph: ModelGraph) -> None:
    """Raise SnapshotUnusable for a model whose shapes and weights are not known yet."""
    if graph.how.value == "not built":
        raise SnapshotUnusable(
            f"the model is not built: {summary_of(graph)}\n\n"
            "Its shapes and weights are not known yet. Build it, call it once, or say the shape:\n"
            "keras_ascii_snapshot(input_shape=(None, ...))."
        )


def text_of(model: object, input_shape: Any = None) -> str:
    """Return the drawing of a model without what it says of releases and of the reader."""
    graph = graph_of(model, Options("full", (), input_shape=input_shape))
    check_built(graph)
    lines = kat.draw(graph, profile="snapshot").to("text").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("# defaults:", "# note:")))
