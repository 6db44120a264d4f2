"""What the bytes of a file are, told by themselves and never by a name. Reads a few of them; understands none.

Another format: a member of `Format`, and a line in a table here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from keras_ascii_tools.read.window import Window

__all__ = ["FOREIGN", "Format", "foreign", "sniff"]

_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
"""Of HDF5; here again, because its reader is loaded only for such a file."""
_HEAD: Final = 4096
_FIRST_USER_BLOCK: Final = 512
_LAST_USER_BLOCK: Final = 1 << 26
"""Bytes that may stand before an HDF5 file: 512, 1024 and so on; what people put there is a kilobyte."""


class Format(StrEnum):
    """What a source is; the values are words for people."""

    ARCHIVE = "Keras archive"
    """A zip archive, as a `.keras` file is since Keras 3, and that of late Keras 2."""
    HDF5 = "HDF5"
    JSON = "JSON"
    """Any JSON, before it is parsed: it may turn out to be one of the next five."""
    KERAS_JSON = "Keras JSON"
    """`model.to_json()`, or the `config.json` of an archive."""
    TFJS = "TensorFlow.js"
    """`model.json` of a layers model."""
    SHARDS = "sharded weights"
    """`*.weights.json`, the index of several weights files."""
    OWN_JSON = "keras-ascii JSON"
    DRAWING = "snapshot drawing"
    FOLDER = "Keras folder"
    """A folder that holds what an archive holds."""
    SAVED_MODEL = "SavedModel"
    LFS_POINTER = "git-lfs pointer"
    EMPTY = "empty file"
    FOREIGN = "another format"
    """One that we can name and do not read; see `FOREIGN`."""
    UNKNOWN = "unknown"


_MAGICS: Final = {
    b"PK\x03\x04": Format.ARCHIVE,
    b"PK\x05\x06": Format.ARCHIVE,  # one without members
    b"version https://git-lfs": Format.LFS_POINTER,
}
_TEXTS: Final = {b"{": Format.JSON, b"[": Format.JSON, b'"': Format.JSON, b"# keras-ascii ": Format.DRAWING}
"""Starts of texts, after blanks. A JSON string may hold a whole document: `json.dump(model.to_json(), file)`."""
FOREIGN: Final = {
    (0, b"\x80\x02"): "a pickle, which is code and is not run; save the model as .keras",
    (0, b"\x80\x03"): "a pickle, which is code and is not run; save the model as .keras",
    (0, b"\x80\x04"): "a pickle, which is code and is not run; save the model as .keras",
    (0, b"\x80\x05"): "a pickle, which is code and is not run; save the model as .keras",
    (4, b"TFL3"): "a TensorFlow Lite model, which has no layers of Keras any more",
    (0, b"GGUF"): "a GGUF file, which has no layers of Keras",
    (0, b"\x1f\x8b"): "compressed by gzip; decompress it first",
    (0, b"BZh"): "compressed by bzip2; decompress it first",
    (0, b"\xfd7zXZ\0"): "compressed by xz; decompress it first",
    (0, b"\x28\xb5\x2f\xfd"): "compressed by zstd; decompress it first",
    (257, b"ustar"): "a tar archive; unpack it first",
    (0, b"\x93NUMPY"): "an array of NumPy, and no model",
    (0, b"%PDF"): "a PDF file",
    (0, b"\x89PNG"): "an image",
}
"""(offset, bytes there) -> what such a file is, and what to do."""


def sniff(window: Window) -> Format:
    """Tell what a file is by its first bytes; `JSON` is told apart further only by who parses it.

    Raises:
        SourceError: The source cannot be read.
    """
    if not window.size:
        return Format.EMPTY
    head = window.read(0, min(_HEAD, window.size))
    for magic, found in _MAGICS.items():
        if head.startswith(magic):
            return found
    if head.startswith(_SIGNATURE):
        return Format.HDF5
    start = _text(head)
    for magic, found in _TEXTS.items():
        if start.startswith(magic):
            return found
    if foreign(window) is not None:
        return Format.FOREIGN
    if not head.strip():
        return Format.EMPTY if window.size == len(head) else Format.UNKNOWN
    return Format.HDF5 if _has_user_block(window) else Format.UNKNOWN


def foreign(window: Window) -> str | None:
    """Return what to say of a format that is not read, or `None` for one that has no name here."""
    head = window.read(0, min(_HEAD, window.size))
    return next((what for (at, magic), what in FOREIGN.items() if head[at : at + len(magic)] == magic), None)


def _text(head: bytes) -> bytes:
    """The start of a text without byte order marks and blanks; of UTF-16, which some shells write, each second byte."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[2::2] if head[:1] == b"\xff" else head[3::2]
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _has_user_block(window: Window) -> bool:
    at = _FIRST_USER_BLOCK
    while at <= min(_LAST_USER_BLOCK, window.size - len(_SIGNATURE)):
        if window.read(at, len(_SIGNATURE)) == _SIGNATURE:
            return True
        at *= 2
    return False
