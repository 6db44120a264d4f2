"""Edits of real networks that are known exactly are counted exactly. `python -m benchmarks` makes many more of them."""

from __future__ import annotations

import pytest

from benchmarks.diff_edits import edited, without_names
from benchmarks.diff_fuzz import NETWORKS, trial
from benchmarks.diff_shapes import computed
from benchmarks.networks import network, networks
from keras_ascii_tools.diff import diff
from keras_ascii_tools.graph import canonical

SEEDS = range(7_000, 7_002)
"""Of their own: the full run has others."""


@pytest.mark.parametrize("name", networks())
def test_rules_say_of_a_network_what_keras_says(name: str) -> None:
    """Else the edits would be of other networks than the real ones."""
    graph = network(name)
    found = computed(graph, {})
    assert found.conflicts(graph) == ()
    assert found == graph


@pytest.mark.parametrize("name", NETWORKS)
def test_edits_are_counted_and_nodes_matched(name: str) -> None:
    graph = canonical(without_names(network(name)))
    for edits in (1, 3, 10):
        for seed in SEEDS:
            found = trial(graph, edits, seed)
            assert found.exact, (edits, seed, found)
            assert found.matched >= found.nodes - 1


def test_names_help_where_layers_are_alike() -> None:
    graph = canonical(network("ResNet50"))
    for seed in SEEDS:
        found = trial(graph, 10, seed)
        assert found.exact
        assert found.matched == found.nodes


def test_an_edit_says_what_it_did() -> None:
    graph = canonical(network("MobileNetV2"))
    found = edited(graph, 10, 1)
    assert found.inserted + found.deleted + found.changed == 10
    kept = [origin for origin in found.origins if origin is not None]
    assert len(kept) == len(set(kept)) == len(graph.nodes) - found.deleted
    assert found.origins.count(None) == found.inserted


def test_an_inserted_block_stands_in_one_place() -> None:
    small, large = network("ResNet50"), network("ResNet101")
    for one, other in ((small, large), (without_names(small), without_names(large))):
        found = diff(one, other)
        assert (found.counts.added, found.counts.total) == (170, 170)
        added = sorted(
            node for change in found.changes if change.after for node in change.after.nodes if not change.before
        )
        assert added == list(range(added[0], added[0] + 170))
    assert found.ambiguities
    assert set(added) <= {node for ambiguity in found.ambiguities for node in ambiguity.nodes}


def test_a_network_is_the_same_as_one_with_other_automatic_names() -> None:
    for name in networks():
        graph = without_names(network(name))
        found = diff(graph, without_names(canonical(network(name))))
        assert found.same, found.findings
        assert len(found.model.nodes) == len(graph.nodes)
