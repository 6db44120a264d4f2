"""Registers everything with Sphinx: the one place that lists what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_keras_ascii import autodoc, latex, pages
from sphinx_keras_ascii.cache import installed_versions, write_whole
from sphinx_keras_ascii.diff_directive import KerasAsciiDiff
from sphinx_keras_ascii.directive import KerasAscii
from sphinx_keras_ascii.domain import KerasDomain
from sphinx_keras_ascii.nodes import depart_html, keras_ascii_drawing, keras_ascii_value, visit_html
from sphinx_keras_ascii.role import ValueRole
from sphinx_keras_ascii.settings import add_settings, check_settings

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["register"]

STYLE_SHEET = "keras-ascii.css"

PAGE_CSS = """\
.keras-ascii-block { margin: 1em 0; max-width: 100%; min-width: 0; text-align: left; }
figure > .keras-ascii-block, .literal-block-wrapper > .keras-ascii-block { margin: 0; }
.keras-ascii-block .keras-ascii { margin: 0; }
.keras-ascii-listing .caption-number { margin-right: .4em; }
td .keras-ascii-block { max-width: 60vw; } /* a table asks how wide a drawing is, and not how wide it may be */
"""


def register(app: Sphinx) -> ExtensionMetadata:
    """Register everything."""
    app.require_sphinx("7.4")
    add_settings(app)
    app.add_domain(KerasDomain)
    app.add_directive("keras-ascii", KerasAscii)
    app.add_directive("keras-ascii-diff", KerasAsciiDiff)
    app.add_role("keras-ascii", ValueRole())
    app.add_node(keras_ascii_drawing, html=(visit_html, depart_html), latex=(latex.visit_latex, None))
    app.add_node(keras_ascii_value)
    app.add_node(latex.keras_ascii_long_figure, latex=(latex.visit_long_figure, latex.depart_long_figure))
    app.add_latex_package(latex.STYLE)
    app.connect("config-inited", check_settings)
    app.connect("config-inited", autodoc.listen)
    app.connect("builder-inited", copy_styles)
    app.connect("env-before-read-docs", pages.begin)
    app.add_transform(pages.filling_headings(app))
    # Before others work on the pages that are read.
    app.connect("env-updated", pages.make_models, priority=100)
    app.connect("doctree-resolved", pages.fill_page)
    app.connect("html-page-context", add_style)
    app.connect("build-finished", pages.end)
    return {
        "version": installed_versions().get("keras-ascii-tools", "unknown"),
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def copy_styles(app: Sphinx) -> None:
    """Put our style beside a LaTeX document; pages get theirs when one needs it."""
    latex.copy_style(app)


def _style_sheet(app: Sphinx) -> None:
    """Write the style sheet of pages, if it is not there: any process may be the first to need it."""
    path = Path(app.outdir, "_static", STYLE_SHEET)
    import keras_ascii_tools as kat

    text = kat.Drawing.css() + PAGE_CSS
    if app.builder.name == "epub":
        text = _for_epub(text)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)


def _for_epub(css: str) -> str:
    """Leave out what EPUB forbids in style sheets: writing directions, and sizes of type that are calculated."""
    css = re.sub(r"\s*\b(direction|unicode-bidi)\s*:[^;}]*;?", "", css)
    return re.sub(r"max\(12px, ([^)]*)\)", r"\1", css)


def add_style(
    app: Sphinx, page: str, template: str, context: dict[str, object], doctree: nodes.document | None
) -> None:
    """Load the style on pages that have a drawing, and on no other."""
    if doctree is not None and any(node.html for node in doctree.findall(keras_ascii_drawing)):
        _style_sheet(app)
        app.add_css_file(STYLE_SHEET)
