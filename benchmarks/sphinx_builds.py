"""What drawings cost a documentation build: first, unchanged and after an edit, beside other ways to do it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic

from benchmarks.results import Budget, Section, table
from benchmarks.sphinx_projects import WAYS, make_project
from benchmarks.timing import ROOT

__all__ = ["Record", "measure", "run"]

PHASES = ("first", "unchanged", "after an edit")
PAGES = 25
_TEXT = f"""
HTML of {PAGES} pages, each of which shows another model of five modules (one of them is edited): wall and CPU seconds
of `sphinx-build`, and how many processes imported Keras. Keras is the real one, with TensorFlow.

- *text*: the same drawings, copied into `code-block`s: a build without the extension.
- *ours*: `keras-ascii`.
- *importing directive*: what is written first when such a directive is needed: it imports the module and draws while
  the page is read. It does not notice the edit, so the module's pages are touched for it.
- *graphviz*: the same, for `keras.utils.model_to_dot`, the data of `plot_model`, as a `sphinx.ext.graphviz` node.

The unchanged builds are the median of {{rounds}}, the others are made once.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One build."""

    way: str
    jobs: int
    phase: str
    wall: float
    cpu: float
    imports: int
    """Processes that imported Keras."""


def measure(
    ways: Sequence[str] = tuple(WAYS), jobs: Sequence[int] = (1, 2), *, pages: int = PAGES, rounds: int = 9
) -> Iterator[Record]:
    """Build a project in each way, and yield what each build took."""
    for count in jobs:
        with tempfile.TemporaryDirectory() as name:
            projects = {way: make_project(Path(name, way), way, pages) for way in ways}
            for way, project in projects.items():
                yield _build(project, way, count, PHASES[0])
            # In turn, so that a slow spell of the machine meets all.
            unchanged = [_build(projects[way], way, count, PHASES[1]) for _ in range(rounds) for way in ways]
            for way in ways:
                yield _median([record for record in unchanged if record.way == way])
            for way, project in projects.items():
                _edit(project, way)
                yield _build(project, way, count, PHASES[2])


def _median(records: Sequence[Record]) -> Record:
    first = records[0]
    wall, cpu = (median(values) for values in zip(*((each.wall, each.cpu) for each in records), strict=True))
    return Record(first.way, first.jobs, first.phase, wall, cpu, max(each.imports for each in records))


def _edit(project: Path, way: str) -> None:
    module = project / "nets0.py"
    module.write_text(module.read_text(encoding="utf-8").replace("WIDTH = 8", "WIDTH = 9"), encoding="utf-8")
    if way != "ours":
        for page in project.glob("docs/net*_0.rst"):
            page.write_text(f"{page.read_text(encoding='utf-8')}\n.. touched\n", encoding="utf-8")


def _build(project: Path, way: str, jobs: int, phase: str) -> Record:
    import resource

    log = project / "imports.txt"
    log.write_text("", encoding="utf-8")
    # The way that Sphinx itself is run, without anything of this process.
    command = [sys.executable, "-m", "sphinx", "-q", "-j", str(jobs), "docs", "out"]
    path = os.pathsep.join((str(project), str(ROOT), str(ROOT / "sphinx_ext")))
    environment = {**os.environ, "PYTHONPATH": path, "IMPORTS": str(log)}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), monotonic()
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    wall, after = monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Record(way, jobs, phase, wall, cpu, len(set(log.read_text(encoding="utf-8").split())))


def run() -> Section:
    """Measure, and compare with what was promised."""
    rounds = 9
    ways = [way for way in WAYS if way != "graphviz" or shutil.which("dot")]
    records = list(measure(ways, rounds=rounds))
    rows = [
        (each.way, f"-j{each.jobs}", each.phase, f"{each.wall:.2f}", f"{each.cpu:.2f}", each.imports)
        for each in sorted(records, key=lambda each: (each.jobs, PHASES.index(each.phase)))
    ]
    return Section(
        "Documentation builds",
        _TEXT.format(rounds=rounds) + ("" if shutil.which("dot") else "\nGraphviz is not installed here.\n"),
        table(("way", "jobs", "build", "wall s", "CPU s", "imports of Keras"), rows, texts=3),
        tuple(_budgets(records)),
    )


def _budgets(records: Sequence[Record]) -> Iterator[Budget]:
    ours = [each for each in records if each.way == "ours"]
    most = max(each.imports for each in ours)
    again = max(each.imports for each in ours if each.phase == "unchanged")
    yield Budget(
        "Documentation, processes that import Keras",
        "1; 0 if nothing changed",
        f"{most}; {again}",
        most == 1 and not again,
    )
    for jobs in sorted({each.jobs for each in records}):
        walls = {each.way: each.cpu for each in records if each.phase == "unchanged" and each.jobs == jobs}
        ratio = walls["ours"] / walls["text"]
        yield Budget(
            f"Documentation, unchanged build at -j{jobs}, CPU over a build without the extension",
            "≤ 1.05×",
            f"{ratio:.2f}×",
            ratio <= 1.05,
        )
