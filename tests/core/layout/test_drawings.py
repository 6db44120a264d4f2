"""Small graphs, and what they look like."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keras_ascii_tools.layout import crossings, lay_out
from tests.core.layout.gutters import ASCII, UNICODE, draw
from tests.core.layout.wirings import named


def drawn(graph: str, outputs: str, max_lanes: int = 16, charset: str = UNICODE) -> str:
    wiring, names = named(graph, outputs)
    return draw(wiring, lay_out(wiring, max_lanes=max_lanes), names, charset)


def picture(text: str) -> str:
    return dedent(text).strip("\n")


SIAMESE = """
    left
    encoder: left
    right
    encoder2: right
    diff: encoder encoder2
    same: diff
"""

U_NET = """
    image
    enc1: image
    pool1: enc1
    enc2: pool1
    pool2: enc2
    mid: pool2
    up2: mid
    cat2: enc2 up2
    dec2: cat2
    up1: dec2
    cat1: enc1 up1
    mask: cat1
"""

INCEPTION = """
    x
    b1x1: x
    b3x3_red: x
    b3x3: b3x3_red
    b5x5_red: x
    b5x5: b5x5_red
    pool: x
    proj: pool
    mixed: b1x1 b3x3 b5x5 proj
"""

PYRAMID = """
    image
    c2: image
    c3: c2
    c4: c3
    c5: c4
    lat5: c5
    p5: lat5
    up4: lat5
    lat4: c4
    add4: lat4 up4
    p4: add4
    up3: add4
    lat3: c3
    add3: lat3 up3
    p3: add3
    up2: add3
    lat2: c2
    add2: lat2 up2
    p2: add2
"""

TRANSFORMER = """
    src
    enc: src
    mha: enc
    add1: enc mha
    memory: add1
    tgt
    dec: tgt
    self1: dec
    add2: dec self1
    ln2: add2
    cross1: ln2 memory
    add3: ln2 cross1
    ff1: add3
    ff2: ff1
    add4: add3 ff2
    self2: add4
    add5: add4 self2
    cross2: add5 memory
    add6: add5 cross2
    logits: add6
