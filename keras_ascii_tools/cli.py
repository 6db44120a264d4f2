"""The command `keras-ascii`. Prints and exits; everything else is done elsewhere."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keras_ascii_tools import __version__
from keras_ascii_tools.arguments import options_from, parser, with_fold_set_apart
from keras_ascii_tools.errors import KerasAsciiError, OptionError, SourceError
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.terminal import Terminal, write_file

__all__ = ["main"]

OK = 0
TROUBLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, or 2 for anything that went wrong."""
    given = parser(__version__).parse_args(with_fold_set_apart(sys.argv[1:] if arguments is None else arguments))
    if not given.command:
        parser(__version__).print_help()
        return OK
    try:
        return _COMMANDS[given.command](given)
    except BrokenPipeError:
        # The reader has gone, as `head` does. Python would complain when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130
    except KerasAsciiError as error:
        return _trouble(error, given)
    except RecursionError:
        return _trouble(SourceError("nested deeper than this Python can follow"), given)
    except Exception as error:
        return _trouble(SourceError(f"a fault of keras-ascii, please report it: {_said(error)}"), given, error)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error} (--debug shows where)"


def _trouble(error: KerasAsciiError, given: argparse.Namespace, cause: Exception | None = None) -> int:
    if given.debug:
        raise cause or error
    print(f"keras-ascii: {' '.join(str(error).split())}", file=sys.stderr)
    return TROUBLE


def _show(given: argparse.Namespace) -> int:
    from keras_ascii_tools.api import draw, read

    terminal = Terminal.of(sys.stdout, given.color)
    options = options_from(given, terminal)
    status = OK
    texts: list[str] = []
    for target in given.targets:
        try:
            graph = (
                _standard_input()
                if target == "-"
                else read(
                    target,
                    input_shape=_shape(given.input_shape),
                    names="keep" if given.keep_names else "given",
                    call=given.call,
                )
            )
            drawing = draw(graph, options=options)
            if terminal.is_terminal and given.fold is None and given.format == "text":
                drawing = _folded_if_tall(graph, drawing, options, terminal)
            texts.append(drawing.to(given.format))
        except KerasAsciiError as error:
            if len(given.targets) == 1:
                raise
            status = _trouble(error, given)
    text = "\n".join(texts)
    if given.output:
        if texts:
            write_file(given.output, text)
    else:
        terminal.show(text, pager=given.pager)
    return status


def _folded_if_tall(graph: Any, drawing: Any, options: DrawOptions, terminal: Terminal) -> Any:
    from keras_ascii_tools.api import draw

    if options.profile != "display" or options.style != "rows" or options.sort != "graph":
        return drawing
    if str(drawing).count("\n") < terminal.height:
        return drawing
    return draw(graph, options=replace(options, fold="exact"))


def _standard_input() -> Any:
    from keras_ascii_tools.read.target import read_bytes

    return read_bytes(sys.stdin.buffer.read(), "standard input")


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


def _glyphs(given: argparse.Namespace) -> int:
    from keras_ascii_tools.legend import legend

    terminal = Terminal.of(sys.stdout, given.color)
    terminal.show(legend(given.charset or terminal.charset), pager=given.pager)
    return OK


_COMMANDS = {"show": _show, "glyphs": _glyphs}
