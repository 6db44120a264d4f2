"""What kind of model or layer a live Keras object is, and what is in it. Reads attributes; calls nothing."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from keras_ascii_tools.read.settings import module_of

__all__ = [
    "batch_of",
    "children_of",
    "declared_in",
    "functional_of",
    "has_keras_call",
    "has_weights_to_come",
    "is_builtin",
    "is_chain",
    "is_keras_2",
    "is_keras_layer",
    "is_keras_model",
    "stays_closed",
]

_UNROLLED = frozenset({"RNN", "Bidirectional", "TimeDistributed"})
"""Layers that call their inner layers once for each step of time."""
_OPEN = frozenset({"Layer", "Wrapper", "Model", "Functional", "Sequential"})
"""Classes of Keras that leave it to others what their layers are called with."""


def is_keras_model(source: object) -> bool:
    """Tell whether an object is a Keras model, without importing Keras: if it is not loaded, nothing can be one."""
    keras = sys.modules.get("keras")
    model = getattr(getattr(keras, "models", None), "Model", None)
    return model is not None and isinstance(source, model)


def is_keras_layer(source: object) -> bool:
    """Tell whether an object is a Keras layer."""
    keras = sys.modules.get("keras")
    layer = getattr(getattr(keras, "layers", None), "Layer", None)
    return layer is not None and isinstance(source, layer)


def is_keras_2(source: object) -> bool:
    """Tell whether an object is a layer or model of Keras 2, which can be loaded beside Keras 3."""
    parents: tuple[type[object], ...] = source.__class__.__mro__
    if any(parent.__module__.startswith(("tf_keras.", "keras.engine.", "keras.src.engine.")) for parent in parents):
        return True
    version = str(getattr(sys.modules.get("keras"), "__version__", "3"))
    return version.startswith("2.") and is_keras_layer(source)


def declared_in(model: Any) -> Any:
    """The object that holds the graph which a model runs, if Keras runs it and no `call` of the model's own class."""
    functional = functional_of(model)
    return functional if functional is not None and has_keras_call(model) else None


def functional_of(model: Any) -> Any:
    """The object that holds a declared graph: the model itself, or the functional model inside a built Sequential."""
    if getattr(model, "_nodes_by_depth", None) is not None and hasattr(model, "_nodes"):
        return model
    if _is_sequential(model):
        return getattr(model, "_functional", None)
    return None


def _is_sequential(model: Any) -> bool:
    sequential = getattr(getattr(sys.modules.get("keras"), "models", None), "Sequential", None)
    return sequential is not None and isinstance(model, sequential)


def is_chain(model: Any) -> bool:
    """Tell whether a model calls its layers one after the other."""
    return _is_sequential(model) and has_keras_call(model)


def has_keras_call(layer: Any) -> bool:
    """Tell whether what a layer does when it is called is said by a class of Keras."""
    parents: tuple[type[object], ...] = type(layer).__mro__
    owner = next((parent for parent in parents if "call" in vars(parent)), parents[0])
    return owner.__module__.startswith("keras.")


def is_builtin(layer: Any) -> bool:
    """Tell whether a layer's class is one of Keras' own."""
    return _is_keras_name(type(layer).__module__, type(layer).__name__)


@lru_cache(maxsize=1024)
def _is_keras_name(module: str, kind: str) -> bool:
    return module_of(module, kind) in {"keras.layers", "keras.models"}


def has_weights_to_come(layer: Any) -> bool:
    """Tell whether a first call makes the weights of a layer: it is not built, or said to be while no inner one is."""
    if not getattr(layer, "built", True):
        return True
    flatten = getattr(layer, "_flatten_layers", None)
    inner = list(flatten(include_self=False)) if flatten is not None else []
    missing = any(not getattr(one, "built", True) for one in inner)
    return missing and not any(getattr(one, "built", True) and one.weights for one in inner)


def stays_closed(layer: Any) -> bool:
    """Tell whether a layer is one of Keras' own, or calls its inner layers as one of these does."""
    if is_builtin(layer):
        return True
    kinds = [parent for parent in type(layer).__mro__ if parent.__module__.startswith("keras.")]
    if any(kind.__name__ in _UNROLLED for kind in kinds):
        return True
    return has_keras_call(layer) and kinds[0].__name__ not in _OPEN


def children_of(model: Any) -> list[Any]:
    """Direct inner layers, in the order in which Keras addresses their weights."""
    flatten = getattr(model, "_flatten_layers", None)
    tracked = list(flatten(include_self=False, recursive=False)) if flatten is not None else []
    if not is_keras_model(model):
        return tracked
    layers = list(model.layers)
    if functional_of(model) is None:
        return layers
    # A functional model to which a class adds layers lists only those of its graph; a chain, all but its input.
    listed = {id(layer) for layer in layers}
    added = [layer for layer in tracked if id(layer) not in listed and not _is_input(layer)]
    # What a class calls itself, it calls with inputs of its own.
    return [layer for layer in layers if has_keras_call(model) or not _is_input(layer)] + added


def batch_of(*tensors: Any) -> int | None:
    """The size of the batch axis of the first of some tensors, if it is known."""
    shape = getattr(tensors[0], "shape", None) if tensors else None
    return shape[0] if shape else None


def _is_input(layer: Any) -> bool:
    return type(layer).__name__ == "InputLayer"
