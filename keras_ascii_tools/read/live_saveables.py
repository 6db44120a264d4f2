"""What Keras 3 saves of a live layer from outside Keras, and at which attributes. Reads, calls nothing of the layer's.

Follows `keras.src.saving.saving_lib`, which visits every attribute in order of its name and asks each property. Here
a property of a user's class is asked only by looking at what it returns: an attribute, or else it is passed over.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, cast

from keras_ascii_tools.graph import Saveable, Weight
from keras_ascii_tools.names import snake_case

__all__ = ["saveables_of"]

Class: TypeAlias = type[Any]

_FIRST = ("Functional", "Sequential")
# What every layer has, what holds only what is in `layers` too, and what a model decides when it is first asked.
_PASSED_OVER = frozenset(
    {"_functional", "_layers", "_metrics", "_nodes_by_depth", "_operations", "_operations_by_depth", "jit_compile"}
)


def saveables_of(
    owner: Any, new_id: Callable[[Any], int], weights_of: Callable[[Iterable[Any]], tuple[Weight, ...]]
) -> tuple[Saveable, ...]:
    """Return a layer and all in it that Keras saves, the layer itself first.

    Args:
        owner: The layer.
        new_id: Gives an object its id.
        weights_of: Describes variables.
    """
    found: dict[int, Saveable] = {}
    waiting = [owner]
    while waiting:
        one = waiting.pop()
        number = new_id(one)
        if number in found:
            continue
        parts = list(_parts(one))
        found[number] = Saveable(
            number,
            _keras_class(one).__name__,
            _own(one, weights_of),
            tuple((path, new_id(part)) for path, part in parts),
        )
        waiting += [part for _, part in reversed(parts)]
    return tuple(found.values())


def _layer_class() -> Class:
    layer: Class = sys.modules["keras"].layers.Layer
    return layer


def _keras_class(one: Any) -> Class:
    return next(cls for cls in _parents(one) if _is_keras(cls))


def _parents(one: Any) -> tuple[Class, ...]:
    cls: Class = one.__class__
    return cls.__mro__


def _is_keras(cls: Class) -> bool:
    return cls.__module__ == "keras" or cls.__module__.startswith(("keras.src.", "keras.layers", "keras.models"))


def _own(one: Any, weights_of: Callable[[Iterable[Any]], tuple[Weight, ...]]) -> tuple[Weight, ...] | None:
    """Its own arrays in the order in which Keras has them; `None` if its class stores them in a way of its own."""
    for method in ("save_own_variables", "load_own_variables"):
        owner = next((cls for cls in _parents(one) if method in vars(cls)), None)
        if owner is None or not _is_keras(owner) or owner.__name__ in {"TorchModuleWrapper", "FeatureSpace"}:
            return None
        if owner.__name__ in {"IndexLookup", "TextVectorization"}:
            return None if getattr(one, "output_mode", None) == "tf_idf" else ()
    trained = getattr(one, "_trainable_variables", ())
    return weights_of([*trained, *getattr(one, "_non_trainable_variables", ())])


def _parts(one: Any) -> Iterator[tuple[str, Any]]:
    """The layers in an object, by attributes and lists, in the order in which Keras visits them."""
    kind = one._obj_type() if hasattr(one, "_obj_type") else "Layer"
    if kind in _FIRST:
        yield from _items("layers", one.layers, set())
    for name, value in _attributes(one):
        if isinstance(value, _layer_class()):
            yield name, value
        elif isinstance(value, list | dict | tuple):
            yield from _items(name, value, set())


def _attributes(one: Any) -> Iterator[tuple[str, Any]]:
    """Attributes that may lead to layers; what every layer has is passed over, private ones come last."""
    mine: dict[str, Any] = one.__dict__
    cls: Class = one.__class__
    of_class: dict[str, Any] = _of_class(cast(Hashable, cls))
    names = {name for name in mine if not name.startswith(("__", "_self_"))} | set(of_class)
    for name in sorted(names - _names_in(cast(Hashable, _layer_class())) - _PASSED_OVER, key=_place):
        if name in mine:
            yield name, mine[name]
            continue
        source = of_class[name]
        if isinstance(source, _Alias):
            yield name, mine.get(source.name)
        elif isinstance(source, property):
            try:
                yield name, getattr(one, name)
            except Exception:  # Keras passes over it too
                continue
        else:
            yield name, source


def _place(name: str) -> str:
    return f"~{name}" if name.startswith("_") else name


@lru_cache(maxsize=4)
def _names_in(cls: Class) -> frozenset[str]:
    return frozenset(dir(cls))


@dataclass(frozen=True, slots=True)
class _Alias:
    """A property that returns an attribute."""

    name: str


@lru_cache(maxsize=512)
def _of_class(cls: Class) -> dict[str, Any]:
    """What a class has that may lead to a layer: properties that are safe to ask, and values."""
    found: dict[str, Any] = {}
    for parent in reversed(cls.__mro__):
        for name, value in vars(parent).items():
            if not name.startswith("__"):
                safe = not isinstance(value, property) or _is_keras(parent)
                found[name] = value if safe else _returned(value)
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, (_Alias, property, list, dict, tuple, _layer_class()))
    }


def _returned(value: property) -> _Alias | None:
    """The attribute that a property returns, if that is all it does."""
    code = getattr(value.fget, "__code__", None)
    if code is None or len(code.co_names) != 1:
        return None
    steps = [step.opname for step in dis.get_instructions(code)]
    plain = {"RESUME", "NOP", "LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_ATTR", "RETURN_VALUE"}
    return _Alias(code.co_names[0]) if set(steps) <= plain and steps.count("LOAD_ATTR") == 1 else None


def _items(path: str, container: Any, seen: set[int]) -> Iterator[tuple[str, Any]]:
    if id(container) in seen:
        return
    seen.add(id(container))
    counts: dict[str, int] = {}
    items: Iterable[Any] = list(container.values()) if hasattr(container, "values") else container
    for item in items:
        if isinstance(item, _layer_class()):
            yield f"{path}/{_numbered(snake_case(item.__class__.__name__), counts)}", item
        elif isinstance(item, list | dict | tuple):
            yield from _items(f"{path}/{_numbered('container', counts)}", item, seen)


def _numbered(name: str, counts: dict[str, int]) -> str:
    number = counts.get(name, 0)
    counts[name] = number + 1
    return f"{name}_{number}" if number else name
