"""Random graphs of which everything is known, and the same graphs with one fact changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from keras_ascii_tools.graph import (
    INPUT,
    Call,
    How,
    Layer,
    ModelGraph,
    Node,
    Record,
    TensorRef,
    TensorSpec,
    all_layers,
)
from tests.core.graphs import model_graphs

__all__ = ["changed_graphs", "known_graphs"]


def mapped(graph: ModelGraph, change: Callable[[Layer], Layer], here: Callable[[ModelGraph], ModelGraph]) -> ModelGraph:
    """Change every layer and every graph of a tree, the same layer in the same way wherever it stands."""
    layers: dict[int, Layer] = {}

    def layer_of(layer: Layer) -> Layer:
        if layer.id not in layers:
            body = None if layer.graph is None else graph_of(layer.graph)
            layers[layer.id] = change(replace(layer, graph=body))
        return layers[layer.id]

    def graph_of(part: ModelGraph) -> ModelGraph:
        nodes = tuple(replace(node, layer=layer_of(node.layer)) for node in part.nodes)
        return here(replace(part, nodes=nodes, layers=tuple(map(layer_of, part.layers))))

    return graph_of(graph)


def known(graph: ModelGraph) -> ModelGraph:
    """Fill in what is not known."""

    def layer(given: Layer) -> Layer:
        plain = given.is_operation or given.kind == "InputLayer"
        return replace(
            given,
            settings=given.settings or (),
            params=given.params or 0,
            trainable_params=0 if given.params is None else given.trainable_params or 0,
            dtype_policy=None if plain else given.dtype_policy or "float32",
            weights=None,
        )

    def node(given: Node) -> Node:
        inputs = tuple(ref for ref in given.inputs if ref is not None)
        specs = tuple(TensorSpec(spec.shape or (None, 3), spec.dtype or "float32") for spec in given.outputs)
        return replace(given, inputs=inputs, outputs=specs, call=given.call if inputs == given.inputs else None)

    def here(given: ModelGraph) -> ModelGraph:
        return replace(
            given,
            nodes=tuple(map(node, given.nodes)),
            inputs=tuple(ref for ref in given.inputs if ref is not None),
            outputs=tuple(ref for ref in given.outputs if ref is not None),
            input_structure=None,
            output_structure=None,
            how=How.DECLARED,
            own_params=given.own_params or 0,
            own_trainable_params=0 if given.own_params is None else given.own_trainable_params or 0,
        )

    return mapped(graph, layer, here)


def known_graphs(*, max_depth: int = 2) -> st.SearchStrategy[ModelGraph]:
    """Graphs of which everything is known."""
    return model_graphs(max_nodes=6, max_depth=max_depth, implied=False).map(known)


@st.composite
def changed_graphs(draw: st.DrawFn) -> tuple[ModelGraph, ModelGraph]:
    """Two graphs that differ in one fact, or, where the graph has nothing to change, in none."""
    graph = draw(known_graphs())
    layers = _layers(graph)
    if layers and draw(st.booleans()):
        chosen = draw(st.sampled_from(layers)).id
        facts = draw(st.sampled_from(_LAYER_FACTS))
        return graph, mapped(graph, lambda layer: facts(layer) if layer.id == chosen else layer, lambda part: part)
    parts = [graph, *(layer.graph for layer in layers if layer.graph is not None)]
    number = draw(st.integers(0, len(parts) - 1))
    change = draw(st.sampled_from(_GRAPH_FACTS))
    seed = draw(st.integers(0, 7)), draw(st.integers(0, 7))
    if number == 0:
        return graph, change(graph, *seed)
    owner = next(layer for layer in layers if layer.graph is parts[number])
    return graph, mapped(
        graph,
        lambda layer: (
            replace(layer, graph=change(layer.graph, *seed)) if layer.id == owner.id and layer.graph else layer
        ),
        lambda part: part,
    )


def _layers(graph: ModelGraph) -> list[Layer]:
    found: dict[int, Layer] = {}
    waiting = [graph]
    for part in waiting:
        for layer in all_layers(part):
            if layer.id not in found:
                found[layer.id] = layer
                if layer.graph is not None:
                    waiting.append(layer.graph)
    return list(found.values())


def _more(layer: Layer) -> Layer:
    return replace(layer, params=(layer.params or 0) + 7)


_LAYER_FACTS: tuple[Callable[[Layer], Layer], ...] = (
    lambda layer: replace(layer, settings=(*(layer.settings or ())[1:], ("new", 3))),
    lambda layer: replace(layer, settings=(*(layer.settings or ()), ("kernel_initializer", Record("Odd")))),
    lambda layer: replace(layer, settings=(layer.settings or ())[1:]),
    lambda layer: replace(layer, name="renamed", named=True),
    lambda layer: replace(layer, named=False),
    lambda layer: replace(layer, trainable=not layer.trainable),
    lambda layer: replace(layer, dtype_policy=layer.dtype_policy and "float64"),
    _more,
    lambda layer: replace(layer, trainable_params=(layer.params or 0) - (layer.trainable_params or 0)),
    lambda layer: layer if layer.kind == "InputLayer" else replace(layer, kind="Other", module="mypkg"),
)


def _node(graph: ModelGraph, at: int, change: Callable[[Node], Node]) -> ModelGraph:
    if not graph.nodes:
        return graph
    at %= len(graph.nodes)
    return replace(graph, nodes=(*graph.nodes[:at], change(graph.nodes[at]), *graph.nodes[at + 1 :]))


def _rewired(graph: ModelGraph, at: int, other: int) -> ModelGraph:
    at %= max(1, len(graph.nodes))

    def change(node: Node) -> Node:
        sources = [TensorRef(number) for number in range(at) if graph.nodes[number].outputs]
        if not node.inputs or not sources:
            return node
        return replace(node, inputs=(sources[other % len(sources)], *node.inputs[1:]))

    return _node(graph, at, change)


def _first_spec(node: Node, **facts: Any) -> Node:
    return replace(node, outputs=(replace(node.outputs[0], **facts), *node.outputs[1:])) if node.outputs else node


def _separate(graph: ModelGraph, at: int, _: int) -> ModelGraph:
    """The last call of a layer gets a layer of its own."""
    calls = [
        number for number, node in enumerate(graph.nodes) if node.layer.id in {n.layer.id for n in graph.nodes[:number]}
    ]
    if not calls:
        return graph
    at = calls[at % len(calls)]
    own = replace(graph.nodes[at].layer, id=10**6, graph=None)
    new = _node(graph, at, lambda node: replace(node, layer=own))
    return replace(new, layers=new.layers if own.is_operation else (*new.layers, own))


def _without_uses(graph: ModelGraph, at: int, other: int) -> ModelGraph:
    """The model has one output more."""
    refs = [TensorRef(number) for number, node in enumerate(graph.nodes) if node.outputs]
    return replace(graph, outputs=(*graph.outputs, refs[(at + other) % len(refs)])) if refs else graph


_GRAPH_FACTS: tuple[Callable[[ModelGraph, int, int], ModelGraph], ...] = (
    _rewired,
    _separate,
    _without_uses,
    lambda graph, at, _: _node(graph, at, lambda node: replace(node, inputs=node.inputs[::-1])),
    lambda graph, at, _: _node(graph, at, lambda node: _first_spec(node, shape=(None, 77))),
    lambda graph, at, _: _node(graph, at, lambda node: _first_spec(node, dtype="int8")),
    lambda graph, at, _: _node(
        graph, at, lambda node: replace(node, call=Call((INPUT,) * len(node.inputs), (("training", False),)))
    ),
    lambda graph, *_: replace(graph, outputs=graph.outputs[::-1]),
    lambda graph, *_: replace(graph, outputs=graph.outputs[1:]),
    lambda graph, *_: replace(graph, inputs=graph.inputs[::-1]),
    lambda graph, *_: replace(graph, inputs=graph.inputs[1:]),
    lambda graph, *_: replace(graph, own_params=(graph.own_params or 0) + 5),
    lambda graph, *_: replace(graph, layers=graph.layers[::-1]),
    lambda graph, *_: replace(graph, output_structure=((INPUT,) * len(graph.outputs),)),
)
