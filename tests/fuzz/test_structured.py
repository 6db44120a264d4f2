"""Files made by their structure: what is right is read as it was planned, what is wrong is refused or can be drawn."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.check import check_source
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import ModelGraph, TensorRef
from keras_ascii_tools.read.target import read_bytes
from keras_ascii_tools.read.window import window_of_bytes
from tests.core.read.archives import Entry, archive, crafted
from tests.fuzz import fuzz_json, fuzz_zip
from tests.fuzz.drawn import check_drawings
from tests.fuzz.running import MOST
from tests.fuzz.strategies import Planned, entries, planned_models


def edges_of(graph: ModelGraph) -> list[tuple[str | None, int, str | None, int]]:
    """(producer, its call, consumer, its call) of every edge, in no order."""
    calls: dict[int, int] = {}
    places: list[tuple[str | None, int]] = []
    for node in graph.nodes:
        number = calls.get(node.layer.id, 0)
        calls[node.layer.id] = number + 1
        places.append((node.layer.name, number))
    return sorted((*places[edge.source.node], *places[edge.node]) for edge in graph.edges)  # type: ignore[type-var]


def place_of(graph: ModelGraph, ref: TensorRef | None) -> str | None:
    assert ref is not None
    return graph.nodes[ref.node].layer.name


@pytest.mark.parametrize("keras2", [False, True])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_model_is_read_as_it_was_planned(keras2: bool, data: st.DataObject) -> None:
    planned: Planned = data.draw(planned_models(keras2=keras2))
    graph = read_bytes(json.dumps(planned.config).encode(), "x")
    assert graph.notes == ()
    assert {layer.name for layer in graph.layers} == set(planned.layers)
    found = [(producer, consumer) for producer, _, consumer, _ in edges_of(graph)]
    assert sorted(found) == sorted((producer, consumer) for producer, _, consumer, _ in planned.edges)  # type: ignore[type-var]
    assert [place_of(graph, ref) for ref in graph.outputs] == [name for name, _ in planned.outputs]
    dense = {layer.name for layer in graph.layers if layer.kind == "Dense"}
    assert graph.params == len(dense) * 20
    check_drawings(graph)


@settings(max_examples=60, deadline=None)
@given(planned_models())
def test_all_routes_give_the_same_graph(planned: Planned) -> None:
    text = json.dumps(planned.config).encode()
    graph = read_bytes(text, "x")
    metadata = b'{"keras_version": "3.15.1"}'
    for method in (0, 8):
        packed = archive({"metadata.json": metadata, "config.json": text}, method=method)
        assert read_bytes(packed, "x") == graph
    assert read_bytes(json.dumps(text.decode()).encode(), "x") == graph
    assert read_bytes(hdf5(planned.config), "x") == graph


def hdf5(config: Any) -> bytes:
    import io

    import h5py

    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "3.15.1"
    return made.getvalue()


@settings(max_examples=100, deadline=None)
@given(planned_models(), st.integers(0, 2**32), st.integers(1, 4))
def test_a_model_that_was_damaged_is_refused_or_can_be_drawn(planned: Planned, seed: int, times: int) -> None:
    data = json.dumps(planned.config).encode()
    chance = random.Random(seed)
    for _ in range(times):
        data = fuzz_json.mutate(data, MOST, chance.getrandbits(32))
    try:
        graph = read_bytes(data, "x")
    except SourceError as error:
        message = str(error)
        assert message.isprintable()
        return
    check_drawings(graph)


@settings(max_examples=100, deadline=None)
@given(planned_models())
def test_what_a_person_could_have_made_is_not_dangerous(planned: Planned) -> None:
    report = check_source(window_of_bytes(json.dumps(planned.config).encode()), "x")
    assert not report.unread
    assert {finding.rule for finding in report.findings} <= {"hidden-characters"}


@settings(max_examples=400, deadline=None)
@given(entries(), st.sampled_from((b"", b"#!/bin/sh\n")))
def test_archives_that_lie_are_refused_or_read_as_zipfile_reads_them(made: list[Entry], prefix: bytes) -> None:
    data = crafted(made, prefix=prefix)
    fuzz_zip.load()(data)
    try:
        check_source(window_of_bytes(data), "x")
    except SourceError as error:
        message = str(error)
        assert message.isprintable()
