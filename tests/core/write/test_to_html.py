"""HTML: a figure that fits any page and does nothing to it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, Span, line_of
from keras_ascii_tools.write.to_html import CSS, to_html
from tests.core.write.sheets import hostile, one_line, unet


class Outline(HTMLParser):
    """Elements, attributes and text; refuses tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.open.append(tag)
        self.elements.append((tag, dict(attrs)))
        self.text[tag] = self.text.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.text[tag] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


UNET = """
○       InputLayer        image          64 64 3
●       Conv2D            enc1          64 64 32       896  relu
├─●     MaxPooling2D      pool1         32 32 32
│ ●     Conv2D            enc2          32 32 64    18,496  relu
│ ├─●   MaxPooling2D      pool2         16 16 64
│ │ ●   Functional        middle        32 32 64    36,928
│ ●─┘   Concatenate       cat2         32 32 128
│ ●     Conv2DTranspose   up1           64 64 32    16,416  <tanh> & more
■─┘     Concatenate       cat1          64 64 64

○       InputLayer                      16 16 64
■       Conv2D            conv          16 16 64    36,928

72,736 weights
"""


def test_the_text_is_the_drawing() -> None:
    outline = Outline(to_html(unet()))
    assert outline.text["pre"] == UNET
    assert outline.text["figcaption"] == "unet (Functional)  9 layers"
    assert outline.text["summary"] == "middle (Functional), and 2 more like it"


def test_screen_readers_meet_images_with_a_name_and_a_description() -> None:
    outline = Outline(to_html(unet()))
    first, second, footer = outline.all("pre")
    (description,) = outline.all("p")
    assert (first["role"], first["aria-label"]) == ("img", "unet (Functional)  9 layers")
    assert first["aria-describedby"] == description["id"]
    assert outline.text["p"] == "A Functional model with 1 input and 1 output."
    assert (second["role"], second["aria-label"]) == ("img", "middle (Functional), and 2 more like it")
    assert first["tabindex"] == second["tabindex"] == "0"
    assert "role" not in footer


def test_a_body_can_be_folded_and_is_open() -> None:
    (details,) = Outline(to_html(unet())).all("details")
    assert "open" in details


def test_roles_are_classes() -> None:
    page = to_html(one_line("a<b", Role.FROZEN), standalone_css=False)
    assert '<span class="ka-frozen">a&lt;b</span>' in page
    lanes = to_html(one_line("│ ├─ ×2", Role.FOLD), standalone_css=False)
    assert '<span class="ka-fold"><span class="ka-lanes">│ ├─</span> ×2</span>' in lanes


def test_every_role_with_a_style_is_a_role() -> None:
    parts = {"caption", "drawing", "footer", "body", "lanes"}
    assert set(re.findall(r"\.ka-([a-z]+)", CSS)) - parts <= {role.value for role in Role}


def test_the_style_sheet_says_nothing_of_anything_else() -> None:
    selectors = re.sub(r"/\*.*?\*/|@media [^{]+\{|\{[^{}]*\}", " ", CSS, flags=re.DOTALL)
    for selector in re.split(r"[,}\n]", selectors):
        assert not selector.strip() or selector.strip().startswith(".keras-ascii"), selector
    assert CSS.count("{") == CSS.count("}")


def test_nothing_is_loaded_and_nothing_runs() -> None:
    page = to_html(hostile())
    outline = Outline(page)
    assert {tag for tag, _ in outline.elements} <= {
        "figure",
        "style",
        "figcaption",
        "p",
        "pre",
        "span",
        "details",
        "summary",
    }
    names = {name for _, attributes in outline.elements for name in attributes}
    assert names <= {
        "class",
        "id",
        "hidden",
        "role",
        "aria-label",
        "aria-describedby",
        "tabindex",
        "translate",
        "style",
        "open",
    }
    assert not re.search(r"url\(|@import|https?:|javascript", page)


