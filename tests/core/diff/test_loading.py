"""The weights verdict on graphs made by hand: what it says, and that nothing makes it fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.diff.loading import Loading, Status, weights_verdict
from keras_ascii_tools.graph import How, Layer, ModelGraph, Node, Record, Saveable, TensorRef, TensorSpec, Weight
from tests.core.graphs import model_graphs

LOADINGS = [loading.value for loading in Loading]


def layer(
    number: int, kind: str = "Dense", shapes: Sequence[tuple[int, ...]] = ((4, 4), (4,)), **more: object
) -> Layer:
    names = ("kernel", "bias", "third")
    weights = tuple(Weight(names[n], shape, "float32", True) for n, shape in enumerate(shapes))
    size = sum(weight.size for weight in weights)
    fields: dict[str, object] = {
        "module": "keras.layers",
        "name": f"layer_{number}",
        "named": True,
        "weights": weights,
        "params": size,
        "trainable_params": size,
    }
    return Layer(id=number, kind=kind, **{**fields, **more})  # type: ignore[arg-type]


def model(*layers: Layer, **more: object) -> ModelGraph:
    nodes = tuple(
        Node(layer=one, inputs=(TensorRef(index - 1),) if index else (), outputs=(TensorSpec((None, 4), "float32"),))
        for index, one in enumerate(layers)
    )
    return ModelGraph(nodes=nodes, outputs=(TensorRef(len(nodes) - 1),) if nodes else (), layers=layers, **more)  # type: ignore[arg-type]


def same(*numbers: int) -> dict[int, int]:
    return {number: number for number in numbers}


def test_every_object_that_fails_is_named_with_its_place_and_why() -> None:
    before = model(layer(1), layer(2))
    after = model(layer(1), layer(2, shapes=((4, 5), (5,))), layer(3))
    verdict = weights_verdict(before, after, same(1, 2))
    assert verdict.status == "fails"
    assert [(slot.after, slot.before, slot.place, slot.why) for slot in verdict.missing] == [
        ("layer_3", None, "layers/dense_2", "there is nothing in the file")
    ]
    assert [(slot.after, slot.before, slot.place, slot.why) for slot in verdict.mismatched] == [
        ("layer_2", "layer_2", "layers/dense_1", "kernel is (4, 5), in the file it is (4, 4)")
    ]
    assert verdict.failed == 2
    assert (verdict.objects, verdict.loaded) == (3, 1)
    assert verdict.reason == "1 missing, 1 mismatched"
    assert verdict.skip_mismatch is not None
    assert (verdict.skip_mismatch.raises, verdict.skip_mismatch.loaded) == (False, 1)


def test_wrong_layers_are_named_with_both_sides() -> None:
    graph = model(layer(1), layer(2), layer(3))
    shorter = model(layer(2), layer(3))
    verdict = weights_verdict(graph, shorter, same(2, 3))
    assert verdict.status == "wrong"
    assert [(slot.after, slot.before, slot.after_layer, slot.before_layer) for slot in verdict.wrong] == [
        ("layer_2", "layer_1", 2, 1),
        ("layer_3", "layer_2", 3, 2),
    ]
    assert [slot.before for slot in verdict.dropped] == ["layer_3"]


def test_layers_that_cannot_be_told_apart_are_not_wrong() -> None:
    graph = model(layer(1), layer(2), layer(3))
    shorter = model(layer(2), layer(3))
    assert weights_verdict(graph, shorter, same(2, 3), alike=[{1, 2, 3}]).status == "drops"
    assert weights_verdict(graph, shorter, same(2, 3), alike=[{1, 2}]).status == "wrong"


def test_arrays_of_another_role_are_wrong_in_the_right_layer() -> None:
    before = model(layer(1, "LayerNormalization", ((4,),)))
    renamed = replace(before.layers[0], weights=(Weight("beta", (4,), "float32", True),))
    verdict = weights_verdict(before, model(renamed), same(1))
    assert verdict.status == "wrong"
    assert verdict.wrong[0].why == "its beta gets the kernel"


def test_by_name_passes_over_what_has_no_namesake() -> None:
    before, after = model(layer(1), layer(2)), model(layer(1), layer(3))
    verdict = weights_verdict(before, after, same(1), "h5-by-name")
    assert verdict.status == "drops"
    assert [slot.before for slot in verdict.dropped] == ["layer_2"]
    assert [slot.after for slot in verdict.untouched] == ["layer_3"]


def test_by_name_moved_counters_load_into_other_layers() -> None:
    before = model(*(layer(n, name=f"dense_{n}", named=False) for n in (1, 2)))
    after = model(*(layer(n, name=f"dense_{n + 1}", named=False) for n in (1, 2)))
    verdict = weights_verdict(before, after, same(1, 2), "h5-by-name")
    assert verdict.status == "wrong"
    assert [(slot.after, slot.before) for slot in verdict.wrong] == [("dense_2", "dense_2")]
    assert [(slot.after_layer, slot.before_layer) for slot in verdict.wrong] == [(1, 2)]
    assert [slot.after for slot in verdict.untouched] == ["dense_3"]


def test_by_name_needs_names() -> None:
    graph = model(layer(1, name=None, named=False))
    assert weights_verdict(graph, graph, same(1), "h5-by-name").status == "unknown"
    assert weights_verdict(graph, graph, same(1), "h5").status == "loads"


def test_by_order_the_number_of_layers_has_to_be_the_same() -> None:
    verdict = weights_verdict(model(layer(1), layer(2)), model(layer(1)), same(1), "h5")
    assert verdict.status == "fails"
    assert verdict.reason == "1 layer of the new model have weights, in the file 2 have"
    assert verdict.skip_mismatch is not None
    assert verdict.skip_mismatch.raises


def test_by_order_trained_arrays_come_first() -> None:
    def norm(number: int, trained: bool) -> Layer:
        names = (("gamma", trained), ("moving", False), ("beta", trained))
        weights = tuple(Weight(name, (4,), "float32", flag) for name, flag in names)
        return layer(number, "BatchNormalization", weights=weights, params=12, trainable_params=8 if trained else 0)

    verdict = weights_verdict(model(norm(1, True)), model(norm(1, False)), same(1), "h5")
    assert verdict.status == "wrong"
    assert verdict.wrong[0].why == "its moving gets the beta"
    assert weights_verdict(model(norm(1, True)), model(norm(1, False)), same(1)).status == "loads"


def test_a_model_that_is_not_built_has_no_weights_yet() -> None:
    unbuilt = model(layer(1), how=How.UNBUILT)
    for pair in ((unbuilt, model(layer(1))), (model(layer(1)), unbuilt)):
        verdict = weights_verdict(*pair, same(1))
        assert verdict.status == "unknown"
        assert "not built" in verdict.reason


def test_counts_alone_can_show_that_it_fails_and_never_that_it_loads() -> None:
    def scale(params: int | None) -> ModelGraph:
        return model(Layer(id=1, kind="Scale", module="mine", params=params, trainable_params=params))

    assert weights_verdict(scale(4), scale(4), same(1)).status == "unknown"
    assert weights_verdict(scale(4), scale(None), same(1)).status == "unknown"
    assert weights_verdict(scale(0), scale(0), same(1)).status == "loads"
    # There may be less in it now; more cannot come out of a file than is in it.
    assert weights_verdict(scale(5), scale(4), same(1)).status == "unknown"
    verdict = weights_verdict(scale(4), scale(5), same(1))
    assert (verdict.status, verdict.exact) == ("fails", False)


def test_ways_of_loading_have_names() -> None:
    with pytest.raises(ValueError, match="npz"):
        weights_verdict(model(), model(), {}, "npz")


def saved(*parts: tuple[str, int], number: int = 1, weights: tuple[Weight, ...] | None = ()) -> Saveable:
    return Saveable(number, "Layer", weights, parts)


ARRAY = Weight("kernel", (4,), "float32", True)


def attributes(**ids: int) -> ModelGraph:
    """A model of a user's class with a layer of one array at each attribute."""
    inner = [Saveable(number, "Layer", (ARRAY,)) for number in ids.values()]
    layers = tuple(layer(number, "Mine", ((4,),), module="mine") for number in ids.values())
    size = 4 * len(layers)
    root = saved(*ids.items(), number=100)
    return ModelGraph(kind="Net", how=How.TRACED, layers=layers, saveables=(root, *inner), own_params=size * 0)


