"""The report of a run as JSON, Markdown and HTML: plain data first, then texts of it."""

from __future__ import annotations

import json
import os
import re
from html import escape
from pathlib import Path
from typing import Any

import pytest

from keras_ascii_tools import KerasAsciiError
from keras_ascii_tools.snapshots import relative, write
from pytest_keras_ascii.finish import Outcome
from pytest_keras_ascii.summary import headline

__all__ = ["document", "to_html", "to_markdown", "write_reports"]

_MOST_OF_STEP_SUMMARY = 900_000
"""Bytes: GitHub takes a step summary of 1 MiB."""


def write_reports(outcome: Outcome, config: pytest.Config) -> None:
    """Write the reports that were asked for, and GitHub's step summary; what goes wrong becomes a problem."""
    data = document(outcome, config)
    for name in outcome.settings.reports:
        path = Path(os.path.realpath(config.invocation_params.dir / name))
        text = {".json": _json, ".md": to_markdown, ".html": to_html}[path.suffix](data)
        try:
            write(path, text, inside=path.parent)
        except KerasAsciiError as error:
            outcome.problems.append(str(error))
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if outcome.settings.github and place and (outcome.records or outcome.stale or outcome.problems):
        try:
            with open(place, "a", encoding="utf-8", newline="\n") as stream:
                stream.write(to_markdown(data, most=_MOST_OF_STEP_SUMMARY))
        except OSError as error:
            outcome.notices.append(f"cannot write the step summary: {error.strerror or error}")


def document(outcome: Outcome, config: pytest.Config) -> dict[str, Any]:
    """Return the report as plain data, its lists sorted."""
    root = config.rootpath
    keys = ("path", "name", "number", "line", "status", "verdict", "text", "drawing", "model", "level", "ignore")
    return {
        "schema": "keras-ascii/pytest-report",
        "version": "1.0",
        "summary": headline(outcome),
        "counts": dict(sorted(outcome.counts.items())),
        "snapshots": [{"test": node, **{key: record[key] for key in keys}} for node, record in outcome.records],
        "stale": [
            {"path": relative(one.path, root), "test": one.node, "why": one.why, "moved_to": one.moved_to}
            for one in outcome.stale
        ],
        "stale_not_judged_because": outcome.not_judged,
        "deleted": [relative(one.path, root) for one in outcome.pruned],
        "problems": list(outcome.problems),
    }


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2) + "\n"


def to_markdown(data: dict[str, Any], *, most: int | None = None) -> str:
    """Return the report as Markdown; entries that would go beyond so many bytes are counted."""
    parts = [f"## {data['summary']}\n"]
    parts += [f"- **error:** {_code(problem)}\n" for problem in data["problems"]]
    entries = [_markdown_entry(entry) for entry in data["snapshots"] if entry["text"]]
    if data["stale"]:
        rows = "".join(f"- {_code(one['path'])}: {one['why']}\n" for one in data["stale"])
        parts.append(f"### Stale\n\n{rows}")
    size = sum(len(part.encode()) for part in parts)
    for number, entry in enumerate(entries):
        size += len(entry.encode()) + 1
        if most is not None and size > most:
            parts.append(f"... and {len(entries) - number} more.\n")
            break
        parts.append(entry)
    return "\n".join(parts) + "\n"


def _markdown_entry(entry: dict[str, Any]) -> str:
    text = entry["text"]
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"### {_code(entry['test'])}: {entry['status']}\n\n{fence}text\n{text}\n{fence}\n"


def _code(text: str) -> str:
    """A code span; whatever stands in it is neither a link nor a mention."""
    text = " ".join(text.split())
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def to_html(data: dict[str, Any]) -> str:
    """Return the report as a page of its own."""
    body = [f"<h1>{escape(data['summary'])}</h1>"]
    body += [f"<p><strong>error:</strong> {escape(problem)}</p>" for problem in data["problems"]]
    if data["stale"]:
        rows = "".join(f"<li><code>{escape(one['path'])}</code>: {escape(one['why'])}</li>" for one in data["stale"])
        body.append(f"<h2>Stale</h2>\n<ul>{rows}</ul>")
    for entry in data["snapshots"]:
        label = f"<code>{escape(entry['test'])}</code>: {entry['status']}"
        if entry["text"]:
            body.append(f"<details open><summary>{label}</summary>\n<pre>{escape(entry['text'])}</pre></details>")
        else:
            body.append(f"<p>{label}, <code>{escape(entry['path'])}</code></p>")
    title = escape(data["summary"])
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


_STYLE = (
    ":root{color-scheme:light dark}body{font-family:system-ui,sans-serif;margin:2em}"
    "pre{overflow-x:auto;padding:1em;border:1px solid #8888}summary{cursor:pointer}"
)
