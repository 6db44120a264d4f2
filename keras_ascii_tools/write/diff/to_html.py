"""What changed -> a figure for any page: text that can be selected and is read out, no script, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from keras_ascii_tools.escape import visible
from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet
from keras_ascii_tools.write.spans import clean_spans, width_of
from keras_ascii_tools.write.to_html import CSS, span_html

__all__ = ["DIFF_CSS", "to_html"]

# Tints that are mixed into the page's own colours, so that they fit light and dark pages. What was added is also marked
# by a sign and by its element, for those who do not see colours.
DIFF_CSS = """\
.keras-ascii ins, .keras-ascii del { text-decoration: none; display: block; background: none; color: inherit; }
.keras-ascii ins { background: color-mix(in srgb, transparent 82%, #16a34a); }
.keras-ascii del { background: color-mix(in srgb, transparent 82%, #dc2626); }
.keras-ascii .ka-row { display: block; }
.keras-ascii .ka-row:empty::before { content: "\\200b"; }
.keras-ascii .ka-added { color: color-mix(in srgb, currentColor 55%, #16a34a); }
.keras-ascii .ka-removed { color: color-mix(in srgb, currentColor 55%, #dc2626); }
.keras-ascii .ka-changed { color: color-mix(in srgb, currentColor 45%, #c026d3); }
.keras-ascii .ka-moved { color: color-mix(in srgb, currentColor 40%, #0891b2); }
.keras-ascii .ka-derived { color: color-mix(in srgb, currentColor 45%, #808080); }
.keras-ascii .ka-alert { color: color-mix(in srgb, currentColor 40%, #dc2626); font-weight: 600; }
.keras-ascii .ka-verdict { margin: 0 0 .5em; font-weight: 600; }
"""
_ELEMENTS = {"+": "ins", "-": "del"}


def to_html(sheet: Sheet, *, standalone_css: bool = True) -> str:
    """Write what changed as one `<figure>`, which is well-formed in HTML and in XHTML.

    Args:
        sheet: What changed, laid out.
        standalone_css: Bring the style sheet along.
    """
    title = visible(sheet.title).strip() or "Architecture"
    parts = [
        '<figure class="keras-ascii ka-diff">\n',
        f"<style>\n{CSS}{DIFF_CSS}</style>\n" if standalone_css else "",
        f'<figcaption class="ka-caption">{escape(title)}: what changed</figcaption>\n',
        f'<p class="ka-verdict">{escape(visible(sheet.description))}</p>\n',
        *(_section(section, title, first=not at) for at, section in enumerate(sheet.sections)),
        "</figure>\n",
    ]
    return "".join(parts)


def _section(section: Section, title: str, *, first: bool) -> str:
    header = section.header[1:] if first else section.header  # the verdict has been said
    name = f"{title}: {visible(section.title)}" if section.title else title
    return _lines((*header, *section.rows), name) + _lines(section.footer, f"{title}: signature, training, weights")


def _lines(lines: Iterable[Line], name: str) -> str:
    rows = list(_rows(lines))
    if not rows:
        return ""
    columns = width_of(clean_spans(line) for line in lines)
    attributes = f'role="group" aria-label="{escape(name)}" tabindex="0" translate="no" style="--ka-columns: {columns}"'
    return f'<pre class="ka-drawing" {attributes}>\n{"".join(rows)}</pre>\n'


def _rows(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        spans = clean_spans(line)
        text = "".join(span_html(span, {}) for span in spans)
        element = _ELEMENTS.get(line.text[:1]) if spans and spans[0].role in {Role.ADDED, Role.REMOVED} else None
        yield f"<{element}>{text}</{element}>" if element else f'<span class="ka-row">{text}</span>'
