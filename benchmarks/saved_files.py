"""How long reading and drawing a saved model takes, what it needs, and what Keras needs for the same file."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.results import Budget, Section, table
from benchmarks.timing import child_usage

__all__ = ["Record", "measure", "run"]

BARE = ("-c", "import zipfile, json")
LOAD = "import sys, keras; keras.saving.load_model(sys.argv[1], compile=False).summary(print_fn=lambda *_, **__: None)"
COUNT = """
import sys
from keras_ascii_tools.read.sources import read_window
from keras_ascii_tools.read.target import open_path
with open_path(sys.argv[1]) as source:
    read_window(source, sys.argv[1])
    print(source.fetched)
"""
_BUDGETED = {"ResNet50", "VGG16"}
_MOST_RATIO, _LEAST_GAIN, _MOST_MEMORY, _MOST_READ = 3.0, 50.0, 30.0, 1.0
_TEXT = f"""
`keras-ascii show FILE` as a whole process, from its start to its end: CPU milliseconds, that time over the time of
`python -c "import zipfile, json"`, how many times faster it is than `keras.saving.load_model(...)` and `summary()`,
memory at its peak, and how much of the file is read. Weights are zeros; their values are never looked at.

Budgets are those for {" and ".join(sorted(_BUDGETED))}.
"""


def _cnn() -> Any:
    import keras
    from keras import layers

    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Conv2D(32, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)]
    )


def _application(name: str) -> Callable[[], Any]:
    def build() -> Any:
        import keras

        return getattr(keras.applications, name)(weights=None)

    return build


MODELS: dict[str, Callable[[], Any]] = {
    "small CNN": _cnn,
    **{name: _application(name) for name in ("ResNet50", "NASNetMobile", "VGG16")},
}


@dataclass(frozen=True, slots=True)
class Record:
    """One file."""

    file: str
    mebibytes: float
    milliseconds: float
    over_bare: float
    """Times the least that reading a file can take."""
    gain: float
    """Times faster than Keras; 0 if that was not measured."""
    memory: float
    """MiB at the peak."""
    read: float
    """Percent of the bytes of the file."""


def measure(names: Sequence[str] = tuple(MODELS), *, rounds: int = 10, with_keras: bool = True) -> list[Record]:
    """Save each model, and run the command on it so many times."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            _measured(name, kind, path, rounds, with_keras)
            for name in names
            for kind, path in _files(name, Path(folder)).items()
        ]


def _files(name: str, folder: Path) -> dict[str, Path]:
    """Save a model with zeros for weights, in both formats."""
    model = MODELS[name]()
    model.set_weights([array * 0 for array in model.get_weights()])
    files = {"`.keras`": folder / "model.keras", "`.h5`": folder / "model.h5"}
    for path in files.values():
        path.unlink(missing_ok=True)
        model.save(path)
    return files


def _measured(name: str, kind: str, path: Path, rounds: int, with_keras: bool) -> Record:
    show = [sys.executable, "-m", "keras_ascii_tools", "show", "--no-pager", str(path)]
    best, bare, memory = float("inf"), float("inf"), 0.0
    for _ in range(rounds):
        bare = min(bare, child_usage([sys.executable, *BARE]).seconds)
        used = child_usage(show)
        best, memory = min(best, used.seconds), max(memory, used.mebibytes)
    gain = child_usage([sys.executable, "-c", LOAD, str(path)]).seconds / best if with_keras else 0.0
    read = int(child_usage([sys.executable, "-c", COUNT, str(path)]).output)
    size = path.stat().st_size
    return Record(f"{name}, {kind}", size / 2**20, best * 1000, best / bare, gain, memory, 100 * read / size)


def run() -> Section:
    """Measure everything."""
    return _section(measure())


def _section(records: Sequence[Record]) -> Section:
    heads = ("file", "MiB", "CPU ms", "ratio", "Keras takes", "peak MiB", "read")
    rows = [
        (r.file, r.mebibytes, r.milliseconds, f"{r.over_bare:.2f}×", f"{r.gain:.0f}×", r.memory, f"{r.read:.2g} %")
        for r in records
    ]
    budgets: list[Budget] = []
    for r in records:
        if r.file.partition(",")[0] not in _BUDGETED:
            continue
        budgets += [
            Budget(f"{r.file}: process", f"≤ {_MOST_RATIO:.0f}×", f"{r.over_bare:.2f}×", r.over_bare <= _MOST_RATIO),
            Budget(f"{r.file}: against Keras", f"≥ {_LEAST_GAIN:.0f}×", f"{r.gain:.0f}×", r.gain >= _LEAST_GAIN),
            Budget(f"{r.file}: memory", f"≤ {_MOST_MEMORY:.0f} MiB", f"{r.memory:.1f} MiB", r.memory <= _MOST_MEMORY),
            Budget(f"{r.file}: bytes read", f"< {_MOST_READ:.0f} %", f"{r.read:.2g} %", r.read < _MOST_READ),
        ]
    return Section("Saved files", _TEXT, table(heads, rows), tuple(budgets))
