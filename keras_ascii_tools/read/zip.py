"""The directory of a zip archive, and single members of it. Knows nothing of what the members hold; extracts nothing.

Stricter than `zipfile`: where two readers could see different things in one archive (duplicate names, a local header
that says something else, members that overlap, two ends), it is refused. Does not know: several disks, encryption,
methods other than stored and deflated, an encrypted directory. Numbers of sections are those of APPNOTE.TXT 6.3.10,
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from struct import Struct
from typing import NamedTuple

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.window import Window

__all__ = ["MAX_MEMBERS", "AmbiguousError", "Archive", "Member", "open_zip"]

MAX_MEMBERS = 100_000
_MAX_DIRECTORY = 32 << 20
"""Bytes: members of models have names of a few dozen."""
_MAX_COMMENT = 0xFFFF
_CHUNK = 1 << 16

_END = Struct("<4s4H2LH")  # 4.3.16
_LOCATOR = Struct("<4sLQL")  # 4.3.15
_END64 = Struct("<4sQ2H2L4Q")  # 4.3.14
_ENTRY = Struct("<4s6H3L5H2L")  # 4.3.12
_LOCAL = Struct("<4s5H3L2H")  # 4.3.7
_EXTRA = Struct("<2H")  # 4.5.1

_STORED, _DEFLATED = 0, 8
_ZIP64, _UNICODE_NAME = 0x0001, 0x7075
_ENCRYPTED, _STREAMED, _UTF8 = 1 << 0 | 1 << 6 | 1 << 13, 1 << 3, 1 << 11  # 4.4.4
_ALL16, _ALL32 = 0xFFFF, 0xFFFFFFFF


class AmbiguousError(SourceError):
    """An archive in which two readers may see different things."""


class Member(NamedTuple):
    """An entry of the directory, as it says of itself."""

    name: str
    """As stored: may hold `..`, slashes, control characters; for comparing and, escaped, for showing."""
    size: int
    """Bytes, once inflated."""
    packed: int
    """Bytes in the archive."""
    method: int
    flags: int
    crc: int
    start: int
    """Where its local header is in the file."""
    raw_name: bytes
    unix_mode: int
    """Type and permissions where the archive was made on Unix; 0 if it does not say."""

    @property
    def stored(self) -> bool:
        """Whether its bytes can be read in place."""
        return self.method == _STORED and not self.flags & _ENCRYPTED

    @property
    def is_link(self) -> bool:
        """Whether unpacking it would make a symbolic link."""
        return self.unix_mode & 0o170000 == 0o120000


class Archive:
    """A zip archive: what it holds, by name."""

    __slots__ = ("_ends", "_window", "members")

    def __init__(self, window: Window, members: Mapping[str, Member], ends: Mapping[str, int]) -> None:
        self._window = window
        self._ends = ends
        self.members = members

    def read_member(self, name: str, limit: int) -> bytes:
        """Return the bytes of a member, inflated and checked.

        Raises:
            SourceError: There is none of that name, it has more than `limit` bytes, is damaged or cannot be read.
        """
        member = self._member(name)
        shown = _shown(name)
        if member.size > limit:
            raise SourceError(f"{shown} has {member.size:,} bytes; no more than {limit:,} are read")
        if member.packed > limit + _CHUNK:
            raise SourceError(f"{shown} takes {member.packed:,} bytes of the archive; no more than {limit:,} are read")
        place = self._place(member)
        if member.method == _STORED:
            data: bytes | None = place.read(0, member.size)
        elif member.method == _DEFLATED:
            data = _inflate(place, member.size)
        else:
            raise SourceError(f"{shown} is compressed by method {member.method}; only deflate is read")
        import zlib

        if data is None or zlib.crc32(data) != member.crc:
            raise SourceError(f"{shown} is damaged: it is not what its size and checksum say")
        return data

    def window(self, name: str) -> Window:
        """Return the bytes of a member that is stored as it is, in place: nothing is read but its header.

        Raises:
            SourceError: There is none of that name, it is compressed (see `Member.stored`), or is damaged.
        """
        member = self._member(name)
        if not member.stored:
            raise SourceError(f"{_shown(name)} is compressed in the archive; only one that is stored is read in place")
        return self._place(member)

    def _member(self, name: str) -> Member:
        member = self.members.get(name)
        if member is None:
            raise SourceError(f"the archive has no {_shown(name)}")
        if member.flags & _ENCRYPTED:
            raise SourceError(f"{_shown(name)} is encrypted")
        return member

    def _place(self, member: Member) -> Window:
        """Return where a member's bytes are, once its local header has agreed with the directory."""
        window = self._window
        header = _LOCAL.unpack(window.read(member.start, _LOCAL.size))
        signature, _, flags, method, _, _, crc, packed, size, name_length, extra_length = header
        name = window.read(member.start + _LOCAL.size, name_length)
        start = member.start + _LOCAL.size + name_length + extra_length
        if _ALL32 in (packed, size):
            extra = window.read(start - extra_length, extra_length)
            size, packed = _wide(extra, [size, packed])
        sizes = (crc, packed, size)
        known = sizes == (member.crc, member.packed, member.size)
        if flags & _STREAMED and not any(sizes):
            known = True  # they follow the data: 4.4.4, bit 3
        meaning = _ENCRYPTED | _STREAMED | (0 if name.isascii() else _UTF8)  # the other flags are hints
        same = known and name == member.raw_name and method == member.method
        if signature != b"PK\3\4" or not same or (flags ^ member.flags) & meaning:
            raise AmbiguousError("the archive's directory and a member's own header disagree")
        if start + member.packed > self._ends[member.name]:
            raise AmbiguousError("members of the archive overlap")
        return window.part(start, member.packed)


