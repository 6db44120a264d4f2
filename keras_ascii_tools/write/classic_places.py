"""What the sections of one drawing in the classic style have in common. Knows no lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from keras_ascii_tools.glyphs import CHARSETS
from keras_ascii_tools.graph import Layer
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.width import clip, display_width
from keras_ascii_tools.write import classic_labels as labels
from keras_ascii_tools.write.sections import Part

__all__ = ["Places", "is_chain"]


def is_chain(part: Part) -> bool:
    """Tell whether each row uses the row before it: nothing for lanes to show, and what the ancestor could draw."""
    rows = part.diagram.rows
    above = ((), *((row.node,) for row in rows))
    straight = all(row.connected == used and not row.references for row, used in zip(rows, above, strict=False))
    return straight and not part.uncalled


class Places:
    """Knows which layers stand where, and counts the notes that had to be cut."""

    def __init__(self, options: DrawOptions, total: int | None, parts: Sequence[Part]) -> None:
        self.options = options
        self.charset = CHARSETS[options.charset]
        self.glyphs = dict(options.glyphs)
        self.cut = 0
        layers = {layer.id: layer for part in parts for layer in part.rows}
        rows = Counter(layer.id for part in parts for layer in part.rows)
        names = Counter(layer.given_name for layer in layers.values())
        self.shared = frozenset(layer for layer, times in rows.items() if times > 1)
        """Layers that stand in several rows."""
        self._unique = {name for name, times in names.items() if name and times == 1}
        self._total = total
        self._first: dict[int, int] = {}
        for part in parts:
            for number, layer in enumerate(part.rows, part.start):
                self._first.setdefault(layer.id, number)

    def weights(self, layer: Layer, row: int, copies: Sequence[int | None]) -> tuple[str, str]:
        """Return the weights of a row and their share; for a layer that has been drawn, where that was."""
        first = self._first[layer.id]
        if first != row:
            return labels.again("" if layer.given_name in self._unique else f"^{row - first}"), ""
        return labels.weights(copies, self._total, self.charset)

    def fitted(self, notes: str, used: int) -> str:
        """Cut notes to the room that a row leaves them."""
        width = self.options.width
        if width is None or used + display_width(notes) <= width:
            return notes
        self.cut += 1
        return clip(notes, width - used, self.charset.ellipsis)
