"""The order of the rows. Knows who uses whom, and no columns.

Branch by branch, joined as soon as possible. A layer that is put into an edge must not move other rows, so every choice
rests on what such an edit leaves alone: the order of the nodes, the order of the outputs, what a chain runs into; on
lengths only where they differ clearly.
"""

from __future__ import annotations

from keras_ascii_tools.layout.chains import Chains, find_chains
from keras_ascii_tools.layout.lanes import lanes_needed
from keras_ascii_tools.layout.narrow import narrowed, widest_join
from keras_ascii_tools.layout.slide import slid
from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["order_rows"]

_CLEARLY = 2
"""How many nodes a branch must have less than the other one to count as the short one of two."""


def order_rows(wiring: Wiring, *, narrow: bool = True) -> tuple[int, ...]:
    """Return the nodes in the order of their rows.

    Args:
        wiring: The graph.
        narrow: Search for fewer lanes where branches are entangled. Without it equal parts of a graph are ordered
            alike, which is what folding repeats needs.
    """
    consumers = wiring.consumers()
    order = slid(wiring, consumers, _stacked(wiring, consumers))
    if not narrow:
        return tuple(order)
    enough = widest_join(wiring)
    best = lanes_needed(wiring, order)
    if best > enough:
        order = narrowed(wiring, order)
        best = lanes_needed(wiring, order)
    if best > enough:
        # Graphs without branches to follow, such as random or grid-like ones, are narrower level by level.
        for other in (list(range(len(order))), _by_level(wiring)):
            needed = lanes_needed(wiring, other)
            if needed < best:
                best, order = needed, other
    return tuple(order)


def _stacked(wiring: Wiring, consumers: list[list[int]]) -> list[int]:
    """Depth first: of the nodes whose inputs are all there, the one that became ready last."""
    inputs = wiring.inputs
    chains = find_chains(wiring, consumers)
    private = _private(wiring, consumers)
    waiting = [len(producers) for producers in inputs]
    starts = dict.fromkeys(node for node in (*wiring.sources, *range(len(inputs))) if not inputs[node])
    stack = list(starts)[::-1]
    order: list[int] = []
    while stack:
        node = stack.pop()
        order.append(node)
        ready: list[int] = []
        for consumer in consumers[node]:
            waiting[consumer] -= 1
            if not waiting[consumer]:
                ready.append(consumer)
        stack += _last_first(ready, private, chains) if len(ready) > 1 else ready
    return order


def _last_first(ready: list[int], private: list[int], chains: Chains) -> list[int]:
    """Order what one node has made ready; what comes first stands last, on top of the stack.

    First what nothing comes back from, in the order of the outputs. Then branches that branch again, then chains. Of
    two alike the clearly shorter one last: it may be a shortcut that has just got its first layer. Otherwise the last
    one first: it opens furthest to the right, so that lanes meet in argument order.
    """
    alike: dict[int, list[int]] = {}
    for node in ready:
        if private[node] < 0:
            alike.setdefault(chains.target[node], []).append(chains.length[node])

    def urgency(node: int) -> tuple[int, int, int]:
        if private[node] >= 0:
            return 0, private[node], node
        target, lengths = chains.target[node], alike[chains.target[node]]
        is_short = len(lengths) == 2 and chains.length[node] + _CLEARLY <= max(lengths)
        return (1 if target < 0 else 2), is_short, -node

    return sorted(ready, key=urgency, reverse=True)


def _private(wiring: Wiring, consumers: list[list[int]]) -> list[int]:
    """Per node the rank of the first model output that it leads to; -1 if anything below it has other inputs too."""
    last = len(wiring.outputs)
    rank = {node: place for place, node in reversed(list(enumerate(wiring.outputs)))}
    private = [-1] * len(consumers)
    for node in range(len(consumers) - 1, -1, -1):
        best = rank.get(node, last)
        for consumer in consumers[node]:
            if private[consumer] < 0 or len(wiring.inputs[consumer]) > 1:
                break
            best = min(best, private[consumer])
        else:
            private[node] = best
    return private


def _by_level(wiring: Wiring) -> list[int]:
    """By the longest way from a start."""
    level: list[int] = []
    for producers in wiring.inputs:
        level.append(1 + max(map(level.__getitem__, producers)) if producers else 0)
    return sorted(range(len(level)), key=level.__getitem__)
