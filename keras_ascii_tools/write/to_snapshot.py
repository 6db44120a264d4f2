"""A graph -> its drawing in the snapshot profile (`docs/notation.md`): lossless, and the same everywhere.

Knows nothing of terminals, of options of the display, or of the reader.
"""

from __future__ import annotations

from collections import Counter

from keras_ascii_tools.glyphs import ASCII, glyph_of
from keras_ascii_tools.graph import How, Layer, ModelGraph, Node, TensorRef, canonical, without_implied
from keras_ascii_tools.layout import Row, lay_out
from keras_ascii_tools.notation.fields import (
    FIELDS,
    MAX_LANES,
    VERSION,
    Count,
    format_count,
    format_kind,
    format_model_kind,
    format_outputs,
)
from keras_ascii_tools.notation.values import format_call, format_value
from keras_ascii_tools.notation.words import format_name, format_word
from keras_ascii_tools.policies import compute_dtype, has_no_policy
from keras_ascii_tools.write.gutter import gutter, marker, wiring_of
from keras_ascii_tools.write.sections import Laid, Part, parts_of
from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, line_of

__all__ = ["snapshot"]


def snapshot(graph: ModelGraph, *, defaults: str = "") -> Sheet:
    """Draw a graph in the snapshot profile.

    Args:
        graph: Any graph.
        defaults: Version of the table of default settings, for the header.
    """
    parts, like = parts_of(graph, _laid)
    writer = _SnapshotWriter(parts, like)
    return Sheet(tuple(writer.section(part, defaults) for part in parts))


def _laid(graph: ModelGraph) -> Laid:
    graph = canonical(without_implied(graph))
    return Laid(graph, lay_out(wiring_of(graph), max_lanes=MAX_LANES))


class _SnapshotWriter:
    """Writes the sections of one drawing; knows where each layer was drawn first."""

    def __init__(self, parts: tuple[Part, ...], like: dict[int, Layer]) -> None:
        self._policy = next(filter(None, (part.graph.dtype_policy for part in parts)), None)
        self._like = like
        self._first: dict[int, int] = {}
        # The nearest row above to refer to: a distance that stays the same when rows further up come or go.
        self._latest: dict[int, int] = {}
        self._latest_like: dict[int, int] = {}
        layers: dict[int, Layer] = {}
        for part in parts:
            for number, layer in enumerate(part.rows, part.start):
                self._first.setdefault(layer.id, number)
                layers.setdefault(layer.id, layer)
        self._named = Counter(layer.given_name for layer in layers.values())

    def section(self, part: Part, defaults: str) -> Section:
        """Write one section."""
        marks = _Marks(part)
        rows = [self._row(part, row, number, marks) for number, row in enumerate(part.diagram.rows)]
        number = part.start + len(rows)
        rows += [self._uncalled_row(layer, number + index) for index, layer in enumerate(part.uncalled)]
        return Section(header=self._header(part, marks, defaults), rows=tuple(rows))

    def _header(self, part: Part, marks: _Marks, defaults: str) -> tuple[Line, ...]:
        graph = part.graph
        lines: list[tuple[str, str]] = []
        if part.owner is None:
            lines.append(("model", _title(graph.given_name, format_model_kind(graph.kind))))
            lines.append(("graph", graph.how.value))
            lines.append(("policy", format_word(self._policy) if self._policy else ""))
        else:
            same = (graph.kind, graph.given_name) == (part.owner.kind, part.owner.given_name)
            lines.append(("body", _title(part.owner.given_name, format_kind(part.owner))))
            lines.append(("model", "" if same else _title(graph.given_name, format_model_kind(graph.kind))))
            lines.append(("graph", "" if graph.how is How.DECLARED else graph.how.value))
        lines.append(("weights", format_count(Count(graph.params, graph.trainable_params)) or "0"))
        lines.append(("own weights", format_count(Count(graph.own_params, graph.own_trainable_params))))
        lines.append(("inputs", str(len(graph.inputs)) if marks.inputs else ""))
        lines.append(("outputs", str(len(graph.outputs)) if marks.outputs else ""))
        lines.append(("input structure", _structure(graph.input_structure)))
        lines.append(("output structure", _structure(graph.output_structure)))
        lines.append(("defaults", defaults if part.owner is None else ""))
        texts = [f"keras-ascii {VERSION}"] if part.owner is None else []
        texts += [f"{key}: {text}" for key, text in lines if text]
        texts += [f"note: {format_value(note)}" for note in graph.notes]
        return tuple(line_of((f"# {text}", Role.HEADER)) for text in texts)

    def _row(self, part: Part, row: Row, number: int, marks: _Marks) -> Line:
        node = part.graph.nodes[row.node]
        layer = node.layer
        mark = marker(ASCII, used_lanes=bool(row.connected), consumers=row.lane_goes_on)
        first = self._first[layer.id] == part.start + number
        tail = [
            _inputs(node, row, number, marks),
            "" if node.call is None else format_call(node.call),
            *marks.of(row.node),
        ]
        if first:
            tail += self._layer_tail(layer, part.start + number)
        weights = _weights(layer) if first else self._again(layer, part.start + number)
        dtype = compute_dtype(layer.dtype_policy or self._policy) or "float32"
        return self._line(
            gutter(row, ASCII, mark), layer, format_outputs(node.outputs, dtype), weights, " ".join(filter(None, tail))
        )

    def _uncalled_row(self, layer: Layer, number: int) -> Line:
        first = self._first[layer.id] == number
        weights = _weights(layer) if first else self._again(layer, number)
        tail = " ".join(self._layer_tail(layer, number)) if first else ""
        return self._line(ASCII.uncalled, layer, "none", weights, tail)

    def _line(self, lanes: str, layer: Layer, shape: str, weights: str, tail: str) -> Line:
        glyph = glyph_of(
            layer.kind,
            base=None,
            operation=layer.is_operation,
            nested=layer.graph is not None,
            ascii_only=True,
        )
        name = format_name(layer.given_name) if layer.given_name else ""
        pieces = [(lanes, Role.GUTTER)]
        end = len(lanes)
        for text, role, field in (
            (glyph, Role.GLYPH, "glyph"),
            (format_kind(layer), Role.KIND, "kind"),
            (name, Role.NAME, "name"),
            (shape, Role.SHAPE, "shape"),
            (weights, Role.WEIGHTS, "weights"),
            (tail, Role.SETTING, "tail"),
        ):
            if text:
                place = FIELDS[field]
                start = max(place.start + (place.width - len(text) if place.right else 0), end + 2)
                pieces += [(" " * (start - end), Role.TEXT), (text, role)]
                end = start + len(text)
        return line_of(*pieces)

    def _again(self, layer: Layer, number: int) -> str:
        """What stands for the weights of a layer that has been drawn."""
        above = self._latest[layer.id]
        self._latest[layer.id] = number
        if layer.given_name and self._named[layer.given_name] == 1:
            return "="
        return f"=^{number - above}"

    def _layer_tail(self, layer: Layer, number: int) -> list[str]:
        tokens: list[str] = []
        self._latest[layer.id] = number
        if layer.graph is not None:
            like = self._like.get(layer.id)
            drawn = layer.id if like is None else like.id
            tokens.append("{...}" if like is None else f"{{^{number - self._latest_like[drawn]}}}")
            self._latest_like[drawn] = number
        if not layer.trainable:
            tokens.append("F")
        usual = None if has_no_policy(layer.kind, layer.module) else self._policy
        if layer.dtype_policy != usual and _has_policy(layer):
            tokens.append(f"dtype={format_word(layer.dtype_policy) if layer.dtype_policy else '?'}")
        if layer.settings is None:
            tokens.append("settings=?")
        else:
            # A layer's own setting of this name must not be taken for its policy.
            reserved = _POLICY if _has_policy(layer) else frozenset[str]()
            tokens += [f"{format_word(key, reserved)}={format_value(value)}" for key, value in layer.settings]
        return tokens


