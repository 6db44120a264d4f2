"""Ranges of a file behind HTTP, and the whole of it from servers without ranges. Knows fsspec's file system only.

Each response is read as a stream, so that one which is longer than it should be costs nothing.
"""

from __future__ import annotations

import re
import time
from typing import Any, Final

from keras_ascii_tools.errors import SourceError

__all__ = ["HttpFile", "HttpStream", "MovedError"]

_PARTIAL, _OUTSIDE = 206, 416
_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})$")
_SLOWEST: Final = 3.0
"""How many times the time that a server may be silent a range may take in all, however it trickles."""


class MovedError(Exception):
    """The file is another one than at the first request."""


class HttpStream:
    """A response that is read from start to end."""

    __slots__ = ("_file", "total")

    def __init__(self, file: Any, total: int | None) -> None:
        self._file = file
        self.total = total
        """Bytes in all, if the server says it."""

    def read(self, length: int) -> bytes:
        """Return some bytes; none at the end."""
        return bytes(self._file.read(length))

    def close(self) -> None:
        """Stop reading."""
        self._file.close()


class HttpFile:
    """A file behind HTTP; its first bytes are asked for at once, to see what the server can do."""

    __slots__ = ("_path", "_start", "_stream", "_system", "_tag", "_timeout", "size")

    def __init__(self, system: Any, path: str, first: int, timeout: float) -> None:
        """Ask for the `first` bytes.

        Raises:
            Exception: What fsspec and aiohttp raise: no such file, not allowed, no answer.
        """
        self._system = system
        self._path = path
        self._timeout = timeout
        self._tag = ""
        self._start = b""
        self._stream: HttpStream | None = None
        self.size: int | None = None
        """Bytes in all; `None` from a server that has no ranges, or does not say it."""
        try:
            file = self._ask(0, first)
        except Exception as error:
            if getattr(error, "status", None) != _OUTSIDE:
                raise
            self.size = 0  # no byte at 0: an empty file
            return
        headers = file.r.headers
        self._tag = str(headers.get("ETag", ""))
        place = _RANGE.match(str(headers.get("Content-Range", "")))
        if file.r.status == _PARTIAL and place and place[1] == "0":
            self.size = int(place[3])
            self._start = self._take(file, min(first, self.size))
        else:
            length = str(headers.get("Content-Length", ""))
            plain = headers.get("Content-Encoding", "identity") == "identity"
            self._stream = HttpStream(file, int(length) if plain and length.isdigit() else None)

    def stream(self) -> HttpStream:
        """Return the response of a server that has no ranges."""
        if self._stream is None:
            raise SourceError("the server does not say how large the file is")
        return self._stream

    def fetch(self, offset: int, length: int) -> bytes:
        """Return these bytes, or as many of them as the server sends."""
        if offset + length <= len(self._start):
            return self._start[offset : offset + length]
        file = self._ask(offset, length)
        headers = file.r.headers
        place = _RANGE.match(str(headers.get("Content-Range", "")))
        if file.r.status != _PARTIAL or not place or int(place[1]) != offset:
            file.close()
            raise SourceError("the server sent another part of the file than it was asked for")
        if int(place[3]) != self.size or str(headers.get("ETag", "")) != self._tag:
            file.close()
            raise MovedError("the file was changed while it was read")
        return self._take(file, length)

    def _ask(self, offset: int, length: int) -> Any:
        """Send a request for a range; what comes back can be read once, and has the response as `r`."""
        headers = {"Range": f"bytes={offset}-{offset + length - 1}", "Accept-Encoding": "identity"}
        return self._system.open(self._path, "rb", block_size=0, size=1, headers=headers)

    def _take(self, file: Any, length: int) -> bytes:
        """Read so many bytes of a response and no more."""
        until = time.monotonic() + _SLOWEST * self._timeout
        parts: list[bytes] = []
        while length > 0 and (part := file.read(length)):
            parts.append(bytes(part))
            length -= len(part)
            if time.monotonic() > until:
                file.close()
                raise TimeoutError
        if file.read(1):  # more than was asked for; at its end, the connection is kept for the next request
            file.close()
        return b"".join(parts)
