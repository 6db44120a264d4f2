"""The settings of live layers, fast. Knows their attributes only to tell when two layers must have the same settings.

`get_config` is most of what reading a large model costs, and most layers of a large model are set like others.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, cast

from keras_ascii_tools.graph import Value
from keras_ascii_tools.read.settings import settings_from_config

__all__ = ["SettingsReader"]

Settings = tuple[tuple[str, Value], ...]

# What every layer has beside its settings: names, calls, weights, the state of its build. The dtype policy and
# `trainable` are settings too, and stand elsewhere in a graph. What is missing here only makes reading slower.
_NO_SETTINGS = frozenset(
    """_allow_non_tensor_positional_args _auto_config _build_shapes_dict _call_context_args _call_has_context_arg
    _call_has_mask_arg _call_has_training_arg _call_signature _called _convert_input_args _dtype_policy _inbound_nodes
    _input_spec _layers _lock _loss_ids _losses _losses_override _metrics _non_trainable_variables _outbound_nodes
    _parent_path _path _remat_mode _saved_model_arg_spec _saved_model_inputs_spec _seed_generators _supports_masking
    _tracked _tracker _trainable _trainable_variables autocast build built call_signature_parameters name quantize seed
    seed_generator supports_jit""".split()  # noqa: SIM905 - one name per line would be 45 lines
)
_TENSORFLOW_TRACKING = "_self_"
_PLAIN = frozenset((bool, int, float, str, bytes, type(None)))
# Modules of objects that are described by their attributes.
_DESCRIBED = ("keras.src.initializers.", "keras.src.regularizers.", "keras.src.constraints.")
_MAX_DEPTH = 4


class _UnknownError(Exception):
    """A layer has an attribute that cannot be compared."""


class SettingsReader:
    """Reads settings, and those of built-in layers whose attributes are all the same only once."""

    def __init__(self) -> None:
        self._known: dict[object, Settings | None] = {}
        self._attributes: dict[tuple[str, ...], tuple[str, ...]] = {}
        """All attributes that some layer has -> those that its config can depend on."""

    def settings(self, operation: Any, kind: str, module: str | None) -> Settings | None:
        """Return the settings that are not the default; `None` if the layer cannot say them, as custom layers may."""
        state = self._state(operation) if module == "keras.layers" else None
        if state is None:
            return _read(operation, kind, module)
        if state not in self._known:
            self._known[state] = _read(operation, kind, module)
        return self._known[state]

    def _state(self, layer: Any) -> object | None:
        """All that the config of a built-in layer can depend on; `None` if that cannot be said."""
        attributes: dict[str, Any] = layer.__dict__
        names = tuple(attributes)
        chosen = self._attributes.get(names)
        if chosen is None:
            kept = [name for name in names if name not in _NO_SETTINGS and not name.startswith(_TENSORFLOW_TRACKING)]
            chosen = self._attributes[names] = tuple(kept)
        parts: list[object] = [type(layer), chosen]
        try:
            for name in chosen:
                value = attributes[name]
                kind = cast("type[object]", type(value))
                # Most values: spares a call.
                parts.append((kind, value) if kind in _PLAIN else _token(value, 0))
        except _UnknownError:
            return None
        return tuple(parts)


def _read(operation: Any, kind: str, module: str | None) -> Settings | None:
    try:
        with warnings.catch_warnings(), _kept_policies(operation):
            warnings.simplefilter("ignore")  # that a lambda cannot be saved: nothing is saved here
            config: object = operation.get_config()
    except Exception:  # a stranger's code, which may raise anything
        return None
    if not isinstance(config, Mapping):
        return None
    return settings_from_config(kind, module, cast("Mapping[str, object]", config))


@contextmanager
def _kept_policies(operation: Any) -> Generator[None]:
    """Keras takes the name away from the policies in a map of policies when it writes them."""
    flatten = getattr(operation, "_flatten_layers", None)
    policies = [getattr(layer, "_dtype_policy", None) for layer in flatten()] if flatten is not None else ()
    saved = [
        (policy, dict(policy.__dict__))
        for by_path in policies
        if isinstance(by_path, MutableMapping)
        for policy in cast("MutableMapping[str, Any]", by_path).values()
    ]
    try:
        yield
    finally:
        for policy, attributes in saved:
            policy.__dict__.update(attributes)


def _attributes(item: Any) -> Iterable[tuple[str, Any]]:
    attributes: dict[str, Any] = item.__dict__
    return attributes.items()


def _token(value: Any, depth: int) -> object:
    """Something that is equal for two values only if a config writes them alike."""
    kind = cast("type[object]", type(value))
    if kind in _PLAIN:
        return (kind, value)
    if kind.__name__ == "function":
        return (kind, id(value))
    if depth < _MAX_DEPTH:
        if isinstance(value, (list, tuple)):
            return (kind, *(_token(item, depth + 1) for item in cast("Iterable[Any]", value)))
        if kind.__module__.startswith(_DESCRIBED):
            settings = [(key, item) for key, item in _attributes(value) if "seed" not in key]
            return (kind, *((key, _token(item, depth + 1)) for key, item in settings))
    if kind.__name__ == "Variable" and kind.__module__.startswith("keras."):
        return kind  # weights are no settings, and there are none in a config
    raise _UnknownError
