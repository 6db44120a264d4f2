"""Files, written as a whole or not at all. Knows nothing of what is in them."""

from __future__ import annotations

import os

from keras_ascii_tools.errors import SourceError

__all__ = ["write_file"]


def write_file(path: str, text: str) -> None:
    """Write a file as a whole or not at all: beside it first, then renamed. A link stays one.

    Raises:
        SourceError: The file cannot be written; it is as it was.
    """
    import tempfile  # takes a tenth of the time of a drawing, which most often goes to standard output

    try:
        if os.path.isdir(path):
            raise IsADirectoryError(21, "Is a directory")
        if os.path.exists(path) and not os.path.isfile(path):  # /dev/stdout, a pipe
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
            return
        file = os.path.realpath(path)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(file), prefix=".keras-ascii-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.chmod(temporary, _mode(file))
            os.replace(temporary, file)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from error


def _mode(path: str) -> int:
    """The mode that a file has, or that a new one gets."""
    try:
        return os.stat(path).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
