"""Links or attributes that are too many for a header: a fractal heap, indexed by a version 2 B-tree -> their messages.

Written by `libver="latest"`, for more than 8 links or attributes, and for attributes that are too long for a header
(III.A.2, III.F of the specification). Knows nothing of what the messages say; compressed heaps are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.hdf5.store import STEP, Store, damaged

__all__ = ["read_dense"]

_TREE = Struct("<4sBBIHHBB")
_U16, _PAIR, _U32 = Struct("<H"), Struct("<HH"), Struct("<I")
_HUGE, _LINKS, _ATTRIBUTES = 1, 5, 8
"""Types of records: by what a tree is sorted, of which only the identifier in the heap matters here."""
_ID_AT = {_LINKS: 4, _ATTRIBUTES: 0}
_MAX_LEVEL = 32
_MAX_OBJECT = 16 << 20
"""Bytes of an attribute."""


def read_dense(store: Store, heap: int, tree: int) -> Iterator[bytes]:
    """Yield the messages in the heap at an address that the tree at another names."""
    objects = _Heap(store, heap)
    for kind, record in _records(store, tree):
        at = _ID_AT.get(kind)
        if at is None or at + objects.id_size > len(record):
            raise damaged("the index of a group's members, or of attributes, is of another kind")
        yield objects.get(record[at : at + objects.id_size])


class _Heap:
    """A fractal heap: one space of addresses, in blocks whose sizes double from row to row of a table of them."""

    __slots__ = (
        *("_checked", "_huge", "_huge_tree", "_length_size", "_offset_size"),
        *("_root", "_rows", "_store", "_table", "id_size"),
    )

    def __init__(self, store: Store, address: int) -> None:
        wide, width = store.address, store.length
        head = store.window.read(address, 22 + 12 * width.size + 3 * wide.size)
        if not head.startswith(b"FRHP\0"):
            raise damaged("there is no heap where one should be")
        self.id_size, filters = _PAIR.unpack_from(head, 5)
        if filters:
            raise SourceError("the HDF5 file has compressed names or attributes, which are not read")
        (max_managed,) = _U32.unpack_from(head, 10)
        (self._huge_tree,) = wide.unpack_from(head, 14 + width.size)
        at = 14 + 2 * wide.size + 10 * width.size
        (columns,) = _U16.unpack_from(head, at)
        (start_size,) = width.unpack_from(head, at + 2)
        (max_direct,) = width.unpack_from(head, at + 2 + width.size)
        at += 2 + 2 * width.size
        bits, _ = _PAIR.unpack_from(head, at)
        (self._root,) = wide.unpack_from(head, at + 4)
        (self._rows,) = _U16.unpack_from(head, at + 4 + wide.size)
        table: tuple[int, int, int] = columns, start_size, max_direct
        if any(size.bit_count() != 1 for size in table) or not 0 < bits <= 64 or self.id_size < 2:
            raise damaged("a heap is of impossible size")
        self._store = store
        self._table = table
        self._checked: dict[int, bytes] = {}
        self._offset_size = (bits + 7) // 8
        self._length_size = min((max_direct.bit_length() + 6) // 8, _bytes_for(max_managed))
        self._huge: dict[int, tuple[int, int]] | None = None

    def get(self, identifier: bytes) -> bytes:
        """Return an object by its identifier in the heap (III.F.1 to 3)."""
        kind = identifier[0] >> 4
        if kind == 0:
            middle = 1 + self._offset_size
            offset = int.from_bytes(identifier[1:middle], "little")
            length = int.from_bytes(identifier[middle : middle + self._length_size], "little")
            return self._managed(offset, length)
        if kind == 1:
            return self._huge_object(identifier[1:])
        if kind == 2 and self.id_size <= 17:
            return identifier[1 : 2 + (identifier[0] & 15)]
        raise damaged("an object in a heap is of no known kind")

    def _managed(self, offset: int, length: int) -> bytes:
        """Return an object by its place in the heap's space, which the headers of the blocks are a part of."""
        columns, start_size, max_direct = self._table
        address = self._store.address
        head_size = 5 + address.size + self._offset_size
        block, rows = self._root, self._rows
        base, size = 0, start_size  # of the block
        while rows > 0:
            row, row_base = _row_of(offset - base, columns * start_size)
            size = start_size << max(row - 1, 0)
            column = (offset - base - row_base) // size
            if row >= rows:
                raise damaged("an object lies outside of its heap")
            self._check(block, b"FHIB\0")
            place = block + head_size + (row * columns + column) * address.size
            (block,) = address.unpack(self._store.window.read(place, address.size))
            base += row_base + column * size
            # An indirect block has the rows that make up its size (III.F).
            rows = size.bit_length() - (columns * start_size).bit_length() + 1 if size > max_direct else 0
        if offset + length > base + size:
            raise damaged("an object lies outside of its heap")
        self._check(block, b"FHDB\0")
        return self._store.window.read(block + offset - base, length)

    def _check(self, block: int, signature: bytes) -> None:
        if self._checked.get(block) != signature:
            if self._store.window.read(block, len(signature)) != signature:
                raise damaged("a heap has no block where one should be")
            self._checked[block] = signature

    def _huge_object(self, identifier: bytes) -> bytes:
        """Return an object that has bytes of its own: the identifier is its place, or else its key in a tree."""
        wide, width = self._store.address, self._store.length
        if len(identifier) >= wide.size + width.size:
            (start,), (length,) = wide.unpack_from(identifier), width.unpack_from(identifier, wide.size)
            return self._read(start, length)
        if self._huge is None:
            self._huge = {}
            for kind, record in _records(self._store, self._huge_tree):
                if kind != _HUGE or len(record) < wide.size + 2 * width.size:
                    raise damaged("the index of a heap's large objects is of another kind")
                key: int = width.unpack_from(record, wide.size + width.size)[0]
                self._huge[key] = wide.unpack_from(record)[0], width.unpack_from(record, wide.size)[0]
        found = self._huge.get(int.from_bytes(identifier[: width.size], "little"))
        if found is None:
            raise damaged("a large object is missing in its heap")
        return self._read(*found)

    def _read(self, start: int, length: int) -> bytes:
        if length > _MAX_OBJECT:
            raise SourceError(f"the HDF5 file has an attribute of more than {_MAX_OBJECT >> 20} MiB")
        return self._store.window.read(start, length)


