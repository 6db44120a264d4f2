"""Random access to the bytes of a source, bounded and counted. Knows nothing of formats, names or networks.

Read with `os.pread` or seek and read, never mapped: a file that another process cuts off while it is mapped would kill
this one with a signal.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from errno import ENXIO

from keras_ascii_tools.errors import SourceError

__all__ = ["Window", "window_of_bytes", "window_of_descriptor", "window_of_file", "window_of_path"]

PAGE = 4096
"""Bytes fetched at once. HDF5 keeps its metadata together in blocks of 2 KiB between the weights."""
_KEPT = 4 << 20
"""Bytes of pages that are kept for another read."""
_LONG_READ = 16
"""Pages; what is longer goes past the cache: it is read once, and would only push the small ones out."""
_CALL = 32
"""What a read costs the budget beside its bytes, so that a budget bounds the number of reads too."""

Fetch = Callable[[int, int], bytes]
"""(offset, length) -> the bytes there; fewer only at the end of the source."""


class _Pages:
    """The pages of a source as they were fetched, some of them kept; counts what it fetches."""

    __slots__ = ("_fetch", "_total", "fetched", "kept", "requests", "size")

    def __init__(self, fetch: Fetch, total: int, size: int) -> None:
        self._fetch = fetch
        self._total = total
        self.size = size
        self.kept: dict[int, bytes] = {}
        self.fetched = 0
        self.requests = 0

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes that are known to be inside the source."""
        if not length:
            return b""
        first, within = divmod(offset, self.size)
        if within + length > _LONG_READ * self.size:
            return self._get(offset, length)
        last = (offset + length - 1) // self.size
        return self._join(first, last)[within : within + length]

    def _join(self, first: int, last: int) -> bytes:
        """Return whole pages, fetching neighbours that are missing in one go."""
        parts: list[bytes] = []
        number = first
        while number <= last:
            page = self.kept.get(number)
            run = 1
            if page is None:
                while number + run <= last and number + run not in self.kept:
                    run += 1
                page = self._load(number, run)
            parts.append(page)
            number += run
        return b"".join(parts)

    def _load(self, first: int, count: int) -> bytes:
        size = self.size
        data = self._get(first * size, min(count * size, self._total - first * size))
        if (len(self.kept) + count) * size > _KEPT:
            self.kept.clear()
        for number in range(count):
            self.kept[first + number] = data[number * size : (number + 1) * size]
        return data

    def _get(self, offset: int, length: int) -> bytes:
        data = self._fetch(offset, length)
        if len(data) != length:
            raise SourceError("the file became shorter while it was read")
        self.requests += 1
        self.fetched += length
        return data


