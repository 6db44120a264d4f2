"""`-j N` and `-j 1`: the same bytes. Twice the same build: the same bytes."""

from __future__ import annotations

import pytest

from tests.sphinx_ext.projects import Project

NAMES = ("unet", "chain", "split", "residual", "seq2seq", "wrappers", "siamese_nested", "transformer", "odd_names")


@pytest.fixture
def many(project: Project) -> Project:
    project.page(
        ".. toctree::\n   :glob:\n\n   net*\n\n"
        ":keras:model:`light.models:unet` has :keras-ascii:`light.models:unet|params` weights.\n"
    )
    for number, name in enumerate(NAMES):
        project.write(
            f"docs/net{number}.rst",
            f"With :keras-ascii:`light.models:make('{name}')|params` weights\n{'=' * 70}\n\n"
            f".. keras-ascii:: light.models:make('{name}')\n   :caption: {name}\n   :name: {name}\n\n"
            f".. keras-ascii:: light.models:unet\n\n:numref:`unet`\n",
        )
    return project


@pytest.mark.parametrize("builder", ["html", "text", "latex"])
def test_parallel_builds_write_the_same(many: Project, builder: str) -> None:
    one = many.build(builder, to="_one")
    assert many.imported() == 1
    four = many.build(builder, to="_four", parallel=4)
    assert one.warnings == four.warnings == []
    assert many.imported() == 2  # its cache is another one
    assert four.files() == one.files()


def test_two_builds_are_byte_equal_wherever_they_are(many: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # an EPUB says when it was made
    for builder in ("html", "epub", "xml"):
        assert many.build(builder, to="_one").files() == many.build(builder, to="_elsewhere/two").files()


def test_a_cold_and_a_warm_build_are_byte_equal(many: Project) -> None:
    cold = many.build().files()
    warm = many.build(
        to="_build/again", keras_ascii_cache_dir="../_build/doctrees/keras-ascii", keras_ascii_mode="cached"
    )
    assert warm.warnings == []
    assert warm.files() == cold


def test_failures_are_the_same_in_parallel(many: Project) -> None:
    many.edit("docs/net3.rst", "residual", "nothing")
    one = many.build(to="_one").warnings
    assert len(one) == 2
    assert many.build(to="_four", parallel=4).warnings == one
