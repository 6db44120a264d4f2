"""Lines of a drawing, made ready for any format: nothing invisible, no blanks at the end. Knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keras_ascii_tools.escape import visible
from keras_ascii_tools.width import display_width
from keras_ascii_tools.write.sheet import Line, Span

__all__ = ["clean_lines", "clean_spans", "width_of"]


def clean_lines(lines: Iterable[Line]) -> Iterator[tuple[Span, ...]]:
    """Yield each line's spans, fit to be written."""
    return map(clean_spans, lines)


def clean_spans(line: Line) -> tuple[Span, ...]:
    """Return the spans of a line: every character visible, neighbours of one role joined, no blanks at the end."""
    spans: list[Span] = []
    for span in line.spans:
        text = visible(span.text)
        if spans and spans[-1].role is span.role:
            text = spans.pop().text + text
        if text:
            spans.append(Span(text, span.role))
    while spans and not spans[-1].text.rstrip(" "):
        spans.pop()
    if spans:
        spans[-1] = Span(spans[-1].text.rstrip(" "), spans[-1].role)
    return tuple(spans)


def width_of(lines: Iterable[tuple[Span, ...]]) -> int:
    """Return the number of columns of the widest line."""
    return max((sum(display_width(span.text) for span in spans) for spans in lines), default=0)
