"""What the display profile says in words, beside the lanes: marks, headings, totals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.graph import INPUT, How, ModelGraph, Node, Record
from keras_ascii_tools.width import display_width
from tests.core.write.models import Maker


def lines(graph: ModelGraph, **options: Any) -> list[str]:
    return str(kat.draw(graph, **options)).splitlines()


def crossed(*names: str | None) -> ModelGraph:
    """Three inputs of one size, the third of which is needed before the second."""
    make = Maker()
    one, two, three = (make.input(4, name=name) for name in names)
    early = make.call("Subtract", make.call("Dense", one, shape=(4,)), three, shape=(4,))
    return make.graph(make.call("Subtract", early, two, shape=(4,)))


def in_order(*names: str | None) -> ModelGraph:
    make = Maker()
    return make.graph(make.call("Subtract", *[make.input(4, name=name) for name in names], shape=(4,)))


def test_inputs_that_a_model_takes_by_name_are_marked_with_it() -> None:
    graph = replace(in_order(None, "b"), input_structure=Record("", (("a", INPUT), ("b", INPUT))))
    assert [line for line in lines(graph) if "←" in line] == ["○      |    InputLayer     4  ←a"]
    assert "<-a" in str(kat.draw(graph, charset="ascii"))


def test_inputs_are_numbered_where_neither_a_name_nor_their_order_tells_them_apart() -> None:
    assert "←" not in str(kat.draw(in_order(None, None)))
    marks = [line[-2:] for line in lines(crossed(None, None, None)) if "InputLayer" in line]
    assert marks == ["←1", "←3", "←2"]
    assert "←" not in str(kat.draw(crossed("a", "b", "c")))


def body(own: int | None = 0) -> ModelGraph:
    make = Maker("Sequential", first_id=100)
    graph = make.graph(make.call("Dense", make.input(4), shape=(2,), params=10))
    return replace(graph, own_params=own, own_trainable_params=own)


def test_a_body_in_a_wrapper_is_headed_as_its_row_is() -> None:
    make = Maker()
    frame = make.layer("TimeDistributed", body=body(), params=10, layer=Record("Sequential", (("name", "frame"),)))
    graph = make.graph(make.call(frame, make.input(3, 4), shape=(3, 2)))
    assert lines(graph).count("TimeDistributed(Sequential name=frame)") == 1
    assert lines(graph, style="classic").count("TimeDistributed(Sequential name=frame)") == 1


def test_weights_that_no_layer_has_are_told() -> None:
    make = Maker()
    block = make.layer("Block", module="mine", body=body(5), params=15)
    graph = make.graph(make.call(block, make.input(4), shape=(2,)))
    graph = replace(graph, own_params=7, own_trainable_params=7)
    drawn = lines(graph)
    assert "(Block), 5 weights in no inner layer" in drawn
    assert drawn[-1].startswith("22 weights")
    assert drawn[-1].endswith("7 in no layer")


@pytest.mark.parametrize("charset", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [40, 60, None])
def test_headings_keep_to_the_width_and_to_the_charset(charset: str, width: int | None) -> None:
    make = Maker()
    names = ["слой " * 60, "a\n\x1b[31m" + "b" * 300]
    x = make.input(4)
    for place, name in enumerate(names):
        inner = Maker("Sequential", first_id=100 * (place + 1))
        graph = inner.graph(inner.call("Dense", inner.input(4), shape=(4,)))
        layer = make.layer("Sequential", name=name, body=replace(graph, own_params=123456789), params=123456789)
        x = make.call(layer, x, shape=(4,))
    text = str(kat.draw(make.graph(x), charset=charset, width=width))
    assert "\x1b" not in text
    assert charset == "unicode" or text.isascii()
    assert max(map(display_width, text.splitlines())) <= (width or 200)


def test_a_class_name_in_other_letters_is_shown_as_it_is() -> None:
    make = Maker()
    graph = make.graph(make.call("Слой", make.input(4), shape=(4,)))
    assert "  Слой  " in str(kat.draw(graph))
    assert "Слой" in str(kat.draw(graph, style="classic"))
    assert str(kat.draw(graph, charset="ascii")).isascii()


def test_what_is_not_built_says_nothing_of_its_ends() -> None:
    make = Maker("Sequential")
    graph = make.graph(make.call("Dense", shape=(4,)), how=How.UNBUILT)
    graph = replace(graph, nodes=(Node(layer=graph.nodes[0].layer),))
    drawn = lines(graph)
    assert drawn[0] == "(Sequential)"
    assert drawn[2].rstrip().endswith("unknown")


def test_a_quantized_layer_says_how() -> None:
    make = Maker()
    plain = Record("Int8QuantizationConfig", ())
    blocks = Record("Int4QuantizationConfig", (("block_size", 64),))
    x = make.call("Dense", make.input(4), shape=(4,), quantization_config=plain)
    text = str(kat.draw(make.graph(make.call("Dense", x, shape=(4,), quantization_config=blocks))))
    assert "quantized=int8\n" in text
    assert "quantized=int4(block_size=64)" in text
