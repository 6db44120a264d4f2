"""A model of which only the weights' layers are known, beside the same model when all is known."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.diff import diff
from keras_ascii_tools.graph import How, Layer, ModelGraph, Node, TensorRef, TensorSpec

KINDS = ("Dense", "LayerNormalization", "Conv2D", "Dropout")


@st.composite
def chains(draw: st.DrawFn) -> ModelGraph:
    """A traced chain of layers: some have names, some have weights, some are frozen."""
    layers = [Layer(id=0, kind="InputLayer", module="keras.layers", params=0)]
    for number in range(1, draw(st.integers(2, 9))):
        kind = draw(st.sampled_from(KINDS))
        named = draw(st.booleans())
        params = 0 if kind == "Dropout" else draw(st.sampled_from((4, 8, 12)))
        trainable = draw(st.booleans())
        layers.append(
            Layer(
                id=number,
                kind=kind,
                module="keras.layers",
                name=f"mine_{number}" if named else None,
                named=named,
                settings=(("units", params),),
                params=params,
                trainable=trainable,
                trainable_params=params if trainable else 0,
            )
        )
    spec = TensorSpec((None, 4), "float32")
    nodes = [
        Node(layer=layer, inputs=(TensorRef(at - 1),) if at else (), outputs=(spec,)) for at, layer in enumerate(layers)
    ]
    return ModelGraph(
        kind="Net",
        nodes=tuple(nodes),
        inputs=(TensorRef(0),),
        outputs=(TensorRef(len(nodes) - 1),),
        layers=tuple(layers),
        how=How.TRACED,
    )


@st.composite
def saved(draw: st.DrawFn, graph: ModelGraph) -> ModelGraph:
    """What a file of weights says of the same model: no order, no settings, and not every class."""
    found: list[Layer] = []
    for layer in graph.layers:
        if layer.params:
            known = draw(st.booleans())
            name = {} if known else {"name": layer.name or f"attribute_{layer.id}", "named": True}
            kind = layer.kind if known else "Layer"
            more = {"settings": None, "trainable": True, "trainable_params": None}
            found.append(replace(layer, id=100 + layer.id, kind=kind, **name, **more))
    return ModelGraph(kind="Net", layers=tuple(draw(st.permutations(found))), how=How.WEIGHTS)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_the_file_does_not_know_is_no_change(data: st.DataObject) -> None:
    graph = data.draw(chains())
    file = data.draw(saved(graph))
    for before, after in ((file, graph), (graph, file)):
        found = diff(before, after)
        assert found.same or not file.layers, (found.changes, found.groups)
        assert not file.layers or "settings, wires and signature are not compared" in found.notes[0]


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_one_layer_more_is_one_change(data: st.DataObject) -> None:
    graph = data.draw(chains())
    file = data.draw(saved(graph))
    new = Layer(id=999, kind="EinsumDense", module="keras.layers", settings=None, params=77, trainable_params=None)
    if file.layers:
        found = diff(graph, replace(file, layers=(new, *file.layers)))
        assert [(change.check, change.label) for change in found.changes] == [("layer-added", "EinsumDense")]


def test_that_code_is_not_compared_is_said() -> None:
    one, other = (Layer(id=at, kind=kind, module="keras.layers") for at, kind in enumerate(("Lambda", "Dense")))
    code, plain = (ModelGraph(layers=(layer,), how=How.LAYERS_ONLY) for layer in (one, other))
    nested = ModelGraph(layers=(replace(other, graph=code),), how=How.LAYERS_ONLY)
    note = "the code of Lambda layers"
    assert note in diff(code, code).notes
    assert note in diff(nested, code).notes
    assert note not in diff(plain, code).notes
