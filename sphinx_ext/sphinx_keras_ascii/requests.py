"""What pages ask for: which models, where, and what became of it. Knows nothing of Sphinx and of drawing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

__all__ = ["Location", "Problem", "Request", "Use", "digest_of", "readable"]

Location = tuple[str, int] | str
"""As Sphinx' logger takes it: a page and a line, or `file:line`, or `file:docstring of object:line`."""


@dataclass(frozen=True, slots=True)
class Request:
    """A model that a page shows: which one, not how it is drawn."""

    kind: Literal["code", "inline", "file"]
    target: str
    """`pkg.mod:attr` or `path.py:attr`; Python code that leaves `model`; or a path. Paths are relative to the source
    directory and have `/` between their parts."""
    call: str | None = None
    """Literal arguments for a target that is a function: `(32, depth=3)`."""
    input_shape: str | None = None
    """A literal; for a model that is not built."""
    depends: tuple[str, ...] = ()
    """Further files, as paths, whose change makes the model another one."""

    @property
    def name(self) -> str:
        """How messages call it."""
        return "the model of the inline code" if self.kind == "inline" else f"{self.target}{self.call or ''}"

    def key(self, setting: str = "") -> str:
        """Return what tells it from every other request, in a setting that may change what it means."""
        return digest_of({**asdict(self), "setting": setting})


class Problem(NamedTuple):
    """Why there is no model."""

    subtype: str
    """Of the warning: `keras_ascii.<subtype>`."""
    text: str
    """One line."""
    silent: bool = False
    """Nobody is to be warned: it was asked for."""


class Use(NamedTuple):
    """A place that shows something of a model."""

    request: Request
    location: Location
    snapshot: Request | None = None
    """What the page shows instead of the model, which is only compared with it."""


def readable(text: str) -> str:
    r"""Return the text with what moves, hides or reorders text written out: `\x1b`, `\u202e`."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def digest_of(value: Any) -> str:
    """Return a short name for a value of plain data; equal values have equal ones, in every process."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
