"""Edits as people make them: what the diff says of them, and how many lines other comparisons have for a reviewer."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras_ascii_tools as kat
from benchmarks.diff_scenarios import OFFSET, SCENARIOS, Scenario, automatic, counters
from benchmarks.results import Budget, Section, table
from keras_ascii_tools.diff import ModelDiff, diff

__all__ = ["Row", "run"]

_TEXT = f"""
*True* is what a person would say was done: changes of the architecture, and groups of layers trained in another way
(`+ 1 group`), names apart. *Ours* is what `diff` counts when the second model was built first in its process and when
it was built after {OFFSET} layers of each class. *Old weights* is its verdict. *summary* and *to_json* are lines that
`git diff --patience` of `model.summary()` (at full width) and of `to_json()`, one value per line, has for a reviewer,
in the second case; *editor* is the number of errors of `keras.saving.KerasFileEditor.compare`.
"""

Row = tuple[object, ...]


def run() -> Section:
    """Measure all scenarios."""
    rows: list[Row] = []
    right = 0
    for scenario in SCENARIOS:
        fresh = diff(*(kat.read(model) for model in _models(scenario, 0)))
        before, after = _models(scenario, OFFSET)
        found = diff(kat.read(before), kat.read(after))
        true = _said(scenario.true, scenario.groups)
        both = [_said(one.counts.total, len(one.groups)) for one in (fresh, found)]
        right += both == [true, true]
        ours = both[0] if both[0] == both[1] else " / ".join(both)
        summary = _lines(*(_summary(model) for model in (before, after)))
        as_json = _lines(*(json.dumps(json.loads(model.to_json()), indent=1) for model in (before, after)))
        rows.append((scenario.name, _verdict(found), true, ours, summary, as_json, _editor(before, after)))
        del before, after
        _forget()
    heads = ("edit", "old weights", "true", "ours", "summary", "to_json", "editor")
    told = f"{right} of {len(SCENARIOS)}"
    budgets = (Budget("edits counted as a person would", "all", told, right == len(SCENARIOS)),)
    return Section("What a reviewer has to read", _TEXT, table(heads, rows, texts=2), budgets)


def _models(scenario: Scenario, start: int) -> tuple[Any, Any]:
    found: list[Any] = []
    for build, at in ((scenario.before, 0), (scenario.after, start)):
        with counters(at):
            model = build()
            found.append(automatic(model) if scenario.automatic else model)
    return found[0], found[1]


def _said(changes: int, groups: int) -> str:
    return f"{changes} + {groups} group" if groups else str(changes)


def _verdict(found: ModelDiff) -> str:
    return "?" if found.weights is None else str(found.weights.status)


def _summary(model: Any) -> str:
    lines: list[str] = []
    model.summary(print_fn=lines.append, line_length=200, expand_nested=True, show_trainable=True)
    return "\n".join(lines)


def _lines(before: str, after: str) -> int:
    """Lines that are removed and added."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("before", "after")]
        for path, text in zip(paths, (before, after), strict=True):
            path.write_text(text + "\n", encoding="utf-8")
        command: Sequence[str] = ("git", "diff", "--no-index", "--patience", "--numstat", *map(str, paths))
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return int(said[0]) + int(said[1]) if said else 0


def _editor(before: Any, after: Any) -> object:
    import keras

    try:
        with TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            path = Path(folder) / "before.weights.h5"
            before.save_weights(path)
            result = keras.saving.KerasFileEditor(str(path)).compare(after)
    except Exception:  # variables without a value; what it raises on those is not documented
        return None
    count = result["error_count"]
    return count if count < 10**6 else f"{count:.1e}"


def _forget() -> None:
    import gc

    import keras

    keras.backend.clear_session()
    gc.collect()