_POLICY = frozenset({"dtype"})


def _has_policy(layer: Layer) -> bool:
    """Operations and input layers have none."""
    return not layer.is_operation and layer.kind != "InputLayer"


def _weights(layer: Layer) -> str:
    return format_count(Count(layer.params, layer.trainable_params), frozen=not layer.trainable)


def _title(name: str | None, kind: str) -> str:
    return f"{format_name(name)} ({kind})" if name else f"({kind})"


def _structure(value: object) -> str:
    return "" if value is None else format_value(value)  # type: ignore[arg-type]


class _Marks:
    """What a section says of its model's inputs and outputs, as far as the rows do not show them by themselves."""

    def __init__(self, part: Part) -> None:
        graph = part.graph
        rows = [row.node for row in part.diagram.rows]
        self.used = {ref.node for node in graph.nodes for ref in node.inputs if ref is not None}
        self.row_of = {index: number for number, index in enumerate(rows)}
        self.name_of = {index: graph.nodes[index].layer.given_name for index in rows}
        names = Counter(self.name_of.values())
        self.unique = {name for name, times in names.items() if name and times == 1}
        shown = tuple(TensorRef(index) for index in rows if is_input(graph.nodes[index]))
        ends = tuple(TensorRef(index) for index in rows if index not in self.used and graph.nodes[index].outputs)
        self.inputs = graph.inputs != shown
        self.outputs = graph.outputs != (ends if len(ends) == 1 else ())
        self._by_node: dict[int, list[str]] = {}
        if self.inputs:
            self._mark(graph.inputs, "<-")
        if self.outputs:
            self._mark(graph.outputs, "->")

    def _mark(self, refs: tuple[TensorRef | None, ...], sign: str) -> None:
        for number, ref in enumerate(refs, 1):
            if ref is not None:
                self._by_node.setdefault(ref.node, []).append(f"{sign}{number}{_output(ref)}")

    def of(self, node: int) -> list[str]:
        """The marks of one node."""
        return self._by_node.get(node, [])


def is_input(node: Node) -> bool:
    """Whether a row is taken for an input of the model where nothing is said."""
    return node.layer.kind == "InputLayer" and not node.inputs


def _output(ref: TensorRef) -> str:
    return f".{ref.output}" if ref.output else ""


def _inputs(node: Node, row: Row, number: int, marks: _Marks) -> str:
    """The tensors that the node takes, where the gutter does not say it."""
    if node.inputs == tuple(TensorRef(producer) for producer in row.connected):
        return ""
    lanes = {producer: str(place) for place, producer in enumerate(row.connected, 1)}

    def source(ref: TensorRef | None) -> str:
        if ref is None:
            return "?"
        text = lanes.get(ref.node)
        if text is None:
            name = marks.name_of[ref.node]
            if name and name in marks.unique:
                text = f"@{format_name(name, dots=False)}"
            else:
                text = f"^{number - marks.row_of[ref.node]}"
        return text + _output(ref)

    return "<" + " ".join(map(source, node.inputs)) + ">"
