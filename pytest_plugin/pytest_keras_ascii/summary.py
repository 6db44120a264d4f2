"""What stands at the end of pytest's output: one line if all is well, else what is stale and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_keras_ascii.finish import Outcome
from pytest_keras_ascii.message import cache_option
from pytest_keras_ascii.settings import path_for_command, quoted_path

__all__ = ["headline", "summarize"]

_WORDS = {
    "matched": "matched",
    "written": "written",
    "updated": "updated",
    "changed": "changed",
    "missing": "missing",
    "unusable": "not compared",
}


def headline(outcome: Outcome) -> str:
    """Say how many snapshots there were, of which kind."""
    counts = outcome.counts
    parts = [f"{counts[status]} {word}" for status, word in _WORDS.items() if counts[status]]
    parts += [f"{len(outcome.stale)} stale"] if outcome.stale else []
    parts += [f"{len(outcome.pruned)} deleted"] if outcome.pruned else []
    return f"keras-ascii snapshots: {', '.join(parts) or 'none'}"


def summarize(outcome: Outcome, terminal: Any, config: pytest.Config) -> None:
    """Write it."""
    verbosity = outcome.settings.verbosity
    lines = list(_details(outcome, config))
    if not lines and (verbosity < 0 or not (outcome.records or outcome.pruned)):
        return
    if outcome.failed:
        terminal.section("keras-ascii", red=True, bold=True)
    terminal.write_line(headline(outcome))
    for line in lines:
        terminal.write_line(line)
    if outcome.settings.github:
        from pytest_keras_ascii.github import workflow_commands

        for line in workflow_commands(outcome, config):
            terminal.write_line(line)


def _details(outcome: Outcome, config: pytest.Config) -> list[str]:
    settings = outcome.settings
    lines = [f"  error: {problem}" for problem in outcome.problems]
    lines += [f"  note: {notice}" for notice in outcome.notices]
    if settings.verbosity > 0:
        lines += [
            f"  {record['status']}: {path_for_command(config, config.rootpath / record['path'])}"
            for _, record in outcome.records
            if record["status"] in ("written", "updated")
        ]
        if outcome.not_judged:
            lines.append(f"  stale snapshots were not looked for: {', '.join(outcome.not_judged)}")
    lines += [f"  deleted: {path_for_command(config, stale.path)} ({stale.why})" for stale in outcome.pruned]
    for stale in outcome.stale:
        lines.append(f"  stale: {path_for_command(config, stale.path)} ({stale.why})")
        if stale.moved_to is not None:
            target = config.rootpath / stale.moved_to
            lines.append(f"    the same as the missing {path_for_command(config, target)}: was the test renamed?")
            if not settings.ci and getattr(config, "cache", None) is not None:
                lines.append(f"    move it: keras-ascii accept {quoted_path(config, target)}{cache_option(config)}")
    if outcome.stale:
        lines.append("  delete stale snapshots: pytest --keras-ascii-prune")
    waiting = outcome.counts["missing"] + outcome.counts["changed"]
    if waiting and not settings.ci and getattr(config, "cache", None) is not None:
        lines.append(f"  look at what is new, and accept or reject it: keras-ascii review{cache_option(config)}")
    return lines
