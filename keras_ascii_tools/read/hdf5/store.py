"""The bytes of an HDF5 file as its parsers share them: sizes of its fields, the budget, what was found on the way.

Knows nothing of messages and objects. Numbers of sections, here and in the other modules, are those of the HDF5 File
Format Specification, version 3.0, https://support.hdfgroup.org/archive/support/HDF5/doc/H5.format.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.window import Window

__all__ = ["MAX_NAME", "STEP", "Finding", "Store", "damaged", "text_of"]

MAX_NAME = 4096
"""Bytes in the name of a link or an attribute."""
STEP = 64
"""What a step of a parser (a message, a link, an element of a value) costs the budget beside its bytes."""
_OBJECT = 512
"""What an object costs beside its bytes and the length of its path."""
_CODES = {2: "H", 4: "I", 8: "Q"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the file that was not followed or not understood; what it says is not fit to print as it is."""

    kind: str
    """Such as `external link`: see `keras_ascii_tools.read.hdf5` for all of them."""
    path: str
    """Where: the path of an object, after it `@name` for an attribute."""
    target: str = ""
    """The path that a link names, or to which a cycle leads back."""
    file: str = ""
    """The file that an external link names."""

    @property
    def name(self) -> str:
        """The name in its group."""
        return self.path.rpartition("/")[2]


class Store:
    """An open HDF5 file, for its parsers."""

    __slots__ = ("_findings", "_objects", "address", "length", "symbol", "undefined", "window")

    def __init__(self, window: Window, address_size: int, length_size: int, max_objects: int) -> None:
        if address_size not in _CODES or length_size not in _CODES:
            raise SourceError("damaged: the HDF5 file has addresses of an impossible size")
        self.window = window
        self.address = Struct("<" + _CODES[address_size])
        self.length = Struct("<" + _CODES[length_size])
        # The specification says that names have the size of addresses; the library takes that of lengths.
        self.symbol = Struct(f"<{_CODES[length_size]}{_CODES[address_size]}I4x16s")
        self.undefined = (1 << 8 * address_size) - 1
        self._objects = max_objects
        self._findings: dict[Finding, None] = {}

    def enter(self, path: str) -> None:
        """Pay for an object at a path."""
        self._objects -= 1
        if self._objects < 0:
            raise SourceError("the HDF5 file has more objects than are read")
        self.window.charge(_OBJECT + len(path))

    def report(self, kind: str, path: str, target: str = "", file: str = "") -> Finding:
        """Note something that was not followed or not understood, once."""
        finding = Finding(kind, path, target, file)
        self._findings.setdefault(finding)
        return finding

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noted so far."""
        return tuple(self._findings)


def damaged(what: str) -> SourceError:
    """Return the error for bytes that the format does not allow."""
    return SourceError(f"the HDF5 file is damaged: {what}")


def text_of(raw: bytes) -> str:
    """Decode a name or a string as h5py does: bytes that are not UTF-8 become lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")
