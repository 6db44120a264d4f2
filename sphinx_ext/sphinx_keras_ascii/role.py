r"""The role `keras-ascii`: a fact of a model in the text, ``:keras-ascii:`pkg.mod:build|params` ``. Makes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.docutils import SphinxRole

from sphinx_keras_ascii.directive import location_of
from sphinx_keras_ascii.domain import domain_of
from sphinx_keras_ascii.facts import FACTS
from sphinx_keras_ascii.models import warn
from sphinx_keras_ascii.nodes import keras_ascii_value
from sphinx_keras_ascii.requests import Location, Problem, Use
from sphinx_keras_ascii.targets import TargetError, request_for

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message

__all__ = ["ValueRole"]


class ValueRole(SphinxRole):
    """Leaves a place for a fact, and notes of which model."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the place."""
        target, bar, fact = self.text.rpartition("|")
        if not bar:
            target, fact = self.text, "summary"
        fact = fact.strip()
        where = self._where()
        if fact not in FACTS:
            return self._refused(f"expected one of {', '.join(FACTS)} behind the '|', got {fact!r}")
        try:
            request = request_for(self.env, target)
        except TargetError as error:
            return self._refused(str(error))
        domain_of(self.env).note_use(self.env.docname, Use(request, where))
        node = keras_ascii_value(self.rawtext, "", classes=["keras-ascii-value"])
        node["fact"] = {"request": request, "fact": fact, "location": where}
        self.set_source_info(node)
        return [node], []

    def _where(self) -> Location:
        source, line = self.get_source_info()
        return location_of(source, line, self.env.docname, str(self.env.doc2path(self.env.docname)))

    def _refused(self, text: str) -> tuple[list[Node], list[system_message]]:
        warn(Problem("target", text), self._where())
        self.env.note_reread()
        return [keras_ascii_value(self.rawtext, f"[{self.text}]")], []
