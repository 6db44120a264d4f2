"""What changed -> Markdown for a review: the verdict, and a `diff` fence that GitHub and GitLab colour.

What a model brought stands inside of the fence or of code: it cannot become a link, a heading or a mention of somebody.
Knows nothing of comments and of who writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile, islice

from keras_ascii_tools.diff import Finding, ModelDiff
from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import CHARSETS
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.width import clip
from keras_ascii_tools.write.diff.rows import Shown
from keras_ascii_tools.write.diff.sheet import sheet_of
from keras_ascii_tools.write.diff.verdict import verdict_of
from keras_ascii_tools.write.diff.words import Words
from keras_ascii_tools.write.sheet import Sheet
from keras_ascii_tools.write.to_markdown import code_span, longest_run

__all__ = ["to_markdown"]

_MARKS = {"~": "!", ">": "!", "^": " "}
"""What sites colour by: `!` is orange, and a consequence is no change."""
_MAX_LINE = 400
"""Columns of a line; a longer one is cut, with a sign."""
_FEWER = (400, 200, 100, 50, 25, 10, 3, 0)


def to_markdown(
    diff: ModelDiff, options: DiffOptions, *, title: str = "", accepted: Sequence[tuple[Finding, str]] = ()
) -> str:
    """Write what changed for a review.

    Args:
        diff: What changed.
        options: What to show of it. Where it has more than `max_chars` characters, the least important is left out, and
            said to be.
        title: What was compared; default: the name of the model.
        accepted: Findings that somebody has accepted, and why.
    """
    head = _head(diff, options, title)
    *longer, shortest = _ever_less(options)
    for shown, left_out in longer:
        text = head + _body(sheet_of(diff, options, shown, accepted=accepted), left_out, None)
        if len(text) <= options.max_chars:
            return text
    shown, left_out = shortest
    return head + _body(sheet_of(diff, options, shown, accepted=accepted), left_out, options.max_chars - len(head))


def _head(diff: ModelDiff, options: DiffOptions, title: str) -> str:
    what = clip(visible(title or diff.after.given_name or diff.before.given_name or "").strip(), 200)
    verdict, colon, rest = verdict_of(diff, Words(CHARSETS[options.charset])).partition(":")
    return f"**{f'{code_span(what)} ' if what else ''}{verdict}**{colon}{rest}\n"


def _ever_less(options: DiffOptions) -> Iterator[tuple[Shown, list[str]]]:
    """Everything, and then less and less; with what is left out."""
    derived = "derived" in options.show
    yield Shown(context=options.context, derived=derived), []
    left_out = ["unchanged layers around changes"] if options.context else []
    yield Shown(context=min(options.context, 1), derived=derived), left_out
    left_out = [*left_out, "what follows from changes"] if derived else left_out
    yield Shown(context=0, derived=False), left_out
    left_out = [*left_out, "settings"]
    yield Shown(context=0, derived=False, settings=False), left_out
    left_out = [*left_out, "layers of repeated blocks"]
    yield Shown(context=0, derived=False, settings=False, blocks=False), left_out
    for rows in _FEWER:
        yield (
            Shown(context=0, derived=False, settings=False, blocks=False, rows=rows),
            [*left_out, f"changes after the first {rows} of each model" if rows else "single changes"],
        )


def _body(sheet: Sheet, left_out: Sequence[str], room: int | None) -> str:
    """The fence and what stands below it; with `room`, so many characters at most."""
    lines = list(_lines(sheet))
    below = f"\n*Left out to fit: {', '.join(left_out)}.*\n" if left_out else ""
    if not lines:
        return ""
    ticks = "`" * max(3, longest_run("\n".join(lines)) + 1)
    frame = f"\n{ticks}diff\n", f"{ticks}\n{below}"
    if room is not None:
        lines = _first(lines, room - sum(map(len, frame)))
    return frame[0] + "".join(f"{line}\n" for line in lines) + frame[1]


def _first(lines: Sequence[str], room: int) -> list[str]:
    """As many lines as there is room for, and how many there are more."""
    room -= len(f"  and {len(lines):,} more lines\n")
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return [*kept, f"  and {len(lines) - len(kept):,} more lines"]
        kept.append(line)
    return kept


def _lines(sheet: Sheet) -> Iterator[str]:
    lines = islice(sheet.lines(), 1, None)  # the first is the verdict, which stands above the fence
    for line in dropwhile(lambda line: not line.spans, lines):
        text = clip(visible(line.text), _MAX_LINE)
        yield _MARKS.get(text[:1], text[:1]) + text[1:]
