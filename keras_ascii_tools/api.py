"""What users call: read a source, draw it, compare two, read a drawing back. Returns values; never prints."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from keras_ascii_tools.collector import no_search_for_cycles
from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.options import DiffOptions, DrawOptions
from keras_ascii_tools.read import read_source
from keras_ascii_tools.write import Drawing, draw_graph

if TYPE_CHECKING:
    from keras_ascii_tools.write.diff import DrawnDiff

# Its room has the name of a function here. Loaded later, it would take the function's place in the package.
importlib.import_module("keras_ascii_tools.diff")

__all__ = ["Drawing", "diff", "draw", "read", "read_drawing", "read_json"]


def read(
    source: Any,
    *,
    input_shape: Any = None,
    names: Literal["given", "keep"] = "given",
    call: str | None = None,
) -> ModelGraph:
    """Read the architecture of a model.

    Args:
        source: A live Keras model (or a layer made of layers), a graph (returned as it is), the path of a saved model,
            of a snapshot drawing or of our JSON, or a target: `pkg.module:attribute`, `path/to/file.py:attribute`, a
            file in a revision `git:REV:PATH`. A target that is a function or class is called.
        input_shape: For a live model that is not built and does not declare its inputs: a shape with the batch axis
            (`(None, 28, 28, 1)`), or a list or dict of shapes or symbolic tensors.
        names: Whether names that Keras made up (`dense_3`) are ignored (`given`) or count as given (`keep`).
        call: Literal arguments for a target that is a function: `(32, depth=3)`.

    Raises:
        SourceError: The source is none of these, is missing, or cannot be read.
        OptionError: `input_shape` is no shape, nor a list or dict of shapes.
    """
    if names not in {"given", "keep"}:
        raise OptionError(f"names: expected 'given' or 'keep', got {names!r}")
    return read_source(source, inputs=input_shape, keep_names=names == "keep", call=call)


def draw(source: Any, *, options: DrawOptions | None = None, input_shape: Any = None, **given: Any) -> Drawing:
    """Draw the architecture of a model.

    Args:
        source: Whatever `read` takes.
        options: How to draw. Default: `DrawOptions()`.
        input_shape: As for `read`.
        **given: Single options, by the names of `DrawOptions`' fields: `draw(model, fold="exact", width=100)`.

    Returns:
        The drawing: `str()` is its text; notebooks show it as HTML.

    Raises:
        SourceError: The source cannot be read.
        OptionError: There is no such option, or it cannot have this value.
    """
    chosen = DrawOptions.of(given) if options is None else replace(options, **given)
    with no_search_for_cycles():  # neither while one is made nor in between
        return draw_graph(read(source, input_shape=input_shape), chosen, defaults=_defaults(chosen))


def diff(before: Any, after: Any, *, options: DiffOptions | None = None, **given: Any) -> DrawnDiff:
    """Compare the architectures of two models, and tell what becomes of old weights.

    Neither names that Keras made up, nor the order in which layers were built make a difference.

    Args:
        before: The model as it was: whatever `read` takes.
        after: The model as it is.
        options: What to compare, and what to show of it. Default: `DiffOptions()`.
        **given: Single options, by the names of `DiffOptions`' fields: `diff(old, new, level="arch", context=1)`.

    Returns:
        What changed, as data (`ModelDiff`); `str()` is its text, and notebooks show it as HTML. `.same` tells whether
        anything did.

    Raises:
        SourceError: One of the two cannot be read.
        OptionError: There is no such option, or it cannot have this value.
    """
    # Imported when it is used: the command draws in milliseconds.
    from keras_ascii_tools.diff import diff as compare
    from keras_ascii_tools.read.loading import loading_of
    from keras_ascii_tools.write.diff import draw_diff

    chosen = DiffOptions.of(given) if options is None else replace(options, **given)
    if chosen.loading is None:
        chosen = replace(chosen, loading=loading_of(before))
    return draw_diff(compare(read(before), read(after), chosen), chosen)


def read_drawing(text: str) -> ModelGraph:
    """Read a drawing in the snapshot profile back into the graph that it was drawn from.

    Raises:
        DrawingError: The text is no such drawing, or a damaged one; says the line.
    """
    # Imported when it is used: the command draws in milliseconds.
    from keras_ascii_tools.read import from_drawing

    return from_drawing.read_drawing(text)


def read_json(document: str | bytes | Mapping[str, object]) -> ModelGraph:
    """Read a graph from the JSON of keras-ascii (`draw(model).to("json")`), or from what a JSON parser made of it.

    Raises:
        SourceError: It is no such document, or a damaged one; says the place.
    """
    from keras_ascii_tools.read import from_json

    return from_json.read_json(document)


def _defaults(options: DrawOptions) -> str:
    """Version of the table of default settings, which only a snapshot names."""
    if options.profile != "snapshot":
        return ""
    from keras_ascii_tools.read.defaults import defaults_version

    return defaults_version()
