"""The parts that models are stored in -> all that rules look at in them. Opens nothing: it is given windows."""

from __future__ import annotations

from typing import Final

from keras_ascii_tools.check.config_walk import check_json
from keras_ascii_tools.check.findings import Findings, Place
from keras_ascii_tools.check.graph_rules import GRAPH_RULES, LONGEST_MARK
from keras_ascii_tools.check.storage_rules import (
    AMBIGUOUS,
    ARRAY_RULES,
    LINK_RULES,
    MEMBER_RULES,
    PICKLED,
    PREFIX,
    PackedFile,
    Sized,
)
from keras_ascii_tools.check.text_rules import NAME_RULES, PLAIN
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.hdf5 import Attributes, Dataset, Group, Hdf5File, open_hdf5
from keras_ascii_tools.read.hdf5 import Finding as Hdf5Finding
from keras_ascii_tools.read.hdf5.file import MAX_BYTES
from keras_ascii_tools.read.keras_json import MAX_JSON
from keras_ascii_tools.read.window import Window
from keras_ascii_tools.read.zip import AmbiguousError, Archive, Member, open_zip

__all__ = ["check_archive", "check_hdf5", "check_packed", "check_pb"]

_CHUNK: Final = 1 << 20
_MOST_OF_ALL: Final = 64 << 20
_MOST_OF_A_GRAPH: Final = 512 << 20
_HEADER: Final = 4096
"""Bytes of a NumPy array's header that are looked at; they are about a hundred."""
_MOST_ARRAYS: Final = 20_000
_OF_MODELS: Final = frozenset({"config.json", "metadata.json", "model.weights.h5"})
_JSON_ATTRIBUTES: Final = ("model_config", "training_config")


def check_packed(file: PackedFile, findings: Findings) -> None:
    """Look at the name and the size of a file in an archive or a folder."""
    place = Place(file.name)
    findings.apply(NAME_RULES, file.name, place)
    findings.apply(MEMBER_RULES, file, place)


def check_archive(window: Window, findings: Findings) -> None:
    """Look at a zip archive and the parts of a model in it.

    Raises:
        SourceError: It is none, or is damaged.
    """
    try:
        archive = open_zip(window)
    except AmbiguousError as error:
        findings.add(AMBIGUOUS, str(error), Place(""))
        findings.could_not_read("", "an archive that can be read in several ways is not looked into")
        return
    if not _OF_MODELS.intersection(archive.members):
        findings.could_not_read("", "an archive without config.json, which Keras did not save")
    first = min((member.start for member in archive.members.values()), default=0)
    if first:
        findings.add(PREFIX, f"{first:,} bytes before the archive", Place(""))
    left = _Left()
    for member in archive.members.values():
        check_packed(PackedFile(member.name, member.size, member.packed, member.is_link), findings)
        try:
            _check_member(archive, member, left, findings)
        except AmbiguousError as error:
            findings.add(AMBIGUOUS, str(error), Place(member.name))
        except SourceError as error:
            findings.could_not_read(member.name, str(error))


class _Left:
    """What may still be read of the members of one archive: there may be thousands, each of them just small enough."""

    __slots__ = ("hdf5", "json")

    def __init__(self) -> None:
        self.json = self.hdf5 = _MOST_OF_ALL


def _check_member(archive: Archive, member: Member, left: _Left, findings: Findings) -> None:
    name = member.name
    lower = name.lower()
    if lower.endswith(".json"):
        data = archive.read_member(name, min(MAX_JSON, left.json))
        left.json -= len(data)
        check_json(data, name, findings)
    elif lower.endswith((".h5", ".hdf5")):
        window = archive.window(name)
        before = window.fetched
        try:
            check_hdf5(window, name, findings, max_bytes=left.hdf5)
        finally:
            left.hdf5 = max(0, left.hdf5 - (window.fetched - before))
    elif lower.endswith(".npz"):
        _check_arrays(archive.window(name), name, findings)
    elif lower.endswith(".npy"):
        _check_array(archive, member, "", findings)
    elif member.stored:
        archive.window(name)  # whether its own header says the same


def _check_arrays(window: Window, part: str, findings: Findings) -> None:
    """Look at the arrays of an `.npz`: an archive of `.npy` files."""
    archive = open_zip(window)
    for number, member in enumerate(archive.members.values()):
        if number >= _MOST_ARRAYS:
            findings.could_not_read(part, f"more than {_MOST_ARRAYS:,} arrays; the rest was not looked at")
            return
        _check_array(archive, member, part, findings)


def _check_array(archive: Archive, member: Member, part: str, findings: Findings) -> None:
    """Look at the header of a `.npy` file: an array of objects is pickled."""
    if not member.stored:
        findings.could_not_read(part or member.name, "compressed arrays are not looked at")
        return
    window = archive.window(member.name)
    header = window.read(0, min(window.size, _HEADER)).partition(b"\n")[0]
    if header.startswith(b"\x93NUMPY") and (b"|O" in header or b"'O'" in header):
        findings.add(PICKLED, "an array of Python objects", Place(part or member.name, member.name if part else ""))


def check_hdf5(window: Window, part: str, findings: Findings, *, max_bytes: int = MAX_BYTES) -> None:
    """Look at an HDF5 file: names, links, arrays, and the JSON that Keras keeps in its attributes.

    Raises:
        SourceError: It is none, or is damaged.
    """
    file = open_hdf5(window, max_bytes=max_bytes)
    _check_attributes(file.root.attributes, "", part, findings)
    try:
        for node in file.walk():
            _check_node(node, part, window.size, findings)
    finally:
        _check_what_was_not_read(file, part, findings)


def _check_node(node: Group | Dataset | Hdf5Finding, part: str, size: int, findings: Findings) -> None:
    place = Place(part, node.path)
    if not PLAIN.fullmatch(node.name):
        findings.apply(NAME_RULES, node.name, place)
    if isinstance(node, Dataset):
        findings.apply(ARRAY_RULES, Sized(node.shape, node.layout, size), place)
    if not isinstance(node, Hdf5Finding):
        _check_attributes(node.attributes, node.path, part, findings)


def _check_attributes(attributes: Attributes, path: str, part: str, findings: Findings) -> None:
    for name in attributes:
        place = Place(part, f"{path}@{name}")
        findings.apply(NAME_RULES, name, place)
        if not path and name in _JSON_ATTRIBUTES:
            text = attributes.text(name)
            if text is not None:
                check_json(text, f"{part}@{name}" if part else name, findings)


def _check_what_was_not_read(file: Hdf5File, part: str, findings: Findings) -> None:
    for found in file.findings:
        findings.apply(LINK_RULES, found, Place(part, found.path))


def check_pb(window: Window, part: str, findings: Findings) -> None:
    """Look at the graph of a SavedModel.

    Raises:
        SourceError: It cannot be read.
    """
    if window.size > _MOST_OF_A_GRAPH:
        findings.could_not_read(part, f"it has {window.size:,} bytes; no more than {_MOST_OF_A_GRAPH:,} are read")
        return
    rest = b""
    for at in range(0, window.size, _CHUNK):
        content = rest + window.read(at, min(_CHUNK, window.size - at))
        findings.apply(GRAPH_RULES, content, Place(part))
        rest = content[-LONGEST_MARK:]
