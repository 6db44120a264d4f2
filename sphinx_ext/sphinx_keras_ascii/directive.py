"""The directive `keras-ascii`: notes what a page shows, and leaves a place for it. Makes and draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

from sphinx_keras_ascii.domain import domain_of
from sphinx_keras_ascii.models import warn
from sphinx_keras_ascii.nodes import keras_ascii_drawing
from sphinx_keras_ascii.options import OPTION_NAMES, literal, options_on_page
from sphinx_keras_ascii.requests import Location, Problem, Request, Use, readable
from sphinx_keras_ascii.settings import DESCRIPTIONS, WRAPPERS
from sphinx_keras_ascii.targets import TargetError, documented_object, request_for

if TYPE_CHECKING:
    from docutils.nodes import Element, Node

__all__ = ["DrawingDirective", "KerasAscii", "as_it_stands", "location_of", "paths", "placeholder"]


def _text_of_literal(text: str | None) -> str:
    literal(text)
    return (text or "").strip()


def as_it_stands(text: str | None) -> str | None:
    """Leave an option to be read later, where a fault becomes a warning of our own type."""
    return text


def _choice(*choices: str) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        return str(directives.choice(text, choices))

    return chosen


def paths(text: str | None) -> tuple[str, ...]:
    """Read paths, separated by commas or line ends."""
    return tuple(path.strip() for path in (text or "").replace("\n", ",").split(",") if path.strip())


def location_of(source: str, line: int | None, docname: str, path: str) -> Location:
    """Return a place as warnings name it; of what stands in the page itself, by the page's name."""
    if source == path:
        return (docname, line or 1)
    return f"{source}:{line}" if line else source


class DrawingDirective(SphinxDirective):
    """What both directives have in common: where they stand, and what stands around a drawing."""

    SHAPE: ClassVar[dict[str, Any]] = {
        "name": directives.unchanged,
        "caption": directives.unchanged_required,
        "wrapper": _choice(*WRAPPERS),
        "align": _choice("left", "center", "right"),
        "class": directives.class_option,
        "alt": directives.unchanged_required,
        "description": _choice(*DESCRIPTIONS),
    }

    def where(self) -> Location:
        """Where the directive stands."""
        source, line = self.get_source_info()
        return location_of(source, line, self.env.docname, str(self.env.doc2path(self.env.docname)))

    def unavailable(self, subtype: str, text: str) -> list[Node]:
        """Warn, and say on the page that something is missing."""
        warn(Problem(subtype, text), self.where())
        self.env.note_reread()
        block = keras_ascii_drawing(placeholder(text), placeholder(text), language="none")
        block["drawing"] = None
        return [block]

    def placed(self, drawing: dict[str, Any]) -> Element:
        """Return what is to stand on the page: the node for a drawing, or a wrapper around it with a caption."""
        block = keras_ascii_drawing("", "", language="none", classes=self.options.get("class", []))
        block["drawing"] = {
            **drawing,
            "alt": self.options.get("alt"),
            "description": self.options.get("description"),
            "location": self.where(),
        }
        self.set_source_info(block)
        outer = self._wrapped(block) if "caption" in self.options else block
        if "align" in self.options:
            outer["align"] = self.options["align"]
            if outer is block:
                outer["classes"].append(f"align-{self.options['align']}")
        self.add_name(outer)
        return outer

    def _wrapped(self, block: keras_ascii_drawing) -> Element:
        """A figure or a listing around a drawing, so that it has a number and a caption."""
        caption = nodes.caption(self.options["caption"], "")
        parsed, messages = self.parse_inline(self.options["caption"], lineno=self.lineno)
        caption += [*parsed, *messages]
        self.set_source_info(caption)
        if self.options.get("wrapper", self.config.keras_ascii_wrapper) == "figure":
            figure = nodes.figure("", block, caption)
            self.set_source_info(figure)
            return figure
        classes = ["literal-block-wrapper", "keras-ascii-listing"]
        listing = nodes.container("", caption, block, literal_block=True, classes=classes)
        self.set_source_info(listing)
        return listing


def placeholder(text: str) -> str:
    """What stands where a drawing should be."""
    return f"[no drawing: {readable(text)}]"


class KerasAscii(DrawingDirective):
    """`.. keras-ascii:: TARGET`."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {
        **dict.fromkeys(OPTION_NAMES, as_it_stands),
        **DrawingDirective.SHAPE,
        "call": directives.unchanged_required,
        "input-shape": _text_of_literal,
        "depends": paths,
        "snapshot": directives.unchanged_required,
        "no-index": directives.flag,
    }

    def run(self) -> list[Node]:
        """Note the model, and return its place."""
        try:
            options = options_on_page(self.options)
            checked, shown = self._requests()
        except TargetError as error:
            return self.unavailable("target", str(error))
        except ValueError as error:
            return self.unavailable("option", str(error))
        domain = domain_of(self.env)
        domain.note_use(self.env.docname, Use(shown, self.where()))
        if checked is not None:
            domain.note_use(self.env.docname, Use(checked, self.where(), snapshot=shown))
        outer = self.placed({"requests": (shown,), "options": options})
        named = checked or shown
        if named.kind != "inline" and "no-index" not in self.options:
            domain.note_model(named.name, self.env.docname, self._anchor(outer, named.name))
        return [outer]

    def _anchor(self, outer: Element, name: str) -> str:
        """The drawing's place on the page: by the name that it was given, or one that follows from the target."""
        if not outer["ids"]:
            outer["ids"].append(make_id(self.env, self.state.document, "keras-model", name))
            self.state.document.note_explicit_target(outer)
        return str(outer["ids"][0])

    def _requests(self) -> tuple[Request | None, Request]:
        """What the snapshot is compared with, if anything, and what is drawn."""
        target = self.arguments[0] if self.arguments else ""
        code = "\n".join(self.content)
        if target and code.strip():
            raise TargetError(f"both a target and code are given: {target!r}; leave one out")
        snapshot = self.options.get("snapshot")
        if not target and not code.strip() and snapshot is None:
            target = documented_object(self.env) or ""
            if not target:
                raise TargetError("no target: expected pkg.module:attribute, a file, or code that leaves `model`")
        more: dict[str, Any] = {
            "call": self.options.get("call"),
            "input_shape": self.options.get("input-shape"),
            "depends": self.options.get("depends", ()),
        }
        asked = None
        if code.strip():
            asked = Request("inline", f"{code}\n", None, more["input_shape"])
        elif target:
            asked = request_for(self.env, target, **more)
        if snapshot is None:
            if asked is None:
                raise TargetError("no target")
            return None, asked
        return asked, request_for(self.env, snapshot if "/" in snapshot else f"./{snapshot}")
