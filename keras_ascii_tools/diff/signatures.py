"""What an item is apart from its neighbours, as numbers that are equal for equal items of both graphs.

Three levels: all settings (`core`), the settings that make a kind what it is (`mid`), the kind (`kind`). Names and
what only matters for training are in none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from keras_ascii_tools.diff.items import Items, items_of, prepared
from keras_ascii_tools.diff.settings import Facts, facts_of
from keras_ascii_tools.graph import Layer, ModelGraph, all_layers

__all__ = ["Ids", "Signer", "Signs", "layers_of_tree"]

_DEFINING = frozenset(
    {"kernel_size", "strides", "pool_size", "padding", "dilation_rate", "groups", "axis", "size", "equation", "layer"}
)


class Ids:
    """Gives equal things the same number."""

    def __init__(self) -> None:
        self._of: dict[Hashable, int] = {}

    def __call__(self, thing: Hashable) -> int:
        """Return the number of a thing."""
        return self._of.setdefault(thing, len(self._of))


@dataclass(frozen=True, slots=True)
class Signs:
    """The signatures of one graph's items."""

    core: list[int]
    mid: list[int]
    kind: list[int]


class Signer:
    """Signs the items of two trees of graphs in the same way.

    A fact that one of the trees does not know for some layer of a kind is left out for all layers of that kind: what
    is not known must not tell two layers apart.
    """

    def __init__(self, before: ModelGraph, after: ModelGraph) -> None:
        self.ids = Ids()
        self._blind: set[str] = set()
        self._closed: set[str] = set()
        self._layers: dict[int, tuple[Layer, int, int, int]] = {}
        self._bodies: dict[int, tuple[ModelGraph, int]] = {}
        self._facts: dict[int, tuple[Layer, tuple[Facts, Facts] | None]] = {}
        self._prepared: dict[int, tuple[ModelGraph, Items]] = {}
        open_: set[str] = set()
        for layer in (*layers_of_tree(before), *layers_of_tree(after)):
            if layer.settings is None:
                self._blind.add(layer.kind)
            (self._closed if layer.graph is None else open_).add(layer.kind)
        self._closed &= open_

    def items(self, graph: ModelGraph) -> Items:
        """Prepare a graph of one of the trees, once."""
        found = self._prepared.get(id(graph))
        if found is None:
            found = self._prepared[id(graph)] = graph, items_of(prepared(graph))
        return found[1]

    def facts(self, layer: Layer) -> tuple[Facts, Facts] | None:
        """Return a layer's settings as facts, see `facts_of`."""
        found = self._facts.get(id(layer))
        if found is None:
            found = self._facts[id(layer)] = layer, facts_of(layer)
        return found[1]

    def signs(self, items: Items) -> Signs:
        """Sign the items of one graph."""
        core: list[int] = []
        mid: list[int] = []
        kind: list[int] = []
        nodes = items.graph.nodes
        for index, layer in enumerate(items.layers):
            one, two, three = self._layer(layer)
            if index < len(nodes):
                node = nodes[index]
                outs = tuple([0 if ref is None else ref.output for ref in node.inputs])
                core.append(self.ids((one, outs, node.call)))
                mid.append(self.ids((two, len(outs))))
                kind.append(three)
            else:
                core.append(self.ids((one, "uncalled")))
                mid.append(self.ids((two, "uncalled")))
                kind.append(self.ids((three, "uncalled")))
        return Signs(core, mid, kind)

    def _layer(self, layer: Layer) -> tuple[int, int, int]:
        found = self._layers.get(id(layer))
        if found is None:
            kind = self.ids((layer.kind, layer.is_operation))
            facts = () if layer.kind in self._blind else (self.facts(layer) or ((), ()))[0]
            body = layer.graph if layer.kind not in self._closed else None
            core = self.ids((kind, facts, None if body is None else self._body(body)))
            mid = self.ids((kind, tuple([fact for fact in facts if fact[0] in _DEFINING])))
            found = self._layers[id(layer)] = layer, core, mid, kind
        return found[1:]

    def _body(self, graph: ModelGraph) -> int:
        found = self._bodies.get(id(graph))
        if found is None:
            items = self.items(graph)
            outputs = tuple((ref.node, ref.output) for ref in items.graph.outputs if ref is not None)
            wires = tuple(tuple(-1 if ref is None else ref.node for ref in refs) for refs in items.inputs)
            number = self.ids((tuple(self.signs(items).core), wires, outputs))
            found = self._bodies[id(graph)] = graph, number
        return found[1]


def layers_of_tree(graph: ModelGraph) -> Iterable[Layer]:
    """Yield every layer of a tree of graphs; a body that stands in it several times is entered once."""
    waiting, seen = [graph], {id(graph)}
    for part in waiting:
        for layer in all_layers(part):
            yield layer
            if layer.graph is not None and id(layer.graph) not in seen:
                seen.add(id(layer.graph))
                waiting.append(layer.graph)