"""


def test_siamese() -> None:
    assert drawn(SIAMESE, "same") == picture("""
        ○    left
        ●    encoder
        │ ○  right
        │ ●  encoder2
        ●─┘  diff
        ■    same
    """)


def test_u_net() -> None:
    assert drawn(U_NET, "mask") == picture("""
        ○      image
        ●      enc1
        ├─●    pool1
        │ ●    enc2
        │ ├─●  pool2
        │ │ ●  mid
        │ │ ●  up2
        │ ●─┘  cat2
        │ ●    dec2
        │ ●    up1
        ●─┘    cat1
        ■      mask
    """)


def test_branches_lie_side_by_side_in_argument_order() -> None:
    assert drawn(INCEPTION, "mixed") == picture("""
        ○        x
        ├─────●  pool
        │     ●  proj
        ├───● │  b5x5_red
        │   ● │  b5x5
        ├─● │ │  b3x3_red
        │ ● │ │  b3x3
        ● │ │ │  b1x1
        ■─┴─┴─┘  mixed
    """)


def test_side_outputs_come_at_once_and_shortcuts_late() -> None:
    assert drawn(PYRAMID, "p5 p4 p3 p2") == picture("""
        ○          image
        ●          c2
        ├─●        c3
        │ ├─●      c4
        │ │ ├─●    c5
        │ │ │ ●    lat5
        │ │ │ ├─■  p5
        │ │ │ ●    up4
        │ │ ● │    lat4
        │ │ ●─┘    add4
        │ │ ├─■    p4
        │ │ ●      up3
        │ ● │      lat3
        │ ●─┘      add3
        │ ├─■      p3
        │ ●        up2
        ● │        lat2
        ●─┘        add2
        ■          p2
    """)


def test_the_memory_of_an_encoder_stays_to_its_last_use() -> None:
    assert drawn(TRANSFORMER, "logits") == picture("""
        ○      src
        ●      enc
        ├─●    mha
        ●─┘    add1
        ●      memory
        │ ○    tgt
        │ ●    dec
        │ ├─●  self1
        │ ●─┘  add2
        │ ●    ln2
        ├─┼─●  cross1
        │ ●─┘  add3
        │ ├─●  ff1
        │ │ ●  ff2
        │ ●─┘  add4
        │ ├─●  self2
        │ ●─┘  add5
        ●─┤    cross2
        ●─┘    add6
        ■      logits
    """)


def test_ascii() -> None:
    assert drawn(INCEPTION, "mixed", charset=ASCII) == picture("""
        o        x
        +-----*  pool
        |     *  proj
        +---* |  b5x5_red
        |   * |  b5x5
        +-* | |  b3x3_red
        | * | |  b3x3
        * | | |  b1x1
        @-'-'-'  mixed
    """)


def test_query_key_and_value() -> None:
    assert drawn("x\nq: x\nk: x\nv: x\natt: q k v\nadd: x att", "add") == picture("""
        ○        x
        ├─────●  v
        ├───● │  k
        ├─● │ │  q
        │ ●─┴─┘  att
        ■─┘      add
    """)


def test_inputs_wait_until_they_are_needed_and_keep_their_order() -> None:
    graph = "title\nbody\nemb: body\ntags\njoin: title emb tags\npriority: join\nteam: join"
    assert drawn(graph, "priority team") == picture("""
        ○      title
        │ ○    body
        │ ●    emb
        │ │ ○  tags
        ●─┴─┘  join
        ├─■    priority
        ■      team
    """)


def test_an_input_used_everywhere_begins_before_its_first_use() -> None:
    graph = "mask\nimage\na: image\nb: a\nadd: a b\nm1: add mask\nc: m1\nm2: c mask"
    assert drawn(graph, "m2") == picture("""
        ○    image
        ●    a
        ├─●  b
        ●─┘  add
        │ ○  mask
        ●─┤  m1
        ● │  c
        ■─┘  m2
    """)


def test_a_short_way_round_is_drawn_late_in_either_argument_order() -> None:
    late = picture("""
        ○    x
        ├─●  a
        │ ●  b
        │ ●  c
        ● │  short
        ■─┘  add
    """)
    graph = "x\na: x\nb: a\nc: b\nshort: x\nadd: "
    assert drawn(graph + "c short", "add") == late
    assert drawn(graph + "short c", "add") == late


def test_parts_that_hang_together_with_nothing_stand_below_each_other() -> None:
    graph = "a\nb: a\nend: b\nc\nlast: c\nalone"
    assert drawn(graph, "end last") == picture("""
        ○  a
        ●  b
        ■  end
        ○  c
        ■  last
        □  alone
    """)


def test_what_nothing_uses_is_short_even_if_it_is_no_output() -> None:
    graph = "x\na: x\nloose: a\nlooser: loose\nb: a\nadd: x b"
    assert drawn(graph, "add") == picture("""
        ○      x
        ├─●    a
        │ ├─●  loose
        │ │ ■  looser
        │ ●    b
        ■─┘    add
    """)


def test_an_output_may_have_consumers() -> None:
    assert drawn("x\na: x\nb: a", "a b a") == picture("""
        ○  x
        ●  a
        ■  b
    """)


def test_a_lane_too_many_ends_at_its_last_use_so_far() -> None:
    assert drawn(U_NET, "mask", max_lanes=2) == picture("""
        ○    image
        ●    enc1
        ●    pool1
        ●    enc2
        ├─●  pool2
        │ ●  mid
        │ ●  up2
        ●─┘  cat2
        ●    dec2
        ●    up1
        ●    cat1 <- enc1
        ■    mask
    """)


def test_with_one_lane_a_node_that_does_not_use_the_one_above_stands_beside_it() -> None:
    assert drawn("x\na: x\nb: x\nc: b\nadd: a c", "add", max_lanes=1) == picture("""
          ○  x
          ●  b
          ●  c
        ●    a <- x
        ■    add <- c
    """)


def test_a_lane_that_a_run_crosses_is_left_alone() -> None:
    wiring, names = named("x\na: x\nb: x\nc: x\nab: a b\nbc: b c\nca: c a\nend: ab bc ca")
    diagram = lay_out(wiring)
    assert draw(wiring, diagram, names) == picture("""
        ○        x
        ├───●    c
        ├───│─●  b
        │ ●─┼─┤  bc
        ● │ │ │  a
        ├─│─● │  ca
        ●─│─│─┘  ab
        ■─┴─┘    end
    """)
    assert crossings(diagram) == 4


@pytest.mark.parametrize("charset", [UNICODE, ASCII])
def test_nothing_to_draw(charset: str) -> None:
    wiring, _ = named("")
    assert draw(wiring, lay_out(wiring), charset=charset) == ""
