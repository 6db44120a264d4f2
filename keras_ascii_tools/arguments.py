"""The command's arguments, most of them derived from the fields of `DrawOptions`. Parses; does nothing."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NoReturn

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.options import CHOICES, DrawOptions
from keras_ascii_tools.terminal import Terminal

__all__ = ["options_from", "parser", "with_fold_set_apart"]

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
_EXIT = "exit status: 0; 2 if anything went wrong, with one line on standard error"


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; `--help` has the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"keras-ascii: {message} ({self.prog} --help explains)\n")


def parser(version: str) -> argparse.ArgumentParser:
    """Make the parser of the command."""
    main = _OneLineParser(
        prog="keras-ascii",
        description="Draw the architecture of Keras models as text.",
        epilog=f"{_EXAMPLES}\n{_EXIT}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    main.add_argument("--version", action="version", version=f"keras-ascii {version}")
    _completion(main)
    commands = main.add_subparsers(dest="command", metavar="COMMAND")
    show = commands.add_parser(
        "show",
        help="draw models",
        description="Draw models: live ones, snapshot drawings, and the JSON of keras-ascii.",
        epilog=f"{_EXAMPLES}\n{_EXIT}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _show_arguments(show)
    glyphs = commands.add_parser(
        "glyphs", help="explain the signs", description="Print the glyph of each kind of layer."
    )
    glyphs.add_argument(
        "--charset", choices=CHOICES["charset"], help="characters to use (default: what the output can show)"
    )
    for command in (show, glyphs):
        _common_arguments(command)
    return main


def _common_arguments(command: argparse.ArgumentParser) -> None:
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
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")


def _show_arguments(show: argparse.ArgumentParser) -> None:
    show.add_argument(
        "targets",
        nargs="+",
        metavar="TARGET",
        help="pkg.module:attribute or path/to/file.py:attribute (a model, or a function that returns one), "
        "a snapshot drawing, a JSON file of keras-ascii, or - for standard input",
    )
    source = show.add_argument_group("reading")
    source.add_argument(
        "--call", metavar="ARGS", help="literal arguments for a target that is a function: '(32, depth=3)'"
    )
    source.add_argument(
        "--input-shape",
        metavar="SHAPE",
        help="for a model that is not built: '(None, 28, 28, 1)', or a list or dict of shapes",
    )
    source.add_argument("--keep-names", action="store_true", help="count names that Keras made up (dense_3) as given")
    drawing = show.add_argument_group("drawing")
    for item in fields(DrawOptions):
        if item.name != "color":
            _option(drawing, item.name, item.default, item.metadata["help"])
    output = show.add_argument_group("format")
    output.add_argument(
        "--format", choices=("text", "markdown", "html", "svg", "json"), default="text", help="(default: text)"
    )
    output.add_argument("-o", "--output", metavar="FILE", help="write to a file, as a whole or not at all")


def _option(group: Any, name: str, default: Any, text: str) -> None:
    """One argument for one field: the default `None` means that the user did not say."""
    flag = f"--{name.replace('_', '-')}"
    shown = {"charset": "what the output can show", "width": "the terminal's"}.get(name, default)
    if name in CHOICES:
        choices = CHOICES[name]
        if name == "fold":
            group.add_argument(
                flag,
                choices=choices,
                nargs="?",
                const="exact",
                help=f"{text} (default: no; exact if taller than the terminal)",
            )
        else:
            group.add_argument(flag, choices=choices, help=f"{text} (default: {shown})")
    elif name in {"columns", "layers", "glyphs"}:
        metavar = {"columns": "A,B,...", "layers": "PATTERN", "glyphs": "KIND=GLYPH"}[name]
        action = "store" if name == "columns" else "append"
        group.add_argument(flag, metavar=metavar, action=action, help=text)
    elif isinstance(default, bool):
        group.add_argument(flag, action=argparse.BooleanOptionalAction, help=text)
    else:
        group.add_argument(flag, metavar="N", help=f"{text} (default: {shown})")


def options_from(given: argparse.Namespace, terminal: Terminal) -> DrawOptions:
    """Make the options of what the user said, and of what the terminal can show."""
    chosen: dict[str, Any] = {}
    for item in fields(DrawOptions):
        value = getattr(given, item.name, None)
        if item.name != "color" and value is not None:
            chosen[item.name] = value
    for name in ("depth", "max_lanes"):
        if name in chosen:
            chosen[name] = _number(name, chosen[name])
    text = given.format == "text" and not given.output
    if "width" in chosen:
        chosen["width"] = None if chosen["width"] in {"none", "0"} else _number("width", chosen["width"])
    elif text:
        chosen["width"] = terminal.width
    if text:
        chosen.setdefault("charset", terminal.charset)
    if "glyphs" in chosen:
        chosen["glyphs"] = tuple(_pair(pair) for pair in chosen["glyphs"])
    return DrawOptions.of({**chosen, "color": terminal.color and text})


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise OptionError(f"--{name.replace('_', '-')}: expected a whole number, got {text!r}") from None


def _pair(text: str) -> tuple[str, str]:
    kind, sign, glyph = text.partition("=")
    if not sign or not kind:
        raise OptionError(f"--glyphs: expected KIND=GLYPH, five characters behind the sign, got {text!r}")
    return kind, glyph


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


def _completion(main: argparse.ArgumentParser) -> None:
    main.add_argument(
        "--print-completion",
        choices=("bash", "zsh", "tcsh"),
        action=_PrintCompletion,
        help="print a script that completes this command's arguments",
    )


def with_fold_set_apart(arguments: Sequence[str]) -> list[str]:
    """`--fold TARGET` means `--fold=exact TARGET`: the mode may be left out, a target is none."""
    given = list(arguments)
    for at, argument in enumerate(given[:-1]):
        if argument == "--fold" and given[at + 1] not in CHOICES["fold"]:
            given[at] = "--fold=exact"
    return given
