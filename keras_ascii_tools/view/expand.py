"""Open nested models and layers made of layers in place. Knows no rows.

A call is replaced by the nodes of its body; the body's inputs are the call's arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from keras_ascii_tools.graph import INPUT, How, Layer, ModelGraph, Node, Record, TensorRef, TensorSpec, count_inputs
from keras_ascii_tools.view.weights import sum_known

if TYPE_CHECKING:
    from keras_ascii_tools.graph import Value

__all__ = ["ALL_LEVELS", "MAX_NODES", "expand"]

ALL_LEVELS = -1
"""As a depth: open everything."""

MAX_NODES = 100_000
"""Bodies that hold bodies twice grow by powers of two: a small hostile file could ask for more than fits memory."""

_KNOWN = frozenset({How.DECLARED, How.TRACED, How.RECORDED})
_REPEATING = frozenset({"Bidirectional", "RNN", "StackedRNNCells", "TimeDistributed"})
"""Their body is called several times for one call of theirs."""


def expand(graph: ModelGraph, depth: int | None = ALL_LEVELS, *, max_nodes: int = MAX_NODES) -> ModelGraph:
    """Return the graph with its nested models opened in place.

    A body that is called twice is opened twice; its layers stay the same layers. A layer opened out of `encoder` is
    called `encoder/conv`, if a person named the encoder; otherwise it keeps its own name. Whether a name was given
    stays as it was. Weights that belong to a body and to none of its layers go to the graph's `own_params`. Shapes in a
    body that was built for other inputs than the call's are not known.

    A call stays closed where its body's inputs or outputs are not known or are not those of the call. What an opened
    call cannot show any more (its arguments, weights of its own) is said in `notes`.

    Args:
        graph: The model.
        depth: How many levels to open; `ALL_LEVELS` or `None`: until nothing is left to open.
        max_nodes: A level that would make more nodes than that is not opened.
    """
    level = 0
    while depth is None or depth < 0 or level < depth:
        calls = _openings(graph)
        if not calls:
            break
        size = len(graph.nodes) + sum(len(body.nodes) - len(sources) - 1 for body, sources in calls.values())
        if size > max_nodes:
            note = f"nested models are opened {level} levels deep: one more would make {size:,} nodes"
            return replace(graph, notes=(*graph.notes, note))
        graph = _Opened(graph, calls).graph()
        level += 1
    return graph


class _Opening(NamedTuple):
    """A call that can be opened."""

    body: ModelGraph
    sources: dict[int, int]
    """By input node of the body, which of the call's tensors it is."""


def _openings(graph: ModelGraph) -> dict[int, _Opening]:
    """By node, the calls that can be opened."""
    layers: dict[int, bool] = {}
    openings: dict[int, _Opening] = {}
    for index, node in enumerate(graph.nodes):
        layer = node.layer
        if layer.graph is not None and not node.implied:
            if layer.id not in layers:
                layers[layer.id] = _can_open(layer, layer.graph)
            if layers[layer.id] and (opening := _opening(node, layer.graph)):
                openings[index] = opening
    return openings


def _can_open(layer: Layer, body: ModelGraph) -> bool:
    """Whether the body is what one call does, and the totals stay right.

    A body that has more weights than its layer shares some of them in a way not known.
    """
    if body.how not in _KNOWN or not _REPEATING.isdisjoint({layer.kind, layer.base}):
        return False
    counts = [(layer.params, body.params)]
    if layer.trainable:
        counts.append((layer.trainable_params, body.trainable_params))
    return all(outer is None or inner is None or inner <= outer for outer, inner in counts)


def _opening(node: Node, body: ModelGraph) -> _Opening | None:
    if len(node.inputs) != len(body.inputs) or len(node.outputs) != len(body.outputs) or None in body.outputs:
        return None
    if not _same_structure(node, body):
        return None
    sources = {ref.node: position for position, ref in enumerate(body.inputs) if ref is not None}
    if len(sources) != len(body.inputs) or not all(_is_input(body.nodes[source]) for source in sources):
        return None
    return _Opening(body, sources)


def _is_input(node: Node) -> bool:
    return not node.inputs and len(node.outputs) == 1


