"""Call a model and leave no trace in it: whatever happens inside `guarded`, model and Keras are as before on leaving.

Not for several threads at once: a lock lets one thread in at a time, the functions of Keras that are replaced meanwhile
behave as always for the others, but what other threads do to the same model in the meantime is undone with the rest.
What a `call` does to the world outside of the model (files, globals of its module) happens.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from threading import RLock
from typing import Any, Final

from keras_ascii_tools.read.tracing.loaded import attributes_of, backend, is_keras_tensor, keras_class, shape_of
from keras_ascii_tools.read.tracing.nested import leaves
from keras_ascii_tools.read.tracing.patching import patched
from keras_ascii_tools.read.tracing.snapshot import Snapshot
from keras_ascii_tools.read.tracing.world import kept_world

__all__ = ["guarded"]

_LOCK: Final = RLock()
_LARGEST_READ: Final = 1 << 25
_ALL_READS: Final = 200_000_000
"""Scalars of weights without a value that may be made up, for one read and for all reads together."""


@contextmanager
def guarded(*roots: Any) -> Generator[None]:
    """Leave these layers and Keras as found, also when the body raises.

    Weights that are created inside have no values and take no memory; losses and metrics are not computed. Guards can
    be nested: each goes back to where it was entered.
    """
    with _LOCK, kept_world(), ExitStack() as stack:
        snapshot = Snapshot()
        stack.callback(_restore, snapshot)
        snapshot.add(*roots)
        for owner, name, make in _patches(snapshot):
            stack.enter_context(patched(owner, name, make))
        stack.enter_context(_no_large_reads())
        _stop_metrics(snapshot)
        stack.enter_context(keras_class("StatelessScope")(initialize_variables=False))
        yield


def _restore(snapshot: Snapshot) -> None:
    try:
        snapshot.restore()
    except BaseException:  # an interrupt in the middle: what is done twice is done
        snapshot.restore()
        raise


_BINARY: Final = tuple(
    f"__{name}__"
    for name in (
        "add",
        "sub",
        "mul",
        "truediv",
        "floordiv",
        "mod",
        "matmul",
        "lt",
        "le",
        "gt",
        "ge",
        "and",
        "or",
        "xor",
    )
)

Patch = tuple[Any, str, Callable[[Callable[..., Any]], Callable[..., Any]]]


def _patches(snapshot: Snapshot) -> list[Patch]:
    """The functions of Keras to replace."""
    return [
        (keras_class("Layer"), "__call__", lambda call: _protecting(call, snapshot)),
        (keras_class("Layer"), "add_loss", lambda _: _nothing),
        (keras_class("Node"), "__init__", lambda init: _protecting_node(init, snapshot)),
        (keras_class("Variable"), "__init__", _deferring),
        (keras_class("Variable"), "assign", _assigning),
        *((keras_class("Variable"), name, _yielding) for name in _BINARY),
    ]


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    """Stand in for a function that has an effect only."""


def _protecting(call: Callable[..., Any], snapshot: Snapshot) -> Callable[..., Any]:
    """Layers that no attribute leads to are remembered when they are called."""

    def protecting(self: Any, *args: Any, **kwargs: Any) -> Any:
        snapshot.add(self)
        return call(self, *args, **kwargs)

    return protecting


def _protecting_node(init: Callable[..., None], snapshot: Snapshot) -> Callable[..., None]:
    """A node enters itself in its operation and in those that made its arguments, which may be anybody's."""

    def protecting(
        self: Any, operation: Any, call_args: Any = None, call_kwargs: Any = None, outputs: Any = None
    ) -> None:
        snapshot.add(operation)
        for leaf in leaves((call_args, call_kwargs)):
            if is_keras_tensor(leaf):
                snapshot.add(getattr(getattr(leaf, "_keras_history", None), "operation", None))
        init(self, operation, call_args, call_kwargs, outputs)

    return protecting


def _deferring(init: Callable[..., None]) -> Callable[..., None]:
    """A variable made from an array cannot exist without its value; made from a function that returns it, it can."""

    def deferring(self: Any, initializer: Any, shape: Any = None, dtype: Any = None, *args: Any, **kwargs: Any) -> None:
        if not callable(initializer) and not isinstance(initializer, str):
            array = initializer if shape_of(initializer) is not None else backend().convert_to_tensor(initializer)
            shape, dtype, initializer = shape_of(array), dtype or array.dtype, _returning(array)
        init(self, initializer, shape, dtype, *args, **kwargs)

    return deferring


def _returning(array: Any) -> Callable[..., Any]:
    def initializer(_shape: Any, dtype: Any = None) -> Any:
        return backend().convert_to_tensor(array, dtype=dtype)

    return initializer


def _assigning(assign: Callable[..., Any]) -> Callable[..., Any]:
    """A symbolic tensor is no value to assign; with values, the stateless scope takes the assignment."""

    def assigned(self: Any, value: Any) -> Any:
        return value if is_keras_tensor(value) else assign(self, value)

    return assigned


def _yielding(operator: Callable[..., Any]) -> Callable[..., Any]:
    """`weight * symbol`: Python then asks the symbol, which knows weights, while weights do not know symbols."""

    def yielding(self: Any, other: Any) -> Any:
        return NotImplemented if is_keras_tensor(other) else operator(self, other)

    return yielding


def _stop_metrics(snapshot: Snapshot) -> None:
    for metric in snapshot.found(keras_class("Metric")):
        attributes_of(metric)["update_state"] = _nothing


@contextmanager
def _no_large_reads() -> Generator[None]:
    """Refuse to make up values for weights that have none, where this takes too much memory.

    Keras runs the initializer each time such a weight is read, which costs nothing in a graph and all of it elsewhere.
    """
    variable = keras_class("Variable")
    value = attributes_of(variable).get("value")
    in_graph = getattr(sys.modules.get("keras.src.backend.common.symbolic_scope"), "in_symbolic_scope", None)
    if not isinstance(value, property) or value.fget is None or in_graph is None:
        yield
        return
    get, total = value.fget, 0

    def limited(self: Any) -> Any:
        nonlocal total
        if getattr(self, "_value", None) is None and not in_graph():
            size = _size(self)
            total += size
            if size > _LARGEST_READ or total > _ALL_READS:
                raise MemoryError(f"the weight {self.name} has no value and {size:,} elements, too many to make up")
        return get(self)

    variable.value = property(limited, value.fset, value.fdel, value.__doc__)
    try:
        yield
    finally:
        variable.value = value


def _size(variable: Any) -> int:
    size = 1
    for axis in shape_of(variable) or ():
        size *= axis or 1
    return size
