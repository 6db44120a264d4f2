"""What a diff says below its rows: signature, training, what cannot be told apart, weights, notes. Knows no format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_ascii_tools.diff import Ambiguity, Change, Finding, ModelDiff
from keras_ascii_tools.diff.loading_types import Loading, Slot, Status, WeightsVerdict
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.write.diff.which import members_of
from keras_ascii_tools.write.diff.words import Words
from keras_ascii_tools.write.sheet import Line, Role, line_of

__all__ = ["accepted_lines", "change_line", "facts_of"]

_ALERT = "!"
_MOST = 5
"""Names that a list says; the rest is counted, and JSON has them all."""


def facts_of(diff: ModelDiff, options: DiffOptions, words: Words) -> tuple[Line, ...]:
    """Write the lines that stand below the rows."""
    lines = [_signature(change, words) for change in diff.signature]
    if "training" in options.show:
        said = [words.group(group, members_of(diff, group, _MOST)) for group in diff.groups]
        lines += [line_of((f"~ training: {text}", Role.CHANGED)) for text in said]
    lines += [line_of((f"  {_ambiguity(ambiguity)}", Role.NOTE)) for ambiguity in diff.ambiguities]
    if diff.weights is not None:
        lines += _weights(diff.weights, words)
    lines += [line_of((f"  not compared: {note}", Role.NOTE)) for note in diff.notes]
    return tuple(lines)


def accepted_lines(diff: ModelDiff, accepted: Sequence[tuple[Finding, str]]) -> Iterator[Line]:
    """Write what somebody has accepted, and why."""
    labels = {change.id: change.label for change in (*diff.changes, *diff.signature)}
    for finding, reason in accepted:
        label = labels.get(finding.id, "")
        yield line_of((f"  accepted: {finding.check.value}{f' of {label}' if label else ''}: {reason}", Role.NOTE))


def change_line(change: Change, words: Words) -> Line:
    """Write a change that no row shows."""
    label = f"{change.label}: " if change.label else ""
    return line_of((f"~ {label}{change.check.value.replace('-', ' ')}{_details(change, words)}", Role.CHANGED))


def _signature(change: Change, words: Words) -> Line:
    # `output-shape-changed` of `mask` with details: `output mask: shape 1 → 2`; without: `output mask added`.
    end, _, what = change.check.value.replace("-", " ").partition(" ")
    said = _details(change, words)
    what = "" if said and what.endswith("changed") else f" {what}"
    label = f" {change.label}" if change.label else ""
    cause = f" (from {change.cause})" if change.cause else ""
    return line_of((f"{_ALERT} breaks callers: {end}{label}{what}{said}{cause}", Role.ALERT))


def _details(change: Change, words: Words) -> str:
    details = words.details(change.details)
    return f": {details}" if details else ""


def _ambiguity(ambiguity: Ambiguity) -> str:
    what = "added" if ambiguity.after else "removed"
    many = len(ambiguity.changes)
    which = "which" if many == 1 else f"which {many:,}"
    were = f"{ambiguity.label} was" if many == 1 else f"layers (from {ambiguity.label} on) were"
    return f"{which} of {len(ambiguity.nodes):,} equal {were} {what} cannot be told"


def _weights(weights: WeightsVerdict, words: Words) -> Iterator[Line]:
    if weights.status is Status.WRONG:
        yield line_of((f"{_ALERT} load_weights() raises nothing, and yet:", Role.ALERT))
        yield from _list(_ALERT, [_swap(slot, words) for slot in weights.wrong], Role.ALERT, words)
    elif weights.status is Status.FAILS:
        mismatched = [f"{_place(slot)}: {slot.why or 'another shape'}" for slot in weights.mismatched]
        missing = [f"{_place(slot)}: {slot.why or 'missing'}" for slot in weights.missing]
        least = "at least " if not weights.exact and weights.loading is Loading.KERAS else ""
        reason = f": {least}{weights.reason}" if weights.reason and weights.reason not in mismatched + missing else ""
        yield line_of((f"{_ALERT} old weights fail to load{reason}", Role.ALERT))
        yield from _list(" ", mismatched, Role.NOTE, words)
        yield from _list(" ", missing, Role.NOTE, words)
        yield from _skipping(weights, words)
    elif weights.status is Status.UNKNOWN:
        yield line_of((f"  old weights: cannot be told: {weights.reason or 'some layers are not known'}", Role.NOTE))
    if weights.untouched and weights.status is not Status.FAILS:
        yield line_of(("  layers that keep their initial weights, without a word:", Role.NOTE))
        yield from _list(" ", list(map(_place, weights.untouched)), Role.NOTE, words)
    if weights.dropped and weights.status is not Status.FAILS:
        yield line_of(("  old weights that go nowhere, without a word:", Role.NOTE))
        yield from _list(" ", [slot.before or slot.place for slot in weights.dropped], Role.NOTE, words)


def _skipping(weights: WeightsVerdict, words: Words) -> Iterator[Line]:
    skip = weights.skip_mismatch
    if skip is None:
        return
    if skip.raises:
        yield line_of(("  they fail with skip_mismatch=True, too", Role.NOTE))
        return
    if not (weights.exact or skip.loaded or skip.wrong):  # at least none: that says nothing
        return
    none = ", none into the wrong layer" if weights.exact else ""
    wrong = f", {len(skip.wrong):,} of them into the wrong layers:" if skip.wrong else none
    least = "" if weights.exact else "at least "
    yield line_of((f"  with skip_mismatch=True {least}{skip.loaded:,} of {weights.objects:,} load{wrong}", Role.NOTE))
    yield from _list(_ALERT, [_swap(slot, words) for slot in skip.wrong], Role.ALERT, words)


def _swap(slot: Slot, words: Words) -> str:
    said = f"{_place(slot)} {words.back} {slot.before or 'the arrays of something else'}"
    if slot.why:
        return f"{said}: {slot.why}"
    return f"{said}, which is another layer now" if slot.before == slot.after else said


def _place(slot: Slot) -> str:
    return slot.after or slot.place or "?"


def _list(mark: str, texts: Sequence[str], role: Role, words: Words) -> Iterator[Line]:
    # The bullet also keeps a name from standing first on its line, where CI might take it for a command.
    for text in texts[:_MOST]:
        yield line_of((f"{mark}   {words.bullet} {text}", role))
    if len(texts) > _MOST:
        yield line_of((f"{mark}   and {len(texts) - _MOST:,} more", role))
