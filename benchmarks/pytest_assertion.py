"""How long one snapshot assertion takes on a model that has not changed, beside `summary()` in a snapshot of syrupy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Section, table
from benchmarks.timing import ROOT

__all__ = ["MODELS", "Record", "measure", "run"]

PLUGINS = ROOT / ".venv" / "plugins"
"""The environment of `make test-plugins`, which has syrupy, and no Keras."""
MODELS = {
    "Dense, 3 layers": "keras.Sequential([keras.Input((8,)), keras.layers.Dense(8), keras.layers.Dense(2)])",
    "ResNet50": "keras.applications.ResNet50(weights=None)",
}
_TEXT = """
CPU milliseconds of `assert model == keras_ascii_snapshot` on a model that matches, which reads the model, reads the
stored drawing and compares the graphs; and of `assert text == snapshot` with syrupy, where the text is what
`model.summary(print_fn=...)` prints. The best of several in one process, each with a snapshot of its own.
"""
_TEST = """
import json, pytest
from time import process_time
import keras

ROUNDS = {rounds}

@pytest.fixture(scope="module")
def model():
    return {model}

@pytest.fixture(scope="module")
def times():
    found = {{}}
    yield found
    with open("times.json", "w") as stream:
        json.dump(found, stream)

def summary_of(model):
    lines = []
    model.summary(print_fn=lines.append)
    return "\\n".join(lines)

@pytest.mark.parametrize("number", range(ROUNDS))
def test_ours(model, times, number, keras_ascii_snapshot):
    start = process_time()
    assert model == keras_ascii_snapshot
    times.setdefault("ours", []).append(process_time() - start)

@pytest.mark.parametrize("number", range(ROUNDS))
def test_syrupy(model, times, number, snapshot):
    start = process_time()
    assert summary_of(model) == snapshot
    times.setdefault("syrupy", []).append(process_time() - start)
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One model: milliseconds of one assertion."""

    model: str
    ours: float
    syrupy: float


def measure(models: Sequence[str] = tuple(MODELS), *, rounds: int = 10) -> list[Record]:
    """Record snapshots of both kinds, then compare with them."""
    records: list[Record] = []
    for model in models:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
            Path(folder, "test_model.py").write_text(_TEST.format(rounds=rounds, model=MODELS[model]), encoding="utf-8")
            _pytest(folder, "--keras-ascii-update", "--snapshot-update")
            _pytest(folder)
            times = json.loads(Path(folder, "times.json").read_text(encoding="utf-8"))
            records.append(Record(model, min(times["ours"]) * 1000, min(times["syrupy"]) * 1000))
    return records


def run() -> Section:
    """Measure everything."""
    rows = [(r.model, r.ours, r.syrupy, f"{r.syrupy / r.ours:.1f}×") for r in measure()]
    return Section("Snapshot assertions", _TEXT, table(("model", "ours", "summary() + syrupy", "ratio"), rows))


def _pytest(folder: str, *arguments: str) -> None:
    """Run pytest of this environment with syrupy from the other one."""
    (packages,) = PLUGINS.glob("lib/python*/site-packages") if PLUGINS.exists() else (Path(folder),)
    program = f"import sys; sys.path.append({str(packages)!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "-q", "-p", "syrupy", "-p", "pytest_keras_ascii.plugin", *arguments]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "CI": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
