"""The same work for many targets, on all processors where that is faster. Knows neither the work nor the targets."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from keras_ascii_tools.errors import KerasAsciiError, SourceError

__all__ = ["each"]

if TYPE_CHECKING:
    from concurrent.futures import Executor

_T = TypeVar("_T")
_FEWEST = 24
"""Targets for which it pays to start processes: that takes as long as reading some ten files."""
_CHUNK = 4
_AT_ONCE = 8
"""Files elsewhere that are read at the same time."""


def each(
    work: Callable[[str], _T], targets: Sequence[str], *, local: bool, remote: bool = False
) -> Iterator[tuple[str, _T | KerasAsciiError]]:
    """Yield what `work` returns for each target, or the error that it raises, in the order of the targets.

    Args:
        work: A function of a module, or a `partial` of one; returns what can be sent between processes.
        targets: What it is called with.
        local: Whether they are all files here, so that other processes can read them.
        remote: Whether they are all files elsewhere, so that waiting for them takes the time.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    if local and len(targets) >= _FEWEST and processors > 1:
        yield from _in_processes(work, targets, processors)
    elif remote and len(targets) > 1:
        from concurrent.futures import ThreadPoolExecutor

        yield from _shared(ThreadPoolExecutor(min(_AT_ONCE, len(targets))), work, targets, 1)
    else:
        for target in targets:
            yield target, _caught(work, target)


def _caught(work: Callable[[str], _T], target: str) -> _T | KerasAsciiError:
    """Return what `work` returns, or our error that it raises."""
    try:
        return work(target)
    except KerasAsciiError as error:
        return SourceError(str(error))
    except RecursionError:
        return SourceError(f"{target}: nested deeper than this Python can follow")


def _in_processes(
    work: Callable[[str], _T], targets: Sequence[str], processors: int
) -> Iterator[tuple[str, _T | KerasAsciiError]]:
    """Share the targets among processes; if one of these dies, do what is left in this one."""
    import multiprocessing
    import signal
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    pool = ProcessPoolExecutor(
        min(processors, len(targets)),
        mp_context=context,
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),  # Ctrl-C is for this process to tell
    )
    done = 0
    try:
        for result in _shared(pool, work, targets, _CHUNK):
            yield result
            done += 1
    except (BrokenProcessPool, OSError):
        for target in targets[done:]:
            yield target, _caught(work, target)


def _shared(
    pool: Executor, work: Callable[[str], _T], targets: Sequence[str], chunk: int
) -> Iterator[tuple[str, _T | KerasAsciiError]]:
    """Yield results of a pool, in order; what has not begun is called off when nobody wants more."""
    try:
        yield from zip(targets, pool.map(partial(_caught, work), targets, chunksize=chunk), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)
