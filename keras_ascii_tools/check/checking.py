"""A source -> a report of what is dangerous or doubtful in it. Runs nothing, loads nothing, follows no link."""

from __future__ import annotations

import os
from typing import Final

from keras_ascii_tools.check.config_walk import check_json
from keras_ascii_tools.check.findings import Findings, Place, Report
from keras_ascii_tools.check.parts import check_archive, check_hdf5, check_packed, check_pb
from keras_ascii_tools.check.storage_rules import PICKLE, PackedFile
from keras_ascii_tools.check.text_rules import NAME_RULES
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.formats import Format, foreign, sniff
from keras_ascii_tools.read.keras_json import MAX_JSON
from keras_ascii_tools.read.parts import Folder
from keras_ascii_tools.read.sources import Source, read_saved
from keras_ascii_tools.read.window import Window
from keras_ascii_tools.read.zip import open_zip

__all__ = ["check_source"]

_MOST_FILES: Final = 100_000


def check_source(source: Source, target: str, path: str | None = None) -> Report:
    """Look at an open source.

    Args:
        source: Stays open meanwhile; the caller closes it.
        target: What the report calls it.
        path: Of a folder, to see what is in the folders in it.

    Raises:
        SourceError: It is no model file at all, or so damaged that nothing can be said of it. Does not name the source.
    """
    findings = Findings()
    if isinstance(source, Folder):
        what = _check_folder(source, path, findings)
    else:
        found = sniff(source)
        what = str(found)
        _check_window(source, found, findings)
    return Report(target, what, findings.all(), tuple(findings.unread))


def _check_window(window: Window, found: Format, findings: Findings) -> None:
    if found is Format.ARCHIVE:
        check_archive(window, findings)
        return
    is_archive_too = _is_archive(window)
    if is_archive_too:
        check_archive(window, findings)
    if found is Format.HDF5:
        check_hdf5(window, "", findings)
    elif found is Format.JSON:
        if window.size > MAX_JSON:
            raise SourceError(f"it has {window.size:,} bytes; no more than {MAX_JSON:,} are read")
        check_json(window.read(0, window.size), "", findings)
    elif "pickle" in str(foreign(window)):
        findings.add(PICKLE, "a pickle instead of a model", Place(""))
    elif not is_archive_too:
        read_saved(window)  # says what it is, where it is no drawing


def _is_archive(window: Window) -> bool:
    """Tell whether a file that starts as something else ends as an archive: Keras opens it as one."""
    try:
        return bool(open_zip(window).members)
    except SourceError:
        return False


def _check_folder(folder: Folder, path: str | None, findings: Findings) -> str:
    names = sorted(folder.members)
    is_saved_model = "saved_model.pb" in names or "keras_metadata.pb" in names
    if not is_saved_model and not {"config.json", "model.weights.h5"}.intersection(names):
        raise SourceError("a directory without a model in it; expected a file, or a folder that Keras saved a model in")
    for name in names if path is None else _files_below(path, findings):
        findings.apply(NAME_RULES, name, Place(name))
    for name in names:
        try:
            _check_file(folder.window(name), name, findings)
        except SourceError as error:
            findings.could_not_read(name, str(error))
    return str(Format.SAVED_MODEL if is_saved_model else Format.FOLDER)


def _check_file(window: Window, name: str, findings: Findings) -> None:
    if name == "saved_model.pb":
        check_pb(window, name, findings)
    elif name == "keras_metadata.pb":
        from keras_ascii_tools.read.from_saved_model import metadata_texts

        for node, text in metadata_texts(window):
            check_json(text, f"{name}:{node}", findings, is_model=node == "root")
    elif name.endswith(".json"):
        if window.size > MAX_JSON:
            raise SourceError(f"it has {window.size:,} bytes; no more than {MAX_JSON:,} are read")
        check_json(window.read(0, window.size), name, findings)
    elif sniff(window) is Format.HDF5:
        check_hdf5(window, name, findings)


def _files_below(path: str, findings: Findings) -> list[str]:
    """Return the names of all files below a folder, as those of an archive; links are not followed."""
    names: list[str] = []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]  # of git and the like
        for name in sorted((*files, *folders)):
            whole = os.path.join(folder, name)
            inner = os.path.relpath(whole, path).replace(os.sep, "/")
            link = os.path.islink(whole)
            if link or name in files:
                check_packed(PackedFile(inner, 0, 0, link), findings)
            names.append(inner)
            if len(names) >= _MOST_FILES:
                findings.could_not_read("", f"more than {_MOST_FILES:,} files; the rest was not looked at")
                return names
    return names
