"""The lines in a file of git attributes that say which files are Keras models. Knows nothing of git's configuration."""

from __future__ import annotations

from pathlib import Path

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.files import write_file

__all__ = ["DRIVER", "LINES", "PATTERNS", "add_lines", "has_lines", "remove_lines"]

PATTERNS = ("*.keras", "*.h5", "*.hdf5")
DRIVER = "keras"
"""The name that attributes and configuration have in common."""
LINES = tuple(f"{pattern} diff={DRIVER}" for pattern in PATTERNS)

_BEGIN = "# Written by 'keras-ascii git install'; 'keras-ascii git uninstall' takes it out again."
_END = "# End of what keras-ascii wrote."


def has_lines(path: str) -> bool:
    """Tell whether our lines stand in the file."""
    return _BEGIN in _read(path).splitlines()


def add_lines(path: str) -> bool:
    """Put our lines at the end of the file, as they are today; tell whether that changed it."""
    before = _read(path)
    kept = _without(before)
    if kept and not kept.endswith("\n"):
        kept += "\n"
    after = kept + "\n".join((_BEGIN, *LINES, _END, ""))
    if after == before:
        return False
    _make_folder(path)
    write_file(path, after)
    return True


def remove_lines(path: str) -> bool:
    """Take our lines out of the file; tell whether there were any. A file that holds nothing else is removed."""
    before = _read(path)
    after = _without(before)
    if after == before:
        return False
    if after.strip():
        write_file(path, after)
    else:
        Path(path).unlink()
    return True


def _without(text: str) -> str:
    kept: list[str] = []
    ours = False
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        # An end that somebody deleted must not take the rest of the file with it.
        ours = (ours or bare == _BEGIN) and (bare in {_BEGIN, _END, ""} or bare.endswith(f" diff={DRIVER}"))
        if not ours:
            kept.append(line)
        ours = ours and bare != _END
    return "".join(kept)


def _read(path: str) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise SourceError(f"cannot change {path}: not UTF-8; put these lines in by hand: {', '.join(LINES)}") from None
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error


def _make_folder(path: str) -> None:
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"cannot make the folder of {path}: {error.strerror or error}") from error
