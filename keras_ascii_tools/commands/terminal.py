"""Where the command writes: what the terminal can show, and its pager. Knows no drawings."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields
from typing import TextIO

from keras_ascii_tools.glyphs import UNICODE

__all__ = ["Terminal"]


@dataclass(frozen=True, slots=True)
class Terminal:
    """What standard output can show."""

    is_terminal: bool
    charset: str
    color: bool
    width: int | None
    """`None` where it is no terminal: nothing has to fit."""
    height: int
    """0 where it is no terminal."""

    @classmethod
    def of(cls, stream: TextIO, color: str) -> Terminal:
        """Look at a stream; `color` is `auto`, `always` or `never`."""
        is_terminal = stream.isatty()
        width, height = _size() if is_terminal else (None, 0)
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return cls(
            is_terminal=is_terminal,
            charset="unicode" if _can_encode(stream) else "ascii",
            color=color == "always" or (color == "auto" and is_terminal and not plain),
            width=width,
            height=height,
        )

    def show(self, text: str, *, pager: bool) -> None:
        """Print a text; through the pager when it is taller than the terminal, as git does."""
        if pager and self.is_terminal and text.count("\n") >= self.height and _page(text):
            return
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()


def _size() -> tuple[int, int]:
    """Columns and lines of the terminal, or what the environment says."""
    import shutil  # here and below: most output goes to no terminal

    return shutil.get_terminal_size()


def _can_encode(stream: TextIO) -> bool:
    characters = "".join("".join(getattr(UNICODE, item.name)) for item in fields(UNICODE))
    try:
        characters.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _page(text: str) -> bool:
    """Show a text in the pager that the user chose; tell whether that worked."""
    import shlex
    import shutil
    import subprocess

    command = os.environ.get("KERAS_ASCII_PAGER") or os.environ.get("PAGER") or "less"
    words = shlex.split(command)
    if not words or words == ["cat"] or shutil.which(words[0]) is None:
        return False
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    try:
        subprocess.run(words, input=text.encode("utf-8", "replace"), env=environment, check=False)
    except OSError:
        return False
    return True
