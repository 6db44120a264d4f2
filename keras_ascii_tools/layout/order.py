"""The order of the rows. Knows who uses whom, and no columns.

Branch by branch, joined as soon as possible: a stack of nodes that are ready.
"""

from __future__ import annotations

from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["order_rows"]


def order_rows(wiring: Wiring) -> tuple[int, ...]:
    """Return the nodes in the order of their rows."""
    consumers = wiring.consumers()
    order = stacked(wiring, consumers)
    order = slid(wiring, consumers, order)
    return tuple(order)


def stacked(wiring: Wiring, consumers: list[list[int]]) -> list[int]:
    """Depth first: a node that has become ready comes next."""
    inputs = wiring.inputs
    waiting = [len(producers) for producers in inputs]
    private = _private(wiring, consumers)

    def urgency(node: int) -> tuple[int, int, int]:
        return (0, private[node], node) if private[node] >= 0 else (1, -node, 0)

    starts = [*wiring.sources, *range(len(inputs))]
    roots = list(dict.fromkeys(node for node in starts if not inputs[node]))
    stack = roots[::-1]
    order: list[int] = []
    while stack:
        node = stack.pop()
        order.append(node)
        ready: list[int] = []
        for consumer in consumers[node]:
            waiting[consumer] -= 1
            if not waiting[consumer]:
                ready.append(consumer)
        if len(ready) > 1:
            ready.sort(key=urgency, reverse=True)
        stack += ready
    return order


def _private(wiring: Wiring, consumers: list[list[int]]) -> list[int]:
    """Per node the rank of the first model output that it leads to, or -1 if it leads to a node with other inputs."""
    unranked = len(wiring.outputs)
    place = [unranked] * len(wiring.inputs)
    for rank in range(unranked - 1, -1, -1):
        place[wiring.outputs[rank]] = rank
    private = [-1] * len(wiring.inputs)
    for node in range(len(private) - 1, -1, -1):
        if all(private[consumer] >= 0 and len(wiring.inputs[consumer]) == 1 for consumer in consumers[node]):
            private[node] = min([place[node], *(private[c] for c in consumers[node])])
    return private


def slid(wiring: Wiring, consumers: list[list[int]], order: list[int]) -> list[int]:
    """Move chains that can wait down to just before their first use."""
    inputs = wiring.inputs
    count = len(order)
    pos = [0] * count
    for p, node in enumerate(order):
        pos[node] = p
    last = [pos[n] if not cs else max(pos[c] for c in cs) for n, cs in enumerate(consumers)]
    chain_of: dict[int, list[int]] = {}  # end -> chain
    moved = bytearray(count)
    for node in order:
        start = len(inputs[node]) == 0 or (len(inputs[node]) == 1 and len(consumers[inputs[node][0]]) > 1)
        if not start:
            continue
        chain = [node]
        while len(consumers[node]) == 1 and len(inputs[consumers[node][0]]) == 1:
            node = consumers[node][0]
            chain.append(node)
        if not consumers[node]:
            continue
        anchor = min(pos[c] for c in consumers[node])
        if inputs[chain[0]] and last[inputs[chain[0]][0]] <= anchor:
            continue
        chain_of[node] = chain
        for c in chain:
            moved[c] = 1
    if not chain_of:
        return order
    left = {end: len(consumers[end]) for end in chain_of}
    out: list[int] = []
    for node in reversed(order):
        if moved[node]:
            continue
        todo = [node]
        while todo:
            cur = todo.pop()
            out.append(cur)
            free: list[int] = []
            for p in inputs[cur]:
                if p in left:
                    left[p] -= 1
                    if not left[p]:
                        free.append(p)
            free.sort(key=pos.__getitem__)
            for end in free:
                todo += chain_of[end]
    out.reverse()
    return out
