"""Reports: JSON, Markdown, HTML, JUnit, and what GitHub Actions is told."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.pytest_plugin.projects import FOLDER, Project

pytest_plugins = ["pytester"]

ODD = "</pre><script>alert(1)</script> ``` @everyone ::error::x ##[add-mask]x %0A"


@pytest.fixture
def mixed(project: Project) -> Project:
    """Snapshots of every status, with a name in them that means something everywhere."""
    project.tests(
        "def test_same(keras_ascii_snapshot):\n    assert mlp(1) == keras_ascii_snapshot\n"
        "def test_changed(keras_ascii_snapshot):\n    assert mlp(2) == keras_ascii_snapshot\n"
        "def test_gone(keras_ascii_snapshot):\n    assert mlp(3) == keras_ascii_snapshot\n"
    )
    project.passed("--keras-ascii-update")
    # Not in the test itself, whose lines pytest shows as they are.
    with (project.path / "models.py").open("a") as stream:
        stream.write(f"\n\ndef odd():\n    return mlp(2, labels=[{ODD!r}])\n")
    project.tests(
        "def test_same(keras_ascii_snapshot):\n    assert mlp(1) == keras_ascii_snapshot\n"
        "import models\n"
        "def test_changed(keras_ascii_snapshot):\n    assert models.odd() == keras_ascii_snapshot\n"
        "def test_new(keras_ascii_snapshot):\n    assert mlp(4) == keras_ascii_snapshot(name='head')\n"
    )
    return project


def test_json_has_all_sorted_and_the_same_each_time(mixed: Project) -> None:
    mixed.failed("--keras-ascii-report=out/report.json")
    path = mixed.path / "out" / "report.json"
    first = path.read_text()
    document: dict[str, Any] = json.loads(first)
    assert (document["schema"], document["version"]) == ("keras-ascii/pytest-report", "1.0")
    assert document["counts"] == {"changed": 1, "matched": 1, "missing": 1}
    assert [(entry["test"], entry["status"], entry["name"]) for entry in document["snapshots"]] == [
        ("test_models.py::test_changed", "changed", None),
        ("test_models.py::test_new", "missing", "head"),
        ("test_models.py::test_same", "matched", None),
    ]
    changed, missing, _ = document["snapshots"]
    assert changed["verdict"].startswith("1 renamed")
    assert changed["text"].startswith(changed["verdict"])
    assert missing["drawing"].startswith("# keras-ascii 1\n")
    assert missing["line"] == 10
    assert [(entry["path"], entry["test"]) for entry in document["stale"]] == [
        (f"{FOLDER}/test_models/test_gone.txt", "test_models.py::test_gone")
    ]
    mixed.failed("--keras-ascii-report=out/report.json", "-p", "no:randomly")
    assert path.read_text() == first


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_shows_text_as_text(mixed: Project) -> None:
    mixed.failed("--keras-ascii-report=report.html")
    page = _Tags()
    page.feed((mixed.path / "report.html").read_text())
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.text
    assert {"details", "pre", "title"} <= set(page.tags)


def test_markdown_shows_text_as_text(mixed: Project) -> None:
    mixed.failed("--keras-ascii-report=report.md")
    text = (mixed.path / "report.md").read_text()
    assert text.startswith("## keras-ascii snapshots: 1 matched, 1 changed, 1 missing, 1 stale\n")
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", text)
    assert "everyone" not in outside
    assert "everyone" in text


def test_several_reports_and_a_place_that_cannot_be(mixed: Project) -> None:
    mixed.failed("--keras-ascii-report=a.json", "--keras-ascii-report=a.md", "--keras-ascii-report=a.html")
    assert all((mixed.path / f"a.{end}").stat().st_size for end in ("json", "md", "html"))
    mixed.write("file", "")
    text = mixed.failed("--keras-ascii-report=file/a.json")
    assert "error: cannot" in text
    assert "INTERNALERROR" not in text


def test_a_report_of_no_snapshots(project: Project) -> None:
    project.tests("def test_other(): pass")
    project.passed("--keras-ascii-report=report.json")
    assert json.loads((project.path / "report.json").read_text())["snapshots"] == []


def test_a_report_that_cannot_be_written_fails_a_run_that_passed(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    project.write("file", "")
    assert "error: cannot make the folder" in project.failed("--keras-ascii-report=file/a.json")


def test_junit_has_the_verdict(mixed: Project) -> None:
    mixed.failed("--junitxml=junit.xml")
    tree = ElementTree.parse(mixed.path / "junit.xml")
    messages = {case.get("name"): case.find("failure") for case in tree.iter("testcase")}
    failure = messages["test_changed"]
    assert failure is not None
    assert (failure.get("message") or "").startswith("1 renamed, params 8, I/O same")
    assert "has a name now" in (failure.text or "")


@pytest.fixture
def github(mixed: Project) -> Path:
    """As in GitHub Actions; returns the file of the step summary."""
    summary = mixed.write("summary.md", "before\n")
    mixed.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    mixed.monkeypatch.setenv("GITHUB_WORKSPACE", str(mixed.path.parent))
    mixed.monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    return summary


def commands(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_github_gets_an_annotation_beside_each_line(mixed: Project, github: Path) -> None:
    text = mixed.failed()
    changed, new, stale = commands(text)
    folder = mixed.path.name
    assert changed.startswith(f"::error file={folder}/test_models.py,line=8,title=test_changed%3A 1 renamed%2C params")
    assert new.startswith(f"::error file={folder}/test_models.py,line=10,title=test_new%3A no snapshot yet")
    assert stale.startswith(f"::error file={folder}/{FOLDER}/test_models/test_gone.txt,title=stale snapshot::its test")
    assert "%0A" in changed
    assert "%250A" in changed  # the name has a %0A of its own
    assert "##[" not in text


def test_github_gets_a_summary_behind_what_is_there(mixed: Project, github: Path) -> None:
    mixed.failed()
    text = github.read_text()
    assert text.startswith("before\n## keras-ascii snapshots: 1 matched")
    mixed.failed()
    assert github.read_text().count("## keras-ascii snapshots:") == 2


def test_github_hears_nothing_where_all_is_well_but_the_count(project: Project) -> None:
    project.simple()
    project.passed("--keras-ascii-update")
    project.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert commands(project.passed()) == []


def test_github_can_be_turned_off(mixed: Project, github: Path) -> None:
    mixed.ini("keras_ascii_github = off")
    assert commands(mixed.failed()) == []
    assert github.read_text() == "before\n"


def test_elsewhere_nobody_gets_workflow_commands(mixed: Project) -> None:
    assert commands(mixed.failed("--keras-ascii-ci")) == []


def test_many_failures_are_counted(project: Project) -> None:
    project.tests(
        "@pytest.mark.parametrize('size', range(1, 14))\n"
        "def test_size(keras_ascii_snapshot, size):\n    assert mlp(size) == keras_ascii_snapshot"
    )
    project.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    found = commands(project.failed())
    assert len(found) == 11
    assert found[-1] == "::error::3 more snapshots differ"


def test_a_step_summary_has_a_largest_size() -> None:
    from pytest_keras_ascii.report import to_markdown

    entries = [{"test": f"t{n}", "status": "changed", "text": "x" * 1000} for n in range(20)]
    data = {"summary": "s", "problems": [], "stale": [], "snapshots": entries}
    text = to_markdown(data, most=5000)
    assert len(text.encode()) < 5100
    assert "... and 16 more." in text
