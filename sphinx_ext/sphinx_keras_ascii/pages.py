"""When a build does what: models are made after all pages are read, and drawn when a page is written.

Which pages show what is remembered beside the doctrees, builder by builder, so that a page is written again when a
model has changed, although the page has not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.logging import suppress_logging

from sphinx_keras_ascii.cache import write_whole
from sphinx_keras_ascii.domain import KerasDomain, domain_of
from sphinx_keras_ascii.models import Models
from sphinx_keras_ascii.nodes import keras_ascii_drawing, keras_ascii_value
from sphinx_keras_ascii.requests import Request, Use, digest_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["begin", "end", "fill_page", "filling_headings", "make_models"]

WITHOUT_TEXT = frozenset({"changes", "coverage", "doctest", "gettext", "linkcheck"})
"""Builders that write no pages: nothing is made for them."""


class Build:
    """What one run of Sphinx knows of models and pages."""

    def __init__(self, app: Sphinx, read: Iterable[str] = ()) -> None:
        """Begin; `read` are the pages that this run reads."""
        self.read = frozenset(read)
        name = digest_of([app.builder.name, str(app.outdir)])[:8]
        self._state_path = Path(app.doctreedir) / f"keras-ascii-{app.builder.name}-{name}.json"
        self._shown = self._read_state()
        self._written: set[str] = set()
        self._app = app
        self.models = Models(app, shown=[digest for digests in self._shown.values() for digest in digests])

    def _read_state(self) -> dict[str, list[str]]:
        with suppress(OSError, ValueError, TypeError, AttributeError):
            state: dict[str, list[str]] = json.loads(self._state_path.read_text(encoding="utf-8"))
            return {str(page): list(map(str, digests)) for page, digests in state.items()}
        return {}

    def digests(self, uses: Iterable[Use]) -> list[str]:
        """What uses show, in order."""
        found = (self.models.find(use.request) for use in uses)
        return ["" if model is None else model.digest for model in found]

    def changed_pages(self) -> list[str]:
        """Pages that show something else than when this builder last wrote them."""
        uses = domain_of(self._app.env).uses
        return [page for page in uses if self._shown.get(page) != self.digests(uses[page])]

    def note_written(self, page: str) -> None:
        """Note that a page is written with what models are now."""
        self._written.add(page)

    def save(self) -> None:
        """Remember what the pages show that were written."""
        uses = domain_of(self._app.env).uses
        state = {page: digests for page, digests in self._shown.items() if page in uses}
        state |= {page: self.digests(uses[page]) for page in self._written if page in uses}
        if state != self._shown:
            with suppress(OSError):  # then pages are written once more than they have to
                write_whole(self._state_path, json.dumps(state, sort_keys=True) + "\n")


def build_of(app: Sphinx) -> Build:
    """Return what this run knows."""
    build: Build | None = getattr(app, _ATTRIBUTE, None)
    if build is None:
        build = Build(app)
        setattr(app, _ATTRIBUTE, build)
    return build


_ATTRIBUTE = "_keras_ascii_build"


def begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Before pages are read: forget what another build of the same process knew."""
    setattr(app, _ATTRIBUTE, Build(app, read=docnames))


def filling_headings(app: Sphinx) -> type[SphinxTransform]:
    """Return what fills titles and captions of a page when it was read, before domains and tables note their words."""

    class FillHeadings(SphinxTransform):
        default_priority = 840  # domains look at the page at 850

        def apply(self, **kwargs: object) -> None:
            _fill_headings(app, self.document)

    return FillHeadings


def _fill_headings(app: Sphinx, doctree: nodes.document) -> None:
    # Imported when it is used, here and below: most builds write no page.
    from sphinx_keras_ascii.filling import fill_value

    page = app.env.docname
    for node in list(doctree.findall(keras_ascii_value)):
        if "fact" in node and _in_heading(node):
            request: Request = node["fact"]["request"]
            model = build_of(app).models.find(request)
            said = domain_of(app.env).headings.setdefault(page, {})
            said[request.key()] = "" if model is None else model.digest
            fill_value(node, model)


def _in_heading(node: nodes.Node | None) -> bool:
    """Tell whether it stands in what references and tables of contents show of a page before models are made."""
    while node is not None:
        if isinstance(node, nodes.title | nodes.caption | nodes.rubric):
            return True
        node = node.parent
    return False


def make_models(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """When all pages are read: make what is missing, warn of what cannot be; return pages that have to be written."""
    if app.builder.name in WITHOUT_TEXT:
        return []
    domain, build = domain_of(env), build_of(app)
    build.models.make(use.request for uses in domain.uses.values() for use in uses)
    again = [page for page in sorted(domain.headings) if _says_another(page, domain, build)]
    for page in again:
        app.events.emit("env-purge-doc", env, page)
        env.clear_doc(page)
        # What there is to warn of in a page that was read just now has been said.
        with suppress_logging() if page in build.read else nullcontext():
            app.builder.read_doc(page)
    for page in sorted(domain.uses):
        for use in domain.uses[page]:
            build.models.warn_of(use)
    return sorted({*again, *build.changed_pages()})


def _says_another(page: str, domain: KerasDomain, build: Build) -> bool:
    """Tell whether a heading says something that is no longer so."""
    said = domain.headings[page]
    models = {use.request.key(): build.models.find(use.request) for use in domain.uses.get(page, ())}
    return any(model is not None and said.get(key, model.digest) != model.digest for key, model in models.items())


def fill_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """When a page is about to be written: draw what it shows."""
    if app.builder.name in WITHOUT_TEXT:
        return
    from sphinx_keras_ascii.figures import suit_figures
    from sphinx_keras_ascii.filling import fill_drawing, fill_value

    build = build_of(app)
    build.note_written(docname)
    for value in list(doctree.findall(keras_ascii_value)):
        if "fact" in value:
            fill_value(value, build.models.find(value["fact"]["request"]))
    for number, drawing in enumerate(list(doctree.findall(keras_ascii_drawing))):
        if drawing.get("drawing") is not None:
            fill_drawing(app, drawing, build.models, docname, str(number))
        drawing.attributes.pop("drawing", None)
    suit_figures(doctree, app.builder)


def end(app: Sphinx, exception: Exception | None) -> None:
    """When everything is written: remember it."""
    if exception is None and app.builder.name not in WITHOUT_TEXT:
        build_of(app).save()
