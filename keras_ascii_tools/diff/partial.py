"""A graph of which only the layers are known, beside one that is known: both as lists of layers that can be compared.

What a file has weights of says nothing of their order, and not always of which class a layer is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import replace

from keras_ascii_tools.diff.items import EDGES_KNOWN
from keras_ascii_tools.graph import How, Layer, ModelGraph
from keras_ascii_tools.names import snake_case

__all__ = ["on_common_ground"]


def on_common_ground(before: ModelGraph, after: ModelGraph) -> tuple[ModelGraph, ModelGraph]:
    """Return two graphs as far as both are known: if one of them is a list of layers, so is the other."""
    if _is_list(before) == _is_list(after):
        return before, after
    if _is_list(before):
        return _beside(before, after), _listed(after, before)
    return _listed(before, after), _beside(after, before)


def _is_list(graph: ModelGraph) -> bool:
    return graph.how not in EDGES_KNOWN and bool(graph.layers) and not graph.nodes


def _listed(graph: ModelGraph, other: ModelGraph) -> ModelGraph:
    """Leave out calls, and layers that the other graph cannot know of."""
    kinds = {layer.kind for layer in other.layers}
    by_weights = other.how is How.WEIGHTS
    layers = [
        layer
        for layer in graph.layers
        if layer.kind in kinds or not (layer.kind == "InputLayer" or (by_weights and layer.params == 0))
    ]
    return replace(
        graph,
        how=How.LAYERS_ONLY,
        nodes=(),
        inputs=(),
        outputs=(),
        input_structure=None,
        output_structure=None,
        layers=tuple(layers),
    )


def _beside(listed: ModelGraph, known: ModelGraph) -> ModelGraph:
    """Put layers whose order is not known into that of the other graph, and give them what is not known either."""
    if listed.how is not How.WEIGHTS:
        return listed
    left = dict(enumerate(listed.layers))
    found: dict[int, Layer] = {}
    for key_of, key_of_known in _LIKE:
        waiting: dict[Hashable, list[int]] = {}
        for number, layer in reversed(left.items()):
            key = key_of(layer)
            if key is not None:
                waiting.setdefault(key, []).append(number)
        for at, other in enumerate(known.layers):
            numbers = waiting.get(key_of_known(other)) if at not in found else None
            if numbers:
                found[at] = _like(left.pop(numbers.pop()), other)
    return replace(listed, layers=(*(found[at] for at in sorted(found)), *left.values()))


def _like(layer: Layer, other: Layer) -> Layer:
    if layer.kind == _ANY:
        # Its name may be that of an attribute.
        name, named = (layer.name, layer.named) if other.named else (other.name, False)
        layer = replace(layer, kind=other.kind, module=other.module, name=name, named=named)
    return replace(layer, trainable=other.trainable)


_ANY = "Layer"
"""Stands for a class that a file does not say."""


def _stem(layer: Layer) -> str | None:
    """The name of a class that may be meant by an automatic name, of a layer whose class is not known."""
    return re.sub(r"_\d+$", "", layer.name) if layer.kind == _ANY and layer.name else None


def _stem_of_known(layer: Layer) -> str | None:
    return None if layer.named else snake_case(layer.kind)


def _size(layer: Layer) -> int | None:
    return layer.params if layer.kind == _ANY else None


def _size_of_known(layer: Layer) -> int | None:
    return None if layer.named else layer.params


_Key = Callable[[Layer], Hashable]
_LIKE: tuple[tuple[_Key, _Key], ...] = (
    # What two layers must have in common to be taken for the same, from certain to likely: name, class, size.
    (lambda layer: (layer.name, layer.kind) if layer.named else None, lambda layer: (layer.name, layer.kind)),
    (lambda layer: layer.name if layer.kind == _ANY else None, lambda layer: layer.given_name),
    (
        lambda layer: (layer.kind, layer.params, layer.given_name),
        lambda layer: (layer.kind, layer.params, layer.given_name),
    ),
    (_size, _size_of_known),
    (lambda layer: (layer.kind, layer.given_name), lambda layer: (layer.kind, layer.given_name)),
    (_stem, _stem_of_known),
)
