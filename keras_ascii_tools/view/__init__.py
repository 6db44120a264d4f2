"""ModelGraph -> View."""

from keras_ascii_tools.view.fold import fold
from keras_ascii_tools.view.plumbing import hide_plumbing
from keras_ascii_tools.view.types import Cut, Fold, View
from keras_ascii_tools.view.weights import row_params

__all__ = ["Cut", "Fold", "View", "fold", "hide_plumbing", "row_params"]
