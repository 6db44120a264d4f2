"""A graph -> the objects that Keras 3 saves, each with its arrays and with the places of what is in it.

Knows no files; what a graph does not say is an object whose arrays are `None`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keras_ascii_tools.diff.loading_arrays import Array, Whole, arrays_of, split, stored_by
from keras_ascii_tools.graph import How, Layer, ModelGraph, Saveable
from keras_ascii_tools.names import container_names

__all__ = ["MODEL", "Key", "Object", "Objects", "extended", "objects_of"]

Key = tuple[int, str]
"""Id of the layer, and the attributes that lead to the object inside it; "" for the layer itself."""

MODEL = -1
"""Stands for the id of the model, which is no layer of its own graph."""


@dataclass(frozen=True, slots=True)
class Object:
    """One object that Keras saves by itself."""

    key: Key
    label: str
    """Names or kinds from the model inwards; "" is the model."""
    kind: str
    arrays: tuple[Array, ...] | None
    """What it stores, in order; `None` when not known."""
    lenient: bool = False
    """It does not look at how many arrays there are."""
    total: int | None = None
    """Where `arrays` is `None`: scalars in them; of an opaque object, also in all that is in it. `None`: not known."""
    opaque: bool = False
    """What is in it is not known either."""
    foreign: bool = False
    """Its class is not one of Keras: what is in it may be anything."""
    as_saved: bool = False
    """It was read from a file, which does not say what other ways lead to it."""


@dataclass(frozen=True, slots=True)
class Objects:
    """All objects of a model, and what is where."""

    by_key: Mapping[Key, Object]
    parts: Mapping[Key, tuple[tuple[str, Key], ...]]
    """The objects in an object, by path, in the order in which Keras visits them."""
    root: Key = (MODEL, "")


def objects_of(graph: ModelGraph) -> Objects:
    """Return the objects of a model, the model itself first."""
    reader = _Reader()
    reader.model(graph, (MODEL, ""), "")
    return Objects(reader.objects, reader.parts)


def extended(before: ModelGraph, after: ModelGraph, mapping: Mapping[int, int]) -> dict[int, int]:
    """Return the mapping of layers, extended to parts that are no layers of a graph: those at the same attributes."""
    pairs = {MODEL: MODEL, **mapping}
    taken = set(pairs.values())
    old, new = _saveables(before), _saveables(after)
    waiting = [owner for owner in new if owner in pairs]
    seen = set(waiting)
    while waiting:
        owner = waiting.pop()
        mine, theirs = new.get(owner), old.get(pairs[owner])
        if mine is None or theirs is None:
            continue
        places = dict(theirs.parts)
        for path, part in mine.parts:
            there = places.get(path)
            if part not in pairs and there is not None and there not in taken:
                pairs[part] = there
                taken.add(there)
            if part in pairs and part not in seen:
                seen.add(part)
                waiting.append(part)
    return pairs


def _saveables(graph: ModelGraph) -> dict[int, Saveable]:
    """What readers say of how objects are stored, by id; the model's under `MODEL`."""
    found: dict[int, Saveable] = {}
    for number, one in enumerate(graph.saveables or ()):
        found.setdefault(one.id if number else MODEL, one)
    for layer in _tree(graph):
        for one in layer.saveables or ():
            found.setdefault(one.id, one)
    return found


def _tree(graph: ModelGraph) -> Iterable[Layer]:
    waiting, seen = [graph], set[int]()
    while waiting:
        for layer in waiting.pop().layers:
            if layer.id not in seen:
                seen.add(layer.id)
                yield layer
                if layer.graph is not None:
                    waiting.append(layer.graph)


