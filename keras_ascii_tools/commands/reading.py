"""Arguments that say how to read targets, and the reading itself. Knows no command."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from keras_ascii_tools.errors import OptionError

if TYPE_CHECKING:
    from keras_ascii_tools.graph import ModelGraph

__all__ = ["read_target", "reading_arguments"]


def reading_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments that `read_target` looks at."""
    source = command.add_argument_group("reading")
    source.add_argument(
        "--call", metavar="ARGS", help="literal arguments for a target that is a function: '(32, depth=3)'"
    )
    source.add_argument(
        "--input-shape",
        metavar="SHAPE",
        help="for a model that is not built: '(None, 28, 28, 1)', or a list or dict of shapes",
    )
    source.add_argument("--keep-names", action="store_true", help="count names that Keras made up (dense_3) as given")


def read_target(target: str, given: argparse.Namespace) -> ModelGraph:
    """Read a target, or standard input for `-`.

    Raises:
        SourceError: It cannot be read.
        OptionError: The shape that was given is none.
    """
    if target == "-":
        from keras_ascii_tools.read.target import read_standard_input

        return read_standard_input(sys.stdin.buffer, keep_names=given.keep_names)
    from keras_ascii_tools.api import read
    from keras_ascii_tools.commands.progress import progress

    with progress(target):
        return read(
            target,
            input_shape=_shape(given.input_shape),
            names="keep" if given.keep_names else "given",
            call=given.call,
        )


def _shape(text: str | None) -> Any:
    """A shape, or a list or dict of shapes, as a literal; a bare `28,28,1` has no batch axis and gets a dynamic one."""
    if text is None:
        return None
    import ast

    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        raise OptionError(f"--input-shape: expected a shape such as '(None, 28, 28, 1)', got {text!r}") from None
    return (value,) if isinstance(value, int) else value
