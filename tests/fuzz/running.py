"""Runs a target under atheris (https://github.com/google/atheris), from seeds of its own. Knows none of the targets."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Mutator = Callable[[bytes, int, int], bytes]
"""(data, most bytes, seed of chance) -> changed data"""


def run(load: Callable[[], Callable[[bytes], None]], seeds: Iterable[bytes], mutate: Mutator | None = None) -> int:
    """Fuzz what `load` imports and returns; arguments of the command line are those of libFuzzer.

    Without a folder of theirs, inputs start from the seeds, and what is found of interest is thrown away.
    """
    try:
        import atheris  # type: ignore[import-not-found]
    except ImportError:
        print("nothing was fuzzed: atheris is not installed (python -m pip install atheris)")
        return 0
    with atheris.instrument_imports(include=["keras_ascii_tools"]):
        target = load()
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


def _mixed(atheris: Any, mutate: Mutator) -> Mutator:
    """Change every second input by our mutator, the others by libFuzzer's."""

    def mixed(data: bytes, most: int, seed: int) -> bytes:
        return mutate(data, most, seed) if seed % 2 else bytes(atheris.Mutate(data, most))

    return mixed
