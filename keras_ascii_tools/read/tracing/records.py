"""What a trace says: calls, tensors told apart by identity, constants. Plain data; knows no Keras object's insides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from keras_ascii_tools.graph.types import Shape, TensorSpec
from keras_ascii_tools.read.tracing.nested import rebuilt

__all__ = ["CallInputs", "Constant", "Outcome", "RawOperation", "RecordedCall", "Tensor", "Trace", "inputs_like"]


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor that moved during a trace: the same object wherever the same tensor was passed."""

    shape: Shape | None
    """Batch axis included; a dynamic axis is `None`; `None` when not even the rank is known."""
    dtype: str | None


@dataclass(frozen=True, slots=True)
class Constant:
    """An array that does not depend on the inputs: where it was computed does not matter, so no call produces it."""

    shape: Shape | None
    dtype: str | None


@dataclass(frozen=True, slots=True, eq=False)
class RawOperation:
    """A call of the backend's own function (`tf.nn.relu`), of which nothing but its name and tensors is known."""

    kind: str
    """What the backend calls it: `Relu`, `AddV2`."""

    @property
    def name(self) -> str:
        """The kind: these have no names of their own."""
        return self.kind


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call, made directly in the `call` that was traced."""

    operation: Any
    """A Keras `Layer` or `Operation`, or a `RawOperation`."""
    args: tuple[Any, ...]
    """As passed, with a `Tensor` for each tensor and a `Constant` for each backend array."""
    kwargs: dict[str, Any]
    """As passed, without `None`; with a mask that Keras fills in by itself where Keras notes it on its own nodes."""
    outputs: tuple[Tensor, ...]
    implied: bool = False
    """Keras inserted it by itself: computing a mask, a cast to the dtype of the model's policy."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The direct calls of one `call`.

    A tensor in `args` or `outputs` that is neither in `inputs` nor in any earlier call's `outputs` has an origin that
    could not be followed.
    """

    how: Literal["traced", "recorded"]
    """`recorded`: the calls as they happened on backend tensors; edges through other functions may be unknown."""
    inputs: tuple[Tensor, ...]
    """In argument order, mappings in the order of their sorted keys."""
    input_structure: Any
    """The argument if it is the only one; else a tuple of the positional ones, or a dict where names were used."""
    outputs: Any
    calls: tuple[RecordedCall, ...]
    notes: tuple[str, ...] = ()
    """What was assumed: dtypes, sizes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trace, or why there is none."""

    trace: Trace | None
    reason: str = ""
    """One line, empty if there is a trace."""


@dataclass(frozen=True, slots=True)
class CallInputs:
    """What to call a model with: a `TensorSpec` for each tensor, other values as they are."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] | None = None
    """A spec without a dtype leaves the dtype to be found out."""


def inputs_like(call: RecordedCall) -> CallInputs:
    """Return what a recorded layer was called with, so that its body can be traced on exactly this."""

    def spec(value: Any) -> Any:
        if isinstance(value, (Tensor, Constant)):
            return TensorSpec(value.shape, value.dtype)
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
        if shape is None or dtype is None:
            return value
        # Inside the body, an array or a variable that is passed in is an input like any other.
        return TensorSpec(tuple(shape), dtype if isinstance(dtype, str) else str(getattr(dtype, "name", dtype)))

    return CallInputs(rebuilt(call.args, spec), {key: rebuilt(value, spec) for key, value in call.kwargs.items()})
