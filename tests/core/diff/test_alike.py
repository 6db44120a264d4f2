"""Old weights of layers that nothing tells apart: any of them is as right as the others."""

from __future__ import annotations

from keras_ascii_tools.diff import ModelDiff, diff
from keras_ascii_tools.graph import How, Layer, ModelGraph
from tests.core.diff.test_loading import layer, model


def chain(*kinds: str, names: str = "") -> ModelGraph:
    """A chain; each character of `names` names a layer, a blank none."""
    made: list[Layer] = []
    for number, kind in enumerate(kinds):
        name = names[number : number + 1].strip()
        shapes = () if kind == "Dropout" else ((4, 3), (3,)) if kind == "EinsumDense" else ((4, 4), (4,))
        made.append(layer(number, kind, shapes, name=name or None, named=bool(name)))
    return model(*made)


def status(found: ModelDiff) -> str:
    assert found.weights is not None
    return found.weights.status


DENSE, NORM, LAST = "Dense", "LayerNormalization", "EinsumDense"


def test_which_of_two_equal_layers_moved_is_not_known_without_names() -> None:
    after = chain(NORM, DENSE, NORM, DENSE)
    for names, changed, expected in (("", "", "loads"), (" m n", "n m ", "wrong"), (" m n", "m n ", "loads")):
        before = chain(DENSE, NORM, DENSE, NORM, names=names)
        found = diff(before, chain(NORM, DENSE, NORM, DENSE, names=changed) if names else after)
        assert status(found) == expected, (names, found.changes)


def test_a_layer_that_moved_far_away_may_be_another_one() -> None:
    far = [f"Kind{number}" for number in range(20)]
    before, after = chain(DENSE, *far, NORM, DENSE, NORM), chain(NORM, DENSE, *far, NORM, DENSE)
    assert {status(diff(before, after)), status(diff(after, before))} == {"loads"}


def test_which_of_several_equal_layers_is_new_is_not_known() -> None:
    before, after = chain(DENSE, DENSE, LAST), chain(DENSE, "Dropout", DENSE, DENSE, LAST)
    found = diff(before, after)
    assert found.counts.added == found.counts.total == 2
    assert found.weights is not None
    assert found.ambiguities
    assert found.weights.wrong == ()
    assert found.weights.skip_mismatch is not None
    assert found.weights.skip_mismatch.wrong == ()


def test_layers_of_other_sizes_are_told_apart() -> None:
    first, last = layer(1, "Reshape", (), named=False), layer(2, "Flatten", (), named=False)
    one, drop = layer(3, named=False), layer(4, "Dropout", (), named=False)
    for shapes, alike in ((((4, 4), (4,)), True), (((8, 4), (4,)), False)):
        after = model(first, one, drop, layer(5, shapes=shapes, named=False), last)
        found = diff(model(first, one, last), after)
        assert found.counts.added == found.counts.total == 2
        assert bool(found.ambiguities) is alike


def test_weights_inside_a_users_layer_follow_from_its_own_setting() -> None:
    def graph(units: int, setting: int) -> ModelGraph:
        inner = layer(7, shapes=((4, units), (units,)), name=None, named=False, settings=None)
        body = ModelGraph(kind="Block", layers=(inner,), how=How.WEIGHTS)
        block = layer(1, "Block", inner_shapes(units), module=None, settings=(("units", setting),), graph=body)
        return model(layer(0), block)

    def inner_shapes(units: int) -> list[tuple[int, ...]]:
        return [(4, units), (units,)]

    found = diff(graph(4, 4), graph(6, 6))
    assert [change.check for change in found.changes] == ["setting-changed"]
    assert [(derived.path, derived.cause) for derived in found.derived] == [(("layer_1",), "C1")]
    found = diff(graph(4, 4), graph(6, 4))
    assert [change.check for change in found.changes] == ["weight-count-changed"]
