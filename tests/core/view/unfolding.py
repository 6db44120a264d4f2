"""Take a folded view apart again: the oracle for folds, written from what `Fold` says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from keras_ascii_tools.graph import TensorRef
from keras_ascii_tools.view import View

Tensor = tuple["Item", int]


@dataclass(eq=False)
class Item:
    node: int
    inputs: list[Tensor | None]


@dataclass(eq=False)
class Span:
    first: Item
    last: Item
    times: int
    kept: set[Tensor]
    carried: dict[Tensor, Tensor]


def unfold(view: View) -> tuple[dict[int, tuple[TensorRef | None, ...]], tuple[TensorRef | None, ...]]:
    """Return per node of the origin its inputs, and the outputs, as the folded view tells them; nothing is fused."""
    items, spans, outputs = _items(view)
    for span in reversed(spans):
        items, outputs = _spread(items, span, spans, outputs)
    seen: dict[int, int] = {}
    names: dict[Item, int] = {}
    for item in items:
        (names[item],) = view.copies[item.node][seen.setdefault(item.node, 0)]
        seen[item.node] += 1
    assert all(seen[node] == len(copies) for node, copies in enumerate(view.copies))

    def ref(tensor: Tensor | None) -> TensorRef | None:
        return None if tensor is None else TensorRef(names[tensor[0]], tensor[1])

    return {names[item]: tuple(map(ref, item.inputs)) for item in items}, tuple(map(ref, outputs))


def _items(view: View) -> tuple[list[Item], list[Span], list[Tensor | None]]:
    order = view.order or tuple(range(len(view.graph.nodes)))
    by_node = {node: Item(node, []) for node in order}

    def tensor(ref: TensorRef) -> Tensor:
        return (by_node[ref.node], ref.output)

    for node, item in by_node.items():
        item.inputs = [None if ref is None else tensor(ref) for ref in view.graph.nodes[node].inputs]
    items = [by_node[node] for node in order]
    spans = [
        Span(
            items[fold.first],
            items[fold.last],
            fold.times,
            {tensor(ref) for ref in fold.kept},
            {tensor(outside): tensor(inside) for outside, inside in fold.carried},
        )
        for fold in view.folds
    ]
    return items, spans, [None if ref is None else tensor(ref) for ref in view.graph.outputs]


def _spread(
    items: list[Item], span: Span, spans: list[Span], outputs: list[Tensor | None]
) -> tuple[list[Item], list[Tensor | None]]:
    first, end = items.index(span.first), items.index(span.last) + 1
    block = items[first:end]
    inside = set(block)
    outside = {tensor for item in block for tensor in item.inputs if tensor is not None and tensor[0] not in inside}
    assert span.kept | span.carried.keys() >= outside
    assert span.kept.isdisjoint(span.carried)
    copies: list[Item] = []
    before = {item: item for item in block}
    for _ in range(span.times - 1):
        now = {item: Item(item.node, []) for item in block}
        for item in block:
            now[item].inputs = [_copied(tensor, now, before, span) for tensor in item.inputs]
        copies += now.values()
        before = now

    def last(tensor: Tensor | None) -> Tensor | None:
        return (before[tensor[0]], tensor[1]) if tensor is not None and tensor[0] in before else tensor

    for item in items[end:]:
        item.inputs = [last(tensor) for tensor in item.inputs]
    for other in spans:
        if other is not span:
            other.last = before.get(other.last, other.last)
            other.carried = {key: last(value) or value for key, value in other.carried.items()}
            other.kept = {last(tensor) or tensor for tensor in other.kept}
            other.carried = {last(key) or key: value for key, value in other.carried.items()}
    return [*items[:end], *copies, *items[end:]], [last(tensor) for tensor in outputs]


def _copied(tensor: Tensor | None, now: dict[Item, Item], before: dict[Item, Item], span: Span) -> Tensor | None:
    if tensor is None:
        return None
    if tensor[0] in now:
        return (now[tensor[0]], tensor[1])
    if tensor in span.carried:
        inner, output = span.carried[tensor]
        return (before[inner], output)
    return tensor
