"""`keras-ascii show`: draw models, one after the other."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.draw_arguments import drawing_arguments, options_from, with_fold_set_apart
from keras_ascii_tools.commands.parsing import EXIT_STATUS, output_arguments
from keras_ascii_tools.commands.reading import read_target, reading_arguments
from keras_ascii_tools.commands.terminal import Terminal
from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.files import write_file
from keras_ascii_tools.options import CHOICES, SUMMARY_SORTS

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
  keras-ascii show model.keras old.h5 saved_model/    saved models of any release of Keras; Keras is not needed
  keras-ascii show models/ --summary --sort weights   a folder: one line for each model
  keras-ascii show 'runs/*/best.keras' https://example.org/unet.keras
  keras-ascii show model.json snapshot.txt            files that keras-ascii wrote
  keras-ascii show mypkg:build --profile snapshot -o unet.txt
  keras-ascii show mypkg:build --format html -o unet.html
  keras-ascii show mypkg:build --columns kind,shape,macs,inputs --sort macs
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = "Draw models: live ones, and saved ones of any format and release of Keras."
    command.epilog = f"{_EXAMPLES}\n{EXIT_STATUS}"
    command.add_argument(
        "targets",
        nargs="+",
        metavar="TARGET",
        help="pkg.module:attribute or path/to/file.py:attribute (a model, or a function that returns one), "
        "a saved model (.keras, .h5, SavedModel, JSON), a snapshot drawing, a folder or pattern of them, a URL, "
        "or - for standard input",
    )
    command.add_argument(
        "--summary", action="store_true", help="a table with one line for each model, instead of drawings"
    )
    reading_arguments(command)
    drawing_arguments(command, more_sorts=SUMMARY_SORTS)
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
    from keras_ascii_tools.commands.targets import expand

    terminal = Terminal.of(sys.stdout, given.color)
    targets, failed = expand(given.targets)
    for _, error in failed:
        say(error)
    if given.summary:
        from keras_ascii_tools.commands.table import show_table

        return show_table(given, targets, failed, terminal, partial(read_target, given=given))
    if given.sort in SUMMARY_SORTS and given.sort not in CHOICES["sort"]:
        raise OptionError(f"--sort {given.sort}: only a --summary is sorted so")
    work = partial(_draw, given=given, options=options_from(given, terminal), terminal=terminal)
    if len(targets) == 1 and not failed:
        texts, status = [work(targets[0])], 0
    else:
        texts, status = _draw_all(work, targets, given)
    text = "\n".join(texts)
    if given.output:
        if texts:
            write_file(given.output, text)
    else:
        terminal.show(text, pager=given.pager)
    return TROUBLE if failed else status


def _draw_all(work: Callable[[str], str], targets: list[str], given: argparse.Namespace) -> tuple[list[str], int]:
    """Draw many, with a heading each."""
    from keras_ascii_tools.commands.many import each
    from keras_ascii_tools.commands.targets import is_local_file

    texts: list[str] = []
    status = 0
    local = all(map(is_local_file, targets))
    for target, result in each(work, targets, local=local, remote=all("://" in target for target in targets)):
        if isinstance(result, str):
            texts.append(_heading(target, given.format) + result)
        elif given.debug:
            raise result
        else:
            say(result)
            status = TROUBLE
    return texts, status


def _heading(target: str, form: str) -> str:
    """Return what stands above one drawing of several; nothing where a heading would not be what the format says."""
    from keras_ascii_tools.escape import visible
    from keras_ascii_tools.read.target import target_name

    name = visible(target_name(target))
    if form == "text":
        return f"==> {name} <==\n\n"
    if form == "markdown":
        from keras_ascii_tools.write.to_markdown import code_span

        return f"## {code_span(name)}\n\n"
    if form == "html":
        from html import escape

        return f"<h2>{escape(name)}</h2>\n"
    return ""


def _draw(target: str, given: argparse.Namespace, options: DrawOptions, terminal: Terminal) -> str:
    """Read and draw one target."""
    from keras_ascii_tools.api import draw

    graph = read_target(target, given)
    drawing = draw(graph, options=options)
    if terminal.is_terminal and given.fold is None and given.format == "text":
        drawing = _folded_if_tall(graph, drawing, options, terminal)
    return drawing.to(given.format)


def _folded_if_tall(graph: ModelGraph, drawing: Drawing, options: DrawOptions, terminal: Terminal) -> Drawing:
    from keras_ascii_tools.api import draw

    if options.profile != "display" or options.style != "rows" or options.sort != "graph":
        return drawing
    if str(drawing).count("\n") < terminal.height:
        return drawing
    return draw(graph, options=replace(options, fold="exact"))
