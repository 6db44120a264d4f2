"""The texts of the classic style, cell by cell, as the ancestor formats them. Knows no rows and no lanes.

The ancestor is keras-sequential-ascii 0.1.1. Where it stops (an axis that is not fixed, a model without weights) or has
`?????`, there is something better here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import Charset, glyph_of
from keras_ascii_tools.graph import Layer, Record, Shape
from keras_ascii_tools.notation.fields import label_of_kind
from keras_ascii_tools.width import pad
from keras_ascii_tools.write.classic_simplify import LINEAR, activation_of

__all__ = [
    "DATA",
    "HEADER",
    "LABEL_WIDTH",
    "OPERATION",
    "activation",
    "again",
    "dimensions",
    "glyph",
    "kind",
    "label",
    "safe",
    "weights",
]

HEADER = "           OPERATION           DATA DIMENSIONS   WEIGHTS(N)   WEIGHTS(%)"
LABEL_WIDTH = 20
"""Of kinds and activations, which stand at its right end; a longer one pushes the rest of its line."""
OPERATION = " -------------------"
"""Stands where a data row has the dimensions."""
DATA = "#####"
"""Stands where an operation has its glyph."""

_COUNT_WIDTH = 10
_ONE_AXIS_WIDTH = 9
_AXIS_WIDTH = 4

# The ancestor's glyphs that are not ours: the first, one short, shifts its row; it draws GRU as it draws LSTM.
_ANCESTRAL_GLYPHS: Mapping[str, str] = {"Activation": " f| ", "GRU": "LLLLL"}


def glyph(layer: Layer, charset: Charset, own: Mapping[str, str], *, ancestral: bool) -> str:
    """Return the glyph of a layer; `ancestral` for rows that the ancestor could draw."""
    if ancestral and layer.kind in _ANCESTRAL_GLYPHS and layer.kind not in own:
        return _ANCESTRAL_GLYPHS[layer.kind]
    return glyph_of(
        layer.kind.partition("+")[0],  # a fused row begins with its first layer's kind
        base=layer.base,
        operation=layer.is_operation,
        nested=layer.graph is not None,
        ascii_only=charset.name == "ascii",
        own=own,
    )


def kind(layer: Layer, charset: Charset, *, ancestral: bool) -> str:
    """Return what stands before the glyph; the ancestor has nothing there for an activation."""
    if ancestral and not layer.is_operation:
        return "" if layer.kind == "Activation" else safe(layer.kind, charset)
    return safe(label_of_kind(layer), charset)


def activation(layer: Layer, charset: Charset, *, ancestral: bool) -> str:
    """Return what stands before the data that a layer makes; the ancestor knows no activation without a name."""
    value = activation_of(layer)
    if isinstance(value, Record):
        if value.kind == "lambda":
            return "<lambda>"
        return "" if ancestral else safe(value.kind, charset)
    return safe(value, charset) if isinstance(value, str) and value != LINEAR else ""


def dimensions(shape: Shape | None, batch: int | None) -> str:
    """Return the size of a tensor, without the batch axis: that is a first one which is dynamic or equals `batch`."""
    if shape is None:
        return "unknown".rjust(_ONE_AXIS_WIDTH)
    axes = ["?" if axis is None else str(axis) for axis in shape]
    if len(axes) < 2 or shape[0] not in {None, batch}:
        return f"({' '.join(axes)})".rjust(_ONE_AXIS_WIDTH)
    if len(axes) == 2:
        return axes[1].rjust(_ONE_AXIS_WIDTH)
    return " ".join(axis.rjust(_AXIS_WIDTH) for axis in axes[1:])


def weights(copies: Sequence[int | None], total: int | None, charset: Charset) -> tuple[str, str]:
    """Return how many weights there are, and their share of all weights.

    A row that stands for several copies says how many each of them has, or the least and the most; the share is of all.
    """
    known = [params for params in copies if params is not None]
    if len(known) < len(copies):
        return "unknown".rjust(_COUNT_WIDTH), ""
    ends = sorted({min(known, default=0), max(known, default=0)})
    count = charset.ellipsis.join(map(str, ends)).rjust(_COUNT_WIDTH)
    if total is None:
        return count, ""
    params = sum(known)
    share = 0.0 if not params else 100 * params / total if params < total else 100.0
    return count, f"   {share:5.1f}%"


def again(reference: str) -> str:
    """Return what stands for the weights of a layer that has been drawn."""
    return f"={reference}".rjust(_COUNT_WIDTH)


def safe(text: str, charset: Charset) -> str:
    """A text that the model brought, safe to show and within the charset."""
    shown = visible(text)
    return shown if charset.name != "ascii" else shown.encode("ascii", "backslashreplace").decode("ascii")


def label(text: str, width: int) -> str:
    """Bring a kind or an activation to its place."""
    return pad(text, width, right=True)
