"""A URL -> a window of the bytes there, fetched as they are read. Knows no formats; fsspec knows the schemes.

Over HTTP only ranges are asked for, and never more is taken than was asked for, whatever the server sends. A server
without ranges is read once, into a file without a name.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.read.http_ranges import HttpFile, MovedError
from keras_ascii_tools.read.parts import Folder
from keras_ascii_tools.read.sources import Source
from keras_ascii_tools.read.window import Window, window_of_file, window_of_path

__all__ = ["TIMEOUT", "open_remote", "shown_url", "watching"]

TIMEOUT: Final = 20.0
"""Seconds that a server may be silent."""
PAGE: Final = 64 << 10
"""Bytes that are fetched at once. A request takes as long as some hundred kilobytes."""
_MAX_DOWNLOAD: Final = 2 << 30
_CHUNK: Final = 1 << 20
_LONGEST_REASON: Final = 120

Watch = Callable[[int, int | None], None]
"""(bytes so far, bytes in all if all are fetched) -> None; called after every piece."""

watching: ContextVar[Watch | None] = ContextVar("watching", default=None)
"""Who wants to know how it goes; the command sets it."""


def shown_url(url: str) -> str:
    """Return a URL as it may be shown: without password and query, which often hold secrets."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return url.partition("?")[0]


@contextmanager
def open_remote(url: str, *, timeout: float = TIMEOUT) -> Generator[Source, None, None]:
    """Open the file or folder that a URL names, for the length of a `with` block.

    Raises:
        SourceError: On entering: fsspec or what it needs for the scheme is missing, there is no such file, it is not
            allowed, the server does not answer. Does not name the URL.
    """
    scheme = urlsplit(url).scheme
    if scheme in ("file", "local"):
        with window_of_path(url.partition("://")[2]) as window:
            yield window
        return
    with ExitStack() as stack:
        try:
            system, path = _file_system(url, scheme, timeout)
            source = _source(system, path, scheme, timeout, stack)
        except SourceError:
            raise
        except Exception as error:  # each scheme has exceptions of its own
            raise SourceError(_reason(error, timeout)) from error
        yield source


def _file_system(url: str, scheme: str, timeout: float) -> tuple[Any, str]:
    """Return the file system that a URL names, and the path in it."""
    try:
        import fsspec
    except ImportError:
        raise SourceError("files elsewhere need fsspec: pip install 'keras-ascii-tools[remote]'") from None
    options: dict[str, Any] = {"skip_instance_cache": True}
    try:
        if scheme in ("http", "https"):
            aiohttp: Any = importlib.import_module("aiohttp")
            silence = aiohttp.ClientTimeout(total=None, sock_connect=timeout, sock_read=timeout)
            # `trust_env` is for proxies. A refusal is left to aiohttp, which lets the connection go; fsspec does not,
            # of which aiohttp complains on standard error.
            options["client_kwargs"] = {"timeout": silence, "trust_env": True, "raise_for_status": True}
        system, path = fsspec.core.url_to_fs(url, **options)
    except ImportError as error:
        said = " ".join(str(error).split())[:_LONGEST_REASON]
        raise SourceError(f"{scheme}:// needs a package that is not installed: {said}") from error
    except ValueError as error:
        if "Protocol not known" in str(error):
            raise SourceError(f"{scheme}:// is no scheme that fsspec knows; use https, s3, gs, hf or another") from None
        raise
    return system, path


class _RemoteFolder(Folder):
    """The files of a folder elsewhere."""

    __slots__ = ("_stack", "_system", "_timeout")

    def __init__(self, system: Any, path: str, timeout: float, stack: ExitStack) -> None:
        super().__init__(path)
        self._system = system
        self._timeout = timeout
        self._stack = stack
        found = [entry for entry in system.ls(path, detail=True) if entry.get("type") == "file"]
        self.members = frozenset(str(entry["name"]).rpartition("/")[2] for entry in found)

    def window(self, name: str) -> Window:
        """Return the bytes of a file; see `Parts`."""
        if name not in self.members:
            raise SourceError(f"the folder has no {name}")
        if name not in self._windows:
            try:
                self._windows[name] = _file_window(self._system, f"{self._path}/{name}", self._timeout, self._stack)
            except SourceError:
                raise
            except Exception as error:
                raise SourceError(f"{name}: {_reason(error, self._timeout)}") from error
        return self._windows[name]


