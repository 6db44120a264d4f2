"""What a diff says of old weights: the verdict in its first line, and the lines below the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_ascii_tools.diff import diff
from keras_ascii_tools.diff.loading import Loading, SkipMismatch, Slot, Status, WeightsVerdict
from keras_ascii_tools.diff.loading_arrays import Array, called
from keras_ascii_tools.glyphs import CHARSETS
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.write.diff.facts import facts_of
from keras_ascii_tools.write.diff.verdict import weights_of
from keras_ascii_tools.write.diff.words import Words
from tests.core.diff.test_loading import layer, model


def said(weights: WeightsVerdict, before: ModelGraph | None = None, after: ModelGraph | None = None) -> list[str]:
    found = diff(before or model(layer(1)), after or model(layer(1)))
    lines = facts_of(replace(found, weights=weights), DiffOptions(), Words(CHARSETS["unicode"]))
    return [line.text for line in lines]


def test_by_name_it_is_said_what_keeps_its_initial_weights() -> None:
    before = model(layer(1, name="a"), layer(2, name="b"))
    after = model(layer(1, name="a"), layer(2, name="c"))
    found = diff(before, after, DiffOptions(loading="h5-by-name"))
    assert found.weights is not None
    assert weights_of(found.weights) == "LOADS (1 of 2), DROPS 1"
    assert said(found.weights, before, after)[1:] == [  # the name of the output comes first
        "  layers that keep their initial weights, without a word:",
        "    · c",
        "  old weights that go nowhere, without a word:",
        "    · b",
    ]


def test_what_keeps_its_initial_weights_is_not_counted_as_wrong() -> None:
    wrong, kept = Slot(after="b", before="a"), Slot(after="c")
    verdict = WeightsVerdict(
        status=Status.WRONG, loading=Loading.H5_BY_NAME, objects=3, wrong=(wrong,), untouched=(kept,)
    )
    assert weights_of(verdict) == "LOADS INTO THE WRONG LAYERS (1 of 3)"
    assert said(verdict) == [
        "! load_weights() raises nothing, and yet:",
        "!   · b ← a",
        "  layers that keep their initial weights, without a word:",
        "    · c",
    ]


@pytest.mark.parametrize(
    ("slot", "line"),
    [
        (Slot(after="a", before="a"), "!   · a ← a, which is another layer now"),
        (Slot(after="n", before="n", why="its beta gets the gamma"), "!   · n ← n: its beta gets the gamma"),
        (Slot(after="n"), "!   · n ← the arrays of something else"),
    ],
)
def test_what_is_wrong_with_a_layer_can_be_understood(slot: Slot, line: str) -> None:
    assert said(WeightsVerdict(status=Status.WRONG, loading=Loading.KERAS, objects=1, wrong=(slot,)))[1] == line


@pytest.mark.parametrize("exact", [True, False])
def test_numbers_that_may_be_larger_are_said_to_be_so(exact: bool) -> None:
    verdict = WeightsVerdict(
        status=Status.FAILS,
        loading=Loading.KERAS,
        objects=3,
        loaded=1,
        missing=(Slot(after="x", why="there is nothing in the file"),),
        exact=exact,
        skip_mismatch=SkipMismatch(raises=False, loaded=1),
        reason="1 missing",
    )
    lines = [weights_of(verdict), *said(verdict)]
    numbers = [line for line in lines if "1 missing" in line or "1 of 3" in line]
    assert len(numbers) == 3
    assert all(("at least" in line) is not exact for line in numbers)
    assert any("none into the wrong" in line for line in lines) is exact


def test_at_least_none_is_not_said() -> None:
    skip = SkipMismatch(raises=False, loaded=0)
    fails = WeightsVerdict(
        status=Status.FAILS, loading=Loading.KERAS, objects=3, exact=False, skip_mismatch=skip, reason="1 mismatched"
    )
    assert said(fails) == ["! old weights fail to load: at least 1 mismatched"]
    assert said(replace(fails, exact=True))[-1] == "  with skip_mismatch=True 0 of 3 load, none into the wrong layer"


def test_an_array_has_a_number_only_where_it_needs_one() -> None:
    arrays = [Array(1, role, (2,), "float32") for role in ("kernel", "bias", "kernel 1", "0")]
    assert [called(array, arrays) for array in arrays] == ["kernel", "bias", "kernel 1", "array 0"]
    assert called(arrays[2], arrays[1:]) == "kernel"
