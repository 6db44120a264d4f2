"""What was done to the layers and calls of one graph: added, removed, changed, moved, rewired, shared, renamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_ascii_tools.diff.align import rising
from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.draft import Place, Sketch
from keras_ascii_tools.diff.level import EDGES_KNOWN, Level, label_of
from keras_ascii_tools.diff.settings import changed
from keras_ascii_tools.diff.signatures import Signer
from keras_ascii_tools.diff.types import DEFAULT, Detail
from keras_ascii_tools.graph import INPUT, Call, How, Layer, Node, TensorRef, Value

__all__ = ["Own", "structural_changes"]

Own = dict[int, list[str]]
"""Ids of the changes that items of the after graph, or removed ones of the before graph, have themselves."""


def structural_changes(signer: Signer, level: Level, sketch: Sketch) -> tuple[Own, Own]:
    """Note the changes of one graph, bodies not entered.

    Returns:
        The changes of items of the after graph, and those of items of the before graph that are in no pair.
    """
    finder = _Finder(signer, level, sketch)
    finder.find()
    return finder.own, finder.gone


class _Finder:
    """Goes through one graph."""

    def __init__(self, signer: Signer, level: Level, sketch: Sketch) -> None:
        self._signer, self._level, self._sketch = signer, level, sketch
        self.own: Own = {}
        self.gone: Own = {}
        self._places = _places_of_removed(level)

    def find(self) -> None:
        self._removed_and_added()
        for one, other in self._level.moved:
            before, after = self._level.before.layers[one], self._level.after.layers[other]
            self._note(Check.LAYER_MOVED, (before, [one]), (after, [other]))
        self._pairs_of_layers()
        self._sharing()
        if self._level.edges_known:
            for one, other in self._level.node_pairs():
                self._wires(one, other)
        self._order()

    def _note(
        self,
        check: Check,
        before: tuple[Layer, Sequence[int]] | None,
        after: tuple[Layer, Sequence[int]] | None,
        details: Sequence[Detail] = (),
    ) -> None:
        old = None if before is None else self._level.side(False, *before)
        new = None if after is None else self._level.side(True, *after)
        if after is not None:
            place: Place = (after[1][0], 1, 0)
        else:
            item = before[1][0] if before is not None else -1
            place = (self._places[item], 2, item)
        found = self._sketch.add(check, place, old, new, details)
        for item in () if after is None else after[1]:
            self.own.setdefault(item, []).append(found)
        if before is not None and (after is None or check is Check.LAYER_MOVED):
            for item in before[1]:
                self.gone.setdefault(item, []).append(found)

    def _removed_and_added(self) -> None:
        level = self._level
        moved = {one for one, _ in level.moved}, {other for _, other in level.moved}
        for after, partners in ((False, level.pairing.after), (True, level.pairing.before)):
            items = level.after if after else level.before
            for calls in level.calls(after).values():
                alone = [item for item in calls if partners[item] < 0 and item not in moved[after]]
                if not alone or self._is_unknown_there(after, alone):
                    continue
                layer = items.layers[alone[0]]
                whole = len(alone) == len(calls)
                if after:
                    self._note(Check.LAYER_ADDED if whole else Check.CALL_ADDED, None, (layer, alone))
                else:
                    self._note(Check.LAYER_REMOVED if whole else Check.CALL_REMOVED, (layer, alone), None)

    def _is_unknown_there(self, after: bool, alone: Sequence[int]) -> bool:
        """Whether the other side cannot know that it has these: inputs and operations, or all that has no weights."""
        other = (self._level.before if after else self._level.after).graph
        items = self._level.after if after else self._level.before
        layers = [items.layers[item] for item in alone]
        if other.how is How.WEIGHTS and all(layer.params == 0 for layer in layers):
            return True
        return other.how not in EDGES_KNOWN and all(
            layer.kind == "InputLayer" or layer.is_operation for layer in layers
        )

    # Layers

    def _pairs_of_layers(self) -> None:
        calls = self._level.calls(False), self._level.calls(True)
        partners = self._level.pairing
        moved = {one for one, _ in self._level.moved}
        for before, after in self._level.layers:
            old = [item for item in calls[0][before.id] if self._belongs(item, after) or item in moved]
            new = [item for item in calls[1][after.id] if self._came_from(partners.before[item], before)]
            self._layer(before, old, after, new or calls[1][after.id])

    def _belongs(self, item: int, after: Layer) -> bool:
        partner = self._level.pairing.after[item]
        return partner >= 0 and self._level.after.layers[partner].id == after.id

    def _came_from(self, partner: int, before: Layer) -> bool:
        return partner >= 0 and self._level.before.layers[partner].id == before.id

    def _layer(self, before: Layer, old: Sequence[int], after: Layer, new: Sequence[int]) -> None:
        sides = (before, old), (after, new)
        name, there = before.given_name, after.given_name
        if before.kind != after.kind or before.is_operation != after.is_operation:
            kinds = [f"ops.{layer.kind}" if layer.is_operation else layer.kind for layer in (before, after)]
            self._note(Check.LAYER_REPLACED, *sides, [Detail("kind", *kinds)])
        else:
            facts = self._signer.facts(before), self._signer.facts(after)
            if facts[0] is not None and facts[1] is not None:
                details = list(changed(facts[0][0], facts[1][0]))
                if details:
                    self._note(Check.SETTING_CHANGED, *sides, details)
        if name != there:
            self._note(Check.LAYER_RENAMED, *sides, [Detail("name", name, there)])

    def _sharing(self) -> None:
        level = self._level
        split: dict[int, list[Layer]] = {}
        joined: dict[int, list[Layer]] = {}
        for before, after in level.layers:
            split.setdefault(before.id, []).append(after)
            joined.setdefault(after.id, []).append(before)
        calls = level.calls(False), level.calls(True)
        for number, found in split.items():
            if len(found) > 1:
                before = level.before.layers[calls[0][number][0]]
                new = sorted(item for layer in found for item in calls[1][layer.id])
                sides = (before, calls[0][number]), (found[0], new)
                self._note(Check.LAYER_UNSHARED, *sides, [Detail("layers", 1, len(found))])
        for number, found in joined.items():
            if len(found) > 1:
                after = level.after.layers[calls[1][number][0]]
                old = sorted(item for layer in found for item in calls[0][layer.id])
                sides = (found[0], old), (after, calls[1][number])
                self._note(Check.LAYERS_SHARED, *sides, [Detail("layers", len(found), 1)])

    # Calls

    def _wires(self, one: int, other: int) -> None:
        level = self._level
        before, after = level.before.graph.nodes[one], level.after.graph.nodes[other]
        sides = (before.layer, [one]), (after.layer, [other])
        wires = level.wires.compare(one, other)
        if wires != "same":
            details = [Detail("inputs", self._sources(False, before), self._sources(True, after))]
            check = Check.ARGUMENTS_REORDERED if wires == "reordered" else Check.INPUTS_REWIRED
            self._note(check, *sides, details)
        if before.call != after.call and before.layer.kind == after.layer.kind:
            details = list(_call_details(before, after))
            # Another number of tensors in one list has been said, as the wires that they are.
            if details:
                self._note(Check.CALL_CHANGED, *sides, details)
        if len(before.outputs) != len(after.outputs) and before.layer.kind == after.layer.kind:
            self._note(Check.SHAPE_CHANGED, *sides, [Detail("outputs", len(before.outputs), len(after.outputs))])

    def _sources(self, after: bool, node: Node) -> tuple[str, ...]:
        graph = (self._level.after if after else self._level.before).graph

        def source(ref: TensorRef | None) -> str:
            if ref is None:
                return "?"
            label = label_of(graph.nodes[ref.node].layer)
            return f"{label}->{ref.output}" if ref.output else label

        return tuple(map(source, node.inputs))

    def _order(self) -> None:
        """Layers that no node calls stand in the order of the model, which addresses weights."""
        level = self._level
        pairs = [
            (one, other)
            for one, other in enumerate(level.pairing.after)
            if one >= level.before.nodes and other >= level.after.nodes
        ]
        kept = set(rising(pairs))
        late = [pair for pair in pairs if pair not in kept]
        for one, other in late:
            sides = (level.before.layers[one], [one]), (level.after.layers[other], [other])
            details = [Detail("position", one - level.before.nodes, other - level.after.nodes)]
            self._note(Check.LAYER_ORDER_CHANGED, *sides, details)


def _call_details(before: Node, after: Node) -> Iterator[Detail]:
    old, new = _arguments(before.call), _arguments(after.call)
    same = True
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name, DEFAULT), new.get(name, DEFAULT)
        if one != other:
            same = False
            yield Detail(name, one, other)
    if same and len(before.inputs) == len(after.inputs):
        # The same tensors, put into lists in another way.
        yield Detail("arguments", before.call.args if before.call else (), after.call.args if after.call else ())


def _arguments(call: Call | None) -> dict[str, Value]:
    """The arguments that are not tensors alone, or that have a name."""
    if call is None:
        return {}
    named = {f"argument {at}": value for at, value in enumerate(call.args) if not _only_tensors(value)}
    return {**named, **dict(call.kwargs)}


def _only_tensors(value: Value) -> bool:
    return value == INPUT or (isinstance(value, tuple) and bool(value) and all(map(_only_tensors, value)))


def _places_of_removed(level: Level) -> dict[int, int]:
    """Where an item of the before graph that is in no pair would stand in the after graph: behind the last pair."""
    places: dict[int, int] = {-1: -1}
    last = -1
    for item, partner in enumerate(level.pairing.after):
        if partner >= 0:
            last = partner
        else:
            places[item] = last
    return places
