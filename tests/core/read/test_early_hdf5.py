"""HDF5 files of Keras 1 and early Keras 2, made by hand as their code wrote them: no such Keras runs here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.graph import How

KERAS_1 = [
    {
        "class_name": "Convolution2D",
        "config": {
            "name": "convolution2d_1",
            "trainable": True,
            "batch_input_shape": [None, 28, 28, 1],
            "input_dtype": "float32",
            "nb_filter": 32,
            "nb_row": 3,
            "nb_col": 3,
            "init": "glorot_uniform",
            "activation": "relu",
            "border_mode": "valid",
            "subsample": [1, 1],
            "dim_ordering": "tf",
            "W_regularizer": None,
            "b_regularizer": None,
            "activity_regularizer": None,
            "W_constraint": None,
            "b_constraint": None,
            "bias": True,
        },
    },
    {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
    {
        "class_name": "Dense",
        "config": {
            "name": "digits",
            "trainable": True,
            "output_dim": 10,
            "init": "glorot_uniform",
            "activation": "softmax",
            "bias": True,
            "input_dim": 21632,
        },
    },
]
TODAY = {
    "class_name": "Sequential",
    "config": {
        "name": "sequential",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 28, 28, 1], "dtype": "float32"}},
            {
                "class_name": "Conv2D",
                "config": {"filters": 32, "kernel_size": [3, 3], "activation": "relu", "trainable": True},
            },
            {"class_name": "Flatten", "config": {"trainable": True}},
            {
                "class_name": "Dense",
                "config": {"name": "digits", "units": 10, "activation": "softmax", "trainable": True},
            },
        ],
    },
}


def weights(group: Any, arrays: dict[str, dict[str, tuple[int, ...]]]) -> None:
    for layer, found in arrays.items():
        inner = group.create_group(layer)
        inner.attrs["weight_names"] = [name.encode() for name in found]
        for name, shape in found.items():
            inner.create_dataset(name, shape, "f4")


@pytest.mark.parametrize("user_block", [0, 512, 2048])
@pytest.mark.parametrize("as_bytes", [True, False])
def test_a_whole_model_of_keras_1(user_block: int, as_bytes: bool, tmp_path: Path) -> None:
    import h5py
    import numpy as np

    path = tmp_path / "model.h5"
    with h5py.File(path, "w", userblock_size=user_block) as file:
        text = json.dumps({"class_name": "Sequential", "config": KERAS_1, "keras_version": "1.2.2"})
        file.attrs["model_config"] = np.bytes_(text.encode()) if as_bytes else text
        file.attrs["keras_version"] = b"1.2.2"
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [b"convolution2d_1", b"flatten_1", b"digits"]
        arrays = {"convolution2d_1_W": (3, 3, 1, 32), "convolution2d_1_b": (32,)}
        weights(group, {"convolution2d_1": arrays, "flatten_1": {}, "digits": {"digits_W": (21632, 10), "b": (10,)}})
    graph = kat.read(path)
    assert graph.params == 320 + 216330
    (tmp_path / "today.json").write_text(json.dumps(TODAY))
    today = kat.read(tmp_path / "today.json")
    assert graph.conflicts(today) == ()
    assert graph == today


def test_lists_that_were_too_long_for_an_attribute_and_weights_of_the_model_itself(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "mine>Net", "config": {"width": 8}})
        group = file.create_group("model_weights")
        group.attrs["layer_names0"], group.attrs["layer_names1"] = [b"a", b"b"], [b"c"]
        weights(group, {"a": {"a/kernel:0": (4, 3)}, "b": {"b/inner/kernel:0": (5,)}, "c": {"c/bias:0": (2,)}})
        weights(group, {"top_level_model_weights": {"scale:0": (7,)}})
    graph = kat.read(path)
    assert graph.how is How.WEIGHTS
    assert [(layer.name, layer.params) for layer in graph.layers] == [("a", 12), ("b", 5), ("c", 2)]
    assert (graph.own_params, graph.params) == (7, 26)
    assert "the model's own settings: width=8" in graph.notes
