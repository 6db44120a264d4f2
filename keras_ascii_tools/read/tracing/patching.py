"""Replace an attribute of a class or module for a while, for one thread only."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import get_ident
from typing import Any, Final

from keras_ascii_tools.read.tracing.loaded import attributes_of

__all__ = ["patched"]

_ABSENT: Final = object()


@contextmanager
def patched(owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Generator[None]:
    """Replace the function `owner.name` by `make(function)`; other threads still get the function.

    Does nothing where a version of Keras has no such function.
    """
    own: Any = attributes_of(owner).get(name, _ABSENT)
    if own is _ABSENT or not callable(own):
        yield
        return
    setattr(owner, name, _for_this_thread(own, make(own)))
    try:
        yield
    finally:
        setattr(owner, name, own)


def _for_this_thread(original: Callable[..., Any], replacement: Callable[..., Any]) -> Callable[..., Any]:
    thread = get_ident()

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        return (replacement if get_ident() == thread else original)(*args, **kwargs)

    return function
