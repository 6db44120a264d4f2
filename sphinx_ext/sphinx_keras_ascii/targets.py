"""What stands after `.. keras-ascii::` -> what to draw. Imports nothing and reads nothing."""

from __future__ import annotations

import ast
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from sphinx_keras_ascii.requests import Request

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

__all__ = ["TargetError", "documented_object", "request_for"]

_CALL = re.compile(r"(?P<target>[^()]+?)\s*(?P<call>\(.*\))?", re.DOTALL)
_DOTTED = re.compile(r"\.?[^\W\d]\w*(\.[^\W\d]\w*)*")
_FILES = (".keras", ".h5", ".hdf5", ".json", ".txt")


class TargetError(ValueError):
    """A target that names nothing; its text is one line."""


def request_for(
    env: BuildEnvironment,
    target: str,
    *,
    call: str | None = None,
    input_shape: str | None = None,
    depends: tuple[str, ...] = (),
) -> Request:
    """Say what a target on the page that is being read means.

    Args:
        env: Knows the page, and the module that it is about.
        target: `pkg.mod:attr`, with or without `(arguments)`; `attr` or `.attr` of the module that the page is about;
            `file.py:attr` or a saved file, relative to the page, or with `/` in front to the source directory.
        call: Arguments.
        input_shape: For a model that is not built.
        depends: Files, as paths relative to the page.

    Raises:
        TargetError: It is none of these.
    """
    match = _CALL.fullmatch(target.strip())
    if match is None:
        raise TargetError(f"expected pkg.module:attribute, file.py:attribute or a file, got {target!r}")
    if call is not None and match["call"] is not None:
        raise TargetError(f"arguments are given twice: {match['call']} and {call}")

    given = _literal_call(match["call"] if call is None else call)

    def request(kind: Literal["code", "file"], what: str) -> Request:
        files = tuple(sorted(_relative(env, path) for path in depends))
        return Request(kind, what, given, input_shape, files)

    found = match["target"]
    if "://" in found:
        raise TargetError(f"documentation is built from files at hand, got {found!r}")
    place, colon, attribute = found.rpartition(":")
    if colon and _DOTTED.fullmatch(attribute):
        place = _relative(env, place) if place.endswith(".py") else place
        return request("code", f"{place}:{attribute}")
    if _is_file(env, found):
        return request("file", _relative(env, found))
    return request("code", _completed(env, found))


def _literal_call(call: str | None) -> str | None:
    """Arguments in brackets, if there are any, and they are literals."""
    if call is None:
        return None
    text = call.strip() if call.strip().startswith("(") else f"({call.strip()})"
    try:
        parsed = ast.parse(f"f{text}", mode="eval").body
        if not isinstance(parsed, ast.Call) or not isinstance(parsed.func, ast.Name):
            raise ValueError("more than arguments")
        for value in (*parsed.args, *(keyword.value for keyword in parsed.keywords)):
            ast.literal_eval(value)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise TargetError(f"expected literal arguments such as (32, depth=3), got {call!r}") from None
    return text


def _is_file(env: BuildEnvironment, target: str) -> bool:
    if target.lower().endswith(_FILES) or "/" in target or "\\" in target or not _DOTTED.fullmatch(target):
        return True
    return Path(env.srcdir, _relative(env, target)).exists()


def _relative(env: BuildEnvironment, path: str) -> str:
    """A path on the page, relative to the source directory."""
    if path.startswith("/"):
        return posixpath.normpath(path.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(env.docname), path.replace("\\", "/")))


def _completed(env: BuildEnvironment, target: str) -> str:
    """`attr` and `.attr` belong to the module that the page is about; `pkg.mod.attr` names its own."""
    module = env.ref_context.get("py:module")
    name = target.removeprefix(".")
    if module and (target.startswith(".") or "." not in target):
        return f"{module}:{name}"
    place, dot, attribute = target.rpartition(".")
    if not dot or not place:
        raise TargetError(f"{target!r}: no module is given, and the page names none (.. py:currentmodule::)")
    return f"{place}:{attribute}"


def documented_object(env: BuildEnvironment) -> str | None:
    """Return the target of the object whose description is being read, if it is one of Python's."""
    module = env.ref_context.get("py:module")
    # Before Sphinx 8.2, a name and its prefix.
    described: Any = cast("Any", env.temp_data.get("object")) or ""
    name: str = described if isinstance(described, str) else described[0]
    return f"{module}:{name}" if module and name else None
