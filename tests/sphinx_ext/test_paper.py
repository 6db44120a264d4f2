"""LaTeX, PDF and EPUB: every character defined, nothing wider than the line, nothing split that a page can hold."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sphinx_keras_ascii.latex import columns_of, to_latex

import keras_ascii_tools as kat
from tests.sphinx_ext.projects import DRAWINGS, Built, Project

STY = Path(__file__).resolve().parents[2] / "sphinx_ext/sphinx_keras_ascii/sphinxkerasascii.sty"
ALL = sorted(path.name.removesuffix(".json") for path in DRAWINGS.glob("*.json"))
TEX = (
    "needs TeX: apt-get install --no-install-recommends latexmk texlive-latex-recommended texlive-latex-extra "
    "texlive-fonts-recommended tex-gyre texlive-xetex texlive-luatex fonts-freefont-otf poppler-utils"
)


def macros(text: str) -> set[str]:
    return set(re.findall(r"\\(ka[A-Za-z]+)", text))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("charset", ["unicode", "ascii"])
def test_every_character_of_every_drawing_is_defined(name: str, charset: str) -> None:
    for options in ({}, {"fold": "similar", "fuse": True}, {"style": "classic"}, {"names": "all", "depth": -1}):
        tex = to_latex(str(kat.draw(DRAWINGS / f"{name}.json", charset=charset, **options)), unicode_engine=False)
        # What is left is what T1 has: ASCII and Latin-1 letters.
        assert all(ord(character) < 0x100 for character in tex)
        assert macros(tex) <= macros(STY.read_text(encoding="utf-8"))


def test_everything_that_a_drawing_is_made_of_has_a_macro() -> None:
    """As the core lists it, so that a new character is noticed here."""
    from keras_ascii_tools.glyphs import GLYPHS, UNICODE

    parts = [*UNICODE.lines, *UNICODE.fold, UNICODE.bar, UNICODE.ellipsis, UNICODE.arrow, UNICODE.times]
    parts += [UNICODE.node, UNICODE.source, UNICODE.sink, UNICODE.alone, UNICODE.uncalled]
    parts += [glyph.text for glyph in GLYPHS]
    tex = to_latex("\n".join(parts), unicode_engine=False)
    assert tex.isascii()
    assert "\\u" not in tex
    assert "?" not in tex


@pytest.mark.parametrize("text", ["a\\b{c}$%&#_^~", "--<<>>,,``''\"[x]*!?", "é à", "[a", "a]{"])
def test_text_is_escaped_and_keeps_its_width(text: str) -> None:
    tex = to_latex(text, unicode_engine=False)
    assert tex.startswith(f"\\kaDrawing{{{len(text)}}}{{1}}{{%\n\\kaLine{{")
    assert tex.count("{") - tex.count("\\{") == tex.count("}") - tex.count("\\}")
    assert not re.search(r"--|<<|>>|,,|``|''", tex)


def test_what_pdflatex_does_not_have_is_written_out() -> None:
    assert "\\textbackslash{}u4e2d" in to_latex("中 ✓", unicode_engine=False)
    # The others are asked whether their font has it.
    assert "\\kaOther{2}{中}{\\textbackslash{}u4e2d}" in to_latex("中 ✓", unicode_engine=True)
    assert columns_of("中 ✓") == 4


def test_letters_are_not_asked_for_byte_by_byte() -> None:
    """To pdflatex they are two bytes, and `\\iffontchar` takes one."""
    assert "\\kaOther" not in to_latex("\u00fcml\u00e4ut \u00e9 \u00df", unicode_engine=False)


def test_a_wide_drawing_is_drawn_narrower_only_if_type_would_be_too_small(project: Project) -> None:
    project.page(
        ".. keras-ascii:: light.models:make('transformer')\n   :columns: kind, name, shape, weights, settings\n"
    )
    wide = project.build("latex").text("models.tex")
    assert int(re.findall(r"\\kaDrawing\{(\d+)\}", wide)[0]) > 60
    narrow = project.build("latex", keras_ascii_latex_min_size=14.0).text("models.tex")
    assert int(re.findall(r"\\kaDrawing\{(\d+)\}", narrow)[0]) <= 53
    assert "cut" in narrow


PAGE = """
.. keras-ascii:: light.models:unet
   :caption: A *net* with a title, fitted.
   :name: net

