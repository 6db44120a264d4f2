"""What a check finds in a file, and the rules that find it, as data. Knows neither formats nor Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["DANGER", "DOUBT", "Finding", "Findings", "Place", "Report", "Rule", "Severity", "Unread"]

Severity = Literal["danger", "doubt"]
DANGER: Severity = "danger"
"""Who loads the file may run code of it, or read or write what is outside it."""
DOUBT: Severity = "doubt"
"""Not what Keras writes by itself, or not to be judged from the file alone."""

MAX_PLACES = 100
"""Places of one finding that are kept; all are counted."""
MAX_FINDINGS = 1_000
_MAX_TEXT = 160


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for. Subjects of a table of rules are all of one type, which its module says."""

    id: str
    """Stable: people name it in scripts."""
    severity: Severity
    why: str
    """Why it matters, in words that follow `what`."""
    look: Callable[[Any], Iterable[str]]
    """A subject -> what is wrong with it, a line for each thing; of a hostile file, so it is escaped later."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is."""

    part: str
    """`config.json`, `model.weights.h5`; empty for the file itself."""
    path: str = ""
    """In the part: `config.layers[3].config.function`, or a path of HDF5."""
    layer: str | None = None
    """Name of the layer that it belongs to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, with all the places where it is."""

    rule: str
    severity: Severity
    what: str
    why: str
    places: tuple[Place, ...]
    """The first of them, in the order of the file."""
    times: int
    """How many places there are."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part that could not be looked at."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of one file has to say; dangers first, then in the order of the file."""

    target: str
    format: str
    """Such as `keras 3 archive`; empty if it could not be told."""
    findings: tuple[Finding, ...]
    unread: tuple[Unread, ...]

    @property
    def is_clean(self) -> bool:
        """Whether all was looked at, and nothing was found."""
        return not self.findings and not self.unread


class Findings:
    """Gathers what rules find; the same thing in several places is one finding."""

    __slots__ = ("_found", "unread")

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Rule, list[Place], list[int]]] = {}
        self.unread: dict[Unread, None] = {}

    def apply(self, rules: Iterable[Rule], subject: Any, place: Place | Callable[[], Place]) -> bool:
        """Look at one subject; tell whether anything is found. A place that has to be made is made only then."""
        found = False
        for rule in rules:
            for what in rule.look(subject):
                found = True
                self.add(rule, what, place if isinstance(place, Place) else place())
        return found

    def add(self, rule: Rule, what: str, place: Place) -> None:
        """Note what a rule has found."""
        key = (rule.id, what[:_MAX_TEXT])
        entry = self._found.get(key)
        if entry is None:
            if len(self._found) >= MAX_FINDINGS:
                self.could_not_read("", f"more than {MAX_FINDINGS:,} findings; the rest is not listed")
                return
            entry = self._found[key] = (rule, [], [0])
        entry[2][0] += 1
        if len(entry[1]) < MAX_PLACES:
            entry[1].append(place)

    def could_not_read(self, part: str, reason: str) -> None:
        """Note a part that could not be looked at."""
        self.unread.setdefault(Unread(part, reason))

    def all(self) -> tuple[Finding, ...]:
        """Return what was found so far, dangers first."""
        found = [
            Finding(rule.id, rule.severity, what, rule.why, tuple(places), times)
            for (_, what), (rule, places, (times,)) in self._found.items()
        ]
        return tuple(sorted(found, key=lambda finding: finding.severity != DANGER))
