"""What git's configuration has to say so that git shows drawings. Knows what to set, and sets nothing."""

from __future__ import annotations

import shlex
import sys

from keras_ascii_tools._version import __version__
from keras_ascii_tools.git.attributes import DRIVER

__all__ = ["CACHE_REF", "TEXTCONV", "TOOL", "is_ours", "settings"]

TEXTCONV = f"diff.{DRIVER}.textconv"
COMMAND = f"diff.{DRIVER}.command"
CACHE = f"diff.{DRIVER}.cachetextconv"
TOOL = "keras-ascii"
"""What `git difftool -t` calls it."""
CACHE_REF = f"refs/notes/textconv/{DRIVER}"
"""Where git remembers drawings."""

_MODULE = "keras_ascii_tools"


def settings(*, driver: bool, cache: bool) -> dict[str, str | None]:
    """Return every setting by its key; `None`: it must not be set.

    Args:
        driver: `git diff` shows what changed between two matched architectures, and not lines of text.
        cache: git remembers drawings, until the text of the command changes: it has our version in it.
    """
    key = f"--cache-key {__version__} " if cache else ""
    return {
        # Behind the `#` git puts the file once more. Two files that cannot be shown must not look the same.
        TEXTCONV: f'{_call("textconv")} {key}-- "$1" || '
        'echo "# keras-ascii cannot be run; blob $(git hash-object --no-filters -- "$1")" #',
        CACHE: "true" if cache else None,
        # Hunks are headed by the model or the body that they are in; `filters=32` are three words.
        f"diff.{DRIVER}.xfuncname": "^# (model: .*|body: .*)$",
        f"diff.{DRIVER}.wordRegex": "[[:alnum:]_.,]*[[:alnum:]_]|[^[:space:]]",
        COMMAND: f'{_call("git", "driver")} -- "$@" || echo "keras-ascii cannot be run: $1" #' if driver else None,
        f"difftool.{TOOL}.cmd": f'{_call("git", "difftool")} -- "$LOCAL" "$REMOTE" "$MERGED"',
    }


def is_ours(value: str) -> bool:
    """Tell whether a setting runs us."""
    return _MODULE in value or "keras-ascii" in value


def _call(*words: str) -> str:
    # This very Python, because git runs without the environment that is active now. -P: no module is taken from the
    # folder that git runs in, which holds whatever somebody committed.
    return shlex.join([sys.executable, "-P", "-m", _MODULE, *words])
