"""`keras-ascii show`: draw models, one after the other."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keras_ascii_tools.commands.draw_arguments import drawing_arguments, options_from, with_fold_set_apart
from keras_ascii_tools.commands.parsing import EXIT_STATUS, output_arguments
from keras_ascii_tools.commands.terminal import Terminal
from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import KerasAsciiError, OptionError
from keras_ascii_tools.files import write_file

if TYPE_CHECKING:
    from keras_ascii_tools.graph import ModelGraph
    from keras_ascii_tools.options import DrawOptions
    from keras_ascii_tools.write import Drawing

__all__ = ["add_arguments", "prepare", "run"]

_EXAMPLES = """\
examples:
  keras-ascii show mypkg.models:build_unet            a model, or a function that returns one
  keras-ascii show train.py:model --call '(32, depth=3)'
  keras-ascii show keras.applications:ResNet50 --call '(weights=None)' --fold exact --fuse
  keras-ascii show model.json snapshot.txt            files that keras-ascii wrote
  keras-ascii show mypkg:build --profile snapshot -o unet.txt
  keras-ascii show mypkg:build --format html -o unet.html
  keras-ascii show mypkg:build --columns kind,shape,macs,inputs --sort macs
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = "Draw models: live ones, snapshot drawings, and the JSON of keras-ascii."
    command.epilog = f"{_EXAMPLES}\n{EXIT_STATUS}"
    command.add_argument(
        "targets",
        nargs="+",
        metavar="TARGET",
        help="pkg.module:attribute or path/to/file.py:attribute (a model, or a function that returns one), "
        "a snapshot drawing, a JSON file of keras-ascii, or - for standard input",
    )
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
    drawing_arguments(command)
    output = command.add_argument_group("format")
    output.add_argument(
        "--format", choices=("text", "markdown", "html", "svg", "json"), default="text", help="(default: text)"
    )
    output.add_argument("-o", "--output", metavar="FILE", help="write to a file, as a whole or not at all")
    output_arguments(command)


def prepare(arguments: Sequence[str]) -> list[str]:
    """Change the words of the command line into what argparse understands."""
    return with_fold_set_apart(arguments)


def run(given: argparse.Namespace) -> int:
    """Draw every target; one that fails is said and does not stop the rest."""
    from keras_ascii_tools.api import draw

    terminal = Terminal.of(sys.stdout, given.color)
    options = options_from(given, terminal)
    status = 0
    texts: list[str] = []
    for target in given.targets:
        try:
            graph = _read(target, given)
            drawing = draw(graph, options=options)
            if terminal.is_terminal and given.fold is None and given.format == "text":
                drawing = _folded_if_tall(graph, drawing, options, terminal)
            texts.append(drawing.to(given.format))
        except KerasAsciiError as error:
            if len(given.targets) == 1 or given.debug:
                raise
            say(error)
            status = TROUBLE
    text = "\n".join(texts)
    if given.output:
        if texts:
            write_file(given.output, text)
    else:
        terminal.show(text, pager=given.pager)
    return status


def _read(target: str, given: argparse.Namespace) -> ModelGraph:
    if target == "-":
        from keras_ascii_tools.read.target import read_standard_input

        return read_standard_input(sys.stdin.buffer, keep_names=given.keep_names)
    from keras_ascii_tools.api import read

    return read(
        target,
        input_shape=_shape(given.input_shape),
        names="keep" if given.keep_names else "given",
        call=given.call,
    )


def _folded_if_tall(graph: ModelGraph, drawing: Drawing, options: DrawOptions, terminal: Terminal) -> Drawing:
    from keras_ascii_tools.api import draw

    if options.profile != "display" or options.style != "rows" or options.sort != "graph":
        return drawing
    if str(drawing).count("\n") < terminal.height:
        return drawing
    return draw(graph, options=replace(options, fold="exact"))


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
