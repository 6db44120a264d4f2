"""`keras-ascii reject`: drop pending snapshots; the stored ones stay as they are."""

from __future__ import annotations

import argparse

from keras_ascii_tools.commands.pending_snapshots import as_json, chosen, common_arguments, target_arguments

__all__ = ["add_arguments", "run"]


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    common_arguments(command, "Reject pending snapshots: drop them.")
    target_arguments(command, "reject")


def run(given: argparse.Namespace) -> int:
    """Reject what was named."""
    from keras_ascii_tools.snapshots import reject

    done = chosen(given, "reject")
    for pending in done:
        reject(pending)
        if given.format == "text":
            print(f"rejected {pending.label}")
    if given.format == "json":
        print(as_json("rejected", done), end="")
    return 0
