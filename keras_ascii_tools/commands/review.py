"""`keras-ascii review`: look at pending snapshots one after the other, and decide. Asks at a terminal only."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.pending_snapshots import as_json, common_arguments, evidence, line_of, store_of
from keras_ascii_tools.commands.terminal import Terminal
from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import KerasAsciiError, SourceError

if TYPE_CHECKING:
    from keras_ascii_tools.snapshots import Pending

__all__ = ["add_arguments", "run"]

_QUESTION = "[a]ccept, [r]eject, [s]kip, [d]rawing, [q]uit; [A]ccept or [R]eject all that are left: "


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    common_arguments(command, "Look at the snapshots that wait, and accept or reject each.")


def run(given: argparse.Namespace) -> int:
    """Show and ask; without a terminal say the commands that do the same, with exit status 2."""
    waiting = store_of(given).all()
    if given.format == "json":
        print(as_json("pending", waiting), end="")
        return 0
    if not waiting:
        print("no snapshot is pending")
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        for pending in waiting:
            print(line_of(pending))
        sys.stdout.flush()
        raise SourceError(
            "review asks at a terminal, and here is none; "
            "decide with: keras-ascii accept TARGET (or --all), keras-ascii reject TARGET (or --all)"
        )
    return _review(waiting)


def _review(waiting: tuple[Pending, ...]) -> int:
    terminal = Terminal.of(sys.stdout, "auto")
    status = 0
    for_all = ""
    for number, pending in enumerate(waiting, 1):
        answer = for_all
        if not answer:
            print(f"\n{number} of {len(waiting)}: {line_of(pending)}\n")
            print(evidence(pending, terminal))
            answer = _ask(pending)
        if answer == "q":
            break
        for_all = answer.lower() if answer in ("A", "R") else for_all
        try:
            _carry_out(answer.lower(), pending)
        except KerasAsciiError as error:
            say(error)
            status = TROUBLE
    return status


def _ask(pending: Pending) -> str:
    """One of `a r s q A R`; the end of input is `q`."""
    while True:
        try:
            answer = input(_QUESTION).strip()
        except EOFError:
            print()
            return "q"
        if answer == "d":
            print(pending.text)
        elif answer in ("a", "r", "s", "q", "A", "R"):
            return answer


def _carry_out(answer: str, pending: Pending) -> None:
    from keras_ascii_tools.snapshots import accept, reject

    if answer == "a":
        accept(pending)
        print(f"accepted {pending.label}")
    elif answer == "r":
        reject(pending)
        print(f"rejected {pending.label}")
