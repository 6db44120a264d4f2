"""What a row of the classic style says at its right end, beyond what the ancestor's rows say. Knows no widths.

A row that the ancestor could draw says nothing there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from keras_ascii_tools.glyphs import Charset
from keras_ascii_tools.graph import Layer, TensorRef
from keras_ascii_tools.layout import Row
from keras_ascii_tools.notation.values import format_call
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.write.classic_labels import safe
from keras_ascii_tools.write.sections import Part
from keras_ascii_tools.write.sources import COMMUTATIVE, cut_names

__all__ = ["Notes"]


class Notes:
    """What is said in one section."""

    def __init__(
        self, part: Part, options: DrawOptions, charset: Charset, *, names: bool, shared: frozenset[int]
    ) -> None:
        graph = part.graph
        self._graph = graph
        self._charset = charset
        self._options = options
        self._names = names or options.names == "all"
        self._shared = shared
        self._row_of = {row.node: number for number, row in enumerate(part.diagram.rows)}
        counts = Counter(node.layer.given_name for node in graph.nodes)
        self._unique = {name for name, times in counts.items() if name and times == 1}
        self._cuts = cut_names(part)
        self._inputs = _ends(graph.inputs) if len(graph.inputs) > 1 else {}
        used = {ref.node for node in graph.nodes for ref in node.inputs if ref is not None}
        sinks = tuple(TensorRef(row.node) for row in part.diagram.rows if row.node not in used)
        self._outputs = _ends(graph.outputs) if graph.outputs != sinks or len(sinks) > 1 else {}

    def number_of_input(self, ref: TensorRef) -> str:
        """Return which of several inputs of the model a tensor is: ` 2`, or nothing."""
        return "".join(f" {number}" for number in self._inputs.get(ref, ()))

    def of_operation(self, row: Row) -> list[str]:
        """Return what is said of a call: arguments that the lanes do not show, and the layer's name."""
        node = self._graph.nodes[row.node]
        notes = [self._arguments(row), "" if node.call is None else format_call(node.call)]
        return [*self._safe(notes), *self.of_layer(node.layer)]

    def of_layer(self, layer: Layer) -> list[str]:
        """Return the name of a layer, where rows are told apart by it."""
        wanted = self._names or layer.graph is not None or layer.id in self._shared
        name = layer.name if self._options.names == "all" else layer.given_name
        return self._safe([name or ""]) if wanted else []

    def of_tensor(self, ref: TensorRef) -> list[str]:
        """Return which of several tensors of a node it is, and which of several outputs of the model."""
        notes = [f".{ref.output}"] if ref.output else []
        return notes + [f"{self._charset.arrow}{number}" for number in self._outputs.get(ref, ())]

    def _safe(self, notes: list[str]) -> list[str]:
        return [safe(note, self._charset) for note in notes if note]

    def _arguments(self, row: Row) -> str:
        """The tensors that a node takes, where the lanes do not say it."""
        node = self._graph.nodes[row.node]
        inputs, shown = node.inputs, tuple(map(TensorRef, row.connected))
        any_order = node.layer.kind in COMMUTATIVE and node.call is None
        if inputs == shown or (any_order and len(inputs) == len(shown) and set(inputs) == set(shown)):
            return ""
        lanes = {producer: place for place, producer in enumerate(row.connected, 1)}
        if len(lanes) == 1 and set(inputs) == {TensorRef(row.connected[0])}:
            return f"{self._charset.times}{len(inputs)}"
        sources = (self._source(ref, lanes, row.node, position) for position, ref in enumerate(inputs))
        return f"<{' '.join(sources)}>"

    def _source(self, ref: TensorRef | None, lanes: Mapping[int, int], user: int, position: int) -> str:
        """A lane by its number from the left, another row by its name or by how many rows up it is."""
        if ref is None:
            return self._cuts.get((user, position), "?")
        name = self._graph.nodes[ref.node].layer.given_name
        if ref.node in lanes:
            where = str(lanes[ref.node])
        elif name in self._unique and self._names:
            where = str(name)
        else:
            where = f"^{self._row_of[user] - self._row_of[ref.node]}"
        return f"{where}.{ref.output}" if ref.output else where


def _ends(refs: tuple[TensorRef | None, ...]) -> dict[TensorRef, list[int]]:
    """Number the inputs or outputs of a model, per tensor."""
    numbers: dict[TensorRef, list[int]] = {}
    for number, ref in enumerate(refs, 1):
        if ref is not None:
            numbers.setdefault(ref, []).append(number)
    return numbers
