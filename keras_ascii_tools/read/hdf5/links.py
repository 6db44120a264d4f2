"""What the header of a group says -> its links, by name (III.A.1, III.B, IV.A.2.g). Follows none of them."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from keras_ascii_tools.read.hdf5.headers import LINK, LINK_INFO, SYMBOL_TABLE, Message
from keras_ascii_tools.read.hdf5.heaps import local_heap, name_in
from keras_ascii_tools.read.hdf5.store import MAX_NAME, Store, damaged, text_of

__all__ = ["Target", "read_links"]


Target = int | tuple[str, str, str]
"""The address of an object, or (kind, target, file) of a link that is not followed."""

_U16 = Struct("<H")
_NODE, _TABLE = 544, 328
"""Bytes of a node of the tree and of a table, unless the file has other sizes; also what each costs the budget."""
_MAX_LEVEL = 32
_LINK = 128
"""What a link costs beside its bytes, those of its name and those of its target."""
_SOFT_IN_TABLE = 2
_HARD, _SOFT, _EXTERNAL = 0, 1, 64


def read_links(store: Store, messages: list[Message]) -> dict[str, Target]:
    """Return the links of a group, sorted by name."""
    links: dict[str, Target] = {}
    for kind, _, data in messages:
        if kind == SYMBOL_TABLE:
            _symbol_table(store, data, links)
        elif kind == LINK:
            _link(store, data, links)
        elif kind == LINK_INFO:
            _dense(store, data, links)
    return dict(sorted(links.items()))


def _add(store: Store, links: dict[str, Target], raw_name: bytes, target: Target, length: int = 0) -> None:
    store.window.charge(_LINK + len(raw_name) + length)
    name = text_of(raw_name)
    if name in links or not name or len(raw_name) > MAX_NAME:
        raise damaged("a group has two links of one name, or one without or with a very long name")
    links[name] = target


def _symbol_table(store: Store, data: bytes, links: dict[str, Target]) -> None:
    """Add the links of a group in the old format: a B-tree of tables whose names are in a heap."""
    wide = store.address.size
    if len(data) < 2 * wide:
        raise damaged("a group does not say where its members are")
    (tree,) = store.address.unpack_from(data)
    names = local_heap(store, store.address.unpack_from(data, wide)[0])
    for address in _tables(store, tree, None):
        _table(store, address, names, links)


def _tables(store: Store, address: int, level: int | None) -> Iterator[int]:
    """Yield the addresses of the tables below a node of the tree; levels go down, so that there is no circle."""
    wide, width = store.address.size, store.length.size
    size = 8 + 2 * wide
    head = store.window.read_some(address, size, _NODE)
    below = head[5] if level is None else level
    if not head.startswith(b"TREE\0") or head[5] != below or below > _MAX_LEVEL:
        raise damaged("the tree of a group's members is broken")
    step = wide + width
    end = size + _U16.unpack_from(head, 6)[0] * step
    body = head if end <= len(head) else store.window.read(address, end)
    store.window.charge(_NODE)
    for at in range(size + width, end, step):
        (child,) = store.address.unpack_from(body, at)
        if below:
            yield from _tables(store, child, below - 1)
        else:
            yield child


def _table(store: Store, address: int, names: bytes, links: dict[str, Target]) -> None:
    head = store.window.read_some(address, 8, _TABLE)
    if not head.startswith(b"SNOD\1"):
        raise damaged("a table of a group's members is not where it should be")
    symbol = store.symbol
    end = 8 + _U16.unpack_from(head, 6)[0] * symbol.size
    body = head if end <= len(head) else store.window.read(address, end)
    store.window.charge(_TABLE)
    for name, target, kind, scratch in symbol.iter_unpack(body[8:end]):
        if kind == _SOFT_IN_TABLE:
            value = name_in(names, int.from_bytes(scratch[:4], "little"))
            _add(store, links, name_in(names, name), ("soft link", text_of(value), ""), len(value))
        else:
            _add(store, links, name_in(names, name), target)


def _link(store: Store, data: bytes, links: dict[str, Target]) -> None:
    """Add what a link message says: each member of a group in the new format."""
    if len(data) < 4 or data[0] != 1:
        raise damaged("a link is of no known version")
    flags = data[1]
    at = 2
    kind = _HARD
    if flags & 0x08:
        kind, at = data[2], 3
    at += (8 if flags & 0x04 else 0) + (1 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    start = at + width
    end = start + int.from_bytes(data[at:start], "little")
    if end > len(data):
        raise damaged("a link is shorter than it says")
    _add(store, links, data[start:end], _target(store, kind, data[end:]))


def _target(store: Store, kind: int, value: bytes) -> Target:
    if kind == _HARD:
        if len(value) < store.address.size:
            raise damaged("a link leads nowhere")
        address: int = store.address.unpack_from(value)[0]
        return address
    content = value[2 : 2 + int.from_bytes(value[:2], "little")]
    if kind == _SOFT:
        return "soft link", text_of(content), ""
    if kind == _EXTERNAL:
        file, _, target = content[1:].partition(b"\0")
        return "external link", text_of(target.partition(b"\0")[0]), text_of(file)
    return "user-defined link", "", ""


def _dense(store: Store, data: bytes, links: dict[str, Target]) -> None:
    """Add the links of a group that has so many of them that they are in a heap of their own (IV.A.2.c)."""
    at = 10 if data[1:2] and data[1] & 1 else 2
    if len(data) < at + 2 * store.address.size:
        raise damaged("a group does not say where its members are")
    heap, tree = (store.address.unpack_from(data, at + n * store.address.size)[0] for n in (0, 1))
    if heap != store.undefined:
        from keras_ascii_tools.read.hdf5.dense import read_dense

        for message in read_dense(store, heap, tree):
            _link(store, message, links)
