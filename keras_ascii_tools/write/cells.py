"""One section -> the texts of its rows, column by column, for the display profile. Knows no widths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import Charset, glyph_of
from keras_ascii_tools.graph import Layer, ModelGraph, Node, TensorRef, TensorSpec
from keras_ascii_tools.layout import Row
from keras_ascii_tools.notation.fields import format_outputs, label_of_kind
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.policies import compute_dtype
from keras_ascii_tools.view import row_params
from keras_ascii_tools.write.describe import Description, call_of, describe
from keras_ascii_tools.write.gutter import gutter, marker
from keras_ascii_tools.write.sections import Part
from keras_ascii_tools.write.sheet import Role
from keras_ascii_tools.write.sources import COMMUTATIVE, cut_names, end_names, output_suffix

__all__ = ["FROZEN", "Cell", "CellWriter", "RowCells"]

_UNKNOWN = TensorSpec()

Cell = tuple[tuple[str, Role], ...]
"""Texts and their roles."""


@dataclass(frozen=True, slots=True)
class RowCells:
    """One row, before it is fitted into columns."""

    gutter: str
    marker: int
    """Where in the gutter the node stands; -1 for none."""
    cells: Mapping[str, Cell]
    layer: Layer
    params: int
    macs: int
    """For sorting: -1 where it is not known."""


class CellWriter:
    """Writes the rows of all sections of one drawing; knows which layers have been drawn before."""

    def __init__(self, options: DrawOptions, charset: Charset, total: int | None, policy: str | None) -> None:
        self._options = options
        self._charset = charset
        self._total = total
        self._policy = policy
        self._glyphs = dict(options.glyphs)
        self._drawn: set[int] = set()
        self._costs: tuple[int | None, ...] | None = None
        self._writers: dict[str, Callable[[_RowFacts], Cell]] = {
            "glyph": self._glyph,
            "kind": self._kind,
            "name": self._name,
            "shape": self._shape,
            "weights": self._weights,
            "share": self._share,
            "macs": self._macs,
            "trainable": self._trainable,
            "dtype": self._dtype,
            "inputs": self._inputs,
            "settings": self._settings,
        }

    def rows(self, part: Part) -> list[RowCells]:
        """Write the rows of a section, from top to bottom."""
        about = _SectionFacts(part)
        view = part.laid.view
        copies = row_params(view) if view is not None and view.folds else None
        self._costs = self._counted(part.graph)
        rows = [
            self._row(_RowFacts(part, about, row, number), copies[row.node] if copies is not None else None)
            for number, row in enumerate(part.diagram.rows)
        ]
        return rows + [self._row(_RowFacts(part, about, None, 0, layer)) for layer in part.uncalled]

    def _row(self, facts: _RowFacts, copies: tuple[int | None, ...] | None = None) -> RowCells:
        """Write a row; `copies` has the weights of each of the copies that a folded row stands for."""
        layer = facts.layer
        facts.again = layer.id in self._drawn
        facts.copies = (layer.params,) if copies is None else copies
        self._drawn.add(layer.id)
        row = facts.row
        lanes, at = self._charset.uncalled, 0
        if row is not None:
            mark = _mark(self._charset, facts)
            lanes, at = gutter(row, self._charset, mark), 2 * row.column
        cost = self._costs[row.node] if row is not None and self._costs is not None else None
        facts.macs = cost
        return RowCells(
            gutter=lanes,
            marker=at,
            cells={column: self._writers[column](facts) for column in self._options.columns},
            layer=layer,
            params=0 if facts.again else sum(params or 0 for params in facts.copies),
            macs=-1 if cost is None else cost,
        )

    def _counted(self, graph: ModelGraph) -> tuple[int | None, ...] | None:
        if "macs" not in self._options.columns and self._options.sort != "macs":
            return None
        from keras_ascii_tools.costs import macs_of_nodes  # for few drawings, and it takes a while to load

        return macs_of_nodes(graph)

    def _glyph(self, facts: _RowFacts) -> Cell:
        layer = facts.layer
        text = glyph_of(
            layer.kind.partition("+")[0],  # a fused row begins with its first layer's kind
            base=layer.base,
            operation=layer.is_operation,
            nested=layer.graph is not None,
            ascii_only=self._charset.name == "ascii",
            own=self._glyphs,
        )
        return ((text, Role.GLYPH),)

    def _kind(self, facts: _RowFacts) -> Cell:
        about = facts.about(self._charset)
        kind = self._text(facts.kind)
        pieces = [(kind, Role.KIND)]
        if about.inner:
            pieces.append((f"({self._text(about.inner)})", Role.DEFINING))
        if about.defining:
            pieces.append((f"  {self._text(about.defining)}", Role.DEFINING))
        return tuple(pieces)

    def _name(self, facts: _RowFacts) -> Cell:
        layer = facts.layer
        name = layer.name if self._options.names == "all" else layer.given_name
        return ((self._text(name or ""), Role.NAME),)

    def _shape(self, facts: _RowFacts) -> Cell:
        if facts.node is None:
            return (("", Role.SHAPE),)
        if set(facts.node.outputs) == {_UNKNOWN}:
            return (("unknown", Role.SHAPE),)
        policy = facts.layer.dtype_policy or self._policy
        return ((format_outputs(facts.node.outputs, compute_dtype(policy) or "float32"), Role.SHAPE),)

    def _weights(self, facts: _RowFacts) -> Cell:
        layer = facts.layer
        if facts.again:
            return (("=" if layer.params else "", Role.WEIGHTS),)
        text = self._count(facts.copies)
        if text and not layer.trainable:
            return ((text, Role.WEIGHTS), (FROZEN, Role.FROZEN))
        return ((text, Role.WEIGHTS),)

    def _count(self, copies: tuple[int | None, ...]) -> str:
        """The weights of a row; of a folded one, of each copy, or the least and the most of them."""
        known = [params for params in copies if params is not None]
        if len(known) < len(copies):
            return "?"
        if len(set(known)) > 1:
            return f"{min(known):,}{self._charset.ellipsis}{max(known):,}"
        return f"{known[0]:,}" if known and known[0] else ""

    def _share(self, facts: _RowFacts) -> Cell:
        params = sum(copy or 0 for copy in facts.copies)
        if not params or not self._total or facts.again:
            return (("", Role.SHARE),)
        share = min(params / self._total, 1.0)
        return ((f"{share:5.1%} {_bar(share, self._charset.bar)}", Role.SHARE),)

    def _macs(self, facts: _RowFacts) -> Cell:
        cost = facts.macs
        text = ("?" if facts.node is not None else "") if cost is None else f"{cost:,}" if cost else ""
        return ((text, Role.MACS),)

    def _trainable(self, facts: _RowFacts) -> Cell:
        """Of a layer that has anything to train."""
        layer = facts.layer
        return (("" if layer.params == 0 else "yes" if layer.trainable else "no", Role.SETTING),)

    def _dtype(self, facts: _RowFacts) -> Cell:
        return ((self._text(facts.layer.dtype_policy or ""), Role.SETTING),)

    def _inputs(self, facts: _RowFacts) -> Cell:
        """The same as the lanes, in words: for screen readers, and for a sorted table."""
        sources = [facts.source_name(ref, at) for at, ref in enumerate(facts.node.inputs)] if facts.node else []
        return ((self._text(", ".join(sources)), Role.SETTING),)

    def _settings(self, facts: _RowFacts) -> Cell:
        layer, node = facts.layer, facts.node
        words: list[str] = []
        if node is not None:
            words.append(facts.argument_order(self._charset.times))
            words.append(call_of(node))
            words += facts.inputs(self._charset.back)
            words += facts.outputs(self._charset.arrow)
        words += facts.about(self._charset).rest
        if layer.dtype_policy not in {None, self._policy} and "dtype" not in self._options.columns:
            words.append(f"dtype={layer.dtype_policy}")
        return ((self._text("  ".join(filter(None, words))), Role.SETTING),)

    def _text(self, text: str) -> str:
        """A text that the model brought, safe to show and within the charset."""
        shown = visible(text)
        if self._charset.name == "ascii" and not shown.isascii():
            return shown.encode("ascii", "backslashreplace").decode("ascii")
        return shown


class _SectionFacts:
    """What the rows of one section need to know of each other."""

    def __init__(self, part: Part) -> None:
        graph = part.graph
        self.used = {ref.node for node in graph.nodes for ref in node.inputs if ref is not None}
        self.row_of = {row.node: number for number, row in enumerate(part.diagram.rows)}
        names = Counter(node.layer.given_name for node in graph.nodes)
        self.unique = {name for name, times in names.items() if name and times == 1}
        self.cuts = cut_names(part)
        self.inputs = _input_marks(graph, self.row_of)
        self.ends = {ref.node for ref in graph.outputs if ref is not None}
        self.outputs: dict[int, list[str]] = {}
        # One that nothing else uses shows itself.
        if len(graph.outputs) > 1 or self.ends & self.used:
            keys = end_names(graph.output_structure, len(graph.outputs))
            for number, ref in enumerate(graph.outputs):
                if ref is not None:
                    name = keys[number] or str(number + 1)
                    self.outputs.setdefault(ref.node, []).append(f"{name}{output_suffix(ref)}")


class _RowFacts:
    """One row, and what its columns say of it."""

    def __init__(
        self, part: Part, section: _SectionFacts, row: Row | None, number: int, layer: Layer | None = None
    ) -> None:
        self.part = part
        self.row = row
        self.number = number
        self.node: Node | None = part.graph.nodes[row.node] if row is not None else None
        self.layer = self.node.layer if self.node is not None else layer or Layer(id=-1, kind="?")
        self.again = False
        self.macs: int | None = None
        self.copies: tuple[int | None, ...] = ()
        self._section = section
        self._about: Description | None = None

    @property
    def used(self) -> bool:
        return self.row is not None and self.row.node in self._section.used

    @property
    def is_output(self) -> bool:
        return self.row is not None and self.row.node in self._section.ends

    @property
    def kind(self) -> str:
        return label_of_kind(self.layer)

    def about(self, charset: Charset) -> Description:
        """The layer in words."""
        if self._about is None:
            self._about = describe(self.layer, charset.times)
        return self._about

    def argument_order(self, times: str) -> str:
        """The tensors that the node takes, where the gutter does not say it."""
        node, row = self.node, self.row
        if node is None or row is None or node.inputs == tuple(TensorRef(lane) for lane in row.connected):
            return ""
        lanes = {producer: str(place) for place, producer in enumerate(row.connected, 1)}
        if len(lanes) == 1 and set(node.inputs) == {TensorRef(row.connected[0])} and node.call is None:
            return f"{times}{len(node.inputs)}"
        once = len(set(node.inputs)) == len(node.inputs) == len(lanes)
        plain = all(ref is not None and not ref.output for ref in node.inputs)
        if once and plain and self.layer.kind in COMMUTATIVE and node.call is None:
            return ""
        return "<" + " ".join(self._source(ref, at, lanes) for at, ref in enumerate(node.inputs)) + ">"

    def _source(self, ref: TensorRef | None, position: int, lanes: Mapping[int, str]) -> str:
        """A tensor's origin by its lane, if it has one here."""
        if ref is not None and ref.node in lanes:
            return f"{lanes[ref.node]}{output_suffix(ref)}"
        return self.source_name(ref, position)

    def source_name(self, ref: TensorRef | None, position: int) -> str:
        """A tensor's origin by name, or by the number of rows up."""
        if ref is None:
            return self._section.cuts.get((self.row.node if self.row else -1, position), "?")
        name = self.part.graph.nodes[ref.node].layer.given_name
        where = name if name in self._section.unique else f"^{self.number - self._section.row_of[ref.node]}"
        return f"{where}{output_suffix(ref)}"

    def inputs(self, arrow: str) -> list[str]:
        """Which of several model inputs the node is, where neither its name nor its place says it."""
        mark = self._section.inputs.get(self.row.node) if self.row is not None else None
        return [f"{arrow}{mark}"] if mark else []

    def outputs(self, arrow: str) -> list[str]:
        """Which of several model outputs the node makes."""
        if self.row is None:
            return []
        return [f"{arrow}{text}" for text in self._section.outputs.get(self.row.node, ())]


