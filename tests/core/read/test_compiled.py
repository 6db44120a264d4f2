"""The optimizer that a saved model was compiled with, as each era writes it; what is damaged says nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.read.compiled import optimizer_of
from tests.core.read.configs import call, functional, layer, source, tensor

ADAM = {"module": "keras.optimizers", "class_name": "Adam", "config": {"learning_rate": 0.001}}


def compiled(optimizer: Any) -> dict[str, Any]:
    dense = layer("Dense", "d", call(tensor([None, 4], "x")), units=4)
    root = functional([source("x", [None, 4]), dense], ["x", 0, 0], ["d", 0, 0])
    return {**root, "compile_config": {"optimizer": optimizer, "loss": "mse"}}


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ({"compile_config": {"optimizer": ADAM}}, "Adam"),
        ({"compile_config": {"optimizer": {"class_name": "my>Lion"}}}, "Lion"),
        ({"optimizer_config": {"class_name": "SGD", "config": {}}, "loss": "mse"}, "SGD"),
        ({"compile_config": {"optimizer": "adam"}}, None),
        ({"compile_config": {"optimizer": {"class_name": "x" * 9999}}}, None),
        ({"compile_config": {"optimizer": {"class_name": 3}}}, None),
        ({"compile_config": {}}, None),
        ({"compile_config": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_class_of_the_optimizer(config: Any, kind: str | None) -> None:
    found = optimizer_of(config)
    assert (found and found.kind) == kind


def test_another_optimizer_is_a_change_of_training_and_survives_json(tmp_path: Path) -> None:
    for kind in ("Adam", "SGD"):
        (tmp_path / f"{kind}.json").write_text(json.dumps(compiled({"class_name": kind, "config": {}})))
    before, after = kat.read(tmp_path / "Adam.json"), kat.read(tmp_path / "SGD.json")
    assert before == after
    again = kat.read_json(str(kat.draw(after).to("json")))
    assert again.optimizer == after.optimizer
    for old, new in ((before, after), (before, again)):
        drawn = kat.diff(old, new)
        assert [(group.check, group.detail.before, group.detail.after) for group in drawn.groups] == [
            ("optimizer-changed", "Adam", "SGD")
        ]
    assert "optimizer" not in str(kat.draw(after))
