"""Random edits of a graph that are known exactly, to tell a right diff from a wrong one. Knows nothing of the diff."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from keras_ascii_tools.graph import Layer, ModelGraph, Node, TensorRef, TensorSpec, Value, canonical

__all__ = ["Edited", "edited", "without_names"]

_INSERTED: tuple[tuple[str, tuple[tuple[str, Value], ...]], ...] = (
    ("BatchNormalization", ()),
    ("LayerNormalization", ()),
    ("Activation", (("activation", "gelu"),)),
    ("GaussianNoise", (("stddev", 0.1),)),
    ("UnitNormalization", ()),
)
_OTHER_WORDS = ("relu", "gelu", "silu", "tanh", "same", "valid", "elu")


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
    random: Random
    next_layer: int
    counts: dict[str, int] = field(default_factory=lambda: {"insert": 0, "delete": 0, "change": 0})
    closed: set[int] = field(default_factory=set)
    """Nodes that later edits leave alone: two edits in one place can be one edit of another sort."""
    gone: set[tuple[object, ...]] = field(default_factory=set)
    come: set[tuple[object, ...]] = field(default_factory=set)
    """What was deleted and what was inserted: the same layer in both has moved."""


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
    """Insert, delete and change layers at random.

    Deleted and changed layers have one call, deleted ones one input; an inserted layer stands on one wire or on all
    wires that leave a layer. Edits are apart, so that their number is the least that leads from one graph to the
    other: no layer is edited twice, none is inserted next to one that was deleted, none is inserted that is equal to
    one that was deleted.

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
    outputs = [None if ref is None else (ref.node, ref.output) for ref in graph.outputs]
    draft = _Draft(parts, outputs, random, 1 + max(node.layer.id for node in graph.nodes))
    done = 0
    while done < edits:
        done += random.choice((_insert, _delete, _change))(draft)
    return _finished(graph, draft)


def _core(node: Node) -> tuple[object, ...]:
    return node.layer.kind, node.layer.settings, node.call


def _users(draft: _Draft, number: int) -> list[tuple[int, int]]:
    return [
        (user, at)
        for user, part in draft.parts.items()
        for at, ref in enumerate(part.inputs)
        if ref and ref[0] == number
    ]


def _single(draft: _Draft, number: int) -> bool:
    """Whether an original node is the only call of its layer, has one input and one output, and is not edited yet."""
    part = draft.parts[number]
    calls = sum(other.node.layer.id == part.node.layer.id for other in draft.parts.values())
    plain = calls == 1 and len(part.inputs) == 1 and len(part.node.outputs) == 1
    return plain and part.origin is not None and number not in draft.closed


def _insert(draft: _Draft) -> bool:
    number = draft.random.choice(list(draft.parts))
    part = draft.parts[number]
    users = _users(draft, number)
    if (
        not users
        or number in draft.closed
        or any(user in draft.closed for user, _ in users)
        or len(part.node.outputs) > 1
    ):
        return False
    layer = _new_layer(draft)
    node = Node(layer=layer, inputs=(TensorRef(0),), outputs=part.node.outputs)
    if _core(node) in draft.gone:
        return False
    chosen = users if draft.random.random() < 0.7 else [draft.random.choice(users)]
    new = max(draft.parts) + 1
    draft.parts[new] = _Part(node, [(number, 0)], None)
    for user, at in chosen:
        draft.parts[user].inputs[at] = (new, 0)
    draft.closed.add(new)
    draft.come.add(_core(node))
    draft.counts["insert"] += 1
    return True


def _new_layer(draft: _Draft) -> Layer:
    draft.next_layer += 1
    singles = [part.node.layer for number, part in draft.parts.items() if _single(draft, number)]
    if singles and draft.random.random() < 0.5:
        # The hard case: the same as a layer that is there already.
        return replace(draft.random.choice(singles), id=draft.next_layer, name=None, named=False)
    if draft.random.random() < 0.4:
        kind, settings = "Dropout", (("rate", draft.random.randrange(1, 90) / 100),)
    else:
        kind, settings = draft.random.choice(_INSERTED)
    return Layer(id=draft.next_layer, kind=kind, module="keras.layers", settings=settings, dtype_policy="float32")


def _delete(draft: _Draft) -> bool:
    number = draft.random.choice(list(draft.parts))
    part = draft.parts[number]
    source = part.inputs[0] if part.inputs else None
    users = _users(draft, number)
    if (
        not _single(draft, number)
        or source is None
        or not users
        or any(number == ref[0] for ref in draft.outputs if ref)
    ):
        return False
    if _core(part.node) in draft.come or source[0] in draft.closed or any(user in draft.closed for user, _ in users):
        return False
    for user, at in users:
        draft.parts[user].inputs[at] = source
    del draft.parts[number]
    draft.closed.update({source[0], *(user for user, _ in users)})
    draft.gone.add(_core(part.node))
    draft.counts["delete"] += 1
    return True


def _change(draft: _Draft) -> bool:
    number = draft.random.choice(list(draft.parts))
    part = draft.parts[number]
    if not _single(draft, number) or not part.node.layer.settings or part.node.layer.is_operation:
        return False
    settings = list(part.node.layer.settings)
    at = draft.random.randrange(len(settings))
    settings[at] = (settings[at][0], _other(settings[at][1], draft.random))
    if (
        settings[at][0].endswith(("initializer", "regularizer", "constraint"))
        or settings[at] in part.node.layer.settings
    ):
        return False
    part.node = replace(part.node, layer=replace(part.node.layer, settings=tuple(settings)))
    draft.closed.add(number)
    draft.counts["change"] += 1
    return True


def _other(value: Value, random: Random) -> Value:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value * 2 if value else 1
    if isinstance(value, float):
        return value / 2 if value else 0.25
    if isinstance(value, tuple):
        return tuple(_other(part, random) for part in value)
    return random.choice([word for word in _OTHER_WORDS if word != value])


def _finished(graph: ModelGraph, draft: _Draft) -> Edited:
    order = _topological(draft.parts)
    place = {number: at for at, number in enumerate(order)}

    def ref(found: tuple[int, int] | None) -> TensorRef | None:
        return None if found is None else TensorRef(place[found[0]], found[1])

    nodes = tuple(
        replace(draft.parts[number].node, inputs=tuple(map(ref, draft.parts[number].inputs))) for number in order
    )
    layers = tuple({node.layer.id: node.layer for node in nodes if not node.layer.is_operation}.values())
    # Each node remembers where it came from through the reordering in its output's dtype, which is put back afterwards.
    marked = tuple(
        replace(node, outputs=(TensorSpec(None, str(at)), *node.outputs[1:])) for at, node in enumerate(nodes)
    )
    inputs = tuple(ref((found.node, found.output)) for found in graph.inputs if found is not None)
    new = canonical(replace(graph, nodes=marked, inputs=inputs, outputs=tuple(map(ref, draft.outputs)), layers=layers))
    at_each = [int(node.outputs[0].dtype or 0) for node in new.nodes]
    new = replace(
        new, nodes=tuple(replace(node, outputs=nodes[at].outputs) for at, node in zip(at_each, new.nodes, strict=True))
    )
    origins = tuple(draft.parts[order[at]].origin for at in at_each)
    counts = draft.counts
    return Edited(new, origins, counts["insert"], counts["delete"], counts["change"])


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
