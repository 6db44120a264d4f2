"""Kinds of layers -> addresses of pages about them: by the setting, or in this documentation. For HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import keras_ascii_tools as kat

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains.python import PythonDomain

__all__ = ["kinds_of", "links_for"]


def kinds_of(graph: kat.ModelGraph) -> dict[str, str]:
    """Return the module of each kind of layer of a model, bodies included."""
    found: dict[str, str] = {}
    waiting = [graph]
    for body in waiting:
        for layer in (*body.layers, *(node.layer for node in body.nodes)):
            if layer.kind not in found:
                found[layer.kind] = layer.module or ""
            if layer.graph is not None and layer.graph not in waiting:
                waiting.append(layer.graph)
    return found


def links_for(app: Sphinx, graph: kat.ModelGraph, page: str) -> dict[str, str]:
    """Return where the kinds of layers of a model are explained."""
    table: Mapping[str, str] = app.config.keras_ascii_links
    links: dict[str, str] = {}
    for kind, module in kinds_of(graph).items():
        address = _by_setting(kind, module, table) or _in_this_documentation(app, f"{module}.{kind}", page)
        if address:
            links[kind] = address
    return links


def _by_setting(kind: str, module: str, table: Mapping[str, str]) -> str | None:
    """The entry for the class, or else for its module or the nearest package that it lies in; `{kind}` is filled in."""
    parts = module.split(".")
    packages = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    for name in (f"{module}.{kind}", kind, *packages):
        if name in table:
            return table[name].replace("{kind}", kind).replace("{module}", module)
    return None


def _in_this_documentation(app: Sphinx, name: str, page: str) -> str | None:
    python = cast("PythonDomain", app.env.get_domain("py"))
    found = python.objects.get(name)
    if found is None or found.objtype != "class":
        return None
    return f"{app.builder.get_relative_uri(page, found.docname)}#{found.node_id}"
