"""Real networks as graphs, without Keras: written by `scripts/make_networks.py`."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.read.from_json import read_json

__all__ = ["network", "networks"]

_FOLDER = Path(__file__).resolve().parent


def networks() -> list[str]:
    """Return the names of all networks."""
    return sorted(path.name.removesuffix(".json.gz") for path in _FOLDER.glob("*.json.gz"))


@cache
def network(name: str) -> ModelGraph:
    """Read one network."""
    return read_json(gzip.decompress((_FOLDER / f"{name}.json.gz").read_bytes()))
