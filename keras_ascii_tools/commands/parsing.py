"""The parser of the command line: common arguments, completion, and the arguments of the command that was given."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from typing import Any, NoReturn

from keras_ascii_tools.commands import COMMANDS

__all__ = ["EXIT_STATUS", "RAW_TEXT", "command_module", "output_arguments", "parse"]

EXIT_STATUS = "exit status: 0; 2 if anything went wrong, with one line on standard error"
RAW_TEXT = argparse.RawDescriptionHelpFormatter
_EXAMPLES = """\
examples:
  keras-ascii show mypkg.models:build_unet            a model, or a function that returns one
  keras-ascii show train.py:model --call '(32, depth=3)'
  keras-ascii check model.keras                       what is dangerous or doubtful in a saved model
  keras-ascii glyphs                                  what the signs mean
  keras-ascii show --help                             more
"""


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; `--help` has the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"keras-ascii: {' '.join(message.split())} ({self.prog} --help explains)\n")


def command_module(name: str) -> Any:
    """Load the module of a command."""
    return importlib.import_module(f"keras_ascii_tools.commands.{COMMANDS[name][0]}")


def parse(arguments: Sequence[str], version: str) -> argparse.Namespace:
    """Parse a command line; exits for `--help`, `--version`, no command at all, and for what is wrong.

    A command's module may have `prepare(arguments)`, which changes the words before they are parsed.
    """
    parser = _parser_for(arguments, version)
    words = list(arguments)
    if words and words[0] in COMMANDS:
        prepare = getattr(command_module(words[0]), "prepare", None)
        words = prepare(words) if prepare else words
    given = parser.parse_args(words)
    if not given.command:
        parser.print_help()
        parser.exit()
    return given


def _parser_for(arguments: Sequence[str], version: str) -> argparse.ArgumentParser:
    """Make a parser of the command that is given, or else one that knows all commands."""
    main = _OneLineParser(
        prog="keras-ascii",
        description="The architecture of Keras models as text.",
        epilog=f"{_EXAMPLES}\n{EXIT_STATUS}",
        formatter_class=RAW_TEXT,
    )
    main.add_argument("--version", action="version", version=f"keras-ascii {version}")
    main.add_argument(
        "--print-completion",
        choices=("bash", "zsh", "tcsh"),
        action=_PrintCompletion,
        help="print a script that completes this command's arguments",
    )
    commands = main.add_subparsers(dest="command", metavar="COMMAND")
    first = arguments[0] if arguments else ""
    complete = first.startswith("--print-c")
    for name in [first] if first in COMMANDS else COMMANDS:  # a parser takes longer to make than a small model to draw
        command = commands.add_parser(name, help=COMMANDS[name][1], formatter_class=RAW_TEXT)
        if complete or name == first:
            command_module(name).add_arguments(command)
            command.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return main


def output_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of a command that prints text for eyes."""
    group = command.add_argument_group("output")
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the text (default: on a terminal; NO_COLOR is honoured)",
    )
    group.add_argument(
        "--no-pager", dest="pager", action="store_false", help="never page what is taller than the terminal"
    )


class _PrintCompletion(argparse.Action):
    """Prints a completion script; shtab is imported only then."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        del namespace, option_string
        try:
            shtab: Any = importlib.import_module("shtab")
        except ImportError:
            parser.error("--print-completion needs shtab: pip install 'keras-ascii-tools[completion]'")
        print(shtab.complete(parser, shell=values))
        parser.exit()
