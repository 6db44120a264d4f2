"""Drawings in docstrings without a word in them: of functions that return a model, and of classes of models. Opt-in.

Looks at what autodoc imported, which may be mocks, only to tell whether it is one of these; never calls it.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

__all__ = ["listen"]

_MODELS = re.compile(r"(^|[.\s'\"])(Model|Sequential|Functional)['\"]?$")


def listen(app: Sphinx, config: Config) -> None:
    """Listen to autodoc, if it is there; it may have been loaded after us."""
    if config.keras_ascii_autodoc and "autodoc-process-docstring" in app.events.events:
        app.connect("autodoc-process-docstring", add_drawing)


def add_drawing(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Append an empty directive to the docstring of what makes a model by being called without arguments."""
    if any(".. keras-ascii::" in line for line in lines):
        return
    if what in {"function", "class", "method"} and makes_a_model(what, obj) and _needs_nothing(what, obj):
        shape = getattr(obj, "keras_ascii_input_shape", None)
        lines += ["", ".. keras-ascii::", *([f"   :input-shape: {shape!r}"] if _is_literal(shape) else []), ""]


def makes_a_model(what: str, obj: Any) -> bool:
    """Tell whether it is a function with a model for its result, or a class of models."""
    if what == "class":
        return any(
            _MODELS.search(parent.__qualname__) and _name_of(parent).startswith("keras.")
            for parent in getattr(obj, "__mro__", ())[1:]
        ) or any(_MODELS.search(_name_of(base)) for base in getattr(obj, "__orig_bases__", ()))
    if what == "method" and not isinstance(inspect.getattr_static(obj, "__self__", None), type):
        return False
    annotations = getattr(inspect.unwrap(obj), "__annotations__", {})
    result = annotations.get("return")
    return result is not None and bool(_MODELS.search(result if isinstance(result, str) else _name_of(result)))


def _name_of(obj: Any) -> str:
    """Also of one of autodoc's mocks, which say what they stand for."""
    shown = getattr(obj, "__display_name__", None)
    if isinstance(shown, str):
        return shown
    return f"{getattr(obj, '__module__', '')}.{getattr(obj, '__qualname__', '')}"


def _needs_nothing(what: str, obj: Any) -> bool:
    try:
        parameters = inspect.signature(obj).parameters.values()
    except (TypeError, ValueError):
        return False
    optional = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return all(each.default is not each.empty or each.kind in optional for each in parameters)


def _is_literal(value: Any) -> bool:
    return type(value) in {tuple, list, dict} and bool(value)
