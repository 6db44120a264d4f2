"""Run git, and say in one line what it refused. Knows nothing of models."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from keras_ascii_tools.errors import KerasAsciiError, SourceError

__all__ = ["GitError", "run_git", "try_git"]


class GitError(SourceError):
    """git is not there, or refused; says what git said."""


def run_git(*arguments: str, stdin: str = "", cwd: str | None = None) -> str:
    """Run git and return what it printed, without the last line end.

    Raises:
        GitError: git cannot be run, or its exit status is not 0.
    """
    done = _run(arguments, stdin, cwd)
    if done.returncode:
        raise GitError(f"git {arguments[0]}: {_reason(done)}")
    return os.fsdecode(done.stdout).removesuffix("\n")


def try_git(*arguments: str, stdin: str = "", cwd: str | None = None) -> str | None:
    """Run git where it may well refuse: `None` if it did."""
    try:
        return run_git(*arguments, stdin=stdin, cwd=cwd)
    except KerasAsciiError:
        return None


def _run(arguments: tuple[str, ...], stdin: str, cwd: str | None) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *arguments],
            input=os.fsencode(stdin),
            capture_output=True,
            check=False,
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


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else f"exit status {done.returncode}"
