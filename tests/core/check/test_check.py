"""A check finds what each rule is for, in files made for it; and nothing in files that are as Keras writes them."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest

from keras_ascii_tools.check import RULES, Report, check_source, report_lines, reports_to_json
from keras_ascii_tools.commands.targets import expand
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.target import open_path
from tests.cli.test_show import run
from tests.core.check.hostile import CASES, CLEAN, Make, around, keras, raw
from tests.core.read.archives import Entry, archive, crafted
from tests.core.read.configs import layer


def check(make: Make, path: Path) -> Report:
    file = path / "model"
    make(file)
    before = set(sys.modules)
    with open_path(file) as source:
        report = check_source(source, "model", str(file))
    assert not {"os.system", "mine", "numpy"}.intersection(set(sys.modules) - before)
    return report


@pytest.mark.parametrize(("rule", "said", "make"), CASES, ids=[f"{rule}: {said[:30]}" for rule, said, _ in CASES])
def test_a_rule_finds_what_it_is_for(rule: str, said: str, make: Make, tmp_path: Path) -> None:
    report = check(make, tmp_path)
    found = [finding for finding in report.findings if finding.rule == rule]
    assert any(said in finding.what for finding in found), report
    for line in report_lines(report):
        assert line.isprintable()
        assert line.startswith("model: ")
    assert {finding.severity == RULES[finding.rule].severity for finding in report.findings} == {True}


def test_each_rule_has_a_file_that_it_finds_something_in() -> None:
    assert {rule for rule, _, _ in CASES} == set(RULES)


@pytest.mark.parametrize("make", CLEAN.values(), ids=CLEAN)
def test_what_keras_writes_is_clean(make: Make, tmp_path: Path) -> None:
    report = check(make, tmp_path)
    assert report.is_clean, report
    assert list(report_lines(report)) == ["model: nothing dangerous or doubtful"]


def test_the_same_in_many_places_is_one_finding(tmp_path: Path) -> None:
    report = check(keras(around(*(layer("Scale", f"s{n}", module="mine") for n in range(300)))), tmp_path)
    (finding,) = report.findings
    assert finding.times == 300
    assert len(finding.places) == 100
    (line,) = report_lines(report)
    assert "at config.json config.layers[1] (layer s0) and 299 more: Scale of the module mine" in line


def test_dangers_come_first(tmp_path: Path) -> None:
    report = check(keras(around(layer("Scale", "s", module="mine"), layer("JaxLayer", "j"))), tmp_path)
    assert [finding.severity for finding in report.findings] == ["danger", "doubt"]


@pytest.mark.parametrize(
    ("content", "part", "reason"),
    [
        (archive({"metadata.json": b"{}", "config.json": b"{"}), "config.json", "not JSON"),
        (archive({"metadata.json": b"{}", "config.json": b"[" * 100_000}), "config.json", "nested too deeply"),
        (archive({"metadata.json": b"{}", "config.json": b"\xff\xfe\xff"}), "config.json", "not text"),
        (archive({"config.json": b"{}", "model.weights.h5": b"no"}), "model.weights.h5", ""),
        (archive({"config.json": b"{}", "model.weights.h5": b"no" * 99}, method=8), "model.weights.h5", "compressed"),
        (crafted([Entry(b"config.json", b"{}", crc=1)]), "config.json", "damaged"),
        (crafted([Entry(b"config.json", b"{}", flags=1, local_flags=1)]), "config.json", "encrypted"),
        (archive({"a.txt": b"{}"}), "", "without config.json"),
    ],
)
def test_a_part_that_cannot_be_read_is_said(content: bytes, part: str, reason: str, tmp_path: Path) -> None:
    report = check(raw(content), tmp_path)
    assert any(one.part == part and reason in one.reason for one in report.unread), report
    assert not report.is_clean


@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4", b"\x89HDF\r\n\x1a\n", b"version https://git-lfs.github.com/spec/v1\n", b"hello"]
)
def test_what_is_no_model_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        check(raw(content), tmp_path)


def test_very_many_findings_and_values_are_bounded(tmp_path: Path) -> None:
    many = check(keras(around(*(layer(f"K{n}", f"s{n}", module="mine") for n in range(2_000)))), tmp_path)
    assert len(many.findings) == 1_000
    assert "more than 1,000 findings" in many.unread[0].reason


def test_the_command_says_lines_and_exits_with_what_it_found(tmp_path: Path) -> None:
    keras(around())(tmp_path / "good.keras")
    keras(around(layer("Scale", "s", module="mine")))(tmp_path / "doubt.keras")
    keras(around(layer("JaxLayer", "j\x1b[31m")))(tmp_path / "danger.keras")
    (tmp_path / "cut.keras").write_bytes(b"PK\3\4")
    good = run("check", "good.keras", cwd=tmp_path)
    assert (good.returncode, good.stdout, good.stderr) == (0, "good.keras: nothing dangerous or doubtful\n", "")
    doubt = run("check", "good.keras", "doubt.keras", cwd=tmp_path)
    assert (doubt.returncode, doubt.stdout.count("\n")) == (1, 2)
    assert "doubt.keras: doubt imports-module at config.json config.layers[1] (layer s): Scale of" in doubt.stdout
    assert run("check", "doubt.keras", "--fail-on", "danger", cwd=tmp_path).returncode == 0
    danger = run("check", "danger.keras", "--fail-on", "danger", cwd=tmp_path)
    assert danger.returncode == 1
    assert "\x1b" not in danger.stdout
    both = run("check", ".", cwd=tmp_path)
    assert both.returncode == 2
    assert both.stdout.count(": danger ") == 1
    assert both.stderr.startswith("keras-ascii: ./cut.keras: ")
    assert both.stderr.count("\n") == 1
    piped = run("check", "-", stdin=(tmp_path / "doubt.keras").read_bytes())
    assert piped.returncode == 1
    assert piped.stdout.startswith("standard input: doubt imports-module")
    assert run("check", "json:loads").stderr == (
        "keras-ascii: json:loads: code, which would have to be run; a check reads files\n"
    )


def test_a_part_that_is_not_read_makes_the_exit_status_2(tmp_path: Path) -> None:
    (tmp_path / "m.keras").write_bytes(archive({"config.json": b"{}", "model.weights.h5": b"no", "x.py": b""}))
    done = run("check", "m.keras", cwd=tmp_path)
    assert done.returncode == 2
    assert "m.keras: doubt unexpected-file at x.py" in done.stdout
    assert done.stderr.startswith("keras-ascii: m.keras: model.weights.h5: ")


def test_the_report_as_json(tmp_path: Path) -> None:
    keras(around(layer("Scale", "s", module="mine")))(tmp_path / "m.keras")
    done = run("check", "m.keras", "none.keras", "--format", "json", cwd=tmp_path)
    assert done.returncode == 2
    document = json.loads(done.stdout)
    assert list(document) == ["schema", "version", "files", "failed"]
    assert (document["schema"], document["version"]) == ("keras-ascii/check", "1.0")
    (file,) = document["files"]
    assert (file["target"], file["format"], file["unread"]) == ("m.keras", "Keras archive", [])
    (finding,) = file["findings"]
    assert finding["id"] == "imports-module"
    assert finding["places"] == [{"part": "config.json", "path": "config.layers[1]", "layer": "s"}]
    assert document["failed"][0]["target"] == "none.keras"
    assert reports_to_json([], []).isascii()


def test_many_members_that_are_just_small_enough_are_not_all_read(tmp_path: Path) -> None:
    large = b'{"a": "' + b"x" * 20_000_000 + b'"}'
    members = {f"assets/{number}.json": large for number in range(8)}
    report = check(raw(archive({"config.json": b"{}", **members}, method=8)), tmp_path)
    assert len(report.unread) == 5
    assert all("no more than" in part.reason for part in report.unread)


def test_a_long_list_of_texts_is_looked_at_up_to_a_limit(tmp_path: Path) -> None:
    many = check(raw(json.dumps(around(layer("Dense", "d", words=["/a b"] * 500_000))).encode()), tmp_path)
    assert "more than 400,000 values" in many.unread[0].reason
    numbers = check(raw(json.dumps(around(layer("Dense", "d", values=[70_000] * 1_000_000))).encode()), tmp_path)
    assert numbers.is_clean


ERAS = Path(__file__).parents[2] / "files"


@pytest.mark.parametrize("era", sorted(ERAS.glob("keras-*.zip")), ids=lambda era: era.stem)
def test_files_of_all_releases_have_in_them_what_is_not_keras_and_no_more(era: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(era) as files:
        files.extractall(tmp_path)
    targets, _ = expand([str(tmp_path)], weights=True)
    assert len(targets) > 30
    for target in targets:
        with open_path(target) as source:
            report = check_source(source, target, target)
        assert not report.unread, report
        name = Path(target).name.partition(".")[0]
        expected = {
            "attention": {"lambda-code"},
            "outside": {"custom-object"},
            "subclassed": {"custom-object", "imports-module"},
        }.get(name, set())
        assert {finding.rule for finding in report.findings} <= expected, report
        if name in ("outside", "subclassed") and "weights" not in target:
            assert report.findings, target
