"""The weights verdict against Keras: real files, really loaded, and a look at which number ended up where."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import keras_ascii_tools
from keras_ascii_tools.diff.loading import Slot, WeightsVerdict, weights_verdict
from keras_ascii_tools.graph import ModelGraph, layers_by_depth
from tests.keras.loading_cases import CASES, UNKNOWN
from tests.keras.loading_oracle import LOADINGS, Loaded, fill, load, mapping, named_layers, store, variables
from tests.keras.loading_pairs import Pair

pytestmark = pytest.mark.keras

NOT_IN_CONFIGS = {"quantized attention", "quantized attention, both"}
"""Keras writes nothing of how the projections are quantized; it cannot load such a file itself."""


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
    problems += [f"the order of layers: {graph}" for graph in graphs if not has_order_of_keras(graph)]
    if name not in NOT_IN_CONFIGS:
        problems += differences(graphs, pairs, routes(before, after, tmp_path), pair)
    assert not problems, "\n\n".join(problems)


def routes(before: Any, after: Any, folder: Path) -> Iterator[tuple[str, ModelGraph, ModelGraph]]:
    """The same two models, read from files and drawings; both sides, or only the old one as in a review."""
    read = keras_ascii_tools.read
    files: list[ModelGraph] = []
    drawn: list[ModelGraph] = []
    for number, model in enumerate((before, after)):
        path = folder / f"{number}.keras"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.save(path)
        files.append(read(path))
        drawn.append(keras_ascii_tools.read_drawing(str(keras_ascii_tools.draw(model, profile="snapshot"))))
    yield "files", files[0], files[1]
    yield "drawings", drawn[0], drawn[1]
    yield "a file and a model", files[0], read(after)
    yield "a drawing and a model", drawn[0], read(after)


def differences(
    live: tuple[ModelGraph, ModelGraph],
    pairs: Mapping[int, int],
    others: Iterable[tuple[str, ModelGraph, ModelGraph]],
    pair: Pair,
) -> Iterator[str]:
    """What is said of files and drawings that is not true; of classes of a user's it may be that it is not known."""
    known = [weights_verdict(*live, pairs, loading) for loading in LOADINGS]
    for route, before, after in others:
        if not has_names(before) or not has_names(after):
            continue  # counterparts are found by name here
        for truth in known:
            verdict = weights_verdict(before, after, mapping(before, after, pair.renamed), truth.loading)
            if verdict.status == "unknown":
                if not any(map(has_users_classes, live)):
                    yield f"{route}, {truth.loading}: unknown: {verdict.reason}"
            elif verdict.status != truth.status or (verdict.exact and facts(verdict) != facts(truth)):
                yield f"{route}, {truth.loading}: {verdict}\n\nmodels: {truth}"


def has_order_of_keras(graph: ModelGraph) -> bool:
    """Whether the order by depth is that of `keras.Model.layers`, in nested models too."""
    bodies = [layer.graph for layer in graph.layers if layer.graph is not None]
    by_rule = graph.how == "declared" and graph.kind != "Sequential"
    mine = not by_rule or [layer.id for layer in layers_by_depth(graph)] == [layer.id for layer in graph.layers]
    return mine and all(map(has_order_of_keras, bodies))


def facts(verdict: WeightsVerdict) -> object:
    return (
        verdict.failed,
        [(slot.after_layer is None, slot.place) for slot in (*verdict.missing, *verdict.mismatched)],
        sorted(slot.place for slot in verdict.wrong),
        len(verdict.dropped),
        verdict.loaded,
        verdict.objects,
    )


def has_names(graph: ModelGraph) -> bool:
    return all(layer.name for _, layer in named_layers(graph) if layer.params)


def has_users_classes(graph: ModelGraph) -> bool:
    """For which files and drawings say too little."""
    return graph.saveables is not None or any(layer.saveables for _, layer in named_layers(graph))


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
