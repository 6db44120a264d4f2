"""What changed between two models, on a page."""

from __future__ import annotations

import pytest

import keras_ascii_tools as kat
from tests.sphinx_ext.projects import DRAWINGS, Project
from tests.sphinx_ext.test_directive import stripped


def changed(before: str, after: str, **options: object) -> str:
    return stripped(str(kat.diff(DRAWINGS / f"{before}.json", DRAWINGS / f"{after}.json", **options)))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        (":level: shapes", {"level": "shapes"}),
        (":context: 0\n   :charset: ascii", {"context": 0, "charset": "ascii"}),
        (":show: names", {"show": ("names",)}),
        (":width: 60", {"width": 60}),
        (":loading: h5-by-name", {"loading": "h5-by-name"}),
    ],
)
def test_it_shows_what_the_core_says(project: Project, text: str, options: dict[str, object]) -> None:
    project.page(f".. keras-ascii-diff:: light.models:make('chain') light.models:make(name = 'residual')\n   {text}\n")
    built = project.build("text")
    assert built.warnings == []
    assert changed("chain", "residual", **options) in stripped(built.text("index.txt"))
    assert project.imported() == 1


def test_files_and_code_and_a_caption_in_all_kinds_of_output(project: Project) -> None:
    project.write("docs/before.txt", (DRAWINGS / "chain.snapshot.txt").read_text())
    project.page(
        ".. keras-ascii-diff:: before.txt light.models:make('residual')\n   :caption: Since last year.\n   :name: d\n\n"
        "See :numref:`d`."
    )
    for builder in ("html", "latex", "man", "text", "epub"):
        assert project.build(builder).warnings == []
    html = project.build("html").text("index.html")
    assert "BREAKING" in html
    assert '<link rel="stylesheet" type="text/css" href="_static/keras-ascii.css' in html
    assert html.count("Fig. 1") == 2
    assert "GlobalAveragePooling2D" in project.build("latex").text("models.tex")


def test_a_change_of_either_model_is_shown(project: Project) -> None:
    project.page(".. keras-ascii-diff:: light.models:unet light.models:make('unet')\n")
    assert "SAME" in project.build("text").text("index.txt")
    project.edit("light/models.py", "unet = make()", "unet = make('chain')")
    assert "BREAKING" in project.build("text").text("index.txt")


def test_what_is_wrong_with_one_is_said_once(project: Project) -> None:
    project.page(
        ".. keras-ascii-diff:: light.models:unet light.models:nothing\n\n"
        ".. keras-ascii-diff:: light.models:unet\n\n"
        ".. keras-ascii-diff:: light.models:unet light.models:unet\n   :level: half\n"
    )
    built = project.build("text")
    assert [line.split(":")[1] for line in built.warnings] == ["6", "8", "4"]
    assert "expected two targets" in built.warnings[0]
    assert "level: expected one of full, arch, shapes, got 'half'" in built.warnings[1]
    assert "has no 'nothing'" in built.warnings[2]
    assert built.text("index.txt").count("no drawing") == 3
