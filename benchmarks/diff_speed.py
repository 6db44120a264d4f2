"""How long a diff takes: real networks, edited ones, long chains, and the whole command from two files."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.diff_edits import edited, without_names
from benchmarks.networks import network
from benchmarks.results import Budget, Section, table
from benchmarks.timing import best_times, child_seconds
from keras_ascii_tools.diff import diff
from keras_ascii_tools.graph import Layer, ModelGraph, Node, TensorRef, TensorSpec, canonical

__all__ = ["chain", "pairs", "run"]

_LENGTH = 10_000
_BUDGET = 0.3
_TEXT = f"""
CPU milliseconds of `diff(before, after)`, weights verdict included, without reading. No layer has a given name unless
it says so; *edits* are random ones (`benchmarks/diff_edits.py`). Chains have {_LENGTH:,} nodes, of which three are
removed and four inserted at places far apart: of equal layers, where that is one more, and of blocks of five. *Whole
process*: a Python that reads two `.keras` files and compares them, from its start to its end.
"""


def chain(
    kinds: tuple[str, ...], length: int, without: tuple[int, ...] = (), twice: tuple[int, ...] = ()
) -> ModelGraph:
    """Return a chain of layers of these kinds in turn, without some of them and with some of them twice."""
    spec = (TensorSpec((None, 16), "float32"),)
    nodes = [Node(layer=Layer(id=0, kind="InputLayer", module="keras.layers"), outputs=spec)]
    for number in range(length - 1):
        for _ in range(0 if number in without else 2 if number in twice else 1):
            at = len(nodes)
            layer = Layer(id=at, kind=kinds[number % len(kinds)], module="keras.layers", dtype_policy="float32")
            nodes.append(Node(layer=layer, inputs=(TensorRef(at - 1),), outputs=spec))
    layers = tuple(node.layer for node in nodes)
    return ModelGraph(nodes=tuple(nodes), inputs=(TensorRef(0),), outputs=(TensorRef(len(nodes) - 1),), layers=layers)


def pairs() -> dict[str, tuple[ModelGraph, ModelGraph]]:
    """Return what is measured."""
    blocks = ("Conv2D", "BatchNormalization", "ReLU", "Dense", "Dropout")
    places = (_LENGTH // 7, _LENGTH // 3, _LENGTH // 2), (_LENGTH // 5, _LENGTH // 4, _LENGTH // 2 + 9, _LENGTH - 99)
    found = {
        "VGG16 ↔ VGG19": (_plain("VGG16"), _plain("VGG19")),
        "ResNet50 ↔ ResNet101": (_plain("ResNet50"), _plain("ResNet101")),
        "ResNet50 ↔ ResNet101, with names": (network("ResNet50"), network("ResNet101")),
        "ResNet101 ↔ DenseNet121": (_plain("ResNet101"), _plain("DenseNet121")),
    }
    for name, edits in (("ResNet50", 10), ("NASNetMobile", 1), ("NASNetMobile", 10)):
        before = canonical(_plain(name))
        found[f"{name}, {edits} edit{'s' if edits > 1 else ''}"] = before, edited(before, edits, 1).graph
    found["chains, all equal"] = chain(("Dense",), _LENGTH), chain(("Dense",), _LENGTH, *places)
    found["chains, blocks of five"] = chain(blocks, _LENGTH), chain(blocks, _LENGTH, *places)
    return found


def _plain(name: str) -> ModelGraph:
    return without_names(network(name))


def run() -> Section:
    """Measure everything."""
    rows: list[tuple[object, ...]] = []
    for name, (before, after) in pairs().items():
        seconds = best_times({name: partial(diff, before, after)}, seconds=3, most=7)[name]
        rows.append((name, len(before.nodes), len(after.nodes), diff(before, after).counts.total, seconds * 1000))
    whole = _whole_process()
    rows += [(f"whole process, {name}", None, None, None, seconds * 1000) for name, seconds in whole.items()]
    slowest = max(whole.values())
    budgets = (
        Budget("diff of two 200-layer models, whole process", f"≤ {_BUDGET} s", f"{slowest:.2f} s", slowest <= _BUDGET),
    )
    heads = ("pair", "nodes before", "nodes after", "changes", "ms")
    return Section("Time of a diff", _TEXT, table(heads, rows), budgets)


def _whole_process() -> dict[str, float]:
    """ResNet50 with one edit, and ResNet50 and ResNet101, from files that Keras saved."""
    import keras

    from benchmarks.diff_scenarios import automatic
    from benchmarks.keras_models import without_weights

    with TemporaryDirectory() as folder:
        paths: dict[str, Path] = {}
        for name in ("ResNet50", "ResNet50V2", "ResNet101"):
            with without_weights():
                model = automatic(getattr(keras.applications, name)(weights=None))
            paths[name] = Path(folder) / f"{name}.keras"
            model.save(paths[name])
            keras.backend.clear_session()
        code = (
            "import sys; from keras_ascii_tools import read; from keras_ascii_tools.diff import diff; "
            "diff(*map(read, sys.argv[1:]))"
        )
        found: dict[str, float] = {}
        for one, other in (("ResNet50", "ResNet50"), ("ResNet50", "ResNet50V2"), ("ResNet50", "ResNet101")):
            command = [sys.executable, "-c", code, str(paths[one]), str(paths[other])]
            found[f"{one} ↔ {other}"] = min(child_seconds(command) for _ in range(5))
        return found
