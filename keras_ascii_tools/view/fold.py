"""Draw repeated rows once: tandem repeats in the order of the rows, with their wiring.

A block of rows is a copy of the one before it if its rows are alike, one by one, and each of its inputs comes from the
same place counted from the row itself, or is the same tensor. The rows that save most are folded first, then what is
left is searched again, so that folds nest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keras_ascii_tools.errors import GraphError
from keras_ascii_tools.graph import TensorRef, all_layers
from keras_ascii_tools.view.blocks import blocks, entries
from keras_ascii_tools.view.rows import NOWHERE, Block, Bracket, Rows, Source
from keras_ascii_tools.view.tokens import node_tokens
from keras_ascii_tools.view.types import Fold, View, view_of

if TYPE_CHECKING:
    from keras_ascii_tools.graph import ModelGraph

__all__ = ["fold"]

_DEFAULT_LEAST = 2
"""A fold that saves one row costs as much attention as it saves."""


def fold(
    source: ModelGraph | View, order: Sequence[int], *, structural: bool = False, min_rows: int = _DEFAULT_LEAST
) -> View:
    """Return a view in which blocks of rows that repeat are drawn once.

    Nodes of the result are in the order of their rows. Rows that make the model's inputs are never folded, nor are rows
    whose tensors are used beyond the next copy.

    Args:
        source: What to fold; a view that is folded already is refused.
        order: Nodes of the graph in the order of their rows, each after those that it uses.
        structural: Fold also blocks that differ in width: see `tokens.SIZES`. Shapes and weights drawn are then those
            of the first copy; `row_params` has the weights of all.
        min_rows: Rows that a fold must save, at least 1.
    """
    view = view_of(source)
    if sorted(order) != list(range(len(view.graph.nodes))):
        raise GraphError(f"the order of the rows must have each of the {len(view.graph.nodes)} nodes once")
    folding = _Folding(view, order, node_tokens(view.graph, structural=structural))
    while folding.fold_once(max(min_rows, 1)):
        pass
    return folding.view() if folding.folds else replace(view, order=tuple(order))


@dataclass(slots=True)
class _Folded:
    """A fold, by nodes of the graph that is folded."""

    first: int
    last: int
    times: int
    kept: list[TensorRef]
    carried: list[tuple[TensorRef, TensorRef]]


class _Folding:
    """What is left after each round, by nodes of the view's graph."""

    def __init__(self, view: View, order: Sequence[int], tokens: Sequence[int]) -> None:
        self._view = view
        self._nodes = view.graph.nodes
        self._rows = list(order)
        self._place = {node: row for row, node in enumerate(order)}
        self._inputs = [node.inputs for node in self._nodes]
        self._outputs = view.graph.outputs
        self._members = [[node] for node in range(len(self._nodes))]
        self._cut = {(cut.node, cut.position): cut.source for cut in view.cuts}
        self._numbers: dict[object, int] = {}
        self._tokens = _with_fixed(view.graph, tokens)
        self.folds: list[_Folded] = []

    def fold_once(self, least: int) -> bool:
        """Fold the blocks that save most, where they do not overlap; say whether there were any."""
        rows = self._numbered_rows()
        found = blocks(rows, least)
        if found:
            alias: dict[int, int] = {}
            before = list(self.folds)
            for block in found:
                self._note(rows, block, before)
                self._join(block, alias)
            self._rewire(found, alias)
        return bool(found)

    def _numbered_rows(self) -> Rows:
        place = {node: row for row, node in enumerate(self._rows)}
        # A stable sort: of two folds of the same rows, the outer one stays first.
        self.folds.sort(key=lambda folded: (place[folded.first], -place[folded.last]))
        return Rows(
            tokens=[self._number(self._alike(node)) for node in self._rows],
            inputs=[self._sources(node, place) for node in self._rows],
            layers=self._calls(),
            outputs=frozenset(place[ref.node] for ref in self._outputs if ref is not None),
            brackets=[self._bracket(folded, place) for folded in self.folds],
        )

    def _number(self, thing: object) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def _alike(self, node: int) -> tuple[int, int, int]:
        """Rows that stand for another number of copies, or of layers, are not alike."""
        members = self._members[node]
        if len(members) == 1:
            return (self._tokens[node], 1, 1)
        return (self._tokens[node], len(members), len({self._nodes[member].layer.id for member in members}))

    def _sources(self, node: int, place: Mapping[int, int]) -> tuple[Source, ...]:
        return tuple(
            (NOWHERE, self._number(self._cut.get((node, position)))) if ref is None else (place[ref.node], ref.output)
            for position, ref in enumerate(self._inputs[node])
        )

    def _calls(self) -> list[tuple[int, int, int]]:
        layers = [self._nodes[node].layer.id for node in self._rows]
        before: list[int] = [0] * len(layers)
        after: list[int] = [0] * len(layers)
        latest: dict[int, int] = {}
        for row, layer in enumerate(layers):
            earlier = latest.get(layer)
            if earlier is not None:
                before[row] = after[earlier] = row - earlier
            latest[layer] = row
        return list(zip(layers, before, after, strict=True))

    def _bracket(self, folded: _Folded, place: Mapping[int, int]) -> Bracket:
        first, last = place[folded.first], place[folded.last]
        inner = {outside: TensorRef(place[ref.node] - first, ref.output) for outside, ref in folded.carried}
        uses = [
            (row - first, position, inner[ref].node, inner[ref].output)
            for row in range(first, last + 1)
            for position, ref in enumerate(self._inputs[self._rows[row]])
            if inner and ref in inner
        ]
        return Bracket(first, last, folded.times, tuple(uses))

    def _note(self, rows: Rows, block: Block, before: Sequence[_Folded]) -> None:
        """Add the fold of a block before those that it holds and after those that hold it."""

        def ref(source: Source) -> TensorRef:
            return TensorRef(self._rows[source[0]], source[1])

        kept, carried = entries(rows, block)
        last = block.start + block.period - 1
        folded = _Folded(
            first=self._rows[block.start],
            last=self._rows[last],
            times=block.times,
            kept=[ref(source) for source in kept],
            carried=[(ref(outside), ref(inside)) for outside, inside in carried],
        )
        at = bisect_left(rows.brackets, (block.start, -last), key=lambda other: (other.first, -other.last))
        self.folds.insert(self.folds.index(before[at]) if at < len(before) else len(self.folds), folded)

    def _join(self, block: Block, alias: dict[int, int]) -> None:
        """Let the first copy stand for all, and be what the users of the last copy use."""
        for row in range(block.start, block.start + block.period):
            node = self._rows[row]
            for other in range(row + block.period, block.end, block.period):
                self._members[node] += self._members[self._rows[other]]
            alias[self._rows[row + block.period * (block.times - 1)]] = node

    def _rewire(self, found: Iterable[Block], alias: Mapping[int, int]) -> None:
        removed: set[int] = set()
        for block in found:
            removed.update(self._rows[block.start + block.period : block.end])

        def moved(ref: TensorRef | None) -> TensorRef | None:
            return ref if ref is None or ref.node not in alias else TensorRef(alias[ref.node], ref.output)

        def sure(ref: TensorRef) -> TensorRef:
            return TensorRef(alias.get(ref.node, ref.node), ref.output)

        self._rows = [node for node in self._rows if node not in removed]
        for node in self._rows:
            if any(ref is not None and ref.node in alias for ref in self._inputs[node]):
                self._inputs[node] = tuple(map(moved, self._inputs[node]))
        self._outputs = tuple(map(moved, self._outputs))
        self.folds = [folded for folded in self.folds if folded.first not in removed]
        for folded in self.folds:
            folded.last = alias.get(folded.last, folded.last)
            folded.kept = [sure(ref) for ref in folded.kept]
            folded.carried = [(sure(outside), sure(inside)) for outside, inside in folded.carried]

    def view(self) -> View:
        """Return what is left as a view, its nodes in the order of their rows."""
        place = {node: row for row, node in enumerate(self._rows)}

        def moved(ref: TensorRef | None) -> TensorRef | None:
            return None if ref is None else TensorRef(place[ref.node], ref.output)

        nodes = [replace(self._nodes[node], inputs=tuple(map(moved, self._inputs[node]))) for node in self._rows]
        left = {node.layer.id for node in nodes}
        gone = {node.layer.id for node in self._nodes} - left
        graph = self._view.graph
        return replace(
            self._view,
            graph=replace(
                graph,
                nodes=tuple(nodes),
                inputs=tuple(map(moved, graph.inputs)),
                outputs=tuple(map(moved, self._outputs)),
                layers=tuple(layer for layer in graph.layers if layer.id not in gone),
            ),
            copies=tuple(self._copies(node) for node in self._rows),
            order=tuple(range(len(nodes))),
            folds=self._placed_folds(place),
            cuts=tuple(replace(cut, node=place[cut.node]) for cut in self._view.cuts if cut.node in place),
        )

    def _copies(self, node: int) -> tuple[tuple[int, ...], ...]:
        members = sorted(self._members[node], key=self._place.__getitem__)
        return tuple(self._view.copies[member][0] for member in members)

    def _placed_folds(self, place: Mapping[int, int]) -> tuple[Fold, ...]:
        def moved(ref: TensorRef) -> TensorRef:
            return TensorRef(place[ref.node], ref.output)

        folds = [
            Fold(
                first=place[folded.first],
                last=place[folded.last],
                times=folded.times,
                kept=tuple(moved(ref) for ref in folded.kept),
                carried=tuple((moved(outside), moved(inside)) for outside, inside in folded.carried),
            )
            for folded in self.folds
        ]
        return tuple(sorted(folds, key=lambda one: (one.first, -one.last)))


