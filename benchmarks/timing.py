"""CPU times on machines that have other work, too: the best of several interleaved repetitions. Knows no Keras."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

__all__ = ["ROOT", "Usage", "best_times", "child_seconds", "child_usage"]

_BYTECODE = tempfile.TemporaryDirectory(prefix="bytecode-")
ROOT = Path(__file__).resolve().parent.parent


def best_times(actions: Mapping[str, Callable[[], object]], *, seconds: float, most: int = 20) -> dict[str, float]:
    """Return the CPU seconds of each action, the best of several rounds.

    Each round does every action once, so that a slow spell of the machine meets all of them.

    Args:
        actions: What to measure, by name.
        seconds: CPU time for all rounds together; the first round is made in any case.
        most: Rounds at most.
    """
    best = dict.fromkeys(actions, float("inf"))
    spent = 0.0
    for done in range(most):
        if done and spent * (done + 1) / done > seconds:
            break
        gc.collect()
        for name, action in actions.items():
            taken = _seconds(action)
            best[name] = min(best[name], taken)
            spent += taken
    return best


def child_seconds(command: Sequence[str]) -> float:
    """Return the CPU seconds of a fresh process, from its start to its end. Needs a POSIX system."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, env=_as_installed(), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took."""

    seconds: float
    """Of the CPU."""
    mebibytes: float
    """At its peak."""
    output: str


_LAUNCHER = """
import os, sys
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(process, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Starts a process from a small one: what a process has at its peak counts from before it became another program."""


def child_usage(command: Sequence[str]) -> Usage:
    """Return what a fresh process took, from its start to its end, and what it wrote. Needs Linux."""
    launch = [sys.executable, "-S", "-c", _LAUNCHER, *command]
    done = subprocess.run(launch, cwd=ROOT, env=_as_installed(), check=True, capture_output=True, text=True)
    seconds, mebibytes = done.stderr.split()[-2:]
    return Usage(float(seconds), float(mebibytes), done.stdout)


def _as_installed() -> dict[str, str]:
    """The environment, in which modules are compiled once, as pip does, whatever the environment says of that."""
    found = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    found.setdefault("PYTHONPYCACHEPREFIX", _BYTECODE.name)
    return found


def _seconds(action: Callable[[], object]) -> float:
    start = process_time()
    action()
    return process_time() - start
