"""Sums over nodes, bodies and shared layers. Knows which inside to look at, not what a kind of layer costs."""

from __future__ import annotations

from keras_ascii_tools.costs.kinds import fold_time, rule_of
from keras_ascii_tools.costs.rows import Rows
from keras_ascii_tools.costs.use import Use, axis, product, total
from keras_ascii_tools.graph import How, ModelGraph, Shape, TensorRef

__all__ = ["macs", "macs_of_nodes", "total_macs"]

Cost = tuple[int | None, int | None]
"""What every row of the first input costs, and what is done once for all rows, because it depends on no input."""


def macs(graph: ModelGraph, index: int) -> int | None:
    """Count the multiply-accumulates of one node for one sample; `None` if unknown.

    Looks at the whole graph: for many nodes, `macs_of_nodes` does so once.
    """
    return _Counter().node(graph, index)


def macs_of_nodes(graph: ModelGraph) -> tuple[int | None, ...]:
    """Count the multiply-accumulates of every node, in node order."""
    counter = _Counter()
    return tuple(counter.node(graph, index) for index in range(len(graph.nodes)))


def total_macs(graph: ModelGraph) -> int | None:
    """Count the multiply-accumulates of all nodes, bodies entered, shared layers once for each call.

    `None` if any node's are unknown, or if a call or tensor could not be followed, so there may be more than nodes.
    """
    return _Counter().total(graph)


class _Counter:
    """Counts a tree of graphs; looks into a body once, however often it is called."""

    def __init__(self) -> None:
        self._rows: dict[int, Rows] = {}
        self._bodies: dict[int, Cost] = {}

    def node(self, graph: ModelGraph, index: int) -> int | None:
        return total(self._node(graph, index))

    def total(self, graph: ModelGraph) -> int | None:
        return total(self._graph(graph))

    def _graph(self, graph: ModelGraph) -> Cost:
        if not _is_whole(graph):
            return None, None
        if id(graph) not in self._bodies:
            costs = [self._node(graph, index) for index in range(len(graph.nodes))]
            self._bodies[id(graph)] = total(each for each, _ in costs), total(once for _, once in costs)
        return self._bodies[id(graph)]

    def _node(self, graph: ModelGraph, index: int) -> Cost:
        layer, rows = graph.nodes[index].layer, self._rows_of(graph)
        use = _use(graph, index, rows)
        rule = rule_of(layer)
        if layer.graph is not None and (rule is None or layer.kind == "TimeDistributed"):
            each, once = self._body(layer.graph, _seen_by_body(use))
        elif rule is None:
            return None, None
        else:
            each, once = rule(use), 0
        return (each, once) if rows.fed(index) else (0, total((each, once)))

    def _body(self, graph: ModelGraph, inputs: tuple[Shape | None, ...]) -> Cost:
        rows = self._rows_of(graph)
        expected = tuple(map(rows.shape, graph.inputs))
        if len(inputs) != len(expected) or not all(map(_fits, inputs, expected)):
            return None, None
        given = axis(inputs[0], 0) if inputs and inputs[0] != () else 1
        if any(rows.dynamic(ref) and axis(shape, 0) != given for ref, shape in zip(graph.inputs, inputs, strict=True)):
            return None, None
        each, once = self._graph(graph)
        return product(each, given), once

    def _rows_of(self, graph: ModelGraph) -> Rows:
        if id(graph) not in self._rows:
            self._rows[id(graph)] = Rows(graph, self._rows)
        return self._rows[id(graph)]


def _is_whole(graph: ModelGraph) -> bool:
    """Whether the nodes are all that is computed: between a tensor of unknown origin and its use, anything may be."""
    followed = None not in graph.outputs and all(None not in node.inputs for node in graph.nodes)
    return followed and graph.how not in {How.LAYERS_ONLY, How.UNBUILT, How.WEIGHTS}


def _use(graph: ModelGraph, index: int, rows: Rows) -> Use:
    node = graph.nodes[index]
    return Use(
        kind=node.layer.kind,
        settings=node.layer.settings or (),
        inputs=tuple(rows.shape(ref) for ref in node.inputs),
        output=rows.shape(TensorRef(index)) if node.outputs else None,
        call=node.call,
        weights=node.layer.weights or (),
    )


def _seen_by_body(use: Use) -> tuple[Shape | None, ...]:
    return (fold_time(use.input),) if use.kind == "TimeDistributed" else use.inputs


def _fits(given: Shape | None, expected: Shape | None) -> bool:
    """Whether a body's count holds for what it is given: what it knows of its input is so.

    What it does not know, a count that is known does not depend on.
    """
    if expected is None or given is None:
        return expected is None
    same = all(wanted in {None, axis} for axis, wanted in zip(given[1:], expected[1:], strict=False))
    return same and len(given) == len(expected)
