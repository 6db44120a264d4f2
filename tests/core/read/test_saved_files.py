"""Files that releases of Keras from 2.12 on have written, against what each of them said of its own models."""

from __future__ import annotations

from pathlib import Path

import pytest

import keras_ascii_tools as kat
from tests.core.read.said import archives, differences, files_of, unknown, unpacked

NOT_ALL_KNOWN = {"outside", "subclassed"}


@pytest.mark.parametrize("archive", archives(), ids=lambda path: path.stem)
def test_every_format_says_what_keras_said(archive: Path, tmp_path: Path) -> None:
    said = unpacked(archive, tmp_path)
    for name, model in said["models"].items():
        graphs = {path.name: kat.read(path) for path in files_of(name, tmp_path)}
        assert len(graphs) > 1
        for file, graph in graphs.items():
            assert differences(graph, model) == [], file
            assert unknown(graph) <= (name in NOT_ALL_KNOWN), file
        first = next(iter(graphs.values()))
        for file, graph in graphs.items():
            assert first.conflicts(graph) == (), file
            assert name in NOT_ALL_KNOWN or graph == first, file


@pytest.mark.parametrize("archive", archives(), ids=lambda path: path.stem)
def test_weights_without_an_architecture_are_listed(archive: Path, tmp_path: Path) -> None:
    unpacked(archive, tmp_path)
    for path in tmp_path.glob("*.weights.h5"):
        with pytest.raises(kat.SourceError, match=r"weights only, without the architecture: save .* [\d,]+ layers: "):
            kat.read(path)


def test_an_architecture_is_the_same_in_all_releases(tmp_path: Path) -> None:
    graphs: dict[str, list[kat.ModelGraph]] = {}
    for archive in archives():
        folder = tmp_path / archive.stem
        folder.mkdir()
        for name in unpacked(archive, folder)["models"]:
            graphs.setdefault(name, []).append(kat.read(next(files_of(name, folder))))
    for name, found in graphs.items():
        for graph in found[1:]:
            assert graph.conflicts(found[0]) == (), name
