"""Plain text, and the same in colours."""

from __future__ import annotations

import re

import pytest

from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, Span, line_of
from keras_ascii_tools.write.to_text import to_text
from tests.core.write.sheets import hostile, one_line, unet

SGR = re.compile(r"\x1b\[[\d;]*m")

UNET = """\
unet (Functional)  9 layers

○       InputLayer        image          64 64 3
●       Conv2D            enc1          64 64 32       896  relu
├─●     MaxPooling2D      pool1         32 32 32
│ ●     Conv2D            enc2          32 32 64    18,496  relu
│ ├─●   MaxPooling2D      pool2         16 16 64
│ │ ●   Functional        middle        32 32 64    36,928
│ ●─┘   Concatenate       cat2         32 32 128
│ ●     Conv2DTranspose   up1           64 64 32    16,416  <tanh> & more
■─┘     Concatenate       cat1          64 64 64

middle (Functional), and 2 more like it

○       InputLayer                      16 16 64
■       Conv2D            conv          16 16 64    36,928

72,736 weights
"""


def test_a_drawing_as_text() -> None:
    assert to_text(unet()) == UNET


def test_colours_change_nothing_but_colours() -> None:
    assert SGR.sub("", to_text(unet(), color=True)) == UNET


@pytest.mark.parametrize("role", [Role.GUTTER, Role.KIND, Role.NAME])
def test_a_role_is_coloured(role: Role) -> None:
    assert re.fullmatch(r"\x1b\[[\d;]+mabc\x1b\[0m\n", to_text(one_line("abc", role), color=True))


def test_each_line_ends_as_it_began() -> None:
    for line in to_text(unet(), color=True).splitlines():
        assert line.count("\x1b[0m") * 2 == line.count("\x1b[")
        assert not line.endswith(" ")


def test_only_colours_that_read_well_on_dark_and_on_light() -> None:
    codes = {code for codes in SGR.findall(to_text(hostile(), color=True)) for code in codes[2:-1].split(";")}
    assert codes <= {"0", "1", "2", "31", "32", "34", "35", "36"}


def test_blanks_at_the_end_go_whatever_their_role() -> None:
    line = Line((Span("a  ", Role.KIND), Span("  ", Role.TEXT), Span(" ", Role.FOLD)))
    sheet = Sheet((Section(header=(), rows=(line, line_of(("  ", Role.TEXT)))),))
    assert to_text(sheet) == "a\n\n"
    assert to_text(sheet, color=True) == "\x1b[1ma\x1b[0m\n\n"


@pytest.mark.parametrize("color", [False, True])
def test_texts_of_a_hostile_model_cannot_control_the_terminal(color: bool) -> None:
    text = to_text(hostile(), color=color)
    assert all(character.isprintable() or character == "\n" for character in SGR.sub("", text))
    assert text.count("\n") == len(list(hostile().lines()))
    assert text.encode()


def test_nothing_is_drawn_of_nothing() -> None:
    assert to_text(Sheet(())) == ""
