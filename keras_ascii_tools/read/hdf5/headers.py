"""Object header -> its messages (IV.A). Knows nothing of what they say; checksums are not compared."""

from __future__ import annotations

from struct import Struct

from keras_ascii_tools.read.hdf5.store import STEP, Store, damaged

__all__ = [
    "ATTRIBUTE",
    "ATTRIBUTE_INFO",
    "DATASPACE",
    "DATATYPE",
    "EXTERNAL_FILES",
    "GROUP_INFO",
    "LAYOUT",
    "LINK",
    "LINK_INFO",
    "SHARED",
    "SYMBOL_TABLE",
    "Message",
    "read_header",
]

DATASPACE, LINK_INFO, DATATYPE, LINK, EXTERNAL_FILES, LAYOUT = 0x1, 0x2, 0x3, 0x6, 0x7, 0x8
GROUP_INFO, ATTRIBUTE, _CONTINUATION, SYMBOL_TABLE, ATTRIBUTE_INFO = 0xA, 0xC, 0x10, 0x11, 0x15
_LAST_KNOWN = 0x18
_SKIPPED = frozenset({0x0, 0x4, 0x5, 0xB, 0xD, 0xE, 0xF, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18})
"""Fill values, filters, times, comments, counters: nothing that shows in a shape, a name or an attribute."""
SHARED = 0x02
"""Flag: the message is elsewhere, and this says where."""

Message = tuple[int, int, bytes]
"""(type, flags, data)"""

_AT_HAND = 512
"""Bytes: of h5py, most headers have 272 or fewer."""
_MAX_BLOCK = 4 << 20
"""Bytes: a message has 64 KiB at most, and what is longer or more is mostly in a heap."""
_PREFIX1 = Struct("<BxHII4x")  # IV.A.1.a
_MESSAGE1 = Struct("<HHB3x")
_MESSAGE2 = Struct("<BHB")  # IV.A.1.b
_Layout = tuple[Struct, int, int]
"""Of messages: what they start with; bytes of creation order after it; bytes of checksum after a block."""


def read_header(store: Store, address: int, path: str) -> list[Message]:
    """Return those messages of the object at an address that matter to us; `path` is where to report others."""
    prefix = store.window.read_some(address, _PREFIX1.size, _AT_HAND)
    if prefix[0] == 1:
        end = _PREFIX1.size + _PREFIX1.unpack_from(prefix)[3]
        block = (prefix if end <= len(prefix) else store.window.read(address, end))[_PREFIX1.size : end]
        layout = _MESSAGE1, 0, 0
    elif prefix.startswith(b"OHDR\2"):
        flags = prefix[5]
        at = address + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        block = store.window.read(at + width, int.from_bytes(store.window.read(at, width), "little"))
        layout = _MESSAGE2, 2 if flags & 0x04 else 0, 4
    else:
        raise damaged("there is no object where one should be")
    messages: list[Message] = []
    seen: set[int] = set()
    more = _split(store, block, layout, messages, path)
    while more:
        start, length = more.pop()
        if start in seen:
            raise damaged("the header of an object goes round in a circle")
        seen.add(start)
        block = store.window.read(start, length)
        if layout[2]:
            if not block.startswith(b"OCHK"):
                raise damaged("the header of an object does not go on where it should")
            block = block[4:-4]  # without signature and checksum
        more += _split(store, block, layout, messages, path)
    return messages


def _split(store: Store, block: bytes, layout: _Layout, messages: list[Message], path: str) -> list[tuple[int, int]]:
    """Append the messages of a block; return where and how long the blocks are that continue it."""
    head, skip, _ = layout
    if len(block) > _MAX_BLOCK:
        raise damaged("the header of an object is absurdly long")
    more: list[tuple[int, int]] = []
    at, count = 0, 0
    last = len(block) - head.size - skip
    while at <= last:
        kind, size, flags = head.unpack_from(block, at)
        at += head.size + skip
        end = at + size
        count += 1
        if end > len(block):
            raise damaged("a message of an object's header is longer than the header")
        if kind not in _SKIPPED:
            if kind == _CONTINUATION:
                more.append(_continuation(store, block[at:end]))
            elif kind > _LAST_KNOWN:
                store.report("unknown message", path)
            else:
                messages.append((kind, flags, block[at:end]))
        at = end
    store.window.charge(STEP * count)
    return more


def _continuation(store: Store, data: bytes) -> tuple[int, int]:
    if len(data) < store.address.size + store.length.size:
        raise damaged("the header of an object does not say where it goes on")
    start: int = store.address.unpack_from(data)[0]
    length: int = store.length.unpack_from(data, store.address.size)[0]
    return start, length
