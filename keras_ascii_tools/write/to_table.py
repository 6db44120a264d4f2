"""Models -> a table with a line for each: text, Markdown, JSON. Is told a few facts of their files, and opens none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import CHARSETS
from keras_ascii_tools.graph import How, ModelGraph, TensorRef
from keras_ascii_tools.width import clip, display_width, pad
from keras_ascii_tools.write.to_markdown import code_span
from keras_ascii_tools.write.totals import ends_of, format_bytes

__all__ = ["End", "ModelRow", "row_of", "sort_rows", "table_to_json", "table_to_markdown", "table_to_text"]


@dataclass(frozen=True, slots=True)
class End:
    """An input or an output; `None` is what is not known."""

    name: str | None
    shape: tuple[int | None, ...] | None
    dtype: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """What the table says of a model: plain values, so that processes can send it to one another."""

    target: str
    format: str | None
    """What the file is; `None` for a model that is none."""
    keras_version: str | None
    size: int | None
    """Bytes of the file."""
    kind: str
    name: str | None
    named: bool
    how: str
    layers: int | None
    """How many layers `model.layers` has; `None` where nothing says so."""
    params: int | None
    trainable_params: int | None
    inputs: tuple[End, ...]
    outputs: tuple[End, ...]
    ends: str
    """Both in words."""


def row_of(
    graph: ModelGraph,
    target: str,
    charset_name: str,
    *,
    format: str | None = None,
    keras_version: str | None = None,
    size: int | None = None,
) -> ModelRow:
    """Return the row of a model; for the rest see `ModelRow`."""
    return ModelRow(
        target=target,
        format=format,
        keras_version=keras_version,
        size=size,
        kind=graph.kind,
        name=graph.name,
        named=graph.named,
        how=graph.how.value,
        layers=None if graph.how is How.LAYERS_ONLY and not graph.layers else len(graph.layers),
        params=graph.params,
        trainable_params=graph.trainable_params,
        inputs=tuple(_end(graph, ref) for ref in graph.inputs),
        outputs=tuple(_end(graph, ref) for ref in graph.outputs),
        ends=ends_of(graph, CHARSETS[charset_name]),
    )


def _end(graph: ModelGraph, ref: TensorRef | None) -> End:
    if ref is None:
        return End(None, None, None)
    spec = graph.spec(ref)
    return End(graph.nodes[ref.node].layer.given_name, spec.shape, spec.dtype)


_KEYS: Final[dict[str, Callable[[ModelRow], Any]]] = {
    "file": lambda row: row.target,
    "name": lambda row: (row.name or "", row.target),
    "kind": lambda row: (row.kind, row.target),
    "weights": lambda row: -1 if row.params is None else row.params,
    "layers": lambda row: -1 if row.layers is None else row.layers,
    "size": lambda row: -1 if row.size is None else row.size,
    "keras": lambda row: [int(part) if part.isdigit() else 0 for part in (row.keras_version or "").split(".")],
}
"""Each of `SUMMARY_SORTS` and its key. Numbers go from large to small, texts and versions from small to large."""
_LARGE_FIRST: Final = frozenset({"weights", "layers", "size"})


def sort_rows(rows: Sequence[ModelRow], by: str) -> list[ModelRow]:
    """Return rows in one of `SUMMARY_SORTS`; in any other order, as they are."""
    key = _KEYS.get(by)
    return list(rows) if key is None else sorted(rows, key=key, reverse=by in _LARGE_FIRST)


_HEADS: Final = ("file", "model", "layers", "weights", "size", "Keras", "inputs and outputs")
_LEAST: Final = 10
"""Columns that inputs and outputs have, however narrow the terminal is."""
_RIGHT: Final = frozenset({"layers", "weights", "size"})


def _cells(row: ModelRow, charset_name: str) -> tuple[str, ...]:
    texts = (
        row.target,
        f"{row.name} ({row.kind})" if row.name and row.named else f"({row.kind})",
        "unknown" if row.layers is None else f"{row.layers:,}",
        "unknown" if row.params is None else f"{row.params:,}",
        "" if row.size is None else format_bytes(row.size),
        row.keras_version or "",
        row.ends,
    )
    shown = tuple(visible(text) for text in texts)
    if charset_name == "ascii":
        return tuple(text.encode("ascii", "backslashreplace").decode("ascii") for text in shown)
    return shown


def table_to_text(rows: Sequence[ModelRow], charset_name: str, width: int | None = None) -> str:
    """Return the table for a terminal, with a line of sums below; every line ends with a line end.

    What does not fit into `width` columns is cut at the end of a line, where inputs and outputs are.
    """
    lines = [_HEADS, *(_cells(row, charset_name) for row in rows)]
    widths = [max(display_width(line[column]) for line in lines) for column in range(len(_HEADS))]
    if width is not None:
        room = max(_LEAST, width - sum(widths[:-1]) - 2 * (len(widths) - 1))
        lines = [(*line[:-1], clip(line[-1], room, CHARSETS[charset_name].ellipsis)) for line in lines]
        widths[-1] = min(widths[-1], room)
    texts = [
        "  ".join(
            pad(text, width, right=head in _RIGHT) for text, width, head in zip(line, widths, _HEADS, strict=True)
        )
        for line in lines
    ]
    return "".join(f"{text.rstrip()}\n" for text in (*texts, "", _sums(rows)))


def _sums(rows: Sequence[ModelRow]) -> str:
    known = [row.params for row in rows if row.params is not None]
    unknown = len(rows) - len(known)
    words = [f"{len(rows):,} model{'' if len(rows) == 1 else 's'}", f"{sum(known):,} weights"]
    if unknown:
        words.append(f"those of {unknown:,} unknown")
    sizes = [row.size for row in rows if row.size is not None]
    if sizes:
        words.append(format_bytes(sum(sizes)))
    return ", ".join(words)


def table_to_markdown(rows: Sequence[ModelRow], charset_name: str) -> str:
    """Return the table as one of Markdown."""
    lines = [
        f"| {' | '.join(_HEADS)} |",
        f"|{'|'.join('--:' if head in _RIGHT else '---' for head in _HEADS)}|",
        *(f"| {' | '.join(_marked(row, charset_name))} |" for row in rows),
    ]
    return "".join(f"{line}\n" for line in (*lines, "", _sums(rows)))


def _marked(row: ModelRow, charset_name: str) -> Iterator[str]:
    """Yield cells with texts as code; a bar would end a cell even there."""
    for head, text in zip(_HEADS, _cells(row, charset_name), strict=True):
        yield text if head in _RIGHT or not text else code_span(text.replace("|", "\\|"))


def table_to_json(rows: Sequence[ModelRow], failed: Sequence[tuple[str, str]]) -> str:
    """Return a document of the schema `keras-ascii/summary`; `failed` are targets that could not be read, and why."""
    document = {
        "schema": "keras-ascii/summary",
        "version": "1.0",
        "models": [_record(row) for row in rows],
        "failed": [{"target": target, "error": error} for target, error in failed],
    }
    return json.dumps(document, indent=2) + "\n"


def _record(row: ModelRow) -> dict[str, Any]:
    record = asdict(row)
    del record["ends"]
    return record
