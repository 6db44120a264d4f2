"""What a diff looks like, for a review: `tests/drawings/diffs/`. To write them anew: run this file."""

from __future__ import annotations

import pytest

from tests.core.write.diff_pairs import FOLDER, PAIRS, drawn

FORMS = {"text": "txt", "markdown": "md", "github": "github.txt"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PAIRS)
def test_a_diff_looks_as_it_did(name: str, form: str) -> None:
    assert drawn(name, form) == (FOLDER / f"{name}.{FORMS[form]}").read_text(encoding="utf-8")


def test_every_file_is_tested() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.{end}" for name in PAIRS for end in FORMS.values()}


if __name__ == "__main__":
    for name in PAIRS:
        for form, end in FORMS.items():
            (FOLDER / f"{name}.{end}").write_text(drawn(name, form), encoding="utf-8")
