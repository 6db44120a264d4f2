"""A `.keras` archive, or a folder that holds the same -> what is saved in it. Knows the names of its members.

Weights are read as shapes where they stand, and only when they are asked for: neither extracted nor inflated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.formats import Format
from keras_ascii_tools.read.keras_json import MAX_JSON, parse_object
from keras_ascii_tools.read.parts import Parts
from keras_ascii_tools.read.saved import FileFacts, Saved
from keras_ascii_tools.read.zip import Archive

if TYPE_CHECKING:
    from keras_ascii_tools.read.stored import Stored

__all__ = ["CONFIG", "WEIGHTS", "read_parts", "version_of"]

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
WEIGHTS: Final = "model.weights.h5"
INDEX: Final = "model.weights.json"
"""Where the weights are in several files."""
PICKLED: Final = "model.weights.npz"
_MAX_METADATA: Final = 1 << 20
_LONGEST_VERSION: Final = 40


def read_parts(parts: Parts, size: int) -> Saved:
    """Read an archive or a folder, whose bytes stay open.

    Raises:
        SourceError: There is no model in it, or it is damaged.
    """
    if CONFIG not in parts.members:
        raise SourceError(_without_config(parts))
    config = parse_object(parts.read_member(CONFIG, MAX_JSON), CONFIG)
    version = _version(parts)
    return Saved(
        facts=FileFacts(Format.ARCHIVE if isinstance(parts, Archive) else Format.FOLDER, size, version),
        config=config,
        weights=lambda: _stored(parts),
    )


def _without_config(parts: Parts) -> str:
    what = "the archive" if isinstance(parts, Archive) else "the folder"
    if any(name.endswith("/data.pkl") for name in parts.members):
        return "a zip archive of PyTorch, which holds a pickle, which is code and is not run"
    if any(name.rpartition("/")[2] == CONFIG for name in parts.members):
        return f"{what} has no {CONFIG} of its own, only one in a folder; Keras saves it at the top"
    if WEIGHTS in parts.members:
        return f"{what} has weights and no {CONFIG}, so there is no architecture in it; save the whole model"
    return f"{what} has no {CONFIG}; expected a model that Keras has saved"


def version_of(metadata: Mapping[str, Any]) -> str | None:
    """Return the release of Keras that metadata names, if it can be one."""
    version = metadata.get("keras_version")
    return version if isinstance(version, str) and 0 < len(version) <= _LONGEST_VERSION else None


def _version(parts: Parts) -> str | None:
    if METADATA not in parts.members:
        return None
    return version_of(parse_object(parts.read_member(METADATA, _MAX_METADATA), METADATA))


def _stored(parts: Parts) -> Stored:
    from keras_ascii_tools.read.hdf5 import open_hdf5
    from keras_ascii_tools.read.stored import Branch, stored_of
    from keras_ascii_tools.read.stored_hdf5 import tree_of_groups

    if WEIGHTS in parts.members:
        return stored_of(tree_of_groups(open_hdf5(parts.window(WEIGHTS)).root))
    if INDEX in parts.members:
        from keras_ascii_tools.read.shards import read_shards

        return stored_of(read_shards(parts, INDEX))
    if PICKLED in parts.members:
        raise SourceError(f"{PICKLED} holds pickles, which are code and are not run")
    return stored_of(Branch(""), (f"the file has no weights: neither {WEIGHTS} nor {PICKLED}",))
