"""The benchmarks: each measures something small and returns what can be. How long anything takes is not tested."""

from __future__ import annotations

import sys
from itertools import count

import pytest

from benchmarks import import_time, layout_speed, pytest_startup, results, saved_files
from benchmarks.graphs import FAMILIES, graph_of
from benchmarks.timing import best_times

SIAMESE = ((), (0,), (), (2,), (1, 3))
LABELS = ("left", "encode left", "right", "encode right", "subtract")


def test_times_are_the_best_of_rounds_that_do_everything() -> None:
    calls: list[str] = []
    number = count()
    best = best_times({"a": lambda: calls.append("a"), "b": lambda: next(number)}, seconds=60, most=3)
    assert calls == ["a"] * 3
    assert next(number) == 3
    assert best.keys() == {"a", "b"}
    assert all(0 <= taken < 60 for taken in best.values())


def test_the_first_round_is_made_in_any_case() -> None:
    number = count()
    best_times({"a": lambda: sum(range(100_000)), "b": lambda: next(number)}, seconds=0)
    assert next(number) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_graphs_have_as_many_nodes_as_asked_for(family: str) -> None:
    graph = graph_of(family, 200)
    assert len(graph.nodes) == 200
    assert graph.inputs
    assert graph.outputs


def test_every_family_is_laid_out() -> None:
    records = layout_speed.measure((50,), seconds=0)
    assert [record.family for record in records] == list(FAMILIES)
    assert all(record.nodes == 50 and record.edges > 30 for record in records)
    assert all(record.layout > 0 and record.text is not None for record in records)
    assert [record.lanes for record in records[:2]] == [1, 2]


def test_processes_are_compared_with_the_least_one() -> None:
    records = import_time.measure((import_time.BARE, import_time.SHOW), rounds=1)
    assert [record.program for record in records] == [import_time.BARE, import_time.SHOW]
    assert records[0].over_bare == 1
    assert all(record.milliseconds > 0 for record in records)


def test_a_plugin_is_compared_with_none() -> None:
    records = pytest_startup.measure((pytest_startup.BARE, pytest_startup.OURS), rounds=1, python=sys.executable)
    assert [record.plugin for record in records] == [pytest_startup.BARE, pytest_startup.OURS]
    assert records[0].added == 0
    assert records[1].seconds > 0


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_a_saved_file_is_measured_in_both_formats() -> None:
    records = saved_files.measure(("small CNN",), rounds=1, with_keras=False)
    assert [record.file for record in records] == ["small CNN, `.keras`", "small CNN, `.h5`"]
    for record in records:
        assert record.milliseconds > 0
        assert 5 < record.memory < 100
        assert 0 < record.read < 100


def test_results_are_a_document() -> None:
    budget = results.Budget("layout", "≤ 20 µs", "21 µs", met=False)
    numbers = results.table(("what", "µs"), [("chain", 3.14159), ("grid", 1234), ("none", None)])
    text = results.document([results.Section("Speed", "How fast.", numbers, (budget,))], ["layout_speed"])
    assert numbers == (
        "| what  |    µs |\n"
        "| ----- | ----: |\n"
        "| chain |  3.14 |\n"
        "| grid  | 1,234 |\n"
        "| none  |     - |\n"
    )  # fmt: skip
    assert text.startswith("# Results of the benchmarks\n")
    assert "| layout | ≤ 20 µs | 21 µs    | **no** |" in text
    assert text.endswith(f"## Speed\n\nHow fast.\n\n{numbers}")


def test_like_git() -> None:
    pytest.importorskip("asciidag", reason="only the benchmarks need it")
    from benchmarks.peers import git_lines, git_seconds

    lines = git_lines(SIAMESE, LABELS)
    assert [line.lstrip("*|/\\ ") for line in lines if "*" in line] == [LABELS[node] for node in (0, 2, 1, 3, 4)]
    assert git_seconds(SIAMESE, LABELS) is not None


def test_a_peer_that_takes_too_long_is_stopped() -> None:
    pytest.importorskip("asciidag", reason="only the benchmarks need it")
    from benchmarks.peers import git_seconds

    blocks = 60
    diamonds = [(), *(used for block in range(blocks) for used in ((2 * block,), (2 * block, 2 * block + 1)))]
    assert git_seconds(diamonds, ["x"] * len(diamonds), limit=1) is None


def test_like_sapling() -> None:
    pytest.importorskip("renderdag", reason="only the benchmarks need it")
    from benchmarks.peers import sapling_lines

    assert sapling_lines(SIAMESE, LABELS, range(5)) == [
        "o  left",
        "o  encode left",
        "│ o  right",
        "│ o  encode right",
        "├─╯",
        "o  subtract",
    ]


@pytest.mark.keras
@pytest.mark.parametrize("nodes", [10, 23, 1_500])
def test_models_have_as_many_nodes_as_asked_for(nodes: int) -> None:
    import keras_ascii_tools as kat
    from benchmarks.keras_models import MODELS, dense

    builders = (dense,) if nodes > 1_000 else MODELS.values()
    assert [len(kat.read(build(nodes)).nodes) for build in builders] == [nodes] * len(builders)


@pytest.mark.keras
def test_drawing_is_compared_with_the_summary() -> None:
    from benchmarks import against_summary

    records = against_summary.measure((20,), seconds=0)
    assert [record.nodes for record in records] == [20, 20]
    for record in records:
        assert min(record.read, record.display, record.snapshot, record.summary) > 0
        assert record.faster > 0


@pytest.mark.keras
def test_an_application_is_measured() -> None:
    from benchmarks import applications

    (record,) = applications.measure(["VGG16"], peers=False, seconds=0)
    assert (record.nodes, record.edges, record.lanes, record.crossings, record.rows_per_node) == (23, 22, 1, 0, 1.0)
    assert record.gutter == 1
    assert record.width > 40
    assert "VGG16" in applications.names()
