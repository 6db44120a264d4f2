"""Random edits of a graph that are known exactly, to tell a right diff from a wrong one. Knows nothing of the diff."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from benchmarks.diff_shapes import ImpossibleError, computed
from keras_ascii_tools.diff.settings import training_check
from keras_ascii_tools.graph import Layer, ModelGraph, Node, TensorRef, Value, reindex
from keras_ascii_tools.graph.order import canonical_order

__all__ = ["Edited", "edited", "without_names"]

_INSERTED: tuple[tuple[str, tuple[tuple[str, Value], ...]], ...] = (
    ("BatchNormalization", ()),
    ("LayerNormalization", ()),
    ("Activation", (("activation", "gelu"),)),
    ("GaussianNoise", (("stddev", 0.1),)),
    ("UnitNormalization", ()),
)
_OTHER_WORDS = ("relu", "gelu", "silu", "tanh", "same", "valid", "elu")
_MORE: dict[str, dict[str, tuple[Value, ...]]] = {
    "Activation": {},
    "BatchNormalization": {"momentum": (0.9, 0.95), "epsilon": (1e-4, 1e-5), "scale": (False,)},
    "Conv2D": {"activation": ("gelu", "tanh"), "use_bias": (False,), "dilation_rate": ((2, 2),)},
    "Dense": {"activation": ("gelu", "tanh"), "use_bias": (False,)},
    "DepthwiseConv2D": {"activation": ("gelu", "tanh"), "use_bias": (False,)},
    "ReLU": {"max_value": (4.0, 8.0), "negative_slope": (0.1,)},
}
"""Settings that layers may leave at their defaults, with other values."""
_ATTEMPTS = 1000


@dataclass(frozen=True, slots=True)
class Edited:
    """A graph after some edits."""

    graph: ModelGraph
    """Canonical, as the graph that was edited was."""
    origins: tuple[int | None, ...]
    """The node of the graph before that each node is; `None` for one that was inserted."""
    inserted: int
    deleted: int
    changed: int


@dataclass(slots=True)
class _Part:
    node: Node
    inputs: list[tuple[int, int] | None]
    origin: int | None


@dataclass(slots=True)
class _Draft:
    """Nodes by number, which stays; new ones get new numbers."""

    parts: dict[int, _Part]
    outputs: list[tuple[int, int] | None]
    counts: Counter[str] = field(default_factory=Counter[str])
    closed: set[int] = field(default_factory=set[int])
    """Nodes that later edits leave alone: two edits in one place can be one edit of another sort."""
    gone: set[tuple[object, ...]] = field(default_factory=set[tuple[object, ...]])
    come: set[tuple[object, ...]] = field(default_factory=set[tuple[object, ...]])
    """What there is no more, and what there is now: the same layer in both has moved."""

    def copy(self) -> _Draft:
        """Return one that can be changed by itself."""
        parts = {number: replace(part, inputs=list(part.inputs)) for number, part in self.parts.items()}
        return _Draft(parts, self.outputs, self.counts.copy(), set(self.closed), set(self.gone), set(self.come))

    def users(self, number: int) -> list[tuple[int, int]]:
        """Return who uses a node, and as which argument."""
        return [
            (user, at)
            for user, part in self.parts.items()
            for at, ref in enumerate(part.inputs)
            if ref is not None and ref[0] == number
        ]

    def single(self, number: int) -> bool:
        """Whether a node was there before, is the only call of its layer, with one input, and is not edited yet."""
        part = self.parts[number]
        plain = len(part.inputs) == 1 and len(part.node.outputs) == 1
        if not plain or part.origin is None or number in self.closed:
            return False
        return sum(other.node.layer.id == part.node.layer.id for other in self.parts.values()) == 1


def without_names(graph: ModelGraph) -> ModelGraph:
    """Return the graph as if Keras had made up all names."""
    layers = {node.layer.id: replace(node.layer, named=False) for node in graph.nodes}
    layers.update((layer.id, replace(layer, named=False)) for layer in graph.layers)
    return replace(
        graph,
        named=False,
        nodes=tuple(replace(node, layer=layers[node.layer.id]) for node in graph.nodes),
        layers=tuple(layers[layer.id] for layer in graph.layers),
    )


def edited(graph: ModelGraph, edits: int, seed: int) -> Edited:
    """Insert, delete and change layers at random, so that a model comes out.

    Deleted and changed layers have one call and one input; an inserted layer stands on one wire or on all wires that
    leave a layer, and is one that the network has already, or another. Edits are apart, so that their number is the
    least that leads from one graph to the other: no layer is edited twice, none is inserted next to one that was
    deleted, and nothing that comes is equal to what goes.

    Args:
        graph: A canonical graph without nested models.
        edits: How many.
        seed: The same edits for the same number.
    """
    random = Random(seed)
    parts = {
        index: _Part(node, [None if ref is None else (ref.node, ref.output) for ref in node.inputs], index)
        for index, node in enumerate(graph.nodes)
    }
    draft = _Draft(parts, [None if ref is None else (ref.node, ref.output) for ref in graph.outputs])
    known: dict[Any, Any] = {}
    result = _finished(graph, draft, known)
    for _ in range(edits):
        for _ in range(_ATTEMPTS):
            attempt = draft.copy()
            if not random.choice((_insert, _delete, _change))(attempt, random):
                continue
            try:
                result = _finished(graph, attempt, known)
            except ImpossibleError:
                continue
            draft = attempt
            break
        else:
            raise ValueError(f"no more edits of {graph!r} were found")
    return result


def _core(node: Node) -> tuple[object, ...]:
    return node.layer.kind, node.layer.settings, node.call


def _insert(draft: _Draft, random: Random) -> bool:
    number = random.choice(list(draft.parts))
    part = draft.parts[number]
    users = draft.users(number)
    if not users or number in draft.closed or len(part.node.outputs) > 1:
        return False
    layer = _new_layer(draft, random)
    node = Node(layer=layer, inputs=(TensorRef(0),), outputs=part.node.outputs)
    chosen = users if random.random() < 0.7 else [random.choice(users)]
    if _core(node) in draft.gone or any(user in draft.closed for user, _ in users):
        return False
    new = max(draft.parts) + 1
    draft.parts[new] = _Part(node, [(number, 0)], None)
    for user, at in chosen:
        draft.parts[user].inputs[at] = (new, 0)
    draft.closed.add(new)
    draft.come.add(_core(node))
    draft.counts["insert"] += 1
    return True


def _new_layer(draft: _Draft, random: Random) -> Layer:
    number = 1 + max(part.node.layer.id for part in draft.parts.values())
    if random.random() < 0.5:
        # The hard case: the same as a layer that is there already.
        singles = [at for at in random.sample(list(draft.parts), min(20, len(draft.parts))) if draft.single(at)]
        if singles:
            return replace(draft.parts[singles[0]].node.layer, id=number, name=None, named=False)
    if random.random() < 0.4:
        kind, settings = "Dropout", (("rate", random.randrange(1, 90) / 100),)
    else:
        kind, settings = random.choice(_INSERTED)
    return Layer(id=number, kind=kind, module="keras.layers", settings=settings, dtype_policy="float32")


def _delete(draft: _Draft, random: Random) -> bool:
    number = random.choice(list(draft.parts))
    part = draft.parts[number]
    source = part.inputs[0] if part.inputs else None
    users = draft.users(number)
    if source is None or not users or not draft.single(number) or any(number == ref[0] for ref in draft.outputs if ref):
        return False
    around = {source[0], *(user for user, _ in users)}
    if _core(part.node) in draft.come or around & draft.closed:
        return False
    for user, at in users:
        draft.parts[user].inputs[at] = source
    del draft.parts[number]
    draft.closed |= around
    draft.gone.add(_core(part.node))
    draft.counts["delete"] += 1
    return True


def _change(draft: _Draft, random: Random) -> bool:
    number = random.choice(list(draft.parts))
    node = draft.parts[number].node
    if not draft.single(number) or node.layer.is_operation:
        return False
    settings = dict(node.layer.settings or ())
    names = [name for name in (*settings, *_MORE.get(node.layer.kind, ())) if training_check(name) is None]
    if not names:
        return False
    name = random.choice(names)
    new = random.choice(_MORE[node.layer.kind][name]) if name not in settings else _other(settings[name], random)
    if settings.get(name) == new:
        return False
    layer = replace(node.layer, settings=tuple({**settings, name: new}.items()))
    changed = replace(node, layer=layer)
    if _core(node) in draft.come or _core(changed) in draft.gone:
        return False
    draft.come.add(_core(changed))
    draft.gone.add(_core(node))
    draft.parts[number].node = changed
    draft.closed.add(number)
    draft.counts["change"] += 1
    return True


def _other(value: Value, random: Random) -> Value:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice((value * 2, value + 1, max(1, value // 2)))
    if isinstance(value, float):
        return value / 2 if value else 0.25
    if isinstance(value, tuple):
        step = random.choice((1, 2))
        return tuple(part + step if isinstance(part, int) else _other(part, random) for part in value)
    return random.choice([word for word in _OTHER_WORDS if word != value])


def _finished(graph: ModelGraph, draft: _Draft, known: dict[Any, Any]) -> Edited:
    order = _topological(draft.parts)
    place = {number: at for at, number in enumerate(order)}

    def ref(found: tuple[int, int] | None) -> TensorRef | None:
        return None if found is None else TensorRef(place[found[0]], found[1])

    nodes = tuple(
        replace(draft.parts[number].node, inputs=tuple(map(ref, draft.parts[number].inputs))) for number in order
    )
    layers = tuple({node.layer.id: node.layer for node in nodes if not node.layer.is_operation}.values())
    new = computed(
        replace(
            graph,
            nodes=nodes,
            inputs=tuple(ref((found.node, found.output)) for found in graph.inputs if found is not None),
            outputs=tuple(map(ref, draft.outputs)),
            layers=layers,
        ),
        known,
    )
    sorted_nodes = canonical_order(new)
    origins = tuple(draft.parts[order[at]].origin for at in sorted_nodes)
    counts = draft.counts
    return Edited(reindex(new, sorted_nodes), origins, counts["insert"], counts["delete"], counts["change"])


def _topological(parts: dict[int, _Part]) -> list[int]:
    order: list[int] = []
    done: set[int] = set()
    for start in parts:
        stack = [start]
        while stack:
            number = stack[-1]
            todo = [ref[0] for ref in parts[number].inputs if ref and ref[0] not in done]
            if todo:
                stack += todo
                continue
            stack.pop()
            if number not in done:
                done.add(number)
                order.append(number)
    return order