def _input_marks(graph: ModelGraph, row_of: Mapping[int, int]) -> dict[int, str]:
    """By node, the name or number under which a model takes it."""
    rows = [row_of.get(ref.node, -1) if ref is not None else -1 for ref in graph.inputs]
    in_order = rows == sorted(rows)
    marks: dict[int, str] = {}
    for number, (ref, key) in enumerate(zip(graph.inputs, end_names(graph.input_structure, len(rows)), strict=True), 1):
        name = graph.nodes[ref.node].layer.given_name if ref is not None else None
        if ref is not None and len(rows) > 1 and (key != name if key else not (name or in_order)):
            marks[ref.node] = key or str(number)
    return marks


def _mark(charset: Charset, facts: _RowFacts) -> str:
    """The sign of a node. What nothing uses is an output of the model, or a dead end."""
    if not facts.used:
        return charset.sink if facts.is_output else charset.alone
    return marker(charset, used_lanes=bool(facts.node and facts.node.inputs), consumers=True)


BAR_CELLS = 5
FROZEN = " F"


def _bar(share: float, steps: str) -> str:
    """A bar of five cells; anything above nothing shows at least the smallest step that is not empty from 1 % on."""
    parts = len(steps) - 1
    filled = round(share * BAR_CELLS * parts)
    whole, rest = divmod(filled, parts)
    text = steps[-1] * whole + (steps[rest] if rest else "")
    return text.ljust(BAR_CELLS)
