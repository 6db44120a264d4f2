"""What a caller of the model sees: number, order, names, shapes and dtypes of inputs and outputs. All of it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keras_ascii_tools.diff.align import rising
from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.level import Level
from keras_ascii_tools.diff.types import Change, Detail, Side
from keras_ascii_tools.graph import How, Layer, ModelGraph, Record, TensorRef, Value

__all__ = ["signature_changes"]

_KNOWN = frozenset({How.DECLARED, How.TRACED})
_PLAIN = "linear"
_PASSING = frozenset({"Flatten", "Reshape", "Permute", "Cropping1D", "Cropping2D", "Cropping3D", "Identity"})
"""Kinds that give what they get in another form."""
_ACTIVATIONS = {
    "Softmax": "softmax",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "PReLU": "prelu",
    "ELU": "elu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Relu": "relu",
    "LogSoftmax": "log_softmax",
}
_TANH = frozenset({"LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"})


@dataclass(slots=True)
class _Kit:
    """One side of the model: inputs or outputs."""

    word: str
    level: Level
    causes: dict[int, str]
    """Of nodes of the after graph whose outputs differ."""
    own: dict[int, list[str]]
    found: list[Change] = field(default_factory=list[Change])

    def note(
        self,
        check: str,
        old: TensorRef | None,
        new: TensorRef | None,
        details: Sequence[Detail] = (),
        cause: str | None = None,
    ) -> None:
        self.found.append(
            Change(
                id="",
                check=Check(f"{self.word}{check}"),
                before=self._side(False, old),
                after=self._side(True, new),
                details=tuple(details),
                cause=cause,
            )
        )

    def _side(self, after: bool, ref: TensorRef | None) -> Side | None:
        if ref is None:
            return None
        items = self.level.after if after else self.level.before
        return self.level.side(after, items.layers[ref.node], [ref.node])


def signature_changes(
    level: Level, causes: dict[int, str], own: dict[int, list[str]], gone: dict[int, list[str]]
) -> list[Change]:
    """Return the changes of the signature, without ids: inputs first.

    Args:
        level: The models.
        causes: For nodes of the after graph whose outputs differ from their partner's: the change that they follow
            from.
        own: Changes of items of the after graph.
        gone: Changes of items of the before graph that are in no pair.
    """
    before, after = level.before.graph, level.after.graph
    if before.how not in _KNOWN or after.how not in _KNOWN:
        return []
    found: list[Change] = []
    for word, old, new, structures in (
        ("input", before.inputs, after.inputs, (before.input_structure, after.input_structure)),
        ("output", before.outputs, after.outputs, (before.output_structure, after.output_structure)),
    ):
        if None in old or None in new:
            continue
        kit = _Kit(word, level, causes, own)
        _compare(kit, [ref for ref in old if ref is not None], [ref for ref in new if ref is not None], gone)
        if structures[0] != structures[1] and len(old) == len(new):
            kit.note("-structure-changed", None, None, [Detail("structure", *structures)])
        found += kit.found
    return found


def _compare(kit: _Kit, old: Sequence[TensorRef], new: Sequence[TensorRef], gone: dict[int, list[str]]) -> None:
    pairs = _pairs(kit.level, old, new)
    taken = {one for one, _ in pairs}, {other for _, other in pairs}
    for at, ref in enumerate(old):
        if at not in taken[0]:
            cause = next(iter(gone.get(ref.node, ())), None)
            kit.note("-removed", ref, None, [Detail("position", at, None)], cause)
    for one, other in pairs:
        _one(kit, old[one], new[other], gone)
    for at, ref in enumerate(new):
        if at not in taken[1]:
            cause = next(iter(kit.own.get(ref.node, ())), None)
            kit.note("-added", None, ref, [Detail("position", None, at)], cause)
    if len(rising(pairs)) != len(pairs):
        kit.note("s-reordered", None, None, [_order(kit, old, pairs)])


def _order(kit: _Kit, old: Sequence[TensorRef], pairs: Sequence[tuple[int, int]]) -> Detail:
    """The order before and after: by names if all have one of their own, else by positions."""
    names = [kit.level.before.layers[old[one].node].given_name for one, _ in pairs]
    if None not in names and len(set(names)) == len(names):
        later = sorted(range(len(pairs)), key=lambda at: pairs[at][1])
        return Detail("order", tuple(names), tuple(names[at] for at in later))
    order: tuple[Value, ...] = tuple(other for _, other in pairs)
    return Detail("order", tuple(sorted(other for _, other in pairs)), order)


def _pairs(level: Level, old: Sequence[TensorRef], new: Sequence[TensorRef]) -> list[tuple[int, int]]:
    """Which positions correspond: the same tensors, those of one name, then the others in their order."""
    pairs: dict[int, int] = {}
    left = list(range(len(new)))

    def take(one: int, other: int) -> None:
        pairs[one] = other
        left.remove(other)

    for at, ref in enumerate(old):
        same = TensorRef(level.pairing.after[ref.node], ref.output)
        found = next((other for other in left if new[other] == same), None)
        if found is not None:
            take(at, found)
    for at, ref in enumerate(old):
        name = level.before.layers[ref.node].given_name
        if at not in pairs and name is not None:
            found = next((other for other in left if level.after.layers[new[other].node].given_name == name), None)
            if found is not None:
                take(at, found)
    rest = [at for at in range(len(old)) if at not in pairs]
    if old and level.before.layers[old[0].node].kind != "InputLayer":
        # What no longer makes an output was followed by, or gave way to, something else that does.
        for at, other in zip(rest, list(left), strict=False):
            take(at, other)
    return sorted(pairs.items())


def _one(kit: _Kit, ref: TensorRef, there: TensorRef, gone: dict[int, list[str]]) -> None:
    level = kit.level
    before, after = level.before.layers[ref.node], level.after.layers[there.node]
    specs = level.before.graph.spec(ref), level.after.graph.spec(there)
    own = kit.own.get(there.node, []) or gone.get(ref.node, [])
    cause = kit.causes.get(there.node) or next(iter(own), None)
    start = len(kit.found)
    if before.given_name is not None and before.given_name != after.given_name:
        kit.note("-renamed", ref, there, [Detail("name", before.given_name, after.given_name)], next(iter(own), None))
    if None not in (specs[0].shape, specs[1].shape) and specs[0].shape != specs[1].shape:
        kit.note("-shape-changed", ref, there, [Detail("shape", specs[0].shape, specs[1].shape)], cause)
    if None not in (specs[0].dtype, specs[1].dtype) and specs[0].dtype != specs[1].dtype:
        kit.note("-dtype-changed", ref, there, [Detail("dtype", specs[0].dtype, specs[1].dtype)], cause)
    if kit.word == "input":
        return
    activations = _activation(level.before.graph, ref), _activation(level.after.graph, there)
    if None not in activations and activations[0] != activations[1]:
        kit.note("-activation-changed", ref, there, [Detail("activation", *activations)], next(iter(own), cause))
    moved = TensorRef(level.pairing.after[ref.node], ref.output) != there
    if moved and len(kit.found) == start and not own and not gone.get(ref.node):
        kit.note("-replaced", ref, there, [Detail("layer", before.kind, after.kind)])


def _activation(graph: ModelGraph, ref: TensorRef) -> str | None:
    """What an output was passed through last; `None` if that is not known."""
    for _ in range(len(graph.nodes) + 100):
        layer = graph.nodes[ref.node].layer
        inputs = graph.nodes[ref.node].inputs
        if layer.graph is not None and len(layer.graph.outputs) > ref.output:
            inner = layer.graph.outputs[ref.output]
            if inner is None:
                return None
            graph, ref = layer.graph, inner
        elif layer.kind in _PASSING and inputs and inputs[0] is not None:
            ref = inputs[0]
        else:
            return _own_activation(layer)
    return None


def _own_activation(layer: Layer) -> str | None:
    if layer.kind in _ACTIVATIONS:
        return _ACTIVATIONS[layer.kind]
    if layer.settings is None:
        return None
    value = layer.setting("activation", "tanh" if layer.kind in _TANH else _PLAIN)
    if value is None:
        return _PLAIN
    return value if isinstance(value, str) else value.kind if isinstance(value, Record) else None
