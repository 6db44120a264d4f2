"""The end of a session: judge what is stale, prune it when told to, write reports, set the exit status."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from keras_ascii_tools import KerasAsciiError
from keras_ascii_tools.snapshots import PendingStore, remove, remove_leftovers
from pytest_keras_ascii.run import COLLECTED, Collected, Record, Results
from pytest_keras_ascii.settings import Settings, cache_folder
from pytest_keras_ascii.stale import Stale, with_moves, without_test

__all__ = ["Outcome", "finish"]


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    settings: Settings
    records: list[tuple[str, Record]]
    """Node id and comparison, sorted."""
    stale: list[Stale] = field(default_factory=list[Stale])
    pruned: list[Stale] = field(default_factory=list[Stale])
    not_judged: list[str] = field(default_factory=list[str])
    """Why nothing was said of stale snapshots; empty if it was."""
    problems: list[str] = field(default_factory=list[str])
    """What fails the run besides its tests."""
    notices: list[str] = field(default_factory=list[str])

    @property
    def counts(self) -> Counter[str]:
        """Comparisons by status."""
        return Counter(record["status"] for _, record in self.records)

    @property
    def failed(self) -> bool:
        """Whether the run fails because of what was found after its tests."""
        return bool(self.problems) or (bool(self.stale) and self.settings.stale == "fail")


def finish(results: Results, session: pytest.Session) -> Outcome:
    """Do all that is to be done once the tests are over."""
    config = results.config
    collected = config.stash[COLLECTED]
    settings = Settings.of(config)
    records = [(node, record) for (_, node), records in results.records.items() for record in records]
    records.sort(key=lambda item: (item[0], item[1]["path"]))
    outcome = Outcome(settings, records, not_judged=sorted(collected.filters))
    if not outcome.not_judged and settings.stale != "ignore":
        outcome.stale = with_moves(list(without_test(results, collected)), results)
    _settle_pending(outcome, collected, config)
    _prune(outcome, session)
    _look_for_shared_files(outcome)
    if settings.update != "none":
        if settings.ci:
            outcome.notices.append("this is CI, and snapshots are written all the same: the option was given")
        for folder in collected.folders:
            remove_leftovers(Path(folder), before=results.started)
    if settings.reports or settings.github:
        from pytest_keras_ascii.report import write_reports

        write_reports(outcome, config)
    if outcome.failed and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return outcome


def _settle_pending(outcome: Outcome, collected: Collected, config: pytest.Config) -> None:
    """Note where a pending snapshot was moved from; drop those of tests that no longer exist."""
    cache = getattr(config, "cache", None)
    if outcome.not_judged or outcome.settings.ci or cache is None:
        return
    store = PendingStore.of_cache(cache_folder(config), config.rootpath)
    for pending in store.all():
        if pending.node not in collected.tests and pending.node.partition("::")[0] in collected.modules:
            store.forget(pending.target)
    for stale in outcome.stale:
        if stale.moved_to is not None:
            try:
                store.note_move(config.rootpath / stale.moved_to, stale.path)
            except KerasAsciiError as error:
                outcome.notices.append(str(error))


def _prune(outcome: Outcome, session: pytest.Session) -> None:
    if not outcome.settings.prune:
        return
    if outcome.not_judged:
        outcome.problems.append(f"nothing was pruned, for the run was not complete: {', '.join(outcome.not_judged)}")
    elif session.testsfailed:
        outcome.problems.append("nothing was pruned, for there were failures")
    else:
        for stale in outcome.stale:
            try:
                remove(stale.path)
                outcome.pruned.append(stale)
            except KerasAsciiError as error:
                outcome.problems.append(str(error))
        outcome.stale = [stale for stale in outcome.stale if stale not in outcome.pruned]


def _look_for_shared_files(outcome: Outcome) -> None:
    """Two tests with one file, which xdist ran in two processes: neither could see the other."""
    owners: dict[str, str] = {}
    for node, record in outcome.records:
        other = owners.setdefault(record["path"].casefold(), node)
        if other != node and record["status"] != "unusable":
            outcome.problems.append(f"two tests have the same snapshot file, {record['path']}: {other} and {node}")
