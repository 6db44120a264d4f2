"""Workflow commands of GitHub Actions: an annotation for each comparison that failed, beside the line of the test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from keras_ascii_tools.snapshots import relative
from pytest_keras_ascii.finish import Outcome

__all__ = ["workflow_commands"]

MOST = 10
"""GitHub shows as many errors of a step."""


def workflow_commands(outcome: Outcome, config: pytest.Config) -> Iterator[str]:
    """Yield the commands, one a line."""
    failed = [(node, record) for node, record in outcome.records if record["text"]]
    for node, record in failed[:MOST]:
        file = _in_workspace(config, node.partition("::")[0])
        title = f"{node.rpartition('::')[2]}: {record['verdict']}"
        yield f"::error file={_property(file)},line={record['line']},title={_property(title)}::{_data(record['text'])}"
    if len(failed) > MOST:
        yield f"::error::{len(failed) - MOST} more snapshots differ"
    kind = "error" if outcome.settings.stale == "fail" else "warning"
    for stale in outcome.stale[:MOST]:
        file = _in_workspace(config, relative(stale.path, config.rootpath))
        yield f"::{kind} file={_property(file)},title=stale snapshot::{_data(stale.why)}"


def _in_workspace(config: pytest.Config, path: str) -> str:
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if not workspace:
        return path
    return os.path.relpath(config.rootpath / path, workspace).replace(os.sep, "/")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
