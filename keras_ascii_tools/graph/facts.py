"""The facts that make an architecture, as plain comparable data. Knows nothing of where a graph came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keras_ascii_tools.graph.order import canonical
from keras_ascii_tools.graph.plumbing import without_implied
from keras_ascii_tools.graph.types import Layer, ModelGraph, Node

__all__ = ["architecture", "body_architecture", "conflicts"]

Path = str


def architecture(graph: ModelGraph) -> tuple[tuple[Path, object], ...]:
    """Return everything that `==` compares, as pairs of a readable path and a value, in canonical order.

    Nodes, edges with argument order, kinds, given names, settings, shapes, dtypes, weight and trainable counts,
    sharing, nesting, inputs and outputs in order. A fact that the graph does not know is `None`.
    """
    return (("kind", graph.kind), ("name", graph.given_name), *_graph_facts(graph, "", {}))


def body_architecture(graph: ModelGraph) -> tuple[tuple[Path, object], ...]:
    """Return the same for a body, whose class and name are those of the layer that owns it."""
    return tuple(_graph_facts(graph, "", {}))


def conflicts(one: ModelGraph, other: ModelGraph) -> tuple[str, ...]:
    """Return a line for each fact that both graphs know and that differs."""
    left, right = dict(architecture(one)), dict(architecture(other))
    lines: list[str] = []
    for path, value in left.items():
        there = right.get(path)
        if value is not None and there is not None and value != there:
            lines.append(f"{path}: {value!r} != {there!r}")
    # A node that only one side has: the number of nodes differs and says so; single facts would only repeat it.
    return tuple(lines)


def _graph_facts(graph: ModelGraph, at: Path, seen: dict[int, str]) -> Iterator[tuple[Path, Any]]:
    graph = canonical(without_implied(graph))
    known = graph.how in {"declared", "traced"}
    yield f"{at}nodes", len(graph.nodes) if known else None
    yield f"{at}inputs", tuple(_ref(ref) for ref in graph.inputs) if known else None
    yield f"{at}outputs", tuple(_ref(ref) for ref in graph.outputs) if known else None
    yield f"{at}input structure", graph.input_structure
    yield f"{at}output structure", graph.output_structure
    yield f"{at}weights", graph.params
    yield f"{at}trainable weights", graph.trainable_params
    for index, node in enumerate(graph.nodes):
        yield from _node_facts(node, f"{at}{index} ", seen)
    if graph.how == "weights only":
        yield f"{at}stored weights", _stored(graph)
        return
    called = {node.layer.id for node in graph.nodes}
    for index, layer in enumerate(layer for layer in graph.layers if layer.id not in called):
        yield from _layer_facts(layer, f"{at}uncalled {index} ", seen)


def _stored(graph: ModelGraph) -> tuple[int, ...]:
    """What a tree of weights says that no other format of the model contradicts: sizes, but neither names nor order.

    One format names layers by attribute, another by their own names, and not all of them have layers without weights.
    """
    sizes: list[int] = []
    pending = [graph]
    while pending:
        one = pending.pop()
        sizes.append(one.own_params or 0)
        sizes += [layer.params or 0 for layer in one.layers if layer.graph is None]
        pending += [layer.graph for layer in one.layers if layer.graph is not None]
    return tuple(sorted(size for size in sizes if size))


def _node_facts(node: Node, at: Path, seen: dict[int, str]) -> Iterator[tuple[Path, Any]]:
    yield f"{at}inputs", tuple(_ref(ref) for ref in node.inputs)
    yield f"{at}call", node.call
    # How many there are is no fact of its own: of some operations and of classes from outside, a file says only those
    # that are used.
    for number, spec in enumerate(node.outputs):
        yield f"{at}shape {number}", spec.shape
        yield f"{at}dtype {number}", spec.dtype
    yield from _layer_facts(node.layer, at, seen)


def _layer_facts(layer: Layer, at: Path, seen: dict[int, str]) -> Iterator[tuple[Path, Any]]:
    """A layer's facts where it stands first; afterwards only that it is the same layer."""
    first = seen.setdefault(layer.id, at)
    yield f"{at}shared with", "" if first == at else first
    yield f"{at}kind", f"ops.{layer.kind}" if layer.is_operation else layer.kind
    if first != at:
        return
    yield f"{at}name", layer.given_name
    yield f"{at}settings", None if layer.settings is None else tuple(sorted(layer.settings, key=lambda item: item[0]))
    yield f"{at}trainable", layer.trainable
    yield f"{at}policy", layer.dtype_policy
    yield f"{at}weights", layer.params
    yield f"{at}trainable weights", layer.trainable_params
    yield f"{at}body", None if layer.graph is None else "known"
    if layer.graph is not None:
        yield from _graph_facts(layer.graph, f"{at}/ ", seen)


def _ref(ref: Any) -> tuple[int, int] | None:
    return None if ref is None else (ref.node, ref.output)
