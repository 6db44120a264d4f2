"""`summary` stands wherever `model.summary()` does: the same arguments, every one honoured."""

from __future__ import annotations

import inspect
import io
import sys
from types import MethodType
from typing import Any

import pytest

from keras_ascii_tools import draw
from keras_ascii_tools.compat import summary
from keras_ascii_tools.width import display_width

pytestmark = pytest.mark.keras


@pytest.fixture
def model() -> Any:
    """A nested model that is not trained, then a chain with an operation in it."""
    import keras

    keras.utils.clear_session()
    k = keras.layers
    inner = keras.Sequential([k.Input((8,)), k.Dense(4), k.Dense(3)], name="encoder")
    inner.trainable = False
    inputs = keras.Input((8,), name="text")
    x = k.Dense(3, name="mid", activation="relu")(inner(inputs)) * 2
    return keras.Model(inputs, k.Dense(2, name="end")(k.Dropout(0.5)(x)), name="tagger")


def text_of(model: Any, *arguments: Any, **named: Any) -> str:
    lines: list[str] = []
    assert summary(model, *arguments, print_fn=lines.append, **named) is None  # type: ignore[func-returns-value]
    assert len(lines) == 1
    return lines[0]


def rows_of(text: str) -> list[str]:
    """The rows of the first section."""
    return text.split("\n\n")[1].splitlines()


def test_has_the_signature_of_keras() -> None:
    import keras

    expected = list(inspect.signature(keras.Model.summary).parameters.values())[1:]
    parameters = list(inspect.signature(summary).parameters.values())[1:]
    assert [(p.name, p.default, p.kind) for p in parameters] == [(p.name, p.default, p.kind) for p in expected]


def test_prints_the_drawing(model: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert summary(model) is None  # type: ignore[func-returns-value]
    assert capsys.readouterr().out == f"{draw(model, names='all')}\n"


def test_print_fn_gets_the_whole_text_once(model: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert text_of(model) == f"{draw(model, names='all')}\n"
    assert capsys.readouterr().out == ""


def test_stands_in_place_of_the_method(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    expected = text_of(model)
    lines: list[str] = []
    monkeypatch.setattr(keras.Model, "summary", summary)
    assert model.summary(None, None, lines.append) is None
    model.summary = MethodType(summary, model)
    model.summary(print_fn=lines.append)
    assert lines == [expected, expected]


@pytest.mark.parametrize("length", [1, 40, 50, 60])
def test_line_length_holds_off_a_terminal(model: Any, length: int) -> None:
    wide, narrow = rows_of(text_of(model)), rows_of(text_of(model, line_length=length))
    assert max(map(display_width, narrow)) <= max(length, 40) < max(map(display_width, wide))
    assert len(narrow) == len(wide)


def test_positions_are_accepted(model: Any) -> None:
    assert text_of(model, positions=[0.3, 0.6, 0.7, 1.0]) == text_of(model)


def test_nested_models_are_below_or_opened_in_place(model: Any) -> None:
    closed, opened = text_of(model), text_of(model, expand_nested=True)
    assert "[###]  Sequential" in closed
    assert "\n\nencoder (Sequential)\n" in closed
    assert "Sequential" not in opened
    assert "encoder/dense" in opened


def test_says_what_is_trainable(model: Any) -> None:
    rows = rows_of(text_of(model, show_trainable=True, expand_nested=True))
    names = ("encoder/dense ", "encoder/dense_1", "mid", "dropout", "end")
    said = {
        name.strip(): [word for word in ("yes", "no") if word in row.split()]
        for row in rows
        for name in names
        if name in row
    }
    assert said == {"encoder/dense": ["no"], "encoder/dense_1": ["no"], "mid": ["yes"], "dropout": [], "end": ["yes"]}
    assert " yes" not in text_of(model)


@pytest.mark.parametrize(
    ("layer_range", "shown"),
    [
        (("mid", "end"), ["mid", "multiply", "dropout", "end"]),
        (["mid", "mid"], ["mid"]),
        (("end", "mid"), ["mid", "multiply", "dropout", "end"]),
        (("enc.*", "m[iu]d"), ["encoder", "mid"]),
        (("m", "dropout"), ["mid", "multiply", "dropout"]),
        (("text", "encoder"), ["text", "encoder"]),
    ],
)
def test_layer_range_shows_what_keras_shows(model: Any, layer_range: Any, shown: list[str]) -> None:
    section = text_of(model, layer_range=layer_range).split("\n\n")[1]
    every = ["text", "encoder", "mid", "multiply", "dropout", "end"]
    assert [name for name in every if f"  {name} " in section] == shown
    lines: list[str] = []
    type(model).summary(model, 200, layer_range=layer_range, print_fn=lines.append)
    assert [name for name in every if f" {name} (" in lines[0]] == shown


def test_layer_range_of_an_opened_model(model: Any) -> None:
    rows = rows_of(text_of(model, layer_range=("encoder", "mid"), expand_nested=True))
    names = {"text", "encoder/dense", "encoder/dense_1", "mid", "multiply", "end"}
    assert [names.intersection(row.split()) for row in rows] == [{"encoder/dense"}, {"encoder/dense_1"}, {"mid"}]


@pytest.mark.parametrize(
    "layer_range", [("mid",), ("mid", "end", "x"), "ab", ("mid", 3), ("nowhere", "mid"), ("(", "mid")]
)
def test_a_layer_range_that_is_none_is_refused(model: Any, layer_range: Any) -> None:
    with pytest.raises(ValueError, match="layer_range: "):
        summary(model, layer_range=layer_range)


def test_an_unbuilt_model_is_drawn_with_the_hint_how_to_build_it() -> None:
    import keras

    text = text_of(keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(2)]))
    assert text.count("unknown") >= 2
    assert "not built: call model.build(input_shape)" in text


def test_a_subclassed_model_is_drawn() -> None:
    import keras

    class Tagger(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.end = keras.layers.Dense(2)
            self.start = keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            return self.end(self.start(x))

    model = Tagger()
    model(keras.ops.zeros((1, 3)))
    text = text_of(model)
    assert [row.split()[2:4] for row in rows_of(text)] == [["InputLayer", "3"], ["Dense", "4"], ["Dense", "2"]]
    assert "\nthe calls were traced; the model does not declare them\n" in text


def test_a_standard_output_that_cannot_write_it_gets_ascii(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252", newline=""))
    summary(model)
    sys.stdout.flush()
    assert raw.getvalue().decode("ascii") == f"{draw(model, names='all', charset='ascii')}\n"
