"""The errors a user can meet: one base class, one line of text each. Knows nothing else of the package."""

from __future__ import annotations

__all__ = ["DrawingError", "GraphError", "KerasAsciiError", "OptionError", "SourceError"]


class KerasAsciiError(Exception):
    """Base of every error raised on purpose.

    Its text is one line that says what was given, what was expected and what to do.
    """


class GraphError(KerasAsciiError, ValueError):
    """A graph that cannot be: a dangling edge, a duplicate id, an output that its node does not have."""


class OptionError(KerasAsciiError, ValueError):
    """An option has a value that it cannot have."""


class SourceError(KerasAsciiError, ValueError):
    """A source cannot be read: not a model, a module that is missing, a factory that raised, a broken file."""


class DrawingError(SourceError):
    """A text is not a snapshot drawing, or one that was damaged; says the line."""
