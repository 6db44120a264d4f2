"""A drawing in the snapshot profile -> the graph that it was drawn from (`docs/notation.md`).

Knows nothing of the writer. Bad text is refused with its line; nothing in it is trusted for size or depth.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from keras_ascii_tools.errors import DrawingError, GraphError
from keras_ascii_tools.graph import (
    How,
    Layer,
    ModelGraph,
    Node,
    TensorRef,
    Value,
    canonical,
    layers_by_depth,
)
from keras_ascii_tools.notation.fields import Count, parse_count, parse_kind, parse_model_kind, parse_outputs
from keras_ascii_tools.notation.values import parse_value
from keras_ascii_tools.notation.words import parse_string
from keras_ascii_tools.policies import compute_dtype, has_no_policy
from keras_ascii_tools.read.drawing_rows import RowText, Source, parse_row
from keras_ascii_tools.read.drawing_text import SectionText, sections_of, title_of
from keras_ascii_tools.read.drawn_weights import with_weights

__all__ = ["is_drawing", "read_drawing"]

_T = TypeVar("_T")
_DEEPEST = 50
"""Bodies in bodies."""
_MOST_ROWS = 50_000
"""Rows of bodies, those counted again that stand for several layers."""


def is_drawing(text: str) -> bool:
    """Tell whether a text says that it is a snapshot drawing."""
    return text.lstrip("\ufeff").startswith("# keras-ascii ")


def read_drawing(text: str) -> ModelGraph:
    """Read a drawing back into the graph that it was drawn from.

    Raises:
        DrawingError: The text is no snapshot drawing, or a damaged one; says the line.
    """
    sections = deque(sections_of(text))
    return _DrawingReader(sections).read()


@dataclass(slots=True)
class _Drawn:
    """A layer of the drawing while its body is not read yet."""

    row: RowText
    layer: Layer
    body: _Part | None = None
    like: _Drawn | None = None


@dataclass(slots=True)
class _Part:
    """A section, its rows read and its layers not yet made."""

    text: SectionText
    rows: tuple[RowText, ...]
    drawn: list[_Drawn]


class _DrawingReader:
    def __init__(self, sections: deque[SectionText]) -> None:
        self._sections = sections
        self._rows: list[_Drawn] = []
        self._next_id = 0
        self._depth = 0
        self._rows_made = 0
        head = sections[0]
        self._policy = _at_line(head.line, _word, head.headers.get("policy", ""))
        self._keep_names = head.headers.get("names") == "kept"

    def read(self) -> ModelGraph:
        first = self._part(self._sections.popleft())
        waiting = deque([first])
        while waiting:
            for drawn in self._owners(waiting.popleft()):
                if not self._sections:
                    raise drawn.row.error("the body of this row is missing: expected another section at the end")
                section = self._sections.popleft()
                drawn.body = self._part(section)
                self._check_title(drawn, section)
                waiting.append(drawn.body)
        if self._sections:
            raise DrawingError(f"line {self._sections[0].line}: no row above has this body")
        return with_weights(self._graph(first, None))

    def _owners(self, part: _Part) -> Iterator[_Drawn]:
        """The layers of a section that have a body of their own, each once."""
        for drawn in part.drawn:
            if drawn.row.body == "..." and drawn.body is None and drawn.row.same is None:
                yield drawn

    def _check_title(self, drawn: _Drawn, section: SectionText) -> None:
        name, label = title_of(section.headers.get("body", ""), section.line)
        if (name, _at_line(section.line, _kind_of_body, label)) != (drawn.layer.given_name, drawn.layer.kind):
            raise DrawingError(
                f"line {section.line}: expected the body of {drawn.layer.kind} (line {drawn.row.line}), got "
                f"'{section.headers.get('body', '')}'"
            )

    def _part(self, text: SectionText) -> _Part:
        said = text.headers.get("weights", "0")
        if not text.rows and said not in {"0", "?", text.headers.get("own weights", "0")}:
            raise DrawingError(f"line {text.line}: cut off: {said} weights, and no rows")
        rows: list[RowText] = []
        drawn: list[_Drawn] = []
        lanes: dict[int, int] = {}
        for line, content in text.rows:
            row = parse_row(content, line, lanes, len(rows))
            found = self._layer_of(row)
            rows.append(row)
            drawn.append(found)
            self._rows.append(found)
        return _Part(text, tuple(rows), drawn)

    def _layer_of(self, row: RowText) -> _Drawn:
        """The layer of a row: a new one, or one that was drawn above."""
        if row.same is None:
            found = _Drawn(row, self._new_layer(row))
            if row.body is not None and row.body != "...":
                found.like = self._above(row, int(row.body))
            return found
        if row.same:
            return self._above(row, row.same)
        named = [drawn for drawn in self._rows if drawn.layer.given_name == row.name and row.name]
        if not named:
            raise row.error(f"'=' has no row above with the name {row.name!r}")
        return named[0]

    def _above(self, row: RowText, distance: int) -> _Drawn:
        if not 0 < distance <= len(self._rows):
            raise row.error(f"there is no row {distance} rows up")
        return self._rows[-distance]

    def _new_layer(self, row: RowText) -> Layer:
        kind, module = _at_line(row.line, parse_kind, row.kind)
        count: Count = _at_line(row.line, partial(parse_count, frozen=row.frozen), row.weights)
        self._next_id += 1
        has_policy = module != "keras.ops" and kind != "InputLayer"
        usual = None if has_no_policy(kind, module) else self._policy
        return Layer(
            id=self._next_id,
            kind=kind,
            module=module,
            name=row.name,
            named=row.name is not None,
            settings=row.settings,
            trainable=not row.frozen,
            dtype_policy=(usual if row.policy == "" else row.policy) if has_policy else None,
            params=count.total,
            trainable_params=count.trainable,
        )

    def _graph(self, part: _Part, clone: dict[int, int] | None) -> ModelGraph:
        """Make the graph of a section; `clone` gives its layers other ids."""
        made: dict[int, Layer] = {}
        for drawn in part.drawn:
            if id(drawn) not in made:
                made[id(drawn)] = self._finished(drawn, clone)
        headers, line = part.text.headers, part.text.line
        nodes: list[Node] = []
        place: dict[int, int] = {}
        for number, (row, drawn) in enumerate(zip(part.rows, part.drawn, strict=True)):
            if row.called:
                place[number] = len(nodes)
                nodes.append(self._node(part, number, row, made[id(drawn)], place))
        title = headers.get("model") or headers.get("body", "")
        name, label = title_of(title, line)
        own = _at_line(line, parse_count, headers.get("own weights", ""))
        refs = _Ends(part, place, nodes)
        try:
            graph = ModelGraph(
                kind=_at_line(line, parse_model_kind if headers.get("model") else _kind_of_body, label),
                name=name,
                named=name is not None,
                nodes=tuple(nodes),
                inputs=refs.inputs(headers.get("inputs")),
                outputs=refs.outputs(headers.get("outputs")),
                input_structure=_value(headers, "input structure", line),
                output_structure=_value(headers, "output structure", line),
                layers=tuple(dict.fromkeys(layer for layer in made.values() if not layer.is_operation)),
                own_params=own.total,
                own_trainable_params=own.trainable,
                own_bytes=None if own.total != 0 else 0,
                how=_how(headers.get("graph", "declared"), line),
                notes=part.text.notes,
            )
        except GraphError as error:
            raise DrawingError(f"line {line}: {error}") from error
        return canonical(_as_in_keras(graph))

    def _finished(self, drawn: _Drawn, clone: dict[int, int] | None) -> Layer:
        """The layer with its body, under the id that it has in this copy of its section."""
        layer = drawn.layer
        if clone is not None:
            if layer.id not in clone:
                self._next_id += 1
                clone[layer.id] = self._next_id
            layer = replace(layer, id=clone[layer.id])
        if drawn.like is not None:
            target = drawn.like
            while target.like is not None:
                target = target.like
            if target.body is None:
                raise drawn.row.error("the row that this one refers to has no body of its own")
            return replace(layer, graph=_renamed(self._body(drawn.row, target.body, {}), target.layer, layer))
        if drawn.body is not None:
            return replace(layer, graph=self._body(drawn.row, drawn.body, clone))
        return layer

    def _body(self, row: RowText, part: _Part, clone: dict[int, int] | None) -> ModelGraph:
        """Make the graph of a body; one that holds itself, or bodies twice in each other, would have no end."""
        self._depth += 1
        self._rows_made += len(part.rows)
        if self._depth > _DEEPEST:
            raise row.error(f"bodies stand in bodies, deeper than {_DEEPEST}")
        if self._rows_made > _MOST_ROWS:
            raise row.error(f"with the bodies that are drawn once, there are more than {_MOST_ROWS:,} rows")
        graph = self._graph(part, clone)
        self._depth -= 1
        return graph

    def _node(self, part: _Part, number: int, row: RowText, layer: Layer, place: dict[int, int]) -> Node:
        dtype = compute_dtype(layer.dtype_policy or self._policy) or "float32"
        try:
            outputs = parse_outputs(row.shape, dtype)
            inputs = tuple(self._source(part, number, row, source, place) for source in row.inputs)
            return Node(layer=layer, inputs=inputs, outputs=outputs, call=row.call)
        except (ValueError, GraphError) as error:
            raise row.error(str(error)) from error

    def _source(
        self, part: _Part, number: int, row: RowText, source: Source | None, place: dict[int, int]
    ) -> TensorRef | None:
        if source is None:
            return None
        at: int | None = number - source.up
        if source.name is not None:
            found = [index for index, other in enumerate(part.rows[:number]) if other.name == source.name]
            at = found[0] if len(found) == 1 else None
        if at is None or at not in place:
            raise row.error(f"no row above is {source.name or f'{source.up} rows up'}")
        return TensorRef(place[at], source.output)


def _as_in_keras(graph: ModelGraph) -> ModelGraph:
    """The layers in the order of `keras.Model.layers`: in a drawing they stand in the order of the rows."""
    if graph.how is not How.DECLARED:
        return graph
    if graph.kind == "Sequential":
        called = {node.layer.id for node in graph.nodes if node.layer.kind == "InputLayer"}
        return replace(graph, layers=tuple(layer for layer in graph.layers if layer.id not in called))
    return replace(graph, layers=layers_by_depth(graph))


def _renamed(body: ModelGraph, of: Layer, to: Layer) -> ModelGraph:
    """A body drawn for one layer, for another like it: it has the name of its owner."""
    if body.given_name != of.given_name:
        return body
    return replace(body, name=to.name, named=to.named)


class _Ends:
    """Finds the model's inputs and outputs: from the marks on the rows, or from what the rows show."""

    def __init__(self, part: _Part, place: dict[int, int], nodes: list[Node]) -> None:
        self._part = part
        self._place = place
        self._nodes = nodes

    def inputs(self, count: str | None) -> tuple[TensorRef | None, ...]:
        if count is not None:
            return self._marked(count, "<-")
        return tuple(
            TensorRef(index)
            for index, node in enumerate(self._nodes)
            if node.layer.kind == "InputLayer" and not node.inputs
        )

    def outputs(self, count: str | None) -> tuple[TensorRef | None, ...]:
        if count is not None:
            return self._marked(count, "->")
        used = {ref.node for node in self._nodes for ref in node.inputs if ref is not None}
        ends = [index for index, node in enumerate(self._nodes) if index not in used and node.outputs]
        return (TensorRef(ends[0]),) if len(ends) == 1 else ()

    def _marked(self, count: str, sign: str) -> tuple[TensorRef | None, ...]:
        if not count.isdigit() or len(count) > 6:
            raise DrawingError(f"line {self._part.text.line}: expected a number of inputs or outputs, got {count!r}")
        found: list[TensorRef | None] = [None] * int(count)
        for number, row in enumerate(self._part.rows):
            for mark, position, output in row.marks:
                if mark == sign:
                    if not 1 <= position <= len(found):
                        raise row.error(f"{sign}{position} is marked and the header says {count}")
                    found[position - 1] = TensorRef(self._place[number], output)
        return tuple(found)


def _at_line(line: int, read: Callable[[str], _T], text: str) -> _T:
    """Read a text; if it is not what it should be, say the line."""
    try:
        return read(text)
    except ValueError as error:
        raise DrawingError(f"line {line}: {error}") from error


def _kind_of_body(label: str) -> str:
    """The class name of the layer whose body it is, written as on its row."""
    return parse_kind(label)[0]


def _how(text: str, line: int) -> How:
    try:
        return How(text)
    except ValueError:
        raise DrawingError(f"line {line}: 'graph: {text}' is not one of {', '.join(How)}") from None


def _value(headers: dict[str, str], key: str, line: int) -> Value:
    try:
        return parse_value(headers[key]) if key in headers else None
    except ValueError as error:
        raise DrawingError(f"line {line}: {key}: {error}") from error


def _word(text: str) -> str | None:
    return parse_string(text) if text.startswith('"') else text or None
