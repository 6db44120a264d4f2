"""What a person names -> single models: patterns and folders become the model files that they hold. Reads no models."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible

__all__ = ["expand", "is_local_file"]

_EXTENSIONS = (".keras", ".h5", ".hdf5")
"""In a folder, a file so called is meant to be a model: one that is none is said."""
_WEIGHTS = (".weights.h5", ".weights.json")
"""What Keras calls files without an architecture."""
_PROBE = 1 << 16
_MARKS = (b"class_name", b"keras-ascii/", b"modelTopology")
"""What the JSON of a model has somewhere near its start."""


def expand(targets: Sequence[str], *, weights: bool = False) -> tuple[list[str], list[tuple[str, SourceError]]]:
    """Return targets in their order, with those of a pattern or a folder each once; and those that failed.

    A folder that holds one saved model (a SavedModel, an unzipped `.keras`) is that model. Of any other folder, and of
    the folders in it, all files are taken that look like models. Hidden ones and links to folders are passed over. A
    pattern that matches nothing, and a folder without models, are errors.

    Args:
        targets: What was given.
        weights: Whether to take files of weights only, `*.weights.h5`, from folders as well.

    Raises:
        SourceError: There is only one target, and it is such an error.
    """
    found: dict[str, None] = {}
    failed: list[tuple[str, SourceError]] = []
    for target in targets:
        try:
            for one in _expanded(target, weights):
                found.setdefault(one)
        except SourceError as error:
            if len(targets) == 1:
                raise
            failed.append((target, error))
    return list(found), failed


def is_local_file(target: str) -> bool:
    """Tell whether a target is a file or a folder here, and no code, URL or revision of git."""
    return target != "-" and os.path.exists(target)


def _expanded(target: str, weights: bool) -> Iterator[str]:
    if os.path.isdir(target):
        yield from _of_folder(target, weights)
    elif any(sign in target for sign in "*?[") and "://" not in target and not os.path.lexists(target):
        import glob

        matches = sorted(glob.glob(target, recursive=True))
        if not matches:
            raise SourceError(f"{visible(target)}: no file matches this pattern")
        for match in matches:
            if os.path.isdir(match):
                yield from _models_in(match, weights)
            else:
                yield match
    else:
        yield target


def _of_folder(folder: str, weights: bool) -> Iterator[str]:
    found = False
    for path in _models_in(folder, weights):
        found = True
        yield path
    if not found:
        raise SourceError(f"{visible(folder)}: a folder without saved models in it")


def _models_in(folder: str, weights: bool) -> Iterator[str]:
    """Yield the model that a folder is, or those that it holds."""
    from keras_ascii_tools.read.from_folder import is_model_folder

    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise SourceError(f"{visible(folder)}: {error.strerror or error}") from error
    if is_model_folder(frozenset(entry.name for entry in entries if entry.is_file())):
        yield folder
        return
    for entry in entries:
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _models_in(entry.path, weights)
        elif entry.name.lower().endswith(_WEIGHTS) and not weights:
            continue
        elif entry.is_file() and _may_be_model(entry.path):
            yield entry.path


def _may_be_model(path: str) -> bool:
    """Tell by the first bytes whether a file in a folder is worth reading."""
    from keras_ascii_tools.read.formats import Format, sniff
    from keras_ascii_tools.read.window import window_of_path

    if path.lower().endswith(_EXTENSIONS):
        return True
    try:
        with window_of_path(path) as window:
            found = sniff(window)
            if found is Format.ARCHIVE:
                from keras_ascii_tools.read.zip import open_zip

                return "config.json" in open_zip(window).members
            if found is Format.JSON:
                start = window.read(0, min(window.size, _PROBE))
                return any(mark in start for mark in _MARKS)
            return found in {Format.HDF5, Format.DRAWING}
    except SourceError:
        return False
