"""The one line that comes first: `CHANGED: 2 added · params 10 → 20 · I/O same · old weights: LOADS`. Knows no format.

It holds shapes and numbers, but no text that a model brought; only what could not be told says why in its words.
"""

from __future__ import annotations

from keras_ascii_tools.diff import Check, Counts, ModelDiff, Severity
from keras_ascii_tools.diff.loading_types import Status, WeightsVerdict
from keras_ascii_tools.write.diff.words import Words

__all__ = ["verdict_of", "weights_of"]

_SORTS = ("added", "removed", "changed", "rewired", "moved")
_MAX_SIGNATURE = 2
"""Changes of the signature that the line says; more are counted."""


def verdict_of(diff: ModelDiff, words: Words) -> str:
    """Say the verdict in one line."""
    parts = [_counts(diff), words.params(diff.before.params, diff.after.params), _signature(diff, words)]
    if diff.weights is not None:
        parts.append(f"old weights: {weights_of(diff.weights)}")
    dot = " · " if words.arrow == "→" else ", "
    return f"{diff.verdict}{_only(diff)}: {dot.join(parts)}"


def _only(diff: ModelDiff) -> str:
    if diff.severity is None or diff.severity > Severity.TRAINING:
        return ""
    return f" ({diff.severity.word} only)"


def _counts(diff: ModelDiff) -> str:
    counts: Counts = diff.counts
    said = [f"{getattr(counts, sort):,} {sort}" for sort in _SORTS if getattr(counts, sort)]
    said += [f"{counts.renamed:,} renamed"] if counts.renamed else []
    said += [f"{counts.training:,} training change{'s' if counts.training > 1 else ''}"] if counts.training else []
    return ", ".join(said) or "0 changes"


def _signature(diff: ModelDiff, words: Words) -> str:
    if not diff.signature:
        return "I/O same"
    said: list[str] = []
    for change in diff.signature[:_MAX_SIGNATURE]:
        shape = next((detail for detail in change.details if detail.name == "shape"), None)
        what = change.check.value.replace("-", " ")
        if shape is not None and change.check in {Check.INPUT_SHAPE_CHANGED, Check.OUTPUT_SHAPE_CHANGED}:
            what = f"{what.partition(' ')[0]} {words.detail(shape).removeprefix('shape ')}"
        if what not in said:
            said.append(what)
    more = len(diff.signature) - _MAX_SIGNATURE
    return ", ".join(said) + (f" and {more:,} more" if more > 0 else "")


def weights_of(weights: WeightsVerdict) -> str:
    """Say in a few words what becomes of old weights."""
    if weights.status is Status.LOADS:
        return _loads(weights)
    if weights.status is Status.DROPS:
        return f"{_loads(weights)}, DROPS {len(weights.dropped):,}"
    if weights.status is Status.WRONG:
        return f"LOADS INTO THE WRONG LAYERS ({len(weights.wrong):,} of {weights.objects:,})"
    if weights.status is Status.FAILS:
        counts = ((len(weights.missing), "missing"), (len(weights.mismatched), "mismatched"))
        said = ", ".join(f"{count:,} {what}" for count, what in counts if count)
        least = "" if weights.exact else "at least "
        return f"FAILS ({least}{said} of {weights.objects:,})" if said else "FAILS"
    return "UNKNOWN"


def _loads(weights: WeightsVerdict) -> str:
    """Loading by name leaves out what it finds no name for: it is no error that nothing loads."""
    return f"LOADS ({weights.loaded:,} of {weights.objects:,})" if weights.untouched else "LOADS"
