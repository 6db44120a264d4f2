"""Zip archives for tests: those that `zipfile` writes, and what it would never write."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


def archive(members: Mapping[str, bytes], *, comment: bytes = b"", prefix: bytes = b"", method: int = 0) -> bytes:
    """Return an archive that `zipfile` has written."""
    file = io.BytesIO(prefix)
    file.seek(0, io.SEEK_END)
    with zipfile.ZipFile(file, "a" if prefix else "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
        made.comment = comment
    return file.getvalue()


@dataclass(frozen=True)
class Entry:
    """A member in all its fields, each of which may be a lie; `None`: as it should be."""

    name: bytes
    data: bytes = b""
    method: int = 0
    flags: int = 0
    crc: int | None = None
    size: int | None = None
    packed: int | None = None
    extra: bytes = b""
    disk: int = 0
    local_name: bytes | None = None
    local_size: int | None = None
    local_method: int | None = None
    local_flags: int | None = None
    local_extra: bytes = b""
    start: int | None = None

    def filled(self) -> Entry:
        packed = self.data
        if self.method == 8:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = deflate.compress(self.data) + deflate.flush()
        return replace(
            self,
            data=packed,
            crc=zlib.crc32(self.data) if self.crc is None else self.crc,
            size=len(self.data) if self.size is None else self.size,
            packed=len(packed) if self.packed is None else self.packed,
        )


def crafted(entries: Iterable[Entry], *, prefix: bytes = b"", end: bytes | None = None, **end_fields: int) -> bytes:
    """Return an archive of entries as they say; `end_fields` are those of the end record that lie."""
    data, directory = bytearray(prefix), bytearray()
    count = 0
    for entry in map(Entry.filled, entries):
        start = len(data) if entry.start is None else entry.start
        data += _local(entry) + entry.data
        directory += _central(entry, start)
        count += 1
    fields = {"disk": 0, "first": 0, "here": count, "count": count, "size": len(directory), "offset": len(data)}
    fields |= end_fields
    tail = struct.pack("<4s4H2LH", b"PK\5\6", *fields.values(), 0) if end is None else end
    return bytes(data + directory + tail)


def _local(entry: Entry) -> bytes:
    name = entry.name if entry.local_name is None else entry.local_name
    return (
        struct.pack(
            "<4s5H3L2H",
            b"PK\3\4",
            20,
            entry.flags if entry.local_flags is None else entry.local_flags,
            entry.method if entry.local_method is None else entry.local_method,
            0,
            0,
            entry.crc,
            entry.packed,
            entry.size if entry.local_size is None else entry.local_size,
            len(name),
            len(entry.local_extra),
        )
        + name
        + entry.local_extra
    )


def _central(entry: Entry, start: int) -> bytes:
    lengths = len(entry.name), len(entry.extra), 0
    sizes = entry.crc, entry.packed, entry.size
    head = b"PK\1\2", 20, 20, entry.flags, entry.method, 0, 0
    return struct.pack("<4s6H3L5H2L", *head, *sizes, *lengths, entry.disk, 0, 0, start) + entry.name + entry.extra
