"""What a test report carries besides pytest's own: the comparisons, and a verdict in one line."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_keras_ascii.failures import SnapshotFailure
from pytest_keras_ascii.run import Record

__all__ = ["complete"]


def complete(report: pytest.TestReport, call: pytest.CallInfo[None], records: list[Record]) -> None:
    """Add the comparisons to a report, and put the verdict where short summary and JUnit take theirs from."""
    carrier: Any = report
    carrier.keras_ascii = records
    failure = call.excinfo.value if call.excinfo is not None else None
    crash = getattr(report.longrepr, "reprcrash", None)
    if isinstance(failure, SnapshotFailure) and crash is not None:
        crash.message = failure.verdict