def _same_structure(node: Node, body: ModelGraph) -> bool:
    """Whether the call's tensors are the body's inputs, in their order."""
    if node.call is None:
        return True
    tensors = [value for value in node.call.args if _holds_input(value)]
    if not any(_holds_input(value) for _, value in node.call.kwargs) and len(tensors) == 1:
        structure = tensors[0]
        flat = structure == INPUT or (isinstance(structure, tuple) and all(value == INPUT for value in structure))
        return flat or structure == body.input_structure
    return body.input_structure is None


def _holds_input(value: Value) -> bool:
    return count_inputs(value) > 0


def _misfits(graph: ModelGraph, node: Node, body: ModelGraph) -> frozenset[int]:
    """Nodes that come after inputs whose shapes the body does not allow for."""
    outer = [None if ref is None else graph.spec(ref).shape for ref in node.inputs]
    inner = [None if ref is None else body.spec(ref).shape for ref in body.inputs]
    made = [body.spec(ref) for ref in body.outputs if ref is not None]
    same_result = [spec.shape for spec in made] == [spec.shape for spec in node.outputs]
    reached: set[int] = set()
    for ref, given, expected in zip(body.inputs, outer, inner, strict=True):
        fits = same_result if given is None or expected is None else _allows(expected, given)
        if ref is not None and not fits:
            reached.add(ref.node)
    if reached:
        for index, inside in enumerate(body.nodes):
            if any(ref is not None and ref.node in reached for ref in inside.inputs):
                reached.add(index)
    return frozenset(reached)


def _allows(expected: tuple[int | None, ...], given: tuple[int | None, ...]) -> bool:
    """A dynamic axis allows for any size."""
    return len(expected) == len(given) and all(e is None or e == g for e, g in zip(expected, given, strict=True))


@dataclass(slots=True)
class _Layers:
    """One object per layer, whichever call it was opened from: the first place gives the name."""

    known: dict[int, Layer]

    def opened(self, layer: Layer, owner: Layer) -> Layer:
        known = self.known.get(layer.id)
        if known is None:
            known = layer
            if owner.named and layer.name:
                known = replace(known, name=f"{owner.name}/{layer.name}")
            if not owner.trainable:
                known = replace(known, trainable=False, trainable_params=0)
            self.known[layer.id] = known
        return known


