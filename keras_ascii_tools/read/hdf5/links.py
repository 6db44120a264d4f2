"""What the header of a group says -> its links, by name (III.A.1, III.B, IV.A.2.g). Follows none of them."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from keras_ascii_tools.read.hdf5.headers import LINK, LINK_INFO, SYMBOL_TABLE, Message
from keras_ascii_tools.read.hdf5.heaps import local_heap, name_in
from keras_ascii_tools.read.hdf5.store import MAX_NAME, STEP, Store, damaged, text_of

__all__ = ["Link", "Target", "read_links"]


@dataclass(frozen=True, slots=True)
class Link:
    """Something in a group that was not followed, or is neither group nor dataset."""

    path: str
    kind: str
    """`soft link`, `external link`, `user-defined link`, `cycle`, `named type` or `unknown object`."""
    target: str = ""
    """Of a link, and of a cycle: the path that it names."""
    file: str = ""
    """Of an external link: the file that it names."""

    @property
    def name(self) -> str:
        """The name in its group."""
        return self.path.rpartition("/")[2]


Target = int | tuple[str, str, str]
"""The address of an object, or (kind, target, file) of a link that is not followed."""

_U16 = Struct("<H")
_NODE, _TABLE = 544, 328
"""Bytes of a node of the tree and of a table, unless the file has other sizes."""
_SOFT_IN_TABLE = 2
_HARD, _SOFT, _EXTERNAL = 0, 1, 64


def read_links(store: Store, messages: list[Message]) -> dict[str, Target]:
    """Return the links of a group, sorted by name."""
    links: dict[str, Target] = {}
    for kind, _, data in messages:
        if kind == SYMBOL_TABLE:
            _symbol_table(store, data, links)
        elif kind == LINK:
            add_link(store, data, links)
        elif kind == LINK_INFO:
            _dense(store, data, links)
    return dict(sorted(links.items()))


def _add(links: dict[str, Target], raw_name: bytes, target: Target) -> None:
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
    pending = [(tree, -1)]
    while pending:
        address, level = pending.pop()
        if level == 0:
            _table(store, address, names, links)
        else:
            pending += _children(store, address, level - 1)


def _children(store: Store, address: int, level: int) -> list[tuple[int, int]]:
    """Return (address, level) of what a node of the tree has below it; levels go down, so that there is no circle."""
    wide, width = store.address.size, store.length.size
    size = 8 + 2 * wide
    head = store.window.read_some(address, size, _NODE)
    if not head.startswith(b"TREE\0") or (level >= 0 and head[5] != level):
        raise damaged("the tree of a group's members is broken")
    (count,) = _U16.unpack_from(head, 6)
    step = wide + width
    end = size + count * step
    body = head if end <= len(head) else store.window.read(address, end)
    store.window.charge(STEP * count)
    below = head[5]
    return [(store.address.unpack_from(body, at)[0], below) for at in range(size + width, end, step)]


def _table(store: Store, address: int, names: bytes, links: dict[str, Target]) -> None:
    head = store.window.read_some(address, 8, _TABLE)
    if not head.startswith(b"SNOD\1"):
        raise damaged("a table of a group's members is not where it should be")
    symbol = store.symbol
    count = _U16.unpack_from(head, 6)[0]
    end = 8 + count * symbol.size
    body = head if end <= len(head) else store.window.read(address, end)
    store.window.charge(STEP * count)
    for name, target, kind, scratch in symbol.iter_unpack(body[8:end]):
        if kind == _SOFT_IN_TABLE:
            value = name_in(names, int.from_bytes(scratch[:4], "little"))
            _add(links, name_in(names, name), ("soft link", text_of(value), ""))
        else:
            _add(links, name_in(names, name), target)


def add_link(store: Store, data: bytes, links: dict[str, Target]) -> None:
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
    _add(links, data[start:end], _target(store, kind, data[end:]))


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
            add_link(store, message, links)
