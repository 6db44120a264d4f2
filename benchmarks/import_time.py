"""How long it takes to get started, in fresh processes: the import, and the whole command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.results import Budget, Section, table
from benchmarks.timing import child_seconds

__all__ = ["PROGRAMS", "Record", "measure", "run"]

BARE, KERAS = "`import zipfile, json`", "`import keras`"
OURS, COMMAND, SHOW = "`import keras_ascii_tools`", "the command's modules", "`keras-ascii show examples/unet.json`"
PROGRAMS: dict[str, tuple[str, ...]] = {
    "Python by itself": ("-c", "pass"),
    BARE: ("-c", "import zipfile, json"),
    OURS: ("-c", "import keras_ascii_tools"),
    COMMAND: ("-c", "import keras_ascii_tools.cli"),
    SHOW: ("-m", "keras_ascii_tools", "show", "examples/unet.json", "--no-pager"),
    KERAS: ("-c", "import keras"),
}
_MOST = 3.0
_TEXT = """
CPU milliseconds of a fresh process from its start to its end, and that time over the time of
`python -c "import zipfile, json"`, which is the least that reading a model from a file can take.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One program."""

    program: str
    milliseconds: float
    over_bare: float
    """Times the least."""


def measure(programs: Sequence[str] = tuple(PROGRAMS), *, rounds: int = 15) -> list[Record]:
    """Run each program so many times, one after the other; Keras, which takes seconds, only twice."""
    best = dict.fromkeys((BARE, *programs), float("inf"))
    for done in range(rounds):
        for program in best:
            if program != KERAS or done < 2:
                best[program] = min(best[program], child_seconds((sys.executable, *PROGRAMS[program])))
    return [Record(program, best[program] * 1000, best[program] / best[BARE]) for program in programs]


def run() -> Section:
    """Measure everything."""
    return _section(measure())


def _section(records: Sequence[Record]) -> Section:
    rows = [(r.program, r.milliseconds, f"{r.over_bare:.2f}×") for r in records]
    budgets = tuple(
        Budget(
            what=f"{r.program} against {BARE}",
            promised=f"≤ {_MOST:.0f}×",
            measured=f"{r.over_bare:.2f}×",
            met=r.over_bare <= _MOST,
        )
        for r in records
        if r.program in {OURS, SHOW}
    )
    return Section("Import and command", _TEXT, table(("process", "CPU ms", "ratio"), rows), budgets)
