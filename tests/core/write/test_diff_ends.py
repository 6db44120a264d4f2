"""How a diff says that inputs or outputs stand in another order or structure."""

from __future__ import annotations

from dataclasses import replace

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.graph import INPUT, ModelGraph, TensorRef
from tests.core.diff.test_loading import layer, model


def two_heads(*, named: bool = True) -> ModelGraph:
    kinds = ("Dense", "Dense", "EinsumDense")
    trunk, one, two = (layer(at, kind, name="tpq"[at], named=named) for at, kind in enumerate(kinds))
    graph = model(trunk, one, two)
    nodes = (*graph.nodes[:2], replace(graph.nodes[2], inputs=(TensorRef(0),)))
    return replace(graph, nodes=nodes, outputs=(TensorRef(1), TensorRef(2)))


@pytest.mark.parametrize(("named", "said"), [(True, "(p, q) → (q, p)"), (False, "(0, 1) → (1, 0)")])
def test_another_order_is_said_by_names_where_there_are_any(named: bool, said: str) -> None:
    before = two_heads(named=named)
    drawn = kat.diff(before, replace(before, outputs=before.outputs[::-1]))
    assert f"! breaks callers: outputs reordered: order {said}\n" in f"{drawn}\n"


def test_a_mapping_instead_of_a_list() -> None:
    before = two_heads()
    drawn = kat.diff(before, replace(before, output_structure=(INPUT, (INPUT,))))
    assert "output: structure flat → " in str(drawn)
