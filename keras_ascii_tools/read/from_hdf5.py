"""A whole-model HDF5 file of Keras 1, 2 or 3 -> what is saved in it. Knows the names of its groups and attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.formats import Format
from keras_ascii_tools.read.hdf5 import Group, open_hdf5
from keras_ascii_tools.read.keras_json import parse_object
from keras_ascii_tools.read.saved import FileFacts, Saved
from keras_ascii_tools.read.stored import Branch, Stored, stored_of
from keras_ascii_tools.read.stored_hdf5 import has_layer_list, tree_of_groups, tree_of_lists
from keras_ascii_tools.read.window import Window

__all__ = ["read_hdf5_model"]

CONFIG: Final = "model_config"
TRAINING: Final = "training_config"


def read_hdf5_model(window: Window) -> Saved:
    """Read a file, whose bytes stay open.

    Raises:
        SourceError: It holds weights only, or nothing of Keras, or it is damaged.
    """
    root = open_hdf5(window).root
    version = root.attributes.text("keras_version")
    text = root.attributes.text(CONFIG)
    if text is None:
        raise SourceError(_without_config(root))
    config = parse_object(text, CONFIG)
    weights = root.group("model_weights")
    return Saved(
        facts=FileFacts(Format.HDF5, window.size, version[:40] if version else None),
        config=config,
        weights=lambda: _stored(weights),
        training=_training(root),
    )


def _training(root: Group) -> Mapping[str, object] | None:
    """How the model was compiled. The model is not in it, so whatever is wrong with it is no trouble."""
    try:
        text = root.attributes.text(TRAINING)
        return None if text is None else parse_object(text, TRAINING)
    except SourceError:
        return None


def _stored(weights: Group | None) -> Stored:
    if weights is None:
        return stored_of(Branch(""), ("the file has no weights: there is no group model_weights",))
    return stored_of(tree_of_lists(weights) if has_layer_list(weights) else tree_of_groups(weights))


def _without_config(root: Group) -> str:
    """Say what is missing, and list what is there."""
    if CONFIG in root.attributes:
        return f"its {CONFIG} is no text; the file is damaged"
    tree = tree_of_lists(root) if has_layer_list(root) else tree_of_groups(root)
    weights = stored_of(tree)
    if not weights.everything:
        return f"an HDF5 file without {CONFIG} and without weights of Keras: there is no model in it"
    from keras_ascii_tools.read.weight_lists import weights_only

    return weights_only(weights)
