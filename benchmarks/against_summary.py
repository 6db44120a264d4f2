"""Drawing a model against what Keras prints of it: `model.summary()`, on the same built model."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras_ascii_tools as kat
from benchmarks.keras_models import MODELS
from benchmarks.results import Budget, Section, table
from benchmarks.timing import best_times

__all__ = ["Record", "measure", "run"]

SIZES = (10, 200, 1_000, 10_000)
_LEAST = 5.0
_AT = 1_000
_TEXT = """
Milliseconds for a built model: `str(draw(model))`, which reads and draws, in both profiles, and reading by itself,
against `model.summary(print_fn=...)`. *Faster* is the time of `summary()` over ours. Keras cannot build chains deeper
than about 990, so the larger models are chains side by side.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """Milliseconds for one model."""

    model: str
    nodes: int
    read: float
    display: float
    snapshot: float
    summary: float

    @property
    def faster(self) -> float:
        """How many times faster than `summary()` a drawing for eyes is made."""
        return self.summary / self.display

    @property
    def snapshot_faster(self) -> float:
        """How many times faster than `summary()` a snapshot is made."""
        return self.summary / self.snapshot


def measure(sizes: Sequence[int] = SIZES, *, seconds: float = 20) -> list[Record]:
    """Measure each kind of model in each size."""
    records = []
    for kind, build in MODELS.items():
        for nodes in sizes:
            model = build(nodes)
            records.append(_record(kind, model, seconds))
            del model
            _forget()
    return records


def run() -> Section:
    """Measure everything."""
    return _section(measure())


def _record(kind: str, model: Any, seconds: float) -> Record:
    actions = {
        "read": lambda: kat.read(model),
        "display": lambda: str(kat.draw(model)),
        "snapshot": lambda: str(kat.draw(model, profile="snapshot")),
        "summary": lambda: model.summary(print_fn=_nowhere),
    }
    best = best_times(actions, seconds=seconds)
    return Record(
        model=kind,
        nodes=len(kat.read(model).nodes),
        read=best["read"] * 1000,
        display=best["display"] * 1000,
        snapshot=best["snapshot"] * 1000,
        summary=best["summary"] * 1000,
    )


def _section(records: Sequence[Record]) -> Section:
    heads = ("model", "nodes", "`summary()`", "read", "display", "faster", "snapshot", "faster")
    rows = [
        (r.model, r.nodes, r.summary, r.read, r.display, f"{r.faster:.1f}×", r.snapshot, f"{r.snapshot_faster:.1f}×")
        for r in records
    ]
    budgets = tuple(
        Budget(
            what=f"{r.model}, {r.nodes:,} nodes: drawing against `summary()`",
            promised=f"≥ {_LEAST:.0f}× faster",
            measured=f"{r.faster:.1f}×, snapshot {r.snapshot_faster:.1f}×",
            met=min(r.faster, r.snapshot_faster) >= _LEAST,
        )
        for r in records
        if r.nodes == _AT
    )
    return Section("Drawing against `model.summary()`", _TEXT, table(heads, rows), budgets)


def _nowhere(*_text: object, **_more: object) -> None:
    """Take the summary and print nothing."""


def _forget() -> None:
    import keras

    keras.backend.clear_session()
    gc.collect()
