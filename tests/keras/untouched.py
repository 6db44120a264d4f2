"""Has anything changed? A picture of models and of all that Keras keeps outside of them, to compare with a later one.

    with untouched(model):
        draw(model)

Looks at more than the product knows how to restore, in another way: every object that can be reached from the models,
Keras' global state, its modules and classes (patches that stayed), random states, and some settings of Python and
TensorFlow.
"""

from __future__ import annotations

import hashlib
import random
import sys
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

__all__ = ["Picture", "untouched"]

_SCALARS = (int, float, complex, str, bytes, bool, type(None))
_LEAVES = (*_SCALARS, CodeType, BuiltinFunctionType)
_FOREIGN = ("tensorflow", "jax", "jaxlib", "numpy", "optree", "google", "ml_dtypes", "h5py")


@contextmanager
def untouched(*models: Any) -> Iterator[None]:
    """Fail if the body changes anything, also if it raises."""
    before = Picture(*models)
    try:
        yield
    finally:
        changes = before.changes()
        assert not changes, "\n".join(["changed:", *changes[:40]])


class Picture:
    """What everything looked like at one moment. Keeps all objects alive, so that an `id` means one object."""

    def __init__(self, *models: Any) -> None:
        self._known: dict[int, tuple[str, Any, Any]] = {}
        self._world = _world()
        for number, model in enumerate(models):
            self._take(model, f"model{number}" if number else "model")
        self._take(vars(_global_state().GLOBAL_STATE_TRACKER), "GLOBAL_STATE")
        self._take(vars(_global_state().GLOBAL_SETTINGS_TRACKER), "GLOBAL_SETTINGS")

    def changes(self) -> list[str]:
        """Return a line for each thing that is not as it was."""
        found = []
        for path, item, looks in self._known.values():
            now = _looks(item)
            if now != looks:
                found.append(f"{path} ({type(item).__name__}): {_difference(looks, now)}")
        world = _world()
        for key, value in self._world.items():
            if world.get(key) != value:
                found.append(f"{key}: {_difference(value, world.get(key))}")
        return found

    def _take(self, root: Any, path: str) -> None:
        pending = deque([(path, root)])
        while pending:
            path, item = pending.popleft()
            if isinstance(item, _LEAVES) or id(item) in self._known:
                continue
            self._known[id(item)] = (path, item, _looks(item))
            pending.extend((f"{path}{step}", child) for step, child in _children(item))


def _global_state() -> Any:
    return sys.modules["keras.src.backend.common.global_state"]


def _is_foreign(item: Any) -> bool:
    kind = item if isinstance(item, type) else type(item)
    return kind.__module__.partition(".")[0] in _FOREIGN


