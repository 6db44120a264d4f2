"""The domain `keras`: which pages show which models, so that they can be referred to, listed, and made in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx.domains import Domain, Index, IndexEntry, ObjType
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from sphinx_keras_ascii.requests import Use

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

__all__ = ["KerasDomain", "domain_of"]


class ModelIndex(Index):
    """All models that the documentation shows."""

    name = "modelindex"
    # Plain texts: the JSON builder cannot write what is translated later.
    localname = "Keras models"
    shortname = "models"

    def generate(self, docnames: Iterable[str] | None = None) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        """Return the models by the first letter of their short names."""
        domain = cast("KerasDomain", self.domain)
        letters: dict[str, list[IndexEntry]] = {}
        for name, (docname, anchor) in sorted(domain.models.items(), key=lambda item: _short(item[0]).lower()):
            if docnames is None or docname in docnames:
                entry = IndexEntry(_short(name), 0, docname, anchor, name if name != _short(name) else "", "", "")
                letters.setdefault(_short(name)[:1].upper(), []).append(entry)
        return sorted(letters.items()), False


def _short(name: str) -> str:
    """`build(3)` of `pkg.mod:build(3)`, `unet.json` of `models/unet.json`."""
    head, bracket, call = name.partition("(")
    return head.rpartition(":")[2].rpartition("/")[2] + bracket + call


class ModelRole(XRefRole):
    """`:keras:model:`: shows the short name, links to the drawing."""

    def process_link(
        self, env: BuildEnvironment, refnode: Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Leave the module out of the text if no other was given; `~` is understood, as everywhere in Sphinx."""
        target = target.lstrip("~")
        return (title if has_explicit_title else _short(target)), target


class KerasDomain(Domain):
    """Models, by target."""

    name = "keras"
    label = "Keras"
    object_types: ClassVar[dict[str, ObjType]] = {"model": ObjType("Keras model", "model")}
    roles: ClassVar[dict[str, Any]] = {"model": ModelRole()}
    indices: ClassVar[list[type[Index]]] = [ModelIndex]
    initial_data: ClassVar[dict[str, Any]] = {"uses": {}, "models": {}, "headings": {}}
    data_version = 1

    @property
    def uses(self) -> dict[str, list[Use]]:
        """What each page shows of models, in the order of the page."""
        return cast("dict[str, list[Use]]", self.data["uses"])

    @property
    def headings(self) -> dict[str, dict[str, str]]:
        """For pages with values in headings: digests of the models as the headings say them, by request."""
        return cast("dict[str, dict[str, str]]", self.data["headings"])

    def note_use(self, docname: str, use: Use) -> None:
        """Note that a page shows something of a model."""
        self.uses.setdefault(docname, []).append(use)

    def note_model(self, name: str, docname: str, anchor: str) -> None:
        """Note where a model is drawn; references go to the first place."""
        places: list[tuple[str, str]] = self.data["models"].setdefault(name, [])
        places.append((docname, anchor))

    @property
    def models(self) -> dict[str, tuple[str, str]]:
        """Page and anchor of each model: on the first page by name, there the first drawing."""
        return {name: min(places, key=lambda place: place[0]) for name, places in self.data["models"].items() if places}

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        self.uses.pop(docname, None)
        self.headings.pop(docname, None)
        for name, places in list(self.data["models"].items()):
            kept = [place for place in places if place[0] != docname]
            if kept:
                self.data["models"][name] = kept
            else:
                del self.data["models"][name]

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for docname in docnames:
            for what in ("uses", "headings"):
                if docname in otherdata[what]:
                    self.data[what][docname] = otherdata[what][docname]
        for name, places in otherdata["models"].items():
            self.data["models"].setdefault(name, []).extend(place for place in places if place[0] in docnames)

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield what goes into `objects.inv` and into the search."""
        for name, (docname, anchor) in sorted(self.models.items()):
            yield name, _short(name), "model", docname, anchor, 1

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        """Link to a drawing by its whole name, or by a short one that only one has."""
        models = self.models
        names = [target] if target in models else [name for name in models if _short(name) == target]
        if len(names) != 1:
            return None
        docname, anchor = models[names[0]]
        return make_refnode(builder, fromdocname, docname, anchor, contnode, names[0])

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Link `:any:` to a drawing."""
        found = self.resolve_xref(env, fromdocname, builder, "model", target, node, contnode)
        return [] if found is None else [("keras:model", found)]


def domain_of(env: BuildEnvironment) -> KerasDomain:
    """Return the domain of a build."""
    return cast("KerasDomain", env.get_domain("keras"))
