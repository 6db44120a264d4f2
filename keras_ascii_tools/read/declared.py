"""The calls that a functional model declares, in an order in which every tensor is made before it is used."""

from __future__ import annotations

from typing import Any

from keras_ascii_tools.read.tensors import Calls
from keras_ascii_tools.read.tracing import RecordedCall

__all__ = ["calls_of"]


def calls_of(model: Any) -> Calls:
    """Return the calls of a `keras.Function`: only this model's, not those that its layers have elsewhere."""
    by_depth: dict[int, list[Any]] = model._nodes_by_depth
    nodes = [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]
    return Calls(
        calls=tuple(_recorded(node) for node in nodes),
        flat_inputs=tuple(model.inputs),
        inputs=getattr(model, "_inputs_struct", list(model.inputs)),
        outputs=getattr(model, "_outputs_struct", list(model.outputs)),
    )


def _recorded(node: Any) -> RecordedCall:
    arguments = node.arguments
    return RecordedCall(
        operation=node.operation,
        args=tuple(arguments.args),
        kwargs={key: value for key, value in arguments.kwargs.items() if value is not None},
        outputs=tuple(getattr(node, "output_tensors", None) or node.outputs),
    )
