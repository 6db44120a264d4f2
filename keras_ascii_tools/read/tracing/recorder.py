"""Listen to the calls of layers and operations while a target's `call` runs. Does not know how it was made to run.

    outside -> the target's __call__ (SHELL) -> its `call` (OPEN) -> a layer's __call__ (SHELL) -> its `call` (CLOSED)

What is called in the open is a direct call. What is called in a shell, Keras called by itself: casts and masks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from enum import Enum, auto
from typing import Any, Final

from keras_ascii_tools.graph.types import Shape
from keras_ascii_tools.read.tracing.loaded import (
    attributes_of,
    dtype_of,
    is_array,
    is_backend_tensor,
    is_keras_layer,
    is_keras_tensor,
    keras_class,
    shape_of,
)
from keras_ascii_tools.read.tracing.nested import leaves, rebuilt, same_but_batch
from keras_ascii_tools.read.tracing.patching import patched
from keras_ascii_tools.read.tracing.records import RecordedCall, Tensor
from keras_ascii_tools.read.tracing.tensors import Tensors

__all__ = ["Finished", "Misread", "Recorder"]

_READS: Final = {
    "Embedding": "int32",
    "ReversibleEmbedding": "int32",
    "IntegerLookup": "int64",
    "StringLookup": "string",
    "TextVectorization": "string",
}
"""Layers that take floats as well, but are never meant to."""


class Finished(BaseException):
    """The target's `call` has returned: nothing that Keras does after it is of interest."""


class Misread(BaseException):
    """An input that was taken as floats is read as something else; not an `Exception`, which Keras might catch."""

    def __init__(self, shape: Shape, dtype: str) -> None:
        super().__init__(f"floats of shape {shape} are read as {dtype}")
        self.shape = shape
        self.dtype = dtype


class _Where(Enum):
    OUTSIDE = auto()
    SHELL = auto()
    OPEN = auto()
    CLOSED = auto()


