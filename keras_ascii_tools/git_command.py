"""Run git, and say in one line what it refused. Knows nothing of models."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from typing import IO

from keras_ascii_tools.errors import KerasAsciiError, SourceError

__all__ = ["GitError", "copy_from_git", "run_git", "try_git"]

_CHUNK = 1 << 20


class GitError(SourceError):
    """git is not there, or refused; says what git said."""


def run_git(*arguments: str, stdin: str = "", cwd: str | None = None) -> str:
    """Run git and return what it printed, without the last line end.

    Raises:
        GitError: git cannot be run, or its exit status is not 0.
    """
    with _started(arguments, cwd, subprocess.PIPE, subprocess.PIPE) as process:
        out, err = process.communicate(os.fsencode(stdin))
    if process.returncode:
        raise GitError(f"git {arguments[0]}: {_reason(err, process.returncode)}")
    return os.fsdecode(out).removesuffix("\n")


def try_git(*arguments: str, stdin: str = "", cwd: str | None = None) -> str | None:
    """Run git where it may well refuse: `None` if it did."""
    try:
        return run_git(*arguments, stdin=stdin, cwd=cwd)
    except KerasAsciiError:
        return None


def copy_from_git(*arguments: str, to: IO[bytes], limit: int) -> None:
    """Run git and copy what it prints into a file.

    Raises:
        GitError: git cannot be run, its exit status is not 0, or it prints more than `limit` bytes.
    """
    # Filters may say more on standard error than a pipe holds, and would wait for it to be read.
    with tempfile.TemporaryFile() as said, _started(arguments, None, subprocess.DEVNULL, said.fileno()) as process:
        copied = 0
        while process.stdout and (chunk := process.stdout.read(_CHUNK)):
            copied += len(chunk)
            if copied > limit:
                process.kill()
                raise GitError(f"more than {limit >> 20:,} MiB")
            to.write(chunk)
        if process.wait():
            said.seek(0)
            raise GitError(_reason(said.read(_CHUNK), process.returncode))
    to.flush()


def _started(arguments: tuple[str, ...], cwd: str | None, stdin: int, stderr: int) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=cwd,
            env=_environment(),
        )
    except FileNotFoundError:
        raise GitError("git is not installed, or not on the PATH") from None
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror or error}") from error
    except ValueError as error:  # a null character in an argument
        raise GitError(f"git cannot be run: {error}") from error


def _environment() -> Mapping[str, str]:
    # Messages of git end up in ours, which are English; a question would wait for ever.
    return {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _reason(err: bytes, status: int) -> str:
    lines = err.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else f"exit status {status}"
