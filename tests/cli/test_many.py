"""Folders, patterns and summaries, on files that need no Keras."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from keras_ascii_tools import draw, read
from keras_ascii_tools.commands.targets import expand
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.options import SUMMARY_SORTS
from keras_ascii_tools.write.to_table import row_of, sort_rows, table_to_markdown
from tests.cli.test_show import ROOT, run
from tests.core.read.archives import archive
from tests.core.read.configs import layer, sequential, source

UNET = ROOT / "examples" / "unet.json"


def model(units: int, name: str = "net", version: str = "3.15.1") -> bytes:
    dense = layer("Dense", "head", units=units, build_config={"input_shape": [None, 4]})
    config = sequential([source("image", [None, 4]), dense], name)
    texts = {"metadata.json": {"keras_version": version, "date_saved": ""}, "config.json": config}
    return archive({part: json.dumps(text).encode() for part, text in texts.items()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Models of several kinds, files that are none, and two that are broken."""
    (tmp_path / "a.keras").write_bytes(model(3))
    (tmp_path / "README.md").write_text("# about these models\n")
    (tmp_path / "data.json").write_text('{"a": 1}')
    (tmp_path / "notes.zip").write_bytes(archive({"a.txt": b"a"}))
    (tmp_path / "no.bin").write_bytes(bytes(range(256)))
    shutil.copy(UNET, tmp_path / "unet.json")
    inner = tmp_path / "runs" / "1"
    inner.mkdir(parents=True)
    (inner / "best").write_bytes(model(30, "large", "3.2.0"))
    (inner / "cut.keras").write_bytes(model(5)[:300])
    (inner / "snapshot.txt").write_text(str(draw(read(UNET), profile="snapshot")))
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.keras").write_bytes(model(3))
    unzipped = tmp_path / "unzipped"
    (unzipped / "assets").mkdir(parents=True)
    (unzipped / "config.json").write_text(json.dumps(sequential([source("image", [None, 7])], "unzipped")))
    (unzipped / "metadata.json").write_text('{"keras_version": "3.10.0"}')
    (unzipped / "assets" / "c.keras").write_bytes(model(3))
    (tmp_path / "empty.h5").write_bytes(b"")
    (tmp_path / "a.weights.h5").write_bytes(b"")
    return tmp_path


FOUND = ["a.keras", "empty.h5", "runs/1/best", "runs/1/cut.keras", "runs/1/snapshot.txt", "unet.json", "unzipped"]


def test_of_a_folder_all_files_that_look_like_models_are_taken(folder: Path) -> None:
    targets, failed = expand([str(folder)])
    assert [str(Path(target).relative_to(folder)) for target in targets] == FOUND
    assert failed == []


def test_weights_alone_are_taken_if_they_are_wanted(folder: Path) -> None:
    extra = set(expand([str(folder)], weights=True)[0]) - set(expand([str(folder)])[0])
    assert extra == {f"{folder}/a.weights.h5"}
    assert expand([f"{folder}/a.weights.h5"])[0] == [f"{folder}/a.weights.h5"]


def test_a_folder_that_is_a_model_is_one(folder: Path) -> None:
    assert expand([str(folder / "unzipped")])[0] == [str(folder / "unzipped")]
    (folder / "unzipped" / "saved_model.pb").touch()
    assert expand([str(folder / "unzipped")])[0] == [str(folder / "unzipped")]


def test_a_folder_that_leads_to_itself_has_an_end(folder: Path) -> None:
    (folder / "runs" / "up").symlink_to(folder)
    assert len(expand([str(folder)])[0]) == len(FOUND)


def test_patterns_are_expanded_and_nothing_is_taken_twice(folder: Path) -> None:
    pattern = f"{folder}/**/*.keras"
    names = [str(folder / "a.keras"), str(folder / "runs/1/cut.keras"), str(folder / "unzipped/assets/c.keras")]
    assert expand([pattern, names[0]])[0] == names
    (folder / "odd[1].keras").write_bytes(model(3))
    assert expand([f"{folder}/odd[1].keras"])[0] == [f"{folder}/odd[1].keras"]


def test_what_stands_for_nothing_is_an_error(folder: Path) -> None:
    with pytest.raises(SourceError, match="no file matches this pattern"):
        expand([f"{folder}/*.onnx"])
    (folder / "none").mkdir()
    with pytest.raises(SourceError, match="a folder without saved models in it"):
        expand([f"{folder}/none"])
    targets, failed = expand([f"{folder}/none", "-", "pkg:attr", "https://example.org/*.keras"])
    assert targets == ["-", "pkg:attr", "https://example.org/*.keras"]
    assert [target for target, _ in failed] == [f"{folder}/none"]


def test_each_of_several_drawings_has_a_heading(folder: Path) -> None:
    done = run("show", ".", cwd=folder)
    headings = [line for line in done.stdout.splitlines() if line.startswith("==>")]
    assert headings == [f"==> ./{name} <==" for name in FOUND if name not in {"empty.h5", "runs/1/cut.keras"}]
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert "./empty.h5: empty" in done.stderr
    assert "./runs/1/cut.keras: " in done.stderr
    one = run("show", "a.keras", cwd=folder)
    assert "==>" not in one.stdout
    assert one.stdout in done.stdout


