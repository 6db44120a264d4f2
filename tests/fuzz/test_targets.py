"""The targets of the fuzzers, in short and always alike; and everything that a long run has found, once more."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.running import run_by_chance

FINDINGS = Path(__file__).parent / "findings"
TARGETS = ("check", "drawing", "hdf5", "json", "zip")


def target_of(name: str) -> Any:
    return importlib.import_module(f"tests.fuzz.fuzz_{name}")


@pytest.mark.parametrize("name", TARGETS)
def test_some_inputs_by_chance(name: str) -> None:
    module = target_of(name)
    run_by_chance(module.load(), list(module.seeds()), getattr(module, "mutate", None), runs=300)


@pytest.mark.parametrize("path", sorted(FINDINGS.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_before_is_not_found_again(path: Path) -> None:
    target_of(path.parent.name).load()(path.read_bytes())


def test_each_target_is_here() -> None:
    assert {path.stem.removeprefix("fuzz_") for path in Path(__file__).parent.glob("fuzz_*.py")} == set(TARGETS)
    assert {path.name for path in FINDINGS.iterdir()} <= set(TARGETS)
