"""The check against Keras itself: its tables know all that Keras has, and what Keras saves is clean."""

from __future__ import annotations

import json
import types
from pathlib import Path
from typing import Any

import pytest

from keras_ascii_tools.check import Report, check_source
from keras_ascii_tools.check.config_names import KERAS_FUNCTIONS, KERAS_OPTIMIZERS, NEVER_FUNCTIONS
from keras_ascii_tools.read.target import open_path
from keras_ascii_tools.read.window import window_of_bytes
from tests.core.check.hostile import around, function, lam
from tests.models.zoo import ZOO

pytestmark = pytest.mark.keras

# What is not Keras' own in models of the zoo, or has odd names on purpose.
EXPECTED = {
    "constants_in_calls": {"imports-module", "custom-object"},
    "custom_layer": {"imports-module", "custom-object"},
    "lambda_and_constants": {"lambda-code"},
    "loose_end": {"imports-module", "custom-object"},
    "odd_names": {"hidden-characters"},
    "subclassed": {"imports-module", "custom-object"},
    "subclassed_unbuilt": {"imports-module", "custom-object"},
}


def check(path: Path) -> Report:
    with open_path(path) as source:
        return check_source(source, path.name, str(path))


def check_config(config: Any) -> set[str]:
    report = check_source(window_of_bytes(json.dumps(config).encode()), "config")
    assert not report.unread
    return {finding.rule for finding in report.findings}


@pytest.mark.filterwarnings("ignore::UserWarning")  # of lambdas, of models that are not built
@pytest.mark.parametrize("name", ZOO)
def test_what_keras_saves_is_clean(name: str, tmp_path: Path) -> None:
    model = ZOO[name]()
    for extension in ("keras", "h5"):
        path = tmp_path / f"{name}.{extension}"
        model.save(path)
        report = check(path)
        assert not report.unread
        rules = {finding.rule for finding in report.findings}
        assert rules <= EXPECTED.get(name, set()), report
        if name in EXPECTED and extension == "keras":
            assert rules


def test_the_tables_know_all_functions_and_optimizers_of_keras() -> None:
    import keras

    functions = {
        name
        for module in (keras.activations, keras.losses, keras.metrics)
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType)
    }
    assert functions - NEVER_FUNCTIONS <= KERAS_FUNCTIONS
    optimizers = {
        name
        for name, value in vars(keras.optimizers).items()
        if isinstance(value, type) and issubclass(value, keras.optimizers.Optimizer)
    }
    assert optimizers - {"Optimizer"} <= KERAS_OPTIMIZERS


def test_what_keras_forbids_in_configs_is_found() -> None:
    from keras.src.saving.serialization_lib import NON_MODELING_APIS

    for name in NON_MODELING_APIS:
        module, _, attribute = name.rpartition(".")
        assert "unsafe-api" in check_config(around(lam(function=function(module, attribute)))), name


def test_what_models_are_made_of_is_not_taken_for_unsafe() -> None:
    import keras
    from keras.src.api_export import get_name_from_symbol

    groups = (
        keras.layers,
        keras.losses,
        keras.metrics,
        keras.optimizers,
        keras.optimizers.schedules,
        keras.initializers,
        keras.regularizers,
        keras.constraints,
        keras.quantizers,
        keras.dtype_policies,
        keras.models,
    )
    elsewhere = {"TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
    for group in groups:
        for value in vars(group).values():
            if not isinstance(value, type):
                continue
            module = (get_name_from_symbol(value) or value.__module__).rpartition(".")[0]
            for path in (module, value.__module__):
                config = {"module": path, "class_name": value.__name__, "config": {}, "registered_name": None}
                found = check_config(config)
                assert found == ({"loads-elsewhere"} if value.__name__ in elsewhere else set()), config


@pytest.mark.filterwarnings("ignore")
def test_files_of_keras_2(tmp_path: Path) -> None:
    import tensorflow as tf
    import tf_keras

    inputs = tf_keras.Input((4,))
    outputs = tf_keras.layers.Dense(2)(tf.math.reduce_mean(inputs * 2 + 1, axis=1, keepdims=True))
    clean = tf_keras.Model(inputs, outputs)
    clean.compile(optimizer="rmsprop", loss="mse", metrics=["accuracy"])
    code = tf_keras.Sequential([tf_keras.layers.Dense(3, input_shape=(4,)), tf_keras.layers.Lambda(lambda x: x + 1)])
    for extension in (".keras", ".h5", ""):
        clean.save(tmp_path / f"clean{extension}")
        code.save(tmp_path / f"code{extension}")
        assert check(tmp_path / f"clean{extension}").is_clean, check(tmp_path / f"clean{extension}")
        report = check(tmp_path / f"code{extension}")
        assert {finding.rule for finding in report.findings} == {"lambda-code"}


def test_a_file_of_pickled_weights(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.save(tmp_path / "m.keras")
    from keras.src.saving import saving_lib

    with open(tmp_path / "m.npz.keras", "wb") as file:
        saving_lib._save_model_to_fileobj(model, file, "npz")
    report = check(tmp_path / "m.npz.keras")
    assert not report.unread
    assert {finding.rule for finding in report.findings} == {"pickled-array"}
