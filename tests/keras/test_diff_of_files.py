"""Files that Keras saved, in a real repository and on the command line: what the diff says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import keras_ascii_tools as kat
from examples.models import towers
from tests.git.repository import Repository, changed

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a classifier, as `.keras` and as `.h5`, with weights in them."""
    folder = tmp_path_factory.mktemp("files")
    for name, model in (("before", _classifier(2, 10)), ("after", _classifier(3, 10))):
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")
    return folder


def _classifier(blocks: int, classes: int) -> Any:
    import keras
    from keras import layers

    x = image = keras.Input((16, 16, 3), name="image")
    for _ in range(blocks):
        y = layers.Conv2D(8, 3, padding="same")(x)
        x = layers.ReLU()(layers.BatchNormalization()(y))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(classes, activation="softmax", name="classes")(x), name="classifier")


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_plain_git_diff_shows_the_architecture(files: Path, tmp_path: Path, ending: str) -> None:
    repository = Repository(tmp_path)
    repository.install()
    for name in ("before", "after"):
        repository.write(f"model.{ending}", (files / f"{name}.{ending}").read_bytes())
        repository.commit_all(name)
    rows = [line for line in changed(repository.git("diff", "HEAD~1")) if "weights:" not in line]
    added = [line for line in rows if line.startswith("+")]
    # A block before the first: its convolution has other weights, or the second block is drawn as new.
    assert len(added) - sum(line.startswith("-") for line in rows) == 3
    assert "classifier" in repository.git("show", f"HEAD:model.{ending}", "--textconv")
    repository.install("--driver")
    diff = repository.git("diff", "HEAD~1")
    assert "CHANGED: 3 added" in diff
    assert len([line for line in diff.splitlines() if line.startswith("+ ")]) == 3


def test_every_route_says_the_same(files: Path) -> None:
    live = kat.diff(_classifier(2, 10), _classifier(3, 10))
    for ending in ("keras", "h5"):
        drawn = kat.diff(files / f"before.{ending}", files / f"after.{ending}", loading="keras")
        assert str(drawn).split("\n\n")[1] == str(live).split("\n\n")[1]
        assert drawn.counts == live.counts
    drawings = [
        kat.read_drawing(str(kat.draw(files / f"{name}.keras", profile="snapshot"))) for name in ("before", "after")
    ]
    assert str(kat.diff(*drawings)).split("\n\n")[1] == str(live).split("\n\n")[1]


def test_the_file_says_how_weights_would_be_loaded(files: Path) -> None:
    weights = kat.diff(files / "before.h5", files / "after.h5").weights
    assert weights is not None
    assert weights.loading == "h5"
    weights = kat.diff(files / "before.keras", files / "after.keras").weights
    assert weights is not None
    assert weights.loading == "keras"


def test_weights_that_load_into_each_others_layers(tmp_path: Path) -> None:
    import numpy as np

    before, after = towers(), towers(swapped=True)
    drawn = kat.diff(before, after)
    assert drawn.verdict == "BREAKING"
    assert "!   · item_enc ← user_enc\n!   · user_enc ← item_enc" in str(drawn)
    before.save_weights(tmp_path / "old.weights.h5")
    after.load_weights(tmp_path / "old.weights.h5")  # Keras says nothing
    assert np.array_equal(after.get_layer("item_enc").get_weights()[0], before.get_layer("user_enc").get_weights()[0])


@pytest.mark.parametrize(("name", "swapped"), [("before", False), ("after", True)])
def test_the_examples_are_what_they_say(name: str, swapped: bool) -> None:
    root = Path(__file__).parents[2]
    assert kat.read(root / "examples" / f"towers_{name}.txt") == kat.read(towers(swapped))


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_another_optimizer_is_said_of_files_as_of_models(tmp_path: Path, ending: str) -> None:
    models = [_classifier(1, 2), _classifier(1, 2)]
    for model, optimizer in zip(models, ("adam", "sgd"), strict=True):
        model.compile(optimizer, "mse")
        model.save(tmp_path / f"{optimizer}.{ending}")
    saved = kat.diff(tmp_path / f"adam.{ending}", tmp_path / f"sgd.{ending}")
    assert saved.groups == kat.diff(*models).groups != ()
    assert saved.verdict == "CHANGED"
    assert kat.diff(tmp_path / f"adam.{ending}", models[0]).same


def test_a_file_of_a_users_classes_is_compared_with_the_model_in_code(tmp_path: Path) -> None:
    model = _with_users_classes(6)
    model.save(tmp_path / "saved.keras")
    same = kat.diff(tmp_path / "saved.keras", _with_users_classes(6))
    assert same.same, same.changes
    assert same.weights is not None
    assert same.weights.status == "loads"
    assert kat.diff(model, tmp_path / "saved.keras").same
    other = kat.diff(tmp_path / "saved.keras", _with_users_classes(7))
    assert {change.check for change in other.changes} == {"weight-count-changed"}
    assert other.weights is not None
    assert other.weights.status == "fails"


def _with_users_classes(units: int) -> Any:
    import keras

    class Block(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.wide = keras.layers.Dense(units)
            self.drop = keras.layers.Dropout(0.1)
            self.narrow = keras.layers.Dense(4)

        def call(self, x: Any) -> Any:
            return self.narrow(self.drop(self.wide(x)))

    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.zoom = keras.layers.Dense(4, name="zoom")
            self.block = Block()
            self.last = keras.layers.Dense(1)

        def call(self, x: Any) -> Any:
            return self.last(self.block(self.zoom(x)))

    model = Net()
    model(keras.ops.zeros((1, 4)))
    return model
