"""A line on standard error that says how reading files elsewhere goes, on terminals and only if it takes a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["progress"]

_PATIENCE = 0.7
"""Seconds before anything is said."""
_STEP = 0.1
"""Seconds between two updates."""
_CLEAR = "\r\x1b[K"


@contextmanager
def progress(target: str) -> Generator[None, None, None]:
    """Show how much of a target has been read, while the block runs."""
    if "://" not in target or not sys.stderr.isatty():
        yield
        return
    from keras_ascii_tools.escape import visible
    from keras_ascii_tools.read.remote import shown_url, watching

    name = visible(shown_url(target))[-60:]
    last = time.monotonic() + _PATIENCE
    shown = False

    def watch(fetched: int, total: int | None) -> None:
        nonlocal last, shown
        now = time.monotonic()
        if now < last:
            return
        last, shown = now + _STEP, True
        of = f" of {total / (1 << 20):,.1f}" if total else ""
        print(f"{_CLEAR}{name}: {fetched / (1 << 20):,.1f}{of} MiB", end="", file=sys.stderr, flush=True)

    token = watching.set(watch)
    try:
        yield
    finally:
        watching.reset(token)
        if shown:
            print(_CLEAR, end="", file=sys.stderr, flush=True)