class Recorder:
    """The calls made directly in one run of `target.call`."""

    def __init__(self, target: Any, tensors: Tensors, floats: tuple[Shape, ...]) -> None:
        self.calls: list[RecordedCall] = []
        self.outputs: Any = None
        self.finished = False
        self._floats = floats
        self._target = target
        self._tensors = tensors
        self._where = _Where.OUTSIDE
        self._noted: tuple[Any, dict[str, Any]] | None = None

    @contextmanager
    def listening(self) -> Generator[None]:
        """Replace Keras' functions for calling layers and operations."""
        with ExitStack() as stack:
            for owner, name, make in self._patches():
                stack.enter_context(patched(owner, name, make))
            stack.enter_context(self._attached("call", self._calling_target))
            stack.enter_context(self._attached("_maybe_build", self._building))
            yield

    @contextmanager
    def _attached(self, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Generator[None]:
        """Replace a method of the target alone."""
        attributes, method = attributes_of(self._target), getattr(self._target, name, None)
        if method is None or name in attributes:
            yield
            return
        attributes[name] = make(method)
        try:
            yield
        finally:
            attributes.pop(name, None)

    def _patches(self) -> list[tuple[Any, str, Callable[[Callable[..., Any]], Callable[..., Any]]]]:
        layer, operation = keras_class("Layer"), keras_class("Operation")
        return [
            (layer, "__call__", self._calling_layer),
            (layer, "symbolic_call", self._symbolic),
            (operation, "symbolic_call", self._symbolic),
            (operation, "__call__", self._calling_operation),
            (keras_class("Node"), "__init__", self._noting),
            (keras_class("GetItem"), "compute_output_spec", _slicing),
            *((module, "any_symbolic_tensors", self._any_symbolic) for module in self._modules()),
        ]

    def _modules(self) -> list[Any]:
        return [] if self._tensors.symbolic else _modules_of_operations()

    @contextmanager
    def _at(self, where: _Where) -> Generator[None]:
        before = self._where
        self._where = where
        try:
            yield
        finally:
            self._where = before

    # The target

    def _building(self, build: Callable[..., Any]) -> Callable[..., Any]:
        """Building may run `call`; that run does not count."""

        def _maybe_build(*args: Any, **kwargs: Any) -> Any:
            with self._at(_Where.CLOSED):
                return build(*args, **kwargs)

        return _maybe_build

    def _calling_target(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def target_call(*args: Any, **kwargs: Any) -> Any:
            if self._where is not _Where.SHELL or self.finished:
                return call(*args, **kwargs)
            with self._at(_Where.OPEN):
                outputs = call(*args, **kwargs)
            self.outputs = rebuilt(outputs, self._resolve)
            self.finished = True
            raise Finished

        return target_call

    # Layers

    def _calling_layer(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def calling(layer: Any, *args: Any, **kwargs: Any) -> Any:
            self._look_for_readers(layer, args)
            if self._where is _Where.OPEN:
                return self._call_in_the_open(original, layer, args, kwargs)
            outer = self._where is _Where.OUTSIDE and layer is self._target
            with self._at(_Where.SHELL if outer else _Where.CLOSED):
                return original(layer, *args, **kwargs)

        return calling

    def _call_in_the_open(self, original: Callable[..., Any], layer: Any, args: Any, kwargs: Any) -> Any:
        passed = dict(kwargs)
        self._noted = None
        with self._at(_Where.SHELL):
            outputs = self._outputs_of(original, layer, args, kwargs)
        masks = {
            key: value for key, value in self._notes_of(layer).items() if key not in passed and _has_symbols(value)
        }
        return self._add(layer, args, {**passed, **masks}, outputs)

    def _outputs_of(self, original: Callable[..., Any], layer: Any, args: Any, kwargs: Any) -> Any:
        """Call a layer, on symbols even if it was given arrays, where the route has symbols for tensors.

        Otherwise it would compute with values, which its weights may not have, and what is made of its output would
        stay unseen.
        """
        if self._tensors.symbolic and not _has_symbols((args, kwargs)) and any(map(is_array, leaves((args, kwargs)))):
            try:
                return original(layer, *rebuilt(args, _symbol), **rebuilt(kwargs, _symbol))
            except Exception:  # whatever a layer raises on symbols
                pass
        return original(layer, *args, **kwargs)

    def _look_for_readers(self, layer: Any, args: tuple[Any, ...]) -> None:
        dtype = next((_READS[kind.__name__] for kind in type(layer).__mro__ if kind.__name__ in _READS), None)
        if dtype is None or not args or "float" not in (dtype_of(args[0]) or ""):
            return
        shape = shape_of(args[0])
        if shape is not None and any(same_but_batch(shape, other) for other in self._floats):
            raise Misread(shape, dtype)

    # Operations

    def _symbolic(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def symbolic_call(operation: Any, *args: Any, **kwargs: Any) -> Any:
            if operation is self._target and self._where is _Where.SHELL:
                return operation.call(*args, **kwargs)
            if is_keras_layer(operation) or self._where not in (_Where.OPEN, _Where.SHELL):
                with self._at(_Where.CLOSED):
                    return original(operation, *args, **kwargs)
            run = original if _has_symbols((args, kwargs)) else _run
            return self._call_operation(run, operation, args, kwargs)

        return symbolic_call

    def _calling_operation(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def calling(operation: Any, *args: Any, **kwargs: Any) -> Any:
            if is_keras_layer(operation):
                return original(operation, *args, **kwargs)
            if self._where is _Where.OPEN and self._is_live((args, kwargs)):
                return self._call_operation(original, operation, args, kwargs)
            return original(operation, *args, **kwargs)

        return calling

    def _call_operation(self, run: Callable[..., Any], operation: Any, args: Any, kwargs: Any) -> Any:
        implied = self._where is _Where.SHELL or self._is_conversion(operation)
        with self._at(_Where.CLOSED):
            outputs = run(operation, *args, **kwargs)
        return self._add(operation, args, kwargs, outputs, implied=implied)

    def _is_conversion(self, operation: Any) -> bool:
        """Sequential and functional models convert what they are called with before their first layer gets it."""
        declared = hasattr(self._target, "_functional") or hasattr(self._target, "_nodes_by_depth")
        return declared and type(operation).__name__ == "ConvertToTensor"

    def _any_symbolic(self, original: Callable[..., bool]) -> Callable[..., bool]:
        """Make `keras.ops` go through its operations, also on the backend's tensors."""

        def any_symbolic_tensors(args: Any = None, kwargs: Any = None) -> bool:
            return original(args, kwargs) or (self._where is _Where.OPEN and self._is_live((args, kwargs)))

        return any_symbolic_tensors

    def _is_live(self, value: Any) -> bool:
        return not self._tensors.symbolic and any(map(is_backend_tensor, leaves(value)))

    # Records

    def _noting(self, init: Callable[..., None]) -> Callable[..., None]:
        """Keras notes the masks that it passes on by itself in the node it makes of a call."""

        def noting(
            node: Any, operation: Any, call_args: Any = None, call_kwargs: Any = None, outputs: Any = None
        ) -> None:
            if is_keras_layer(operation):
                self._noted = (operation, dict(call_kwargs or {}))
            init(node, operation, call_args, call_kwargs, outputs)

        return noting

    def _notes_of(self, operation: Any) -> dict[str, Any]:
        noted = self._noted
        return noted[1] if noted is not None and noted[0] is operation else {}

    def _resolve(self, leaf: Any) -> Any:
        return self._tensors.resolve(leaf, self.calls.append)

    def _add(self, operation: Any, args: Any, kwargs: Any, outputs: Any, *, implied: bool = False) -> Any:
        """Record a call; return its outputs, each an object of its own even where it is an input passed through."""
        given = rebuilt(args, self._resolve)
        named = {key: rebuilt(value, self._resolve) for key, value in kwargs.items() if value is not None}
        if not is_keras_layer(operation) and not any(isinstance(leaf, Tensor) for leaf in leaves((given, named))):
            return outputs  # computed from constants alone: a constant
        tensors = [leaf for leaf in leaves(outputs) if is_keras_tensor(leaf) or is_backend_tensor(leaf)]
        if any(map(self._tensors.knows, tensors)):
            outputs = rebuilt(outputs, self._tensors.distinct)
            tensors = [leaf for leaf in leaves(outputs) if is_keras_tensor(leaf) or is_backend_tensor(leaf)]
        made = tuple(map(self._tensors.enter, tensors))
        self.calls.append(RecordedCall(operation, given, named, made, implied))
        return outputs


def _slicing(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Keras knows the shape of `x[:2,]` and not of `x[:2]`, nor of `x[None]`."""

    def compute_output_spec(operation: Any, x: Any, key: Any) -> Any:
        return compute(operation, x, key if isinstance(key, (int, tuple, list)) else (key,))

    return compute_output_spec


def _run(operation: Any, *args: Any, **kwargs: Any) -> Any:
    """Compute an operation, now that it has been asked to enter itself in a graph."""
    return operation.call(*args, **kwargs)


def _modules_of_operations() -> list[Any]:
    """The modules of `keras.ops`, each of which has the question whether to build a graph under its own name."""
    names = ("keras.src.activations.activations", "keras.src.backend")
    return [
        module
        for name, module in list(sys.modules.items())
        if (name in names or name.startswith("keras.src.ops.")) and name != "keras.src.ops.operation"
        if "any_symbolic_tensors" in attributes_of(module)
    ]


def _has_symbols(value: Any) -> bool:
    return any(map(is_keras_tensor, leaves(value)))


def _symbol(leaf: Any) -> Any:
    return keras_class("KerasTensor")(shape_of(leaf), dtype_of(leaf)) if is_array(leaf) else leaf