def _row_of(offset: int, first: int) -> tuple[int, int]:
    """Return the row of a table that an offset is in, and where the row starts; the first is `first` bytes long."""
    row = (offset // first).bit_length()
    return row, first << (row - 1) if row else 0


def _bytes_for(largest: int) -> int:
    """Return how many bytes numbers up to this one take."""
    return (max(largest, 1).bit_length() + 7) // 8


def _records(store: Store, address: int) -> Iterator[tuple[int, bytes]]:
    """Yield (type, record) of a version 2 B-tree, in no particular order."""
    wide, width = store.address, store.length
    head = store.window.read(address, _TREE.size + wide.size + 2 + width.size)
    signature, version, kind, node_size, record_size, depth, _, _ = _TREE.unpack_from(head)
    if signature != b"BTHD" or version or depth > _MAX_LEVEL or not record_size:
        raise damaged("there is no index where one should be")
    (root,) = wide.unpack_from(head, _TREE.size)
    (count,) = _U16.unpack_from(head, _TREE.size + wide.size)
    tree = _Tree(store, kind, record_size, _pointer_sizes(node_size, record_size, depth, wide.size))
    if root != store.undefined:
        for record in tree.below(root, count, depth):
            yield kind, record


class _Tree:
    """A version 2 B-tree."""

    __slots__ = ("_kind", "_record_size", "_sizes", "_store")

    def __init__(self, store: Store, kind: int, record_size: int, sizes: list[tuple[int, int]]) -> None:
        self._store = store
        self._kind = kind
        self._record_size = record_size
        self._sizes = sizes

    def below(self, node: int, count: int, level: int) -> Iterator[bytes]:
        """Yield the records of a node and of all below it."""
        window, wide = self._store.window, self._store.address
        length = count * self._record_size
        body = window.read(node, 6 + length)
        if not body.startswith((b"BTIN\0" if level else b"BTLF\0") + bytes([self._kind])):
            raise damaged("an index has no node where one should be")
        for at in range(6, 6 + length, self._record_size):
            window.charge(STEP)
            yield body[at : at + self._record_size]
        if level:
            counts, totals = self._sizes[level]
            step = wide.size + counts + totals
            pointers = window.read(node + 6 + length, (count + 1) * step)
            for at in range(0, len(pointers), step):
                (child,) = wide.unpack_from(pointers, at)
                number = int.from_bytes(pointers[at + wide.size : at + wide.size + counts], "little")
                yield from self.below(child, number, level - 1)


def _pointer_sizes(node_size: int, record_size: int, depth: int, wide: int) -> list[tuple[int, int]]:
    """Return per level how many bytes of a pointer count the records of the child, and all those below it (III.A.2).

    They are as many as the largest possible number takes, which is nowhere written.
    """
    overhead = 10  # signature, version, type, checksum
    most = (node_size - overhead) // record_size  # in a leaf
    if most < 1:
        raise damaged("the nodes of an index are too small")
    counts = _bytes_for(most)
    sizes: list[tuple[int, int]] = [(0, 0)]
    totals, most_below = 0, most
    for _ in range(depth):
        sizes.append((counts, totals))
        pointer = wide + counts + totals
        most = (node_size - overhead - pointer) // (record_size + pointer)
        if most < 1:
            raise damaged("the nodes of an index are too small")
        most_below = (most + 1) * most_below + most
        totals = _bytes_for(most_below)
    return sizes
