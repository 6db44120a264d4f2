"""The command `keras-ascii`: parses, runs what was given, turns every error into one line and an exit status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from keras_ascii_tools import __version__
from keras_ascii_tools.commands.parsing import command_module, parse
from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import KerasAsciiError, SourceError

if TYPE_CHECKING:
    import argparse

__all__ = ["main"]

OK = 0
_NEW_OBJECTS = 100_000
"""How many objects more there may be before Python searches them for cycles; its own number is some hundred."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: that of the command, or 2 for anything that went wrong."""
    # Modules and graphs are many objects that form no cycles: the collector would look through them again and again.
    gc.set_threshold(_NEW_OBJECTS)
    given = parse(sys.argv[1:] if arguments is None else arguments, __version__)
    try:
        return int(command_module(given.command).run(given))
    except BrokenPipeError:
        # The reader has gone, as `head` does. Python would complain when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130
    except KerasAsciiError as error:
        return _trouble(error, given)
    except OSError as error:  # of what is no source: those say which file it was
        return _trouble(SourceError(f"the system refuses: {error.strerror or error}{_file_of(error)}"), given, error)
    except RecursionError:
        return _trouble(SourceError("nested deeper than this Python can follow"), given)
    except Exception as error:
        return _trouble(SourceError(f"a fault of keras-ascii, please report it: {_said(error)}"), given, error)


def _file_of(error: OSError) -> str:
    return "" if error.filename is None else f": {error.filename}"


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error} (--debug shows where)"


def _trouble(error: KerasAsciiError, given: argparse.Namespace, cause: Exception | None = None) -> int:
    if given.debug:
        raise cause or error
    say(error)
    return TROUBLE
