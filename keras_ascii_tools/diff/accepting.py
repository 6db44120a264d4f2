"""Findings that somebody has accepted, and those that remain. Knows no files, and no day but the one it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from keras_ascii_tools.diff.checks import Check, Severity
from keras_ascii_tools.diff.types import Change, Finding, ModelDiff

__all__ = ["Acceptance", "Accepted", "accept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One sort of finding that is intended."""

    check: Check
    reason: str
    layer: str | None = None
    """Name or kind of the layers, with wildcards, below the layers that hold them: `encoder/conv*`; `None`: any."""
    expires: date | None = None
    """The last day on which it counts."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of the findings of one diff."""

    remaining: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Accepted], ...]
    expired: tuple[Accepted, ...]
    """Entries whose day is over, and which would have accepted something that remains."""
    unused: tuple[Accepted, ...]
    """Entries that accept nothing that was found."""

    @property
    def severity(self) -> Severity | None:
        """The highest severity of what remains."""
        return max((finding.severity for finding in self.remaining), default=None)


def accept(diff: ModelDiff, entries: Iterable[Accepted], today: date) -> Acceptance:
    """Tell the findings that are accepted from those that remain."""
    entries = tuple(entries)
    changes = {change.id: change for change in (*diff.changes, *diff.signature)}
    remaining: list[Finding] = []
    accepted: list[tuple[Finding, Accepted]] = []
    expired: list[Accepted] = []
    used: set[Accepted] = set()
    for finding in diff.findings:
        fitting = [entry for entry in entries if _fits(entry, finding, changes.get(finding.id))]
        used.update(fitting)
        valid = next((entry for entry in fitting if entry.expires is None or entry.expires >= today), None)
        if valid is not None:
            accepted.append((finding, valid))
        else:
            remaining.append(finding)
            expired += [entry for entry in fitting if entry not in expired]
    unused = tuple(entry for entry in entries if entry not in used)
    return Acceptance(tuple(remaining), tuple(accepted), tuple(expired), unused)


def _fits(entry: Accepted, finding: Finding, change: Change | None) -> bool:
    if entry.check is not finding.check:
        return False
    if entry.layer is None:
        return True
    return change is not None and fnmatchcase("/".join((*change.path, change.label)), entry.layer)
