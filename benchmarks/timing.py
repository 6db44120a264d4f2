"""CPU times on machines that have other work, too: the best of several interleaved repetitions. Knows no Keras."""

from __future__ import annotations

import gc
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import process_time

__all__ = ["ROOT", "best_times", "child_seconds"]

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
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _seconds(action: Callable[[], object]) -> float:
    start = process_time()
    action()
    return process_time() - start
