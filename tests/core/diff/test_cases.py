"""What a diff says of small edits, one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from keras_ascii_tools.diff import DEFAULT, Check, Detail, Severity, diff
from keras_ascii_tools.graph import Call, How, Layer, ModelGraph, Node, Optimizer, TensorRef, TensorSpec
from keras_ascii_tools.graph.values import INPUT

SPEC = TensorSpec((None, 8), "float32")


class Build:
    """Builds a graph node by node."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def layer(self, kind: str, name: str | None = None, **more: Any) -> Layer:
        facts = {"module": "keras.layers", "dtype_policy": "float32", **more}
        return Layer(id=len(self.nodes), kind=kind, name=name, named=name is not None, **facts)

    def input(self, name: str | None = None, spec: TensorSpec = SPEC) -> int:
        layer = self.layer("InputLayer", name, dtype_policy=None)
        self.nodes.append(Node(layer=layer, outputs=(spec,)))
        return len(self.nodes) - 1

    def call(self, layer: Layer, *inputs: int, call: Call | None = None, spec: TensorSpec = SPEC) -> int:
        self.nodes.append(Node(layer=layer, inputs=tuple(map(TensorRef, inputs)), call=call, outputs=(spec,)))
        return len(self.nodes) - 1

    def add(self, kind: str, *inputs: int, name: str | None = None, spec: TensorSpec = SPEC, **settings: Any) -> int:
        return self.call(self.layer(kind, name, settings=tuple(settings.items())), *inputs, spec=spec)

    def graph(self, *outputs: int, **more: Any) -> ModelGraph:
        layers = tuple({node.layer.id: node.layer for node in self.nodes if not node.layer.is_operation}.values())
        inputs = tuple(TensorRef(at) for at, node in enumerate(self.nodes) if node.layer.kind == "InputLayer")
        return ModelGraph(
            nodes=tuple(self.nodes), inputs=inputs, outputs=tuple(map(TensorRef, outputs)), layers=layers, **more
        )


def chain(*kinds: str, **more: Any) -> ModelGraph:
    build = Build()
    last = build.input()
    for kind in kinds:
        name, _, kind = kind.rpartition(":")
        last = build.add(kind, last, name=name or None)
    return build.graph(last, **more)


def _apart(graph: ModelGraph) -> ModelGraph:
    """The same with other layers."""
    nodes = tuple(replace(node, layer=replace(node.layer, id=node.layer.id + 100)) for node in graph.nodes)
    return replace(graph, nodes=nodes, layers=tuple(node.layer for node in nodes))


def checks(before: ModelGraph, after: ModelGraph) -> list[str]:
    found = diff(before, after)
    return [*(change.check.value for change in found.changes), *(change.check.value for change in found.signature)]


def test_one_of_five_equal_layers_cannot_be_told_apart() -> None:
    found = diff(chain(*["Dense"] * 5), chain(*["Dense"] * 4))
    (ambiguity,) = found.ambiguities
    assert (ambiguity.after, len(ambiguity.nodes), ambiguity.label) == (False, 5, "Dense")
    assert ambiguity.changes == tuple(change.id for change in found.changes)


def test_names_tell_equal_layers_apart() -> None:
    found = diff(chain("a:Dense", "b:Dense", "c:Dense"), chain("b:Dense", "c:Dense"))
    (change,) = found.changes
    assert (change.check, change.label, found.ambiguities) == (Check.LAYER_REMOVED, "a", ())


def test_one_of_equal_branches_cannot_be_told_apart() -> None:
    def branches(number: int) -> ModelGraph:
        build = Build()
        start = build.input()
        return build.graph(build.add("Add", *(build.add("Dense", start, units=8) for _ in range(number))))

    found = diff(branches(4), branches(3))
    assert [change.check for change in found.changes] == [Check.LAYER_REMOVED]
    assert len(found.ambiguities[0].nodes) == 4


def test_another_kind_in_the_same_place() -> None:
    found = diff(chain("Dense", "ReLU", "Dense"), chain("Dense", "LeakyReLU", "Dense"))
    (change,) = found.changes
    assert change.check is Check.LAYER_REPLACED
    assert change.details == (Detail("kind", "ReLU", "LeakyReLU"),)


def test_a_call_argument() -> None:
    def model(call: Call | None) -> ModelGraph:
        build = Build()
        start = build.input()
        return build.graph(build.call(build.layer("Dropout"), start, call=call))

    found = diff(model(None), model(Call((INPUT,), (("training", False),))))
    (change,) = found.changes
    assert (change.check, change.details) == (Check.CALL_CHANGED, (Detail("training", DEFAULT, False),))


def test_swapped_arguments_and_other_sources() -> None:
    def model(first: int, second: int) -> ModelGraph:
        build = Build()
        start = build.input()
        made = [build.add("Dense", start, units=units) for units in (1, 2, 3)]
        return build.graph(build.add("Subtract", made[first], made[second]), made[2])

    assert checks(model(0, 1), model(1, 0)) == ["arguments-reordered"]
    assert [change.check for change in diff(model(0, 1), model(0, 2)).changes if change.after] == ["inputs-rewired"]


