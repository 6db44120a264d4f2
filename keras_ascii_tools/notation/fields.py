"""Kinds, shapes and weights <-> text, and where the fields of a row stand (`docs/notation.md` §3). Knows no layout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from keras_ascii_tools.glyphs import KNOWN_KINDS, NESTED
from keras_ascii_tools.graph import MAX_AXIS, OPS_MODULE, Layer, Shape, TensorSpec
from keras_ascii_tools.notation.words import NAME, STRING, format_name, parse_string, quote

__all__ = [
    "FIELDS",
    "MAX_LANES",
    "VERSION",
    "Count",
    "Field",
    "format_count",
    "format_kind",
    "format_model_kind",
    "format_outputs",
    "label_of_kind",
    "parse_count",
    "parse_kind",
    "parse_model_kind",
    "parse_outputs",
]

VERSION = 1
MAX_LANES = 16


@dataclass(frozen=True, slots=True)
class Field:
    """Where a field stands on a row."""

    start: int
    width: int
    right: bool = False
    """Whether it is aligned at its right end."""


FIELDS = {
    "glyph": Field(12, 5),
    "kind": Field(19, 22),
    "name": Field(43, 22),
    "shape": Field(67, 16, right=True),
    "weights": Field(85, 13, right=True),
    "tail": Field(100, 0),
}

_KIND = re.compile(r"[A-Za-z_][A-Za-z0-9_.>]*")
_MODEL_KIND = re.compile(r"[!#-\[\]-~](?:[ !#-\[\]-~]*[!#-\[\]-~])?")  # ASCII without quotes and backslashes


def label_of_kind(layer: Layer) -> str:
    """Return a layer's class name, with the module where that matters; for eyes."""
    if layer.is_operation:
        return f"ops.{layer.kind}"
    if layer.kind in KNOWN_KINDS and layer.module not in {None, "keras.layers", "keras.models"}:
        return f"{layer.module}.{layer.kind}"
    return layer.kind


def format_kind(layer: Layer) -> str:
    """Write a layer's class name so that its module can be told where that matters."""
    if layer.is_operation:
        return f"ops.{layer.kind if _KIND.fullmatch(layer.kind) else quote(layer.kind)}"
    label = label_of_kind(layer)
    # A person's own module may be called ops.
    return quote(label) if not _KIND.fullmatch(label) or label.startswith("ops.") else label


def parse_kind(text: str) -> tuple[str, str | None]:
    """Return the class name and the module, as far as the text says it.

    Raises:
        ValueError: It is a quoted string that is broken.
    """
    quoted = text.startswith('"')
    label = parse_string(text) if quoted else text
    if not quoted and label.startswith("ops."):
        kind = label.removeprefix("ops.")
        return parse_string(kind) if kind.startswith('"') else kind, OPS_MODULE
    module, _, kind = label.rpartition(".")
    if module and kind in KNOWN_KINDS:
        return kind, module
    if label in NESTED.kinds.split():
        return label, "keras.models"
    return label, "keras.layers" if label in KNOWN_KINDS else None


def format_model_kind(kind: str) -> str:
    """Write a model's class name for a title: `Functional`, or quoted where it has more than plain characters."""
    return kind if _MODEL_KIND.fullmatch(kind) and "  " not in kind else quote(kind)


def parse_model_kind(text: str) -> str:
    """Undo `format_model_kind`. Raises ValueError for a quoted string that is broken."""
    return parse_string(text) if text.startswith('"') else text


@lru_cache(maxsize=1024)
def format_outputs(specs: tuple[TensorSpec, ...], compute_dtype: str) -> str:
    """Write the shapes of a node's outputs, with their dtypes where they differ from `compute_dtype`."""
    return ", ".join(_format_spec(spec, compute_dtype) for spec in specs) or "none"


def _format_spec(spec: TensorSpec, compute_dtype: str) -> str:
    shape = format_shape(spec.shape)
    if spec.dtype == compute_dtype:
        return shape
    return f"{shape} {format_name(spec.dtype)}" if spec.dtype else f"{shape} dtype=?"


def format_shape(shape: Shape | None) -> str:
    """Write one shape: the batch axis is left out where it is dynamic."""
    if shape is None:
        return "unknown"
    axes = ["?" if axis is None else str(axis) for axis in shape]
    if len(axes) > 1 and shape[0] is None:
        return " ".join(axes[1:])
    return f"({' '.join(axes)})"


_SPEC = re.compile(
    rf"(?P<shape>unknown|\([\d? ]*\)|[\d?]+(?: [\d?]+)*)(?: (?P<dtype>dtype=\?|{NAME}|{STRING}))?(?:, |$)"
)


def parse_outputs(text: str, compute_dtype: str) -> tuple[TensorSpec, ...]:
    """Read what `format_outputs` wrote. Raises ValueError for anything else."""
    specs: list[TensorSpec] = []
    position = 0
    if text == "none":
        return ()
    while position < len(text) or not specs:
        match = _SPEC.match(text, position)
        if match is None or match.end() == position:
            raise ValueError(f"expected a shape, got {text[position:]!r}")
        dtype: str | None = match["dtype"] or compute_dtype
        if dtype == "dtype=?":
            dtype = None
        elif dtype and dtype.startswith('"'):
            dtype = parse_string(dtype)
        specs.append(TensorSpec(_parse_shape(match["shape"]), dtype))
        position = match.end()
    return tuple(specs)


def _parse_shape(text: str) -> Shape | None:
    if text == "unknown":
        return None
    axes = [_axis(axis) for axis in text.strip("()").split()]
    return tuple(axes) if text.startswith("(") else (None, *axes)


def _axis(text: str) -> int | None:
    if text == "?":
        return None
    if len(text) > 20 or not text.isdigit() or int(text) > MAX_AXIS:
        raise ValueError(f"not an axis: {text[:30]!r}")
    return int(text)


@dataclass(frozen=True, slots=True)
class Count:
    """How many weights, and how many of them are trainable; `None` where it is not known."""

    total: int | None
    trainable: int | None


def format_count(count: Count, *, frozen: bool = False) -> str:
    """Write a number of weights; nothing for none."""
    if count.total is None:
        return "?"
    if count.trainable is None:
        return f"{count.total:,}?"
    if count.trainable == (0 if frozen else count.total):
        return f"{count.total:,}" if count.total else ""
    return f"{count.trainable:,}+{count.total - count.trainable:,}"


_COUNT = re.compile(r"([\d,]{1,30})(?:\+([\d,]{1,30})|(\?))?")


def parse_count(text: str, *, frozen: bool = False) -> Count:
    """Read what `format_count` wrote. Raises ValueError for anything else."""
    if text == "?":
        return Count(None, None)
    match = _COUNT.fullmatch(text) if text else None
    if match is None:
        if not text:
            return Count(0, 0)
        raise ValueError(f"expected a number of weights, got {text!r}")
    first = int(match[1].replace(",", ""))
    if match[2] is not None:
        return Count(first + int(match[2].replace(",", "")), first)
    if match[3]:
        return Count(first, None)
    return Count(first, 0 if frozen else first)
