"""Which tensor is which: the tensors of a run of Keras, by identity -> the tensors of a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras_ascii_tools.read.tracing.loaded import (
    backend,
    copy_mask,
    dtype_of,
    is_backend_tensor,
    is_keras_tensor,
    keras_class,
    shape_of,
)
from keras_ascii_tools.read.tracing.raw import Known, raw_calls
from keras_ascii_tools.read.tracing.records import Constant, RecordedCall, Tensor

__all__ = ["Tensors"]


class Tensors:
    """The tensors met in one run."""

    def __init__(self, *, symbolic: bool) -> None:
        self.symbolic = symbolic
        """Whether they are Keras' symbols; then a tensor of the backend is a constant."""
        self._known: Known = {}
        self._kept: list[Any] = []
        """Keeps them alive, so that no other gets the id of one."""

    def enter(self, tensor: Any, known: Tensor | Constant | None = None) -> Tensor:
        """Give a tensor that was just made its place; one made before under the same id is no longer meant."""
        self._kept.append(tensor)
        made = Tensor(shape_of(tensor), dtype_of(tensor))
        self._known[id(tensor)] = known or made
        return made

    def knows(self, tensor: Any) -> bool:
        """Tell whether a tensor was there before, as when a layer returns its input."""
        return id(tensor) in self._known

    def distinct(self, tensor: Any) -> Any:
        """Return the tensor, or a copy if it was there before; anything else as it is."""
        if not self.knows(tensor):
            return tensor
        if is_keras_tensor(tensor):
            copy = keras_class("KerasTensor")(tensor.shape, tensor.dtype, sparse=tensor.sparse)
        else:
            copy = backend().numpy.copy(tensor)
        copy_mask(tensor, copy)
        return copy

    def resolve(self, leaf: Any, add: Callable[[RecordedCall], None]) -> Any:
        """Return what stands for an argument in the trace; anything but a tensor stands for itself.

        Calls of the backend's own functions between known tensors and this one are added on the way.
        """
        if not (is_keras_tensor(leaf) or is_backend_tensor(leaf)):
            return leaf
        known = self._known.get(id(leaf))
        if known is None and not self.symbolic:
            raw_calls(leaf, self._known, self._kept, add)
            known = self._known.get(id(leaf))
        if known is None:
            constant = self.symbolic and not is_keras_tensor(leaf)
            known = (Constant if constant else Tensor)(shape_of(leaf), dtype_of(leaf))
            self.enter(leaf, known)
        return known
