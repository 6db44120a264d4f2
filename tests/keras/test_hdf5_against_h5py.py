"""The reader of HDF5 files says what h5py says, of files with all that the format offers and of those of Keras."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_ascii_tools.read.hdf5 import Dataset, Group, open_hdf5
from keras_ascii_tools.read.window import window_of_bytes, window_of_path
from keras_ascii_tools.read.zip import open_zip
from tests.keras.hdf5_oracle import UNREAD, h5py_facts, our_facts
from tests.models.hdf5_files import FILLS
from tests.models.zoo import ZOO

pytestmark = pytest.mark.keras

LIBRARIES = ["earliest", "v108", "v110", "v112", "v114", "latest"]


def _written(path: Path, fill: Callable[[Any], None], **settings: Any) -> bytes:
    import h5py

    with h5py.File(path, "w", **settings) as file:
        fill(file)
    return path.read_bytes()


@pytest.mark.parametrize("library", ["earliest", "v110", "latest"])
@pytest.mark.parametrize("name", FILLS)
def test_what_h5py_writes_is_read(tmp_path: Path, name: str, library: str) -> None:
    data = _written(tmp_path / "file.h5", FILLS[name], libver=library)
    assert our_facts(window_of_bytes(data)) == h5py_facts(tmp_path / "file.h5")


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("userblock", [512, 1024, 65536])
def test_a_file_may_start_after_a_block_of_the_users_own(tmp_path: Path, userblock: int, library: str) -> None:
    for name in ("strings", "links", "members_50"):
        data = _written(tmp_path / "file.h5", FILLS[name], libver=library, userblock_size=userblock)
        assert our_facts(window_of_bytes(data)) == h5py_facts(tmp_path / "file.h5")


@pytest.mark.parametrize("sizes", [(8, 8), (4, 4), (4, 8), (8, 4), (2, 2)])
@pytest.mark.parametrize("library", ["earliest", "latest"])
def test_addresses_and_lengths_may_have_other_sizes(tmp_path: Path, sizes: tuple[int, int], library: str) -> None:
    import h5py

    for name in ("strings", "links", "members_50", "attributes", "ordered"):
        if sizes == (2, 2) and name not in ("links",):
            continue  # there is room for 64 KiB only
        creation = h5py.h5p.create(h5py.h5p.FILE_CREATE)
        creation.set_sizes(*sizes)
        access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
        if library == "latest":
            access.set_libver_bounds(h5py.h5f.LIBVER_LATEST, h5py.h5f.LIBVER_LATEST)
        path = tmp_path / "file.h5"
        with h5py.File(h5py.h5f.create(str(path).encode(), h5py.h5f.ACC_TRUNC, creation, access)) as file:
            FILLS[name](file)
        with window_of_path(path) as window:
            assert our_facts(window) == h5py_facts(path)


def test_what_is_not_read_is_reported(tmp_path: Path) -> None:
    data = _written(tmp_path / "types.h5", FILLS["types"])
    attributes = our_facts(window_of_bytes(data))[""][1]
    assert {name for name, value in attributes.items() if value == UNREAD} == {
        *("complex", "compound", "opaque", "ragged", "reference", "region")
    }
    data = _written(tmp_path / "elsewhere.h5", FILLS["elsewhere"])
    file = open_hdf5(window_of_bytes(data))
    assert [node.path for node in file.walk()] == ["made_of_others", "outside"]
    assert [(found.kind, found.path) for found in file.findings] == [
        ("virtual data", "made_of_others"),
        ("external data", "outside"),
    ]


def test_links_out_of_the_tree_are_reported_and_not_followed(tmp_path: Path) -> None:
    data = _written(tmp_path / "links.h5", FILLS["links"])
    file = open_hdf5(window_of_bytes(data))
    list(file.walk())
    assert [(found.kind, found.path) for found in file.findings] == [
        ("soft link", "a/b/c/dangling"),
        ("cycle", "a/b/c/itself"),
        ("cycle", "a/b/c/root"),
        ("cycle", "a/b/c/up"),
        ("external link", "external"),
        ("soft link", "soft"),
        ("named type", "type"),
    ]


# Keras


def _agrees(data: bytes) -> None:
    assert our_facts(window_of_bytes(data)) == h5py_facts(io.BytesIO(data))


def _agrees_in_archive(path: Path) -> None:
    """Compare weights in place with what an extraction gives."""
    with zipfile.ZipFile(path) as archive, window_of_path(path) as window:
        ours = open_zip(window)
        assert list(ours.members) == archive.namelist()
        for name in archive.namelist():
            assert ours.read_member(name, 1 << 28) == archive.read(name)
        facts = our_facts(ours.window("model.weights.h5"))
        assert facts == h5py_facts(io.BytesIO(archive.read("model.weights.h5")))
        assert len(facts) > 1


@pytest.mark.parametrize("name", [name for name in ZOO if "unbuilt" not in name])
def test_the_files_of_a_model_are_read(tmp_path: Path, name: str) -> None:
    model = ZOO[name]()
    if not model.built or not model.weights:
        pytest.skip("no weights to write")
    model.save(tmp_path / "model.keras")
    _agrees_in_archive(tmp_path / "model.keras")
    model.save_weights(tmp_path / "model.weights.h5")
    _agrees((tmp_path / "model.weights.h5").read_bytes())
    try:
        model.save(tmp_path / "model.h5")
    except (NotImplementedError, TypeError, ValueError):
        return  # not all models can be written in the old format
    _agrees((tmp_path / "model.h5").read_bytes())


def test_an_optimizers_state_and_metrics_are_read(tmp_path: Path) -> None:
    import numpy as np

    model = ZOO["chain"]()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.zeros((8, 28, 28, 1), "f4"), np.zeros(8), verbose=0)
    model.save(tmp_path / "model.keras")
    _agrees_in_archive(tmp_path / "model.keras")
    model.save(tmp_path / "model.h5")
    _agrees((tmp_path / "model.h5").read_bytes())
    root = open_hdf5(window_of_bytes((tmp_path / "model.h5").read_bytes())).root
    assert (root.attributes.text("training_config") or "").startswith("{")
    assert root.group("optimizer_weights") is not None


def test_bfloat16_is_told_as_keras_tells_it(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, dtype="bfloat16", name="half")])
    model.save(tmp_path / "model.keras")
    with window_of_path(tmp_path / "model.keras") as window:
        root = open_hdf5(open_zip(window).window("model.weights.h5")).root
        weights = root.group("layers/dense/vars")
        assert weights is not None
        assert weights.attributes.text("name") == "half"
        assert [(name, weight.shape, weight.dtype) for name, weight in weights.children()] == [
            ("0", (3, 4), "bfloat16"),
            ("1", (4,), "bfloat16"),
        ]


def test_the_attributes_that_keras_writes_are_read(tmp_path: Path) -> None:
    import json

    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="first"), keras.layers.ReLU()])
    model.save(tmp_path / "model.h5")
    with window_of_path(tmp_path / "model.h5") as window:
        root = open_hdf5(window).root
        assert root.attributes.text("keras_version") == keras.__version__
        assert root.attributes.text("backend") == "tensorflow"
        assert root.attributes.text("no_such") is None
        assert json.loads(root.attributes.text("model_config") or "")["class_name"] == "Sequential"
        weights = root.group("model_weights")
        assert weights is not None
        assert weights.attributes.texts("layer_names") == ("first", model.layers[1].name)
        first, relu = weights.group("first"), weights.group(model.layers[1].name)
        assert first is not None
        assert relu is not None
        assert relu.attributes.texts("weight_names") == ()
        names = first.attributes.texts("weight_names")
        assert names is not None
        assert [(found.shape, found.dtype) for name in names if isinstance(found := first.get(name), Dataset)] == [
            ((3, 4), "float32"),
            ((4,), "float32"),
        ]


def test_names_that_keras_had_to_split_are_joined(tmp_path: Path) -> None:
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import save_attributes_to_hdf5_group

    names = [f"a_rather_long_name_of_a_layer_{number}" for number in range(5000)]

    def fill(file: Any) -> None:
        save_attributes_to_hdf5_group(file, "layer_names", [name.encode() for name in names])
        save_attributes_to_hdf5_group(file, "few", [b"a", b"b"])
        file.attrs.create("layer_texts", names[:3000], dtype=h5py.string_dtype())

    root = open_hdf5(window_of_bytes(_written(tmp_path / "split.h5", fill))).root
    assert "layer_names" not in root.attributes
    assert "layer_names0" in root.attributes
    assert root.attributes.texts("layer_names") == tuple(names)
    assert root.attributes.texts("layer_texts") == tuple(names[:3000])
    assert root.attributes.texts("few") == ("a", "b")
    assert root.attributes.texts("layer") is None


def _legacy_models() -> dict[str, Callable[[], Any]]:
    def chain() -> Any:
        import tf_keras as keras

        layers = [keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization(), keras.layers.Flatten()]
        return keras.Sequential([keras.Input((8, 8, 1)), *layers, keras.layers.Dense(2)])

    def nested() -> Any:
        import tf_keras as keras

        inner_input = keras.Input((4,))
        inner = keras.Model(inner_input, keras.layers.Dense(4)(inner_input), name="inner")
        outer = keras.Input((4,))
        return keras.Model(outer, keras.layers.Dense(1)(inner(inner(outer))))

    def recurrent() -> Any:
        import tf_keras as keras

        layers = [keras.layers.Embedding(20, 4), keras.layers.Bidirectional(keras.layers.LSTM(3))]
        return keras.Sequential([keras.Input((5,)), *layers, keras.layers.Dense(1)])

    def attention() -> Any:
        import tf_keras as keras

        tokens = keras.Input((5, 8))
        return keras.Model(tokens, keras.layers.MultiHeadAttention(2, 4)(tokens, tokens))

    return {"chain": chain, "nested": nested, "recurrent": recurrent, "attention": attention}


@pytest.mark.parametrize("name", ["chain", "nested", "recurrent", "attention"])
def test_the_files_of_keras_2_are_read(tmp_path: Path, name: str) -> None:
    pytest.importorskip("tf_keras")
    model = _legacy_models()[name]()
    model.compile("adam", "mse")
    model.save(tmp_path / "model.keras")
    _agrees_in_archive(tmp_path / "model.keras")
    model.save(tmp_path / "model.h5")
    _agrees((tmp_path / "model.h5").read_bytes())
    model.save_weights(tmp_path / "weights.h5")
    _agrees((tmp_path / "weights.h5").read_bytes())
    root = open_hdf5(window_of_bytes((tmp_path / "weights.h5").read_bytes())).root
    assert root.attributes.texts("layer_names") == tuple(layer.name for layer in model.layers)
    assert all(isinstance(root.get(layer.name), Group) for layer in model.layers)
