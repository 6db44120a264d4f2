"""Moves chains that can wait down to where they are needed. Knows an order and who uses whom, and no columns."""

from __future__ import annotations

from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["slid"]


def slid(wiring: Wiring, consumers: list[list[int]], order: list[int]) -> list[int]:
    """Move chains to just before their first use, where they take nothing with them but their own lane.

    These are chains that begin with a node without inputs, and chains that tap a lane which has other uses. The graph
    needs no lane more for it, and fewer if the tapped lane lives on anyhow. Late things stay late: the input of a
    decoder, a shortcut into a join far below.
    """
    place = [0] * len(order)
    for row, node in enumerate(order):
        place[node] = row
    chains = _movable(wiring, consumers, order)
    moves = bytearray(len(order))
    pending = [0] * len(order)
    for end, chain in chains.items():
        pending[end] = len(consumers[end])
        for node in chain:
            moves[node] = True

    # From the last row to the first: a chain is due when all that uses it has been placed.
    upwards: list[int] = []
    for node in reversed(order):
        due = [] if moves[node] else [node]
        while due:
            current = due.pop()
            upwards.append(current)
            complete: list[int] = []
            for producer in wiring.inputs[current]:
                if pending[producer]:
                    pending[producer] -= 1
                    if not pending[producer]:
                        complete.append(producer)
            for end in sorted(complete, key=place.__getitem__):
                due += chains[end]
    return upwards[::-1]


def _movable(wiring: Wiring, consumers: list[list[int]], order: list[int]) -> dict[int, list[int]]:
    """The chains that can wait, by their last node. Chains that end in nothing stay: they are short-lived already."""
    inputs = wiring.inputs
    chains: dict[int, list[int]] = {}
    for start in order:
        producers = inputs[start]
        if len(producers) > 1 or (producers and len(consumers[producers[0]]) == 1):
            continue
        end = start
        chain = [end]
        while len(consumers[end]) == 1 and len(inputs[consumers[end][0]]) == 1:
            end = consumers[end][0]
            chain.append(end)
        if consumers[end]:
            chains[end] = chain
    return chains
