"""Attribute messages -> names and Python's values (IV.A.2.m). Knows nothing of what Keras keeps in attributes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from struct import Struct, unpack_from

from keras_ascii_tools.read.hdf5.datatypes import UNKNOWN, Datatype, Shape, parse_datatype, parse_shape
from keras_ascii_tools.read.hdf5.headers import DATATYPE, SHARED, read_header
from keras_ascii_tools.read.hdf5.heaps import GlobalHeaps
from keras_ascii_tools.read.hdf5.store import MAX_NAME, STEP, Store, damaged, text_of

__all__ = ["Attributes", "Scalar", "Value", "datatype_of"]

Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...] | None
"""Of an array the elements in row-major order; `None` for no elements (a null dataspace) or a type that is not read."""

_SIZES = Struct("<HHH")
_TYPE_SHARED, _SPACE_SHARED = 1, 2
_ATTRIBUTE = 128
"""What an attribute costs beside its bytes."""
_PARTS = 100_000
"""Chunks that a list may have been split into."""


class Attributes(Mapping[str, Value]):
    """The attributes of an object, in the order in which they are stored; values are decoded when asked for."""

    __slots__ = ("_entries", "_heaps", "_load", "_path", "_store", "_values")

    def __init__(self, store: Store, heaps: GlobalHeaps, path: str, load: Callable[[], list[bytes]] | None) -> None:
        """Make them from what gives their messages, which is called at first use."""
        self._store = store
        self._heaps = heaps
        self._path = path
        self._load = load
        self._entries: dict[str, tuple[int, bytes]] = {}
        self._values: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        """Return a value.

        Raises:
            KeyError: There is no attribute of that name.
            SourceError: The file is damaged there.
        """
        if name not in self._values:
            at, data = self._read()[name]
            self._values[name] = self._decode(name, at, data)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._read()

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def text(self, name: str) -> str | None:
        """Return the value of an attribute that is one string; `None` if there is no such."""
        value = self.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of strings, joined from `name0`, `name1` ... if Keras had to split it; `None` if there is none.

        An empty list is an array of numbers without elements: that is how NumPy writes it.
        """
        if name in self:
            return _texts(self[name])
        parts: list[str] = []
        for number in range(_PARTS):
            if f"{name}{number}" not in self:
                return tuple(parts) if number else None
            part = _texts(self[f"{name}{number}"])
            if part is None:
                return None
            parts += part
        return None

    def _read(self) -> dict[str, tuple[int, bytes]]:
        load, self._load = self._load, None
        if load is not None:
            for data in load():
                self._store.window.charge(_ATTRIBUTE)
                name, at = _name(data)
                if name in self._entries:
                    raise damaged("two attributes of an object have the same name")
                self._entries[name] = at, data
        return self._entries

    def _decode(self, name: str, at: int, data: bytes) -> Value:
        """Decode the value of a message whose name ends at `at`."""
        version, flags = data[0], data[1] if data[0] > 1 else 0
        _, type_size, space_size = _SIZES.unpack_from(data, 2)
        space_at = at + _padded(type_size, version)
        value_at = space_at + _padded(space_size, version)
        if value_at > len(data):
            raise damaged("an attribute is shorter than it says")
        where = f"{self._path}@{name}"
        datatype = datatype_of(self._store, data[at : at + type_size], flags & _TYPE_SHARED, where)
        if flags & _SPACE_SHARED:
            self._store.report("unread attribute", where)
            return None
        shape = parse_shape(self._store, data[space_at : space_at + space_size])
        return self._value(datatype, shape, data[value_at:], where)

    def _value(self, datatype: Datatype, shape: Shape, data: bytes, where: str) -> Value:
        if shape is None:
            return None
        count = math.prod(shape)
        if count * datatype.size > len(data):
            raise damaged("an attribute is shorter than its shape says")
        self._store.window.charge(STEP * count)
        values: tuple[Scalar, ...]
        if datatype.name == "string":
            values = self._strings(datatype, count, data)
        elif datatype.code:
            values = unpack_from(f"{datatype.code[:-1]}{count}{datatype.code[-1]}", data)
        elif count:
            self._store.report("unread attribute", where)
            return None
        else:
            values = ()
        return values if shape or not values else values[0]

    def _strings(self, datatype: Datatype, count: int, data: bytes) -> tuple[str, ...]:
        size = datatype.size
        if not datatype.variable:
            return tuple(_unpadded(data[at : at + size], datatype.padding) for at in range(0, count * size, size))
        pointer = self._heaps.pointer
        if size != pointer.size:
            raise damaged("a string of variable length is not kept as such")
        strings: list[str] = []
        for at in range(0, count * size, size):
            length, address, index = pointer.unpack_from(data, at)
            raw = self._heaps.get(address, index)[:length] if length and address != self._store.undefined else b""
            strings.append(text_of(raw.partition(b"\0")[0]))
        return tuple(strings)


def datatype_of(store: Store, data: bytes, shared: int, where: str) -> Datatype:
    """Return the type that a datatype message tells; if it is shared, the message is where this one says (IV.A.2)."""
    if not shared:
        return parse_datatype(data)
    if data[:1] == b"\1":
        at, kind = 8, 2
    else:
        at, kind = 2, 2 if data[:1] == b"\2" else data[1] if data[:1] == b"\3" and len(data) > 1 else 0
    if kind != 2 or len(data) < at + store.address.size:  # in a heap that serves the whole file
        store.report("unread type", where)
        return UNKNOWN
    store.enter(where)
    for kind, flags, message in read_header(store, store.address.unpack_from(data, at)[0], where):
        if kind == DATATYPE and not flags & SHARED:
            return parse_datatype(message)
    raise damaged("a named type is not where it should be")


def _name(data: bytes) -> tuple[str, int]:
    """Return the name in an attribute message, and where it ends."""
    version = data[0] if len(data) >= 9 else 0
    if not 1 <= version <= 3:
        raise damaged("an attribute is of no known version")
    start = 9 if version == 3 else 8
    size: int = _SIZES.unpack_from(data, 2)[0]
    if not 0 < size <= MAX_NAME or start + size > len(data):
        raise damaged("an attribute has no name, or a very long one")
    return text_of(data[start : start + size].partition(b"\0")[0]), start + _padded(size, version)


def _padded(size: int, version: int) -> int:
    return size + -size % 8 if version == 1 else size


def _unpadded(raw: bytes, padding: int) -> str:
    if padding == 0:
        return text_of(raw.partition(b"\0")[0])
    return text_of(raw.rstrip(b" " if padding == 2 else b"\0"))


def _texts(value: Value) -> tuple[str, ...] | None:
    if value == ():
        return ()
    if not isinstance(value, tuple) or not all(isinstance(text, str) for text in value):
        return None
    return tuple(text for text in value if isinstance(text, str))
