"""What traces find, and that nothing is left of them."""

from __future__ import annotations

from typing import Any

import pytest

from keras_ascii_tools.read.tracing import Outcome, RawOperation, is_tensor, trace
from keras_ascii_tools.read.tracing.nested import leaves
from tests.keras.untouched import Picture
from tests.models.traced import ALL, KINDS, Kind

pytestmark = pytest.mark.keras

EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture(scope="module", autouse=True)
def _keras() -> Any:
    return pytest.importorskip("keras")


def calls_of(outcome: Outcome) -> str:
    assert outcome.trace is not None, outcome.reason
    names = []
    for one in outcome.trace.calls:
        name = one.operation.kind if isinstance(one.operation, RawOperation) else type(one.operation).__name__
        names.append(f"({name})" if one.implied else name)
    return " ".join(names)


def unknown_in(outcome: Outcome) -> int:
    """How many tensors come from nowhere."""
    assert outcome.trace is not None
    known = {id(tensor) for tensor in outcome.trace.inputs}
    unknown = 0
    for one in outcome.trace.calls:
        unknown += sum(is_tensor(leaf) and id(leaf) not in known for leaf in leaves((one.args, one.kwargs)))
        known |= {id(tensor) for tensor in one.outputs}
    return unknown + sum(is_tensor(leaf) and id(leaf) not in known for leaf in leaves(outcome.trace.outputs))


@EACH
def test_a_trace_finds_the_calls_and_leaves_nothing_behind(kind: Kind) -> None:
    model, inputs = kind.build()
    before = Picture(model)
    outcome = trace(model, inputs=inputs)
    assert before.changes() == []
    if kind.how:
        assert calls_of(outcome) == kind.calls
        assert outcome.trace is not None
        assert outcome.trace.how == kind.how
        assert unknown_in(outcome) == kind.unknown
    else:
        assert outcome.trace is None
        assert outcome.reason.startswith("its call() raised ")
        assert "\n" not in outcome.reason
    opened = []
    for route in ALL:
        outcome = trace(model, inputs=inputs, routes=(route,))
        assert before.changes() == []
        if outcome.trace is not None:
            opened.append(route)
    assert tuple(opened) == kind.routes, outcome.reason


def test_most_kinds_open_fully() -> None:
    opened = [kind for kind in KINDS if kind.how and not kind.unknown]
    assert len(KINDS) >= 23
    assert len(opened) >= 21