def test_the_summary_of_a_folder(folder: Path) -> None:
    done = run("show", ".", "--summary", cwd=folder)
    assert done.returncode == 2
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["keras-ascii:"] * 2
    assert re.sub(r" +[\d.]+ (KiB|B)", lambda size: "?".rjust(len(size[0])), done.stdout) == TABLE


TABLE = """\
file                   model                  layers    weights       size  Keras   inputs and outputs
./a.keras              net (Sequential)            1         15          ?  3.15.1  image 4 → head 3
./runs/1/best          large (Sequential)          1        150          ?  3.2.0   image 4 → head 30
./runs/1/snapshot.txt  unet (Functional)          53  1,929,825          ?          image 128 128 3 → mask 128 128 1
./unet.json            unet (Functional)          53  1,929,825          ?          image 128 128 3 → mask 128 128 1
./unzipped             unzipped (Sequential)       1          0          ?  3.10.0

5 models, 3,859,815 weights,         ?
"""


@pytest.mark.parametrize("by", SUMMARY_SORTS)
def test_a_summary_is_sorted(folder: Path, by: str) -> None:
    done = run("show", ".", "--summary", "--sort", by, "--format", "json", cwd=folder)
    rows = json.loads(done.stdout)["models"]
    key = {
        "file": [row["target"] for row in rows],
        "name": [row["name"] or "" for row in rows],
        "kind": [row["kind"] for row in rows],
        "weights": [-row["params"] for row in rows],
        "layers": [-row["layers"] for row in rows],
        "size": [-row["size"] for row in rows],
        "keras": [[int(part) for part in (row["keras_version"] or "0").split(".")] for row in rows],
    }[by]
    assert key == sorted(key)
    assert len(rows) == 5


def test_a_summary_does_not_count_layers_of_which_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text('{"module": "mine", "class_name": "Net", "config": {}}')
    line = run("show", "net.json", "--summary", cwd=tmp_path).stdout.splitlines()[1]
    assert line.split()[:4] == ["net.json", "(Net)", "unknown", "unknown"]
    done = run("show", "net.json", "--summary", "--format", "json", "--sort", "layers", cwd=tmp_path)
    assert json.loads(done.stdout)["models"][0]["layers"] is None


def test_a_summary_as_json(folder: Path) -> None:
    done = run("show", "a.keras", "runs/1/cut.keras", "no*such", "--summary", "--format", "json", cwd=folder)
    assert done.returncode == 2
    document = json.loads(done.stdout)
    assert (document["schema"], document["version"]) == ("keras-ascii/summary", "1.0")
    assert document["models"] == [
        {
            "target": "a.keras",
            "format": "Keras archive",
            "keras_version": "3.15.1",
            "size": len(model(3)),
            "kind": "Sequential",
            "name": "net",
            "named": True,
            "how": "declared",
            "layers": 1,
            "params": 15,
            "trainable_params": 15,
            "inputs": [{"name": "image", "shape": [None, 4], "dtype": "float32"}],
            "outputs": [{"name": "head", "shape": [None, 3], "dtype": "float32"}],
        }
    ]
    assert sorted(failure["target"] for failure in document["failed"]) == ["no*such", "runs/1/cut.keras"]


def test_a_summary_of_standard_input() -> None:
    done = run("show", "-", "--summary", "--format", "json", stdin=model(3))
    (row,) = json.loads(done.stdout)["models"]
    assert (row["target"], row["size"], row["params"]) == ("standard input", len(model(3)), 15)
    assert "standard input: empty" in run("show", "-", "--summary", stdin=b"").stderr


def test_many_files_are_read_by_several_processes_with_the_same_result(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.keras").write_bytes(model(number + 1) if number % 7 else b"PK\3\4")
    all_at_once = run("show", ".", cwd=tmp_path)
    one_by_one = [run("show", f"./{number:02}.keras", cwd=tmp_path) for number in (1, 14, 59)]
    assert all_at_once.returncode == 2
    assert all_at_once.stdout.count("==>") == 51
    assert len(all_at_once.stderr.splitlines()) == 9
    for one in one_by_one:
        assert one.stdout in all_at_once.stdout
        assert one.stderr in all_at_once.stderr


def test_names_from_outside_cannot_break_a_table() -> None:
    graph = read(UNET)
    row = row_of(graph, "a|b`c\x1b[31m.keras", "ascii")
    table = table_to_markdown([row], "ascii")
    assert table.isascii()
    assert table.isprintable() or "\x1b" not in table
    assert r"``a\|b`c\x1b[31m.keras``" in table


def test_orders_of_the_options_are_those_of_the_table() -> None:
    row = row_of(read(UNET), "x", "unicode")
    for by in SUMMARY_SORTS:
        assert sort_rows([row], by) == [row]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--summary", "--sort", "macs"], "--sort macs: a summary can be sorted by file, name, kind, weights"),
        (["--summary", "--format", "svg"], "--format svg: a summary can be written as text, markdown, json"),
        (["--sort", "size"], "--sort size: only a --summary is sorted so"),
    ],
)
def test_a_mistake_gets_one_line(arguments: list[str], said: str) -> None:
    done = run("show", str(UNET), *arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
