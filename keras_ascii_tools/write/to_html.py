"""A drawing -> a figure for any page: text that can be selected, no script, nothing loaded. Does not know the page.

Colours are mixed from the text colour of the page, so they fit light and dark pages, also where the theme of a page is
not what the system prefers. Every rule of the style sheet is about `.keras-ascii` and what is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from html import escape

from keras_ascii_tools.escape import visible
from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, Span
from keras_ascii_tools.write.spans import clean_lines, width_of

__all__ = ["CSS", "span_html", "to_html"]

# Lanes join as long as lines of text are no further apart than the font draws its box characters high: 1.0 (FreeMono),
# 1.13 (Liberation Mono, Courier New), 1.19 (DejaVu Sans Mono, Menlo). That is too tight to read, so the lanes alone are
# stretched: with 1.4, no font of nine that were tried shows a gap. They overlap, and therefore are opaque.
CSS = """\
.keras-ascii { margin: 1em 0; padding: 0; min-width: 0; text-align: left; color: inherit; }
.keras-ascii .ka-caption {
  display: block; margin: 0 0 .25em; padding: 0; text-align: left; font: inherit; font-weight: 600; color: inherit;
}
.keras-ascii .ka-drawing, .keras-ascii .ka-footer {
  display: block; margin: 0; padding: .25em .125em; border: 0; background: none; box-shadow: none; color: inherit;
  width: auto; max-width: 100%; max-height: none; box-sizing: border-box; direction: ltr; tab-size: 8;
  white-space: pre; overflow-wrap: normal; word-break: normal; hyphens: none; text-align: left; text-indent: 0;
  font: 400 max(12px, .8125em)/1.3 ui-monospace, "SF Mono", Menlo, Consolas, "Cascadia Mono", "DejaVu Sans Mono",
    "Liberation Mono", monospace;
  font-variant-ligatures: none; font-kerning: none; letter-spacing: 0; word-spacing: 0; text-transform: none;
}
.keras-ascii .ka-drawing { overflow: auto hidden; isolation: isolate; }
.keras-ascii .ka-footer { margin-top: .5em; white-space: pre-wrap; overflow-wrap: anywhere; }
.keras-ascii .ka-drawing:focus-visible, .keras-ascii .ka-body > summary:focus-visible {
  outline: 2px solid currentColor; outline-offset: 2px;
}
.keras-ascii .ka-body { margin: .75em 0 0; padding: 0; border: 0; background: none; }
.keras-ascii .ka-body > summary {
  margin: 0 0 .25em; padding: 0; cursor: pointer; font: inherit; font-size: .875em; font-weight: 600; color: inherit;
  background: none;
}
.keras-ascii pre span { unicode-bidi: isolate; }
.keras-ascii .ka-lanes { display: inline-block; transform: scaleY(1.4); }
.keras-ascii .ka-node { position: relative; z-index: 1; }
.keras-ascii .ka-kind a { color: inherit; text-decoration: underline dotted; }
.keras-ascii .ka-title, .keras-ascii .ka-kind, .keras-ascii .ka-frozen { font-weight: 600; }
.keras-ascii .ka-gutter, .keras-ascii .ka-header { color: color-mix(in srgb, currentColor 45%, #808080); }
.keras-ascii .ka-share, .keras-ascii .ka-macs { color: color-mix(in srgb, currentColor 45%, #808080); }
.keras-ascii .ka-glyph, .keras-ascii .ka-shape { color: color-mix(in srgb, currentColor 40%, #0891b2); }
.keras-ascii .ka-name { color: color-mix(in srgb, currentColor 40%, #16a34a); }
.keras-ascii .ka-frozen { color: color-mix(in srgb, currentColor 30%, #3b82f6); }
.keras-ascii .ka-fold, .keras-ascii .ka-note { color: color-mix(in srgb, currentColor 40%, #c026d3); }
@media (prefers-contrast: more) {
  .keras-ascii .ka-drawing span, .keras-ascii .ka-footer span { color: inherit; }
}
@media print {
  .keras-ascii { container-type: inline-size; }
  .keras-ascii .ka-caption, .keras-ascii .ka-body > summary { break-after: avoid; }
  .keras-ascii .ka-drawing, .keras-ascii .ka-footer {
    overflow: visible; white-space: pre-wrap; overflow-wrap: anywhere;
    font-size: max(4pt, min(9pt, 100cqw / (var(--ka-columns, 100) + 1) / .62));
  }
}
"""
"""The style sheet, for pages that bring it once for all their drawings."""

_NAMELESS = "Model architecture"


def to_html(
    sheet: Sheet,
    *,
    standalone_css: bool = True,
    links: Mapping[str, str] | None = None,
    key: str = "",
    description: str | None = None,
) -> str:
    """Write a drawing as one `<figure>`, which is well-formed in HTML and in XHTML (EPUB).

    To screen readers each section is an image, with its title for a name and the drawing's description; to everybody
    else it is text. The bodies of layers can be folded away.

    Args:
        sheet: The drawing.
        standalone_css: Bring the style sheet along; without it, the page has to have `CSS`.
        links: Where the page of a kind of layer is, by class name.
        key: Tells this drawing from others of the same page that may look the same.
        description: Words in place of the drawing's own description; empty for none.
    """
    title = visible(sheet.title).strip()
    description = visible(sheet.description if description is None else description).strip()
    described = f"ka-{_digest(sheet, key)}" if description else ""
    parts = [
        '<figure class="keras-ascii">\n',
        f"<style>\n{CSS}</style>\n" if standalone_css else "",
        f'<figcaption class="ka-caption">{escape(title)}</figcaption>\n' if title else "",
        # Read out although it is hidden, because the drawing refers to it.
        f'<p id="{described}" hidden="">{escape(description)}</p>\n' if description else "",
        *_sections(sheet, title, described, links or {}),
        *map(_footer, filter(None, (section.footer for section in sheet.sections))),
        "</figure>\n",
    ]
    return "".join(parts)


def _digest(sheet: Sheet, key: str) -> str:
    """The same for the same drawing, so that pages are built the same every time."""
    texts = (key, sheet.title, sheet.description, *(line.text for line in sheet.lines()))
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()


def _sections(sheet: Sheet, title: str, described: str, links: Mapping[str, str]) -> Iterator[str]:
    """The drawings of the sections: those that belong to a layer can be folded, the others follow one another."""
    lines: list[Line] = []
    for section in sheet.sections:
        if section.title:
            if lines:
                yield _drawing(lines, title or _NAMELESS, described, links)
                lines = []
            yield _body(section, links)
        else:
            lines += [Line()] if lines else []
            lines += _lines(section, section.header[1:] if _begins_with(section, title) else section.header)
    if lines:
        yield _drawing(lines, title or _NAMELESS, described, links)


def _body(section: Section, links: Mapping[str, str]) -> str:
    heading, header = visible(section.title), section.header
    if header and header[0].spans and header[0].spans[0].role is Role.TITLE:
        heading, header = visible(header[0].text), header[1:]
    drawing = _drawing(_lines(section, header), heading, "", links)
    return f'<details class="ka-body" open="">\n<summary>{escape(heading)}</summary>\n{drawing}</details>\n'


def _begins_with(section: Section, title: str) -> bool:
    return bool(title and section.header) and visible(section.header[0].text).strip() == title


def _lines(section: Section, header: tuple[Line, ...]) -> Iterable[Line]:
    return Sheet((Section(header=header, rows=section.rows),)).lines()


def _drawing(lines: Iterable[Line], name: str, described: str, links: Mapping[str, str]) -> str:
    cleaned = list(clean_lines(lines))
    text = _text(cleaned, links)
    # What is in an image cannot be reached, and links have to be.
    attributes = f'role="{"group" if "<a " in text else "img"}" aria-label="{escape(name)}"'
    if described:
        attributes += f' aria-describedby="{described}"'
    style = f'style="--ka-columns: {width_of(cleaned)}"'
    return f'<pre class="ka-drawing" {attributes} tabindex="0" translate="no" {style}>{text}</pre>\n'


def _footer(lines: tuple[Line, ...]) -> str:
    """What stands below a drawing is a text like any other: it may be wrapped, and is read out."""
    return f'<pre class="ka-footer" translate="no">{_text(clean_lines(lines))}</pre>\n'


def _text(lines: Iterable[tuple[Span, ...]], links: Mapping[str, str] | None = None) -> str:
    # A parser drops the first line end, so that an empty first line stays.
    return "\n" + "".join("".join(map(partial(span_html, links=links or {}), spans)) + "\n" for spans in lines)


_LANES = re.compile("[\u2500-\u257f]+(?: +[\u2500-\u257f]+)*")


def span_html(span: Span, links: Mapping[str, str]) -> str:
    """Write one span; the page needs `CSS`."""
    text = _LANES.sub(r'<span class="ka-lanes">\g<0></span>', escape(span.text))
    if links and span.role is Role.KIND:
        text = _linked(span.text, links)
    if span.role is Role.TEXT or not span.text.strip(" "):
        return text
    return f'<span class="ka-{span.role.value}">{text}</span>'


def _linked(text: str, links: Mapping[str, str]) -> str:
    """A kind with a link to its page: of a fused row `Conv2D+BN`, to the first layer's."""
    kind = text.strip().partition("+")[0]
    if kind not in links:
        return escape(text)
    before, _, behind = text.partition(kind)
    return f'{before}<a href="{escape(links[kind])}">{escape(kind)}</a>{escape(behind)}'
