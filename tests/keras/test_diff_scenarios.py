"""Edits as people make them are counted as a person would count them, whatever the counters of Keras' names say."""

from __future__ import annotations

import pytest

import keras_ascii_tools as kat
from benchmarks.diff_scenarios import OFFSET, SCENARIOS, Scenario, automatic, counters
from keras_ascii_tools.diff import ModelDiff, diff
from keras_ascii_tools.graph import ModelGraph

pytestmark = pytest.mark.keras


def graphs_of(scenario: Scenario, start: int) -> tuple[ModelGraph, ModelGraph]:
    with counters(0):
        before = scenario.before()
        before = kat.read(automatic(before) if scenario.automatic else before)
    with counters(start):
        after = scenario.after()
        return before, kat.read(automatic(after) if scenario.automatic else after)


def changed_without_reason(found: ModelDiff) -> list[object]:
    return [change for change in found.changes if change.check in {"shape-changed", "weight-count-changed"}]


@pytest.mark.parametrize("start", [0, OFFSET], ids=["fresh", "offset"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_an_edit_is_counted_as_a_person_would(scenario: Scenario, start: int) -> None:
    before, after = graphs_of(scenario, start)
    found = diff(before, after)
    counts = found.counts
    assert counts.total == scenario.true, found.changes
    assert (len(found.groups), counts.renamed) == (scenario.groups, scenario.renamed)
    if scenario.derived is not None:
        assert counts.derived == scenario.derived, found.derived
    assert found.weights is not None
    assert found.weights.status == scenario.weights, found.weights
    assert changed_without_reason(found) == []
    back = diff(after, before).counts
    assert (back.total, back.added, back.removed) == (counts.total, counts.removed, counts.added)
