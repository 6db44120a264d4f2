"""Remember what objects hold and put it back in place. Knows Keras only as objects with attributes.

What is remembered: the `__dict__` of every object that can be reached, and the lists, dicts, sets, deques and small
arrays in them, each restored in place, so that whoever else holds one sees it restored too. Not: objects of TensorFlow,
JAX, PyTorch, NumPy and the standard library, closures, class attributes, module globals.
"""

from __future__ import annotations

import random
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any, Final

from keras_ascii_tools.read.tracing.loaded import attributes_of, keras_class

__all__ = ["Snapshot"]

_PLAIN: Final = (int, float, complex, str, bytes, bool, type(None), type, FunctionType, BuiltinFunctionType, MethodType)
_FOREIGN: Final = frozenset({"jax", "jaxlib", "numpy", "tensorflow", "torch"})
_LARGEST_ARRAY: Final = 1 << 20
"""Bytes. A larger array that is changed in place by a `call` stays changed."""


class Snapshot:
    """What objects held when they were first added."""

    def __init__(self) -> None:
        self._seen: dict[int, Any] = {}
        self._undo: list[Callable[[], None]] = []
        self._leaf_types = (*_PLAIN, ModuleType, keras_class("KerasTensor"), keras_class("Node"))

    def add(self, *roots: Any) -> None:
        """Remember objects and all that can be reached from them; those already known stay as first remembered."""
        pending: list[Any] = list(roots)
        while pending:
            item = pending.pop()
            if isinstance(item, self._leaf_types) or id(item) in self._seen:
                continue
            self._seen[id(item)] = item
            pending.extend(self._remember(item))

    def found(self, kind: Any) -> list[Any]:
        """Return all objects of a class among those remembered."""
        return [item for item in self._seen.values() if isinstance(item, kind)]

    def restore(self) -> None:
        """Put everything back; doing it again does no harm."""
        for undo in self._undo:
            undo()

    def _remember(self, item: Any) -> Iterable[Any]:
        """Remember one object; return what it holds."""
        if _is_wrapper(item):
            return self._remember_wrapper(item)
        kind = _class_of(item)
        if issubclass(kind, (tuple, frozenset)):
            return tuple(item)
        if issubclass(kind, dict):
            return self._remember_dict(item)
        if issubclass(kind, (list, set, deque)):
            return self._remember_items(item)
        if _is_foreign(kind):
            self._remember_foreign(item)
            return ()
        return self._remember_object(item)

    def _remember_dict(self, item: dict[Any, Any]) -> Iterable[Any]:
        saved = dict(item)
        self._undo.append(lambda: _restore_dict(item, saved))
        return [*saved.keys(), *saved.values()]

    def _remember_items(self, item: Any) -> Iterable[Any]:
        saved: list[Any] = [*item]
        self._undo.append(lambda: _restore_items(item, saved))
        return saved

    def _remember_object(self, item: Any) -> Iterable[Any]:
        attributes: Any = getattr(item, "__dict__", None)
        if not isinstance(attributes, dict):
            return ()
        held = self._remember_dict(attributes_of(item))
        # Behind a Keras variable stands the backend's, whose value the stateless scope protects.
        return () if isinstance(item, keras_class("Variable")) else held

    def _remember_wrapper(self, item: Any) -> Iterable[Any]:
        """TensorFlow puts lists and dicts that are set as attributes into objects of its own, which look like these."""
        held = self._remember_dict(object.__getattribute__(item, "__dict__"))
        return [*held, getattr(item, "__wrapped__", None)]

    def _remember_foreign(self, item: Any) -> None:
        undo = _undo_random(item) or _undo_array(item) or _undo_variable(item)
        if undo is not None:
            self._undo.append(undo)


def _class_of(item: object) -> Any:
    """The class itself, not what a proxy says it is."""
    return type(item)


def _is_wrapper(item: Any) -> bool:
    return type(item).__module__ == "tensorflow.python.trackable.data_structures"


def _is_foreign(kind: type) -> bool:
    if kind is SimpleNamespace or issubclass(kind, keras_class("Variable")):
        return False
    root = kind.__module__.partition(".")[0]
    return root in _FOREIGN or root in sys.stdlib_module_names


def _restore_dict(item: dict[Any, Any], saved: dict[Any, Any]) -> None:
    if len(item) == len(saved) and all(
        a is c and b is d for (a, b), (c, d) in zip(item.items(), saved.items(), strict=True)
    ):
        return
    # The class's own methods would track what is put back as if it were new.
    kind: Any = OrderedDict if isinstance(item, OrderedDict) else dict
    kind.clear(item)
    for key, value in saved.items():
        kind.__setitem__(item, key, value)


def _restore_items(item: Any, saved: list[Any]) -> None:
    if len(item) == len(saved) and all(a is b for a, b in zip(item, saved, strict=True)):
        return
    kind: Any = next(kind for kind in (list, set, deque) if issubclass(_class_of(item), kind))
    kind.clear(item)
    extend: Any = getattr(kind, "extend", None) or kind.update
    extend(item, saved)


def _undo_random(item: Any) -> Callable[[], None] | None:
    if isinstance(item, random.Random):
        state = item.getstate()
        return lambda: item.setstate(state)
    generator = getattr(item, "bit_generator", None)
    if generator is not None:
        saved = generator.state
        return lambda: setattr(generator, "state", saved)
    if type(item).__name__ == "RandomState":
        legacy = item.get_state()
        return lambda: item.set_state(legacy)
    return None


def _undo_array(item: Any) -> Callable[[], None] | None:
    if type(item).__name__ != "ndarray" or item.nbytes > _LARGEST_ARRAY or not item.flags.writeable:
        return None
    saved = item.copy()
    return lambda: item.__setitem__(..., saved)


def _undo_variable(item: Any) -> Callable[[], None] | None:
    """A TensorFlow variable that a person made: its value, which shares memory with the variable until one changes."""
    if not (hasattr(item, "read_value") and hasattr(item, "assign")):
        return None
    saved = item.read_value()
    return lambda: item.assign(saved)
