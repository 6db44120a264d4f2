"""Runs a target from seeds of its own: under atheris (https://github.com/google/atheris), or else without coverage.

Knows none of the targets.
"""

from __future__ import annotations

import contextlib
import io
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Target = Callable[[bytes], None]
Mutator = Callable[[bytes, int, int], bytes]
"""(data, most bytes, seed of chance) -> changed data"""

MOST = 1 << 16
"""Bytes of an input."""
_WITHOUT_COVERAGE = 10_000
"""Inputs without atheris, unless `-runs=` says another number."""


def run(load: Callable[[], Target], seeds: Iterable[bytes], mutate: Mutator | None = None) -> int:
    """Fuzz what `load` imports and returns; arguments of the command line are those of libFuzzer.

    Without a folder of theirs, inputs start from the seeds, and what is found of interest is thrown away.
    """
    try:
        import atheris  # type: ignore[import-not-found]
    except ImportError:
        runs = next((int(word[6:]) for word in sys.argv if word.startswith("-runs=")), _WITHOUT_COVERAGE)
        print(f"atheris is not installed: {runs:,} inputs by chance, not led by coverage")
        run_by_chance(load(), list(seeds), mutate, runs)
        return 0
    with contextlib.redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["keras_ascii_tools"]):
        target = load()  # a line for each module
    with contextlib.ExitStack() as stack:
        arguments = list(sys.argv)
        if all(argument.startswith("-") for argument in arguments[1:]):
            corpus = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            for number, seed in enumerate(seeds):
                (corpus / f"seed_{number}").write_bytes(seed)
            arguments.append(str(corpus))
        more: dict[str, Any] = {} if mutate is None else {"custom_mutator": _mixed(atheris, mutate)}
        atheris.Setup(arguments, target, **more)
        atheris.Fuzz()
    return 0


def run_by_chance(target: Target, seeds: Sequence[bytes], mutate: Mutator | None, runs: int, seed: int = 1) -> None:
    """Call a target with the seeds, and then with changed ones: always the same for the same `seed`."""
    chance = random.Random(seed)
    for data in seeds:
        target(data)
    for _ in range(runs):
        data = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 2, 3))):
            change = mutate if mutate is not None and chance.random() < 0.7 else changed_bytes
            data = change(data, MOST, chance.getrandbits(32))
        try:
            target(data)
        except BaseException:
            print(f"the input that failed: {data!r}", file=sys.stderr)
            raise


def changed_bytes(data: bytes, most: int, seed: int) -> bytes:
    """Change, insert, remove or repeat a few bytes."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(changed) + 1)
        length = chance.choice((1, 1, 2, 4, 8, 64))
        kind = chance.randrange(4)
        if kind == 0:
            changed[at : at + length] = chance.randbytes(min(length, len(changed) - at))
        elif kind == 1:
            changed[at:at] = chance.randbytes(length)
        elif kind == 2:
            del changed[at : at + length]
        else:
            changed[at:at] = changed[at : at + length]
    return bytes(changed[:most])


def _mixed(atheris: Any, mutate: Mutator) -> Mutator:
    """Change every second input by our mutator, the others by libFuzzer's."""

    def mixed(data: bytes, most: int, seed: int) -> bytes:
        return mutate(data, most, seed) if seed % 2 else bytes(atheris.Mutate(data, most))

    return mixed