def test_texts_of_a_hostile_model_are_texts() -> None:
    outline = Outline(to_html(hostile()))
    shown = r'\x1b[31m"><script>alert(1)</script>&amp;\u202e\n```\x00\ud800\ue000]]>@everyone'
    assert outline.text["figcaption"] == shown
    assert outline.text["p"] == shown
    assert outline.all("pre")[0]["aria-label"] == shown
    assert all(character.isprintable() or character == "\n" for character in to_html(hostile()))


@given(st.text(), st.sampled_from(Role))
def test_any_text_makes_a_page(text: str, role: Role) -> None:
    page = to_html(Sheet((Section(header=(), rows=(line_of((text, role)),)),), title=text, description=text))
    assert Outline(page).open == []
    assert ElementTree.fromstring(page).tag == "figure"  # books are XHTML
    assert page.encode()


def test_the_style_sheet_can_be_left_to_the_page() -> None:
    assert "<style>" not in to_html(unet(), standalone_css=False)
    assert to_html(unet()).replace(f"<style>\n{CSS}</style>\n", "") == to_html(unet(), standalone_css=False)


def test_the_same_drawing_is_the_same_page_and_another_has_another_id() -> None:
    assert to_html(unet()) == to_html(unet())
    (one,), (other,) = (Outline(to_html(sheet)).all("p") for sheet in (unet(), replace(unet(), title="x")))
    assert one["id"] != other["id"]


def test_a_drawing_without_title_and_description() -> None:
    outline = Outline(to_html(one_line("a")))
    assert outline.all("figcaption") == outline.all("p") == []
    (drawing,) = outline.all("pre")
    assert drawing["aria-label"] == "Model architecture"
    assert "aria-describedby" not in drawing


def test_sections_without_a_title_follow_one_another() -> None:
    section = Section(header=(line_of(("# h", Role.HEADER)),), rows=(line_of(("a", Role.KIND)),))
    outline = Outline(to_html(Sheet((section, section))))
    assert outline.text["pre"] == "\n# h\n\na\n\n# h\n\na\n"
    assert len(outline.all("pre")) == 1


def test_an_empty_first_line_stays() -> None:
    sheet = Sheet((Section(header=(), rows=(Line(), Line((Span("a"),)))),))
    # Parsers of pages drop the first line end, Python's does not.
    assert Outline(to_html(sheet)).text["pre"] == "\n\na\n"


def test_kinds_link_to_their_pages() -> None:
    page = to_html(unet(), links={"Conv2D": "https://example.org/?a=1&b=<2>", "Conv": "x"})
    outline = Outline(page)
    assert {link["href"] for link in outline.all("a")} == {"https://example.org/?a=1&b=<2>"}
    assert page.count(">Conv2D</a> ") == page.count("<a ") == UNET.count("Conv2D ")
    # Nothing inside an image can be reached.
    assert "group" in {drawing["role"] for drawing in outline.all("pre") if "role" in drawing}
    assert {drawing.get("role") for drawing in Outline(to_html(unet())).all("pre")} <= {"img", None}


def test_a_fused_row_links_to_its_first_layer() -> None:
    kinds = line_of(("Conv2D+BN+relu ", Role.KIND), (" ", Role.TEXT), ("ops.Add", Role.KIND))
    page = to_html(Sheet((Section(header=(), rows=(kinds,)),)), links={"Conv2D": "conv", "BN": "bn", "Add": "add"})
    assert '<a href="conv">Conv2D</a>+BN+relu' in page
    assert page.count("<a ") == 1


def test_equal_drawings_of_one_page_are_told_apart_by_key() -> None:
    ids = [Outline(to_html(unet(), key=key)).all("p")[0]["id"] for key in ("a", "b", "a")]
    assert ids[0] == ids[2] != ids[1]


def test_another_description_can_be_given() -> None:
    page = to_html(unet(), description='A "U" & more')
    assert Outline(page).text["p"] == 'A "U" & more'
    assert Outline(to_html(unet(), description="")).all("p") == []
    assert "aria-describedby" not in to_html(unet(), description="")
