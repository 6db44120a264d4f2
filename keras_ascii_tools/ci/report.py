"""Compared models -> one Markdown document, and annotations. Knows nothing of where they go.

What a model or a path brought stands in code: it cannot become a link, a heading or a mention of somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keras_ascii_tools.api import diff, draw, read
from keras_ascii_tools.ci.files import Pair
from keras_ascii_tools.diff import Severity
from keras_ascii_tools.diff.accepting import Accepted, accept
from keras_ascii_tools.errors import KerasAsciiError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.graph import ModelGraph
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.width import clip
from keras_ascii_tools.write.diff import DrawnDiff
from keras_ascii_tools.write.diff.to_github import command, to_github
from keras_ascii_tools.write.diff.to_markdown import to_markdown
from keras_ascii_tools.write.to_markdown import code_span

__all__ = ["Result", "annotations_of", "compare", "document", "verdict"]

_LEAST = 1500
"""Characters that a section gets at least; where there are too many for that, the rest is one line each."""
_MAX_NAME = 200
_ORDER = ("TROUBLE", "BREAKING", "CHANGED", "NEW", "REMOVED", "SAME")
"""From what has to be looked at first to what nobody has to look at."""
_ANNOTATIONS = 10
"""GitHub shows no more of a sort for each step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one pair."""

    pair: Pair
    verdict: str
    """One of `_ORDER`."""
    severity: Severity | None = None
    """Of what was found and not accepted."""
    drawn: DrawnDiff | None = None
    graph: ModelGraph | None = None
    """A model that is new, or that was removed."""
    trouble: str = ""


def compare(
    pairs: Iterable[Pair], options: DiffOptions, accepted: Sequence[Accepted], today: date
) -> tuple[Result, ...]:
    """Compare each pair; one that cannot be read is trouble, and does not stop the rest."""
    return tuple(_compared(pair, options, accepted, today) for pair in pairs)


def _compared(pair: Pair, options: DiffOptions, accepted: Sequence[Accepted], today: date) -> Result:
    # Writing is where a strange model might fail, too; that must not be found out in the middle of a comment.
    try:
        if pair.before is None or pair.after is None:
            graph = read(pair.after or pair.before)
            draw(graph, fold="exact").to("markdown")
            return Result(pair=pair, verdict="NEW" if pair.before is None else "REMOVED", graph=graph)
        drawn = diff(pair.before, pair.after, options=options)
        outcome = accept(drawn, accepted, today)
        drawn = replace(drawn, accepted=tuple((finding, entry.reason) for finding, entry in outcome.accepted))
        drawn.to("markdown")
        return Result(pair=pair, verdict=drawn.verdict, severity=outcome.severity, drawn=drawn)
    except (KerasAsciiError, RecursionError) as error:
        return Result(pair=pair, verdict="TROUBLE", trouble=str(error) or "nested too deeply")
    except Exception as error:
        return Result(pair=pair, verdict="TROUBLE", trouble=f"a fault of keras-ascii: {type(error).__name__}: {error}")


def verdict(results: Sequence[Result]) -> str:
    """Return the verdict of all: that of the one that has to be looked at first; SAME if there are none."""
    return min((result.verdict for result in results), key=_ORDER.index, default="SAME")


def document(results: Sequence[Result], most: int) -> str:
    """Write one document of all that is not the same, in at most so many characters.

    Args:
        results: What was compared.
        most: Characters; at least 1,000.
    """
    shown = sorted(
        (result for result in results if result.verdict != "SAME"), key=lambda result: _ORDER.index(result.verdict)
    )
    same = len(results) - len(shown)
    head = f"### Model architectures: {verdict(results)}\n\n"
    tail = f"{same:,} compared model{'s are' if same > 1 else ' is'} the same.\n" if same else ""
    room = most - len(head) - len(tail) - 100
    sections = list(_sections(shown, room))
    return head + "\n".join([*sections, *([tail] if tail else [])])


def _sections(shown: Sequence[Result], room: int) -> Iterator[str]:
    """Write a section for each model: those that changed share what a line for each of the others leaves."""
    lines = [_line(result) for result in shown]
    changed = sum(result.drawn is not None for result in shown)
    rest = sum(len(line) + 1 for line, result in zip(lines, shown, strict=True) if result.drawn is None)
    for at, (line, result) in enumerate(zip(lines, shown, strict=True)):
        if result.drawn is not None:
            section = _drawing(result, (room - rest) // changed - 1) or line
            changed -= 1
        else:
            rest -= len(line) + 1
            section = _drawing(result, room - rest - 1) or line
        room -= len(section) + 1
        if room < 0:
            yield f"…and {len(shown) - at:,} more models: too many for one text.\n"
            return
        yield section


def _drawing(result: Result, most: int) -> str | None:
    """What changed in a model, or what a new one is; `None` where there is no room for it."""
    if result.drawn is not None:
        if most < _LEAST:
            return None
        options = replace(result.drawn.options, max_chars=most)
        return to_markdown(result.drawn, options, title=_name(result), accepted=result.drawn.accepted)
    if result.verdict != "NEW":
        return None
    text = f"{_line(result)}\n{draw(result.graph, fold='exact').to('markdown')}"
    return text if len(text) <= most else None


def _line(result: Result) -> str:
    name = f"**{code_span(_name(result))} {result.verdict}**"
    if result.verdict == "TROUBLE":
        return f"{name}: it could not be compared: {code_span(clip(visible(result.trouble), 500))}\n"
    if result.graph is not None:
        return f"{name}: {_size(result.graph)}\n"
    said = "" if result.drawn is None else result.drawn.sheet.description.partition(": ")[2]
    return f"{name}: {said}\n" if said else f"{name}\n"


def _size(graph: ModelGraph) -> str:
    params = "unknown" if graph.params is None else f"{graph.params:,}"
    return f"{len(graph.nodes):,} layer calls · params {params}"


def _name(result: Result) -> str:
    return clip(visible(result.pair.name), _MAX_NAME)


def annotations_of(results: Sequence[Result]) -> str:
    """Write workflow commands for all, the gravest first, as many as GitHub shows."""
    lines: dict[str, list[str]] = {}
    for result in sorted(results, key=lambda result: _ORDER.index(result.verdict)):
        for line in _annotations(result):
            lines.setdefault(line.partition(" ")[0], []).append(line)
    return "".join("".join(_most(level, found)) for level, found in lines.items())


def _most(level: str, lines: list[str]) -> Iterator[str]:
    if len(lines) <= _ANNOTATIONS:
        yield from lines
        return
    yield from lines[: _ANNOTATIONS - 1]
    yield command(level.removeprefix("::"), f"and {len(lines) - _ANNOTATIONS + 1:,} more; see the summary")


def _annotations(result: Result) -> list[str]:
    if result.verdict == "TROUBLE":
        text = f"could not be compared: {result.trouble}"
        return [command("error", text, title=f"Architecture of {_name(result)}", file=result.pair.file)]
    if result.drawn is None:
        return []
    text = to_github(result.drawn, result.drawn.options, title=_name(result), file=result.pair.file)
    return text.splitlines(keepends=True)
