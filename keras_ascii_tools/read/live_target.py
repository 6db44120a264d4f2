"""`pkg.mod:attr` or `file.py:attr` -> the live object. Importing runs its code, as autodoc does."""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import ModelGraph

__all__ = ["live_target"]


def live_target(target: str, call: str | None = None) -> Any:
    """Import what `pkg.mod:attr` or `file.py:attr` names; call it if it is a factory or a class.

    Args:
        target: The target; the attribute may have dots.
        call: Literal arguments for the factory: `(32, depth=3)`. Default: none.

    Raises:
        SourceError: Something on the way is missing, raises, or needs arguments.
    """
    args, kwargs = _arguments(call)
    place, _, attribute = target.rpartition(":")
    with _stdout_to_stderr():
        module = _module(place, target)
        value: Any = module
        for part in attribute.split("."):
            try:
                value = getattr(value, part)
            except AttributeError:
                raise SourceError(f"{target}: {_name_of(value)} has no {part!r}{_close(value, part)}") from None
        if not _is_factory(value):
            if call is not None:
                raise SourceError(f"{target}: arguments are given, and {type(value).__name__} is no function to call")
            return value
        return _called(value, args, kwargs, target)


def _is_factory(value: Any) -> bool:
    """A function, class or partial, but no model, which can be called as well."""
    layer = getattr(getattr(sys.modules.get("keras"), "layers", None), "Layer", None)
    return (
        callable(value) and not (layer is not None and isinstance(value, layer)) and not isinstance(value, ModelGraph)
    )


def _arguments(call: str | None) -> tuple[list[Any], dict[str, Any]]:
    if call is None:
        return [], {}
    text = call.strip()
    text = text if text.startswith("(") else f"({text})"
    try:
        tree = ast.parse(f"f{text}", mode="eval").body
        if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
            raise ValueError("not arguments")
        args = [ast.literal_eval(arg) for arg in tree.args]
        return args, {str(item.arg): ast.literal_eval(item.value) for item in tree.keywords if item.arg is not None}
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise SourceError(f"--call: expected literal arguments such as (32, depth=3), got {call!r}") from None


def _called(factory: Any, args: list[Any], kwargs: dict[str, Any], target: str) -> Any:
    try:
        inspect.signature(factory).bind(*args, **kwargs)
    except TypeError as error:
        wanted = inspect.signature(factory)
        raise SourceError(f"{target}: {error}; it takes {wanted}; give arguments with --call '(...)'") from None
    except ValueError:
        pass  # a builtin that does not say what it takes
    try:
        made = factory(*args, **kwargs)
    except (Exception, SystemExit) as error:
        raise SourceError(f"{target} raised {_said(error)}") from error
    if inspect.iscoroutine(made):
        made.close()
        raise SourceError(f"{target}: expected a function that returns a model, got one that is to be awaited")
    return made


def _module(place: str, target: str) -> ModuleType:
    try:
        if place.endswith(".py"):
            return _module_of_file(place)
        if not all(part.isidentifier() for part in place.split(".")):
            raise SourceError(f"{target}: {place!r} is no module; expected pkg.module:attribute or file.py:attribute")
        with _on_path(os.getcwd()):
            return importlib.import_module(place)
    except SourceError:
        raise
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(f"{error.name}.")):
            raise SourceError(f"{target}: no module {error.name!r} here or in this environment") from error
        raise SourceError(f"{target}: importing {place} needs {error.name!r}, which is not installed") from error
    except (Exception, SystemExit) as error:
        raise SourceError(f"{target}: importing {place} raised {_said(error)}") from error


def _module_of_file(place: str) -> ModuleType:
    path = Path(place)
    if not path.is_file():
        raise SourceError(f"{place}: no such file")
    name = f"keras_ascii_target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SourceError(f"{place}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickling look their module up there
    with _on_path(str(path.resolve().parent)):
        spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _on_path(folder: str) -> Generator[None]:
    """Let a target import what lies beside it, as `python` does with a script."""
    if folder in sys.path:
        yield
        return
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(folder)


@contextlib.contextmanager
def _stdout_to_stderr() -> Generator[None]:
    """What a target prints is no part of the drawing."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _said(error: BaseException) -> str:
    """The error in one line, with the place in the target's code where it was raised."""
    said, where = str(error), _place(error)
    if isinstance(error, SyntaxError) and error.filename:  # raised by the import system, about another place
        said, where = error.msg, f"{error.filename}:{error.lineno}"
    text = " ".join(said.split())
    text = f": {text[:300]}" if text else ""
    return f"{type(error).__name__}{text}{f' ({where})' if where else ''}"


def _place(error: BaseException) -> str:
    """File and line of the innermost code that is neither ours nor the import system's."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    frames = [frame for frame in frames if not frame.filename.startswith("<")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _name_of(value: Any) -> str:
    return f"module {value.__name__}" if isinstance(value, ModuleType) else type(value).__name__


def _close(value: Any, part: str) -> str:
    import difflib

    found = difflib.get_close_matches(part, [name for name in dir(value) if not name.startswith("_")], 1)
    return f"; did you mean {found[0]!r}?" if found else ""
