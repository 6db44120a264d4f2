"""Fuzz the reader of zip archives: `python tests/fuzz/fuzz_zip.py -runs=100000`.

Any bytes are refused with a `SourceError`, or read as `zipfile` reads them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
LIMIT = 1 << 16


def load() -> Callable[[bytes], None]:
    """Return the target."""
    import io
    import zipfile

    from keras_ascii_tools.errors import SourceError
    from keras_ascii_tools.read.window import window_of_bytes
    from keras_ascii_tools.read.zip import Archive, open_zip

    def contents(archive: Archive) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        message = "read"
        for name, member in archive.members.items():
            try:
                found[name] = archive.read_member(name, LIMIT)
                if member.stored:
                    window = archive.window(name)
                    assert window.read(0, window.size) == found[name]
            except SourceError as error:
                message = str(error)
            assert message.isprintable()
        return found

    def target(data: bytes) -> None:
        try:
            archive = open_zip(window_of_bytes(data))
        except SourceError:
            return
        ours = contents(archive)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as other:
                theirs = {info.orig_filename: other.read(info) for info in other.infolist() if info.filename in ours}
        except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
            return  # `zipfile` refuses more: versions, for one
        assert theirs.items() <= ours.items()

    return target


def seeds() -> Iterator[bytes]:
    """Yield archives of all kinds."""
    from tests.core.read.archives import Entry, archive, crafted

    members = {"metadata.json": b"{}", "config.json": b'{"a": 1}' * 9, "model.weights.h5": bytes(99), "größe/": b""}
    for method in (0, 8):
        yield archive(members, method=method)
        yield archive(members, method=method, comment=b"a comment", prefix=b"before")
    wide = b"\1\0\x18\0" + b"".join(number.to_bytes(8, "little") for number in (5, 5, 0))
    yield crafted(
        [Entry(b"a", b"hello", extra=wide, local_extra=wide, size=2**32 - 1, packed=2**32 - 1, start=2**32 - 1)]
    )
    yield crafted([Entry(b"a", b"hello", flags=8), Entry(b"b", b"hello", method=12), Entry(b"c", flags=1)])


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    from tests.fuzz.running import run

    sys.exit(run(load, seeds()))
