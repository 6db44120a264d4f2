"""What a layout is given: who uses whom. Knows no layers, names, shapes or characters."""

from __future__ import annotations

from dataclasses import dataclass

from keras_ascii_tools.errors import GraphError

__all__ = ["Wiring"]


@dataclass(frozen=True, slots=True)
class Wiring:
    """Who uses whom, and nothing else: what a layout needs to know of a graph.

    The order of the nodes settles ties, so it should come from the structure alone: depth first from the outputs, each
    node after its inputs in argument order.
    """

    inputs: tuple[tuple[int, ...], ...]
    """Per node the distinct nodes that it uses, in argument order; each stands before it."""
    sources: tuple[int, ...] = ()
    """The nodes of the model's inputs, in their order."""
    outputs: tuple[int, ...] = ()
    """The nodes that make the model's outputs, in their order; may repeat and may be used by other nodes."""

    def __post_init__(self) -> None:
        for node, producers in enumerate(self.inputs):
            if producers and not 0 <= min(producers) <= max(producers) < node:
                raise GraphError(f"node {node} uses {producers}: expected nodes that stand before it")
            if len(producers) > 1 and len(set(producers)) != len(producers):
                raise GraphError(f"node {node} uses {producers}: expected each node once")
        for role, nodes in (("source", self.sources), ("output", self.outputs)):
            for node in nodes:
                if not 0 <= node < len(self.inputs):
                    raise GraphError(f"{role} {node} is not a node: expected 0 to {len(self.inputs) - 1}")

    def consumers(self) -> list[list[int]]:
        """Per node the nodes that use it, in node order."""
        consumers: list[list[int]] = [[] for _ in self.inputs]
        for node, producers in enumerate(self.inputs):
            for producer in producers:
                consumers[producer].append(node)
        return consumers
