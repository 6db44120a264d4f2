"""`keras-ascii accept`: make pending snapshots the stored ones."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.pending_snapshots import as_json, chosen, common_arguments, target_arguments
from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import KerasAsciiError

if TYPE_CHECKING:
    from keras_ascii_tools.snapshots import Pending

__all__ = ["add_arguments", "run"]


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    common_arguments(command, "Accept pending snapshots: write them to their place.")
    target_arguments(command, "accept")


def run(given: argparse.Namespace) -> int:
    """Accept what was named; one that fails is said and does not stop the rest."""
    from keras_ascii_tools.snapshots import accept

    done: list[Pending] = []
    status = 0
    for pending in chosen(given, "accept"):
        try:
            accept(pending)
        except KerasAsciiError as error:
            say(error)
            status = TROUBLE
        else:
            done.append(pending)
            if given.format == "text":
                print(f"accepted {pending.label}")
    if given.format == "json":
        print(as_json("accepted", done), end="")
    return status
