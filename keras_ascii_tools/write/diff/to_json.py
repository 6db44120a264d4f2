"""What changed -> JSON (`docs/json.md`): everything that it says. Knows nothing of rows and of texts for eyes."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools._version import __version__
from keras_ascii_tools.diff import (
    DEFAULT,
    Ambiguity,
    Change,
    Derived,
    Detail,
    Finding,
    GraphDiff,
    Group,
    ModelDiff,
    Side,
)
from keras_ascii_tools.diff.loading_types import SkipMismatch, Slot, WeightsVerdict
from keras_ascii_tools.graph import ModelGraph, Value
from keras_ascii_tools.write.to_json import Json, pretty, value_json

__all__ = ["SCHEMA", "VERSION", "to_json"]

SCHEMA = "keras-ascii/diff"
VERSION = "1.0"


def to_json(diff: ModelDiff, *, accepted: Sequence[tuple[Finding, str]] = ()) -> str:
    """Write what changed as a JSON document: ASCII, and the same for the same diff.

    Args:
        diff: What changed.
        accepted: Findings that somebody has accepted, and why.
    """
    reasons = dict(accepted)
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "version": VERSION,
        "tool": f"keras-ascii {__version__}",
        "verdict": diff.verdict,
        "severity": None if diff.severity is None else diff.severity.word,
        "counts": _counts(diff),
        "before": _model(diff.before),
        "after": _model(diff.after),
        "findings": [
            {
                "check": finding.check.value,
                "severity": finding.severity.word,
                "id": finding.id,
                "accepted": reasons.get(finding),
            }
            for finding in diff.findings
        ],
        "changes": [_change(change) for change in diff.changes],
        "signature": [_change(change) for change in diff.signature],
        "groups": [_group(group) for group in diff.groups],
        "derived": [_derived(derived) for derived in diff.derived],
        "ambiguities": [_ambiguity(ambiguity) for ambiguity in diff.ambiguities],
        "weights": None if diff.weights is None else _weights(diff.weights),
        "notes": list(diff.notes),
        "graphs": [_pairs(part) for part in diff.model.walk()],
    }
    return f"{pretty(document)}\n"


def _counts(diff: ModelDiff) -> dict[str, Json]:
    counts = diff.counts
    named = ["added", "removed", "changed", "rewired", "moved", "renamed", "training", "signature", "derived"]
    return {"total": counts.total, **{name: getattr(counts, name) for name in named}}


def _model(graph: ModelGraph) -> dict[str, Json]:
    return {
        "kind": graph.kind,
        "name": graph.name,
        "nodes": len(graph.nodes),
        "params": graph.params,
        "trainable_params": graph.trainable_params,
    }


def _change(change: Change) -> dict[str, Json]:
    return {
        "id": change.id,
        "check": change.check.value,
        "severity": change.severity.word,
        "path": list(change.path),
        "before": _side(change.before),
        "after": _side(change.after),
        "details": [_detail(detail) for detail in change.details],
        "cause": change.cause,
    }


def _side(side: Side | None) -> Json:
    return None if side is None else {"layer": side.layer, "label": side.label, "nodes": list(side.nodes)}


def _detail(detail: Detail) -> dict[str, Json]:
    return {"name": detail.name, "before": _value(detail.before), "after": _value(detail.after)}


def _value(value: Value) -> Json:
    return {"$": "default"} if value == DEFAULT else value_json(value)


def _group(group: Group) -> dict[str, Json]:
    return {
        "id": group.id,
        "check": group.check.value,
        "severity": group.severity.word,
        "detail": _detail(group.detail),
        "layers": [{"path": list(path), "layer": layer} for path, layer in group.layers],
        "of": group.of,
    }


def _derived(derived: Derived) -> dict[str, Json]:
    return {
        "path": list(derived.path),
        "before": _side(derived.before),
        "after": _side(derived.after),
        "details": [_detail(detail) for detail in derived.details],
        "cause": derived.cause,
    }


def _ambiguity(ambiguity: Ambiguity) -> dict[str, Json]:
    return {
        "changes": list(ambiguity.changes),
        "path": list(ambiguity.path),
        "side": "after" if ambiguity.after else "before",
        "nodes": list(ambiguity.nodes),
        "label": ambiguity.label,
    }


def _pairs(part: GraphDiff) -> dict[str, Json]:
    return {
        "path": list(part.path),
        "owners": None if part.owners is None else list(part.owners),
        "nodes": [list(pair) for pair in part.nodes],
        "layers": [list(pair) for pair in part.layers],
    }


def _weights(weights: WeightsVerdict) -> dict[str, Json]:
    skip = weights.skip_mismatch
    return {
        "status": weights.status.value,
        "loading": weights.loading.value,
        "objects": weights.objects,
        "loaded": weights.loaded,
        "exact": weights.exact,
        "reason": weights.reason,
        "missing": _slots(weights.missing),
        "mismatched": _slots(weights.mismatched),
        "wrong": _slots(weights.wrong),
        "dropped": _slots(weights.dropped),
        "untouched": _slots(weights.untouched),
        "unknown": _slots(weights.unknown),
        "skip_mismatch": None if skip is None else _skip(skip),
    }


def _skip(skip: SkipMismatch) -> dict[str, Json]:
    return {"raises": skip.raises, "loaded": skip.loaded, "wrong": _slots(skip.wrong)}


def _slots(slots: tuple[Slot, ...]) -> list[Json]:
    return [
        {
            "after": slot.after,
            "before": slot.before,
            "after_layer": slot.after_layer,
            "before_layer": slot.before_layer,
            "place": slot.place,
            "why": slot.why,
        }
        for slot in slots
    ]
