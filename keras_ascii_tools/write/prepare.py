"""A graph and the wishes for its drawing -> what is to be drawn, laid out. Knows no texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from keras_ascii_tools.graph import ModelGraph, canonical
from keras_ascii_tools.layout import lay_out, order_rows
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.view import expand, fold, fuse, hide_plumbing, select, view_of
from keras_ascii_tools.write.gutter import wiring_of
from keras_ascii_tools.write.sections import Laid

__all__ = ["Prepared", "prepared"]

MIN_LANES = 4
"""Fewer lanes are not drawn, however narrow the drawing has to be."""


class Prepared(NamedTuple):
    """What is to be drawn."""

    graph: ModelGraph
    lay: Callable[[ModelGraph], Laid]
    """Brings the graph, and then the body of each layer, into the shape in which it is drawn."""


def prepared(graph: ModelGraph, options: DrawOptions) -> Prepared:
    """Open, choose, and set up the rest."""
    lanes = options.max_lanes
    if options.width is not None:
        lanes = min(lanes, max(MIN_LANES, options.width // 8))

    def lay(part: ModelGraph) -> Laid:
        view = view_of(canonical(part)) if options.plumbing else hide_plumbing(canonical(part))
        if options.layers and part is opened:
            view = select(view, options.layers)
        if options.fuse:
            view = fuse(view)
        if options.fold != "no":
            # Narrowing may order equal parts of a graph differently, and then they would not fold.
            order = order_rows(wiring_of(view.graph), narrow=False)
            view = fold(view, order, structural=options.fold == "similar")
        return Laid(view.graph, lay_out(wiring_of(view.graph), max_lanes=lanes, order=view.order), view)

    opened = expand(graph, options.depth)
    return Prepared(opened, lay)