def test_a_shared_layer_and_one_call_more() -> None:
    def model(calls: int) -> ModelGraph:
        build = Build()
        last, shared = build.input(), Layer(id=99, kind="Dense", module="keras.layers", dtype_policy="float32")
        for _ in range(calls):
            last = build.add("ReLU", build.call(shared, last))
        return build.graph(last)

    found = diff(model(2), model(3))
    assert sorted(change.check for change in found.changes) == ["call-added", "layer-added"]


def test_unknown_facts_are_no_change() -> None:
    before = chain("Dense", "Dropout")
    unknown = [
        replace(
            node, outputs=(TensorSpec(),), layer=replace(node.layer, settings=None, params=None, trainable_params=None)
        )
        for node in before.nodes
    ]
    after = replace(before, nodes=tuple(unknown), layers=tuple(node.layer for node in unknown))
    assert diff(before, after).same
    assert diff(after, before).same


@pytest.mark.parametrize("how", [How.LAYERS_ONLY, How.UNBUILT])
def test_a_model_of_which_only_the_layers_are_known(how: How) -> None:
    declared = chain("Dense", "Dropout", "Dense")
    nodes = tuple(replace(node, inputs=(), outputs=(TensorSpec(),)) for node in declared.nodes[1:])
    alone = replace(declared, nodes=nodes, layers=declared.layers[1:], inputs=(), outputs=(), how=how)
    assert checks(declared, alone) == checks(alone, declared) == []
    shorter = replace(alone, nodes=nodes[1:], layers=alone.layers[1:])
    assert checks(alone, shorter) == ["layer-removed"]


def test_models_without_nodes() -> None:
    empty = ModelGraph()
    assert diff(empty, empty).same
    assert checks(empty, chain("Dense"))[:2] == ["layer-added", "layer-added"]


def test_the_signature_is_breaking() -> None:
    before, after = Build(), Build()
    one, two = before.input("image"), before.input("meta")
    first = before.graph(before.add("Dense", one, name="mask"), before.add("Dense", two, name="label", units=3))
    one, two = after.input("image"), after.input("about", TensorSpec((None, 9), "int32"))
    heads = after.add("Dense", one, name="mask", activation="sigmoid"), after.add("Dense", two, name="label", units=3)
    second = after.graph(*reversed(heads))
    found = diff(first, second)
    assert found.breaking
    assert found.severity is Severity.SIGNATURE
    assert {change.check.value for change in found.signature} == {
        "input-renamed",
        "input-shape-changed",
        "input-dtype-changed",
        "outputs-reordered",
        "output-activation-changed",
    }


def test_what_follows_names_its_cause_and_is_not_counted() -> None:
    def model(units: int) -> ModelGraph:
        build = Build()
        wide = TensorSpec((None, units), "float32")
        last = build.add("Dense", build.input(), units=units, spec=wide)
        last = build.add("ReLU", last, spec=wide)
        return build.graph(build.call(build.layer("Dense", params=units * 8), last))

    found = diff(model(16), model(32))
    assert found.counts.total == 1
    assert {derived.cause for derived in found.derived} == {found.changes[0].id}
    assert [detail.name for derived in found.derived for detail in derived.details] == ["shape", "weights"]


def test_what_follows_from_nothing_is_a_change() -> None:
    before = chain("Mystery", "Dense")
    node = replace(before.nodes[1], outputs=(TensorSpec((None, 99), "float32"),))
    after = replace(before, nodes=(before.nodes[0], node, before.nodes[2]))
    assert checks(before, after) == ["shape-changed"]


def test_training_is_grouped_and_its_own_severity() -> None:
    before = chain("Dense", "Dense", "Dense", optimizer=Optimizer(kind="Adam", params=0, bytes=0))
    frozen = [replace(node, layer=replace(node.layer, trainable=False)) for node in before.nodes[:3]]
    nodes = (*frozen, before.nodes[3])
    after = replace(
        before,
        nodes=nodes,
        layers=tuple(node.layer for node in nodes),
        optimizer=Optimizer(kind="SGD", params=0, bytes=0),
    )
    found = diff(before, after)
    assert [(group.check, len(group.layers), group.of) for group in found.groups] == [
        (Check.TRAINABLE_CHANGED, 3, 4),
        (Check.OPTIMIZER_CHANGED, 0, 0),
    ]
    assert found.severity is Severity.TRAINING
    assert found.counts.total == 0


def test_changes_of_a_nested_model_are_inside_it() -> None:
    def model(*kinds: str) -> ModelGraph:
        build = Build()
        start, body = build.input(), _apart(chain(*kinds))
        return build.graph(build.call(build.layer("Functional", "encoder", graph=body), start))

    found = diff(model("Dense", "Dense"), model("Dense", "ReLU", "Dense"))
    (change,) = found.changes
    assert (change.check, change.path, change.label) == (Check.LAYER_ADDED, ("encoder",), "ReLU")
    assert found.model.bodies[0].changes == (change,)


def test_ids_are_stable() -> None:
    """People write them into files."""
    assert len({check.value for check in Check}) == len(Check)
    assert [check.value for check in Check if check.severity is Severity.NAMES] == [
        "model-renamed",
        "model-class-changed",
        "layer-renamed",
    ]
    assert {check.value for check in Check if check.severity is Severity.WEIGHTS} == {
        "weights-dropped",
        "weights-fail",
        "weights-shuffled",
    }
    outside = {check.value for check in Check if check.severity is Severity.SIGNATURE}
    assert all(value.startswith(("input", "output")) for value in outside)
