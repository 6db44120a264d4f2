"""The command `diff`, run as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.diff import Check
from tests.cli.test_show import ROOT, run
from tests.core.write.diff_pairs import PAIRS
from tests.git.repository import Repository, mlp

ACCEPT = """\
[[accept]]
check = "output-shape-changed"
layer = "flow*"
reason = "five classes now"

[[accept]]
check = "output-renamed"
reason = "they are flowers"
expires = 2999-12-31
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, pair in PAIRS.items():
        for side, graph in zip(("before", "after"), pair(), strict=True):
            (tmp_path / f"{name}.{side}.json").write_text(kat.draw(graph).to("json"))
            (tmp_path / f"{name}.{side}.txt").write_text(kat.draw(graph, profile="snapshot").to("text"))
    return tmp_path


def diff(folder: Path, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    return run("diff", f"{name}.before.json", f"{name}.after.json", *options, cwd=folder)


@pytest.mark.parametrize(
    ("name", "options", "status"),
    [
        ("same", [], 0),
        ("insertion", [], 1),
        ("insertion", ["--fail-on", "graph"], 1),
        ("insertion", ["--fail-on", "weights"], 1),  # old weights fail
        ("insertion", ["--fail-on", "signature"], 0),
        ("insertion", ["--fail-on", "never"], 0),
        ("replaced", ["--fail-on", "graph"], 1),
        ("replaced", ["--fail-on", "weights"], 0),
        ("towers", ["--fail-on", "weights"], 1),
        ("towers", ["--fail-on", "signature"], 0),
        ("head", ["--fail-on", "signature"], 1),
        ("frozen", ["--fail-on", "names"], 1),
        ("frozen", ["--fail-on", "training"], 1),
        ("frozen", ["--fail-on", "graph"], 0),
        ("frozen", ["--level", "arch"], 0),
    ],
)
def test_the_exit_status_says_whether_it_matters(folder: Path, name: str, options: list[str], status: int) -> None:
    done = diff(folder, name, *options)
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.startswith(("SAME", "CHANGED", "BREAKING"))


@pytest.mark.parametrize(
    "targets",
    [
        ["missing.json", "same.after.json"],
        ["same.before.json", "missing.json"],
        ["same.before.json", "no.such.module:build"],
        ["same.before.json", "factory.py:quits"],
        ["same.before.json", "factory.py:raises"],
        ["same.before.json", "broken.keras"],
        ["same.before.json", "git:HEAD:model.keras"],
        ["-", "-"],
        ["same.before.json"],
        [],
        ["same.before.json", "same.after.json", "--fail-on", "everything"],
        ["same.before.json", "same.after.json", "--context", "-1"],
        ["same.before.json", "same.after.json", "--context", "many"],
        ["same.before.json", "same.after.json", "--show", "everything"],
        ["same.before.json", "same.after.json", "--accept", "missing.toml"],
        ["same.before.json", "same.after.json", "-o", "no/such/folder/file"],
    ],
)
def test_trouble_is_2_and_never_looks_like_no_change(folder: Path, targets: list[str]) -> None:
    (folder / "broken.keras").write_bytes(b"PK\x03\x04")
    (folder / "factory.py").write_text(
        "import sys\ndef quits():\n    sys.exit(0)\ndef raises():\n    raise ValueError('no')\n"
    )
    done = run("diff", *targets, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_does_not_make_it_the_same(folder: Path) -> None:
    """As in `keras-ascii diff a b | head -1`, with more than a pipe holds."""
    command = [sys.executable, "-P", "-m", "keras_ascii_tools", "diff", "blocks.before.json", "other_model.after.json"]
    command += ["--format", "html"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 1


def test_every_kind_of_target(folder: Path) -> None:
    repository = Repository(folder)
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(16, 12))
    repository.write("snapshot.txt", repository.tool("show", "model.keras", "--profile", "snapshot").stdout)
    for before in ("git:HEAD:model.keras", "git::model.keras"):
        done = repository.tool("diff", before, "model.keras")
        assert done.returncode == 1
        assert "units 10 → 12" in done.stdout
    assert repository.tool("diff", "snapshot.txt", "model.keras").returncode == 0
    again = run("diff", "-", "head.after.txt", cwd=folder, stdin=(folder / "head.before.txt").read_bytes())
    assert again.returncode == 1


def test_snapshots_say_the_same_as_the_models(folder: Path) -> None:
    for name in ("insertion", "towers", "nested"):
        done = run("diff", f"{name}.before.txt", f"{name}.after.txt", cwd=folder)
        assert done.stdout.splitlines()[2:6] == diff(folder, name).stdout.splitlines()[2:6]


def test_formats_are_written(folder: Path) -> None:
    assert "```diff\n" in diff(folder, "head", "--format", "markdown").stdout
    assert json.loads(diff(folder, "head", "--format", "json").stdout)["verdict"] == "BREAKING"
    assert diff(folder, "head", "--format", "html").stdout.startswith("<figure")
    annotations = diff(folder, "head", "--format", "github").stdout
    assert annotations.startswith("::warning title=Architecture of mlp,file=head.after.json::BREAKING")
    assert diff(folder, "same", "--format", "github").stdout == ""
    assert "\x1b[" in diff(folder, "head", "--color", "always").stdout


def test_output_goes_to_a_file(folder: Path) -> None:
    done = diff(folder, "head", "-o", "out.txt")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert (folder / "out.txt").read_text().startswith("BREAKING")


def test_a_terminal_without_unicode_gets_ascii(folder: Path) -> None:
    done = run(
        "diff",
        "towers.before.json",
        "towers.after.json",
        cwd=folder,
        PYTHONUTF8="0",
        PYTHONIOENCODING="ascii",
        LC_ALL="C",
    )
    assert done.returncode == 1
    assert done.stdout.isascii()
    assert "->" in done.stdout


def test_loading_follows_the_file_or_the_option(folder: Path) -> None:
    def loading(*options: str) -> str:
        return str(json.loads(diff(folder, "head", "--format", "json", *options).stdout)["weights"]["loading"])

    assert loading() == "keras"
    assert loading("--loading", "h5-by-name") == "h5-by-name"


def test_intended_breaks_are_accepted_with_a_reason(folder: Path) -> None:
    (folder / "accept.toml").write_text(ACCEPT)
    done = diff(folder, "head", "--accept", "accept.toml", "--fail-on", "signature")
    assert (done.returncode, done.stderr) == (0, "")
    assert "accepted: output-shape-changed of flowers: five classes now" in done.stdout
    assert done.stdout.startswith("BREAKING")  # it still is
    assert diff(folder, "head", "--accept", "accept.toml").returncode == 1  # the rest is not accepted
    findings = json.loads(diff(folder, "head", "--accept", "accept.toml", "--format", "json").stdout)["findings"]
    assert {finding["check"]: finding["accepted"] for finding in findings}["output-renamed"] == "they are flowers"
    assert "accepted: output-renamed" in diff(folder, "head", "--accept", "accept.toml", "--format", "markdown").stdout


def test_what_was_accepted_until_a_day_counts_again(folder: Path) -> None:
    (folder / "accept.toml").write_text(ACCEPT.replace("2999-12-31", "2001-02-03"))
    done = diff(folder, "head", "--accept", "accept.toml", "--fail-on", "signature")
    assert done.returncode == 1
    assert "accept.toml: output-renamed was accepted until 2001-02-03: they are flowers" in done.stderr


def test_what_accepts_nothing_is_said(folder: Path) -> None:
    (folder / "accept.toml").write_text(ACCEPT)
    done = diff(folder, "insertion", "--accept", "accept.toml", "--fail-on", "signature")
    assert done.returncode == 0
    assert "accept.toml: nothing to accept: output-shape-changed of flow*" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accept = 3", "expected tables [[accept]]"),
        ("[[accept]]\nreason = 'x'", "entry 1: no check"),
        ("[[accept]]\ncheck = 'output-shape-changed'", "entry 1: no reason"),
        ("[[accept]]\ncheck = 'output-shape-changed'\nreason = ' '", "entry 1: no reason"),
        ("[[accept]]\ncheck = 'output-shape-change'\nreason = 'x'", "did you mean 'output-shape-changed'?"),
        ("[[accept]]\ncheck = 'layer-added'\nreason = 'x'\nlayers = 'a'", "entry 1: no key 'layers'"),
        ("[[accept]]\ncheck = 'layer-added'\nreason = 'x'\nexpires = '2027-01-01'", "expires: expected a day"),
        ("[[accept]]\ncheck = 'layer-added'\nreason = 'x'\nexpires = 2027-01-01T00:00:00", "expires: expected a day"),
        ("[[accept]]\ncheck = 'layer-added'\nreason = 7", "reason: expected a text"),
        ("[[accept", "not TOML"),
        ("[other]\nx = 1", "expected tables [[accept]]"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_a_slip_in_an_accept_file_is_trouble(folder: Path, text: str, said: str) -> None:
    (folder / "accept.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = diff(folder, "same", "--accept", "accept.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("keras-ascii: accept.toml: ")


def test_the_page_names_every_check() -> None:
    page = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
    for check in Check:
        row = next(line for line in page.splitlines() if line.startswith(f"| {check.severity.word} |"))
        assert f"`{check.value}`" in row


def test_the_page_of_the_json_names_every_key(folder: Path) -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    document = json.loads(diff(folder, "head", "--format", "json").stdout)
    for key in (
        *document,
        *document["weights"],
        *document["findings"][0],
        *document["changes"][0],
        *document["before"],
    ):
        assert f"`{key}`" in page, key
