"""The directive: what it takes, and what it leaves on a page."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from docutils import nodes
from sphinx_keras_ascii.directive import KerasAscii
from sphinx_keras_ascii.nodes import keras_ascii_drawing
from sphinx_keras_ascii.options import DIFF_OPTION_NAMES, SETTINGS

import keras_ascii_tools as kat
from tests.sphinx_ext.projects import DRAWINGS, Project, resolved


def drawn(name: str, **options: object) -> str:
    """A drawing as the text builder indents it."""
    lines = str(kat.draw(DRAWINGS / f"{name}.json", **options)).splitlines()
    return "\n".join(f"   {line}" if line else "" for line in lines)


def stripped(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def test_every_option_of_the_core_is_one_of_the_directive_and_a_setting() -> None:
    names = {item.name for item in fields(kat.DrawOptions)} - {"color"}
    assert {name.replace("_", "-") for name in names} <= set(KerasAscii.option_spec)
    assert {name.removeprefix("keras_ascii_") for name in SETTINGS} == names - {"layers"}
    of_diffs = {item.name for item in fields(kat.DiffOptions)} - {"color", "fail_on", "max_chars"}
    assert {name.replace("_", "-") for name in of_diffs} == set(DIFF_OPTION_NAMES)
    defaults = kat.DrawOptions()
    assert all(getattr(defaults, name.removeprefix("keras_ascii_")) == value for name, value in SETTINGS.items())


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (":fold:", {"fold": "exact"}),
        (":fold: similar", {"fold": "similar"}),
        (":fuse:", {"fuse": True}),
        (":fuse: no", {"fuse": False}),
        (":bodies: no", {"bodies": False}),
        (":columns: kind, shape, inputs", {"columns": ("kind", "shape", "inputs")}),
        (":names: all", {"names": "all"}),
        (":depth: -1", {"depth": -1}),
        (":charset: ascii", {"charset": "ascii"}),
        (":width: 60", {"width": 60}),
        (":width: none", {"width": None}),
        (":max-lanes: 1", {"max_lanes": 1}),
        (":header: no\n   :footer: off", {"header": False, "footer": False}),
        (":sort: weights", {"sort": "weights"}),
        (":style: classic", {"style": "classic"}),
        (":profile: snapshot", {"profile": "snapshot"}),
        (":layers: Conv2D, Dense", {"layers": ("Conv2D", "Dense")}),
        (':glyphs: {"Conv2D": "<c2d>"}', {"glyphs": {"Conv2D": "<c2d>"}}),
        (":plumbing: yes", {"plumbing": True}),
    ],
)
def test_an_option_draws_what_the_core_draws_with_it(project: Project, text: str, options: dict[str, object]) -> None:
    project.write("docs/net.json", (DRAWINGS / "chain.json").read_text())
    project.page(f".. keras-ascii:: net.json\n   {text}\n")
    built = project.build("text")
    assert built.warnings == []
    assert drawn("chain", **options) in built.text("index.txt")


def test_settings_hold_for_all_drawings_builders_for_theirs_and_options_for_one(project: Project) -> None:
    project.write("docs/net.json", (DRAWINGS / "chain.json").read_text())
    project.page(".. keras-ascii:: net.json\n\n.. keras-ascii:: net.json\n   :width: 50\n")
    conf = {"keras_ascii_charset": "ascii", "keras_ascii_width": 70, "keras_ascii_builders": {"text": {"width": 60}}}
    text = project.build("text", **conf).text("index.txt")
    assert drawn("chain", charset="ascii", width=60) in text
    assert drawn("chain", charset="ascii", width=50) in text
    xml = project.build("pseudoxml", **conf).text("index.pseudoxml")
    assert stripped(drawn("chain", charset="ascii", width=70)) in stripped(xml)


TARGETS = {
    "light.models:unet": "unet",
    "light.models.unet": "unet",
    "light.models:make('chain')": "chain",
    'light.models:make(name="chain")': "chain",
    "light.models:make\n   :call: ('chain',)": "chain",
    "light.models:make\n   :call: name='chain'": "chain",
    "script.py:net": "split",
    "../script.py:net": None,
    "/sub/script.py:net": "split",
    "net.json": "residual",
    "/sub/net.json": "residual",
    "drawn.txt": "seq2seq",
}


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_code_or_a_file_beside_the_page(project: Project, target: str) -> None:
    name = TARGETS[target]
    project.write(
        "docs/sub/script.py", f"import keras_ascii_tools as kat\nnet = kat.read({str(DRAWINGS / 'split.json')!r})\n"
    )
    project.write("docs/sub/net.json", (DRAWINGS / "residual.json").read_text())
    project.write("docs/sub/drawn.txt", (DRAWINGS / "seq2seq.snapshot.txt").read_text())
    project.page(".. toctree::\n\n   sub/page\n")
    project.page(f".. keras-ascii:: {target}\n", "sub/page")
    built = project.build("text")
    if name is None:
        assert "no such file" in "".join(built.warnings)
        return
    assert built.warnings == []
    shown = built.text("sub/page.txt")
    expected = drawn(name)
    if target == "drawn.txt":  # it does not say what the arrays take
        expected, shown = expected.split("weights (")[0], shown.split("weights")[0]
    assert expected in f"{shown}weights ("


def test_a_bare_name_belongs_to_the_module_that_the_page_is_about(project: Project) -> None:
    project.page(".. py:currentmodule:: light.models\n\n.. keras-ascii:: unet\n\n.. keras-ascii:: .make('chain')\n")
    built = project.build("text")
    assert built.warnings == []
    assert drawn("unet") in built.text("index.txt")
    assert drawn("chain") in built.text("index.txt")


def test_inline_code_leaves_a_model(project: Project) -> None:
    project.page(".. keras-ascii::\n   :fold:\n\n   from light.models import make\n\n   model = make('chain')\n")
    built = project.build("text", keras_ascii_setup_code="x = 1")
    assert built.warnings == []
    assert drawn("chain", fold="exact") in built.text("index.txt")
    project.edit("light/models.py", '+ ".json"', '.replace("chain", "split") + ".json"')
    assert drawn("split", fold="exact") in project.build("text", keras_ascii_setup_code="x = 1").text("index.txt")


def test_what_stands_around_a_drawing(project: Project) -> None:
    project.page(
        """
        .. keras-ascii:: light.models:unet
           :caption: A *net* of :keras-ascii:`light.models:unet|layers` layers.
           :name: the-net
           :align: center
           :class: wide special

        .. keras-ascii:: light.models:unet
           :wrapper: listing
           :caption: Listed.
           :name: listed

        .. keras-ascii:: light.models:unet
           :name: bare

        :numref:`the-net`, :numref:`listed`, :ref:`the-net`, :ref:`see <bare>`.
        """
    )
    built = project.build()
    assert built.warnings == []
    doctree = resolved(built, "index")
    [figure] = doctree.findall(nodes.figure)
    assert figure["ids"] == ["the-net"]
    assert figure["align"] == "center"
    assert [type(child) for child in figure.children] == [keras_ascii_drawing, nodes.caption]
    assert figure[0]["classes"] == ["wide", "special"]
    layers = len(kat.read(DRAWINGS / "unet.json").layers)
    assert figure[1].astext() == f"A net of {layers} layers."
    [listing] = doctree.findall(lambda node: isinstance(node, nodes.container))
    assert listing["classes"] == ["literal-block-wrapper", "keras-ascii-listing"]
    html = built.text("index.html")
    for shown in ("Fig. 1", "Listing 1", '<a class="reference internal" href="#bare">', 'id="bare"'):
        assert shown in html


def test_the_doctree_of_a_drawing_is_that_of_a_literal_block(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:make('split')\n   :caption: Split.\n   :name: s\n")
    shown = project.build("pseudoxml").text("index.pseudoxml")
    expected = f"""
        <figure ids="s" names="s">
            <literal_block language="none" xml:space="preserve">
                {drawn("split")}
            <caption>
                Split.
    """
    assert stripped(expected).strip() in stripped(shown)


@pytest.mark.parametrize(
    "around",
    [
        ".. note::\n\n   {}",
        "* Item\n\n  {}",
        ".. list-table::\n\n   * - {}",
        ".. tab-set::\n\n   .. tab-item:: A\n\n      {}",
        ".. dropdown:: Open\n\n   {}",
        ".. only:: html or text\n\n   {}",
        "Word\n   {}",
    ],
)
def test_a_drawing_can_stand_in_anything(project: Project, around: str) -> None:
    project.conf("extensions += ['sphinx_design']")
    at = len(around.splitlines()[-1].split("{}")[0])
    directive = f".. keras-ascii:: light.models:make('chain')\n{' ' * at}   :caption: C\n{' ' * at}   :no-index:\n"
    project.page(around.format(directive))
    for builder in ("html", "latex", "text"):
        built = project.build(builder)
        assert built.warnings == []
    assert "Dropout" in project.build("html").text("index.html")


def test_myst_markdown(project: Project) -> None:
    project.conf("extensions += ['myst_parser']")
    (project.docs / "index.rst").unlink(missing_ok=True)
    project.write(
        "docs/index.md",
        """
        # Title

        ```{keras-ascii} light.models:make('chain')
        :caption: In *Markdown*.
        :name: net
        :charset: ascii
        ```

        {numref}`net` has {keras-ascii}`light.models:make("chain")|params` weights.

        ````{keras-ascii}

        from light.models import make
        model = make("nothing")
        ````
        """,
    )
    built = project.build()
    [warning] = built.warnings
    assert warning.startswith("index.md:12: WARNING: ")
    assert "Fig. 1" in built.text("index.html")
    assert "13,642 weights" in built.text("index.html").replace("</span>", "").replace(
        '<span class="keras-ascii-value">', ""
    )


def test_a_snapshot_is_drawn_as_it_is_and_compared_with_the_model(project: Project) -> None:
    snapshot = project.write("tests/__keras_ascii__/test_net/net.txt", (DRAWINGS / "chain.snapshot.txt").read_text())
    relative = "../tests/__keras_ascii__/test_net/net.txt"
    project.page(f".. keras-ascii::\n   :snapshot: {relative}\n")
    assert project.build("text").warnings == []
    assert project.imported() == 0
    project.page(f".. keras-ascii:: light.models:make('chain')\n   :snapshot: {relative}\n   :name: net\n")
    built = project.build("text")
    assert built.warnings == []
    assert drawn("chain").split("weights (")[0] in built.text("index.txt")
    snapshot.write_text(snapshot.read_text().replace("rate=0.5", "rate=0.4"))
    for _ in range(2):
        built = project.build("text")
        [warning] = built.warnings
        assert warning.startswith(f"index.rst:4: WARNING: {relative} is not what light.models:make('chain') is: ")
        assert warning.endswith("[keras_ascii.snapshot]")
        assert "0.4" in warning
        assert "Dropout  0.4" in built.text("index.txt")
    # Where models cannot be made, the snapshot is all that is needed.
    for mode in ("cached", "static"):
        assert project.build("text", to=f"_{mode}", keras_ascii_mode=mode).warnings == []


def test_a_missing_snapshot_is_said_so(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:unet\n   :snapshot: gone.txt\n")
    [warning] = project.build("text").warnings
    assert "gone.txt: No such file" in warning


def test_a_path_with_blanks_and_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Modèle no 1"
    project = Project(folder)
    monkeypatch.syspath_prepend(str(folder))
    project.page(".. keras-ascii:: light.models:make('chain')\n\n.. keras-ascii:: my net.json\n")
    project.write("docs/my net.json", (DRAWINGS / "chain.json").read_text())
    built = project.build("text")
    assert built.warnings == []
    assert built.text("index.txt").count("Dropout") == 2


def test_a_locale_that_knows_ascii_only(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:unet\n   :caption: Größe\n")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = project.command("-W", "-b", "text", env=ascii_only)
    assert (done.returncode, done.stderr) == (0, "")
    text = (project.folder / "_build/command/index.txt").read_text(encoding="utf-8")
    assert "Größe" in text
    assert "├─●" in text
