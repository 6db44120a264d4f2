"""`keras-ascii textconv`: the text of a saved model, for git. Its exit status is 0 whatever the file is."""

from __future__ import annotations

import argparse
import sys

__all__ = ["add_arguments", "run"]


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = (
        "Print the snapshot drawing of a file, or a line that says why there is none. "
        "git runs this for each side of a diff ('keras-ascii git install')."
    )
    command.epilog = "exit status: 0, also for a broken file, because git would stop otherwise"
    command.add_argument("file", metavar="FILE", help="a saved model, or another file that is no code")
    command.add_argument(
        "--cache-key",
        metavar="TEXT",
        help="does nothing; git remembers what a command printed until the command changes: it has our version in it",
    )


def run(given: argparse.Namespace) -> int:
    """Print the text of a file."""
    from keras_ascii_tools.git.textconv import textconv

    sys.stdout.buffer.write(textconv(given.file, remembered=given.cache_key is not None).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0