See :numref:`net`, :numref:`listed`, :ref:`listed` and :numref:`long`.

.. keras-ascii:: light.models:make('transformer')
   :wrapper: listing
   :caption: Listed.
   :name: listed

* .. keras-ascii:: light.models:make('siamese_nested')

.. list-table::

   * - .. keras-ascii:: light.models:make('chain')
     - Text

.. note::

   .. keras-ascii:: light.models:make('wrappers')
      :align: right

.. keras-ascii-diff:: light.models:make('chain') light.models:make('residual')

.. keras-ascii:: odd.json

.. keras-ascii:: long.json
   :caption: Longer than a page.
   :name: long

.. keras-ascii:: letters.json
"""


@pytest.fixture
def paper(project: Project) -> Project:
    project.page(PAGE)
    project.write("docs/odd.json", (DRAWINGS / "odd_names.json").read_text(encoding="utf-8"))
    examples = Path(__file__).resolve().parents[2] / "examples"
    letters = (DRAWINGS / "chain.json").read_text(encoding="utf-8").replace("Dropout", "\u00dcml\u00e4\u00fct\u00e9")
    project.write("docs/letters.json", letters)
    project.write("docs/long.json", (examples / "transformer.json").read_text(encoding="utf-8"))
    return project


def pdf(built: Built, engine: str) -> tuple[str, str]:
    """Text of the PDF, laid out, and the log."""
    how = {"pdflatex": "-pdf", "xelatex": "-pdfxe", "lualatex": "-pdflua"}[engine]
    command = ["latexmk", how, "-silent", "-interaction=nonstopmode", "-halt-on-error", "models.tex"]
    done = subprocess.run(command, cwd=built.out, capture_output=True, text=True, timeout=300)
    log = (built.out / "models.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-3000:]
    text = subprocess.run(
        ["pdftotext", "-layout", "models.pdf", "-"], cwd=built.out, capture_output=True, text=True, check=True
    )
    return text.stdout, log


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("latexmk") and shutil.which("pdftotext")), reason=TEX)
@pytest.mark.parametrize("engine", ["pdflatex", "xelatex", "lualatex"])
def test_pdf(paper: Project, engine: str) -> None:
    if shutil.which(engine) is None:
        pytest.skip(TEX)
    built = paper.build("latex", latex_engine=engine, latex_use_xindy=False)
    assert built.warnings == []
    text, log = pdf(built, engine)
    assert not re.findall(
        r"^! .*|not set up for use|Undefined control|Missing character|Reference .* undefined", log, re.M
    )
    # Nothing that is wider than its line, in the pages that have drawings.
    assert not re.findall(r"Overfull \\hbox \((\d\d+\.\d+)pt too wide\)", log)
    pages = text.split("\f")
    for words in (["enc", "Fig. 1: A net with a title"], ["Listing 1: Listed."], ["Fig. 2: Longer than a page."]):
        assert any(all(word in page for word in words) for page in pages), words
    # In one piece: the first and the last line of a drawing are on one page.
    name = "MaxPooling2D"
    assert any(page.count(name) >= 1 and "Fig. 1" in page and "weights (" in page for page in pages)
    # Longer than a page, and therefore on several.
    assert sum("MultiHeadAttention" in page for page in pages) >= 2


def test_the_style_sheet_of_an_epub_has_nothing_that_is_forbidden_there(paper: Project) -> None:
    """What epubcheck refuses, here for those who do not have it."""
    css = paper.build("epub").text("_static/keras-ascii.css")
    assert not re.findall(r"\b(?:direction|unicode-bidi)\s*:", css)
    assert not re.findall(r"font:[^;]*\b(?:max|min|clamp|calc)\(", css)
    assert re.sub(r"[^{}]", "", css).replace("{}", "").replace("{}", "") == ""


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("epubcheck") and shutil.which("java")),
    reason="needs epubcheck: apt-get install --no-install-recommends epubcheck default-jre-headless",
)
def test_epub_is_valid(paper: Project) -> None:
    paper.conf("epub_uid = epub_identifier = 'models'\nepub_publisher = 'us'\n")
    built = paper.build("epub")
    assert built.warnings == []
    [book] = built.out.glob("*.epub")
    check = ["java", "-jar", str(shutil.which("epubcheck"))]  # a Java archive, which not every system starts by itself
    done = subprocess.run([*check, str(book)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
