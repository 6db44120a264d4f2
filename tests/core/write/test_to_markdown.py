"""Markdown: the drawing comes out as it is, whatever is in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.write.sheet import Sheet
from keras_ascii_tools.write.to_markdown import to_markdown
from keras_ascii_tools.write.to_text import to_text
from tests.core.write.sheets import hostile, one_line, unet


def test_a_drawing_that_begins_with_its_title() -> None:
    assert to_markdown(unet()) == f"```text\n{to_text(unet())}```\n"


def test_another_title_stands_above() -> None:
    sheet = replace(one_line("a"), title="the `net` of @somebody")
    assert to_markdown(sheet) == "**``the `net` of @somebody``**\n\n```text\na\n```\n"


def test_a_title_of_backticks() -> None:
    assert to_markdown(replace(one_line("a"), title="`x`")).startswith("**`` `x` ``**\n\n")


def test_the_language() -> None:
    assert to_markdown(one_line("a"), language="console") == "```console\na\n```\n"
    assert to_markdown(one_line("a"), language="") == "```\na\n```\n"
    with pytest.raises(OptionError, match="expected one word such as 'text'"):
        to_markdown(one_line("a"), language="text\n```")


def test_the_fence_is_longer_than_any_in_the_drawing() -> None:
    assert to_markdown(one_line("a ```` b")) == "`````text\na ```` b\n`````\n"


@given(st.text(alphabet="`~ ax\n"))
def test_the_block_ends_where_it_should(text: str) -> None:
    first, *inside, last = to_markdown(one_line(text)).splitlines()
    fence = first.removesuffix("text")
    assert last == fence
    assert set(fence) == {"`"}
    assert not any(line.strip().startswith(fence) for line in inside)


def test_a_hostile_title_stays_on_its_line() -> None:
    title, empty, fence, *_ = to_markdown(replace(hostile(), sections=one_line("a").sections)).splitlines()
    assert title.startswith("**````")
    assert title.endswith("````**")
    assert not empty
    assert fence == "```text"


def test_nothing() -> None:
    assert to_markdown(Sheet(())) == "```text\n```\n"
