"""The directive `keras-ascii-diff`: notes two models, and leaves a place for what changed between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from sphinx_keras_ascii.directive import DrawingDirective, as_it_stands, paths
from sphinx_keras_ascii.domain import domain_of
from sphinx_keras_ascii.options import DIFF_OPTION_NAMES, diff_options_on_page
from sphinx_keras_ascii.requests import Use
from sphinx_keras_ascii.targets import TargetError, request_for

if TYPE_CHECKING:
    from docutils.nodes import Node

__all__ = ["KerasAsciiDiff"]

_TARGET = re.compile(r"""(?:\((?:[^()'"]|\([^()]*\)|'[^']*'|"[^"]*")*\)|[^\s()])+""")
"""What stands between blanks, where blanks in brackets do not count."""


class KerasAsciiDiff(DrawingDirective):
    """`.. keras-ascii-diff:: BEFORE AFTER`."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {
        **dict.fromkeys(DIFF_OPTION_NAMES, as_it_stands),
        **{name: check for name, check in DrawingDirective.SHAPE.items() if name not in {"alt", "description"}},
        "depends": paths,
    }

    def run(self) -> list[Node]:
        """Note both models, and return their place."""
        try:
            targets = _TARGET.findall(self.arguments[0])
            if len(targets) != 2:
                raise TargetError(f"expected two targets, the model before and after, got {self.arguments[0]!r}")
            options = diff_options_on_page(self.options)
            depends = self.options.get("depends", ())
            requests = tuple(request_for(self.env, target, depends=depends) for target in targets)
        except TargetError as error:
            return self.unavailable("target", str(error))
        except ValueError as error:
            return self.unavailable("option", str(error))
        for request in requests:
            domain_of(self.env).note_use(self.env.docname, Use(request, self.where()))
        return [self.placed({"requests": requests, "options": options})]
