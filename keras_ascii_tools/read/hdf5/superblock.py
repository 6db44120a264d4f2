"""The superblock: where an HDF5 file starts, how wide its fields are, where its root is (II.A). Opens no object."""

from __future__ import annotations

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.hdf5.store import Store, damaged
from keras_ascii_tools.read.window import Window

__all__ = ["SIGNATURE", "read_superblock"]

SIGNATURE = b"\x89HDF\r\n\x1a\n"


def read_superblock(window: Window, max_objects: int) -> tuple[Store, int]:
    """Return the file as its parsers see it, and the address of the root group.

    Raises:
        SourceError: It is no HDF5 file, or one that is cut off or is one part of several.
    """
    start = _find_start(window)
    window = window.part(start, window.size - start)
    version = window.read(len(SIGNATURE), 1)[0]
    if version > 3:
        raise damaged("its superblock is of no known version")
    sizes = window.read(13 if version < 2 else 9, 2)
    store = Store(window, sizes[0], sizes[1], max_objects)
    wide = store.address
    if version < 2:
        at = 24 if version == 0 else 28
        base, _, end, driver = (value for (value,) in wide.iter_unpack(window.read(at, 4 * wide.size)))
        _, root, _, _ = store.symbol.unpack(window.read(at + 4 * wide.size, store.symbol.size))
    else:
        fields = window.read(12, 4 * wide.size)
        base, _, end, root = (value for (value,) in wide.iter_unpack(fields))
        driver = store.undefined
    if driver != store.undefined:
        raise SourceError("the HDF5 file is one part of several")
    if end > base + window.size:
        raise SourceError(f"the HDF5 file was cut off: {base + window.size:,} of its {end:,} bytes are there")
    return store, root


def _find_start(window: Window) -> int:
    """Return where the file starts: at 0, or after a block of the user's own of 512, 1024, 2048 ... bytes (II.A)."""
    start = 0
    while start + len(SIGNATURE) <= window.size:
        if window.read(start, len(SIGNATURE)) == SIGNATURE:
            return start
        start = max(512, 2 * start)
    raise SourceError("not an HDF5 file")
