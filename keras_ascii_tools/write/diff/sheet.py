"""What changed -> a sheet: verdict, rows, facts, for writers of any format. Knows no format."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from keras_ascii_tools.diff import Finding, GraphDiff, ModelDiff
from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import CHARSETS
from keras_ascii_tools.options import DiffOptions
from keras_ascii_tools.write.diff.facts import accepted_lines, change_line, facts_of
from keras_ascii_tools.write.diff.merge import level_of
from keras_ascii_tools.write.diff.rows import Shown, rows_of
from keras_ascii_tools.write.diff.verdict import verdict_of
from keras_ascii_tools.write.diff.words import Words
from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, Span, line_of

__all__ = ["sheet_of"]

_INDENT = 7
"""Where a line of words goes on."""


def sheet_of(
    diff: ModelDiff,
    options: DiffOptions,
    shown: Shown | None = None,
    *,
    accepted: Sequence[tuple[Finding, str]] = (),
) -> Sheet:
    """Lay out what changed.

    Args:
        diff: What changed.
        options: What to show of it, and in which characters.
        shown: How much of it; default: what the options say.
        accepted: Findings that somebody has accepted, and why.
    """
    shown = shown or Shown(context=options.context, derived="derived" in options.show)
    words = Words(CHARSETS[options.charset])
    verdict = verdict_of(diff, words)
    headline = line_of((verdict, Role.ALERT if diff.breaking else Role.TITLE))
    causes = _causes(diff, options)
    sections = [_section(part, options, shown, words, causes) for part in diff.model.walk() if _is_shown(part)]
    sections = _once([section for section in sections if section.rows], options)
    facts = tuple(_fitted((*facts_of(diff, options, words), *accepted_lines(diff, accepted)), options))
    sections.insert(0, Section((headline,), ()))
    sections[-1] = replace(sections[-1], footer=facts)
    return Sheet(tuple(sections), title=_title(diff), description=verdict)


def _fitted(lines: Iterable[Line], options: DiffOptions) -> Iterator[Line]:
    """Make lines of words safe to show, of the charset, and as wide as there is room for."""
    for line in lines:
        text = visible(line.text)
        if options.charset == "ascii":
            text = text.encode("ascii", "backslashreplace").decode("ascii")
        indent = f"{text[:1]}{' ' * _INDENT}"
        width = max(options.width or 0, 2 * _INDENT) if options.width else sys.maxsize
        for part in textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False):
            yield Line((Span(part.rstrip(), line.spans[0].role),))


def _once(sections: Sequence[Section], options: DiffOptions) -> list[Section]:
    """Show bodies without names that changed in the same way once, and say how many they are."""
    alike: dict[tuple[str, tuple[Line, ...]], list[Section]] = {}
    for section in sections:
        alike.setdefault((section.title, section.rows), []).append(section)
    return [replace(first, header=_header(first.title, options, 1 + len(more))) for first, *more in alike.values()]


def _header(title: str, options: DiffOptions, many: int = 1) -> tuple[Line, ...]:
    """Say whose body it is, and how many have changed in the same way."""
    if not title:
        return ()
    alike = f", {many:,} times the same" if many > 1 else ""
    return tuple(_fitted([line_of((f"  in {title}{alike}:", Role.TITLE))], options))


def _is_shown(part: GraphDiff) -> bool:
    return bool(part.changes)


def _causes(diff: ModelDiff, options: DiffOptions) -> frozenset[str]:
    """Ids of changes that something else is said to follow from."""
    found = {change.cause for change in diff.signature if change.cause}
    if "derived" in options.show:
        found |= {derived.cause for derived in diff.derived}
    return frozenset(found)


def _section(part: GraphDiff, options: DiffOptions, shown: Shown, words: Words, causes: Collection[str]) -> Section:
    level = level_of(part, options.show)
    rows = rows_of(level, options, shown, causes) if any(item.matters for item in level.items) else ()
    rows = (*rows, *_fitted((change_line(change, words) for change in level.elsewhere), options))
    title = visible(" / ".join(part.path))
    return Section((), tuple(rows), title=title)


def _title(diff: ModelDiff) -> str:
    name = diff.after.given_name or diff.before.given_name
    return visible(name) if name else ""
