"""Hold back Python's search for cycles of objects, while many objects are made that form none. Knows no graphs."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["no_search_for_cycles"]


@contextmanager
def no_search_for_cycles() -> Generator[None]:
    """Switch the collector off in the body, if it is on; a large drawing takes half the time.

    The collector looks through all objects again whenever a quarter of them is new, and a large live model is millions
    of them. Nothing of a graph or a drawing refers back to what holds it, so that it would find nothing; what is not
    needed any more is freed at once all the same.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
