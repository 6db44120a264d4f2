"""What a measurement hands in, and the Markdown that is made of it. Knows no measurement."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from keras_ascii_tools._version import __version__

__all__ = ["Budget", "Section", "document", "table"]

_INTRO = """\
# Results of the benchmarks

Written by `make bench`, which is `python -m benchmarks`. `python -m benchmarks NAME...` measures and prints only these:
{names}.

Times are CPU times of one run, each the best of several interleaved repetitions. They depend on the machine; the ratios
between them hardly do.
"""
_PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "asciidag", "renderdag")


@dataclass(frozen=True, slots=True)
class Budget:
    """What was promised, and what came of it."""

    what: str
    promised: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One measurement's part of the results."""

    title: str
    text: str
    """What was measured, and how to read the table."""
    table: str
    budgets: tuple[Budget, ...] = ()

    def __str__(self) -> str:
        return f"## {self.title}\n\n{self.text.strip()}\n\n{self.table}"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, texts: int = 1) -> str:
    """Return a table in Markdown: the first columns, `texts` of them, to the left, numbers to the right."""
    cells = [list(heads), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    rule = ["-" * width if column < texts else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    lines = [
        [cell.ljust(width) if column < texts else cell.rjust(width) for column, (cell, width) in enumerate(both)]
        for both in (list(zip(row, widths, strict=True)) for row in [cells[0], rule, *cells[1:]])
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def document(sections: Sequence[Section], names: Sequence[str]) -> str:
    """Return the whole report."""
    parts = [_INTRO.format(names=", ".join(f"`{name}`" for name in names)), _setting()]
    budgets = [budget for section in sections for budget in section.budgets]
    if budgets:
        rows = [(b.what, b.promised, b.measured, "yes" if b.met else "**no**") for b in budgets]
        parts.append("## Budgets\n\n" + table(("what", "budget", "measured", "met"), rows, texts=4))
    return "\n".join([*parts, *map(str, sections)])


def _setting() -> str:
    rows = [("CPUs", str(os.cpu_count())), ("Python", platform.python_version()), ("keras-ascii-tools", __version__)]
    for package in _PACKAGES:
        try:
            rows.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return table(("measured with", ""), rows, texts=2)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}" if value >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
