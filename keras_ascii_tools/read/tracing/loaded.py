"""The parts of the Keras that is loaded, by name, with what to use where a version lacks one. Imports nothing of it."""

from __future__ import annotations

import operator
import sys
from typing import Any

from keras_ascii_tools.graph.types import Shape

__all__ = [
    "attributes_of",
    "backend",
    "copy_mask",
    "dtype_of",
    "is_array",
    "is_backend_tensor",
    "is_keras_layer",
    "is_keras_tensor",
    "keras_class",
    "shape_of",
]

_CLASSES = {
    "GetItem": "keras.src.ops.numpy",
    "KerasTensor": "keras.src.backend.common.keras_tensor",
    "Layer": "keras.src.layers.layer",
    "Metric": "keras.src.metrics.metric",
    "Node": "keras.src.ops.node",
    "Operation": "keras.src.ops.operation",
    "StatelessScope": "keras.src.backend.common.stateless_scope",
    "Variable": "keras.src.backend.common.variables",
}


class _Missing:
    """Stands for a class that this Keras does not have: nothing is an instance of it."""


def keras_class(name: str) -> Any:
    """Return one of Keras' own classes; in Keras 3.0 to 3.4 variables are of the class `KerasVariable`."""
    module = sys.modules.get(_CLASSES[name])
    return getattr(module, name, None) or getattr(module, "Keras" + name, _Missing)


def attributes_of(item: Any) -> dict[str, Any]:
    """Return the attributes of an object, class or module, which can be changed there for objects only."""
    attributes: dict[str, Any] = item.__dict__
    return attributes


def backend() -> Any:
    """Return the backend module that Keras runs on."""
    return sys.modules["keras.src.backend"]


def copy_mask(source: Any, target: Any) -> None:
    """Attach to a tensor the mask that another has; some backends' tensors take no attributes."""
    masking = sys.modules.get("keras.src.backend.common.masking")
    if masking is not None:
        masking.set_keras_mask(target, masking.get_keras_mask(source))
    elif getattr(source, "_keras_mask", None) is not None:
        target._keras_mask = source._keras_mask


def is_keras_tensor(value: object) -> bool:
    """Tell whether a value is one of Keras' symbolic tensors."""
    return isinstance(value, keras_class("KerasTensor"))


def is_keras_layer(value: object) -> bool:
    """Tell whether a value is a layer or model."""
    return isinstance(value, keras_class("Layer"))


def is_backend_tensor(value: object) -> bool:
    """Tell whether a value is a tensor of the backend, in a graph or with values, and not a variable."""
    if isinstance(value, keras_class("Variable")) or hasattr(value, "assign"):
        return False
    return bool(backend().is_tensor(value))


def is_array(value: object) -> bool:
    """Tell whether a value can be an argument that a layer computes with: tensor, variable, NumPy array."""
    if isinstance(value, keras_class("Variable")) or is_backend_tensor(value):
        return True
    return type(value).__module__ == "numpy" and type(value).__name__ == "ndarray"


def shape_of(value: Any) -> Shape | None:
    """Return the shape of anything that has one; axes that are no plain number are `None`."""
    shape = getattr(value, "shape", None)
    try:
        return None if shape is None else tuple(_axis(axis) for axis in shape)
    except (TypeError, ValueError):  # a TensorFlow shape of unknown rank
        return None


def _axis(axis: Any) -> int | None:
    try:
        return None if axis is None else operator.index(axis)
    except (TypeError, ValueError):
        return None


def dtype_of(value: Any) -> str | None:
    """Return the name of the dtype of anything that has one."""
    dtype = getattr(value, "dtype", None)
    try:
        return None if dtype is None else str(backend().standardize_dtype(dtype))
    except (TypeError, ValueError):
        return str(getattr(dtype, "name", dtype))