def open_zip(window: Window) -> Archive:
    """Read the directory of a zip archive.

    Raises:
        SourceError: It is no zip archive, a damaged, ambiguous or absurdly large one.
    """
    start, size, count, shift = _find_directory(window)
    if count > MAX_MEMBERS or size > _MAX_DIRECTORY:
        raise SourceError(f"the archive claims {count:,} members; no more than {MAX_MEMBERS:,} are read")
    if size < count * _ENTRY.size:
        raise SourceError("the archive's directory is damaged")
    members: dict[str, Member] = {}
    for member in _entries(window.read(start, size), count, shift):
        if member.name in members:
            raise AmbiguousError("two members of the archive have the same name")
        members[member.name] = member
    return Archive(window, members, _ends(members, start))


def _find_directory(window: Window) -> tuple[int, int, int, int]:
    """Return start, size and number of entries of the directory, and by how much offsets are to be shifted.

    They are off by the length of what was put before the archive, as in a self-extracting one.
    """
    end = _find_end(window)
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack(window.read(end, _END.size))
    at = end - _LOCATOR.size
    if at >= 0 and window.read(at, 4) == b"PK\6\7":
        end = at - _END64.size
        here, count, size, offset = _end64(window, at, (here, count, size, offset))
    if disk or first_disk or here != count:
        raise SourceError("the archive is one part of several")
    shift = end - size - offset
    if shift < 0:
        raise SourceError("the archive's directory is damaged, or its start is missing")
    return end - size, size, count, shift


def _find_end(window: Window) -> int:
    """Return where the end record is: the one whose comment reaches the end of the file."""
    tail_start = max(0, window.size - _END.size)
    if window.size >= _END.size:
        tail = window.read(tail_start, _END.size)
        if tail.startswith(b"PK\5\6") and tail.endswith(b"\0\0"):
            return tail_start
    tail_start = max(0, window.size - _END.size - _MAX_COMMENT)
    tail = window.read(tail_start, window.size - tail_start)
    found: list[int] = []
    at = tail.find(b"PK\5\6")
    while at >= 0:
        if len(tail) - at >= _END.size and at + _END.size + _END.unpack_from(tail, at)[-1] == len(tail):
            found.append(tail_start + at)
        at = tail.find(b"PK\5\6", at + 1)
    if len(found) > 1:
        raise AmbiguousError("the archive has several ends, and it is not clear which one counts")
    if not found:
        raise SourceError("the zip archive has no end: it was cut off, or something was added to it")
    return found[0]


