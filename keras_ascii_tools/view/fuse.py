"""Draw a convolution, its normalisation and its activation as one row. Knows kinds of layers, and no fold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keras_ascii_tools.graph import OPS_MODULE, Layer, Node, Record, TensorRef
from keras_ascii_tools.view.types import View, view_of
from keras_ascii_tools.view.weights import sum_known

if TYPE_CHECKING:
    from keras_ascii_tools.graph import ModelGraph, Value, Weight

__all__ = ["fuse"]

_WEIGHTED = frozenset(
    {
        "Conv1D",
        "Conv1DTranspose",
        "Conv2D",
        "Conv2DTranspose",
        "Conv3D",
        "Conv3DTranspose",
        "Dense",
        "DepthwiseConv1D",
        "DepthwiseConv2D",
        "EinsumDense",
        "SeparableConv1D",
        "SeparableConv2D",
    }
)
_MERGES = frozenset({"Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"})
_NORMS = {
    "BatchNormalization": "BN",
    "GroupNormalization": "GN",
    "LayerNormalization": "LN",
    "RMSNormalization": "RMS",
}
_ACTIVATIONS = frozenset({"Activation", "ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax"})
_ACTIVATION_OPERATIONS = frozenset(
    {
        "Celu",
        "Elu",
        "Gelu",
        "Glu",
        "HardSigmoid",
        "HardSilu",
        "HardTanh",
        "LeakyRelu",
        "LogSigmoid",
        "LogSoftmax",
        "Mish",
        "Relu",
        "Relu6",
        "Selu",
        "Sigmoid",
        "Silu",
        "Softmax",
        "Softplus",
        "Softsign",
        "Tanh",
    }
)


def fuse(source: ModelGraph | View) -> View:
    """Return a view in which a layer, a normalisation and an activation that follow each other are one node.

    The first is a convolution, a dense layer, a merge or a normalisation; of the other two, one may be missing. The
    node has the first one's name, inputs and settings, the others' settings under their names (`bn.epsilon`), the sum
    of the weights, the last one's outputs, and a kind such as `Conv2D+BN+relu`.

    Nothing is fused that one row could not say: shared layers, tensors that are used twice or are outputs of the model,
    calls with arguments, layers that differ in `trainable` or in dtype policy, activations inside of the first layer.
    """
    view = view_of(source)
    chains = _chains(view.graph)
    return _joined(view, chains) if any(len(chain) > 1 for chain in chains) else view


def _chains(graph: ModelGraph) -> list[list[int]]:
    """Every node once, alone or with those that it is fused with, by first node."""
    following = _sole_users(graph)
    calls: dict[int, int] = {}
    for node in graph.nodes:
        calls[node.layer.id] = calls.get(node.layer.id, 0) + 1
    simple = [calls[node.layer.id] == 1 and _is_simple(node) for node in graph.nodes]
    taken = bytearray(len(graph.nodes))
    chains: list[list[int]] = []
    for index in range(len(graph.nodes)):
        if taken[index]:
            continue
        chain = [index]
        while simple[index] and (after := following[chain[-1]]) is not None:
            if not (simple[after] and _follows([graph.nodes[i] for i in chain], graph.nodes[after])):
                break
            taken[after] = 1
            chain.append(after)
        chains.append(chain)
    return chains


def _sole_users(graph: ModelGraph) -> list[int | None]:
    """Per node the node that uses it, where it is one node that uses it once, and nothing else does."""
    users: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        users[edge.source.node].append(edge.node)
    for ref in (*graph.outputs, *graph.inputs):
        if ref is not None:
            users[ref.node].append(-1)
    return [used[0] if len(used) == 1 and used[0] >= 0 else None for used in users]


def _is_simple(node: Node) -> bool:
    layer = node.layer
    return (
        len(node.outputs) == 1
        and not node.implied
        and layer.graph is None
        and layer.settings is not None
        and layer.params is not None
    )


def _follows(chain: Sequence[Node], node: Node) -> bool:
    first, last = chain[0].layer, chain[-1].layer
    if len(node.inputs) != 1 or node.call is not None or _part(last) == "activation" or not _agree(chain, node.layer):
        return False
    if _part(node.layer) == "norm":
        return len(chain) == 1 and _part(first) in {"weighted", "merge"} and _is_linear(first)
    return _part(node.layer) == "activation" and _part(first) != "" and _is_linear(first)


def _is_linear(layer: Layer) -> bool:
    """Whether it does not apply an activation of its own, which would come before a normalisation."""
    return layer.setting("activation") in {None, "linear"}


def _part(layer: Layer) -> str:
    """What part of a fused node a layer can be."""
    if layer.module == OPS_MODULE:
        if layer.kind in _ACTIVATION_OPERATIONS:
            return "activation"
        return "merge" if layer.kind in _MERGES else ""
    for part, kinds in (("weighted", _WEIGHTED), ("merge", _MERGES), ("norm", _NORMS), ("activation", _ACTIVATIONS)):
        if layer.kind in kinds:
            return part
    return ""


def _agree(chain: Sequence[Node], layer: Layer) -> bool:
    """Whether one row can say both whether the weights are frozen and which dtypes they have."""
    return all(
        (not layer.params or not one.layer.params or one.layer.trainable == layer.trainable)
        and (layer.dtype_policy is None or one.layer.dtype_policy in {None, layer.dtype_policy})
        for one in chain
    )


def _joined(view: View, chains: Sequence[Sequence[int]]) -> View:
    graph = view.graph
    place = {index: number for number, chain in enumerate(chains) for index in chain}

    def moved(ref: TensorRef | None) -> TensorRef | None:
        return None if ref is None else TensorRef(place[ref.node], ref.output)

    nodes: list[Node] = []
    layers: dict[int, Layer | None] = {}
    for chain in chains:
        first = graph.nodes[chain[0]]
        inputs = tuple(map(moved, first.inputs))
        if len(chain) == 1:
            nodes.append(replace(first, inputs=inputs))
            continue
        parts = [graph.nodes[index].layer for index in chain]
        fused = _fused(parts)
        layers.update({part.id: None for part in parts})
        layers[first.layer.id] = fused
        nodes.append(replace(first, layer=fused, inputs=inputs, outputs=graph.nodes[chain[-1]].outputs))
    left = (layers.get(layer.id, layer) for layer in graph.layers)
    return replace(
        view,
        graph=replace(
            graph,
            nodes=tuple(nodes),
            inputs=tuple(map(moved, graph.inputs)),
            outputs=tuple(map(moved, graph.outputs)),
            layers=tuple(layer for layer in left if layer is not None),
        ),
        copies=tuple((tuple(member for index in chain for member in view.copies[index][0]),) for chain in chains),
        order=None,
        cuts=tuple(replace(cut, node=place[cut.node]) for cut in view.cuts),
    )


def _fused(parts: Sequence[Layer]) -> Layer:
    first, *others = parts
    words = [_word(layer) for layer in others]
    settings = list(first.settings or ())
    for layer, word in zip(others, words, strict=True):
        settings += [(f"{word.lower()}.{key}", value) for key, value in _own_settings(layer)]
    weighted = [layer for layer in parts if layer.params]
    return Layer(
        id=-1 - first.id,  # readers count from 0, so that no layer of the whole tree has this one
        kind="+".join([first.kind, *words]),
        module=first.module,
        name=first.name,
        named=first.named,
        settings=tuple(settings),
        trainable=weighted[0].trainable if weighted else first.trainable,
        dtype_policy=next((layer.dtype_policy for layer in parts if layer.dtype_policy is not None), None),
        params=sum_known(layer.params for layer in parts),
        trainable_params=sum_known(layer.trainable_params for layer in parts),
        weights=_weights(parts),
    )


def _word(layer: Layer) -> str:
    """`BN`, `relu`, `LeakyReLU`."""
    if layer.kind == "Activation":
        activation = layer.setting("activation", "linear")
        return activation if isinstance(activation, str) else _kind(activation)
    return _NORMS.get(layer.kind, layer.kind.lower() if layer.module == OPS_MODULE else layer.kind)


def _kind(activation: Value) -> str:
    return activation.kind if isinstance(activation, Record) and activation.kind else "Activation"


def _own_settings(layer: Layer) -> Iterable[tuple[str, Value]]:
    """Settings that the word does not say."""
    said = layer.kind == "Activation" and isinstance(layer.setting("activation"), str)
    return (setting for setting in layer.settings or () if not (said and setting[0] == "activation"))


def _weights(parts: Sequence[Layer]) -> tuple[Weight, ...] | None:
    """Arrays of all parts; a part without weights needs no list of them."""
    weights: list[Weight] = []
    for layer in parts:
        if layer.weights is None and layer.params:
            return None
        weights += layer.weights or ()
    return tuple(weights)
