"""The texts of failures: what happened first, then the evidence, then where it is and what to type."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keras_ascii_tools import ModelGraph
from keras_ascii_tools.snapshots import PendingStore, Snapshot, compose, find_store
from pytest_keras_ascii.describe import describe
from pytest_keras_ascii.settings import cache_folder, node_for_command, path_for_command, quoted_path

if TYPE_CHECKING:
    from pytest_keras_ascii.comparing import Comparison

__all__ = ["cache_option", "capped", "changed", "damaged", "missing", "summary_of", "two_tests"]


def summary_of(graph: ModelGraph) -> str:
    """Say in a few words which model it is."""
    name = f"{graph.given_name} " if graph.given_name else ""
    weights = "unknown" if graph.params is None else f"{graph.params:,}"
    layers = len(graph.layers)
    return f"{name}({graph.kind}), {layers} layer{'' if layers == 1 else 's'}, {weights} weights"


def capped(lines: list[str], most: int) -> list[str]:
    """Return at most so many lines, and how many more there are; 0 for all."""
    if not most or len(lines) <= most + 1:
        return lines
    return [*lines[:most], f"... {len(lines) - most} more lines; -vv shows all"]


def missing(comparison: Comparison, *, kept: bool) -> str:
    """There is no snapshot."""
    graph, settings = comparison.graph, comparison.settings
    drawing = compose(graph, comparison.which).rstrip("\n").split("\n")
    return _joined(
        f"no snapshot yet: {summary_of(graph)}",
        ["The model is:", "", *capped(drawing, settings.max_lines)],
        _where(comparison, "does not exist", kept=kept, flag="--keras-ascii-update-new"),
    )


def changed(comparison: Comparison, expected: ModelGraph, *, kept: bool) -> str:
    """The model is another one."""
    settings, options = comparison.settings, comparison.options
    verdict, lines = describe(
        expected, comparison.graph, level=options.level, ignore=options.ignore, verbosity=settings.verbosity
    )
    lines = capped(lines, settings.max_lines)
    compared = [f"level={options.level}"] if options.level != "full" else []
    compared += [f"ignore={','.join(options.ignore)}"] if options.ignore else []
    return _joined(
        verdict,
        lines,
        _where(comparison, f"compared with {' '.join(compared)}" if compared else "", kept=kept),
    )


def damaged(comparison: Comparison, stored: Snapshot, reason: str) -> str:
    """The snapshot cannot be read."""
    path = path_for_command(comparison.config, stored.path)
    conflict = "merge-conflict marker" in reason
    advice = (
        [
            "Two branches changed the model. Keep either side of the file, or neither: --keras-ascii-update",
            "writes it from the model as it is now.",
        ]
        if conflict
        else ["Restore the file, or write it again from the model as it is now."]
    )
    return _joined(
        f"the snapshot has merge conflicts: {path}" if conflict else f"the snapshot cannot be read: {reason}",
        [reason, "", *advice] if conflict else advice,
        _where(comparison, "", kept=False),
    )


def two_tests(path: Path, one: str, other: str) -> str:
    """Two tests have one file."""
    return _joined(
        f"two tests have the same snapshot file: {path.name}",
        [f"first     {one}", f"and       {other}"],
        ["Their names differ at most in case. Rename one."],
    )


def _where(comparison: Comparison, note: str, *, kept: bool, flag: str = "--keras-ascii-update") -> list[str]:
    config, ci = comparison.config, comparison.settings.ci
    path = path_for_command(config, comparison.path)
    lines = [f"snapshot  {path}{f' ({note})' if note else ''}"]
    accept = f"keras-ascii accept {quoted_path(config, comparison.path)}"
    update = f"pytest {node_for_command(config, comparison.node)} {flag}"
    if kept:
        return [*lines, f"accept    {accept}{cache_option(config)}", f"or        {update}"]
    return [*lines, f"accept    {update}{'   (on your machine; then commit the file)' if ci else ''}"]


def cache_option(config: pytest.Config) -> str:
    """Return what keras-ascii has to be told to find what this run has kept, from where pytest was started."""
    cache = cache_folder(config)
    own = PendingStore.of_cache(cache, config.rootpath).folder
    is_found = find_store(config.invocation_params.dir).folder.resolve() == own.resolve()
    return "" if is_found else f" --cache {quoted_path(config, cache)}"


def _joined(first: str, *parts: list[str]) -> str:
    return "\n\n".join([first, *("\n".join(part) for part in parts if part)])
