"""HDF5 files for tests, written piece by piece: right, or wrong as the HDF5 library would never be."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

UNDEFINED = 2**64 - 1
FLOAT32 = bytes.fromhex("11201f00 04000000 00002000 17080017 7f000000")
INT8 = bytes.fromhex("10080000 01000000 00000800")

Message = tuple[int, bytes] | tuple[int, bytes, int]
"""(type, data) or (type, data, flags)"""


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)


def space(*shape: int) -> bytes:
    """A dataspace."""
    return struct.pack(f"<BBB5x{len(shape)}Q", 1, len(shape), 0, *shape)


def text_type(size: int) -> bytes:
    return bytes([0x13, 0, 0, 0]) + struct.pack("<I", size)


VARIABLE_TEXT = bytes([0x19, 1, 0, 0]) + struct.pack("<I", 16) + text_type(1)


def attribute(name: bytes, value: bytes, datatype: bytes | None = None, shape: bytes | None = None) -> Message:
    """An attribute, a string of fixed length unless it is said otherwise."""
    datatype = text_type(len(value)) if datatype is None else datatype
    shape = space() if shape is None else shape
    sizes = struct.pack("<HHH", len(name) + 1, len(datatype), len(shape))
    return 0xC, b"\1\0" + sizes + padded(name + b"\0") + padded(datatype) + padded(shape) + value


def hard(name: bytes, address: int) -> Message:
    return 0x6, struct.pack("<BBI", 1, 2, len(name)) + name + struct.pack("<Q", address)


def other(name: bytes, kind: int, value: bytes) -> Message:
    """A link that is not hard: soft (1), external (64), user-defined (65 ...)."""
    return 0x6, struct.pack("<BBBI", 1, 2 | 8, kind, len(name)) + name + struct.pack("<H", len(value)) + value


LINK_INFO: Message = (0x2, struct.pack("<BBQQ", 0, 0, UNDEFINED, UNDEFINED))


class File:
    """The bytes of a file so far."""

    def __init__(self, reserve: int = 96) -> None:
        self.data = bytearray(reserve)

    def add(self, piece: bytes) -> int:
        """Append a piece; return its address."""
        self.data += bytes(-len(self.data) % 8)
        address = len(self.data)
        self.data += piece
        return address

    def put(self, address: int, piece: bytes) -> None:
        self.data[address : address + len(piece)] = piece

    def header(self, *messages: Message, size: int | None = None) -> int:
        """Append an object header of version 1."""
        return self.add(header(*messages, size=size))

    def header2(self, *messages: Message) -> int:
        """Append an object header of version 2."""
        body = b""
        for kind, data, *flags in messages:
            body += struct.pack("<BHB", kind, len(data), *(flags or [0])) + data
        return self.add(b"OHDR\2\2" + struct.pack("<I", len(body)) + body + bytes(4))

    def dataset(self, *shape: int, datatype: bytes = FLOAT32, more: Sequence[Message] = ()) -> int:
        layout = struct.pack("<BBQQ", 3, 1, UNDEFINED, 0)
        return self.header((0x1, space(*shape)), (0x3, datatype), (0x8, layout), *more)

    def group(self, members: Mapping[bytes, int] | None = None, *more: Message) -> int:
        """Append a group of the new kind, whose members are messages."""
        return self.header2(LINK_INFO, *(hard(name, address) for name, address in (members or {}).items()), *more)

    def table_group(self, members: Mapping[bytes, int], *more: Message) -> int:
        """Append a group of the old kind, whose members are in a tree."""
        heap = self.heap(b"".join(padded(b"\0" + name + b"\0") for name in members))
        offsets, at = [], 0
        for name in members:
            offsets.append(at + 1)
            at += len(padded(b"\0" + name + b"\0"))
        symbols = list(zip(offsets, members.values(), strict=True))
        tables = [self.table(symbols[at : at + 8]) for at in range(0, len(symbols), 8)]
        last = [symbols[min(at + 7, len(symbols) - 1)][0] for at in range(0, len(symbols), 8)]
        return self.header(symbol_table(self.tree(tables, keys=last), heap), *more)

    def heap(self, names: bytes) -> int:
        start = self.add(names or bytes(8))
        return self.add(b"HEAP\0\0\0\0" + struct.pack("<QQQ", len(names) or 8, 1, start))

    def table(self, symbols: Sequence[tuple[int, int]]) -> int:
        body = b"".join(struct.pack("<QQI4x16s", name, address, 0, b"") for name, address in symbols)
        return self.add((b"SNOD\1\0" + struct.pack("<H", len(symbols)) + body).ljust(328, b"\0"))

    def tree(self, children: Sequence[int], level: int = 0, keys: Sequence[int] = ()) -> int:
        """Append a node of a group's tree; the keys, of which the first is always 0, are what others search by."""
        pairs = zip([0, *keys[:-1]] if keys else [0] * len(children), children, strict=True)
        body = b"".join(struct.pack("<QQ", *pair) for pair in pairs) + struct.pack("<Q", keys[-1] if keys else 0)
        head = b"TREE\0" + struct.pack("<BHQQ", level, len(children), UNDEFINED, UNDEFINED)
        return self.add((head + body).ljust(544, b"\0"))

    def strings(self, *texts: bytes) -> int:
        """Append a collection of the global heap; its objects are numbered from 1."""
        body = b"".join(struct.pack("<HHIQ", number, 1, 0, len(text)) + padded(text) for number, text in _from1(texts))
        size = max(4096, 16 + len(body) + 16)
        free = struct.pack("<HHIQ", 0, 0, 0, size - 16 - len(body))
        return self.add((b"GCOL\1\0\0\0" + struct.pack("<Q", size) + body + free).ljust(size, b"\0"))

    def fractal_heap(self, block: int, id_size: int = 8, filters: int = 0, huge: int = UNDEFINED, **lies: int) -> int:
        """Append the header of a heap whose root is one block of 512 bytes."""
        table = {"columns": 4, "start": 512, "direct": 1 << 16, "bits": 32, "rows": 0} | lies
        head = (
            b"FRHP\0" + struct.pack("<HHBIQQ", id_size, filters, 2, 4096, 0, huge) + bytes(8) + b"\xff" * 8 + bytes(64)
        )
        columns, start, direct, bits, rows = table.values()
        return self.add(head + struct.pack("<HQQHHQH", columns, start, direct, bits, 1, block, rows) + bytes(4))

    def direct_block(self, content: bytes) -> int:
        """Append a block of a heap; its content starts at 17."""
        return self.add((b"FHDB\0" + bytes(12) + content).ljust(512, b"\0"))

    def tree2(
        self, kind: int, records: Sequence[bytes], *, level: int = 0, root: int | None = None, **lies: int
    ) -> int:
        """Append a version 2 B-tree that is one leaf, unless the root is told."""
        size = lies.get("size", len(records[0]))
        if root is None:
            root = self.add(b"BTLF\0" + bytes([kind]) + b"".join(records) + bytes(4))
        head = struct.pack("<4sBBIHHBB", b"BTHD", 0, kind, lies.get("node", 512), size, level, 100, 40)
        return self.add(head + struct.pack("<QHQ", root, len(records), len(records)) + bytes(4))

    def end(self, root: int, version: int = 0, **fields: int) -> bytes:
        """Write the superblock; return the file. `fields` are those that lie."""
        values = {"base": 0, "free": UNDEFINED, "end": len(self.data), "driver": UNDEFINED} | fields
        if version < 2:
            start = b"\x89HDF\r\n\x1a\n" + bytes([version, 0, 0, 0, 0, 8, 8, 0]) + struct.pack("<HHI", 4, 16, 0)
            start += bytes(4) if version else b""
            self.put(0, start + struct.pack("<4QQQI4x16x", *values.values(), 0, root, 0))
        else:
            addresses = struct.pack("<4Q", values["base"], UNDEFINED, values["end"], root)
            self.put(0, b"\x89HDF\r\n\x1a\n" + bytes([version, 8, 8, 0]) + addresses + bytes(4))
        return bytes(self.data)


def _from1(texts: Sequence[bytes]) -> list[tuple[int, bytes]]:
    return list(enumerate(texts, start=1))


def header(*messages: Message, size: int | None = None) -> bytes:
    """An object header of version 1; `size` may lie."""
    body = b""
    for kind, data, *flags in messages:
        content = padded(data)
        body += struct.pack("<HHB3x", kind, len(content), *(flags or [0])) + content
    return struct.pack("<BxHII4x", 1, min(len(messages), 65535), 1, len(body) if size is None else size) + body


def symbol_table(tree: int, heap: int) -> Message:
    return 0x11, struct.pack("<QQ", tree, heap)