class _Reader:
    def __init__(self) -> None:
        self.objects: dict[Key, Object] = {}
        self.parts: dict[Key, tuple[tuple[str, Key], ...]] = {}

    def model(self, graph: ModelGraph, key: Key, label: str) -> None:
        """Add a model and what is in it."""
        if graph.saveables is not None:
            self._saveables(graph.saveables, label, root=key, kind=graph.kind, inner=graph)
        elif graph.how in {How.DECLARED, How.UNBUILT}:
            own = () if graph.own_params == 0 else None
            self._add(Object(key, label, graph.kind, own, total=graph.own_params))
            self.parts[key] = self._container(graph, label)
        else:
            self._opaque(key, label, graph.kind, graph.params, foreign=True)

    def _opaque(self, key: Key, label: str, kind: str, total: int | None, *, foreign: bool) -> None:
        """Add what is not known inside; without weights there is nothing to know."""
        known = total == 0
        self._add(Object(key, label, kind, () if known else None, total=total, opaque=not known, foreign=foreign))

    def _add(self, found: Object) -> None:
        self.objects[found.key] = found
        self.parts.setdefault(found.key, ())

    def _container(self, graph: ModelGraph, label: str) -> tuple[tuple[str, Key], ...]:
        names = container_names([layer.kind for layer in graph.layers])
        return tuple(
            (f"layers/{name}", self.layer(layer, label)) for name, layer in zip(names, graph.layers, strict=True)
        )

    def layer(self, layer: Layer, where: str) -> Key:
        """Add a layer and what is in it, unless it is there already."""
        key = (layer.id, "")
        if key in self.objects:
            return key
        label = _inside(where, layer.name or layer.kind)
        if layer.saveables is not None:
            self._saveables(layer.saveables, label, root=key, kind=layer.kind, inner=layer.graph)
            return key
        is_model = layer.module == "keras.models" or (layer.graph is not None and layer.graph.how is How.DECLARED)
        if layer.graph is not None and is_model and layer.module != "keras.layers":
            self.model(layer.graph, key, label)
            return key
        whole = _whole(layer)
        if whole is None or not _is_known(whole):
            self._opaque(key, label, layer.kind, layer.params, foreign=layer.module != "keras.layers")
        else:
            self._whole(whole, layer, key, label)
        return key

    def _whole(self, whole: Whole, layer: Layer, key: Key, label: str) -> None:
        if whole.is_model:
            if layer.graph is not None:
                self.model(layer.graph, key, label)
            else:
                self._opaque(key, label, whole.kind, layer.params, foreign=False)
            return
        self._add(Object(key, label, whole.kind, whole.arrays, whole.lenient))
        parts: list[tuple[str, Key]] = []
        for part in whole.parts:
            path = part.path if not key[1] else f"{key[1]}/{part.path}"
            self._whole(part.whole, layer, (layer.id, path), _inside(label, part.path))
            parts.append((part.path, (layer.id, path)))
        self.parts[key] = tuple(parts)

    def _saveables(
        self, found: tuple[Saveable, ...], label: str, *, root: Key, kind: str, inner: ModelGraph | None
    ) -> None:
        """Add what a reader says."""
        names = {layer.id: layer.name or layer.kind for layer in (() if inner is None else _tree(inner))}
        by_id = {one.id: one for one in found}
        keys = {one.id: (one.id, "") for one in found}
        keys[found[0].id] = root
        waiting = [(found[0].id, label)]
        while waiting:
            number, here = waiting.pop()
            one = by_id[number]
            if keys[number] in self.objects:
                continue
            arrays = None if one.weights is None else arrays_of(keys[number][0], one.weights)
            whole = stored_by(one.kind, arrays)
            named = kind if one is found[0] else one.kind or "Layer"
            self._add(Object(keys[number], here, named, whole.arrays, whole.lenient, as_saved=not one.kind))
            self.parts[keys[number]] = tuple((path, keys[part]) for path, part in one.parts)
            waiting += [(part, _inside(here, names.get(part) or path)) for path, part in reversed(one.parts)]


def _inside(where: str, name: str) -> str:
    return f"{where}/{name}" if where else name


def _is_known(whole: Whole) -> bool:
    """Whether all arrays are known; those of a lookup never are, and it does not mind."""
    return (whole.arrays is not None or whole.lenient) and all(_is_known(part.whole) for part in whole.parts)


def _whole(layer: Layer) -> Whole | None:
    """How a layer of Keras is stored; `None` for others, and where a setting that matters is not known."""
    if layer.module != "keras.layers" or layer.settings is None:
        return None if layer.module != "keras.layers" or layer.params != 0 else Whole(layer.kind)
    arrays = None if layer.weights is None else arrays_of(layer.id, layer.weights)
    if arrays is None and layer.params == 0:
        arrays = ()
    return split(layer.kind, dict(layer.settings), arrays)
