"""What is in a page: escaped, reachable, described, and styled only where there is something to style."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from tests.sphinx_ext.projects import DRAWINGS, Project

HOSTILE = '"><script>alert(1)</script>&amp;{}\\end{document}\n`|x|_'


class Page(HTMLParser):
    """The elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def hostile(project: Project) -> Project:
    """A model whose every name does something wherever it is not escaped for."""
    document = json.loads((DRAWINGS / "chain.json").read_text())
    for named in (document["model"], *document["layers"]):
        named |= {"name": HOSTILE, "named": True}
    project.write("docs/net.json", json.dumps(document))
    return project


def test_names_are_escaped_for_where_they_go(hostile: Project) -> None:
    hostile.page(
        ".. keras-ascii:: net.json\n   :caption: C\n   :description: list\n\n:keras-ascii:`net.json|name` "
        ":keras-ascii:`net.json|summary`\n"
    )
    for builder in ("html", "epub", "latex", "man", "text", "xml", "texinfo"):
        assert hostile.build(builder).warnings == []
    html = hostile.build("html").text("index.html")
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
    tex = hostile.build("latex").text("models.tex")
    assert tex.count("\\end{document}") == 1


def test_what_hides_or_reorders_text_is_written_out(project: Project) -> None:
    document = json.loads((DRAWINGS / "chain.json").read_text())
    for named in (document["model"], *document["layers"]):
        named |= {"name": "\x1b[31m\u202egnp.exe", "named": True}
    project.write("docs/net.json", json.dumps(document))
    project.page(".. keras-ascii:: net.json\n   :description: list\n\n:keras-ascii:`net.json|name`\n")
    for builder, name in (("html", "index.html"), ("text", "index.txt"), ("xml", "index.xml")):
        text = project.build(builder).text(name)
        assert not {"\x1b", "\u202e"} & set(text)
        assert "\\x1b[31m\\u202egnp.exe" in text


def test_a_drawing_is_an_image_with_a_name_and_a_description(project: Project) -> None:
    project.page(
        """
        .. keras-ascii:: light.models:make('chain')

        .. keras-ascii:: light.models:make('chain')
           :alt: A chain of "six" <layers> & more.

        .. keras-ascii:: light.models:make('chain')
           :description: none

        .. keras-ascii:: light.models:make('chain')
           :description: list
        """
    )
    html = project.build().text("index.html")
    page = Page(html)
    drawings = [each for each in page.all("pre") if each.get("class") == "ka-drawing"]
    assert [(each["role"], each["tabindex"], each["aria-label"]) for each in drawings] == [
        ("img", "0", "(Sequential)  28 28 1 → 10")
    ] * 4
    ids = [each.get("aria-describedby") for each in drawings]
    assert ids[2] is None
    assert len(set(ids)) == 4  # although the drawings are the same
    hidden = {each["id"]: each for each in page.all("p") if "hidden" in each}
    assert set(hidden) == set(filter(None, ids))
    assert "A chain of &quot;six&quot; &lt;layers&gt; &amp; more." in html
    assert "Inputs: 28 28 1. Outputs: 10." in html
    assert html.count('<details class="ka-list">') == 1
    assert '<li value="2">Conv2D, from 1, to 26 26 8, 80 weights</li>' in html


def test_all_ids_of_a_page_differ(project: Project) -> None:
    project.page(
        ".. keras-ascii:: light.models:unet\n\n" * 3 + ".. keras-ascii:: light.models:make('siamese_nested')\n"
    )
    for builder, name in (("html", "index.html"), ("singlehtml", "index.html"), ("epub", "index.xhtml")):
        ids = re.findall(r'\bid="([^"]+)"', project.build(builder).text(name))
        assert len(set(ids)) == len(ids)


