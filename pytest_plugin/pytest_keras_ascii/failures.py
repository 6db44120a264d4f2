"""What a comparison with a snapshot raises: the text is the message, complete, whatever pytest's verbosity is."""

from __future__ import annotations

__all__ = ["ArchitectureChanged", "SnapshotFailure", "SnapshotMissing", "SnapshotUnusable"]


class SnapshotFailure(AssertionError):  # noqa: N818 - a failed expectation, as AssertionError
    """Base of the failures. The first line says what happened; it also stands in pytest's short summary."""

    @property
    def verdict(self) -> str:
        """The first line."""
        return str(self).partition("\n")[0]


class ArchitectureChanged(SnapshotFailure):
    """The model is not the one of the snapshot."""


class SnapshotMissing(SnapshotFailure):
    """There is no snapshot yet."""


class SnapshotUnusable(SnapshotFailure):
    """The snapshot or the model cannot be compared: damaged, not built, not writable, or claimed by another test."""


for _failure in (SnapshotFailure, ArchitectureChanged, SnapshotMissing, SnapshotUnusable):
    _failure.__module__ = "pytest_keras_ascii"  # where users import them from, and what tracebacks say