def _children(item: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(item, ModuleType) or (isinstance(item, type) and item.__module__.partition(".")[0] != "tests"):
        return
    if isinstance(item, type):
        yield from ((f".{key}", value) for key, value in vars(item).items())
    elif isinstance(item, Mapping):
        yield from ((f"[{key!r:.40}]", value) for key, value in item.items())
    elif isinstance(item, (list, tuple, set, frozenset, deque)):
        yield from ((f"[{number}]", value) for number, value in enumerate(item))
    elif isinstance(item, MethodType):
        yield ".__self__", item.__self__
        yield ".__func__", item.__func__
    elif isinstance(item, FunctionType):
        yield from ((f".<{number}>", cell) for number, cell in enumerate(_cells(item)))
        yield ".__dict__", vars(item)
    if not _is_foreign(item):
        yield "", type(item)
        if isinstance(getattr(item, "__dict__", None), dict):
            yield "", item.__dict__


def _cells(function: FunctionType) -> list[Any]:
    found = []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            found.append(None)
    return found


def _looks(item: Any) -> Any:
    """What is compared: the contents, each by identity, and the values of arrays and variables."""
    if isinstance(item, type):
        # Python itself keeps a register there.
        skipped = {"_abc_impl", "__weakref__", "__abstractmethods__", "__annotations__", "__slotnames__"}
        return tuple((key, id(value)) for key, value in vars(item).items() if key not in skipped)
    if isinstance(item, Mapping):
        return [(_short(key), _short(value)) for key, value in item.items()]
    if isinstance(item, (list, tuple, deque)):
        return [_short(value) for value in item]
    if isinstance(item, (set, frozenset)):
        return {_short(value) for value in item}
    if isinstance(item, FunctionType):
        return [_short(cell) for cell in _cells(item)]
    if isinstance(item, random.Random):
        return item.getstate()
    return _state(item), _value(item)


def _short(value: Any) -> Any:
    return (type(value).__name__, value) if isinstance(value, _SCALARS) else (type(value).__name__, id(value))


def _state(item: Any) -> Any:
    if hasattr(item, "bit_generator"):
        return repr(item.bit_generator.state)
    if type(item).__name__ == "RandomState":
        return repr(item.get_state())
    return None


def _value(item: Any) -> Any:
    """The bytes of anything that has values: variables of Keras and of TensorFlow, tensors, arrays."""
    if not (hasattr(item, "numpy") or hasattr(item, "__array__")) or isinstance(item, type):
        return None
    if hasattr(item, "_initializer") and getattr(item, "_value", None) is None:
        return "no value"
    import numpy

    try:
        array = numpy.asarray(item.numpy() if hasattr(item, "numpy") else item)
    except Exception as error:  # symbolic
        return type(error).__name__
    content = array.tobytes() if array.dtype != object else repr(array.tolist()).encode()
    return array.dtype.str, array.shape, hashlib.sha256(content).hexdigest()


def _world() -> dict[str, Any]:
    """Everything outside of models and of Keras' state that a trace could move."""
    import numpy

    found: dict[str, Any] = {
        "random": random.getstate(),
        "numpy.random": repr(numpy.random.get_state()),
        "warnings.filters": [id(one) for one in warnings.filters],
        "sys.stdout": id(sys.stdout),
        "sys.stderr": id(sys.stderr),
        "recursion limit": sys.getrecursionlimit(),
    }
    for name, module in list(sys.modules.items()):
        if name == "keras" or name.startswith("keras."):
            # Modules that Keras imports when it first needs them appear as attributes.
            found |= {f"{name}.{key}": id(v) for key, v in vars(module).items() if not isinstance(v, ModuleType)}
    for kind in _keras_classes():
        found |= {f"{kind.__qualname__}.{key}": id(v) for key, v in vars(kind).items() if key != "_abc_impl"}
    return found | _tensorflow()


def _keras_classes() -> list[type]:
    import keras

    roots = [keras.Layer, keras.Model, keras.Operation, keras.Variable, keras.Metric, keras.KerasTensor]
    node = sys.modules["keras.src.ops.node"].Node
    kinds = {kind for root in [*roots, node, keras.Sequential] for kind in root.__mro__}
    return sorted((k for k in kinds if k.__module__.startswith("keras.")), key=lambda k: k.__qualname__)


def _tensorflow() -> dict[str, Any]:
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return {}
    context = sys.modules["tensorflow.python.eager.context"].context()
    return {
        "tensorflow functions run eagerly": tensorflow.config.functions_run_eagerly(),
        "tensorflow executes eagerly": tensorflow.executing_eagerly(),
        "tensorflow seeds": context._rng.getstate() if getattr(context, "_rng", None) else None,
        "tensorflow scope": context.scope_name,
    }


def _difference(before: Any, after: Any) -> str:
    if isinstance(before, list) and isinstance(after, list) and (gone := [x for x in before if x not in after]):
        return f"gone {gone[:5]}, new {[x for x in after if x not in before][:5]}"[:300]
    if isinstance(before, list) and isinstance(after, list):
        return f"new {[x for x in after if x not in before][:5]}, {len(before)} -> {len(after)} items"[:300]
    return f"{before!r:.120} -> {after!r:.120}"