class _Budget:
    """What may be read: as many bytes again may be fetched, since small reads far apart fetch a page each."""

    __slots__ = ("_fetches", "_total", "left")

    def __init__(self, total: int) -> None:
        self._total = self.left = self._fetches = total

    def charge(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise self.spent()

    def fetch(self, cost: int) -> None:
        self._fetches -= cost
        if self._fetches < 0:
            raise self.spent()

    def spent(self) -> SourceError:
        return SourceError(f"reading it takes more than the {self._total / (1 << 20):g} MiB that are allowed")


class Window:
    """A range of the bytes of a source, which is all that its user can see of it."""

    __slots__ = ("_budget", "_page", "_pages", "_start", "size")

    def __init__(self, fetch: Fetch, size: int, *, page: int = PAGE) -> None:
        """Make a window of a whole source that has `size` bytes; its reads are not limited, those of a part may be."""
        self._pages = _Pages(fetch, size, page)
        self._page = page
        self._start = 0
        self._budget: _Budget | None = None
        self.size = size

    def part(self, offset: int, length: int, *, budget: int | None = None) -> Window:
        """Return a window of some of these bytes. It pays from its own budget if it has one, else from this one's.

        Raises:
            SourceError: They are not all in this window.
        """
        self._check(offset, length)
        part = object.__new__(Window)
        part._pages = self._pages
        part._page = self._page
        part._start = self._start + offset
        part._budget = self._budget if budget is None else _Budget(budget)
        part.size = length
        return part

    def read(self, offset: int, length: int) -> bytes:
        """Return exactly these bytes.

        Raises:
            SourceError: They are not all in this window, the budget is spent, or the source fails.
        """
        if offset < 0 or length < 0 or offset + length > self.size:
            self._check(offset, length)
        budget = self._budget
        if budget is not None:
            budget.left -= length + _CALL
            if budget.left < 0:
                raise budget.spent()
        start = self._start + offset
        page = self._pages.kept.get(start // self._page)  # in most cases
        within = start % self._page
        if page is not None and within + length <= self._page:
            return page[within : within + length]
        return self._fetched(start, length)

    def read_some(self, offset: int, least: int, most: int) -> bytes:
        """Return at least so many bytes, and up to `most` if they are at hand: paid for as the least of them.

        Raises:
            SourceError: As `read`.
        """
        data = self.read(offset, least)
        start = self._start + offset
        within = start % self._page
        page = self._pages.kept.get(start // self._page)
        if page is None or within + least > self._page:
            return data
        return page[within : min(within + most, within + self.size - offset)]

    def _fetched(self, start: int, length: int) -> bytes:
        pages = self._pages
        before = pages.fetched
        data = pages.read(start, length)
        if self._budget is not None:
            self._budget.fetch(pages.fetched - before)
        return data

    def charge(self, cost: int) -> None:
        """Take from the budget what work on the bytes costs, in bytes that could have been read instead.

        Raises:
            SourceError: The budget is spent.
        """
        if self._budget is not None:
            self._budget.charge(cost)

    @property
    def fetched(self) -> int:
        """Bytes fetched from the source so far, by all windows of it."""
        return self._pages.fetched

    @property
    def requests(self) -> int:
        """How often the source was asked so far, by all windows of it."""
        return self._pages.requests

    def _check(self, offset: int, length: int) -> None:
        if offset < 0 or length < 0 or offset + length > self.size:
            raise SourceError(f"damaged or cut off: {length} bytes at {offset} lie outside its {self.size} bytes")


def window_of_bytes(data: bytes, *, page: int = PAGE) -> Window:
    """Return a window of bytes in memory."""
    return Window(lambda offset, length: data[offset : offset + length], len(data), page=page)


class _OpenFile:
    """A window of a local file for the length of a `with` block."""

    __slots__ = ("_descriptor", "_path")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> Window:
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            self._descriptor = os.open(self._path, flags)
            state = os.fstat(self._descriptor)
        except (OSError, ValueError) as error:
            self.__exit__()
            socket = isinstance(error, OSError) and error.errno == ENXIO
            raise SourceError("not a regular file" if socket else _reason(error)) from error
        if not stat.S_ISREG(state.st_mode):
            self.__exit__()
            raise SourceError("a directory; expected a file" if stat.S_ISDIR(state.st_mode) else "not a regular file")
        return window_of_descriptor(self._descriptor)

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def window_of_path(path: str | os.PathLike[str]) -> _OpenFile:
    """Return a context manager that opens a regular file and gives a window of it.

    Raises:
        SourceError: On entering: it is no regular file, or cannot be opened.
    """
    return _OpenFile(path)


def window_of_descriptor(descriptor: int) -> Window:
    """Return a window of an open regular file of the system; the caller closes it.

    Raises:
        SourceError: It cannot be asked for its size.
    """

    def fetch(offset: int, length: int) -> bytes:
        parts: list[bytes] = []
        try:
            while length > 0 and (part := _pread(descriptor, offset, length)):
                parts.append(part)
                offset += len(part)
                length -= len(part)
        except (OSError, ValueError, OverflowError) as error:
            raise SourceError(_reason(error)) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    try:
        size = os.fstat(descriptor).st_size
    except OSError as error:
        raise SourceError(_reason(error)) from error
    return Window(fetch, size)


def _pread(descriptor: int, offset: int, length: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(descriptor, length, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def window_of_file(file: _Seekable, *, page: int = PAGE) -> Window:
    """Return a window of an open binary file, such as one of fsspec; the caller closes it.

    For a remote one take a larger page, and no cache in the file (fsspec: `cache_type="none"`): then what is fetched
    is what is read here.

    Raises:
        SourceError: The file cannot be sought or read.
    """

    def fetch(offset: int, length: int) -> bytes:
        parts: list[bytes] = []
        try:
            file.seek(offset)
            while length > 0 and (part := file.read(length)):
                parts.append(bytes(part))
                length -= len(part)
        except Exception as error:  # network libraries have exceptions of their own
            raise SourceError(_reason(error)) from error
        return b"".join(parts)

    try:
        size = file.seek(0, os.SEEK_END)
    except Exception as error:
        raise SourceError(_reason(error)) from error
    return Window(fetch, size, page=page)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"cannot be read: {type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class _Seekable(Protocol):
        def seek(self, offset: int, whence: int = 0, /) -> int: ...

        def read(self, length: int, /) -> bytes: ...