def test_attributes_address_the_layers_of_a_class_from_outside_keras() -> None:
    assert weights_verdict(attributes(a=1, b=2), attributes(a=1, b=2), same(1, 2)).status == "loads"
    assert weights_verdict(attributes(a=1, b=2), attributes(a=2, b=1), same(1, 2)).status == "wrong"
    renamed = weights_verdict(attributes(a=1, b=2), attributes(a=1, c=2), same(1, 2))
    assert [slot.place for slot in renamed.missing] == ["c"]


def test_an_object_is_found_at_any_attribute_that_leads_to_it() -> None:
    inner = Saveable(1, "Layer", (ARRAY,))
    root = saved(("new", 1), ("old", 1), number=100)
    graph = ModelGraph(kind="Net", how=How.TRACED, saveables=(root, inner))
    assert weights_verdict(attributes(old=1), graph, same(1)).status == "loads"


def test_what_was_read_from_a_file_may_be_found_elsewhere() -> None:
    root = Saveable(100, "", (), (("new", 1),))
    graph = ModelGraph(kind="Net", how=How.WEIGHTS, saveables=(root, Saveable(1, "", (ARRAY,))))
    assert weights_verdict(attributes(old=1), graph, same(1)).status == "unknown"
    assert weights_verdict(attributes(), graph, same(1)).status == "fails"


