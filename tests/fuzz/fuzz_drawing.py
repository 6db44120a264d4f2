"""Fuzz the reader of snapshot drawings: `python tests/fuzz/fuzz_drawing.py -runs=100000`.

Any text is refused with a `SourceError`, or gives a graph that can be drawn, and whose own snapshot reads back as it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])


def load() -> Callable[[bytes], None]:
    """Return the target."""
    from tests.fuzz.drawn import read_and_check

    return read_and_check


def seeds() -> Iterator[bytes]:
    """Yield the expected snapshots of the tests."""
    for path in sorted((Path(ROOT) / "tests" / "drawings").glob("*.snapshot.txt")):
        yield path.read_bytes()


WORDS = (
    "(*)", "(? 4)", "()", "unknown", "none", "<^1>", "<^9999>", "<1.1>", "<2 1>", "=^1", "=", "->1", "F", "?", '"a b"',
    '"\\u202e"', "(_, 2)", "{...}", "* o @ 0", "+-*", "'-*", "|", "# ", "-1", "1,000", "99999999999999999999", "x=1",
    "[", "((((((((", "float32", "dense_1",
)  # fmt: skip


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Repeat, remove, exchange lines; change words and the places of lanes."""
    chance = random.Random(seed)
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(lines))
        other = chance.randrange(len(lines))
        kind = chance.randrange(7)
        if kind == 0:
            lines.insert(at, lines[other])
        elif kind == 1 and len(lines) > 1:
            del lines[at]
        elif kind == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        else:
            words = lines[at].split(" ")
            word = chance.randrange(len(words))
            donor = chance.choice(lines[other].split(" "))
            words[word] = chance.choice((chance.choice(WORDS), donor, "", words[word] + " "))
            lines[at] = " ".join(words)
    return "\n".join(lines).encode()[:most]


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    from tests.fuzz.running import run

    sys.exit(run(load, seeds(), mutate))
