"""Local heap -> names (III.D); global heap -> strings of variable length (III.E). Knows nothing of who needs them."""

from __future__ import annotations

from struct import Struct

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.hdf5.store import MAX_NAME, STEP, Store, damaged

__all__ = ["GlobalHeaps", "local_heap", "name_in"]

_AT_HAND = 512
"""Bytes: the names of a group mostly follow the head of their heap."""
_MAX_COLLECTION = 32 << 20
"""Bytes: the configuration of a large model has a few MiB."""
_KEPT = 64
"""Collections, of 4 KiB unless an object is larger."""


def local_heap(store: Store, address: int) -> bytes:
    """Return the data of a local heap."""
    width, wide = store.length.size, store.address.size
    size = 8 + 2 * width + wide
    head = store.window.read_some(address, size, size + _AT_HAND)
    if not head.startswith(b"HEAP\0"):
        raise damaged("the names of a group are not where they should be")
    (length,) = store.length.unpack_from(head, 8)
    (start,) = store.address.unpack_from(head, 8 + 2 * width)
    if start == address + size and size + length <= len(head):
        return head[size : size + length]
    return store.window.read(start, length)


def name_in(heap: bytes, offset: int) -> bytes:
    """Return what stands in a local heap up to the next NUL."""
    end = heap.find(b"\0", offset, offset + MAX_NAME + 1)
    if end < 0:
        raise damaged("a name in a group has no end, or is very long")
    return heap[offset:end]


class GlobalHeaps:
    """The collections of a file's global heap; the last few that were read are kept."""

    __slots__ = ("_collections", "_item", "_store", "pointer")

    def __init__(self, store: Store) -> None:
        self._store = store
        self.pointer = Struct(f"<I{store.address.format[1:]}I")
        # The library aligns what stands before the data, too; the specification does not say so.
        self._item = Struct(f"<HH4x{store.length.format[1:]}{-store.length.size % 8}x")
        self._collections: dict[int, dict[int, bytes]] = {}

    def get(self, address: int, index: int) -> bytes:
        """Return an object of the collection at an address."""
        collection = self._collections.get(address)
        if collection is None:
            if len(self._collections) >= _KEPT:
                self._collections.clear()
            collection = self._collections[address] = self._read(address)
        data = collection.get(index)
        if data is None:
            raise damaged("a string is not where it should be")
        self._store.window.charge(STEP + len(data))
        return data

    def _read(self, address: int) -> dict[int, bytes]:
        window, width = self._store.window, self._store.length.size
        head = window.read(address, 8 + width)
        (size,) = self._store.length.unpack_from(head, 8)
        if not head.startswith(b"GCOL\1") or size < len(head):
            raise damaged("strings are not where they should be")
        if size > _MAX_COLLECTION:
            raise SourceError(f"the HDF5 file has a string of more than {_MAX_COLLECTION >> 20} MiB")
        data = window.read(address, size)
        found: dict[int, bytes] = {}
        at, last, count = len(head) + -len(head) % 8, size - self._item.size, 0
        while at <= last:
            count += 1
            index, _, length = self._item.unpack_from(data, at)
            if not index:  # what is left is free
                break
            at += self._item.size
            if at + length > size:
                raise damaged("a string is longer than the heap that it is in")
            found[index] = data[at : at + length]
            at += length + -length % 8
        window.charge(STEP * count)
        return found
