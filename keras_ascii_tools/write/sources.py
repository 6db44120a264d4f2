"""Where a row's tensors come from, in words, for every style that is for eyes. Knows no columns."""

from __future__ import annotations

from keras_ascii_tools.graph import INPUT, Record, TensorRef, Value
from keras_ascii_tools.write.sections import Part

__all__ = ["COMMUTATIVE", "cut_names", "end_names", "output_suffix"]

COMMUTATIVE = frozenset({"Add", "Multiply", "Average", "Maximum", "Minimum"})
"""Kinds for which the order of the arguments does not matter: it is not shown."""


def output_suffix(ref: TensorRef) -> str:
    """`.1` for a node's second output, nothing for its first."""
    return f".{ref.output}" if ref.output else ""


def end_names(structure: Value, count: int) -> list[str | None]:
    """The names under which a model takes its inputs or gives its outputs, where it does so by name."""
    if isinstance(structure, Record) and not structure.kind and all(value == INPUT for _, value in structure.items):
        return [key for key, _ in structure.items]
    return [None] * count


def cut_names(part: Part) -> dict[tuple[int, int], str]:
    """By node and argument, what made a tensor whose maker is left out of the drawing."""
    view = part.laid.view
    names: dict[tuple[int, int], str] = {}
    if view is not None:
        for cut in view.cuts:
            layer = view.origin.nodes[cut.source.node].layer
            names[cut.node, cut.position] = f"{layer.given_name or layer.kind}{output_suffix(cut.source)}"
    return names
