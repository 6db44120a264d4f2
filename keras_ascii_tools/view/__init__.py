"""ModelGraph -> View: what is to be drawn of a graph, and an account of the rest.

In this order: `expand` (graph to graph), `hide_plumbing`, `select`, `fuse`, `fold`. Each takes what the one before
returned, and every one may be left out. Knows no rows' text, no columns, and nothing of how the order of the rows came
about.
"""

from keras_ascii_tools.view.expand import expand
from keras_ascii_tools.view.fold import fold
from keras_ascii_tools.view.fuse import fuse
from keras_ascii_tools.view.plumbing import hide_plumbing
from keras_ascii_tools.view.select import select, select_range
from keras_ascii_tools.view.types import Cut, Fold, View, view_of
from keras_ascii_tools.view.weights import row_params

__all__ = [
    "Cut",
    "Fold",
    "View",
    "expand",
    "fold",
    "fuse",
    "hide_plumbing",
    "row_params",
    "select",
    "select_range",
    "view_of",
]
