"""Which layer is meant, where several have no name: `2nd Dense`, counted from the top of the drawing afterwards.

Knows no characters. A given name says enough, and so does a kind that there is only one of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from keras_ascii_tools.diff import Change, GraphDiff, Group, ModelDiff
from keras_ascii_tools.graph import Layer, ModelGraph, TensorRef
from keras_ascii_tools.write.diff.words import ordinal
from keras_ascii_tools.write.sections import Part, part_of

__all__ = ["Sources", "members_of"]


class Sources:
    """Says what calls get, before and after."""

    def __init__(self, diff: GraphDiff, before: Part, after: Part) -> None:
        self._diff = diff
        self._now = dict(diff.nodes)
        # A node is numbered by its row.
        rows = zip(after.diagram.rows, _numbered(after.rows), strict=False)
        self._labels = {row.node: label for row, label in rows}
        self._many = {kind for part in (before, after) for kind, rows in _kinds(part.rows).items() if rows > 1}

    def of(self, change: Change) -> tuple[list[str], list[str]] | None:
        """Return the inputs of a call before and after; `None` if the change is not about one call on each side."""
        if change.before is None or change.after is None or not (change.before.nodes and change.after.nodes):
            return None
        old = self._diff.before.nodes[change.before.nodes[0]].inputs
        new = self._diff.after.nodes[change.after.nodes[0]].inputs
        return [self._source(ref, self._before) for ref in old], [self._source(ref, self._after) for ref in new]

    def _source(self, ref: TensorRef | None, label: Callable[[int], str]) -> str:
        if ref is None:
            return "?"
        return f"{label(ref.node)}->{ref.output}" if ref.output else label(ref.node)

    def _after(self, node: int) -> str:
        return self._plain(self._diff.after.nodes[node].layer) or self._labels[node]

    def _before(self, node: int) -> str:
        layer = self._diff.before.nodes[node].layer
        now = self._now.get(node)
        return self._plain(layer) or (f"removed {_kind(layer)}" if now is None else self._after(now))

    def _plain(self, layer: Layer) -> str:
        """What a layer is called where that is enough."""
        return layer.given_name or ("" if _kind(layer) in self._many else layer.kind)


def members_of(diff: ModelDiff, group: Group, most: int) -> list[str]:
    """Return what the layers of a group are called; nothing if there are more than so many, or one is no layer."""
    if not 0 < len(group.layers) <= most:
        return []
    graphs = {part.path: part.after for part in diff.model.walk()}
    apart = len(group.paths) > 1
    found: list[str] = []
    for path, number in group.layers:
        label = _member(graphs[path], number) if path in graphs else ""
        if not label:
            return []
        found.append(" / ".join((*path, label)) if apart else label)
    return found


def _member(graph: ModelGraph, number: int) -> str:
    layer = next((layer for layer in graph.layers if layer.id == number), None)
    if layer is None:
        return ""
    if layer.given_name:
        return layer.given_name
    rows = tuple(part_of(graph).rows)
    if _kinds(rows)[_kind(layer)] < 2:
        return layer.kind
    return next(label for row, label in zip(rows, _numbered(rows), strict=True) if row.id == number)


def _numbered(rows: Iterable[Layer]) -> Iterator[str]:
    """Say of each row which one of its kind it is."""
    seen: Counter[str] = Counter()
    for layer in rows:
        seen[_kind(layer)] += 1
        yield f"{ordinal(seen[_kind(layer)])} {_kind(layer)}"


def _kinds(rows: Iterable[Layer]) -> Counter[str]:
    return Counter(map(_kind, rows))


def _kind(layer: Layer) -> str:
    return f"ops.{layer.kind}" if layer.is_operation else layer.kind
