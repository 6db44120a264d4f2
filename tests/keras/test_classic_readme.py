"""The two examples in the ancestor's README, of 2017, drawn from the same models in Keras 3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keras_ascii_tools.compat import keras2ascii

pytestmark = pytest.mark.keras

DRAWINGS = Path(__file__).parent.parent / "drawings" / "classic"


def golden(name: str) -> str:
    return (DRAWINGS / f"{name}.txt").read_text(encoding="utf-8")


def printed(model: Any, capsys: pytest.CaptureFixture[str]) -> str:
    keras2ascii(model)
    return capsys.readouterr().out


@pytest.fixture
def channels_first() -> Any:
    import keras

    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format(before)


def first_example() -> Any:
    import keras

    k = keras.layers
    return keras.Sequential(
        [
            k.Input((3, 32, 32)),
            k.BatchNormalization(),
            k.Conv2D(16, 3, activation="relu"),
            k.Conv2D(16, 3, activation="relu"),
            k.MaxPooling2D(),
            k.Conv2D(16, 1, activation="tanh"),
            k.Flatten(),
            k.Dense(16),
            k.Dropout(0.5),
            k.Dense(3, activation="softmax"),
        ]
    )


@pytest.mark.usefixtures("channels_first")
def test_vgg16(capsys: pytest.CaptureFixture[str]) -> None:
    import keras

    text = printed(keras.applications.VGG16(weights=None), capsys)
    assert text == golden("vgg16")
    # Keras has another name for the layer since, and the README is of a time when names had one column less.
    readme = golden("readme_vgg16").replace("Convolution2D", "       Conv2D").split("\n")
    assert text.split("\n") == [readme[0], *(f" {line}" if line else "" for line in readme[1:])]


@pytest.mark.usefixtures("channels_first")
def test_the_first_example(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(first_example(), capsys)
    assert text == golden("first")
    # Keras counts the moving averages of BatchNormalization since: 128 weights and not 64, which moves two shares.
    readme = golden("readme_first").replace("Convolution2D", "       Conv2D")
    readme = readme.replace("       64     0.1%", "      128     0.2%").replace("50192    94.1%", "50192    94.0%")
    assert text == readme
