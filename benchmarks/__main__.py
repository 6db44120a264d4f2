"""`python -m benchmarks`: measure everything and write RESULTS.md; `python -m benchmarks NAME...`: some, and print."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from time import monotonic

from benchmarks.results import Section, document

NAMES = (
    "against_summary",
    "layout_speed",
    "import_time",
    "saved_files",
    "pytest_startup",
    "pytest_assertion",
    "diff_against_others",
    "diff_fuzz",
    "diff_speed",
    "sphinx_builds",
    "applications",
)
RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, and compare with a budget.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(NAMES)}; default: all")
    chosen: list[str] = parser.parse_args().names
    if unknown := [name for name in chosen if name not in NAMES]:
        parser.error(f"there is no measurement {', '.join(unknown)}: have {', '.join(NAMES)}")
    sections = [_run(name) for name in chosen or NAMES]
    text = document(sections, NAMES)
    if chosen:
        print(text, end="")
    else:
        RESULTS.write_text(text, encoding="utf-8")
        print(f"written: {RESULTS.relative_to(Path.cwd()) if RESULTS.is_relative_to(Path.cwd()) else RESULTS.name}")


def _run(name: str) -> Section:
    start = monotonic()
    print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
    section: Section = import_module(f"benchmarks.{name}").run()
    print(f"{monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return section


main()
