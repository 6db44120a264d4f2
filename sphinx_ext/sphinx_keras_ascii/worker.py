"""Makes models of a project in a process of their own: requests on standard input, one line of JSON for each.

Imports nothing of Sphinx. What the project prints goes to standard error.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import traceback
from typing import Any, TextIO

from sphinx_keras_ascii.imports import ImportGraph, files_of_modules, modules_of_target

__all__ = ["main"]

SETUP = "<keras_ascii_setup_code>"
INLINE = "<inline code>"


def main() -> None:
    """Answer all requests, one after the other."""
    channel = _take_standard_streams()
    job = json.load(os.fdopen(0, encoding="utf-8", closefd=False))
    _close_standard_input()
    sys.path[:0] = job["path"]
    imports = ImportGraph()
    with imports.watching():
        setup: dict[str, Any] = {"__name__": "__keras_ascii_setup__", "__file__": SETUP}
        failed = _run(job["setup"], SETUP, setup) if job["setup"] else None
        _say(channel, {"ready": True, "setup": failed})
        requests: list[dict[str, Any]] = [] if failed else job["requests"]
        for request in requests:
            # What others have said before is not this one's.
            _say(channel, {"begin": request["key"], "said": _said_so_far()})
            _say(channel, {"end": request["key"], **_answer(request, imports, setup)})


def _take_standard_streams() -> TextIO:
    """Keep standard output for the answers; let everything else that is printed go to standard error."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    return channel


def _close_standard_input() -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _say(channel: TextIO, message: dict[str, Any]) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


def _said_so_far() -> int:
    """How long the text on standard error is, which is a file."""
    sys.stderr.flush()
    return os.fstat(2).st_size


def _answer(request: dict[str, Any], imports: ImportGraph, setup: dict[str, Any]) -> dict[str, Any]:
    """Make one model; whatever goes wrong becomes words."""
    try:
        _forget_names()
        # Here, because to import it can fail in an interpreter that is not ours.
        import keras_ascii_tools as kat

        shape = None if request["input_shape"] is None else ast.literal_eval(request["input_shape"])
        if request["kind"] == "inline":
            names = {**setup, "__name__": "__keras_ascii__", "__file__": f"{INLINE}{request['key']}"}
            failed = _run(request["target"], INLINE, names)
            if failed:
                return {"problem": "build", "text": failed}
            if "model" not in names:
                return {"problem": "target", "text": "the code leaves no variable `model`"}
            graph = kat.read(names["model"], input_shape=shape)
            roots = [names["__file__"]]
        else:
            graph = kat.read(request["target"], input_shape=shape, call=request["call"])
            roots = list(_roots(request["target"]))
        document = kat.draw(graph).to("json")
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        if request["kind"] == "inline":
            return {"problem": "build", "text": _one_line(error)}
        return {"problem": _stage(request["target"]), "text": _one_line(error)}
    return {
        "graph": document,
        "how": graph.how.value,
        "sources": imports.files([SETUP, *roots]),
        "versions": _versions(kat.__version__),
    }


def _run(code: str, name: str, names: dict[str, Any]) -> str | None:
    """Execute code; return what went wrong, with the line in it."""
    try:
        exec(compile(code, name, "exec"), names)
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
        lines += [error.lineno] if isinstance(error, SyntaxError) and error.filename == name else []
        return f"{_one_line(error)} (line {lines[-1]} of the code)" if lines else _one_line(error)
    return None


def _forget_names() -> None:
    """Let Keras count from the beginning, so that names do not depend on what was made before."""
    utils = getattr(sys.modules.get("keras"), "utils", None)
    clear = getattr(utils, "clear_session", None)
    if clear is not None:
        clear(free_memory=False)  # to look for garbage takes longer than to make most models


def _roots(target: str) -> list[str]:
    place = target.rpartition(":")[0]
    if place.endswith(".py"):
        return [os.path.abspath(place)]
    return list(files_of_modules(modules_of_target(place)))


def _stage(target: str) -> str:
    """How far it came: is the module there, is the attribute?"""
    place, _, attribute = target.rpartition(":")
    if place.endswith(".py") and not os.path.isfile(place):
        return "target"
    name = f"keras_ascii_target_{os.path.basename(place)[:-3]}" if place.endswith(".py") else place
    value: Any = sys.modules.get(name)
    if value is None:
        return "import"
    for part in attribute.split("."):
        value = getattr(value, part, None)
        if value is None:
            return "target"
    return "build"


def _one_line(error: BaseException) -> str:
    # Of inline code, the line is said by others.
    what = error.msg if isinstance(error, SyntaxError) and error.filename == INLINE else error
    try:
        text = " ".join(str(what).split())
    except Exception:  # of an exception that cannot say what it is
        text = ""
    said = type(error).__module__.startswith("keras_ascii_tools")
    if said:  # in the words of the directive
        text = text.replace("give arguments with --call '(...)'", "give arguments with :call:")
    return (text if said else f"{type(error).__name__}: {text}".rstrip(": "))[:1000]


def _versions(ours: str) -> dict[str, str]:
    keras: Any = sys.modules.get("keras")
    versions = {"keras-ascii-tools": ours}
    if keras is not None and hasattr(keras, "__version__"):
        versions["keras"] = str(keras.__version__)
    return versions


if __name__ == "__main__":
    main()
