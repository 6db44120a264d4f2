"""Leave out the rows of what Keras inserted by itself, and keep count of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_ascii_tools.graph import without_implied
from keras_ascii_tools.view.types import View

if TYPE_CHECKING:
    from keras_ascii_tools.graph import ModelGraph

__all__ = ["hide_plumbing"]


def hide_plumbing(graph: ModelGraph) -> View:
    """Return a view without the graph's implied nodes. Bodies of nested models are left as they are."""
    kept = tuple(((index,),) for index, node in enumerate(graph.nodes) if not node.implied)
    return View(graph=without_implied(graph), origin=graph, copies=kept)
