"""What it costs to have a plugin installed that no test uses: a run of pytest with one, and with none."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Budget, Section, table
from benchmarks.timing import ROOT, child_seconds

__all__ = ["BARE", "OURS", "PLUGINS", "Record", "measure", "run"]

PYTHON = ROOT / ".venv" / "plugins" / "bin" / "python"
"""Of the environment of `make test-plugins`, which has the other plugins."""
BARE, OURS = "pytest by itself", "+ keras-ascii-tools"
PLUGINS: dict[str, tuple[str, ...]] = {
    BARE: (),
    OURS: ("pytest_keras_ascii.plugin",),
    "+ syrupy": ("syrupy",),
    "+ pytest-regressions": ("pytest_datadir.plugin", "pytest_regressions.plugin"),
    "+ inline-snapshot": ("inline_snapshot.pytest_plugin",),
    "+ pytest-insta": ("pytest_insta.plugin",),
    "+ pytest-snapshot": ("pytest_snapshot.plugin",),
}
_MOST = 0.02
_TEXT = """
CPU milliseconds of `pytest --collect-only` on one trivial test, from start to end, with one plugin and with none; and
what the plugin adds to that.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One plugin."""

    plugin: str
    seconds: float
    added: float
    """Beyond pytest by itself."""


def measure(
    plugins: Sequence[str] = tuple(PLUGINS), *, rounds: int = 25, python: str | Path | None = None
) -> list[Record]:
    """Run pytest so many times with each plugin, in turn, and take the best of each."""
    interpreter = python or (PYTHON if PYTHON.exists() else sys.executable)
    best = dict.fromkeys((BARE, *plugins), float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_trivial.py")
        test.write_text("def test_trivial():\n    pass\n", encoding="utf-8")
        Path(folder, "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        start = ["env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", str(interpreter), "-m", "pytest"]
        start += ["-q", "--collect-only", "--rootdir", folder, str(test)]
        for _ in range(rounds):
            for plugin in best:
                chosen = [word for name in PLUGINS[plugin] for word in ("-p", name)]
                best[plugin] = min(best[plugin], child_seconds([*start, *chosen]))
    return [Record(plugin, best[plugin], best[plugin] - best[BARE]) for plugin in plugins]


def run() -> Section:
    """Measure everything."""
    records = measure()
    (ours,) = [record for record in records if record.plugin == OURS]
    rows = [(r.plugin, r.seconds * 1000, None if r.plugin == BARE else r.added * 1000) for r in records]
    budget = Budget(
        what="start of pytest with the plugin installed",
        promised=f"≤ {_MOST * 1000:.0f} ms",
        measured=f"{ours.added * 1000:.1f} ms",
        met=ours.added <= _MOST,
    )
    return Section("Start of pytest", _TEXT, table(("", "CPU ms", "added"), rows), (budget,))
