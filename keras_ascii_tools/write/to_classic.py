"""A graph -> its drawing in the classic style: two rows per layer, what it does and what it makes.

What the ancestor, keras-sequential-ascii 0.1.1, could draw, a chain of layers, is drawn as the ancestor drew it, to the
byte; no line of it ends with a blank. Everything else is drawn the same way, with lanes to the left and a few words to
the right. Knows no colours and no output format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.glyphs import CHARSETS, Charset
from keras_ascii_tools.graph import How, ModelGraph
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.write.classic_labels import HEADER
from keras_ascii_tools.write.classic_places import Places, is_chain
from keras_ascii_tools.write.classic_simplify import simplified
from keras_ascii_tools.write.classic_table import Table
from keras_ascii_tools.write.prepare import prepared
from keras_ascii_tools.write.sections import Part, parts_of
from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, line_of
from keras_ascii_tools.write.totals import description_of, footer_of, heading_of, title_of

__all__ = ["draw_classic"]


def draw_classic(
    graph: ModelGraph, options: DrawOptions, *, sparser: bool = False, simplify: bool = True, header: bool = True
) -> Sheet:
    """Draw a graph in the classic style, which has its own columns.

    Args:
        graph: Any graph.
        options: How to draw. `columns` and, where there is nothing but totals to say, `footer` are without effect.
        sparser: An empty line before every row but the first.
        simplify: Draw an `Activation` as the activation of the layer before it, if that has none.
        header: Name the columns.

    Raises:
        OptionError: Rows are to be sorted.
    """
    if options.sort != "graph":
        raise OptionError(f"sort: the classic style has the order of the graph; leave out sort={options.sort!r}")
    charset = CHARSETS[options.charset]
    joins = simplify and not options.fuse  # which joins more
    start = prepared(simplified(graph, plumbing=options.plumbing) if joins else graph, options)
    parts, like = parts_of(start.graph, start.lay, bodies=options.bodies)
    places = Places(options, graph.params, parts)
    alike = Counter(layer.id for layer in like.values())
    tables = [Table(part, places, sparser=sparser) for part in parts]
    columns = (line_of((tables[0].indent + HEADER, Role.HEADER)),) if header and options.header else ()
    sections = [Section(header=columns, rows=tables[0].lines())]
    for part, table in zip(parts[1:], tables[1:], strict=True):
        title = _title(part, alike, charset)
        sections.append(Section(header=(line_of((title, Role.TITLE)),), rows=table.lines(), title=title))
    if options.footer and not _is_ancestral(graph, parts):
        sections[-1] = replace(sections[-1], footer=_footer(graph, parts, options, places.cut))
    return Sheet(tuple(sections), title=title_of(graph, charset), description=description_of(graph))


def _footer(graph: ModelGraph, parts: Sequence[Part], options: DrawOptions, cut: int) -> tuple[Line, ...]:
    """Say what is not known and what is not shown. Totals, which come first, are no part of this style."""
    lines = footer_of(graph, parts, options, cut)[1:]
    if not graph.own_params:
        return lines
    return (line_of((f"{graph.own_params:,} weights belong to the model itself and to no layer", Role.NOTE)), *lines)


def _title(part: Part, alike: Counter[int], charset: Charset) -> str:
    """Say whose body a section is."""
    owner = part.owner
    if owner is None:
        return ""
    return heading_of(owner, charset, alike=alike[owner.id])


def _is_ancestral(graph: ModelGraph, parts: Sequence[Part]) -> bool:
    """Tell whether the ancestor could draw it, who has nothing to say below."""
    view = parts[0].laid.view
    whole = view is None or (view.stands_for == len(view.graph.nodes) and not view.left_out)
    return whole and graph.how is How.DECLARED and not graph.own_params and len(parts) == 1 and is_chain(parts[0])
