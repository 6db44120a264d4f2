"""`keras-ascii pending`: list the snapshots that wait for a decision."""

from __future__ import annotations

import argparse

from keras_ascii_tools.commands.pending_snapshots import as_json, common_arguments, line_of, store_of

__all__ = ["add_arguments", "run"]


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    common_arguments(command, "List the snapshots that wait to be accepted or rejected.")


def run(given: argparse.Namespace) -> int:
    """Print the list."""
    waiting = store_of(given).all()
    if given.format == "json":
        print(as_json("pending", waiting), end="")
        return 0
    for pending in waiting:
        print(line_of(pending))
    if not waiting:
        print("no snapshot is pending")
    return 0
