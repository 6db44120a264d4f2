"""A headless Chromium: what a page looks like, and what its elements measure."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

__all__ = ["Browser", "Picture", "find_browser"]

# Quiet, and without a word to anybody.
_ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)


def find_browser() -> str | None:
    """Where a Chromium is, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


@dataclass(frozen=True)
class Picture:
    """Pixels, as rows of bytes."""

    width: int
    rows: tuple[bytes, ...]
    channels: int

    def pixel(self, x: int, y: int) -> tuple[int, ...]:
        return tuple(self.rows[y][x * self.channels : x * self.channels + 3])

    def darkest(self, y: int, left: int, right: int) -> int:
        """The darkest value in a piece of one row of pixels; 255 is white."""
        return min(self.rows[y][left * self.channels : right * self.channels])


class Browser:
    """Opens pages, each in a profile of its own."""

    def __init__(self, command: str, folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._pages = 0

    def measure(self, page: str, script: str, *, size: tuple[int, int] = (1000, 800), dark: bool = False) -> Any:
        """Return what the body of a JavaScript function returns in the page."""
        probe = f"<script>document.title = JSON.stringify((() => {{ {script} }})())</script>"
        dom = self._run(page + probe, size, dark, "--dump-dom")
        title = re.findall(r"<title>(.*?)</title>", dom, re.DOTALL)[0]
        return json.loads(unescape(title))

    def picture(
        self, page: str, *, size: tuple[int, int] = (1000, 800), dark: bool = False, kind: str = "html"
    ) -> Picture:
        """Return what the page looks like."""
        path = self._folder / f"{self._pages}.png"
        self._run(page, size, dark, f"--screenshot={path}", kind=kind)
        return read_png(path.read_bytes())

    def _run(self, page: str, size: tuple[int, int], dark: bool, what: str, *, kind: str = "html") -> str:
        self._pages += 1
        path = self._folder / f"page{self._pages}.{kind}"
        path.write_text(page, encoding="utf-8")
        done = subprocess.run(
            [
                self._command,
                *_ARGUMENTS,
                f"--user-data-dir={self._folder / f'profile{self._pages}'}",
                f"--window-size={size[0]},{size[1]}",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                what,
                path.as_uri(),
            ],
            capture_output=True,
            check=True,
            timeout=120,
        )
        return done.stdout.decode()


def read_png(data: bytes) -> Picture:
    """Read a PNG of 8 bits per channel that is not interlaced, as browsers write them."""
    chunks = dict[bytes, bytes]()
    for name, content in _chunks(data):
        chunks[name] = chunks.get(name, b"") + content
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    channels = {2: 3, 6: 4}[colour]
    assert (depth, interlaced) == (8, 0)
    return Picture(width, tuple(_rows(zlib.decompress(chunks[b"IDAT"]), width * channels, height, channels)), channels)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _rows(data: bytes, stride: int, height: int, step: int) -> Iterator[bytes]:
    """Undo the filters of a PNG's rows."""
    above = bytearray(stride)
    for number in range(height):
        start = number * (stride + 1)
        row = bytearray(data[start + 1 : start + 1 + stride])
        kind = data[start]
        for at in range(stride):
            left = row[at - step] if at >= step else 0
            up = above[at]
            corner = above[at - step] if at >= step else 0
            row[at] = (row[at] + _predicted(kind, left, up, corner)) & 0xFF
        yield bytes(row)
        above = row


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return (0, left, up, (left + up) // 2)[kind]
