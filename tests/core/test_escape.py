"""Nothing that a model brings can move, hide or reorder what stands beside it."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools.escape import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("enc1/conv-2:a.b", "enc1/conv-2:a.b"),
        ("Größe 層 μ|σ 🧠", "Größe 層 μ|σ 🧠"),
        ("line\nbreak\r\n\ttab", r"line\nbreak\r\n\ttab"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("\u202egnirts\u2066", r"\u202egnirts\u2066"),
        ("zero\u200bwidth\u200d\ufeff\u00ad", r"zero\u200bwidth\u200d\ufeff\xad"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ud800", r"\ud800"),
        ("\ue000\U000f0000", r"\ue000\U000f0000"),
        ("\u0378", r"\u0378"),
        ("no\u00a0break\u3000wide", r"no\xa0break\u3000wide"),
        ("filler\u3164\u2800", r"filler\u3164\u2800"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("heart\u2764\ufe0f", "heart\u2764\\ufe0f"),
        ("e\u0301", "e\u0301"),
        ("\u0301e", r"\u0301e"),
        ("a \u0301", r"a \u0301"),
        ("a\n\u0301", r"a\n\u0301"),
        ("a\u0301\u0302\u0303\u0304\u0305", "a\u0301\u0302\u0303\\u0304\\u0305"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_a_text_that_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_printable_ascii_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_no_character_of_a_dangerous_category_comes_through() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            assert visible(f"a{character}").isprintable(), hex(code)
