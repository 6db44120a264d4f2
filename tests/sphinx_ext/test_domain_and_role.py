"""References to drawings, the index, the inventory; and facts of models in the text."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sphinx.util.inventory import InventoryFile

import keras_ascii_tools as kat
from tests.sphinx_ext.projects import DRAWINGS, Project


def words(html: str) -> str:
    """A page's text on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def referred(project: Project) -> Project:
    project.page(
        """
        .. toctree::

           nets

        :keras:model:`light.models:unet`, :keras:model:`unet`, :keras:model:`text <light.models:unet>`,
        :keras:model:`~light.models:make('chain')`, :any:`unet`; :ref:`keras-modelindex`.
        """
    )
    project.page(
        """
        .. keras-ascii:: light.models:unet
           :name: my-net

        .. keras-ascii:: light.models:make('chain')

        .. keras-ascii:: light.models:unet
           :charset: ascii

        .. keras-ascii:: light.models:make('split')
           :no-index:
        """,
        "nets",
    )
    return project


def test_references_lead_to_the_first_drawing(referred: Project) -> None:
    built = referred.build(nitpicky=True)
    assert built.warnings == []
    html = built.text("index.html")
    assert html.count('href="nets.html#my-net"') == 4
    anchors = re.findall(r'id="(keras-model[^"]+)"', built.text("nets.html"))
    assert len(set(anchors)) == len(anchors) == 2
    assert f"nets.html#{anchors[0]}" in html


def test_a_reference_to_nothing_is_warned_of(project: Project) -> None:
    project.page(":keras:model:`light.models:nothing`")
    [warning] = project.build(nitpicky=True).warnings
    assert "keras:model reference target not found: light.models:nothing" in warning


def test_the_index_lists_all_models(referred: Project) -> None:
    html = words(referred.build().text("keras-modelindex.html"))
    assert "unet (light.models:unet)" in html
    assert "make('chain') (light.models:make('chain'))" in html
    assert "split" not in html


def test_another_project_can_refer_to_a_model(referred: Project, project: Project) -> None:
    built = referred.build()
    with (built.out / "objects.inv").open("rb") as stream:
        inventory = InventoryFile.load(stream, "", lambda base, path: path)
    assert "light.models:unet" in inventory["keras:model"]
    project.conf(
        f"""
        extensions += ["sphinx.ext.intersphinx"]
        intersphinx_mapping = {{"nets": ("https://x.org", {str(built.out / "objects.inv")!r})}}
        """
    )
    project.page(":keras:model:`light.models:unet`")
    (project.docs / "nets.rst").unlink()
    other = project.build(to="_other", nitpicky=True)
    assert other.warnings == []
    assert 'href="https://x.org/nets.html#my-net"' in other.text("index.html")


FACTS = {
    "params": "13,642",
    "weights": "13,642",
    "trainable": "13,626",
    "frozen": "16",
    "size": "53.29 KiB",
    "layers": "5",
    "inputs": "28 28 1",
    "outputs": "10",
    "kind": "Sequential",
    "summary": "(Sequential) 28 28 1 → 10",
}


@pytest.mark.parametrize("fact", FACTS)
def test_facts_are_those_of_the_drawing(project: Project, fact: str) -> None:
    project.page(f"A :keras-ascii:`light.models:make('chain')|{fact}` b.\n\n:keras-ascii:`light.models:make('chain')`")
    built = project.build("text")
    assert built.warnings == []
    text = " ".join(built.text("index.txt").split())
    shown = len(kat.read(DRAWINGS / "chain.json").layers) if fact == "layers" else FACTS[fact]
    assert f"A {shown} b." in text
    assert "(Sequential) 28 28 1 → 10" in text
    assert project.imported() == 1


def test_what_is_not_known_is_said_to_be_unknown(project: Project) -> None:
    project.write("docs/net.txt", (DRAWINGS / "chain.snapshot.txt").read_text().replace("13,530", "?"))
    project.page(":keras-ascii:`net.txt|params` :keras-ascii:`net.txt|size`")
    assert "unknown unknown" in project.build("text").text("index.txt")


def test_a_fact_in_a_title_that_cannot_be_had_is_warned_of(project: Project) -> None:
    project.write("docs/index.rst", "Has :keras-ascii:`light.models:unet|params`\n" + "=" * 60 + "\n\nText.\n")
    built = project.build(keras_ascii_mode="cached")
    [warning] = built.warnings
    assert warning.startswith("index.rst:1: WARNING: light.models:unet is not in the cache")
    assert "Has [light.models:unet|params]" in built.text("index.html")
    # With the model, the next build heals the title, although the page is as it was.
    healed = project.build()
    assert healed.warnings == []
    number = f"{kat.read(DRAWINGS / 'unet.json').params:,}"
    assert f"<title>Has {number}" in healed.text("index.html")


def test_references_to_titles_and_captions_say_what_these_say(project: Project) -> None:
    fact = ":keras-ascii:`light.models:unet|params`"
    project.page(
        f".. _part:\n\nHas {fact} weights\n{'-' * 70}\n\n"
        f".. keras-ascii:: light.models:unet\n   :caption: Drawn with {fact} weights.\n   :name: net\n\n"
        "See *x* :ref:`part` and :ref:`net`\n"
    )
    number = f"{kat.read(DRAWINGS / 'unet.json').params:,}"
    for builder in ("text", "html"):
        built = project.build(builder)
        assert built.warnings == []
        text = built.text("index.html" if builder == "html" else "index.txt")
        said = " ".join(re.sub(r"<[^>]*>", "", text).split())
        assert f"Has {number} weights and Drawn with {number} weights." in said.partition("See")[2]


def test_titles_that_another_builder_read_without_models_are_read_again(project: Project) -> None:
    """`linkcheck` makes no models, and leaves what it read to the others."""
    project.page(".. toctree::\n\n   net\n")
    project.write("docs/net.rst", f"With :keras-ascii:`light.models:unet|params` weights\n{'=' * 60}\n")
    conf = {"linkcheck_report_timeouts_as_broken": False}  # Sphinx 7.4 asks
    assert project.build("linkcheck", **conf).warnings == []
    assert project.imported() == 0
    built = project.build()
    assert built.warnings == []
    number = f"{kat.read(DRAWINGS / 'unet.json').params:,}"
    assert f"With {number} weights" in built.text("index.html")