def _source(system: Any, path: str, scheme: str, timeout: float, stack: ExitStack) -> Source:
    if scheme in ("http", "https"):
        file = HttpFile(system, path, PAGE, timeout)
        if file.size is not None:
            return Window(_watched(file.fetch, timeout), file.size, page=_page(file.size))
        return _downloaded(file.stream(), stack)
    if system.isdir(path):
        return _RemoteFolder(system, path, timeout, stack)
    return _file_window(system, path, timeout, stack)


def _file_window(system: Any, path: str, timeout: float, stack: ExitStack) -> Window:
    size = system.info(path).get("size")
    opened = stack.enter_context(system.open(path, "rb", cache_type="none"))
    if size is None:
        return _downloaded(opened, stack)
    inner = window_of_file(opened)
    return Window(_watched(inner.read, timeout), inner.size, page=_page(inner.size))


def _page(size: int) -> int:
    """Return how many bytes to fetch at once: a small file as a whole."""
    return PAGE if size > 16 * PAGE else 16 * PAGE


def _watched(fetch: Callable[[int, int], bytes], timeout: float) -> Callable[[int, int], bytes]:
    """Return a fetch that says how far it is, and whose errors are ours."""
    fetched = 0

    def watched(offset: int, length: int) -> bytes:
        nonlocal fetched
        try:
            data = fetch(offset, length)
        except SourceError:
            raise
        except Exception as error:
            raise SourceError(_reason(error, timeout)) from error
        fetched += len(data)
        _say(fetched, None)
        return data

    return watched


def _say(fetched: int, total: int | None) -> None:
    watch = watching.get()
    if watch is not None:
        watch(fetched, total)


def _downloaded(stream: Any, stack: ExitStack) -> Window:
    """Copy a stream into a file without a name: it can be read only once, from its start."""
    import tempfile

    copy = stack.enter_context(tempfile.TemporaryFile(prefix="keras-ascii-"))  # noqa: SIM115 - the stack closes it
    size = 0
    total = getattr(stream, "total", None)
    try:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > _MAX_DOWNLOAD:
                raise SourceError(
                    f"the server sends whole files only, and this one has more than {_MAX_DOWNLOAD >> 30} GiB; "
                    "download it and give the file"
                )
            copy.write(chunk)
            _say(size, total)
    finally:
        stream.close()
    if total is not None and size != total:
        raise SourceError(f"the server ended after {size:,} of {total:,} bytes")
    copy.flush()
    return window_of_file(copy)


def _reason(error: Exception, timeout: float) -> str:
    """Return one line for an exception of a network library; never the URL, which may hold a secret."""
    if isinstance(error, MovedError):
        return str(error)
    kind = type(error).__name__
    status = getattr(error, "status", 0)
    if isinstance(error, FileNotFoundError) or status == 404:
        return "there is no such file"
    if isinstance(error, PermissionError) or status in (401, 403):
        return f"the server does not allow it{f' ({status})' if status else ''}"
    if isinstance(status, int) and status >= 400 and "ContentLength" not in kind:
        return f"the server cannot give it ({status})"
    if isinstance(error, TimeoutError) or "Timeout" in kind:
        return f"the server did not answer within {timeout:g} seconds"
    known = next((text for part, text in _KNOWN.items() if part in kind), None)
    if known is not None:
        return known
    system = getattr(error, "os_error", error)
    number = getattr(system, "errno", None)
    said = os.strerror(number) if number and number > 0 else (getattr(system, "strerror", None) or str(error))
    said = visible(" ".join(said.split()))[:_LONGEST_REASON]
    return f"no answer: {kind if not said or '://' in said else said}"


_KNOWN: Final = {
    "TooManyRedirects": "the server leads from one address to the next, without an end",
    "Payload": "the server stopped in the middle of the file",
    "ContentLength": "the server stopped in the middle of the file",
    "InvalidUrl": "not a URL that can be asked for",
    "InvalidURL": "not a URL that can be asked for",
}
"""Part of the name of an exception -> what to say."""
