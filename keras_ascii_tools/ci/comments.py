"""One comment in a review that is kept up to date: made, changed, taken away. Knows no host and no models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from keras_ascii_tools.ci.http import ApiError
from keras_ascii_tools.errors import OptionError

__all__ = ["Comment", "Thread", "keep_comment", "marker"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_GONE = "The model architectures no longer differ.\n"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment."""

    id: int
    body: str
    own: bool
    """Whether it was written with the token that we have."""


class Thread(Protocol):
    """The comments of one review."""

    max_chars: int
    """Characters of a comment."""

    def comments(self) -> list[Comment]:
        """Return all, the oldest first."""
        ...

    def create(self, body: str) -> None:
        """Write one more."""
        ...

    def update(self, comment: Comment, body: str) -> None:
        """Change one."""
        ...

    def delete(self, comment: Comment) -> None:
        """Take one away."""
        ...


def marker(id: str) -> str:
    """Return the hidden first line by which a comment is found again; several reports of one review need several ids.

    Raises:
        OptionError: It has characters that could end the hidden line.
    """
    if not _ID.fullmatch(id) or "--" in id:
        raise OptionError(f"id: expected letters, digits, '.', '_' and '-', at most 64, got {id!r}")
    return f"<!-- keras-ascii:{id} -->\n"


def keep_comment(thread: Thread, mark: str, body: str | None) -> str:
    """Make the review have one comment with this text, or none; return what was done: `created`, `updated`, ...

    Args:
        thread: The review.
        mark: What `marker` returns.
        body: The text; `None`: there is nothing to say.

    Raises:
        ApiError: The host refused.
    """
    found = [comment for comment in thread.comments() if comment.own and _starts_with(comment.body, mark)]
    if body is None:
        for comment in found:
            _remove(thread, comment, mark)
        return "removed" if found else "nothing to say"
    text = mark + body
    if not found:
        thread.create(text)
        return "created"
    first, *others = found
    for comment in others:
        _remove(thread, comment, mark)
    if _plain(first.body) == _plain(text):
        return "unchanged"
    thread.update(first, text)
    return "updated"


def _remove(thread: Thread, comment: Comment, mark: str) -> None:
    """Take a comment away; where that is not allowed, say that it no longer holds."""
    try:
        thread.delete(comment)
    except ApiError as error:
        if error.status == 404:  # somebody was faster
            return
        if error.status != 403:
            raise
        if _plain(comment.body) != _plain(mark + _GONE):
            thread.update(comment, mark + _GONE)


def _starts_with(body: str, mark: str) -> bool:
    return _plain(body).startswith(mark.strip())


def _plain(text: str) -> str:
    """Hosts change line ends and what stands around a text."""
    return text.replace("\r\n", "\n").strip()
