"""What holds for the diff of any two graphs."""

from __future__ import annotations

from hypothesis import given

from keras_ascii_tools.diff import Check, ModelDiff, diff
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.options import DiffOptions
from tests.core.diff.mutations import changed_graphs, known_graphs
from tests.core.graphs import model_graphs


def facts(found: ModelDiff) -> object:
    return found.changes, found.signature, found.groups, found.derived


@given(model_graphs())
def test_a_model_is_the_same_as_itself(graph: ModelGraph) -> None:
    found = diff(graph, graph)
    assert facts(found) == ((), (), (), ())
    assert found.verdict in {"SAME", "CHANGED"}
    assert all(new == old for new, old in found.mapping.items())


@given(model_graphs(), model_graphs())
def test_any_two_models_are_compared(before: ModelGraph, after: ModelGraph) -> None:
    found = diff(before, after)
    ids = [finding.id for finding in found.findings]
    assert len(set(ids)) == len(ids)
    known = {*ids, *(group.id for group in found.groups)}
    assert {derived.cause for derived in found.derived} <= known
    assert {change.cause for change in found.signature} <= {*known, None}
    for part in found.model.walk():
        assert len({one for one, _ in part.nodes}) == len({other for _, other in part.nodes}) == len(part.nodes)
        for change in (*part.changes, *(() if part.path else found.signature)):
            for side, graph in ((change.before, part.before), (change.after, part.after)):
                if side is not None and change.check not in SHARING:
                    assert {graph.nodes[node].layer.id for node in side.nodes} <= {side.layer}


SHARING = {Check.LAYER_UNSHARED, Check.LAYERS_SHARED}


@given(changed_graphs())
def test_whatever_makes_models_differ_is_found(graphs: tuple[ModelGraph, ModelGraph]) -> None:
    before, after = graphs
    found = diff(before, after)
    assert (facts(found)[:3] == ((), (), ())) == (before == after)


@given(known_graphs(max_depth=0), known_graphs(max_depth=0))
def test_a_diff_and_the_diff_back_count_the_same(before: ModelGraph, after: ModelGraph) -> None:
    there, back = diff(before, after).counts, diff(after, before).counts
    assert there.total == back.total
    assert (there.added, there.removed) == (back.removed, back.added)


@given(model_graphs(), model_graphs())
def test_less_is_found_at_a_lower_level(before: ModelGraph, after: ModelGraph) -> None:
    arch, shapes = (diff(before, after, DiffOptions(level=level)) for level in ("arch", "shapes"))
    assert arch.groups == shapes.groups == ()
    assert Check.LAYER_RENAMED not in {change.check for change in shapes.changes}
    settings = [change for change in shapes.changes if change.check is Check.SETTING_CHANGED]
    names = {detail.name.partition(" ")[0] for change in settings for detail in change.details}  # `shape 1`, too
    assert names <= {"shape"}