def _end64(window: Window, at: int, narrow: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return (entries here, entries, size, offset) of the wide end record that stands right before its locator."""
    _, disk, place, disks = _LOCATOR.unpack(window.read(at, _LOCATOR.size))
    end = at - _END64.size
    if end < 0 or disk or disks > 1:
        raise SourceError("the archive's directory is damaged")
    signature, length, _, _, disk, first_disk, *wide = _END64.unpack(window.read(end, _END64.size))
    here, count, size, offset = wide
    if signature != b"PK\6\6" or length != _END64.size - 12 or disk or first_disk:
        raise SourceError("the archive's directory is damaged")
    limits = (_ALL16, _ALL16, _ALL32, _ALL32)
    if place != offset + size or any(a not in (b, c) for a, b, c in zip(narrow, wide, limits, strict=True)):
        raise AmbiguousError("the archive has two ends that disagree")
    return here, count, size, offset


def _entries(directory: bytes, count: int, shift: int) -> Iterator[Member]:
    at = 0
    for _ in range(count):
        member, at = _entry(directory, at, shift)
        yield member
    if at != len(directory):
        raise SourceError("the archive's directory is damaged: it has more than it says")


def _entry(directory: bytes, at: int, shift: int) -> tuple[Member, int]:
    if at + _ENTRY.size > len(directory):
        raise SourceError("the archive's directory is damaged")
    fields = _ENTRY.unpack_from(directory, at)
    signature, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length = fields[:13]
    disk, offset = fields[13], fields[16]
    name_end = at + _ENTRY.size + name_length
    extra_end = name_end + extra_length
    end = extra_end + comment_length
    if signature != b"PK\1\2" or end > len(directory):
        raise SourceError("the archive's directory is damaged")
    if _ALL32 in (size, packed, offset):
        size, packed, offset = _wide(directory[name_end:extra_end], [size, packed, offset])
    if disk not in (0, _ALL16):
        raise SourceError("the archive is one part of several")
    if method == _STORED and packed != size and not flags & _ENCRYPTED:
        raise AmbiguousError("a member of the archive has two sizes")
    raw_name = directory[at + _ENTRY.size : name_end]
    name = _decode(raw_name, utf8=bool(flags & _UTF8))
    if extra_length and _other_name(directory[name_end:extra_end], name):
        raise AmbiguousError("a member of the archive has two names")
    return Member(name, size, packed, method, flags, crc, offset + shift, raw_name, fields[15] >> 16), end


def _decode(raw: bytes, *, utf8: bool) -> str:
    """Decode a name (appendix D). One with a NUL is refused: some readers end it there."""
    if b"\0" in raw:
        raise AmbiguousError("a member of the archive has a NUL in its name")
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8" if utf8 else "cp437")
    except UnicodeDecodeError:
        raise AmbiguousError("a member of the archive has a name that is not UTF-8, though it says so") from None


def _shown(name: str) -> str:
    return (name if name.isprintable() else ascii(name))[:100]


def _other_name(extra: bytes, name: str) -> bool:
    """Tell whether a field for names in Unicode (4.6.9) has another name, which newer releases of `zipfile` take."""
    encoded = name.encode("utf-8", "surrogatepass")
    return any(kind == _UNICODE_NAME and content[5:] != encoded for kind, content in _fields(extra))


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, content) of the extra fields of a header (4.5.1)."""
    at = _EXTRA.size
    while at <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at - _EXTRA.size)
        yield kind, extra[at : at + length]
        at += length + _EXTRA.size


def _wide(extra: bytes, values: list[int]) -> list[int]:
    """Replace those values that are all ones by those of the zip64 field (4.5.3), which come in the same order."""
    for kind, content in _fields(extra):
        if kind == _ZIP64:
            at = 0
            for place, value in enumerate(values):
                if value == _ALL32:
                    values[place] = int.from_bytes(content[at : at + 8], "little")
                    at += 8
            if at <= len(content):
                return values
    raise SourceError("the archive's directory is damaged: a size of more than 4 GiB is missing")


def _ends(members: Mapping[str, Member], limit: int) -> dict[str, int]:
    """Return where each member has to end: where the next one starts. Refuse those that overlap."""
    ends: dict[str, int] = {}
    for member in sorted(members.values(), key=lambda member: member.start, reverse=True):
        if member.start + _LOCAL.size + len(member.raw_name) + member.packed > limit:
            raise AmbiguousError("members of the archive overlap, or lie outside it")
        ends[member.name] = limit
        limit = member.start
    return ends


def _inflate(place: Window, size: int) -> bytes | None:
    """Inflate exactly `size` bytes, never making more; `None` if they are not what is there."""
    import zlib

    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    at = made = 0
    try:
        while at < place.size and made <= size and not inflater.eof:
            chunk = place.read(at, min(_CHUNK, place.size - at))
            at += len(chunk)
            parts.append(inflater.decompress(chunk, size + 1 - made))
            made += len(parts[-1])
    except zlib.error:
        return None
    whole = inflater.eof and not inflater.unused_data and at == place.size and made == size
    return b"".join(parts) if whole else None
