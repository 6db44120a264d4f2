"""Fuzz the reader of HDF5 files: `python tests/fuzz/fuzz_hdf5.py -runs=100000`.

Any bytes are refused with a `SourceError`, or read to the end within the budget.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
BUDGET = 1 << 20
SIGNATURES = (
    b"TREE",
    b"SNOD",
    b"HEAP",
    b"GCOL",
    b"OHDR",
    b"OCHK",
    b"FRHP",
    b"FHDB",
    b"FHIB",
    b"BTHD",
    b"BTLF",
    b"BTIN",
)


def load() -> Callable[[bytes], None]:
    """Return the target."""
    from keras_ascii_tools.errors import SourceError
    from keras_ascii_tools.read.hdf5 import Dataset, Finding, Hdf5File, open_hdf5
    from keras_ascii_tools.read.window import window_of_bytes

    def everything(file: Hdf5File) -> None:
        assert isinstance(dict(file.root.attributes), dict)
        for node in file.walk():
            assert node.path.split("/")[-1] == node.name
            if isinstance(node, Finding):
                assert node in file.findings
                continue
            assert all(
                value is None or isinstance(value, str | int | float | tuple) for value in node.attributes.values()
            )
            assert node.attributes.texts("names") is None or "names" in node.attributes or "names0" in node.attributes
            if isinstance(node, Dataset):
                assert node.shape is None or all(0 <= dim < 2**63 for dim in node.shape)
                assert isinstance(node.dtype, str)

    def target(data: bytes) -> None:
        window = window_of_bytes(data)
        message = "read"
        try:
            everything(open_hdf5(window, max_bytes=BUDGET))
        except SourceError as error:
            message = str(error)
        assert message.isprintable()
        assert window.fetched <= BUDGET

    return target


def seeds() -> Iterator[bytes]:
    """Yield small files of all kinds: those of h5py, if it is installed, and some made by hand."""
    import io

    from tests.core.read.hdf5_bytes import LINK_INFO, VARIABLE_TEXT, File, attribute, hard, other, space

    for version in range(4):
        file = File(reserve=104)
        pointer = (3).to_bytes(4, "little") + file.strings(b"abc").to_bytes(8, "little") + b"\1\0\0\0"
        about = (
            attribute(b"names0", pointer, VARIABLE_TEXT, space(1)),
            other(b"s", 1, b"/a"),
            other(b"e", 64, b"\0f\0g\0"),
        )
        table = file.table_group({b"x": file.dataset(2, 3), b"y": file.dataset()}, attribute(b"a", b"xyz"))
        yield file.end(file.header(LINK_INFO, hard(b"t", table), *about), version)
        yield file.end(file.group({b"t": table}, *about), version)
    try:
        import h5py
    except ImportError:
        return
    from tests.models.hdf5_files import FILLS

    names = (
        "nothing",
        "members_1",
        "members_8",
        "members_9",
        "ordered",
        "links",
        "elsewhere",
        "strings",
        "types",
        "shapes",
    )
    for name in names:
        for library in ("earliest", "latest"):
            made = io.BytesIO()
            with h5py.File(made, "w", libver=library) as opened:
                FILLS[name](opened)
            if len(made.getvalue()) < 24_000:
                yield made.getvalue()


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Exchange addresses for those of other structures, and numbers for those at the limits."""
    chance = random.Random(seed)
    changed = bytearray(data)
    if len(changed) < 100:
        return bytes(changed)
    places = [at for signature in SIGNATURES for at in _all(data, signature)] or [0]
    for _ in range(chance.choice([1, 1, 2, 4])):
        width = chance.choice([1, 2, 4, 8, 8])
        near = chance.choice([chance.choice(places) + chance.randrange(64), chance.randrange(len(data))])
        at = min(near, len(data) - 8)
        values = [
            0,
            1,
            2,
            255,
            65535,
            2**32 - 1,
            2**63,
            2**64 - 1,
            len(data),
            chance.choice(places),
            chance.randrange(256),
        ]
        changed[at : at + width] = chance.choice(values).to_bytes(8, "little")[:width]
    return bytes(changed[:most])


def _all(data: bytes, signature: bytes) -> Iterator[int]:
    at = data.find(signature)
    while at >= 0:
        yield at
        at = data.find(signature, at + 1)


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    from tests.fuzz.running import run

    sys.exit(run(load, seeds(), mutate))