def test_parts_that_lead_to_each_other_and_very_many_ways_come_to_an_end() -> None:
    levels = 40
    both = [Saveable(n, "Layer", (ARRAY,), (("a", n + 1), ("b", n + 1))) for n in range(levels)]
    last = Saveable(levels, "Layer", (Weight("kernel", (5,), "float32", True),), (("up", 0),))
    graph = ModelGraph(kind="Net", how=How.TRACED, saveables=(*both, last))
    other = replace(graph, saveables=(*both, replace(last, weights=(ARRAY,))))
    assert weights_verdict(graph, graph, {}).status == "loads"
    assert weights_verdict(graph, other, {}).status in {"fails", "unknown"}


def test_a_layer_in_two_models_is_stored_once() -> None:
    inner = layer(1)
    body = layer(2, "Functional", (), module="keras.models", graph=model(inner), weights=inner.weights, params=20)
    graph = model(inner, body)
    verdict = weights_verdict(graph, graph, same(1, 2))
    assert (verdict.status, verdict.objects) == ("loads", 1)


def test_cells_and_wrappers_are_opened() -> None:
    names = ("kernel", "recurrent_kernel", "bias")
    weights = tuple(Weight(name, (4,), "float32", True) for name in names * 2)
    setting = (("layer", Record("LSTM", (("units", 1),))),)
    graph = model(layer(1, "Bidirectional", weights=weights, params=24, trainable_params=24, settings=setting))
    wider = model(replace(graph.layers[0], weights=(replace(weights[0], shape=(5,)), *weights[1:]), params=25))
    verdict = weights_verdict(graph, wider, same(1))
    assert [slot.place for slot in verdict.mismatched] == ["layers/bidirectional/forward_layer/cell"]
    assert verdict.objects == 2


def numbers(graph: ModelGraph) -> dict[int, int]:
    found: dict[int, int] = {}
    waiting = [graph]
    while waiting:
        one = waiting.pop()
        for inner in (*one.layers, *(node.layer for node in one.nodes)):
            if inner.id not in found:
                found[inner.id] = inner.id
                waiting += [] if inner.graph is None else [inner.graph]
    return found


@settings(max_examples=150)
@given(model_graphs(), st.sampled_from(LOADINGS))
def test_weights_load_into_the_model_they_come_from(graph: ModelGraph, loading: str) -> None:
    verdict = weights_verdict(graph, graph, numbers(graph), loading)
    assert verdict.status in {Status.LOADS, Status.UNKNOWN}
    assert verdict.skip_mismatch is None


@settings(max_examples=150)
@given(model_graphs(), model_graphs(), st.dictionaries(st.integers(0, 9), st.integers(0, 9)), st.sampled_from(LOADINGS))
def test_any_two_graphs_have_a_verdict_that_adds_up(
    before: ModelGraph, after: ModelGraph, mapping: Mapping[int, int], loading: str
) -> None:
    verdict = weights_verdict(before, after, mapping, loading)
    fails = verdict.status is Status.FAILS
    assert fails == (verdict.skip_mismatch is not None)
    assert not verdict.failed or fails
    assert not fails or verdict.reason
    assert (verdict.status is Status.UNKNOWN) <= bool(verdict.reason)
    assert 0 <= verdict.loaded <= verdict.objects
