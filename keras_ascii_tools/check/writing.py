"""Reports -> lines of text, or JSON. Escapes everything that comes from a file; knows no rule."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from keras_ascii_tools.check.findings import Finding, Place, Report
from keras_ascii_tools.escape import visible

__all__ = ["report_lines", "reports_to_json"]

_LONGEST = 120


def report_lines(report: Report) -> Iterator[str]:
    """Yield a line for each finding: `FILE: danger lambda-code at PLACE: WHAT; WHY`."""
    for finding in report.findings:
        more = f" and {finding.times - 1:,} more" if finding.times > 1 else ""
        place = _place(finding.places[0])
        at = f" at {place}{more}" if place else more
        yield visible(f"{report.target}: {finding.severity} {finding.rule}{at}: {finding.what}; {finding.why}")
    if report.is_clean:
        yield visible(f"{report.target}: nothing dangerous or doubtful")


def _place(place: Place) -> str:
    where = " ".join(part for part in (_cut(place.part), _cut(place.path)) if part)
    return f"{where} (layer {_cut(place.layer)})" if place.layer else where


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 30]}...{text[-25:]}"


def reports_to_json(reports: Sequence[Report], failed: Sequence[tuple[str, str]]) -> str:
    """Return a document of the schema `keras-ascii/check`; `failed` are targets that could not be read, and why."""
    document = {
        "schema": "keras-ascii/check",
        "version": "1.0",
        "files": [_report(report) for report in reports],
        "failed": [{"target": target, "error": error} for target, error in failed],
    }
    return json.dumps(document, indent=2) + "\n"


def _report(report: Report) -> dict[str, Any]:
    return {
        "target": report.target,
        "format": report.format,
        "findings": [_finding(finding) for finding in report.findings],
        "unread": [{"part": part.part, "reason": part.reason} for part in report.unread],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "severity": finding.severity,
        "what": finding.what,
        "why": finding.why,
        "times": finding.times,
        "places": [{"part": place.part, "path": place.path, "layer": place.layer} for place in finding.places],
    }
