"""Facts of a model in a few words, for the text of a page. Knows graphs only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras_ascii_tools as kat

__all__ = ["FACTS", "number", "shape"]


def number(value: int | None) -> str:
    """Write a count; `None` is not known."""
    return "unknown" if value is None else f"{value:,}"


def _size(value: int | None) -> str:
    if value is None:
        return "unknown"
    size, unit = float(value), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{value} B" if unit == "B" else f"{size:.2f} {unit}"


def _layers(graph: kat.ModelGraph) -> int:
    """As `len(model.layers)` counts: those of nested models are not counted one by one."""
    return len(graph.layers)


def _frozen(graph: kat.ModelGraph) -> int | None:
    if graph.params is None or graph.trainable_params is None:
        return None
    return graph.params - graph.trainable_params


def _ends(graph: kat.ModelGraph, what: str) -> str:
    """`28 28 1, 10`: shapes without the batch axis, as drawings show them."""
    refs = graph.inputs if what == "inputs" else graph.outputs
    return ", ".join("unknown" if ref is None else shape(graph.spec(ref).shape) for ref in refs) or "unknown"


def shape(shape: tuple[int | None, ...] | None) -> str:
    """Write a shape as drawings do: without the batch axis if that is dynamic."""
    if shape is None:
        return "unknown"
    axes = " ".join("?" if axis is None else str(axis) for axis in shape[1:])
    return axes if axes and shape[0] is None else f"({' '.join('?' if axis is None else str(axis) for axis in shape)})"


def _summary(graph: kat.ModelGraph) -> str:
    import keras_ascii_tools as kat

    return " ".join(kat.draw(graph).title.split())


FACTS: dict[str, Callable[[kat.ModelGraph], str]] = {
    "params": lambda graph: number(graph.params),
    "weights": lambda graph: number(graph.params),
    "trainable": lambda graph: number(graph.trainable_params),
    "frozen": lambda graph: number(_frozen(graph)),
    "size": lambda graph: _size(graph.bytes),
    "layers": lambda graph: number(_layers(graph)),
    "inputs": lambda graph: _ends(graph, "inputs"),
    "outputs": lambda graph: _ends(graph, "outputs"),
    "name": lambda graph: graph.name or "unknown",
    "kind": lambda graph: graph.kind,
    "summary": _summary,
}
"""What can stand behind the `|`."""
