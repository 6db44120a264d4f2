"""Three ways to run a `call` so that its inner calls can be heard. Inside of `guarded` only: they leave marks."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Any, Final

from keras_ascii_tools.graph.types import Shape, TensorSpec
from keras_ascii_tools.read.tracing.loaded import backend, is_backend_tensor, is_keras_tensor, keras_class
from keras_ascii_tools.read.tracing.nested import leaves, rebuilt
from keras_ascii_tools.read.tracing.recorder import Finished, Recorder
from keras_ascii_tools.read.tracing.records import CallInputs, RecordedCall, Tensor, Trace
from keras_ascii_tools.read.tracing.tensors import Tensors

__all__ = ["Route", "eager", "graph", "symbolic"]

_LARGEST_INPUTS: Final = 64 << 20
"""Bytes of zeros to call a model with."""

Route = Callable[[Any, CallInputs, tuple[Shape, ...]], Trace]
"""Takes the target, its inputs, and the shapes of those that are floats for want of a dtype."""


def symbolic(target: Any, inputs: CallInputs, floats: tuple[Shape, ...]) -> Trace:
    """On Keras' symbolic tensors: all of Keras works, with layers and operations as in a functional model."""
    return _listen(target, _symbols(inputs), Tensors(symbolic=True), floats)


def graph(target: Any, inputs: CallInputs, floats: tuple[Shape, ...]) -> Trace:
    """On the backend's symbolic tensors: the backend's own functions work too.

    On TensorFlow these are found in the graph; elsewhere a tensor that one returns comes from nowhere.
    """
    heard: list[Trace] = []

    def run(*args: Any, **kwargs: Any) -> None:
        heard[:] = [_listen(target, CallInputs(args, kwargs), Tensors(symbolic=False), floats)]

    symbols = _symbols(inputs)
    backend().compute_output_spec(run, *symbols.args, **(symbols.kwargs or {}))
    return heard[0]


def eager(target: Any, inputs: CallInputs, floats: tuple[Shape, ...]) -> Trace:
    """On zeros: everything works that works at all, and tensors that other functions return come from nowhere."""
    size = sum(_bytes(leaf) for leaf in leaves((inputs.args, inputs.kwargs)) if isinstance(leaf, TensorSpec))
    if size > _LARGEST_INPUTS:
        raise MemoryError(f"its inputs take {size:,} bytes, too many to call it on zeros")
    return _listen(target, _changed(inputs, _zeros), Tensors(symbolic=False), floats)


def _listen(target: Any, inputs: CallInputs, tensors: Tensors, floats: tuple[Shape, ...]) -> Trace:
    recorder = Recorder(target, tensors, floats)
    structure = rebuilt((inputs.args, inputs.kwargs), lambda leaf: tensors.enter(leaf) if _is_tensor(leaf) else leaf)
    with _silence(), recorder.listening(), suppress(Finished):
        target(*inputs.args, **(inputs.kwargs or {}))
    if not recorder.finished:
        raise RuntimeError("its call() was not reached")
    return Trace(
        how="traced" if tensors.symbolic else "recorded",
        inputs=tuple(leaf for leaf in leaves(structure) if isinstance(leaf, Tensor)),
        input_structure=_plain(*structure),
        outputs=recorder.outputs,
        calls=_without_loose_ends(recorder.calls, recorder.outputs),
    )


@contextmanager
def _silence() -> Generator[None]:
    """What a `call` prints is not for whoever asked for a drawing; warnings came when the model was built."""
    with redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _without_loose_ends(calls: list[RecordedCall], outputs: Any) -> tuple[RecordedCall, ...]:
    """Leave out what Keras inserted by itself and nothing uses, as a functional model does."""
    kept: list[RecordedCall] = []
    used = {id(leaf) for leaf in leaves(outputs)}
    for call in reversed(calls):
        if not call.implied or any(id(tensor) in used for tensor in call.outputs):
            kept.append(call)
            used.update(id(leaf) for leaf in leaves((call.args, call.kwargs)))
    return tuple(reversed(kept))


def _plain(args: tuple[Any, ...], kwargs: dict[str, Any] | None) -> Any:
    if not kwargs:
        return args[0] if len(args) == 1 else args
    named = {key: value for key, value in kwargs.items() if any(isinstance(leaf, Tensor) for leaf in leaves(value))}
    return named if not args else (*args, named) if named else args[0] if len(args) == 1 else args


def _is_tensor(leaf: Any) -> bool:
    return is_keras_tensor(leaf) or is_backend_tensor(leaf)


def _changed(inputs: CallInputs, change: Callable[[Any], Any]) -> CallInputs:
    return CallInputs(rebuilt(inputs.args, change), rebuilt(inputs.kwargs or {}, change))


def _symbols(inputs: CallInputs) -> CallInputs:
    def symbol(leaf: Any) -> Any:
        return keras_class("KerasTensor")(leaf.shape, leaf.dtype) if isinstance(leaf, TensorSpec) else leaf

    return _changed(inputs, symbol)


def _zeros(leaf: Any) -> Any:
    return backend().numpy.zeros(leaf.shape, leaf.dtype) if isinstance(leaf, TensorSpec) else leaf


def _bytes(spec: TensorSpec) -> int:
    size = 8 if "64" in (spec.dtype or "") else 4
    for axis in spec.shape or ():
        size *= axis or 1
    return size
