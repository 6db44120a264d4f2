"""SVG: an image of which the text can still be selected."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools.width import display_width
from keras_ascii_tools.write.sheet import Role, Section, Sheet, line_of
from keras_ascii_tools.write.svg_shapes import shapes_of
from keras_ascii_tools.write.to_svg import CSS, to_svg
from keras_ascii_tools.write.to_text import to_text
from tests.core.write.sheets import hostile, one_line, unet

SVG = "{http://www.w3.org/2000/svg}"


def parsed(sheet: Sheet) -> ElementTree.Element:
    return ElementTree.fromstring(to_svg(sheet))


def texts(sheet: Sheet) -> list[str]:
    return ["".join(text.itertext()) for text in parsed(sheet).iter(f"{SVG}text")]


def test_the_text_is_the_drawing() -> None:
    assert texts(unet()) == [line for line in to_text(unet()).splitlines() if line]


def test_it_says_what_it_shows() -> None:
    root = parsed(unet())
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "unet (Functional)  9 layers"
    assert description.text == "A Functional model with 1 input and 1 output."
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_each_group_of_words_has_its_place_and_width() -> None:
    line = line_of(("ab", Role.KIND), ("   ", Role.TEXT), ("c d  層", Role.NAME))
    (text,) = parsed(Sheet((Section(header=(), rows=(line,)),))).iter(f"{SVG}text")
    places = [(span.text, span.get("class"), span.get("x"), span.get("textLength")) for span in text]
    assert places == [
        ("ab", "ka-kind", "16", "15.6"),
        ("c d", "ka-name", "55", "23.4"),
        ("層", "ka-name", "94", "15.6"),
    ]


def test_it_is_as_large_as_the_drawing() -> None:
    root = parsed(one_line("x" * 100))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("812", "50", "0 0 812 50")


def gutter(*rows: str, role: Role = Role.GUTTER) -> list[str]:
    """Lines and marks, at cells of 7.8 × 18; returns their paths."""
    lines = [line_of((row, role)).spans for row in rows]
    shapes = shapes_of(lines, (0, 0))
    return [shapes.lanes, shapes.folds, shapes.full, shapes.open]


FULL, OPEN = "a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z", "h7v7h-7z"


@pytest.mark.parametrize(
    ("rows", "lanes"),
    [
        (("│",), "M3.9 0V18"),
        (("│", "│", "│"), "M3.9 0V54"),
        (("│", " ", "│"), "M3.9 0V18M3.9 36V54"),
        (("───",), "M0 9H23.4"),
        (("├─",), "M3.9 0V18M3.9 9H15.6"),
        (("┘",), "M3.9 0V5.1M3.9 5.1Q3.9 9 0 9"),
        (("○", "●", "■"), "M3.9 9V45"),
        (("■", "●"), ""),
        (("●", "○"), ""),
        (("□", "■"), ""),
        (("● ●",), ""),
        (("●─●",), "M3.9 9H19.5"),
        (("│", "●"), "M3.9 0V27"),
        (("│", "○"), "M3.9 0V18"),
        (("■", "│"), "M3.9 18V36"),
        (("┘", "●"), "M3.9 0V5.1M3.9 5.1Q3.9 9 0 9"),
    ],
)
def test_lanes_join_nodes_as_the_notation_says(rows: tuple[str, ...], lanes: str) -> None:
    assert gutter(*rows)[0] == lanes


def test_marks_are_full_or_open() -> None:
    _, _, full, empty = gutter("●", "○", "■", "□")
    assert full == f"M0.4 9{FULL}M0.4 41.5{OPEN}"
    assert empty == f"M0.4 27{FULL}M0.4 59.5{OPEN}"


def test_folds_are_lines_of_their_own() -> None:
    lanes, folds, *_ = gutter("┐ ×12", "│", "┘", role=Role.FOLD)
    assert not lanes
    assert folds == "M3.9 12.9V41.1M3.9 12.9Q3.9 9 0 9M3.9 41.1Q3.9 45 0 45"
    assert [span.get("class") for span in parsed(one_line("┐ ×12", Role.FOLD)).iter(f"{SVG}tspan")] == [
        "ka-drawn",
        "ka-fold",
    ]


def test_bars_are_boxes() -> None:
    (bars,) = (path.get("d") for path in parsed(one_line("30.6% █▌", Role.SHARE)).iter(f"{SVG}path"))
    assert bars == "M62.8 21h7.8v8h-7.8zM70.6 21h3.9v8h-3.9z"


def test_lines_in_a_name_are_text() -> None:
    root = parsed(one_line("a│●█b", Role.NAME))
    assert list(root.iter(f"{SVG}path")) == []
    assert texts(one_line("a│●█b", Role.NAME)) == ["a│●█b"]


def test_the_style_sheet_says_nothing_of_anything_else() -> None:
    for selector in re.findall(r"^([^@{}]+)\{", CSS, re.MULTILINE):
        for part in selector.split(","):
            assert part.strip().startswith(".keras-ascii-svg "), part


def test_nothing_is_loaded_and_nothing_runs() -> None:
    svg = to_svg(hostile())
    names = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()}
    assert names <= {"svg", "title", "desc", "style", "rect", "path", "g", "text", "tspan"}
    assert not re.search(r"url\(|@import|href|javascript|<!", svg)


@given(st.text(), st.sampled_from(Role))
def test_any_text_makes_valid_xml_and_keeps_its_columns(text: str, role: Role) -> None:
    sheet = replace(one_line(text, role), title=text, description=text)
    assert texts(sheet) == [line for line in to_text(sheet).splitlines() if line]
    for span in parsed(sheet).iter(f"{SVG}tspan"):
        assert float(span.get("textLength") or 0) == pytest.approx(7.8 * display_width(span.text or ""), abs=0.01)


def test_the_same_drawing_is_the_same_image_and_another_has_other_ids() -> None:
    assert to_svg(unet()) == to_svg(unet())
    ids = [set(re.findall(r' id="([^"]+)"', to_svg(sheet))) for sheet in (unet(), one_line("a"))]
    assert len(ids[0] | ids[1]) == 4


def test_nothing() -> None:
    assert parsed(Sheet(())).get("width") == "32"
