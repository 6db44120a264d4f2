"""`keras-ascii drawings`: check, or write, the drawing that stands beside each saved model: `model.keras.txt`."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import KerasAsciiError

if TYPE_CHECKING:
    from keras_ascii_tools.graph import ModelGraph

__all__ = ["add_arguments", "run"]

ENDING = ".txt"
STALE = 1
_EXAMPLES = """\
examples:
  keras-ascii drawings --write model.keras     write model.keras.txt, which git and every review show as text
  keras-ascii drawings models/*.keras          does each still say what its model is?

exit status: 0 every drawing is up to date, or was written; 1 one is missing or old; 2 a model could not be read
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = (
        "Check that the snapshot drawing beside each saved model says what the model is. Keras is not needed."
    )
    command.epilog = _EXAMPLES
    command.add_argument("files", nargs="+", metavar="FILE", help="saved models, or their drawings (FILE.txt)")
    command.add_argument("--write", action="store_true", help="write those that are missing or old")


def run(given: argparse.Namespace) -> int:
    """Look at each model once, whether it or its drawing was named."""
    status = 0
    for model in dict.fromkeys(map(_model_of, given.files)):
        try:
            status = max(status, _one(model, model + ENDING, write=given.write))
        except KerasAsciiError as error:
            say(error)
            status = TROUBLE
    return status


def _model_of(file: str) -> str:
    """The model that a file is, or is the drawing of."""
    return file.removesuffix(ENDING)


def _one(model: str, drawing: str, *, write: bool) -> int:
    from keras_ascii_tools.api import draw
    from keras_ascii_tools.files import write_file
    from keras_ascii_tools.read.target import read_file

    if not os.path.lexists(model):
        print(f"{drawing}: there is no {model} any more; remove its drawing")
        return STALE
    graph = read_file(model)  # never code, whatever its name
    fault = _fault(drawing, graph) if os.path.lexists(drawing) else "no drawing"
    if fault is None:
        return 0
    if write:
        write_file(drawing, draw(graph, profile="snapshot").to("text"))
        print(f"{drawing}: written")
        return 0
    print(f"{drawing}: {fault}; to write it: keras-ascii drawings --write {model}")
    return STALE


def _fault(drawing: str, graph: ModelGraph) -> str | None:
    """What is wrong with a drawing, in a few words."""
    from keras_ascii_tools.api import diff
    from keras_ascii_tools.read.target import read_file

    try:
        drawn = read_file(drawing)
    except KerasAsciiError as error:
        return f"no snapshot drawing ({str(error).removeprefix(f'{drawing}: ')})"
    found = diff(drawn, graph)
    return None if found.same else str(found).partition("\n")[0]
