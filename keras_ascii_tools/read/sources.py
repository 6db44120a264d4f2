"""An open file or folder -> what is saved in it -> its graph: the one place that knows all formats.

Another format: a line in `formats.py`, and a reader here.
"""

from __future__ import annotations

from typing import TypeAlias

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.formats import Format, foreign, sniff
from keras_ascii_tools.read.parts import Folder
from keras_ascii_tools.read.saved import Saved, graph_of
from keras_ascii_tools.read.window import Window

__all__ = ["Source", "read_saved", "read_window"]

Source: TypeAlias = Window | Folder
"""What a person named, opened: the bytes of a file, or the files of a folder."""

_EXPECTED = (
    "expected a saved Keras model (.keras, .h5, SavedModel, JSON), a snapshot drawing or the JSON of keras-ascii"
)


def read_window(source: Source, where: str, *, keep_names: bool = False) -> ModelGraph:
    """Return the graph of the model in an open source.

    Args:
        source: Stays open meanwhile; the caller closes it.
        where: How errors call it: they start with it.
        keep_names: Count names that Keras made up as given.

    Raises:
        SourceError: There is no model in it, or it is damaged, or more than what is allowed.
    """
    try:
        return graph_of(read_saved(source), keep_names=keep_names)
    except RecursionError as error:
        raise SourceError(f"{visible(where)}: nested too deeply to be read") from error
    except SourceError as error:
        raise SourceError(visible(f"{where}: {error}")) from error


def read_saved(source: Source) -> Saved:
    """Return what is saved in an open source, without a graph yet: config, facts, where the weights are.

    Raises:
        SourceError: There is no model in it, or it is damaged, or more than what is allowed. Does not name the source.
    """
    if isinstance(source, Folder):
        from keras_ascii_tools.read.from_folder import read_folder

        return read_folder(source)
    found = sniff(source)
    if found is Format.ARCHIVE:
        from keras_ascii_tools.read.from_archive import read_parts
        from keras_ascii_tools.read.zip import open_zip

        return read_parts(open_zip(source), source.size)
    if found is Format.HDF5:
        from keras_ascii_tools.read.from_hdf5 import read_hdf5_model

        return read_hdf5_model(source)
    if found in {Format.JSON, Format.DRAWING}:
        from keras_ascii_tools.read.from_text import read_text_of

        return read_text_of(source, found)
    raise SourceError(_refused(source, found))


def _refused(window: Window, found: Format) -> str:
    if found is Format.EMPTY:
        return f"{'empty' if not window.size else 'nothing but blanks'}; {_EXPECTED}"
    if found is Format.LFS_POINTER:
        from keras_ascii_tools.read.from_text import lfs_pointer

        return lfs_pointer(window)
    what = foreign(window)
    return f"not a saved model: {what}" if what else f"not a file that is read here; {_EXPECTED}"