def _with_fixed(graph: ModelGraph, tokens: Sequence[int]) -> list[int]:
    """Give tokens of their own to the model's inputs, and to bodies that share layers with other parts of the graph."""
    fixed = list(tokens)
    unique = max(tokens, default=0) + 1
    for ref in graph.inputs:
        if ref is not None:
            fixed[ref.node] = unique + ref.node
    entangled = _entangled(graph)
    for index, node in enumerate(graph.nodes):
        if node.layer.id in entangled:
            fixed[index] = unique + len(tokens) + node.layer.id
    return fixed


def _entangled(graph: ModelGraph) -> set[int]:
    """Ids of layers whose bodies have a layer that stands elsewhere, too."""
    bodies: dict[int, set[int]] = {}
    users: dict[int, set[int]] = {}
    layers = list(all_layers(graph))
    if all(layer.graph is None for layer in layers):
        return set()
    for layer in layers:
        for number in {layer.id} if layer.graph is None else {layer.id} | _inner(layer.graph, bodies):
            users.setdefault(number, set()).add(layer.id)
    return {layer for sharing in users.values() if len(sharing) > 1 for layer in sharing}


def _inner(graph: ModelGraph, bodies: dict[int, set[int]]) -> set[int]:
    """Ids of all layers of a body and of the bodies in it; each body is looked at once."""
    if id(graph) not in bodies:
        found = bodies[id(graph)] = set()
        for layer in all_layers(graph):
            found.add(layer.id)
            if layer.graph is not None:
                found |= _inner(layer.graph, bodies)
    return bodies[id(graph)]
