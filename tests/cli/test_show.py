"""The command, run as a person runs it, on files that need no Keras."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNET = str(ROOT / "examples" / "unet.json")
SIAMESE = str(ROOT / "examples" / "siamese.json")


def run(
    *arguments: str, stdin: bytes | None = None, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "COLUMNS", "PYTHONIOENCODING"}}
    done = subprocess.run(
        [sys.executable, "-m", "keras_ascii_tools", *arguments],
        input=stdin or b"",
        capture_output=True,
        cwd=cwd,
        env={**clean, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        timeout=120,
        check=False,
    )
    decoded = [stream.decode("utf-8", "backslashreplace") for stream in (done.stdout, done.stderr)]
    return subprocess.CompletedProcess(done.args, done.returncode, *decoded)


def drawn(*arguments: str, **environment: str) -> str:
    done = run("show", *arguments, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(*arguments: str, stdin: bytes | None = None, cwd: Path = ROOT) -> str:
    """Run a command that must fail: exit status 2, one line, no traceback, nothing on standard output."""
    done = run("show", *arguments, stdin=stdin, cwd=cwd)
    assert done.returncode == 2, done.stdout
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_file_is_drawn() -> None:
    lines = drawn(UNET).splitlines()
    assert lines[0] == "unet (Functional)  image 128 128 3 → mask 128 128 1"
    assert lines[-1].startswith("1,929,825 weights (7.36 MiB), 1,927,009 trainable")


def test_every_format_is_written() -> None:
    assert drawn(UNET, "--format", "markdown").count("```") == 2
    assert drawn(UNET, "--format", "html").startswith("<")
    assert "<svg" in drawn(UNET, "--format", "svg")
    assert json.loads(drawn(UNET, "--format", "json"))["schema"] == "keras-ascii/graph"


def test_what_it_writes_it_reads_again(tmp_path: Path) -> None:
    snapshot = tmp_path / "unet.txt"
    assert drawn(UNET, "--profile", "snapshot", "-o", str(snapshot)) == ""
    assert drawn(str(snapshot), "--profile", "snapshot") == snapshot.read_text()
    again = run("show", "-", "--profile", "snapshot", stdin=snapshot.read_bytes())
    assert again.stdout == snapshot.read_text()
    copy = tmp_path / "copy.json"
    drawn(SIAMESE, "--format", "json", "-o", str(copy))
    assert drawn(str(copy)) == drawn(SIAMESE)


def test_several_targets_and_one_that_fails() -> None:
    done = run("show", UNET, "missing.json", SIAMESE)
    assert done.returncode == 2
    assert "unet (Functional)" in done.stdout
    assert "siamese (Functional)" in done.stdout
    assert done.stderr.startswith("keras-ascii: missing.json: No such file")


@pytest.mark.parametrize(
    ("options", "shown", "hidden"),
    [
        (["--charset", "ascii"], "+-*      Y max  MaxPooling2D", "├"),
        (["--fuse"], "Conv2D+BN+relu", "BatchNormalization"),
        (["--columns", "kind,shape"], "MaxPooling2D", "pool1"),
        (["--columns", "name,inputs"], "mida_relu", "Conv2D"),
        (["--columns", "kind,macs"], "MACs per sample", "pool1"),
        (["--columns", "kind,trainable"], "yes", "same"),
        (["--layers", "enc1*"], "enc1a_conv", "enc2a_conv"),
        (["--layers", "pool1..pool2"], "enc2a_conv", "enc3a_conv"),
        (["--sort", "weights"], "midb_conv", "├"),
        (["--no-footer"], "mask", "trainable"),
        (["--no-header"], "mask", "(Functional)"),
        (["--style", "classic"], "#####", "3×3"),
        (["--glyphs", "Add=<add>", "--glyphs", "MaxPooling2D=<max>"], "<max>  MaxPooling2D", "Y max"),
        (["--max-lanes", "2"], "@enc2b_relu", "│ │ "),
    ],
)
def test_an_option_does_what_it_says(options: list[str], shown: str, hidden: str) -> None:
    if "--max-lanes" in options:
        shown = "<enc1b_relu 1>" if shown not in drawn(UNET, *options) else shown
    text = drawn(UNET, *options)
    assert shown in text
    assert hidden not in text


def test_rows_that_are_sorted_stand_largest_first() -> None:
    rows = drawn(UNET, "--sort", "weights", "--columns", "weights", "--no-header", "--no-footer").split()
    numbers = [int(row.replace(",", "")) for row in rows]
    assert numbers == sorted(numbers, reverse=True)


def test_nested_models_are_drawn_below_or_in_place_or_not() -> None:
    assert "encoder (Sequential), called 2 times" in drawn(SIAMESE)
    assert "encoder/conv1" in drawn(SIAMESE, "--depth", "1")
    assert "conv1" not in drawn(SIAMESE, "--no-bodies")


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_a_drawing_fits_its_width_and_counts_what_it_cut(width: int) -> None:
    text = drawn(UNET, "--width", str(width))
    table = text.split("\n\n")[1].splitlines()
    assert max(map(len, table)) <= width
    assert len(table) == 53
    if width < 90:
        assert "cut or left out to fit" in text


def test_colour_is_for_terminals_and_can_be_asked_for() -> None:
    assert "\x1b[" not in drawn(UNET)
    assert "\x1b[" in drawn(UNET, "--color", "always")
    assert "\x1b[" not in drawn(UNET, "--color", "never")


def test_an_output_that_cannot_show_lanes_gets_ascii() -> None:
    done = run("show", UNET, PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "+-*" in done.stdout


def test_the_legend_explains_every_sign() -> None:
    done = run("glyphs")
    assert done.returncode == 0
    assert "Conv2D" in done.stdout
    assert "a lane that passes" in done.stdout
    assert run("glyphs", "--charset", "ascii").stdout.isascii()


def test_help_has_examples_and_says_the_exit_status() -> None:
    for arguments in (["--help"], ["show", "--help"], ["glyphs", "--help"]):
        done = run(*arguments)
        assert done.returncode == 0
        assert done.stderr == ""
    assert "examples:" in run("show", "--help").stdout
    assert "exit status" in run("show", "--help").stdout


def test_no_command_prints_the_help() -> None:
    assert run().stdout.startswith("usage: keras-ascii")


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = f"{sys.executable} -m keras_ascii_tools show {UNET} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.json"], "missing.json: No such file or directory; a target is a file, pkg.module:attribute"),
        (["docs"], "docs: a folder without saved models in it"),
        (["no*such"], "no*such: no file matches this pattern"),
        (
            ["README.md"],
            "README.md: not a file that is read here; expected a saved Keras model (.keras, .h5, SavedModel, JSON)",
        ),
        (["train.py"], "train.py: No such file or directory; for a model in Python code give train.py:NAME"),
        (["train.py:model"], "train.py: no such file"),
        (["no_such_module:x"], "no module 'no_such_module' here or in this environment"),
        (["json:no_such_thing"], "json:no_such_thing: module json has no 'no_such_thing'"),
        (["json:JSONDecoder.decod"], "did you mean 'decode'?"),
        (["json:dumps"], "missing a required argument: 'obj'"),
        (["json:loads", "--call", "('[1]',)"], "expected a Keras model, a path or a graph, got builtins.list"),
        (["json:loads", "--call", "('{',)"], "json:loads raised JSONDecodeError: "),
        (["json:loads", "--call", "(open('x'))"], "--call: expected literal arguments such as (32, depth=3)"),
        (["sys:exit"], "sys:exit raised SystemExit"),
        ([UNET, "--width", "wide"], "--width: expected a whole number, got 'wide'"),
        ([UNET, "--width", "3"], "width: expected a whole number of at least 20, got 3"),
        ([UNET, "--columns", "kind,shap"], "columns: expected one of glyph, kind, name"),
        ([UNET, "--columns", "kind,kind"], "expected each column once"),
        ([UNET, "--layers", "nothing*"], "layers: 'nothing*' matches none of the model's 53 layers"),
        ([UNET, "--glyphs", "Add=long"], "glyphs: Add: expected five characters, got 'long'"),
        ([UNET, "--glyphs", "Add"], "--glyphs: expected KIND=GLYPH"),
        ([UNET, "--style", "classic", "--profile", "snapshot"], "style: the snapshot profile has one style"),
        ([UNET, "-o", "/no/such/folder/x.txt"], "cannot write /no/such/folder/x.txt: No such file or directory"),
        ([UNET, "-o", "."], "cannot write .: Is a directory"),
    ],
)
def test_a_mistake_gets_one_line(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "standard input: empty; expected a saved Keras model"),
        (b"PK\x03\x04rest", "the zip archive has no end: it was cut off"),
        (b"\x89HDF\r\n\x1a\n\0\0\0", "damaged or cut off"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of git-lfs"),
        (b"\xff\xfe\x00", "not a file that is read here"),
        (b"{", "JSON"),
        (b'{"schema": "other"}', "schema"),
        (b"# keras-ascii 99\n", "newer than 1"),
        (b"# keras-ascii 1\n", "expected 'name (class)'"),
        (b"# keras-ascii 1\n# model: (X)\n\n*\n", "expected the kind of a layer"),
        (b"# keras-ascii 1\n# model: (X)\n# weights: 918\n", "line 1: cut off: 918 weights, and no rows"),
        (b"# keras-ascii 1\n# model: (X)\n<<<<<<< HEAD\n", "a merge-conflict marker"),
        (b"# keras-ascii 1\n# model: (X)\n\no\tDense\n", "a tab"),
    ],
)
def test_bad_content_gets_one_line(content: bytes, said: str) -> None:
    assert said in refused("-", stdin=content)


def test_a_slip_in_the_code_of_a_target_is_said_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "slip.py").write_text("x = 1\ndef build(:\n", encoding="utf-8")
    for target in ("slip:build", "slip.py:build"):
        said = refused(target, cwd=tmp_path)
        assert "raised SyntaxError: invalid syntax (" in said
        assert said.endswith("slip.py:2)\n")


def test_a_broken_file_that_is_to_be_written_is_not_half_written(tmp_path: Path) -> None:
    old = tmp_path / "old.txt"
    old.write_text("old")
    done = run("show", "missing.json", "-o", str(old))
    assert done.returncode == 2
    assert old.read_text() == "old"
    assert os.listdir(tmp_path) == ["old.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("show", UNET), ("diff", UNET, SIAMESE)])
def test_an_output_that_is_full_is_trouble_and_no_fault(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "keras_ascii_tools", *arguments]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False, timeout=120)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == ["keras-ascii: the system refuses: No space left on device"]


def test_a_traceback_is_there_for_those_who_ask() -> None:
    done = run("show", "missing.json", "--debug")
    assert "Traceback" in done.stderr


def test_a_factory_that_fails_says_so_in_one_line_that_moves_no_cursor(tmp_path: Path) -> None:
    (tmp_path / "factories.py").write_text(
        "def loud():\n    raise ValueError('red \\x1b[31m\\n \\u202e text')\n\nasync def later():\n    return 1\n",
        encoding="utf-8",
    )
    done = run("show", "factories:loud", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert r"raised ValueError: red \x1b[31m \u202e text" in done.stderr
    done = run("show", "factories:later", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        "keras-ascii: factories:later: expected a function that returns a model, got one that is to be awaited\n"
    )
