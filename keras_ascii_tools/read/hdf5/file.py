"""The bytes of an HDF5 file -> the file, from whose root all objects are found. Knows nothing of Keras."""

from __future__ import annotations

from collections.abc import Iterator

from keras_ascii_tools.read.hdf5.objects import Group, Node, Opener
from keras_ascii_tools.read.hdf5.store import Finding, Store, damaged
from keras_ascii_tools.read.hdf5.superblock import read_superblock
from keras_ascii_tools.read.window import Window

__all__ = ["MAX_BYTES", "MAX_OBJECTS", "Hdf5File", "open_hdf5"]

MAX_BYTES = 64 << 20
MAX_OBJECTS = 200_000


class Hdf5File:
    """An open HDF5 file."""

    __slots__ = ("_store", "root")

    def __init__(self, store: Store, address: int) -> None:
        self._store = store
        root = Opener(store).open(address, "", None)
        if not isinstance(root, Group):
            raise damaged("its root is no group")
        self.root: Group = root

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was not followed or not understood in what was read so far."""
        return self._store.findings

    def walk(self) -> Iterator[Node]:
        """Yield all objects, parents first, siblings by name. A group with several names is entered once.

        Raises:
            SourceError: The file is damaged there, or a limit is reached.
        """
        entered: set[int] = set()
        pending = [self.root.children()]
        while pending:
            for _, node in pending[-1]:
                yield node
                if isinstance(node, Group) and node.address not in entered:
                    entered.add(node.address)
                    pending.append(node.children())
                    break
            else:
                pending.pop()


def open_hdf5(window: Window, *, max_bytes: int = MAX_BYTES, max_objects: int = MAX_OBJECTS) -> Hdf5File:
    """Open an HDF5 file; little is read before it is asked for.

    Raises:
        SourceError: It is no HDF5 file, or one that is damaged or cut off.
    """
    return Hdf5File(*read_superblock(window.part(0, window.size, budget=max_bytes), max_objects))
