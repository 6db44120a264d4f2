"""What holds for the text of every diff, whatever the models, their names and their settings are."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import keras_ascii_tools as kat
from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.options import DIFF_CHOICES
from keras_ascii_tools.write.diff import FORMATS
from tests.core.graphs import model_graphs
from tests.core.write.diff_pairs import NASTY, PAIRS, blocks, dense, mlp

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MARKS = frozenset("+-~^>! ")


def pairs() -> st.SearchStrategy[tuple[ModelGraph, ModelGraph]]:
    """Mostly two models that have nothing in common, sometimes one and the same."""
    return st.one_of(st.tuples(model_graphs(), model_graphs()), model_graphs().map(lambda graph: (graph, graph)))


@QUICK
@given(pairs(), st.sampled_from(DIFF_CHOICES["charset"]), st.one_of(st.none(), st.integers(20, 120)), st.integers(0, 4))
def test_every_pair_has_a_text(
    pair: tuple[ModelGraph, ModelGraph], charset: str, width: int | None, context: int
) -> None:
    drawn = kat.diff(*pair, charset=charset, width=width, context=context)
    text = str(drawn)
    verdict, *lines = text.split("\n")
    assert re.match(r"(BREAKING|CHANGED|SAME)( \(\w+ only\))?: ", verdict)
    assert all(line[:1] in MARKS or not line for line in lines)
    assert all(line.isprintable() and line == line.rstrip() for line in text.split("\n"))
    if charset == "ascii":
        assert text.isascii()
    if drawn.same:
        assert verdict.startswith("SAME: 0 changes")
        assert not any(line[:1] in "+-~^>!" for line in lines if line)


@QUICK
@given(pairs())
def test_rows_are_as_many_as_were_added_and_removed(pair: tuple[ModelGraph, ModelGraph]) -> None:
    drawn = kat.diff(*pair, context=10_000)
    rows = [line for line in drawn.sheet.lines() if line.text[:1] in {"+", "-"} and " × block of " not in line.text]
    added = removed = 0
    for part in drawn.model.walk():
        if not part.changes:
            continue
        moved = [change for change in part.changes if change.check.value == "layer-moved"]
        added += len(part.after.nodes) - len({pair[1] for pair in part.nodes}) - len(moved)
        removed += len(part.before.nodes) - len({pair[0] for pair in part.nodes}) - len(moved)
    graphs = [graph for part in drawn.model.walk() for graph in (part.before, part.after)]
    if " block of " not in str(drawn) and not any(map(_has_uncalled, graphs)):
        assert sum(line.text[0] == "+" for line in rows) == added
        assert sum(line.text[0] == "-" for line in rows) == removed


def _has_uncalled(graph: ModelGraph) -> bool:
    called = {node.layer.id for node in graph.nodes}
    return any(layer.id not in called for layer in graph.layers)


@QUICK
@given(pairs(), st.sampled_from((1000, 1500, 4000, 65_536)))
def test_markdown_is_one_fence_that_nothing_leaves(pair: tuple[ModelGraph, ModelGraph], most: int) -> None:
    text = kat.diff(*pair, max_chars=most).to("markdown")
    assert len(text) <= most
    head, *rest = text.split("\n")
    assert head.startswith("**")
    ticks = [line for line in rest if re.fullmatch("`{3,}(diff)?", line)]
    if not ticks:
        return
    fence = ticks[0].removesuffix("diff")
    assert ticks[0] == f"{fence}diff"
    inside = text.split(f"{fence}diff\n", 1)[1].split(f"\n{fence}\n", 1)[0]
    assert fence not in inside
    assert all(line[:1] in "+-! " or not line for line in inside.split("\n"))


@QUICK
@given(pairs())
def test_html_is_well_formed_and_says_the_same(pair: tuple[ModelGraph, ModelGraph]) -> None:
    drawn = kat.diff(*pair)
    page = drawn.to("html")
    figure = ElementTree.fromstring(page)
    assert "<script" not in page
    said = "".join(figure.find("p").itertext())  # type: ignore[union-attr]
    assert said == str(drawn).split("\n")[0]
    lines = [
        "".join(row.itertext()) for block in figure.iter("pre") for row in block if row.tag in {"ins", "del", "span"}
    ]
    assert [line for line in lines if line] == [line for line in str(drawn).split("\n")[1:] if line]


@QUICK
@given(pairs())
def test_json_says_everything(pair: tuple[ModelGraph, ModelGraph]) -> None:
    drawn = kat.diff(*pair)
    text = drawn.to("json")
    assert text.isascii()
    document = json.loads(text)
    assert (document["schema"], document["version"]) == ("keras-ascii/diff", "1.0")
    assert document["verdict"] == drawn.verdict
    assert [change["id"] for change in document["changes"]] == [change.id for change in drawn.changes]
    assert [finding["check"] for finding in document["findings"]] == [str(found.check) for found in drawn.findings]
    assert document["counts"]["total"] == drawn.counts.total


@QUICK
@given(pairs())
def test_annotations_are_commands_and_nothing_else(pair: tuple[ModelGraph, ModelGraph]) -> None:
    text = kat.diff(*pair).to("github")
    for line in text.splitlines():
        assert re.match(r"::(warning|notice) title=[^:,]*::", line)
        assert line.isprintable()
    assert text.count("\n") <= 10
    if kat.diff(*pair).same:
        assert text == ""


def test_what_a_name_says_is_not_done() -> None:
    before, after = PAIRS["hostile"]()
    drawn = kat.diff(before, after)
    assert NASTY.count("`") == 3
    page = drawn.to("html")
    assert "<script" not in page
    assert "&lt;script" in page
    head, fence, *_ = drawn.to("markdown").split("\n\n")[:2]
    assert fence.startswith("````diff\n")
    assert re.fullmatch(r"\*\*(`+)[^\n]*?\1 BREAKING\*\*: [\w ·→(),.:%/+-]*", head.strip())
    for line in drawn.to("github").splitlines():
        assert line.startswith("::warning title=")
        assert "\x1b" not in line
        assert "%0A" not in line


def test_all_that_is_left_out_is_said() -> None:
    before, after = blocks(1), mlp(*(dense(units) for units in range(1, 400)), dense(10, "head"), shape=64)
    whole = kat.diff(before, after, max_chars=1_000_000).to("markdown")
    assert "Left out" not in whole
    for most in (20_000, 5_000, 2_000, 1_000):
        text = kat.diff(before, after, max_chars=most).to("markdown")
        assert len(text) <= most
        assert "*Left out to fit: " in text
        more = [line for line in text.split("\n") if re.search(r"(\d+) more places that changed|more lines", line)]
        assert len(more) >= 1
        assert text.split("\n")[0] == whole.split("\n")[0]


def test_the_least_important_goes_first() -> None:
    before, after = PAIRS["input"]()
    whole = kat.diff(before, after, context=1).to("markdown")
    assert "(from C1)" in whole


def test_a_width_is_kept() -> None:
    for name in PAIRS:
        drawn = kat.diff(*PAIRS[name](), width=60)
        assert max(map(len, str(drawn).split("\n")[1:]), default=0) <= 60


def test_what_is_not_to_be_shown_is_not() -> None:
    drawn = kat.diff(*PAIRS["head"](), show=())
    assert "renamed from" not in str(drawn)
    assert "training:" not in kat.diff(*PAIRS["frozen"](), show=("names",)).to("text")
    text = str(kat.diff(*PAIRS["insertion"](), show="names,training"))
    assert "^ " not in text
    assert "1 added" in text


def test_formats_are_those_of_the_table() -> None:
    drawn = kat.diff(*PAIRS["head"]())
    for form in FORMATS:
        assert drawn.to(form).endswith("\n")
    with pytest.raises(OptionError, match="expected one of text, markdown"):
        drawn.to("svg")
    assert drawn._repr_html_() == drawn.to("html")
    assert isinstance(drawn, kat.ModelDiff)
