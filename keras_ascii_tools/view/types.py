"""A graph as it is to be drawn, and what each of its nodes stands for. Knows no rows' text and no columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keras_ascii_tools.errors import GraphError

if TYPE_CHECKING:
    from keras_ascii_tools.graph import Layer, ModelGraph, TensorRef

__all__ = ["Cut", "Fold", "View", "view_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Rows that are drawn once and stand for several copies of them, one after the other.

    Each copy does with its own tensors what the rows show; tensors of the last copy are what later rows use.
    """

    first: int
    """First row: position in `View.order`."""
    last: int
    """Last row, included."""
    times: int
    """How many copies there are; where folds nest, in each copy of the outer one."""
    kept: tuple[TensorRef, ...] = ()
    """Tensors from outside that every copy uses: their lanes live to the end of the fold."""
    carried: tuple[tuple[TensorRef, TensorRef], ...] = ()
    """Pairs: the first copy uses the former, from outside; each later copy the latter, of the copy before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """An input whose producer is left out: in `View.graph` it is `None`."""

    node: int
    """Index of the consumer in `View.graph`."""
    position: int
    """Which of its input tensors it is, in argument order."""
    source: TensorRef
    """The tensor, in `View.origin`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A graph to be drawn, with an account of all nodes of the graph that it was made from."""

    graph: ModelGraph
    """What is to be drawn. Layers that only left-out or folded nodes call are not in its `layers`."""
    origin: ModelGraph
    """What it was made from. Totals are to be taken from here."""
    copies: tuple[tuple[tuple[int, ...], ...], ...]
    """Per node of `graph` its copies, and of each copy the nodes of `origin` that it stands for.

    `((5,),)` is node 5; `((5, 6, 7),)` three nodes fused into one; `((5,), (15,), (25,))` a node that is drawn once for
    three. Copies are in the order of their rows, fused nodes in the order of their calls.
    """
    order: tuple[int, ...] | None = None
    """Nodes of `graph` in the order of their rows, where a transformation has fixed it."""
    folds: tuple[Fold, ...] = ()
    """By first row, outer folds before the folds in them. Two folds are apart or one holds the other."""
    cuts: tuple[Cut, ...] = ()
    """Inputs whose producers are left out, by node and position."""

    def __post_init__(self) -> None:
        if len(self.copies) != len(self.graph.nodes):
            raise GraphError(f"a view of {len(self.graph.nodes)} nodes accounts for {len(self.copies)}")
        if self.order is not None and sorted(self.order) != list(range(len(self.graph.nodes))):
            raise GraphError(f"the order of a view must have each of its {len(self.graph.nodes)} nodes once")

    @property
    def stands_for(self) -> int:
        """How many nodes of `origin` the drawn nodes stand for."""
        return sum(len(nodes) for copies in self.copies for nodes in copies)

    @property
    def plumbing(self) -> int:
        """How many nodes of `origin` are left out because Keras inserted them."""
        drawn = {node for copies in self.copies for nodes in copies for node in nodes}
        return sum(node.implied and index not in drawn for index, node in enumerate(self.origin.nodes))

    @property
    def left_out(self) -> int:
        """How many other nodes of `origin` are neither drawn nor stood for."""
        return len(self.origin.nodes) - self.stands_for - self.plumbing

    def times(self, node: int) -> int:
        """Return how many copies of a node there are, itself included."""
        return len(self.copies[node])

    def layers(self, node: int) -> tuple[Layer, ...]:
        """Return the layers of a node's first copy: several where they are fused, the one that gives the name first."""
        return tuple(self.origin.nodes[index].layer for index in self.copies[node][0])


def view_of(source: ModelGraph | View) -> View:
    """Return a view of all of a graph; a view is returned as it is.

    Raises:
        GraphError: Of a view that is folded already: its rows cannot be taken apart again.
    """
    if isinstance(source, View):
        if source.folds:
            raise GraphError("a folded view cannot be changed any more: select and fuse before you fold")
        return source
    return View(graph=source, origin=source, copies=tuple(((index,),) for index in range(len(source.nodes))))
