"""Where the snapshot of a test is kept: a path made of the test's id and nothing else. Touches no files.

Two snapshots never have one path, also where files that differ only in case are one file. What a path cannot show is
told apart by a hash.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from keras_ascii_tools.errors import OptionError

__all__ = ["FOLDER", "SUFFIX", "SnapshotId", "check_name", "folder_of", "is_inside", "snapshot_path"]

FOLDER = "__keras_ascii__"
"""Folder beside the test module that holds the snapshots of the modules there."""
SUFFIX = ".txt"
LONGEST = 120
"""Bytes of a file name: some file systems take 143, and Windows 260 for a whole path."""

_HASH = 8
_UNSAFE = re.compile(r"[^A-Za-z0-9_.,=+-]")
_LIKE_HASHED = re.compile(rf".*-[0-9a-f]{{{_HASH}}}")
# Names that Windows keeps for devices, whatever stands behind a dot.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SnapshotId:
    """Which snapshot of which test."""

    test: str
    """Id of the test without folders, as in `test_models.py::TestUnet::test_depth[3]`."""
    name: str | None = None
    """The name that the test gave; `None` for an unnamed one."""
    number: int = 1
    """Which of the test's unnamed snapshots, counted from 1."""


def check_name(name: object) -> str:
    """Return a name that a test gave. Raises OptionError for one that could be a path, or that is none."""
    if not isinstance(name, str):
        raise OptionError(f"name: expected a text, got {name!r}")
    if not name.strip(" .") or not name.isprintable() or re.search(r'[/\\:*?"<>|]', name):
        raise OptionError(
            f'name: expected a plain name, without / \\ : * ? " < > | or control characters, got {name!r}'
        )
    return name


def folder_of(test_file: Path) -> Path:
    """Return the folder for the snapshots of a test module."""
    stem = test_file.stem if test_file.suffix == ".py" else test_file.name
    plain = test_file.suffix == ".py" and _UNSAFE.search(stem) is None
    return test_file.parent / FOLDER / _file_name(_UNSAFE.sub("_", stem), test_file.name, plain=plain, suffix="")


def snapshot_path(test_file: Path, which: SnapshotId) -> Path:
    """Return the file for a snapshot of a test in a module."""
    test = which.test.partition("::")[2] or which.test
    owner, bracket, parameters = test.partition("[")
    parameters = parameters.removesuffix("]")
    parts = owner.split("::")
    label = ".".join(_UNSAFE.sub("_", part) for part in parts)
    if bracket:
        label += f"[{_UNSAFE.sub('_', parameters)}]"
    own = which.name if which.name is not None else "" if which.number == 1 else str(which.number)
    if own:
        label += f".{_UNSAFE.sub('_', own)}"
    plain = (
        all(part.isascii() and part.isidentifier() for part in parts)
        and parts[-1].islower()
        and _is_plain(parameters)
        and (which.name is None or (_is_plain(which.name) and not which.name.isdigit()))
    )
    key = json.dumps([test, which.name, which.number])
    return folder_of(test_file) / _file_name(label, key, plain=plain, suffix=SUFFIX)


def is_inside(path: Path, folder: Path) -> bool:
    """Tell whether a path is in a folder once all links on the way are followed."""
    real = os.path.realpath(folder)
    try:
        return os.path.commonpath([os.path.realpath(path), real]) == real
    except ValueError:  # on another drive
        return False


def _is_plain(text: str) -> bool:
    """Whether a text stands in a path as it is, and no other one does on a file system that ignores case."""
    return _UNSAFE.search(text) is None and text == text.lower()


def _file_name(label: str, key: str, *, plain: bool, suffix: str) -> str:
    """The label, with a hash of the key where the label alone does not say which one it is."""
    room = LONGEST - len(suffix)
    if plain and len(label) <= room and not _RESERVED.fullmatch(label) and not _LIKE_HASHED.fullmatch(label):
        return label + suffix
    digest = sha256(key.encode("utf-8", "backslashreplace")).hexdigest()[:_HASH]
    label = f"_{label}" if _RESERVED.fullmatch(label) else label
    return f"{label[: room - _HASH - 1]}-{digest}{suffix}"
