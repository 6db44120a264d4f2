"""The runs of nodes that only pass one thing on. Knows who uses whom, and no order of rows.

Such a *chain* can stand anywhere between what it taps and what it runs into, so it is moved as a whole.
"""

from __future__ import annotations

from typing import NamedTuple

from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["Chains", "find_chains"]


class Chains(NamedTuple):
    """Where every node stands in its chain."""

    length: list[int]
    """Per node the number of nodes from it to the last of its chain."""
    target: list[int]
    """Per node the node with several inputs that its chain runs into; -1 if the chain ends otherwise."""


def find_chains(wiring: Wiring, consumers: list[list[int]]) -> Chains:
    """Follow every node downwards for as long as its only consumer has no other input."""
    count = len(consumers)
    length, target = [1] * count, [-1] * count
    for node in range(count - 1, -1, -1):
        if len(consumers[node]) == 1:
            consumer = consumers[node][0]
            if len(wiring.inputs[consumer]) == 1:
                length[node] = length[consumer] + 1
                target[node] = target[consumer]
            else:
                target[node] = consumer
    return Chains(length, target)
