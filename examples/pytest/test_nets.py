"""Tests that fail when an architecture changes, and say what changed."""

import pytest
from nets import Encoder, build_classifier, build_unet

import keras_ascii_tools as kat


def test_classifier(keras_ascii_snapshot):
    assert build_classifier() == keras_ascii_snapshot


@pytest.mark.parametrize("depth", [1, 2])
def test_unet(keras_ascii_snapshot, depth):
    assert build_unet(depth) == keras_ascii_snapshot


def test_encoder_and_decoder(keras_ascii_snapshot):
    # Several snapshots of one test have names.
    assert Encoder() == keras_ascii_snapshot(name="encoder", input_shape=(None, 8))
    # Shapes only: this one may be trained in another way, and have another activation.
    assert build_classifier == keras_ascii_snapshot(name="classifier", level="shapes")


def test_a_saved_model_is_what_is_built(keras_ascii_snapshot, tmp_path):
    path = tmp_path / "classifier.keras"
    build_classifier().save(path)
    assert path == keras_ascii_snapshot


def test_budget():
    # What is no snapshot at all: the architecture as plain data.
    assert kat.read(build_unet()).params < 50_000
