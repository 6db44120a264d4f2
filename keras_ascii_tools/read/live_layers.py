"""One live Keras layer or operation -> Layer: settings, policy, weights. Knows nothing of calls and tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from keras_ascii_tools.graph import OPS_MODULE, Layer, ModelGraph, Saveable, Weight
from keras_ascii_tools.names import is_automatic
from keras_ascii_tools.policies import has_no_policy
from keras_ascii_tools.read.live_saveables import saveables_of
from keras_ascii_tools.read.live_settings import SettingsReader
from keras_ascii_tools.read.settings import kind_of, module_of, policy_name
from keras_ascii_tools.read.tracing import RawOperation, RecordedCall

__all__ = ["LayerReader", "own_weights", "weights_of"]

_BACKEND = "backend"
"""Stands for the module of functions that are not Keras' own, `tf.nn.relu` and the like."""


def _module(operation: Any) -> str | None:
    cls: type[object] = operation.__class__
    return _module_of_class(cls.__module__, cls.__name__)


_module_of_class = lru_cache(maxsize=1024)(module_of)


class LayerReader:
    """Turns each live layer into one `Layer`, with an id that holds for a whole tree of models."""

    def __init__(self, keep_names: bool, body_of: Callable[[Any, RecordedCall | None], ModelGraph | None]) -> None:
        self._keep_names = keep_names
        self._body_of = body_of
        self._layers: dict[int, Layer] = {}
        self._ids: dict[int, int] = {}
        self._kept: list[Any] = []
        self._first_call: dict[int, RecordedCall] = {}
        self._settings = SettingsReader()

    def add(self, call: RecordedCall) -> None:
        """Remember how a layer is called first: its body is read with these inputs."""
        self._first_call.setdefault(id(call.operation), call)

    def new_id(self, operation: Any) -> int:
        """Return the id of a layer; the object is kept alive, so that Python cannot give its address away."""
        if id(operation) not in self._ids:
            self._ids[id(operation)] = len(self._ids)
            self._kept.append(operation)
        return self._ids[id(operation)]

    def layer(self, operation: Any) -> Layer:
        """Read a layer or an operation, once."""
        if id(operation) not in self._layers:
            self._layers[id(operation)] = self._read(operation)
        return self._layers[id(operation)]

    def input_layer(self, tensor: Any, position: int) -> Layer:
        """A layer for an input of a traced model, which Keras has none for."""
        del position
        return Layer(id=self.new_id(tensor), kind="InputLayer", module="keras.layers")

    def _read(self, operation: Any) -> Layer:
        if isinstance(operation, RawOperation):
            # The backend's own function: nothing but its name is known.
            return Layer(id=self.new_id(operation), kind=operation.kind, module=_BACKEND, settings=None)
        kind, module = type(operation).__name__, _module(operation)
        kind = kind_of(kind, module) if module == "keras.layers" else kind
        name = getattr(operation, "name", None)
        named = bool(name) and (self._keep_names or not is_automatic(name, kind))
        number = self.new_id(operation)
        if module == OPS_MODULE or not hasattr(operation, "weights"):
            return Layer(
                id=number,
                kind=kind,
                module=OPS_MODULE,
                name=name,
                named=named,
                settings=self._settings.settings(operation, kind, module),
            )
        body = self._body_of(operation, self._first_call.get(id(operation)))
        declared = body is not None and module == "keras.models"
        weights, known = _weights(operation)
        return Layer(
            id=number,
            kind=kind,
            module=module,
            base=None if module in {"keras.layers", "keras.models"} else _base(operation),
            name=name,
            named=named,
            settings=() if declared else self._settings.settings(operation, kind, module),
            # An input has nothing to train, and no such setting in files.
            trainable=kind == "InputLayer" or bool(getattr(operation, "trainable", True)),
            dtype_policy=_policy(operation, kind, module),
            params=sum(weight.size for weight in weights) if known else None,
            trainable_params=sum(weight.size for weight in weights if weight.trainable) if known else None,
            weights=weights if known else None,
            graph=body,
            saveables=self.saveables(operation) if body is None or not declared else None,
        )

    def saveables(self, layer: Any) -> tuple[Saveable, ...] | None:
        """What Keras saves of a layer or model from outside Keras, or of one that holds such; `None` for others."""
        if _is_keras(layer) and all(map(_is_keras, _inner(layer))):
            return None
        return saveables_of(layer, self.new_id, weights_of)


def _policy(layer: Any, kind: str, module: str | None) -> str | None:
    has_none = kind == "InputLayer" or has_no_policy(kind, module)
    return None if has_none else policy_name(getattr(layer, "dtype_policy", None))


def _is_keras(layer: Any) -> bool:
    return _module(layer) in {"keras.layers", "keras.models"}


def _inner(layer: Any) -> list[Any]:
    """All layers inside; those of a model have their own place in its graph."""
    if not getattr(layer, "_layers", None) or _module(layer) == "keras.models":
        return []
    return list(layer._flatten_layers(include_self=False))


def _base(layer: Any) -> str | None:
    """The nearest class of Keras that a layer's class derives from."""
    for parent in type(layer).__mro__[1:]:
        if module_of(parent.__module__, parent.__name__) in {"keras.layers", "keras.models"}:
            return parent.__name__
    return None


def _weights(layer: Any) -> tuple[tuple[Weight, ...], bool]:
    """The weights of a layer, and whether they are all there already."""
    try:
        variables: list[Any] = list(layer.weights)
        trainable: set[int] = {id(variable) for variable in layer.trainable_weights} if variables else set()
    except Exception:  # a model that Keras refuses to list the weights of, because it is not built
        return (), False
    if not variables and not getattr(layer, "built", True) and _makes_weights(layer):
        return (), False
    return weights_of(variables, trainable), True


def _makes_weights(layer: Any) -> bool:
    """Whether a layer that is not built may get weights when it is: it builds something, or holds layers."""
    parents: tuple[type[object], ...] = layer.__class__.__mro__
    base = next((parent for parent in reversed(parents) if parent.__name__ == "Layer"), None)
    overridden = base is None or getattr(parents[0], "build", None) is not getattr(base, "build", None)
    return overridden or bool(getattr(layer, "_layers", None))


def weights_of(variables: Iterable[Any], trainable: set[int] | None = None) -> tuple[Weight, ...]:
    """Describe variables; without `trainable` (ids), each one says for itself whether it is."""
    return tuple(
        Weight(
            name=str(getattr(variable, "name", "")),
            shape=_shape(variable),
            dtype=_dtype(variable),
            trainable=bool(variable.trainable) if trainable is None else id(variable) in trainable,
        )
        for variable in variables
    )


# Keras keeps both beside the backend's array, which is slow to ask.
def _shape(variable: Any) -> tuple[int, ...]:
    shape: Any = getattr(variable, "_shape", None) or variable.shape
    return tuple(int(axis) for axis in shape)


def _dtype(variable: Any) -> str:
    dtype: Any = getattr(variable, "_dtype", None)
    return dtype if isinstance(dtype, str) else str(getattr(variable.dtype, "name", variable.dtype))


def own_weights(model: Any, children: list[Any]) -> tuple[int | None, int | None, int | None]:
    """Count what a model has beside its layers' weights: (scalars, trainable scalars, bytes)."""
    try:
        everything = list(model.weights)
    except Exception:  # as in _weights
        return None, None, None
    inner = {id(variable) for child in children for variable in child.weights}
    own = weights_of(variable for variable in everything if id(variable) not in inner)
    return (
        sum(weight.size for weight in own),
        sum(weight.size for weight in own if weight.trainable),
        sum(weight.bytes for weight in own),
    )
