"""Make an activation that is a layer of its own the activation of the layer before it. Knows no rows and no texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from keras_ascii_tools.graph import Layer, ModelGraph, Node, TensorRef, Value, all_layers, reindex

__all__ = ["LINEAR", "activation_of", "simplified"]

LINEAR = "linear"

# Layers whose activation is tanh where nothing is said: a default is no setting, so the graph does not say it.
_TANH = frozenset(
    ("LSTM", "GRU", "SimpleRNN", "LSTMCell", "GRUCell", "SimpleRNNCell", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
)


def activation_of(layer: Layer) -> Value:
    """Return the activation: a name, or whatever stands in its place; `LINEAR` for a layer that has none."""
    if layer.is_operation:
        return LINEAR
    return layer.setting("activation", "tanh" if layer.kind in _TANH else LINEAR) or LINEAR


def simplified(graph: ModelGraph, *, plumbing: bool) -> ModelGraph:
    """Return the graph with each `Activation` joined to a layer before it that has none, in bodies, too.

    That is where nothing else uses what the layer makes, and both are called once. What Keras inserted by itself counts
    as such a use only where it is to be drawn.
    """
    return _joined(_with_bodies(graph, plumbing, {}), plumbing)


def _with_bodies(graph: ModelGraph, plumbing: bool, known: dict[int, Layer]) -> ModelGraph:
    """Simplify the bodies of a graph's layers. A layer that stands in several places stays one."""
    if all(layer.graph is None for layer in all_layers(graph)):
        return graph

    def opened(layer: Layer) -> Layer:
        if layer.graph is not None and layer.id not in known:
            known[layer.id] = replace(layer, graph=_joined(_with_bodies(layer.graph, plumbing, known), plumbing))
        return known.get(layer.id, layer)

    return replace(
        graph,
        nodes=tuple(replace(node, layer=opened(node.layer)) for node in graph.nodes),
        layers=tuple(map(opened, graph.layers)),
    )


def _joined(graph: ModelGraph, plumbing: bool) -> ModelGraph:
    calls = Counter(node.layer.id for node in graph.nodes)
    users = (node for node in graph.nodes if plumbing or not node.implied)
    uses = Counter(ref.node for node in users for ref in node.inputs if ref is not None)
    uses.update(ref.node for ref in graph.outputs if ref is not None)
    joined: dict[int, Layer] = {}
    """Per node that has been joined to: the layer that it is drawn as."""
    gone: dict[int, int] = {}
    """Per joined `Activation`: the node that it is joined to."""
    for index, node in enumerate(graph.nodes):
        ref = node.inputs[0] if _is_activation(node) else None
        if ref is None or uses[ref.node] != 1 or calls[node.layer.id] != 1:
            continue
        target = gone.get(ref.node, ref.node)
        before = joined.get(target, graph.nodes[target].layer)
        if calls[before.id] == 1 and _has_none(before) and len(graph.nodes[target].outputs) == 1:
            joined[target] = _with_activation(before, node.layer)
            gone[index] = target
    return _rewired(graph, joined, gone) if gone else graph


def _is_activation(node: Node) -> bool:
    layer = node.layer
    plain = len(node.inputs) == 1 and len(node.outputs) == 1 and node.call is None and not node.implied
    return plain and layer.kind == "Activation" and not layer.is_operation and layer.settings is not None


def _has_none(layer: Layer) -> bool:
    """Tell whether a layer is known to be linear. An input is what goes in, and no layer with an activation."""
    known = layer.settings is not None and layer.kind != "InputLayer"
    return known and not layer.is_operation and activation_of(layer) == LINEAR


def _with_activation(layer: Layer, activation: Layer) -> Layer:
    others = tuple(item for item in layer.settings or () if item[0] != "activation")
    return replace(layer, settings=(*others, ("activation", activation.setting("activation", LINEAR))))


def _rewired(graph: ModelGraph, joined: dict[int, Layer], gone: dict[int, int]) -> ModelGraph:
    def moved(ref: TensorRef | None) -> TensorRef | None:
        return ref if ref is None or ref.node not in gone else TensorRef(gone[ref.node])

    # The tensor is the one that the activation makes.
    outputs = {target: graph.nodes[index].outputs for index, target in gone.items()}
    nodes = tuple(
        replace(
            node,
            layer=joined.get(index, node.layer),
            inputs=node.inputs if index in gone else tuple(map(moved, node.inputs)),
            outputs=outputs.get(index, node.outputs),
        )
        for index, node in enumerate(graph.nodes)
    )
    drawn_as = {layer.id: layer for layer in joined.values()}
    dropped = {graph.nodes[index].layer.id for index in gone}
    rewired = replace(
        graph,
        nodes=nodes,
        inputs=tuple(map(moved, graph.inputs)),
        outputs=tuple(map(moved, graph.outputs)),
        layers=tuple(drawn_as.get(layer.id, layer) for layer in graph.layers if layer.id not in dropped),
    )
    return reindex(rewired, [index for index in range(len(nodes)) if index not in gone])
