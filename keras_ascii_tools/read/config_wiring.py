"""The calls of one functional model in an order in which each tensor is made before it is used. Knows no layers.

Files count the calls of a nested functional model in several ways: Keras 3 from 1 in `output_layers` and from 0
elsewhere, Keras 1 and 2 from 1 everywhere. A reference to a call that is not there is followed to the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import Call, TensorRef, TensorSpec
from keras_ascii_tools.read.config_nodes import RawCall, Ref

__all__ = ["Member", "Wire", "Wiring", "wire"]

_MOST_OUTPUTS: Final = 4_096
_LONGEST_NAME: Final = 60
_MOST_NOTES: Final = 10


class Member(NamedTuple):
    """A layer of the model, as far as its calls go."""

    name: str
    calls: tuple[RawCall, ...]
    is_input: bool
    counts_from_one: bool
    """Whether it is a functional model, whose calls some files count from 1."""


@dataclass(slots=True)
class Wire:
    """One call, with references to other calls by their place in the order."""

    member: int
    template: Call | None
    inputs: list[TensorRef | None]
    recorded: list[TensorSpec]
    """What the consumers of its outputs say of them; as many as are used."""


class Wiring(NamedTuple):
    """All calls of a model."""

    wires: list[Wire]
    inputs: tuple[TensorRef | None, ...]
    outputs: tuple[TensorRef | None, ...]
    notes: tuple[str, ...]


def wire(members: Sequence[Member], inputs: Sequence[Ref], outputs: Sequence[Ref], *, legacy: bool) -> Wiring:
    """Follow the references of a model.

    Raises:
        SourceError: The calls lead in a circle.
    """
    return _Wiring(members, legacy).result(inputs, outputs)


def _few(notes: tuple[str, ...]) -> tuple[str, ...]:
    more = len(notes) - _MOST_NOTES
    return notes if more <= 0 else (*notes[:_MOST_NOTES], f"and {more} more of the kind")


def _shown(name: str) -> str:
    """A name for a line of text."""
    return repr(name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}...")


class _Wiring:
    def __init__(self, members: Sequence[Member], legacy: bool) -> None:
        self.members = members
        self.legacy = legacy
        self.notes: dict[str, None] = {}
        self.index: dict[str, int] = {}
        for number, member in enumerate(members):
            if self.index.setdefault(member.name, number) != number:
                self.notes[f"several layers have the name {_shown(member.name)}; references mean the first"] = None
        self.starts: list[int] = []
        self.wires: list[Wire] = []

    def result(self, inputs: Sequence[Ref], outputs: Sequence[Ref]) -> Wiring:
        used = {ref.layer for member in self.members for call in member.calls for ref in call.inputs}
        used.update(ref.layer for ref in (*inputs, *outputs))
        for number, member in enumerate(self.members):
            self.starts.append(len(self.wires))
            calls = member.calls
            if not calls and (member.is_input or member.name in used):
                calls = (RawCall(None, ()),)
            self.wires += [Wire(number, call.template, [], []) for call in calls]
        self.starts.append(len(self.wires))
        from_one = self._counted_from_one(inputs, outputs)
        for number, member in enumerate(self.members):
            for place, call in enumerate(member.calls, self.starts[number]):
                self.wires[place].inputs = [self._place(ref, ref.layer in from_one) for ref in call.inputs]
        ends = [
            tuple(self._place(ref, ref.layer in from_one or self._is_model(ref)) for ref in refs)
            for refs in (inputs, outputs)
        ]
        return self._in_order(*ends)

    def _is_model(self, ref: Ref) -> bool:
        number = self.index.get(ref.layer)
        return number is not None and self.members[number].counts_from_one and ref.call > 0

    def _counted_from_one(self, inputs: Sequence[Ref], outputs: Sequence[Ref]) -> set[str]:
        """The layers whose calls Keras 1 or 2 counts from 1: models, to whose call 0 nothing refers."""
        if not self.legacy:
            return set()
        refs = [ref for member in self.members for call in member.calls for ref in call.inputs]
        refs += [*inputs, *outputs]
        from_zero = {ref.layer for ref in refs if ref.call == 0}
        return {member.name for member in self.members if member.counts_from_one and member.name not in from_zero}

    def _place(self, ref: Ref, from_one: bool) -> TensorRef | None:
        number = self.index.get(ref.layer)
        if number is None or self.starts[number] == self.starts[number + 1]:
            self.notes[f"a call refers to the layer {_shown(ref.layer)}, which the file does not have"] = None
            return None
        count = self.starts[number + 1] - self.starts[number]
        call = ref.call - 1 if from_one else ref.call
        if call >= count:
            call = count - 1
            if not self.members[number].counts_from_one or ref.call > count:
                self.notes[
                    f"a call refers to a call of {_shown(ref.layer)} that the file does not have; taken for its last"
                ] = None
        if ref.output >= _MOST_OUTPUTS:
            raise SourceError(f"a call refers to output {ref.output} of {_shown(ref.layer)}; no layer has so many")
        place = self.starts[number] + call
        self._record(self.wires[place].recorded, ref)
        return TensorRef(place, ref.output)

    def _record(self, recorded: list[TensorSpec], ref: Ref) -> None:
        while len(recorded) <= ref.output:
            recorded.append(TensorSpec())
        known = recorded[ref.output]
        if known.shape is None or known.dtype is None:
            recorded[ref.output] = TensorSpec(
                ref.spec.shape if known.shape is None else known.shape,
                ref.spec.dtype if known.dtype is None else known.dtype,
            )

    def _in_order(self, inputs: tuple[TensorRef | None, ...], outputs: tuple[TensorRef | None, ...]) -> Wiring:
        order = self._order()
        place = {old: new for new, old in enumerate(order)}

        def moved(ref: TensorRef | None) -> TensorRef | None:
            return None if ref is None else TensorRef(place[ref.node], ref.output)

        wires = [self.wires[old] for old in order]
        for item in wires:
            item.inputs = [moved(ref) for ref in item.inputs]
        return Wiring(wires, tuple(map(moved, inputs)), tuple(map(moved, outputs)), _few(tuple(self.notes)))

    def _order(self) -> list[int]:
        """Every call after those that make its inputs, otherwise in the order of the file."""
        waiting = [len({ref.node for ref in item.inputs if ref is not None}) for item in self.wires]
        users: list[list[int]] = [[] for _ in self.wires]
        for number, item in enumerate(self.wires):
            for source in {ref.node for ref in item.inputs if ref is not None}:
                users[source].append(number)
        order = [number for number, count in enumerate(waiting) if count == 0]
        for number in order:  # grows while it is gone through
            for user in users[number]:
                waiting[user] -= 1
                if waiting[user] == 0:
                    order.append(user)
        if len(order) < len(self.wires):
            stuck = next(number for number, count in enumerate(waiting) if count > 0)
            name = self.members[self.wires[stuck].member].name
            raise SourceError(
                f"the calls of the model lead in a circle, near the layer {_shown(name)}; the file is damaged"
            )
        return order
