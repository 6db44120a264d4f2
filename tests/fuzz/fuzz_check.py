"""Fuzz the check of saved models: `python tests/fuzz/fuzz_check.py -runs=100000`.

Any bytes are refused with a `SourceError`, or give a report whose lines and JSON are fit to print. The first byte of an
input says where the rest stands: in a file of its own, as the config or as the weights of an archive.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])


def load() -> Callable[[bytes], None]:
    """Return the target."""
    from keras_ascii_tools.check import check_source, report_lines, reports_to_json
    from keras_ascii_tools.errors import SourceError
    from keras_ascii_tools.read.window import window_of_bytes
    from tests.core.read.archives import archive

    def target(data: bytes) -> None:
        kind, rest = data[:1], data[1:]
        if kind == b"C":
            rest = archive({"config.json": rest})
        elif kind == b"W":
            rest = archive({"config.json": b"{}", "model.weights.h5": rest})
        elif kind == b"N":
            rest = archive({"config.json": b"{}", "model.weights.npz": rest})
        try:
            report = check_source(window_of_bytes(rest), "x")
        except SourceError as error:
            message = str(error)
            assert message.isprintable()
            return
        assert kind not in (b"C", b"W", b"N") or report.format == "Keras archive"
        for line in report_lines(report):
            assert line.isprintable()
        assert json.loads(reports_to_json([report], []))["files"][0]["format"] == report.format

    return target


def seeds() -> Iterator[bytes]:
    """Yield those of the other targets, in each place."""
    from tests.fuzz import fuzz_hdf5, fuzz_json, fuzz_zip

    for seed in fuzz_json.seeds():
        yield b"C" + seed
        yield b"F" + seed
    for seed in fuzz_hdf5.seeds():
        if len(seed) < 8_000:
            yield b"W" + seed
            yield b"F" + seed
    for seed in fuzz_zip.seeds():
        yield b"F" + seed
        yield b"N" + seed


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Change the part by the mutator that knows it."""
    from tests.fuzz import fuzz_hdf5, fuzz_json

    rest = data[1:]
    known = fuzz_json if rest[:1] in (b"{", b"[") else fuzz_hdf5
    return data[:1] + known.mutate(rest, most - 1, seed)


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    from tests.fuzz.running import run

    sys.exit(run(load, seeds(), mutate))
