"""Functions of others, by their names and with their arguments: change one import, or one attribute. These print.

`keras2ascii` is keras-sequential-ascii's; `summary` stands wherever Keras' `Model.summary` does. Knows no Keras.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

from keras_ascii_tools.api import draw, read
from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.graph import ModelGraph, all_layers, without_implied
from keras_ascii_tools.options import ALL_LEVELS, DEFAULT_COLUMNS, CharsetName, DrawOptions

__all__ = ["keras2ascii", "sequential_model_to_ascii_printout", "summary"]

_LEAST_WIDTH = 20
"""No drawing is made to fit in less."""


def sequential_model_to_ascii_printout(
    model: Any, sparser: bool = False, simplify: bool = True, header: bool = True
) -> None:
    """Print a model as keras-sequential-ascii does: the same bytes for what that could draw, and any other model, too.

    Args:
        model: A model, or whatever else `keras_ascii_tools.read` takes.
        sparser: Print an empty line before every row but the first.
        simplify: Print an `Activation` as the activation of the layer before it, if that has none.
        header: Name the columns.
    """
    # Imported when they are used, and not with the package.
    from keras_ascii_tools.write.to_classic import draw_classic
    from keras_ascii_tools.write.to_text import to_text

    graph = read(model)

    def text(charset: CharsetName) -> str:
        options = DrawOptions(style="classic", charset=charset)
        return to_text(draw_classic(graph, options, sparser=sparser, simplify=simplify, header=header))

    _print(text)


keras2ascii = sequential_model_to_ascii_printout


def summary(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], object] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> None:
    """Print a model in rows, with the arguments of Keras' `Model.summary`; `keras.Model.summary = summary` works, too.

    Args:
        model: A model, or whatever else `keras_ascii_tools.read` takes. One that is not built is drawn as far as it is
            known, with the hint how to build it.
        line_length: Columns to fit the drawing in, on a terminal and off it. Default: as wide as it is.
        positions: Without effect: columns are as wide as what is in them.
        print_fn: Called once, with the whole text. Default: print it.
        expand_nested: Open nested models in place. Default: draw them below.
        show_trainable: Say of each layer with weights whether they are trained. Default: only where they are not.
        layer_range: The names of the first layer to draw and of the last one, or regular expressions that match at the
            start of a name. Names that Keras made up are names here.

    Raises:
        OptionError: A `ValueError`, as in Keras: `layer_range` has not two texts, or one that matches no layer.
    """
    graph = read(model)
    depth = ALL_LEVELS if expand_nested else 0
    options: dict[str, Any] = {"names": "all", "depth": depth}
    if line_length is not None:
        options["width"] = max(line_length, _LEAST_WIDTH)
    if show_trainable:
        options["columns"] = (*DEFAULT_COLUMNS[:-1], "trainable", *DEFAULT_COLUMNS[-1:])
    if layer_range is not None:
        options["layers"] = _chosen(graph, layer_range, depth)

    def text(charset: CharsetName) -> str:
        return f"{draw(graph, charset=charset, **options)}\n"

    if print_fn is None:
        _print(text)
    else:
        print_fn(text("unicode"))


def _print(text: Callable[[CharsetName], str]) -> None:
    """Print to standard output, in ASCII where that can write no more."""
    shown = text("unicode")
    try:
        shown.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        shown = text("ascii")
    print(shown, end="")


def _chosen(graph: ModelGraph, layer_range: Sequence[Any], depth: int) -> tuple[str, ...]:
    """Return patterns for the layers in a range, and for all that they are opened to."""
    from keras_ascii_tools.view import expand, hide_plumbing, select_range

    if isinstance(layer_range, str) or len(layer_range) != 2 or not all(isinstance(name, str) for name in layer_range):
        raise OptionError(f"layer_range: expected two names or regular expressions, got {layer_range!r}")
    wanted: set[int] = set()
    waiting = [select_range(hide_plumbing(graph), *layer_range).graph]
    for body in waiting:
        for layer in all_layers(body):
            if layer.id not in wanted:
                wanted.add(layer.id)
                waiting += [layer.graph] if layer.graph is not None else []
    shown = all_layers(without_implied(expand(graph, depth)))
    return tuple(_literal(layer.name) for layer in shown if layer.id in wanted and layer.name)


def _literal(name: str) -> str:
    """Write a name as a pattern that matches it alone."""
    return re.sub(r"([*?\[.])", r"[\1]", name)
