"""What a comparison looks at: a graph without the facts that do not count. Knows no files, no diff, no text.

It stands beside equality because it decides what `==` sees: `project(a, ...) == project(b, ...)` is a comparison at a
level. A projection forgets; it invents nothing, so it is for comparing and not for drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keras_ascii_tools.errors import OptionError
from keras_ascii_tools.graph.facts import architecture
from keras_ascii_tools.graph.types import Layer, ModelGraph, Node, TensorSpec
from keras_ascii_tools.graph.values import Record, Value

__all__ = ["IGNORABLE", "LEVELS", "agree", "check_comparison", "project"]

LEVELS = ("full", "arch", "shapes")
"""`full`: all that `==` sees. `arch`: not how it is trained. `shapes`: kinds, edges and shapes only."""

IGNORABLE = ("names", "dtype", "weights", "trainable", "settings", "initializers", "regularizers")
"""Groups of facts that can be left out; beside them one setting, as `Dropout.rate`, or `*.rate` for every kind."""

_OF_ARCH = frozenset({"dtype", "trainable", "initializers", "regularizers"})
_OF_SHAPES = frozenset(IGNORABLE) | {"calls"}
_ENDINGS = {"initializers": ("_initializer",), "regularizers": ("_regularizer", "_constraint")}
_KEYS = {"dtype": "dtype", "trainable": "trainable", "names": "name"}
_SETTING = re.compile(r"(\*|[^\W\d]\w*)\.([^\W\d]\w*)")


def check_comparison(level: str, ignore: Iterable[str]) -> None:
    """Raise OptionError for a level or a group of facts that does not exist."""
    from difflib import get_close_matches

    if level not in LEVELS:
        raise OptionError(f"level: expected one of {', '.join(LEVELS)}, got {level!r}")
    for word in ignore:
        if word not in IGNORABLE and not _SETTING.fullmatch(word):
            close = get_close_matches(word, IGNORABLE, 1)
            raise OptionError(
                f"ignore: expected any of {', '.join(IGNORABLE)}, or a setting such as 'Dropout.rate', got {word!r}"
                + (f"; did you mean {close[0]!r}?" if close else "")
            )


def project(graph: ModelGraph, level: str = "full", ignore: Sequence[str] = ()) -> ModelGraph:
    """Return the graph without what a comparison does not look at.

    Args:
        graph: Any graph.
        level: One of `LEVELS`.
        ignore: Any of `IGNORABLE`, and settings as `Kind.setting` or `*.setting`; they add up.

    Raises:
        OptionError: There is no such level, or nothing that could be ignored by this name.
    """
    check_comparison(level, ignore)
    groups = frozenset(ignore) & frozenset(IGNORABLE)
    groups |= {"full": frozenset[str](), "arch": _OF_ARCH, "shapes": _OF_SHAPES}[level]
    settings = frozenset(word for word in ignore if word not in IGNORABLE)
    return _Projector(groups, settings, {}).graph(graph) if groups or settings else graph


def agree(one: ModelGraph, other: ModelGraph) -> bool:
    """Tell whether two graphs are equal in all that both know; what one side does not know is no difference."""
    left, right = dict(architecture(one)), dict(architecture(other))
    return left.keys() == right.keys() and all(_agree(path, value, right[path]) for path, value in left.items())


# Facts whose `None` means that a source could not know them; elsewhere it means that there is nothing.
_MAY_BE_UNKNOWN = re.compile(
    r"(?:.* )?(?:nodes|inputs|outputs|(?:trainable )?weights|settings|policy|body|(?:shape|dtype) \d+)"
)


def _agree(path: str, one: object, other: object) -> bool:
    return one == other or ((one is None or other is None) and _MAY_BE_UNKNOWN.fullmatch(path) is not None)


@dataclass(frozen=True, slots=True)
class _Projector:
    """Forgets `groups` of facts and single `settings` throughout a tree of graphs."""

    groups: frozenset[str]
    settings: frozenset[str]
    layers: dict[int, Layer]
    """By id: a layer that stands in several places stays one."""

    def graph(self, graph: ModelGraph) -> ModelGraph:
        """Return a graph without them."""
        changes: dict[str, Any] = {
            "nodes": tuple(self._node(node) for node in graph.nodes),
            "layers": tuple(self._layer(layer) for layer in graph.layers),
        }
        if "names" in self.groups:
            changes["named"] = False
        if "weights" in self.groups:
            changes.update(own_params=None, own_trainable_params=None, own_bytes=None)
        elif "trainable" in self.groups:
            changes["own_trainable_params"] = None
        return replace(graph, **changes)

    def _node(self, node: Node) -> Node:
        outputs = node.outputs
        if "dtype" in self.groups:
            outputs = tuple(TensorSpec(spec.shape) for spec in outputs)
        call = None if "calls" in self.groups else node.call
        return replace(node, layer=self._layer(node.layer), outputs=outputs, call=call)

    def _layer(self, layer: Layer) -> Layer:
        if layer.id not in self.layers:
            self.layers[layer.id] = self._projected(layer)
        return self.layers[layer.id]

    def _projected(self, layer: Layer) -> Layer:
        changes: dict[str, Any] = {"graph": None if layer.graph is None else self.graph(layer.graph)}
        if "settings" in self.groups:
            changes["settings"] = ()
        elif layer.settings is not None:
            changes["settings"] = self._kept(layer.kind, layer.settings)
        if "names" in self.groups:
            changes["named"] = False
        if "dtype" in self.groups:
            changes["dtype_policy"] = None
        if "trainable" in self.groups:
            changes.update(trainable=True, trainable_params=None)
        if "weights" in self.groups:
            changes.update(params=None, trainable_params=None, weights=None)
        return replace(layer, **changes)

    def _kept(self, kind: str, items: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
        return tuple((key, self._value(value)) for key, value in items if not self._forgets(kind, key))

    def _value(self, value: Value) -> Value:
        """A setting may hold layers of its own, as that of TimeDistributed does."""
        if isinstance(value, Record) and value.kind:
            return Record(value.kind, self._kept(value.kind, value.items))
        if isinstance(value, tuple):
            return tuple(self._value(part) for part in value)
        return value

    def _forgets(self, kind: str, key: str) -> bool:
        return (
            f"{kind}.{key}" in self.settings
            or f"*.{key}" in self.settings
            or any(group in self.groups and key == word for group, word in _KEYS.items())
            or any(group in self.groups and key.endswith(ends) for group, ends in _ENDINGS.items())
        )
