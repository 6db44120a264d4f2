"""Every model of keras.applications: drawn, read back, and narrow."""

from __future__ import annotations

from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.layout import crossings, lay_out
from keras_ascii_tools.write.gutter import wiring_of

pytestmark = [pytest.mark.keras, pytest.mark.slow]

# One of each family, so that the suite stays short; `make bench` draws all.
FAMILIES = (
    "ConvNeXtTiny",
    "DenseNet121",
    "EfficientNetB0",
    "EfficientNetV2B0",
    "InceptionResNetV2",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "NASNetMobile",
    "ResNet50",
    "ResNet50V2",
    "VGG16",
    "Xception",
)
# Certified minima over all orders of the rows.
LANES = {
    "ConvNeXtTiny": 2,
    "DenseNet121": 2,
    "EfficientNetB0": 3,
    "InceptionResNetV2": 4,
    "InceptionV3": 4,
    "MobileNetV2": 2,
    "ResNet50": 2,
    "VGG16": 1,
    "Xception": 2,
}


def build(name: str) -> Any:
    """Build a model without making its weights: a variable in a stateless scope has a shape and no memory."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        return getattr(keras.applications, name)(weights=None)


@pytest.mark.parametrize("name", FAMILIES)
def test_an_application_is_drawn_and_read_back(name: str) -> None:
    model = build(name)
    graph = kat.read(model)
    assert graph.params == model.count_params()
    text = str(kat.draw(graph, profile="snapshot"))
    again = kat.read_drawing(text)
    assert again == graph
    assert str(kat.draw(again, profile="snapshot")) == text
    assert len(str(kat.draw(graph)).split("\n\n")[1].splitlines()) == len(graph.nodes)
    diagram = lay_out(wiring_of(graph))
    if name in LANES:
        assert diagram.width == LANES[name]
    assert crossings(diagram) <= (165 if name == "NASNetMobile" else 0)


def test_folded_drawings_are_short() -> None:
    def rows(name: str, **options: Any) -> int:
        return len(str(kat.draw(build(name), **options)).split("\n\n")[1].splitlines())

    assert rows("ResNet152V2", fold="exact") < 150
    assert rows("ResNet50", fold="exact", fuse=True) < 50