class _Opened:
    """A graph while some of its calls are opened, one level."""

    def __init__(self, graph: ModelGraph, calls: dict[int, _Opening]) -> None:
        self._graph = graph
        self._calls = calls
        self._layers = _Layers({})
        for layer in (*graph.layers, *(node.layer for node in graph.nodes)):
            self._layers.known.setdefault(layer.id, layer)
        self._owners = {graph.nodes[index].layer.id: (graph.nodes[index].layer, calls[index]) for index in calls}
        self._nodes: list[Node] = []
        self._places: dict[TensorRef, TensorRef | None] = {}

    def graph(self) -> ModelGraph:
        for index, node in enumerate(self._graph.nodes):
            opening = self._calls.get(index)
            if opening is None:
                self._add(node, [self._moved(ref) for ref in node.inputs])
                self._places.update({TensorRef(index, o): TensorRef(self._last, o) for o in range(len(node.outputs))})
            else:
                self._open(index, node, opening)
        extra = [_beyond_body(layer) for layer, _ in self._owners.values()]
        graph = self._graph
        return replace(
            graph,
            nodes=tuple(self._nodes),
            inputs=tuple(map(self._moved, graph.inputs)),
            outputs=tuple(map(self._moved, graph.outputs)),
            layers=tuple(self._listed()),
            own_params=sum_known((graph.own_params, *(own[0] for own in extra))),
            own_trainable_params=sum_known((graph.own_trainable_params, *(own[1] for own in extra))),
            own_bytes=sum_known((graph.own_bytes, *(own[2] for own in extra))),
            notes=tuple(dict.fromkeys((*graph.notes, *self._notes()))),
        )

    @property
    def _last(self) -> int:
        return len(self._nodes) - 1

    def _moved(self, ref: TensorRef | None) -> TensorRef | None:
        return None if ref is None else self._places[ref]

    def _add(self, node: Node, inputs: Iterable[TensorRef | None]) -> None:
        self._nodes.append(replace(node, inputs=tuple(inputs)))

    def _open(self, index: int, call: Node, opening: _Opening) -> None:
        body = opening.body
        given = [self._moved(ref) for ref in call.inputs]
        results = {ref: spec for ref, spec in zip(body.outputs, call.outputs, strict=True) if ref is not None}
        misfits = _misfits(self._graph, call, body)
        places: dict[int, int] = {}

        def inside(ref: TensorRef | None) -> TensorRef | None:
            if ref is None:
                return None
            if ref.node in opening.sources:
                return given[opening.sources[ref.node]]
            return TensorRef(places[ref.node], ref.output)

        for number, node in enumerate(body.nodes):
            if number in opening.sources:
                continue
            specs = _specs(node, number, number in misfits, results)
            layer = self._layers.opened(node.layer, call.layer)
            self._add(replace(node, layer=layer, outputs=specs), map(inside, node.inputs))
            places[number] = self._last
        for output, ref in enumerate(body.outputs):
            self._places[TensorRef(index, output)] = inside(ref)

    def _listed(self) -> Iterator[Layer]:
        """`layers` with the bodies' layers in the place of their owners; without the bodies' inputs."""
        called = {node.layer.id for node in self._nodes}
        listed: dict[int, Layer] = {}
        for layer in (*self._graph.layers, *(owner for owner, _ in self._owners.values())):
            if layer.id not in self._owners or layer.id in called:
                listed.setdefault(layer.id, layer)
            if layer.id in self._owners:
                body, sources = self._owners[layer.id][1]
                inputs = {body.nodes[source].layer.id for source in sources} - called
                for inner in body.layers:
                    if inner.id not in inputs:
                        listed.setdefault(inner.id, self._layers.opened(inner, layer))
        return iter(listed.values())

    def _notes(self) -> Iterator[str]:
        own = {layer.id: _beyond_body(layer)[0] for layer, _ in self._owners.values()}
        holders = [layer for layer, _ in self._owners.values() if own[layer.id]]
        if holders:
            names = list(dict.fromkeys(layer.given_name or layer.kind for layer in holders))
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            total = sum_known(own[layer.id] for layer in holders) or 0
            yield f"{total:,} weights of {', '.join(names[:3])}{more} belong to no inner layer and stand on no row"
        for index, opening in self._calls.items():
            node = self._graph.nodes[index]
            yield from opening.body.notes
            if said := _said(node):
                yield f"{node.layer.given_name or node.layer.kind} was called with {said}; its layers are drawn without"


def _specs(node: Node, number: int, misfit: bool, results: dict[TensorRef, TensorSpec]) -> tuple[TensorSpec, ...]:
    """What is known of a body's tensors in one call: of its results, what is known of the call's."""
    specs = [TensorSpec(dtype=spec.dtype) if misfit else spec for spec in node.outputs]
    for output in range(len(specs)):
        result = results.get(TensorRef(number, output))
        if result is not None and result.shape is not None:
            specs[output] = result
    return tuple(specs)


def _said(node: Node) -> str:
    """The arguments of a call that are no tensors and say something."""
    if node.call is None:
        return ""
    plain = [_written(value) for value in node.call.args if _says(value)]
    return ", ".join([*plain, *(f"{key}={_written(value)}" for key, value in node.call.kwargs if _says(value))])


def _says(value: Value) -> bool:
    if _holds_input(value):
        return False
    if isinstance(value, Record):
        return bool(value.kind) or any(_says(item) for _, item in value.items)
    return any(map(_says, value)) if isinstance(value, tuple) else value is not None


def _written(value: Value) -> str:
    return f"{value.kind}(…)" if isinstance(value, Record) else repr(value)


def _beyond_body(layer: Layer) -> tuple[int | None, int | None, int | None]:
    """Weights, trainable ones and bytes of a layer that are in none of its body's layers."""
    body = layer.graph or ModelGraph()
    trainable = layer.trainable_params
    if layer.trainable:
        trainable = _beyond(trainable, body.trainable_params, body.own_trainable_params)
    size = body.own_bytes
    if layer.weights is not None:
        size = _beyond(sum(weight.bytes for weight in layer.weights if not weight.tied), body.bytes, size)
    return _beyond(layer.params, body.params, body.own_params), trainable, size


def _beyond(count: int | None, body: int | None, own: int | None) -> int | None:
    """What a body does not know of itself it has not got."""
    if body is None or count is None:
        return own if body is None else None
    return max(count - body, 0) + (own or 0)
