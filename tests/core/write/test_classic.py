"""The classic style, without Keras. `tests/keras/test_classic_oracle.py` compares it with what the ancestor prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.glyphs import UNICODE, glyph_of
from keras_ascii_tools.graph import INPUT, Call, How, ModelGraph, TensorRef
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.width import display_width
from keras_ascii_tools.write.classic_labels import DATA, dimensions, weights
from keras_ascii_tools.write.classic_places import is_chain
from keras_ascii_tools.write.classic_simplify import simplified
from keras_ascii_tools.write.prepare import prepared
from keras_ascii_tools.write.sections import parts_of
from keras_ascii_tools.write.sheet import Line, Role
from keras_ascii_tools.write.to_classic import draw_classic
from keras_ascii_tools.write.to_text import to_text
from tests.core.graphs import model_graphs
from tests.core.write.models import Maker

DRAWINGS = Path(__file__).parents[2] / "drawings" / "classic"


def drawn(
    graph: ModelGraph, *, sparser: bool = False, simplify: bool = True, header: bool = True, **options: object
) -> str:
    return to_text(draw_classic(graph, DrawOptions.of(options), sparser=sparser, simplify=simplify, header=header))


def golden(name: str) -> str:
    return (DRAWINGS / f"{name}.txt").read_text(encoding="utf-8")


def chain() -> ModelGraph:
    make = Maker("Sequential")
    x = make.input(8, 8, 3)
    x = make.call("Conv2D", x, shape=(6, 6, 4), params=112, name="conv")
    x = make.call("BatchNormalization", x, shape=(6, 6, 4), params=16)
    x = make.call("Activation", x, shape=(6, 6, 4), activation="relu")
    x = make.call("Flatten", x, shape=(144,))
    x = make.call("Dense", x, shape=(2,), params=290, activation="softmax")
    return make.graph(x, hides_input=True)


def unet() -> ModelGraph:
    make = Maker(name="unet")
    image = make.input(64, 64, 3, name="image")
    enc1 = make.call("Conv2D", image, shape=(64, 64, 16), params=448, name="enc1", activation="relu")
    x = make.call("MaxPooling2D", enc1, shape=(32, 32, 16))
    enc2 = make.call("Conv2D", x, shape=(32, 32, 32), params=4640, name="enc2", activation="relu")
    x = make.call("MaxPooling2D", enc2, shape=(16, 16, 32))
    x = make.call("Conv2D", x, shape=(16, 16, 64), params=18496, name="mid")
    mid = make.call("Activation", x, shape=(16, 16, 64), activation="relu")
    kind = make.call("GlobalAveragePooling2D", mid, shape=(64,))
    kind = make.call("Dense", kind, shape=(10,), params=650, name="kind", activation="softmax")
    x = make.call("Conv2DTranspose", mid, shape=(32, 32, 32), params=18464, name="up2")
    x = make.call("Concatenate", x, enc2, shape=(32, 32, 64))
    x = make.call("Conv2DTranspose", x, shape=(64, 64, 16), params=9232, name="up1")
    x = make.call("Add", x, enc1, shape=(64, 64, 16))
    mask = make.call("Conv2D", x, shape=(64, 64, 1), params=17, name="mask", activation="sigmoid")
    return make.graph(mask, kind)


def encoder(first_id: int) -> ModelGraph:
    make = Maker("Sequential", "encoder", first_id)
    x = make.input(28, 28)
    x = make.call("GRU", x, shape=(16,), params=2208)
    return make.graph(make.call("Dense", x, shape=(8,), params=136, activation="tanh"), hides_input=True)


def siamese() -> ModelGraph:
    make = Maker(name="siamese")
    left, right = make.input(28, 28, name="left"), make.input(28, 28, name="right")
    inner = make.layer("Sequential", 2344, "encoder", "keras.models", body=encoder(100))
    one, other = make.call(inner, left, shape=(8,)), make.call(inner, right, shape=(8,))
    x = make.call(make.layer("Subtract"), other, one, shape=(8,))
    x = make.call("Multiply", x, x, shape=(8,))
    dense = make.layer("Dense", 72)
    x = make.call(dense, make.call(dense, x, shape=(8,)), shape=(8,))
    return make.graph(
        make.call(make.layer("Sum", module="keras.ops"), x, shape=(), call=Call((INPUT,), (("axis", 1),)))
    )


def several_outputs() -> ModelGraph:
    make = Maker()
    x = make.input(None, 16)
    x = make.call("LSTM", x, shape=(None, 8), more=((8,), (8,)), params=800, return_state=True)
    state = TensorRef(x.node, 2)
    y = make.call("Dense", TensorRef(x.node, 1), shape=(4,), params=36)
    odd = make.call("my_op", None, shape=[4, None], params=None)
    return make.graph(state, y, odd, y)


def residual() -> ModelGraph:
    make = Maker()
    x = make.input(16, 16, 8)
    for _ in range(4):
        y = make.call("Conv2D", x, shape=(16, 16, 8), params=584)
        y = make.call("BatchNormalization", y, shape=(16, 16, 8), params=32)
        x = make.call("Add", make.call("ReLU", y, shape=(16, 16, 8)), x, shape=(16, 16, 8))
    return make.graph(make.call("Flatten", x, shape=(2048,)))


GOLDEN = {
    "chain": lambda: drawn(chain()),
    "chain_sparser": lambda: drawn(chain(), sparser=True, simplify=False, header=False),
    "unet": lambda: drawn(unet()),
    "unet_ascii_sparser": lambda: drawn(unet(), sparser=True, charset="ascii"),
    "siamese": lambda: drawn(siamese()),
    "siamese_opened": lambda: drawn(siamese(), depth=-1),
    "several_outputs": lambda: drawn(several_outputs()),
    "folded": lambda: drawn(residual(), fold="exact"),
    "folded_and_fused": lambda: drawn(residual(), fold="exact", fuse=True, sparser=True),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_draws(name: str) -> None:
    assert GOLDEN[name]() == golden(name)


# What the ancestor stops at


def test_no_weights_are_no_share() -> None:
    make = Maker("Sequential")
    x = make.call("Flatten", make.input(2, 3), shape=(6,))
    assert drawn(make.graph(x, hides_input=True), header=False) == (
        "               Input   #####      2    3\n"
        "             Flatten   ||||| -------------------         0     0.0%\n"
        "                       #####           6\n"
    )


def test_an_unbuilt_model_is_drawn_as_far_as_it_is_known() -> None:
    make = Maker("Sequential")
    x = make.call("Dense", shape=None, params=None, activation="relu")
    x = make.call("Dense", x, shape=None, params=None)
    assert drawn(make.graph(x, how=How.UNBUILT, notes=("not built: build it",)), header=False) == (
        "               Input   #####     unknown\n"
        "               Dense   XXXXX -------------------   unknown\n"
        "                relu   #####     unknown\n"
        "               Dense   XXXXX -------------------   unknown\n"
        "                       #####     unknown\n"
        "\n"
        "not built: build it\n"
    )


def test_layers_that_nothing_calls_have_no_data() -> None:
    make = Maker("MyModel")
    make.layer("Dense", 10, "a")
    make.layer("Dense", 30)
    assert drawn(make.graph(how=How.LAYERS_ONLY), header=False) == (
        "·                 Dense   XXXXX -------------------        10    25.0%  a\n"
        "·                 Dense   XXXXX -------------------        30    75.0%\n"
        "\n"
        "layers only: how they are connected is not known\n"
    )


def test_an_empty_model_has_no_rows() -> None:
    assert drawn(Maker("Sequential").graph()).endswith("WEIGHTS(%)\n")


@pytest.mark.parametrize(
    ("shape", "batch", "text"),
    [
        ((None, 3), None, "        3"),
        ((None, 3, 32, 12345), None, "   3   32 12345"),
        ((None, None), None, "        ?"),
        ((None, None, 7), None, "   ?    7"),
        ((4, 3), None, "    (4 3)"),
        ((4, 3), 4, "        3"),
        ((5, 3), 4, "    (5 3)"),
        ((None,), None, "      (?)"),
        ((4,), 4, "      (4)"),
        ((), None, "       ()"),
        (None, None, "  unknown"),
    ],
)
def test_dimensions(shape: tuple[int | None, ...] | None, batch: int | None, text: str) -> None:
    assert dimensions(shape, batch) == text


@pytest.mark.parametrize(
    ("copies", "total", "texts"),
    [
        ([5], 8, ("         5", "    62.5%")),
        ([0], 0, ("         0", "     0.0%")),
        ([9], 8, ("         9", "   100.0%")),
        ([5], None, ("         5", "")),
        ([None], None, ("   unknown", "")),
        ([10**400], 10**400, (str(10**400), "   100.0%")),
        ([2, 2], 8, ("         2", "    50.0%")),
        ([3, 2, 2], 8, ("       2…3", "    87.5%")),
        ([3, None], 8, ("   unknown", "")),
    ],
)
def test_weights(copies: list[int | None], total: int | None, texts: tuple[str, str]) -> None:
    assert weights(copies, total, UNICODE) == texts


def test_a_fixed_batch_stays_where_axes_differ() -> None:
    make = Maker("Sequential")
    x = make.call("Dense", make.call("InputLayer", shape=[4, 2]), shape=[4, 3])
    assert "#####           3" in drawn(make.graph(x, hides_input=True))
    x = make.call("Lambda", x, shape=[12])
    assert "#####       (4 3)" in drawn(make.graph(x, hides_input=True))


# What stands where the ancestor has nothing


@pytest.mark.parametrize("kind", ["Conv1DTranspose", "GlobalMaxPooling3D", "LayerNormalization", "MultiHeadAttention"])
def test_a_kind_that_the_ancestor_does_not_know_has_our_glyph(kind: str) -> None:
    make = Maker("Sequential")
    x = make.call(kind, make.input(3), shape=(3,))
    assert f"{kind}   {glyph_of(kind)} ---" in drawn(make.graph(x, hides_input=True))


def test_a_glyph_of_ones_own_goes_first() -> None:
    assert "Conv2D   ##### ---" in drawn(chain(), glyphs={"Conv2D": "#####"})
    make = Maker("Sequential")
    x = make.call("GRU", make.input(3, 3), shape=(3,))
    assert "GRU   gated ---" in drawn(make.graph(x, hides_input=True), glyphs={"GRU": "gated"})


def test_ascii_has_ascii_glyphs() -> None:
    assert "BatchNormalization    m|s  ---" in drawn(chain(), charset="ascii")


def test_long_labels_move_the_columns_only_beside_lanes() -> None:
    make = Maker()
    x = make.input(4, 4, 3)
    pooled = [make.call("GlobalAveragePooling2D", x, shape=(3,)) for _ in range(2)]
    lines = drawn(make.graph(make.call("Add", *pooled, shape=(3,)))).splitlines()[2:]
    assert len({line.index(DATA) for line in lines if DATA in line}) == 1


def test_the_hidden_input_of_a_sequential_stays_hidden_when_a_file_names_it() -> None:
    make = Maker("Sequential")
    x = make.call("Dense", make.input(2), shape=(2,))
    assert "InputLayer" not in drawn(make.graph(x))
    make = Maker("Functional")
    x = make.call("Dense", make.input(2), shape=(2,))
    assert "InputLayer" in drawn(make.graph(x))


def test_arguments_are_named_where_lanes_do_not_show_them() -> None:
    make = Maker()
    a, b = make.input(2, name="a"), make.input(2, name="b")
    x = make.call("Dot", b, a, shape=(2,))
    assert "  <2 1>\n" in drawn(make.graph(x))
    make = Maker()
    a, b = make.input(2, name="a"), make.input(2, name="b")
    assert "<" not in drawn(make.graph(make.call("Add", b, a, shape=(2,))))
    make = Maker()
    a = make.input(2, name="a")
    x = a
    for _ in range(3):
        x = make.call("Concatenate", a, x, shape=(4,))
    assert "<a 1>" in drawn(make.graph(x), max_lanes=1)


def test_weights_of_the_model_itself_are_said() -> None:
    text = drawn(replace(chain(), own_params=7, own_trainable_params=7))
    assert text.endswith("\n\n7 weights belong to the model itself and to no layer\n")


def test_layers_left_out_are_said() -> None:
    text = drawn(chain(), layers="conv..Flatten", header=False)
    assert text == (
        "              Conv2D    \\|/  -------------------       112    26.8%  <InputLayer>\n"
        "                       #####      6    6    4\n"
        "  BatchNormalization    μ|σ  -------------------        16     3.8%\n"
        "                relu   #####      6    6    4\n"
        "             Flatten   ||||| -------------------         0     0.0%\n"
        "                       #####         144\n"
        "\n"
        "2 layer calls left out\n"
    )


def test_rows_are_not_sorted() -> None:
    with pytest.raises(OptionError, match="sort: the classic style has the order of the graph"):
        drawn(chain(), sort="weights")


def test_notes_are_cut_to_the_width_and_counted() -> None:
    make = Maker()
    a, b = make.input(2, name="n" * 60), make.input(2)
    text = drawn(make.graph(make.call("Add", a, b, shape=(2,))), width=80)
    assert max(map(len, text.splitlines())) == 80
    assert text.endswith("1 text cut or left out to fit 80 columns\n")


# Joining activations


def activation_after(kind: str, **settings: object) -> ModelGraph:
    make = Maker()
    x = make.call(kind, make.input(3), shape=(3,), **settings)  # type: ignore[arg-type]
    return make.graph(make.call("Activation", x, shape=(3,), activation="relu"))


@pytest.mark.parametrize("kind", ["Dense", "Flatten", "MyLayer"])
def test_an_activation_is_joined_to_a_layer_without_one(kind: str) -> None:
    graph = simplified(activation_after(kind), plumbing=False)
    assert [node.layer.kind for node in graph.nodes] == ["InputLayer", kind]
    assert graph.nodes[1].layer.setting("activation") == "relu"
    assert graph.outputs == (TensorRef(1),)
    assert [layer.kind for layer in graph.layers] == ["InputLayer", kind]


@pytest.mark.parametrize(("kind", "settings"), [("Dense", {"activation": "tanh"}), ("LSTM", {}), ("InputLayer", {})])
def test_an_activation_is_not_joined_to_a_layer_with_one(kind: str, settings: dict[str, object]) -> None:
    if kind == "InputLayer":
        make = Maker()
        graph = make.graph(make.call("Activation", make.input(3), shape=(3,), activation="relu"))
    else:
        graph = activation_after(kind, **settings)
    assert simplified(graph, plumbing=False) is graph


def test_an_activation_is_not_joined_to_what_others_use() -> None:
    make = Maker()
    x = make.call("Dense", make.input(3), shape=(3,))
    y = make.call("Activation", x, shape=(3,), activation="relu")
    shared = make.graph(make.call("Add", x, y, shape=(3,)))
    assert simplified(shared, plumbing=False) is shared
    output = make.graph(x, y)
    assert simplified(output, plumbing=False) is output


def test_an_activation_in_a_body_is_joined_too() -> None:
    make = Maker()
    body = activation_after("Dense")
    inner = make.layer("Functional", 0, "inner", "keras.models", body=body)
    assert "relu   #####           3" in drawn(make.graph(make.call(inner, make.input(3), shape=(3,))))


# Any graph

FREE = st.fixed_dictionaries(
    {
        "charset": st.sampled_from(("unicode", "ascii")),
        "names": st.sampled_from(("given", "all")),
        "depth": st.sampled_from((0, -1)),
        "bodies": st.booleans(),
        "fold": st.sampled_from(("no", "exact", "similar")),
        "fuse": st.booleans(),
        "plumbing": st.booleans(),
        "width": st.sampled_from((None, 20, 80)),
        "max_lanes": st.sampled_from((1, 2, 16)),
    }
)


def rows_of(graph: ModelGraph, options: DrawOptions) -> list[tuple[int, bool]]:
    """Per section the number of rows that lanes stand beside, or of rows without lanes."""
    start = prepared(graph if options.fuse else simplified(graph, plumbing=options.plumbing), options)
    parts, _ = parts_of(start.graph, start.lay, bodies=options.bodies)
    return [(part.height, is_chain(part)) for part in parts]


def roles(line: Line) -> set[Role]:
    return {span.role for span in line.spans}


@given(model_graphs(), FREE, st.booleans())
def test_every_call_has_a_row(graph: ModelGraph, free: dict[str, object], sparser: bool) -> None:
    options = DrawOptions.of(free)
    sheet = draw_classic(graph, options, sparser=sparser)
    for section, (height, chain) in zip(sheet.sections, rows_of(graph, options), strict=True):
        marked = sum(Role.NODE in roles(line) for line in section.rows)
        operations = sum(Role.GLYPH in roles(line) for line in section.rows)
        assert marked == (0 if chain else height)
        assert operations in {height, height - 1} if chain else operations <= height


@given(model_graphs(), FREE, st.booleans())
def test_rows_are_aligned_and_fit_the_width(graph: ModelGraph, free: dict[str, object], sparser: bool) -> None:
    options = DrawOptions.of(free)
    sheet = draw_classic(graph, options, sparser=sparser)
    text = to_text(sheet)
    assert "?????" not in text
    assert not any(line.endswith(" ") for line in text.splitlines())
    assert options.charset == "unicode" or text.isascii() or any(not note.isascii() for note in graph.notes)
    for section in sheet.sections:
        starts = [
            display_width(before_columns(line)) for line in section.rows if roles(line) & {Role.GLYPH, Role.SHAPE}
        ]
        assert sum(start != min(starts) for start in starts) <= sum(map(is_pushed, section.rows))
        for line in section.rows:
            fixed = sum(display_width(span.text) for span in line.spans if span.role is not Role.NOTE)
            assert options.width is None or display_width(line.text) <= max(options.width, fixed)


def before_columns(line: Line) -> str:
    """The lanes and the label of a line."""
    text = ""
    for span in line.spans:
        text += span.text
        if span.role in {Role.KIND, Role.SETTING}:
            return text
    return text


def is_pushed(line: Line) -> bool:
    """Whether the label is too long for its column."""
    return any(span.role in {Role.KIND, Role.SETTING} and display_width(span.text) > 20 for span in line.spans)
