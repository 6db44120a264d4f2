"""Arguments that say how to draw, derived from the fields of `DrawOptions`. Knows no command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from keras_ascii_tools.commands.terminal import Terminal
from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.options import CHOICES, DrawOptions

__all__ = ["drawing_arguments", "options_from", "with_fold_set_apart"]


def drawing_arguments(command: argparse.ArgumentParser, *, more_sorts: Sequence[str] = ()) -> None:
    """Add an argument for each field; `options_from` makes options of what was given.

    Args:
        command: To which.
        more_sorts: Orders of something that is no drawing, which the command can make too.
    """
    group = command.add_argument_group("drawing")
    for item in fields(DrawOptions):
        if item.name != "color":
            more = tuple(more_sorts) if item.name == "sort" else ()
            text = item.metadata["help"] + ("; with --summary, of the models: " + ", ".join(more) if more else "")
            _option(group, item.name, item.default, text, more)


def _option(group: Any, name: str, default: Any, text: str, more: tuple[str, ...]) -> None:
    """One argument for one field: the default `None` means that the user did not say."""
    flag = f"--{name.replace('_', '-')}"
    shown = {"charset": "what the output can show", "width": "the terminal's"}.get(name, default)
    if name in CHOICES:
        choices = tuple(dict.fromkeys((*CHOICES[name], *more)))
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


def with_fold_set_apart(arguments: Sequence[str]) -> list[str]:
    """`--fold TARGET` means `--fold=exact TARGET`: the mode may be left out, a target is none."""
    given = list(arguments)
    for at, argument in enumerate(given[:-1]):
        if argument == "--fold" and given[at + 1] not in CHOICES["fold"]:
            given[at] = "--fold=exact"
    return given
