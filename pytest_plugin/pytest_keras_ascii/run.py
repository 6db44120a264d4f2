"""What happened in a run: what was collected, what the tests' outcomes were. Light: loaded in every run of pytest.

Under xdist the workers collect and the controller has the outcomes, so these are two plugins.
"""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

__all__ = ["COLLECTED", "RECORDS", "Collected", "Results"]

Record = dict[str, Any]
"""One comparison, as plain data that a report can carry from a worker."""

RECORDS = pytest.StashKey[list[Record]]()
"""Comparisons of the current attempt of a test."""


class Collected:
    """What was collected in this process, and why that may not be all."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.folders: set[str] = set()
        self.modules: set[str] = set()
        self.tests: set[str] = set()
        self.filters: set[str] = set()
        self.claims: dict[str, str] = {}
        """Snapshot file, in one case -> id of the test that it belongs to."""

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Mark tests that use the fixture, before anything is selected by its marks."""
        self.tests.add(str(item.nodeid))
        if "keras_ascii_snapshot" in getattr(item, "fixturenames", ()):
            item.add_marker("keras_ascii")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember which modules were collected as a whole."""
        if report.failed:
            self.filters.add("a module could not be collected")
        elif report.passed:
            self.modules.add(str(report.nodeid))

    def pytest_deselected(self) -> None:
        """Remember that tests were deselected: by -k, -m, --lf, --sw, --deselect or another plugin."""
        self.filters.add("tests were deselected")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look at what cut the run short; a worker hands over what the controller does not see."""
        option = self.config.option
        if getattr(option, "lf", False):
            self.filters.add("--lf")
        if getattr(option, "collectonly", False) or getattr(option, "setuponly", False):
            self.filters.add("no test was run")
        if any("::" in argument for argument in self.config.args):
            self.filters.add("single tests were given")
        if session.shouldstop or session.shouldfail:
            self.filters.add("the run was cut short")
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["keras_ascii"] = self._for_controller()

    def _for_controller(self) -> dict[str, list[str]]:
        """As little as will do: nothing of modules that have no snapshots beside them."""
        root = str(self.config.rootpath)
        owners = {os.path.relpath(os.path.dirname(folder), root).replace(os.sep, "/") for folder in self.folders}

        def near(nodeid: str) -> bool:
            return (os.path.dirname(nodeid.partition("::")[0]) or ".") in owners

        return {
            "folders": sorted(self.folders),
            "modules": sorted(filter(near, self.modules)),
            "tests": sorted(filter(near, self.tests)),
            "filters": sorted(self.filters),
        }

    def merge(self, other: dict[str, list[str]]) -> None:
        """Add what a worker collected."""
        self.folders.update(other["folders"])
        self.modules.update(other["modules"])
        self.tests.update(other["tests"])
        self.filters.update(other["filters"])


COLLECTED = pytest.StashKey[Collected]()


class Results:
    """Outcomes and comparisons of all tests; of a test that was run again, those of the last attempt."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.started = time.time()
        self.passed: set[tuple[str, str]] = set()
        self.not_passed: set[tuple[str, str]] = set()
        self.records: dict[tuple[str, str], list[Record]] = {}
        self.outcome: Any = None
        """What came of it all, once the session is over; `None` if no model was compared and no snapshot seen."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in one phase of a test."""
        key = (getattr(report, "worker_id", ""), str(report.nodeid))
        outcome = str(report.outcome)
        if report.when == "setup" or outcome == "rerun":
            self.passed.discard(key)
            self.not_passed.discard(key)
            self.records.pop(key, None)
        if outcome == "rerun":  # of pytest-rerunfailures: another attempt follows
            return
        if outcome != "passed" or hasattr(report, "wasxfail"):
            self.not_passed.add(key)
        elif report.when == "call":
            self.passed.add(key)
        records = getattr(report, "keras_ascii", None)
        if records:
            self.records[key] = records

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take over what an xdist worker collected; without it nothing can be said of what is stale."""
        output = getattr(node, "workeroutput", {}).get("keras_ascii")
        collected = self.config.stash[COLLECTED]
        if error or output is None:
            collected.filters.add("a worker was lost")
        else:
            collected.merge(output)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge, prune and report, if any snapshot was seen."""
        collected = self.config.stash[COLLECTED]
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
            collected.filters.add("the run was cut short")
        if self.records or collected.folders or self.config.getoption("keras_ascii_report"):
            from pytest_keras_ascii.finish import finish

            self.outcome = finish(self, session)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what came of it."""
        if self.outcome is not None:
            from pytest_keras_ascii.summary import summarize

            summarize(self.outcome, terminalreporter, self.config)
