"""How many rows of the batch axis one sample fills: mostly 1, more where other axes were folded into the batch."""

from __future__ import annotations

from fractions import Fraction

from keras_ascii_tools.costs.backend import BACKEND_MODULE
from keras_ascii_tools.costs.use import product
from keras_ascii_tools.graph import OPS_MODULE, How, Layer, ModelGraph, Node, Shape, TensorRef

__all__ = ["Rows"]

# Operations that may fold axes into the batch axis, and keep every scalar.
_FOLDING = frozenset(("Ravel", "Rearrange", "Reshape"))
# Operations that lengthen or shorten an axis, with the axis that they take by default.
_RESIZING = {"Append": None, "ArraySplit": 0, "Concatenate": 0, "Repeat": None, "Split": 0, "Vsplit": 0, "Vstack": 0}
_RESIZING_OF_BACKEND = frozenset(("ConcatV2", "Split", "SplitV", "Tile"))


class Rows:
    """The rows of every tensor of one graph, for one sample.

    A batch axis of fixed length is axis 0, and one sample's share of it is known everywhere. A dynamic one is followed
    from node to node, because operations also move it: it is axis 0, or else the only dynamic axis.
    """

    def __init__(self, graph: ModelGraph, bodies: dict[int, Rows]) -> None:
        """Follow the batch through a graph; `bodies` holds what is known of graphs inside it, by `id`, and grows."""
        self._graph = graph
        self._bodies = bodies
        self._batch = _batch(graph)
        self._fed: list[bool] = []
        self._made: list[Fraction | None] = []
        inputs = {ref.node for ref in graph.inputs if ref is not None}
        for index, node in enumerate(graph.nodes):
            given = index in inputs or node.layer.kind == "InputLayer"
            self._fed.append(given or any(ref is None or self._fed[ref.node] for ref in node.inputs))
            self._made.append(self._rows_made(node))

    def fed(self, index: int) -> bool:
        """Tell whether what a node does depends on the model's inputs."""
        return self._fed[index]

    def dynamic(self, ref: TensorRef | None) -> bool:
        """Tell whether axis 0 of a tensor is a batch of any length."""
        return ref is not None and (self._graph.spec(ref).shape or ())[:1] == (None,)

    def shape(self, ref: TensorRef | None) -> Shape | None:
        """Return the shape of a tensor, with one sample's rows for the batch axis."""
        shape = None if ref is None else self._graph.spec(ref).shape
        if ref is None or not shape or not self._fed[ref.node]:
            return shape
        place = 0 if self._batch else _batch_axis(shape)
        if place is None:
            return shape
        rows = self._rows(ref)
        known = rows is not None and rows.denominator == 1
        return (*shape[:place], rows.numerator if rows and known else None, *shape[place + 1 :])

    def growth(self) -> Fraction | None:
        """Return the rows of the graph's first output for each row of its first input; 1 if its inside is not known."""
        output = self._graph.outputs[0] if self._graph.outputs else None
        return (
            Fraction(1) if output is None or self._graph.how in {How.LAYERS_ONLY, How.WEIGHTS} else self._rows(output)
        )

    def _rows(self, ref: TensorRef) -> Fraction | None:
        if not self._batch:
            return self._made[ref.node]
        shape = self._graph.spec(ref).shape
        return Fraction(shape[0], self._batch) if shape and shape[0] is not None else None

    def _rows_made(self, node: Node) -> Fraction | None:
        """The rows of what a node makes, if the batch is dynamic."""
        found = {self._made[ref.node] for ref in node.inputs if ref is not None and self._has_dynamic_axis(ref)}
        if not found:
            return Fraction(1)
        given = found.pop() if len(found) == 1 else None
        if given is None or self._resizes_batch(node):
            return None
        if node.layer.module in {OPS_MODULE, BACKEND_MODULE} and node.layer.kind in _FOLDING:
            return self._folded(node, given)
        growth = Fraction(1) if node.layer.graph is None else self._inside(node.layer.graph).growth()
        return None if growth is None else given * growth

    def _has_dynamic_axis(self, ref: TensorRef) -> bool:
        return None in (self._graph.spec(ref).shape or (None,))

    def _resizes_batch(self, node: Node) -> bool:
        if node.layer.module != BACKEND_MODULE:
            return _resizes_axis_0(node.layer)
        before, after = self._before_and_after(node)
        same = before is None or after is None or before[1:] == after[1:]
        return node.layer.kind in _RESIZING_OF_BACKEND and (same or node.layer.kind == "Tile")

    def _before_and_after(self, node: Node) -> tuple[Shape | None, Shape | None]:
        source = node.inputs[0] if node.inputs else None
        before = None if source is None else self._graph.spec(source).shape
        return before, node.outputs[0].shape if node.outputs else None

    def _folded(self, node: Node, given: Fraction) -> Fraction | None:
        """Whatever the other axes lose, the batch axis gains."""
        before, after = self._before_and_after(node)
        if before is None or after is None:
            return None
        if before[1:] == after[1:]:
            return given
        many, few = _without_batch(before), _without_batch(after)
        return given * many / few if many and few else None

    def _inside(self, graph: ModelGraph) -> Rows:
        if id(graph) not in self._bodies:
            self._bodies[id(graph)] = Rows(graph, self._bodies)
        return self._bodies[id(graph)]


def _batch(graph: ModelGraph) -> int | None:
    """The length of the batch axis, if the model fixes it."""
    first = graph.inputs[0] if graph.inputs else None
    shape = None if first is None else graph.spec(first).shape
    return shape[0] if shape else None


def _batch_axis(shape: Shape) -> int | None:
    if shape[0] is None:
        return 0
    return shape.index(None) if shape.count(None) == 1 else None


def _without_batch(shape: Shape) -> int | None:
    place = _batch_axis(shape) if shape else None
    return None if place is None else product(*shape[:place], *shape[place + 1 :])


def _resizes_axis_0(layer: Layer) -> bool:
    if layer.kind == "Tile" and layer.is_operation:
        repeats = layer.setting("repeats")
        return not isinstance(repeats, tuple) or repeats[:1] != (1,)
    if layer.kind not in _RESIZING:
        return False
    return layer.setting("axis", _RESIZING[layer.kind] if layer.is_operation else -1) in {0, None}
