"""Groups and datasets of an HDF5 file, opened one by one as they are asked for (IV.A).

Follows hard links only, and never reads what is in a dataset. Knows nothing of Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.hdf5.attributes import Attributes, datatype_of
from keras_ascii_tools.read.hdf5.datatypes import UNKNOWN, Datatype, Shape, parse_datatype, parse_shape
from keras_ascii_tools.read.hdf5.headers import (
    ATTRIBUTE,
    ATTRIBUTE_INFO,
    DATASPACE,
    DATATYPE,
    EXTERNAL_FILES,
    GROUP_INFO,
    LAYOUT,
    LINK,
    LINK_INFO,
    SHARED,
    SYMBOL_TABLE,
    Message,
    read_header,
)
from keras_ascii_tools.read.hdf5.heaps import GlobalHeaps
from keras_ascii_tools.read.hdf5.links import Target, read_links
from keras_ascii_tools.read.hdf5.store import Finding, Store, damaged

__all__ = ["MAX_DEPTH", "Dataset", "Group", "Node", "Opener"]

MAX_DEPTH = 64

_ELSEWHERE = ("external", "virtual")
_KEPT_TYPES = 64
_LAYOUTS = ("compact", "contiguous", "chunked", "virtual")
_GROUP = frozenset({SYMBOL_TABLE, LINK_INFO, LINK, GROUP_INFO})


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """An array: what is told of it, not what is in it."""

    path: str
    shape: Shape
    datatype: Datatype
    layout: str
    """`compact`, `contiguous`, `chunked`, `virtual` (from other datasets), `external` (in other files) or `unknown`."""
    attributes: Attributes

    @property
    def name(self) -> str:
        """The name in its group."""
        return self.path.rpartition("/")[2]

    @property
    def dtype(self) -> str:
        """The type of its elements, as Keras calls it.

        Of bfloat16, which not every HDF5 library can name, Keras writes the bytes and an attribute that says so.
        """
        return "bfloat16" if self.attributes.text("dtype") == "bfloat16" else self.datatype.name


class Group:
    """A group: its members are read when they are asked for, and opened one by one."""

    __slots__ = ("_links", "_messages", "_opener", "_parent", "address", "attributes", "depth", "path")

    def __init__(
        self,
        opener: Opener,
        address: int,
        path: str,
        parent: Group | None,
        attributes: Attributes,
        messages: list[Message],
    ) -> None:
        self._opener = opener
        self.address = address
        self._parent = parent
        self._messages = messages
        self._links: dict[str, Target] | None = None
        self.path = path
        """From the root, which is empty; parts are divided by slashes."""
        self.attributes = attributes
        self.depth: int = 0 if parent is None else parent.depth + 1

    @property
    def name(self) -> str:
        """The name in its group."""
        return self.path.rpartition("/")[2]

    def names(self) -> tuple[str, ...]:
        """Return the names of its members, sorted."""
        return tuple(self._members())

    def children(self) -> Iterator[tuple[str, Node]]:
        """Yield name and object of each member, sorted by name.

        Raises:
            SourceError: The file is damaged there, or a limit is reached.
        """
        for name, target in self._members().items():
            yield name, self._opener.open_member(self, name, target)

    def get(self, path: str) -> Node | None:
        """Return the object at a path from here, such as `layers/dense/vars`; `None` if there is none.

        Raises:
            SourceError: The file is damaged there, or a limit is reached.
        """
        found: Node | None = self
        for name in path.split("/"):
            if not isinstance(found, Group) or name not in found._members():
                return None
            found = self._opener.open_member(found, name, found._members()[name])
        return found

    def group(self, path: str) -> Group | None:
        """Return the group at a path from here; `None` if there is no object there, or another one."""
        found = self.get(path)
        return found if isinstance(found, Group) else None

    def ancestor(self, address: int) -> Group | None:
        """Return this group or one that it is in, whichever is at an address."""
        group: Group | None = self
        while group is not None and group.address != address:
            group = group._parent
        return group

    def _members(self) -> dict[str, Target]:
        if self._links is None:
            if self.depth >= MAX_DEPTH:
                raise SourceError(f"the HDF5 file has groups in groups, deeper than {MAX_DEPTH}")
            self._links = read_links(self._opener.store, self._messages)
            self._messages = []
        return self._links


Node = Group | Dataset | Finding
"""A finding stands for what was not followed, or is neither group nor dataset."""


class Opener:
    """Opens the objects of a file; keeps what they share, and none of them."""

    __slots__ = ("_heaps", "_types", "store")

    def __init__(self, store: Store) -> None:
        self.store = store
        self._heaps = GlobalHeaps(store)
        self._types: dict[bytes, Datatype] = {}

    def open_member(self, group: Group, name: str, target: Target) -> Node:
        """Open what a link of a group leads to, if it is in this file and not the group itself or one around it."""
        path = f"{group.path}/{name}" if group.path else name
        if isinstance(target, tuple):
            kind, goal, file = target
        elif (again := group.ancestor(target)) is not None:
            kind, goal, file = "cycle", again.path, ""
        else:
            return self.open(target, path, group)
        self.store.enter(path)
        return self.store.report(kind, path, goal, file)

    def open(self, address: int, path: str, parent: Group | None) -> Node:
        """Open the object at an address."""
        store = self.store
        store.enter(path)
        messages = read_header(store, address, path)
        kinds = {message[0] for message in messages}
        attributes = Attributes(store, self._heaps, path, self._attribute_loader(messages, kinds, path))
        if DATASPACE in kinds and DATATYPE in kinds:
            return self._dataset(messages, path, attributes)
        if kinds & _GROUP:
            return Group(self, address, path, parent, attributes, messages)
        return store.report("named type" if DATATYPE in kinds else "unknown object", path)

    def _dataset(self, messages: list[Message], path: str, attributes: Attributes) -> Dataset:
        shape: Shape = None
        datatype, layout = UNKNOWN, "unknown"
        for kind, flags, data in messages:
            if kind == DATASPACE:
                if flags & SHARED:
                    raise SourceError("the HDF5 file keeps shapes in a table for the whole file, which is not read")
                shape = parse_shape(self.store, data)
            elif kind == DATATYPE:
                datatype = self._datatype(data, flags, path)
            elif kind == LAYOUT and layout != "external":
                layout = _layout(data)
            elif kind == EXTERNAL_FILES:
                layout = "external"
        if layout in _ELSEWHERE:
            self.store.report(f"{layout} data", path)
        return Dataset(path, shape, datatype, layout, attributes)

    def _datatype(self, data: bytes, flags: int, path: str) -> Datatype:
        """Parse a type, or take it from the last few: most datasets of a file have the same one."""
        if flags & SHARED:
            return datatype_of(self.store, data, SHARED, path)
        found = self._types.get(data)
        if found is None:
            if len(self._types) >= _KEPT_TYPES:
                self._types.clear()
            found = self._types[data] = parse_datatype(data)
        return found

    def _attribute_loader(
        self, messages: list[Message], kinds: set[int], path: str
    ) -> Callable[[], list[bytes]] | None:
        """Return what reads the attribute messages of an object; `None` if it has none."""
        if ATTRIBUTE not in kinds and ATTRIBUTE_INFO not in kinds:
            return None
        return lambda: self._attributes(messages, path)

    def _attributes(self, messages: list[Message], path: str) -> list[bytes]:
        found: list[bytes] = []
        for kind, flags, data in messages:
            if kind == ATTRIBUTE:
                if flags & SHARED:
                    self.store.report("unread attribute", path)
                else:
                    found.append(data)
            elif kind == ATTRIBUTE_INFO:
                found += self._dense_attributes(data)
        return found

    def _dense_attributes(self, data: bytes) -> Iterator[bytes]:
        """Yield the attributes of an object that has many or long ones, which are in a heap of their own (IV.A.2.v)."""
        wide = self.store.address
        at = 4 if data[1:2] and data[1] & 1 else 2
        if len(data) < at + 2 * wide.size:
            raise damaged("an object does not say where its attributes are")
        (heap,), (tree,) = wide.unpack_from(data, at), wide.unpack_from(data, at + wide.size)
        if heap == self.store.undefined:
            return iter(())
        from keras_ascii_tools.read.hdf5.dense import read_dense

        return read_dense(self.store, heap, tree)


def _layout(data: bytes) -> str:
    """Return the class of a data layout message (IV.A.2.i)."""
    version = data[0] if len(data) > 2 else 0
    number = data[2] if version in (1, 2) else data[1] if version in (3, 4, 5) else len(_LAYOUTS)
    return _LAYOUTS[number] if number < len(_LAYOUTS) else "unknown"
