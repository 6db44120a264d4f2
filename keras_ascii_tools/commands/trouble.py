"""What a command says when something went wrong: one line on standard error."""

from __future__ import annotations

import sys

from keras_ascii_tools.escape import visible

__all__ = ["TROUBLE", "say"]

TROUBLE = 2
"""Exit status of anything that went wrong."""


def say(what: object) -> None:
    """Print one line on standard error, whatever the text has in it; what a terminal would obey is written out."""
    print(f"keras-ascii: {visible(' '.join(str(what).split()))}", file=sys.stderr)
