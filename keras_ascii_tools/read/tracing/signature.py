"""What to call a model with: given by a person, or noted by Keras when it was built. Calls nothing."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any, Final

from keras_ascii_tools.graph.types import TensorSpec
from keras_ascii_tools.read.tracing.loaded import dtype_of, shape_of
from keras_ascii_tools.read.tracing.nested import is_mapping, is_sequence, is_shape
from keras_ascii_tools.read.tracing.records import CallInputs

__all__ = ["UnknownInputsError", "by_name", "given_in_order", "given_inputs", "noted_inputs", "noted_shapes"]

_FILLED_IN: Final[dict[str, Any]] = {"training": False, "mask": None}
"""Arguments that Keras passes by itself, and what to pass where `call` needs them all the same."""


class UnknownInputsError(Exception):
    """What a model takes is not known; the text says what is missing."""

    def __init__(self, text: str, known: Mapping[str, Any] | None = None, missing: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.known = dict(known or {})
        """Specs by the names of arguments."""
        self.missing = tuple(missing)
        """Names of arguments."""


def given_inputs(target: Any, inputs: Any) -> CallInputs:
    """Read what a person gave: a shape or something with a shape; or lists and dicts of these.

    A dict whose keys are all arguments of `call` are keyword arguments; a list as long as the arguments that `call`
    needs, if it needs several, are these arguments; all else is the first argument.
    """
    if isinstance(inputs, CallInputs):
        return inputs
    specs: Any = _specs(inputs)
    required, names = _parameters(target)
    if is_mapping(specs) and specs and set(required) <= set(specs) <= set(names):
        return by_name(target, specs)
    if is_sequence(specs) and len(required) > 1 and len(specs) == len(required):
        return by_name(target, dict(zip(required, specs, strict=True)))
    return _as_first(target, specs)


def given_in_order(target: Any, inputs: Any) -> CallInputs | None:
    """Read a list that a person gave as the first arguments of `call`, which may have default values; or `None`."""
    specs: Any = None if isinstance(inputs, CallInputs) else _specs(inputs)
    names = [name for name in _parameters(target)[1] if name not in _FILLED_IN and name not in _keyword_only(target)]
    if not is_sequence(specs) or not 1 < len(specs) <= len(names):
        return None
    return by_name(target, dict(zip(names, specs, strict=False)))


def noted_inputs(target: Any) -> CallInputs:
    """Read what Keras noted when the model was built: shapes, mostly of the first argument alone, and no dtypes.

    Raises:
        UnknownInputsError: Nothing was noted, or not enough.
    """
    # A chain keeps its declared inputs in the functional model inside.
    declared = getattr(getattr(target, "_functional", None) or target, "_inputs_struct", None)
    if declared is not None:
        return _as_first(target, _specs(declared))
    noted = noted_shapes(target)
    if len(noted) == 1:
        return _as_first(target, _specs(next(iter(noted.values()))))
    if noted:
        return by_name(target, {key.removesuffix("_shape"): _specs(shape) for key, shape in noted.items()})
    spec = _input_spec(getattr(target, "input_spec", None))
    if spec is not None:
        return _as_first(target, spec)
    raise UnknownInputsError("the shapes of its inputs are not known", {}, _parameters(target)[0])


def by_name(target: Any, specs: Mapping[str, Any]) -> CallInputs:
    """Return the inputs for arguments with these names, if nothing that `call` needs is missing."""
    required, names = _parameters(target)
    missing = [name for name in required if name not in specs]
    if missing:
        text = f"the shape of {', '.join(map(repr, missing))} is not known, which its call() needs"
        raise UnknownInputsError(text, specs, missing)
    leading = list(takewhile(lambda name: name in specs and name not in _keyword_only(target), names))
    named = {key: spec for key, spec in specs.items() if key not in leading}
    needed = {one.name for one in _signature(target) if one.default is one.empty and one.name not in specs}
    filled_in = {name: value for name, value in _FILLED_IN.items() if name in needed}
    return CallInputs(tuple(specs[name] for name in leading), {**named, **filled_in})


def _as_first(target: Any, spec: Any) -> CallInputs:
    names = _parameters(target)[1]
    return by_name(target, {names[0]: spec}) if names else CallInputs((spec,), {})


def noted_shapes(target: Any) -> dict[str, Any]:
    """Return the shapes that a layer was built with, by the names of the arguments of its `build`."""
    noted = getattr(target, "_build_shapes_dict", None)
    if is_mapping(noted):
        inner = noted.get("shapes_dict")
        return {str(key): shape for key, shape in (inner if is_mapping(inner) else noted).items() if shape is not None}
    for name in ("_build_input_shape", "_input_shape_arg"):
        shape = getattr(target, name, None)
        if shape is not None:
            return {"input_shape": shape if name != "_input_shape_arg" else (None, *shape)}
    return {}


def _input_spec(spec: Any) -> Any:
    """The shape in an `InputSpec`, where it says the number of axes; one per input in a list."""
    if is_sequence(spec) and spec:
        found = [_input_spec(one) for one in spec]
        return found[0] if len(found) == 1 else found if all(one is not None for one in found) else None
    shape, rank = getattr(spec, "shape", None), getattr(spec, "ndim", None)
    if shape is None and isinstance(rank, int):
        fixed: dict[int, int] = getattr(spec, "axes", None) or {}
        shape = tuple(fixed.get(axis, fixed.get(axis - rank)) for axis in range(rank))
    return None if shape is None else TensorSpec(tuple(shape), getattr(spec, "dtype", None))


def _specs(value: Any) -> Any:
    """A nested structure of shapes, or of things that have one, as one of specs."""
    if isinstance(value, TensorSpec) or value is None:
        return value
    if hasattr(value, "shape"):
        return TensorSpec(shape_of(value), dtype_of(value))
    if is_shape(value):
        return TensorSpec(tuple(value), None)
    if is_mapping(value):
        return {key: _specs(item) for key, item in value.items()}
    if is_sequence(value):
        items = [_specs(item) for item in value]
        return tuple(items) if type(value) is tuple else items
    if _is_shape_like(value):
        return TensorSpec(tuple(value), None)
    raise UnknownInputsError(
        f"expected shapes as inputs, got {type(value).__name__}; give a tuple like (None, 224, 224, 3)"
    )


def _is_shape_like(value: Any) -> bool:
    """Whether it is a shape of another library: something like a sequence, of sizes."""
    return not isinstance(value, (str, bytes)) and hasattr(value, "__iter__") and is_shape(list[Any](value))


def _parameters(target: Any) -> tuple[list[str], list[str]]:
    """Names of the arguments that `call` needs, and of all that it takes."""
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = [one for one in _signature(target) if one.kind in named]
    required = [one.name for one in parameters if one.default is one.empty and one.name not in _FILLED_IN]
    return required, [one.name for one in parameters]


def _keyword_only(target: Any) -> set[str]:
    return {one.name for one in _signature(target) if one.kind is one.KEYWORD_ONLY}


def _signature(target: Any) -> list[inspect.Parameter]:
    try:
        signature = getattr(target, "_call_signature", None) or inspect.signature(target.call)
    except (AttributeError, TypeError, ValueError):
        return []
    return list(signature.parameters.values())