def test_the_list_of_layers_names_sources_and_shared_calls(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:make('siamese_nested')\n   :description: list\n")
    html = project.build().text("index.html")
    items = re.findall(r'<li value="\d+">([^<\n]*)', html)
    assert any("as before" in item for item in items)
    assert any(re.search(r"from \d+ and \d+", item) for item in items)


def test_style_is_on_pages_that_need_it_and_nothing_is_loaded_from_elsewhere(project: Project) -> None:
    project.page(".. toctree::\n\n   net\n   plain\n")
    project.page(".. keras-ascii:: light.models:unet\n", "net")
    project.page("Text.\n", "plain")
    for builder, suffix in (("html", "html"), ("epub", "xhtml")):
        built = project.build(builder)
        with_style = [name for name in ("index", "net", "plain") if "keras-ascii.css" in built.text(f"{name}.{suffix}")]
        assert with_style == ["net"]
        page = Page(built.text(f"net.{suffix}"))
        plain = Page(built.text(f"plain.{suffix}"))
        assert [each for each in page.all("script") if each not in plain.all("script")] == []
        loaded = [each.get("src") or "" for tag in ("img", "script", "iframe") for each in page.all(tag)]
        loaded += [each.get("href") or "" for each in page.all("link")]
        assert not [address for address in loaded if "//" in address]
    css = (project.build().out / "_static/keras-ascii.css").read_text()
    assert "url(" not in css
    assert "@import" not in css
    assert all(".keras-ascii" in rule for rule in re.findall(r"^(\.[^{]*)\{", css, re.M))


def test_kinds_link_to_their_pages(project: Project) -> None:
    project.write(
        "light/layers.py",
        "class Patch:\n    '''A layer of our own.'''\n",
    )
    text = (DRAWINGS / "chain.json").read_text()
    text = text.replace(
        '"kind": "Dropout",\n      "module": "keras.layers"', '"kind": "Patch",\n      "module": "light.layers"'
    )
    assert "light.layers" in text
    project.write("docs/sub/net.json", text)
    project.conf("extensions += ['sphinx.ext.autodoc']")
    project.page(".. toctree::\n\n   sub/page\n\n.. automodule:: light.layers\n   :members:\n")
    project.page(".. keras-ascii:: net.json\n", "sub/page")
    built = project.build(
        keras_ascii_links={"keras": "https://example.org/{module}/{kind}?a&b", "Dense": "https://example.org/dense"}
    )
    assert built.warnings == []
    html = built.text("sub/page.html")
    assert '<a href="https://example.org/keras.layers/Conv2D?a&amp;b">Conv2D</a>' in html
    assert '<a href="https://example.org/dense">Dense</a>' in html
    assert '<a href="../index.html#light.layers.Patch">Patch</a>' in html


def test_what_is_searched_for_has_names_and_no_art(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:unet\n")
    index = project.build().text("searchindex.js")
    assert "maxpooling2d" in index.lower()
    assert "├" not in index
    assert "●" not in index


def test_a_copy_button_of_the_theme_keeps_away_or_copies_the_text(project: Project) -> None:
    """What sphinx-copybutton selects by default is not there."""
    project.conf("extensions += ['sphinx_copybutton']")
    project.page(".. keras-ascii:: light.models:unet\n\n.. code-block:: python\n\n   x = 1\n")
    built = project.build()
    assert built.warnings == []
    assert built.text("index.html").count('<div class="highlight"><pre>') == 1


def test_captions_are_translated_and_drawings_are_not(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:unet\n   :caption: To be translated.\n")
    pot = project.build("gettext", to="_pot", gettext_additional_targets=["literal-block"]).text("index.pot")
    assert 'msgid "To be translated."' in pot
    assert "MaxPooling2D" not in pot
    project.write(
        "docs/locales/de/LC_MESSAGES/index.po",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "To be translated."\nmsgstr "Übersetzt."\n',
    )
    built = project.build(language="de", locale_dirs=["locales"])
    assert built.warnings == []
    assert "Übersetzt." in built.text("index.html")
    assert "MaxPooling2D" in built.text("index.html")
