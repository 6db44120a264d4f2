"""`keras-ascii show --summary`: many models as a table with one line for each."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.many import each
from keras_ascii_tools.commands.progress import progress
from keras_ascii_tools.commands.targets import is_local_file
from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import KerasAsciiError, OptionError, SourceError
from keras_ascii_tools.files import write_file
from keras_ascii_tools.options import SUMMARY_SORTS
from keras_ascii_tools.write.to_table import ModelRow, row_of, sort_rows

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from keras_ascii_tools.commands.terminal import Terminal
    from keras_ascii_tools.graph import ModelGraph

__all__ = ["show_table"]

_FORMATS = ("text", "markdown", "json")


def show_table(
    given: argparse.Namespace,
    targets: list[str],
    unknown: list[tuple[str, SourceError]],
    terminal: Terminal,
    read: Callable[[str], ModelGraph],
) -> int:
    """Print the table; a model that cannot be read is said and does not stop the rest.

    Args:
        given: What the user said.
        targets: Single models.
        unknown: What the user gave that stands for no model, and has been said.
        terminal: Where it goes.
        read: Reads one target that is no file.
    """
    from keras_ascii_tools.read.target import target_name

    by = given.sort or "graph"
    if by not in (*SUMMARY_SORTS, "graph"):
        raise OptionError(f"--sort {by}: a summary can be sorted by {', '.join(SUMMARY_SORTS)}")
    if given.format not in _FORMATS:
        raise OptionError(f"--format {given.format}: a summary can be written as {', '.join(_FORMATS)}")
    rows: list[ModelRow] = []
    failed = [(target, str(error)) for target, error in unknown]
    local = all(map(is_local_file, targets))
    charset = given.charset or terminal.charset
    of_file = partial(_row_of_file, charset=charset, keep_names=given.keep_names)
    work = of_file if local else partial(_row, of_file=of_file, read=read, charset=charset)
    remote = all("://" in target for target in targets)
    for target, result in each(work, targets, local=local, remote=remote):
        if isinstance(result, ModelRow):
            rows.append(result)
        elif given.debug:
            raise result
        else:
            failed.append((target_name(target), str(result)))
            say(result)
    width = None if given.output else terminal.width
    text = _written(sort_rows(rows, by), failed, given.format, charset, width)
    if given.output:
        write_file(given.output, text)
    elif rows or given.format == "json":
        terminal.show(text, pager=given.pager)
    return TROUBLE if failed else 0


def _written(rows: list[ModelRow], failed: list[tuple[str, str]], form: str, charset: str, width: int | None) -> str:
    from keras_ascii_tools.write.to_table import table_to_json, table_to_markdown, table_to_text

    if form == "json":
        return table_to_json(rows, failed)
    return table_to_markdown(rows, charset) if form == "markdown" else table_to_text(rows, charset, width)


def _row(target: str, of_file: Callable[[str], ModelRow], read: Callable[[str], ModelGraph], charset: str) -> ModelRow:
    if target == "-" or is_local_file(target) or "://" in target:
        return of_file(target)
    return row_of(read(target), target, charset)


def _row_of_file(target: str, charset: str, keep_names: bool) -> ModelRow:
    from keras_ascii_tools.escape import visible
    from keras_ascii_tools.read.saved import graph_of
    from keras_ascii_tools.read.sources import read_saved
    from keras_ascii_tools.read.target import open_path, target_name, window_of_stream

    name = "standard input" if target == "-" else target_name(target)
    try:
        opened = nullcontext(window_of_stream(sys.stdin.buffer)) if target == "-" else open_path(target)
        with progress(target), opened as source:
            saved = read_saved(source)
            graph = graph_of(saved, keep_names=keep_names)
    except KerasAsciiError as error:
        raise SourceError(f"{visible(name)}: {error}") from error
    facts = saved.facts
    return row_of(graph, name, charset, format=str(facts.format), keras_version=facts.keras_version, size=facts.size)
