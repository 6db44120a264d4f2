"""Layers that are as good a counterpart as the one that was found, because nothing tells them apart. For old weights.

Knows what changed between two models, not how weights are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.types import Ambiguity, GraphDiff, ModelDiff
from keras_ascii_tools.graph import Layer

__all__ = ["counterparts"]


def counterparts(found: ModelDiff) -> tuple[dict[int, int], list[set[int]]]:
    """Return which layer is which, for old weights.

    Returns:
        Id of a layer of the after model → id of its counterpart in the before model. Of layers that are said to be
        new, those are in it that could as well be old ones. Then sets of ids of the before model: each of a set is as
        good a counterpart as the others.
    """
    groups: list[set[int]] = []
    twins: dict[int, int] = {}
    for part in found.model.walk():
        for old, new in _alike(part, found):
            groups.append({layer.id for layer in old})
            like = {_facts(layer): layer.id for layer in old}
            twins.update({layer.id: like[_facts(layer)] for layer in new if _facts(layer) in like})
    return {**twins, **found.mapping}, groups


def _alike(part: GraphDiff, found: ModelDiff) -> Iterator[tuple[list[Layer], list[Layer]]]:
    """Yield layers of the before model that are alike, and those that are new and like them."""
    for ambiguity in found.ambiguities:
        if ambiguity.path == part.path:
            yield _of_ambiguity(part, ambiguity)
    # What is said to have moved, or to be gone from one place and new in another, may be another one of its kind.
    gone = [_facts(layer) for layer in _nameless(part, False, Check.LAYER_REMOVED, Check.LAYER_MOVED)]
    come = {_facts(layer) for layer in _nameless(part, True, Check.LAYER_ADDED, Check.LAYER_MOVED)}
    added = _nameless(part, True, Check.LAYER_ADDED)
    for facts in dict.fromkeys(facts for facts in gone if facts in come):
        old = [layer for layer in part.before.layers if not layer.named and _facts(layer) == facts]
        yield old, [layer for layer in added if _facts(layer) == facts]


def _of_ambiguity(part: GraphDiff, ambiguity: Ambiguity) -> tuple[list[Layer], list[Layer]]:
    if not ambiguity.after:
        return [part.before.nodes[node].layer for node in ambiguity.nodes], []
    partners = {other: one for one, other in part.nodes}
    old = [part.before.nodes[partners[node]].layer for node in ambiguity.nodes if node in partners]
    return old, [part.after.nodes[node].layer for node in ambiguity.nodes if node not in partners]


def _nameless(part: GraphDiff, after: bool, *checks: Check) -> list[Layer]:
    """Layers without a given name that changes of one of some sorts are about."""
    sides = [change.after if after else change.before for change in part.changes if change.check in checks]
    ids = {side.layer for side in sides if side is not None}
    graph = part.after if after else part.before
    return [layer for layer in graph.layers if layer.id in ids and not layer.named]


def _facts(layer: Layer) -> object:
    return layer.kind, layer.settings, layer.params
