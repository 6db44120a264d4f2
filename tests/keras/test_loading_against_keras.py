"""The weights verdict against Keras: real files, really loaded, and a look at which number ended up where."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

import keras_ascii_tools
from keras_ascii_tools.diff.loading import Slot, WeightsVerdict, weights_verdict
from tests.keras.loading_cases import CASES, UNKNOWN
from tests.keras.loading_oracle import LOADINGS, Loaded, fill, load, mapping, store, variables

pytestmark = pytest.mark.keras


def owners(labels: Iterable[str | None], known: set[str]) -> set[str]:
    """The layers that objects belong to: an object may be a part of one."""
    found: set[str] = set()
    for label in labels:
        name = label or ""
        while name and name not in known:
            name = name.rpartition("/")[0]
        found.add(name)
    return found


def news(slots: Iterable[Slot], known: set[str]) -> set[str]:
    return owners((slot.after for slot in slots), known)


def olds(slots: Iterable[Slot], known: set[str]) -> set[str]:
    return owners((slot.before for slot in slots), known)


def say(verdict: WeightsVerdict, plain: Loaded, skipped: Loaded) -> str:
    return f"{verdict}\n\nreally: {plain}\n\nwith skip_mismatch: {skipped}"


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_what_keras_does(name: str, tmp_path: Path) -> None:
    pair = CASES[name]
    before, after = pair.before(), pair.after()
    old = fill(before, 1)
    graphs = keras_ascii_tools.read(before), keras_ascii_tools.read(after)
    pairs = mapping(*graphs, pair.renamed)
    mine, theirs = {one.owner for one in variables(after)}, {one.owner for one in variables(before)}
    problems: list[str] = []
    for loading in LOADINGS:
        path = tmp_path / ("old.weights.h5" if loading == "keras" else "old.h5")
        store(before, path)
        verdict = weights_verdict(*graphs, pairs, loading)
        plain = load(old, after, path, loading, False, pair.renamed)
        skipped = load(old, after, path, loading, True, pair.renamed)
        problems += [
            f"{loading}: {problem}\n{say(verdict, plain, skipped)}"
            for problem in disagreements(verdict, plain, skipped, mine, theirs)
        ]
    assert not problems, "\n\n".join(problems)


def disagreements(
    verdict: WeightsVerdict, plain: Loaded, skipped: Loaded, mine: set[str], theirs: set[str]
) -> Iterable[str]:
    if verdict.status == "unknown":
        yield "unknown"
        return
    fails = verdict.status == "fails"
    if fails != bool(plain.raised):
        yield "raises or not"
    if verdict.loading == "keras" and (plain.failed or 0) != verdict.failed:
        yield f"number of objects: {verdict.failed}"
    if not fails:
        if news(verdict.wrong, mine) != plain.wrong:
            yield "wrong layers"
        if olds(verdict.dropped, theirs) != plain.dropped:
            yield "dropped"
        if news(verdict.untouched, mine) != plain.untouched:
            yield "untouched"
        if verdict.skip_mismatch is not None:
            yield "says what skip_mismatch does"
        expected = "wrong" if plain.wrong else "drops" if plain.dropped else "loads"
        if verdict.status != expected:
            yield f"status: {expected}"
        return
    skip = verdict.skip_mismatch
    if skip is None or skip.raises != bool(skipped.raised):
        yield "raises with skip_mismatch or not"
    elif not skip.raises:
        if news(skip.wrong, mine) != skipped.wrong:
            yield "wrong layers with skip_mismatch"
        if verdict.exact and olds(verdict.dropped, theirs) != skipped.dropped:
            yield "dropped with skip_mismatch"


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_known_is_said_to_be_unknown(name: str) -> None:
    pair = UNKNOWN[name]
    graphs = keras_ascii_tools.read(pair.before()), keras_ascii_tools.read(pair.after())
    verdict = weights_verdict(*graphs, mapping(*graphs, pair.renamed))
    assert verdict.status == "unknown"
    assert verdict.unknown
    assert verdict.reason
