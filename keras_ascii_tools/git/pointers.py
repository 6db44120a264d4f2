"""Pointers of git-lfs: the few lines of text that stand for a large file. Knows no models."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Pointer", "parse_pointer"]

_MAX_BYTES = 1024
"""git-lfs makes no pointer that is larger."""
_START = b"version https://git-lfs"
_OID = re.compile(rb"^oid ([A-Za-z0-9]+:[0-9A-Fa-f]+)\r?$", re.MULTILINE)
_SIZE = re.compile(rb"^size (\d{1,20})\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a pointer says of the file that it stands for."""

    oid: str
    """`sha256:` and 64 digits, or `unknown`."""
    size: int | None


def parse_pointer(start: bytes) -> Pointer | None:
    """Read a pointer from the first bytes of a file; `None` if it is none."""
    if not start.startswith(_START):
        return None
    head = start[:_MAX_BYTES]
    oid, size = _OID.search(head), _SIZE.search(head)
    return Pointer(oid[1].decode("ascii") if oid else "unknown", int(size[1]) if size else None)
