"""Snapshot files that people, git and editors have had in hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pytest_plugin.projects import FOLDER, Project

pytest_plugins = ["pytester"]


@pytest.fixture
def recorded(project: Project) -> Project:
    project.simple()
    project.passed("--keras-ascii-update")
    return project


def rewrite(project: Project, change: Callable[[str], str | bytes]) -> None:
    path = project.path / FOLDER / "test_models" / "test_encoder.txt"
    data = change(path.read_text())
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n",
        lambda text: text.replace("\n", "  \n"),
        lambda text: text.replace("# defaults: keras", "# defaults: kreas"),
        lambda text: text.replace("# weights: 68\n", ""),
        lambda text: text.replace("# graph: declared\n", "# graph: declared\n# reviewed-by: Ada\n"),
        lambda text: text.replace("# test: test_models.py::test_encoder\n", ""),
    ],
    ids=["CRLF", "BOM", "both", "no-end", "more-ends", "blanks", "version", "no-total", "more-headers", "no-owner"],
)
def test_what_does_not_touch_the_model_does_not_matter(recorded: Project, change: Callable[[str], str | bytes]) -> None:
    rewrite(recorded, change)
    assert "1 matched" in recorded.passed()


CONFLICT = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> branch\n"


def conflict(text: str) -> str:
    head, blank, rows = text.partition("\n\n")
    lines = rows.splitlines(keepends=True)
    return head + blank + lines[0] + CONFLICT.format(lines[1], lines[2]) + "".join(lines[3:])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (conflict, "the snapshot has merge conflicts: "),
        (lambda text: text.replace("# keras-ascii 1", "# keras-ascii 99"), "notation version 99 is newer than"),
        (lambda text: text.replace("Dropout  ", "Dropout\t"), "a tab; expected blanks"),
        (lambda text: "", "line 1: expected '# keras-ascii 1'"),
        (lambda text: text[: len(text) // 2 + 20], "the snapshot cannot be read: "),
        (lambda text: b"\xff\xfe" + text.encode("utf-16-le"), "not UTF-8"),
        (lambda text: "Model: sequential\n____\n", "only drawings in the snapshot profile can be read"),
    ],
    ids=["conflict", "future", "tab", "empty", "cut", "utf-16", "other"],
)
def test_what_cannot_be_read_says_why_and_what_to_do(
    recorded: Project, change: Callable[[str], str | bytes], said: str
) -> None:
    rewrite(recorded, change)
    text = recorded.failed()
    assert said in text
    assert "SnapshotUnusable" in text
    assert "Traceback" not in text
    # The test's own lines, and no others.
    assert "comparing.py" not in text
    assert "def _damaged" not in text


def test_a_conflict_names_its_line_and_how_to_get_out(recorded: Project) -> None:
    rewrite(recorded, conflict)
    text = recorded.failed()
    assert "line 10: a merge-conflict marker" in text
    assert 'pytest "test_models.py::test_encoder" --keras-ascii-update' in text
    assert "1 updated" in recorded.passed("--keras-ascii-update")
    assert "1 matched" in recorded.passed()


def test_update_new_leaves_what_cannot_be_read(recorded: Project) -> None:
    rewrite(recorded, conflict)
    before = recorded.snapshots()
    recorded.failed("--keras-ascii-update-new")
    assert recorded.snapshots() == before
