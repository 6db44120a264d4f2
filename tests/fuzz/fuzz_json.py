"""Fuzz the readers of JSON, Keras' own and ours: `python tests/fuzz/fuzz_json.py -runs=100000`.

Any bytes are refused with a `SourceError`, or give a graph that can be drawn, and whose snapshot reads back as it.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[2])


def load() -> Callable[[bytes], None]:
    """Return the target."""
    from tests.fuzz.drawn import read_and_check

    return read_and_check


def seeds() -> Iterator[bytes]:
    """Yield models of all eras and topologies, as Keras writes them, and some of our own documents."""
    from tests.fuzz.configs import CONFIGS

    for config in CONFIGS:
        yield json.dumps(config).encode()
    for name in ("siamese_nested", "split", "shared_across_models", "subclassed", "odd_names"):
        yield (Path(ROOT) / "tests" / "drawings" / f"{name}.json").read_bytes()


VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    1,
    -1,
    2**31,
    2**63,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "dense",
    "input",
    "\u202e\x1b",
    "\ud800",
    "__keras_tensor__",
    "__lambda__",
    [],
    {},
    [[]],
    [None],
    [None, 4],
    ["x", 0, 0],
)


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Change the values of a document, move parts of it elsewhere, or leave them out."""
    chance = random.Random(seed)
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        return data[:most]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        places = _places(root)
        if not places:
            return data[:most]
        holder, key = chance.choice(places)
        kind = chance.randrange(6)
        if kind == 0:
            holder[key] = json.loads(json.dumps(chance.choice(VALUES)))  # each its own
        elif kind == 1:
            del holder[key]
        elif kind in (2, 3):  # what stands elsewhere fits better than chance does
            other, at = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[at]))
        elif kind == 4 and isinstance(holder, list):
            holder.insert(key, json.loads(json.dumps(holder[key])))
        elif isinstance(holder, dict):
            other, at = chance.choice(places)
            holder[at if isinstance(at, str) else "name"] = json.loads(json.dumps(holder[key]))
    try:
        return json.dumps(root).encode()[:most]
    except RecursionError:
        return data[:most]


def _places(root: Any) -> list[tuple[Any, Any]]:
    """Return (holder, key or index) of every value."""
    found: list[tuple[Any, Any]] = []
    pending = [root]
    while pending:
        holder = pending.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], (dict, list)):
                pending.append(holder[key])
    return found


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    from tests.fuzz.running import run

    sys.exit(run(load, seeds(), mutate))
