"""What a Keras said of its own models (`scripts/make_saved_files.py`) against what is read from their files."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keras_ascii_tools.graph import How, ModelGraph

FILES = Path(__file__).parents[2] / "files"
FORMATS = (".keras", ".v3.keras", ".h5", ".json", ".saved_model")
OPERATIONS = {"TFOpLambda", "SlicingOpLambda"}
"""Layers of Keras 2 that are operations for us."""


def archives() -> list[Path]:
    """All archives of files there are: those in the repository, and those of another folder if one is given."""
    more = os.environ.get("KERAS_ASCII_SAVED_FILES")
    return sorted(FILES.glob("keras-*.zip")) + (sorted(Path(more).glob("*.zip")) if more else [])


def unpacked(archive: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive, and return what Keras said of the models in it."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    said: dict[str, Any] = json.loads((folder / "said.json").read_text())
    return said


def files_of(name: str, folder: Path) -> Iterator[Path]:
    """All files of a model that have its architecture."""
    return (path for ending in FORMATS if (path := folder / f"{name}{ending}").exists())


def differences(graph: ModelGraph, said: dict[str, Any]) -> list[str]:
    """Return what differs between a graph and what Keras said; what the graph does not know differs from nothing."""
    if graph.how is not How.DECLARED:
        return [] if graph.params in {None, said["params"]} else [f"weights: {graph.params} {said['params']}"]
    found = [f"name: {graph.name}"] if graph.name != said["name"] else []
    for what, have, want in (
        ("weights", graph.params, said["params"]),
        ("trained", graph.trainable_params, said["trained"]),
    ):
        if have not in {None, want}:
            found.append(f"{what}: {have} {want}")
    layers = [layer for layer in said["layers"] if layer["kind"] not in OPERATIONS]
    if [layer.name for layer in graph.layers] != [layer["name"] for layer in layers]:
        return [*found, f"layers: {[layer.name for layer in graph.layers]}"]
    shapes: dict[str | None, list[Any]] = {}
    for node in graph.nodes:
        shapes.setdefault(node.layer.name, []).append([spec.shape and list(spec.shape) for spec in node.outputs])
    for have, want in zip(graph.layers, layers, strict=True):
        kind = {"Model": "Functional"}.get(want["kind"], want["kind"])
        if have.kind != kind or have.params not in {None, want["params"]}:
            found.append(f"{have.name}: {have.kind} {have.params}, not {kind} {want['params']}")
        if have.trainable_params not in {None, want["trained"]}:
            found.append(f"{have.name}: {have.trainable_params} trained of {want['trained']}")
        known = [shape for shape in shapes.get(have.name, []) if None not in shape]
        if known and want["shapes"] is not None and want["shapes"] not in known:
            found.append(f"{have.name}: {shapes.get(have.name)}, not {want['shapes']}")
    return found


def unknown(graph: ModelGraph) -> bool:
    """Tell whether anything in a graph is not known."""
    facts = [graph.params, graph.trainable_params, *(spec.shape for node in graph.nodes for spec in node.outputs)]
    return graph.how is not How.DECLARED or any(fact is None for fact in facts)
