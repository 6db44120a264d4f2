"""The order of `keras.Model.layers`, where a source does not say it: by depth, as Keras makes it. Knows only nodes.

That order addresses weights: two parallel layers change places when one branch gets longer.
"""

from __future__ import annotations

from keras_ascii_tools.graph.types import Layer, ModelGraph

__all__ = ["layers_by_depth"]


def layers_by_depth(graph: ModelGraph) -> tuple[Layer, ...]:
    """Return the layers of a functional model as `keras.src.ops.function.map_graph` orders them.

    Deepest first, seen from the outputs; of one depth in the order in which they are met on the way from the outputs.
    Layers that do not lead to an output come last, but for inputs, which come first of those at the outputs.
    """
    order, met = _visit(graph)
    depths: dict[int, int] = {}
    of_layer: dict[int, int] = {}
    for index in reversed(order):
        layer = graph.nodes[index].layer.id
        depth = max(depths.get(index, 0), of_layer.get(layer, 0))
        of_layer[layer] = depth
        for ref in graph.nodes[index].inputs:
            if ref is not None:
                depths[ref.node] = max(depth + 1, depths.get(ref.node, 0))
    for ref in graph.inputs:
        if ref is not None and graph.nodes[ref.node].layer.id not in of_layer:
            of_layer[graph.nodes[ref.node].layer.id] = 0
            met[graph.nodes[ref.node].layer.id] = -1
    layers = {layer.id: layer for layer in (*(node.layer for node in graph.nodes), *graph.layers)}
    ordered = sorted(of_layer, key=lambda layer: (-of_layer[layer], met[layer]))
    rest = [layer.id for layer in graph.layers if layer.id not in of_layer]
    return tuple(layers[layer] for layer in (*ordered, *rest) if not layers[layer].is_operation)


def _visit(graph: ModelGraph) -> tuple[list[int], dict[int, int]]:
    """Nodes after all that they use, from the outputs in turn; and when each layer is met. Without recursion."""
    order: list[int] = []
    met: dict[int, int] = {}
    done: set[int] = set()
    for root in graph.outputs:
        stack = [] if root is None else [(root.node, False)]
        while stack:
            index, left = stack.pop()
            if left:
                order.append(index)
            elif index not in done:
                done.add(index)
                met.setdefault(graph.nodes[index].layer.id, len(met))
                stack.append((index, True))
                stack += [(ref.node, False) for ref in reversed(graph.nodes[index].inputs) if ref is not None]
    return order, met
