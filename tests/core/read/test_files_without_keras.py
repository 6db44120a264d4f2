"""Files are read by the standard library alone, from any place that holds one, and never by their names."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.read.formats import Format, foreign, sniff
from keras_ascii_tools.read.hdf5 import SIGNATURE
from keras_ascii_tools.read.sources import read_saved, read_window
from keras_ascii_tools.read.target import open_path, window_of_stream
from keras_ascii_tools.read.window import window_of_bytes
from tests.core.read.configs import call, functional, layer, sequential, source, tensor
from tests.core.read.said import archives, files_of, unpacked

ROOT = Path(__file__).parents[3]
NEVER = ("h5py", "jax", "keras", "numpy", "tensorflow", "tf_keras", "torch")
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
sys.modules.update(dict.fromkeys({NEVER!r}))  # importing one is an ImportError
from keras_ascii_tools.cli import main
for path in sys.argv[1:]:
    assert main(["show", "--no-pager", path]) == 0
print([name for name in {NEVER!r} if sys.modules[name]], file=sys.stderr)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    unpacked(next(path for path in archives() if "3.10" in path.name), tmp_path)
    return tmp_path


def test_nothing_of_keras_is_imported(tmp_path: Path) -> None:
    files: list[Path] = []
    for archive in archives():
        folder = tmp_path / archive.stem
        for name in unpacked(archive, folder)["models"]:
            files += files_of(name, folder)
    assert len(files) > 200
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{PROGRAM}",
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")


@pytest.mark.parametrize("name", ["nested.keras", "nested.h5", "nested.json"])
def test_the_name_of_a_file_does_not_matter(name: str, folder: Path) -> None:
    graph = kat.read(folder / name)
    for other in ("x", "x.keras", "x.h5", "x.json", "x.txt", ".keras", "ein Modell.größe", "-"):
        shutil.copy(folder / name, folder / other)
        assert kat.read(folder / other) == graph


@pytest.mark.parametrize("name", ["nested.keras", "nested.h5", "nested.json"])
@pytest.mark.parametrize("pipe", [True, False])
def test_standard_input(name: str, pipe: bool, folder: Path) -> None:
    def show(target: str, **stdin: object) -> str:
        command = [sys.executable, "-m", "keras_ascii_tools", "show", "--no-pager", target]
        env = {**os.environ, "PYTHONUTF8": "1"}
        return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, **stdin).stdout  # type: ignore[call-overload]

    path = folder / name
    with path.open("rb") as file:
        assert show("-", **({"input": path.read_bytes()} if pipe else {"stdin": file})) == show(str(path))


def test_a_saved_model_says_the_shapes_behind_layers_from_outside(tmp_path: Path) -> None:
    for archive in archives():
        if "2." in archive.stem[:8]:
            unpacked(archive, tmp_path / archive.stem)
    found = [kat.read(path) for path in sorted(tmp_path.glob("*/outside.saved_model"))]
    assert len(found) == 2
    for graph in found:
        (output,) = graph.outputs
        assert output is not None
        assert graph.spec(output).shape == (None, 10, 1)
        assert graph.nodes[output.node].layer.params == 6


def test_a_pipe_without_end() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return bytes(size)

    with pytest.raises(kat.SourceError, match="more than 128 MiB come through the pipe"):
        window_of_stream(Endless())  # type: ignore[arg-type]


def test_the_weights_of_a_large_file_are_not_read(folder: Path) -> None:
    model = layer("Dense", "d", call(tensor([None, 9000], "x")), units=9000)
    root = functional([source("x", [None, 9000]), model], ["x", 0, 0], ["d", 0, 0])
    path = folder / "large"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(root))
        archive.writestr("model.weights.h5", SIGNATURE + bytes(100 << 20))
    with open_path(path) as opened:
        graph = read_window(opened, "large")
        assert graph.params == 9000 * 9001
        assert opened.fetched < opened.size / 100


def test_a_folder_of_sharded_weights(folder: Path) -> None:
    h5py = pytest.importorskip("h5py")
    outside = {**layer("Scale", "scale", module="mine"), "registered_name": "mine>Scale"}
    (folder / "config.json").write_text(json.dumps(sequential([source("x", [None, 4]), outside])))
    index = {"weight_map": {"/layers/scale/vars": ["model_00000.weights.h5"], "/layers/scale/a/vars": ["model_1.h5"]}}
    (folder / "model.weights.json").write_text(json.dumps(index))
    with h5py.File(folder / "model_00000.weights.h5", "w") as file:
        file.create_dataset("layers/scale/vars/0", (3, 4), "f4")
    with h5py.File(folder / "model_1.h5", "w") as file:
        file.create_dataset("layers/scale/a/vars/0", (5,), "f4")
    assert kat.read(folder).params == 17
    index["weight_map"]["/layers/scale/a/vars"] = ["../elsewhere.h5"]
    (folder / "model.weights.json").write_text(json.dumps(index))
    graph = kat.read(folder)
    assert graph.params is None
    assert "names something else than files beside it" in graph.notes[-1]


def test_every_shape_that_json_of_a_model_comes_in(folder: Path) -> None:
    text = (folder / "nested.json").read_text()
    graph = kat.read(folder / "nested.json")
    wrapped = {"modelTopology": {"keras_version": "3.10.0", "model_config": json.loads(text)}, "format": "layers-model"}
    for data in (
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        f"\n \t{text}\n".encode(),
        json.dumps(text).encode(),
        json.dumps(json.loads(text)["config"]).encode(),
        json.dumps(wrapped).encode(),
    ):
        assert read_window(window_of_bytes(data), "x") == graph


def test_facts_of_a_file(folder: Path) -> None:
    for name, found in (("chain.keras", Format.ARCHIVE), ("chain.h5", Format.HDF5), ("chain.json", Format.KERAS_JSON)):
        with open_path(folder / name) as opened:
            facts = read_saved(opened).facts
        assert (facts.format, facts.size) == (found, (folder / name).stat().st_size)
        assert facts.keras_version == (None if name == "chain.json" else "3.10.0")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", Format.EMPTY),
        (b" \n", Format.EMPTY),
        (b"PK\3\4", Format.ARCHIVE),
        (SIGNATURE, Format.HDF5),
        (bytes(512) + SIGNATURE, Format.HDF5),
        (b"user block".ljust(2048) + SIGNATURE, Format.HDF5),
        (bytes(513) + SIGNATURE, Format.UNKNOWN),
        (b'\xef\xbb\xbf {"a":1}', Format.JSON),
        ('{"a": 1}'.encode("utf-16"), Format.JSON),
        ("{}".encode("utf-16-be"), Format.UNKNOWN),
        (b"# keras-ascii 1\n", Format.DRAWING),
        (b"version https://git-lfs.github.com/spec/v1\n", Format.LFS_POINTER),
        (b"\x80\x04\x95", Format.FOREIGN),
        (b"\x08\x01 text", Format.UNKNOWN),
    ],
)
def test_formats_are_told_by_their_first_bytes(data: bytes, found: Format) -> None:
    assert sniff(window_of_bytes(data)) is found
    assert (foreign(window_of_bytes(data)) is not None) is (found is Format.FOREIGN)
