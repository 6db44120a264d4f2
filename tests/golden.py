"""Where the golden drawings are, and what each of them is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import keras_ascii_tools as kat

FOLDER = Path(__file__).parent / "drawings"
NAMES = (
    "chain",
    "residual",
    "unet",
    "siamese_layers",
    "siamese_nested",
    "nested_deep",
    "shared_across_models",
    "multi_output_layer",
    "split",
    "repeated_argument",
    "fixed_axes",
    "odd_names",
    "many_lanes",
    "subclassed",
    "seq2seq",
    "partly_frozen",
    "wrappers",
    "transformer",
)
DRAWINGS: dict[str, dict[str, Any]] = {
    "snapshot": {"profile": "snapshot"},
    "display": {},
    "ascii": {"charset": "ascii", "depth": -1, "fold": "exact", "fuse": True, "width": 100},
    "classic": {"style": "classic"},
}


def drawn(name: str, kind: str) -> str:
    """Draw one of the stored graphs."""
    return kat.draw(FOLDER / f"{name}.json", **DRAWINGS[kind]).to("text")


def with_examples(page: str) -> str:
    """Return the page of the notation with its examples as the golden drawings are."""

    def example(match: re.Match[str]) -> str:
        text = (FOLDER / f"{match['name']}.snapshot.txt").read_text(encoding="utf-8")
        return f"### {match['name']}\n{match['words']}```text\n{text}```\n"

    return re.sub(r"### (?P<name>\w+)\n(?P<words>(?:[^`\n].*\n|\n)+)```text\n(?:.*\n)*?```\n", example, page)
