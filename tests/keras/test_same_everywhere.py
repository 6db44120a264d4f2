"""A snapshot depends on the architecture alone: each case draws in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.keras, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
NAMES = ["chain", "residual", "siamese_nested", "seq2seq", "wrappers", "subclassed", "preprocessing", "odd_names"]
NAMES += ["lora", "transformer"]
# What NumPy, JAX and torch all have: no quantization, no lookup of strings.
PORTABLE = ["chain", "residual", "unet", "siamese_nested", "seq2seq", "wrappers", "subclassed", "odd_names"]
PORTABLE += ["transformer", "constants_in_calls"]

PROGRAM = """
import sys
import keras, keras_ascii_tools as kat
from tests.models.zoo import ZOO
for name in sys.argv[2].split():
    ZOO[name]()
print("\\f".join(str(kat.draw(ZOO[name](), profile="snapshot")) for name in sys.argv[1].split()))
"""


def drawn(names: list[str], before: str = "", **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, " ".join(names), before],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def plain() -> str:
    return drawn(NAMES, PYTHONHASHSEED="1", COLUMNS="80", LC_ALL="C.UTF-8")


def test_neither_terminal_nor_locale_nor_hashes_nor_history_change_a_snapshot(plain: str) -> None:
    other = drawn(
        NAMES,
        before="residual chain transformer subclassed",
        PYTHONHASHSEED="4711",
        COLUMNS="211",
        LINES="7",
        LC_ALL="C",
        NO_COLOR="1",
        TERM="dumb",
        PYTHONUTF8="0",
    )
    assert other == plain


@pytest.mark.parametrize("backend", ["numpy", "jax", "torch"])
def test_the_backend_does_not_change_a_snapshot(backend: str) -> None:
    for module in (backend, *(["scipy"] if backend == "numpy" else [])):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"the {backend} backend needs {module}, which is not installed")
    assert drawn(PORTABLE, KERAS_BACKEND=backend) == drawn(PORTABLE, KERAS_BACKEND="tensorflow")
