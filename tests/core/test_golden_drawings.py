"""What drawings look like, for a review: `tests/drawings/`. To write them anew: scripts/update_drawings.py."""

from __future__ import annotations

from pathlib import Path

import pytest

import keras_ascii_tools as kat
from tests.golden import DRAWINGS, FOLDER, NAMES, drawn, with_examples


@pytest.mark.parametrize("kind", DRAWINGS)
@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_looks_as_it_did(name: str, kind: str) -> None:
    assert drawn(name, kind) == (FOLDER / f"{name}.{kind}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_snapshot_is_still_read(name: str) -> None:
    graph = kat.read(FOLDER / f"{name}.json")
    assert kat.read(FOLDER / f"{name}.snapshot.txt") == graph


def test_every_file_is_tested() -> None:
    wanted = {f"{name}.{kind}" for name in NAMES for kind in ("json", *(f"{kind}.txt" for kind in DRAWINGS))}
    assert {path.name for path in FOLDER.iterdir() if path.is_file()} == wanted


def test_the_page_of_the_notation_shows_what_is_drawn() -> None:
    page = (Path(__file__).parents[2] / "docs" / "notation.md").read_text(encoding="utf-8")
    assert with_examples(page) == page
    assert page.count("# keras-ascii 1\n") == 13
