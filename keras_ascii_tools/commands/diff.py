"""`keras-ascii diff`: what changed between two models, and whether old weights still load."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from keras_ascii_tools.commands.parsing import output_arguments
from keras_ascii_tools.commands.reading import read_target, reading_arguments
from keras_ascii_tools.commands.terminal import Terminal
from keras_ascii_tools.commands.trouble import say
from keras_ascii_tools.diff import Severity
from keras_ascii_tools.diff.accepting import Acceptance, Accepted, accept
from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.files import write_file
from keras_ascii_tools.options import DIFF_CHOICES, DiffOptions

if TYPE_CHECKING:
    from keras_ascii_tools.write.diff import DrawnDiff

__all__ = ["add_arguments", "run"]

FORMATS = ("text", "markdown", "html", "json", "github")
DIFFERENT = 1
_EXAMPLES = """\
examples:
  keras-ascii diff before.keras after.keras
  keras-ascii diff git:main:model.keras model.keras       as it was in another revision
  keras-ascii diff snapshot.txt mypkg.models:build        does the code still make the model of the snapshot?
  keras-ascii diff old.h5 new.keras --loading h5-by-name  would load_weights(by_name=True) put them right?
  keras-ascii diff a.keras b.keras --fail-on weights      renamed layers and new initializers are fine
  keras-ascii diff a.keras b.keras --format markdown      for a comment in a review

marks: + added, - removed, ~ changed, > moved, ^ follows from a change, ! breaks something

exit status: 0 no difference that --fail-on asks for; 1 there is one; 2 trouble, with one line on standard error
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = "Say what changed between two models, and what becomes of old weights."
    command.epilog = _EXAMPLES
    for name, text in (("before", "the model as it was"), ("after", "the model as it is")):
        command.add_argument(
            name,
            metavar=name.upper(),
            help=f"{text}: a saved model, a snapshot drawing, pkg.module:attribute, git:REV:PATH, or -",
        )
    reading_arguments(command)
    comparing = command.add_argument_group("comparing")
    for item in fields(DiffOptions):
        if item.name != "color":
            _option(comparing, item.name, item.default, item.metadata["help"])
    comparing.add_argument("--accept", metavar="FILE", help="a TOML file of findings that are intended (docs/diff.md)")
    output = command.add_argument_group("format")
    output.add_argument("--format", choices=FORMATS, default="text", help="(default: text)")
    output.add_argument("-o", "--output", metavar="FILE", help="write to a file, as a whole or not at all")
    output_arguments(command)


def _option(group: Any, name: str, default: Any, text: str) -> None:
    flag = f"--{name.replace('_', '-')}"
    if name == "show":
        group.add_argument(flag, metavar="A,B,...", help=f"{text} (default: all)")
    elif name in DIFF_CHOICES:
        shown = {"charset": "what the output can show", "loading": None}.get(name, default)
        group.add_argument(flag, choices=DIFF_CHOICES[name], help=f"{text} (default: {shown})" if shown else text)
    else:
        shown = "the terminal's" if name == "width" else default
        group.add_argument(flag, metavar="N", help=f"{text} (default: {shown})")


def run(given: argparse.Namespace) -> int:
    """Compare, print, and return the exit status."""
    terminal = Terminal.of(sys.stdout, given.color)
    options = _options(given, terminal)
    entries = _accepted(given.accept)
    drawn = _compared(given, options)
    outcome = accept(drawn, entries, date.today())
    _say_entries(outcome, given.accept)
    drawn = replace(drawn, accepted=tuple((finding, entry.reason) for finding, entry in outcome.accepted))
    status = DIFFERENT if _reaches(outcome.severity, options.fail_on) else 0
    if given.output:
        write_file(given.output, _text(drawn, given))
        return status
    try:
        terminal.show(_text(drawn, given), pager=given.pager)
    except BrokenPipeError:
        # The reader has seen enough. That must not look like "no difference".
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _options(given: argparse.Namespace, terminal: Terminal) -> DiffOptions:
    chosen: dict[str, Any] = {}
    for item in fields(DiffOptions):
        value = getattr(given, item.name, None)
        if item.name != "color" and value is not None:
            chosen[item.name] = value
    for name in ("context", "max_chars", "width"):
        if name in chosen:
            chosen[name] = _number(name, chosen[name])
    if given.format == "text" and not given.output:
        chosen = {"charset": terminal.charset, "width": terminal.width, **chosen, "color": terminal.color}
    if chosen.get("loading") is None:
        from keras_ascii_tools.read.loading import loading_of

        chosen["loading"] = loading_of(given.before)
    return DiffOptions.of(chosen)


def _number(name: str, text: str) -> int | None:
    if name == "width" and text in {"none", "0"}:
        return None
    try:
        return int(text)
    except ValueError:
        raise OptionError(f"--{name.replace('_', '-')}: expected a whole number, got {text!r}") from None


def _accepted(path: str | None) -> tuple[Accepted, ...]:
    if path is None:
        return ()
    from keras_ascii_tools.read.accept_file import read_accept_file

    return read_accept_file(path)


def _compared(given: argparse.Namespace, options: DiffOptions) -> DrawnDiff:
    from keras_ascii_tools.api import diff

    if given.before == given.after == "-":
        raise OptionError("BEFORE and AFTER are both standard input; expected two models")
    return diff(read_target(given.before, given), read_target(given.after, given), options=options)


def _say_entries(outcome: Acceptance, path: str | None) -> None:
    """Say what in a file of accepted findings has no effect any more: nobody looks there by himself."""
    for entry in outcome.expired:
        say(f"{path}: {entry.check.value} was accepted until {entry.expires}: {entry.reason}")
    for entry in outcome.unused:
        say(f"{path}: nothing to accept: {entry.check.value}{f' of {entry.layer}' if entry.layer else ''}")


def _reaches(severity: Severity | None, fail_on: str) -> bool:
    return severity is not None and fail_on != "never" and severity >= Severity[fail_on.upper()]


def _text(drawn: DrawnDiff, given: argparse.Namespace) -> str:
    if given.format == "github" and os.path.isfile(given.after):
        from keras_ascii_tools.write.diff.to_github import to_github

        return to_github(drawn, drawn.options, file=given.after)
    return drawn.to(given.format)
