"""What a source holds of a model, before a graph is made of it: the config, and where the weights are.

Knows neither files nor formats: whoever reads one fills it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.formats import Format

if TYPE_CHECKING:
    from keras_ascii_tools.read.stored import Stored

__all__ = ["FileFacts", "Saved", "graph_of"]


class FileFacts(NamedTuple):
    """What is to be told of the source itself; nothing that differs from one save of a model to the next."""

    format: Format
    size: int
    """Bytes; of a folder, those of the files in it that belong to the model."""
    keras_version: str | None = None
    """The release that wrote it, where it says so."""


class Saved(NamedTuple):
    """A saved model: either Keras' own config of it, or a graph that was read at once."""

    facts: FileFacts
    config: Mapping[str, object] | None = None
    """Keras' JSON of the model: `config.json`, `model_config`, `to_json()`."""
    inner: tuple[Mapping[str, object], ...] = ()
    """Of a model whose config says nothing of its layers: what the source says of each of them elsewhere."""
    weights: Callable[[], Stored] | None = None
    """Reads what arrays there are, when rules do not know a layer's; raises SourceError. The source must be open."""
    graph: ModelGraph | None = None
    training: Mapping[str, object] | None = None
    """How the model was compiled, where that is not in its config."""
    notes: tuple[str, ...] = ()
    """What could not be found out from the source, for the graph."""


def graph_of(saved: Saved, *, keep_names: bool = False) -> ModelGraph:
    """Return the graph of a saved model, while its source is still open.

    Raises:
        SourceError: It is no model, or a damaged one.
    """
    graph = saved.graph
    if graph is None:
        if saved.config is None:
            raise SourceError("there is no model in it")
        from keras_ascii_tools.read.compiled import optimizer_of
        from keras_ascii_tools.read.from_config import graph_from_config

        graph = graph_from_config(
            saved.config,
            inner=saved.inner,
            weights=saved.weights,
            keep_names=keep_names,
            keras_version=saved.facts.keras_version,
        )
        optimizer = optimizer_of(saved.training or saved.config)
        graph = graph if optimizer is None else replace(graph, optimizer=optimizer)
    return replace(graph, notes=(*graph.notes, *saved.notes)) if saved.notes else graph
