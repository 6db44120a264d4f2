"""Draw only some layers, and keep count of the others. Knows names and kinds, no rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.graph import Layer, TensorRef
from keras_ascii_tools.view.types import Cut, View, view_of

if TYPE_CHECKING:
    from keras_ascii_tools.graph import ModelGraph

__all__ = ["RANGE", "select", "select_range"]

RANGE = ".."
"""Between two patterns: from the first layer that the former matches to the last one that the latter does."""


def select(source: ModelGraph | View, patterns: Sequence[str]) -> View:
    """Return a view of the layers that match at least one pattern.

    Args:
        source: What to choose from.
        patterns: Names or kinds with the wildcards `*`, `?` and `[…]`, or `FIRST..LAST` for the layers from the first
            that the one matches to the last that the other does, in the order of `keras.Model.layers`. An end that is
            left out is the model's.

    Raises:
        OptionError: A pattern matches no layer.
    """
    view = view_of(source)
    layers = _in_order(view.graph)
    wanted: set[int] = set()
    for pattern in patterns:
        first, dots, last = pattern.partition(RANGE)
        if dots:
            ends = [_matching(layers, end, _glob(end or "*"), f"layers: {pattern!r}: ") for end in (first, last)]
            wanted.update(layer.id for layer in _between(layers, ends))
        else:
            wanted.update(layers[at].id for at in _matching(layers, pattern, _glob(pattern), "layers: "))
    return _selected(view, wanted)


def select_range(source: ModelGraph | View, first: str, last: str) -> View:
    """Return a view of the layers that Keras' `summary(layer_range=(first, last))` shows.

    From the first layer whose name starts with a match of one regular expression to the last one for the other, or the
    other way round (`keras.src.utils.summary_utils.get_layer_index_bound_by_layer_name`).

    Raises:
        OptionError: No name matches, or an expression is none.
    """
    view = view_of(source)
    layers = _in_order(view.graph)
    ends = [_matching(layers, end, _expression(end), "layer_range: ") for end in (first, last)]
    return _selected(view, {layer.id for layer in _between(layers, ends)})


def _in_order(graph: ModelGraph) -> list[Layer]:
    """Layers as `keras.Model.layers` has them; operations after the layer that is called before them."""
    listed = {layer.id for layer in graph.layers}
    following: dict[int | None, list[Layer]] = {}
    before: int | None = None
    for node in graph.nodes:
        if node.layer.id in listed:
            before = node.layer.id
        else:
            following.setdefault(before, []).append(node.layer)
    layers = following.get(None, [])
    for layer in graph.layers:
        layers += [layer, *following.get(layer.id, [])]
    return list({layer.id: layer for layer in layers}.values())


def _glob(pattern: str) -> Callable[[Layer], bool]:
    return lambda layer: fnmatchcase(layer.name or "", pattern) or fnmatchcase(layer.kind, pattern)


def _expression(text: str) -> Callable[[Layer], bool]:
    try:
        expression = re.compile(text)
    except re.error as error:
        raise OptionError(
            f"layer_range: {text!r} is not a regular expression ({error}); put a backslash before . * + ? ( ) [ ]"
        ) from None
    return lambda layer: layer.name is not None and expression.match(layer.name) is not None


def _matching(layers: Sequence[Layer], text: str, matches: Callable[[Layer], bool], where: str) -> list[int]:
    """Positions of the layers that match."""
    found = [at for at, layer in enumerate(layers) if matches(layer)]
    if not found:
        raise OptionError(f"{where}{text!r} matches none of the model's {len(layers)} layers; {_advice(layers, text)}")
    return found


def _advice(layers: Sequence[Layer], text: str) -> str:
    known = list(dict.fromkeys(word for layer in layers for word in (layer.name, layer.kind) if word))
    import difflib

    close = difflib.get_close_matches(text, known[:_MAX_WORDS], 3)
    if close:
        return f"did you mean {' or '.join(map(repr, close))}?"
    more = f" and {len(known) - 3:,} more" if len(known) > 3 else ""
    return f"have {', '.join(map(repr, known[:3]))}{more}" if known else "it has none"


_MAX_WORDS = 5_000
"""Words looked at for a suggestion; each takes about 0.05 ms."""


def _between(layers: Sequence[Layer], ends: Sequence[Sequence[int]]) -> Sequence[Layer]:
    """Layers from the first match of one end to the last of the other, whichever comes first."""
    first, last = ends
    if first[0] > last[-1]:
        return layers[last[0] : first[-1] + 1]
    return layers[first[0] : last[-1] + 1]


def _selected(view: View, wanted: set[int]) -> View:
    graph = view.graph
    kept = [index for index, node in enumerate(graph.nodes) if node.layer.id in wanted]
    place = {old: new for new, old in enumerate(kept)}

    def moved(ref: TensorRef | None) -> TensorRef | None:
        return TensorRef(place[ref.node], ref.output) if ref is not None and ref.node in place else None

    return replace(
        view,
        graph=replace(
            graph,
            nodes=tuple(
                replace(graph.nodes[index], inputs=tuple(map(moved, graph.nodes[index].inputs))) for index in kept
            ),
            inputs=tuple(map(moved, graph.inputs)),
            outputs=tuple(map(moved, graph.outputs)),
            layers=tuple(layer for layer in graph.layers if layer.id in wanted),
            own_params=0,
            own_trainable_params=0,
            own_bytes=0,
        ),
        copies=tuple(view.copies[index] for index in kept),
        order=None,
        cuts=_cuts(view, place),
    )


def _cuts(view: View, place: dict[int, int]) -> tuple[Cut, ...]:
    """Inputs that are cut now, and those that were already."""
    cuts = [replace(cut, node=place[cut.node]) for cut in view.cuts if cut.node in place]
    for edge in view.graph.edges:
        if edge.node in place and edge.source.node not in place:
            # Of fused nodes the last one makes the tensor.
            source = TensorRef(view.copies[edge.source.node][0][-1], edge.source.output)
            cuts.append(Cut(node=place[edge.node], position=edge.position, source=source))
    return tuple(sorted(cuts, key=lambda cut: (cut.node, cut.position)))
