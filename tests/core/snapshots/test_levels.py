"""What a comparison looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keras_ascii_tools as kat
from keras_ascii_tools import Layer, ModelGraph, Node, OptionError, TensorRef, TensorSpec
from keras_ascii_tools.graph import INPUT, Call, Record
from keras_ascii_tools.graph.levels import IGNORABLE, LEVELS, agree, project
from tests.core.graphs import model_graphs


def model(**changes: Any) -> ModelGraph:
    """An input and a Dense, the facts of which can be changed; `spec` and `call` are those of its node."""
    spec = changes.pop("spec", TensorSpec((None, 4), "float32"))
    call = changes.pop("call", None)
    of_graph = {key: changes.pop(key) for key in ("named", "own_params", "own_trainable_params") if key in changes}
    facts: dict[str, Any] = {
        "name": "head",
        "named": True,
        "settings": (("units", 4), ("kernel_initializer", Record("HeNormal")), ("kernel_regularizer", Record("L2"))),
        "dtype_policy": "float32",
        "params": 16,
        "trainable_params": 16,
        **changes,
    }
    dense = Layer(id=2, kind="Dense", module="keras.layers", **facts)
    start = Layer(id=1, kind="InputLayer")
    return ModelGraph(
        name="net",
        named=of_graph.pop("named", True),
        nodes=(
            Node(layer=start, outputs=(TensorSpec((None, 3), "float32"),)),
            Node(layer=dense, inputs=(TensorRef(0),), outputs=(spec,), call=call),
        ),
        inputs=(TensorRef(0),),
        outputs=(TensorRef(1),),
        layers=(start, dense),
        **of_graph,
    )


def other_settings(**changes: Any) -> tuple[tuple[str, Any], ...]:
    return tuple({**dict(model().layers[1].settings or ()), **changes}.items())


CHANGES: dict[str, tuple[ModelGraph, set[str], set[str]]] = {
    # what: the other model, the levels that see it, the words that hide it from `full`
    "name": (model(name="tail"), {"full", "arch"}, {"names"}),
    "no name": (model(named=True, name="head_2"), {"full", "arch"}, {"names"}),
    "model's name": (model(named=False), {"full", "arch"}, {"names"}),
    "trainable": (model(trainable=False, trainable_params=0), {"full"}, {"trainable"}),
    "policy": (model(dtype_policy="mixed_float16"), {"full"}, {"dtype"}),
    "dtype": (model(spec=TensorSpec((None, 4), "float16")), {"full"}, {"dtype"}),
    "initializer": (
        model(settings=other_settings(kernel_initializer="zeros")),
        {"full"},
        {"initializers", "settings", "Dense.kernel_initializer", "*.kernel_initializer"},
    ),
    "regularizer": (
        model(settings=other_settings(kernel_regularizer=None)),
        {"full"},
        {"regularizers", "settings", "Dense.kernel_regularizer", "*.kernel_regularizer"},
    ),
    "constraint": (model(settings=other_settings(kernel_constraint="x")), {"full"}, {"regularizers", "settings"}),
    "setting": (model(settings=other_settings(units=5)), {"full", "arch"}, {"settings", "Dense.units", "*.units"}),
    "weights": (model(params=17, trainable_params=16), {"full", "arch"}, {"weights"}),
    "shape": (model(spec=TensorSpec((None, 5), "float32")), set(LEVELS), set()),
    "call": (model(call=Call((INPUT,), (("training", False),))), {"full", "arch"}, set()),
    "kind": (replace(model(), kind="Sequential"), set(LEVELS), set()),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_level_sees_what_it_is_for(what: str) -> None:
    other, levels, _ = CHANGES[what]
    assert {level for level in LEVELS if project(model(), level) != project(other, level)} == levels


@pytest.mark.parametrize("what", CHANGES)
def test_each_word_hides_what_it_names_and_nothing_else(what: str) -> None:
    other, _, hiding = CHANGES[what]
    words = [*IGNORABLE, "Dense.kernel_initializer", "*.kernel_initializer", "Dense.kernel_regularizer"]
    words += ["*.kernel_regularizer", "Dense.units", "*.units", "Conv2D.units"]
    hidden = {word for word in words if project(model(), "full", [word]) == project(other, "full", [word])}
    assert hidden == hiding


@given(model_graphs(), st.lists(st.sampled_from([*IGNORABLE, "Dense.units", "*.activation"]), max_size=3))
@settings(max_examples=60)
def test_words_add_up_in_any_order(graph: ModelGraph, words: list[str]) -> None:
    once = graph
    for word in words:
        once = project(once, "full", [word])
    assert once == project(graph, "full", words) == project(graph, "full", list(reversed(words)))


@given(model_graphs(), st.sampled_from(LEVELS))
@settings(max_examples=60)
def test_a_projection_of_a_projection_is_the_same(graph: ModelGraph, level: str) -> None:
    once = project(graph, level)
    assert project(once, level) == once
    assert agree(graph, graph)
    assert len(once.nodes) == len(graph.nodes)


@given(model_graphs())
@settings(max_examples=60)
def test_lower_levels_see_less(graph: ModelGraph) -> None:
    assert project(graph) is graph
    assert project(project(graph, "arch"), "shapes") == project(graph, "shapes")


def test_layers_inside_settings_are_looked_at_too() -> None:
    def wrapper(rate: float) -> ModelGraph:
        inner = Record("Dropout", (("name", "mine"), ("rate", rate)))
        return model(settings=(("layer", inner), ("rate", 1)))

    assert project(wrapper(0.1), "full", ["Dropout.rate"]) == project(wrapper(0.2), "full", ["Dropout.rate"])
    assert project(wrapper(0.1), "full", ["Dense.rate"]) != project(wrapper(0.2), "full", ["Dense.rate"])
    assert project(wrapper(0.1), "full", ["names"]).layers[1].settings == (
        ("layer", Record("Dropout", (("rate", 0.1),))),
        ("rate", 1),
    )


@pytest.mark.parametrize("fact", ["params", "settings", "dtype_policy"])
def test_what_one_side_does_not_know_is_no_difference(fact: str) -> None:
    unknown = model(**{fact: None, **({"trainable_params": None} if fact == "params" else {})})
    assert unknown != model()
    assert agree(unknown, model())
    assert agree(model(), unknown)


@pytest.mark.parametrize("what", CHANGES)
def test_what_both_sides_know_is_a_difference(what: str) -> None:
    assert not agree(CHANGES[what][0], model())


@pytest.mark.parametrize(
    ("level", "ignore", "said"),
    [
        ("shape", (), "level: expected one of full, arch, shapes, got 'shape'"),
        ("full", ("name",), "did you mean 'names'"),
        ("full", ("Dropout.",), "got 'Dropout.'"),
        ("full", ("rate",), "a setting such as 'Dropout.rate'"),
        ("full", ("a.b.c",), "got 'a.b.c'"),
    ],
)
def test_words_that_do_not_exist_are_refused(level: str, ignore: tuple[str, ...], said: str) -> None:
    with pytest.raises(OptionError) as caught:
        project(model(), level, ignore)
    assert said in str(caught.value)


@pytest.mark.parametrize("what", sorted(CHANGES.keys() - {"kind"}))  # of the model: the diff has no word for it
@pytest.mark.parametrize("level", LEVELS)
def test_the_diff_sees_what_a_level_sees(what: str, level: Any) -> None:
    one, two = project(model(), level), project(CHANGES[what][0], level)
    assert kat.diff(one, two, level=level).same == (one == two)
