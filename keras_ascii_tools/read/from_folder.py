"""A folder that Keras or TensorFlow has saved a model in -> what is saved in it. Told by the files that are there."""

from __future__ import annotations

from typing import Final

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.from_archive import CONFIG, WEIGHTS, read_parts
from keras_ascii_tools.read.parts import Folder
from keras_ascii_tools.read.saved import Saved

__all__ = ["is_model_folder", "read_folder"]

_GRAPH: Final = "saved_model.pb"
_METADATA: Final = "keras_metadata.pb"


def is_model_folder(names: frozenset[str]) -> bool:
    """Tell by the names of its files whether a folder is one saved model, and not one that holds several."""
    return not names.isdisjoint({CONFIG, WEIGHTS, _GRAPH, _METADATA})


def read_folder(folder: Folder) -> Saved:
    """Read an open folder.

    Raises:
        SourceError: There is no model in it, or it is damaged.
    """
    if _METADATA in folder.members:
        from keras_ascii_tools.read.from_saved_model import read_metadata

        return read_metadata(folder.window(_METADATA))
    if CONFIG in folder.members or WEIGHTS in folder.members:
        size = sum(folder.window(name).size for name in folder.members if name in {CONFIG, WEIGHTS})
        return read_parts(folder, size)
    if _GRAPH in folder.members:
        raise SourceError(
            f"a SavedModel without {_METADATA}: only operations of TensorFlow are in it, and no layers; "
            "save the model with model.save('model.keras')"
        )
    raise SourceError("a directory without a model in it; expected a file, or a folder that Keras saved a model in")
