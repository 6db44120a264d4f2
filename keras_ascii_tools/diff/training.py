"""What changed in how a model is trained, grouped: a flag that 54 layers have changed is one finding."""

from __future__ import annotations

from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.draft import Draft
from keras_ascii_tools.diff.level import Level
from keras_ascii_tools.diff.settings import changed, training_check
from keras_ascii_tools.diff.signatures import Signer
from keras_ascii_tools.diff.types import Detail as _Detail
from keras_ascii_tools.diff.types import GraphDiff, Path
from keras_ascii_tools.graph import Layer, ModelGraph

__all__ = ["optimizer_change", "policy_changes", "policy_group", "training_changes"]


def policy_changes(level: Level, draft: Draft) -> None:
    """Add the layers of one graph whose dtype policy changed, from which other dtypes follow."""
    draft.sizes[level.path] = sum(not after.is_operation for _, after in level.layers)
    for before, after in level.layers:
        policies = before.dtype_policy, after.dtype_policy
        if None not in policies and policies[0] != policies[1]:
            draft.group(Check.DTYPE_POLICY_CHANGED, _Detail("dtype_policy", *policies), level.path, after.id)


def training_changes(signer: Signer, level: Level, body_of: dict[int, GraphDiff], draft: Draft) -> None:
    """Add the layers of one graph to the groups that they belong to, those of policies apart.

    Args:
        signer: Has the layers' settings.
        level: The graph.
        body_of: What was found in the bodies of layers, by id in the after model. Their groups exist already.
        draft: Holds the groups.
    """
    for before, after in level.layers:
        body = body_of.get(after.id)
        paths = [] if body is None else [part.path for part in body.walk()]
        if before.trainable != after.trainable:
            detail = _Detail("trainable", before.trainable, after.trainable)
            # Setting the flag of a model sets it on all of its layers, which have been counted.
            if not _is_in(draft, Check.TRAINABLE_CHANGED, detail, paths):
                draft.group(Check.TRAINABLE_CHANGED, detail, level.path, after.id)
        facts = signer.facts(before), signer.facts(after)
        if facts[0] is not None and facts[1] is not None and before.kind == after.kind:
            for detail in changed(facts[0][1], facts[1][1]):
                draft.group(training_check(detail.name) or Check.TRAINABLE_CHANGED, detail, level.path, after.id)
        _weights(level.path, before, after, draft, paths)
    own = level.before.graph, level.after.graph
    counts = own[0].own_trainable_params, own[1].own_trainable_params
    if None not in counts and counts[0] != counts[1] and own[0].own_params == own[1].own_params:
        owner = -1 if level.owners is None else level.owners[1]
        draft.group(Check.TRAINABLE_WEIGHTS_CHANGED, _Detail("trainable weights", *counts), level.path, owner)


def _weights(path: Path, before: Layer, after: Layer, draft: Draft, paths: list[Path]) -> None:
    """Weights that are frozen one by one, or by something that nothing else says."""
    counts = before.trainable_params, after.trainable_params
    if None in counts or counts[0] == counts[1] or before.params != after.params or before.trainable != after.trainable:
        return
    for check, detail in list(draft.groups):
        if check in {Check.TRAINABLE_CHANGED, Check.TRAINABLE_WEIGHTS_CHANGED} and _is_in(draft, check, detail, paths):
            return
    draft.group(Check.TRAINABLE_WEIGHTS_CHANGED, _Detail("trainable weights", *counts), path, after.id)


def _is_in(draft: Draft, check: Check, detail: _Detail, paths: list[Path]) -> bool:
    return any(path in paths for path, _ in draft.groups.get((check, detail), ()))


def policy_group(before: Layer, after: Layer, draft: Draft) -> str | None:
    """Return the id of the group for a pair of layers that compute in other dtypes, if there is one."""
    key = Check.DTYPE_POLICY_CHANGED, _Detail("dtype_policy", before.dtype_policy, after.dtype_policy)
    return draft.group_id(key) if key in draft.groups else None


def optimizer_change(before: ModelGraph, after: ModelGraph, draft: Draft) -> None:
    """Note another optimizer, where both are known."""
    if before.optimizer is not None and after.optimizer is not None:
        kinds = before.optimizer.kind, after.optimizer.kind
        if kinds[0] != kinds[1]:
            draft.group(Check.OPTIMIZER_CHANGED, _Detail("optimizer", *kinds), (), None)
