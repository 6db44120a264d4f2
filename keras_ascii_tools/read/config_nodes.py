"""The calls that a config holds, of any era, as templates and references. Knows neither layers nor what they do.

A tensor is written as where it comes from: the name of a layer, which of its calls, which output of that call. Keras 3
writes the tensor's shape and dtype beside it, Keras 1 and 2 do not.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Final, NamedTuple, TypeAlias

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import INPUT, MAX_AXIS, Call, Record, Shape, TensorSpec, Value, count_inputs, simplified
from keras_ascii_tools.read.arrays import dtype_name
from keras_ascii_tools.read.guards import Config, is_list, is_mapping
from keras_ascii_tools.read.settings import to_value

__all__ = ["RawCall", "Ref", "calls_of_entry", "dtype_of", "shape_of", "structure_of"]

Names: TypeAlias = Container[str]
_Recognize: TypeAlias = "Callable[[object], Ref | None]"

_MAX_DEPTH: Final = 48
_MAX_RANK: Final = 64
_LARGEST_INDEX: Final = 2**31
_CONSTANT: Final = "_CONSTANT_VALUE"
"""Keras 2 writes a constant as the output of a layer of this name."""
_UNKNOWN: Final = TensorSpec()


class Ref(NamedTuple):
    """A tensor, by what makes it."""

    layer: str
    call: int
    """As the file counts the calls of that layer."""
    output: int
    spec: TensorSpec = _UNKNOWN
    """What the file says of the tensor beside where it comes from."""


class RawCall(NamedTuple):
    """One call of a layer."""

    template: Call | None
    """The arguments, with `INPUT` for each tensor; `None` where they are the tensors one after the other."""
    inputs: tuple[Ref, ...]


def shape_of(raw: object) -> Shape | None:
    """Return a shape, batch axis included, or `None` for what is none; an axis that is no size is dynamic."""
    if not is_list(raw) or len(raw) > _MAX_RANK:
        return None
    axes: list[int | None] = []
    for axis in raw:
        if axis is None or axis == -1:
            axes.append(None)
        elif type(axis) is int and 0 <= axis <= MAX_AXIS:
            axes.append(axis)
        else:
            return None
    return tuple(axes)


def dtype_of(raw: object) -> str | None:
    """Return the name of a dtype, if it is one."""
    return dtype_name(raw) if isinstance(raw, str) else None


def calls_of_entry(raw: object, names: Names) -> tuple[RawCall, ...]:
    """Return the calls in an entry's `inbound_nodes`.

    Args:
        raw: What the file has there.
        names: Of the layers in the same model: tells a reference of Keras 2 from a list that looks like one.
    """
    if not is_list(raw):
        return ()
    if raw and _is_legacy_ref(raw[0], names):  # Keras 2 writes a call of an operation with one level less
        return (_legacy_call(raw, names),)
    return tuple(_call(node, names) for node in raw)


def _call(node: object, names: Names) -> RawCall:
    if is_mapping(node):
        return _keras3_call(node)
    if is_list(node):
        return _legacy_call(node, names)
    raise SourceError("a call of a layer is neither a mapping nor a list; the file is damaged")


def _keras3_call(node: Config) -> RawCall:
    args, kwargs = node.get("args"), node.get("kwargs")
    found: list[Ref] = []
    positional = tuple(_template(value, found, _tensor, 0) for value in (args if is_list(args) else ()))
    named: list[tuple[str, Value]] = []
    for key, value in sorted(kwargs.items(), key=_key_of_item) if is_mapping(kwargs) else ():
        if value is not None:
            named.append((str(key), _template(value, found, _tensor, 0)))
    return RawCall(simplified(Call(positional, tuple(named))), tuple(found))


def _key_of_item(item: tuple[object, object]) -> str:
    return str(item[0])


def _tensor(value: object) -> Ref | None:
    """Recognize a tensor as Keras 3 writes it."""
    if not is_mapping(value) or value.get("class_name") != "__keras_tensor__":
        return None
    config = value.get("config")
    history = config.get("keras_history") if is_mapping(config) else None
    place = _place(history)
    if place is None or not is_mapping(config):
        return None
    return Ref(*place, TensorSpec(shape_of(config.get("shape")), dtype_of(config.get("dtype"))))


def _place(raw: object) -> tuple[str, int, int] | None:
    if not is_list(raw) or not 3 <= len(raw) <= 4:
        return None
    layer, call, output = raw[0], raw[1], raw[2]
    if isinstance(layer, str) and _is_index(call) and _is_index(output):
        return layer, call, output
    return None


def _is_index(value: object) -> bool:
    return type(value) is int and 0 <= value < _LARGEST_INDEX


def _is_legacy_ref(value: object, names: Names) -> bool:
    if not is_list(value) or len(value) < 3 or not isinstance(value[0], str):
        return False
    return value[0] == _CONSTANT or (_place(value) is not None and value[0] in names)


def _legacy_call(node: object, names: Names) -> RawCall:
    """A call of Keras 1 or 2: the tensors of the first argument, each with all keyword arguments behind it."""
    found: list[Ref] = []

    def tensor(value: object) -> Ref | None:
        place = _place(value) if _is_legacy_ref(value, names) else None
        return None if place is None else Ref(*place)

    first: list[Value] = []
    kwargs: object = {}
    if is_mapping(node):
        first.append(_template(_without_kwargs(node), found, tensor, 0))
    else:
        for item in node if is_list(node) else ():
            if not is_list(item) or len(item) < 3:
                raise SourceError("a call of a layer has something else for a tensor; the file is damaged")
            kwargs = item[3] if len(item) > 3 else kwargs
            first.append(_legacy_argument(item, found))
    argument: Value = first[0] if len(first) == 1 else tuple(first)
    named: list[tuple[str, Value]] = []
    for key, value in sorted(kwargs.items(), key=_key_of_item) if is_mapping(kwargs) else ():
        if value is not None and key != "name":
            named.append((str(key), _template(value, found, tensor, 0)))
    return RawCall(simplified(Call((argument,) if first else (), tuple(named))), tuple(found))


def _without_kwargs(node: Config) -> dict[str, object]:
    return {str(key): value[:3] if is_list(value) and len(value) == 4 else value for key, value in node.items()}


def _legacy_argument(item: Sequence[object], found: list[Ref]) -> Value:
    if item[0] == _CONSTANT:
        return to_value(item[2])
    place = _place(item)
    if place is None:
        raise SourceError("a call of a layer has something else for a tensor; the file is damaged")
    found.append(Ref(*place))
    return INPUT


def _template(value: object, found: list[Ref], tensor: _Recognize, depth: int) -> Value:
    """Return a value with `INPUT` for every tensor, whose references are added to `found`.

    The same as for the arguments of a live call: sequences and mappings that hold tensors are opened.
    """
    ref = tensor(value)
    if ref is not None:
        found.append(ref)
        return INPUT
    if depth > _MAX_DEPTH:
        raise SourceError(f"the arguments of a call are nested deeper than {_MAX_DEPTH}; no model needs that")
    if is_mapping(value) and "class_name" in value:  # an array may have millions of values
        return to_value(value)
    before = len(found)
    opened: Value = None
    if is_list(value):
        opened = tuple([_template(item, found, tensor, depth + 1) for item in value])
    elif is_mapping(value):
        items = sorted(((str(key), item) for key, item in value.items()), key=_key_of_item)
        opened = Record("", tuple((key, _template(item, found, tensor, depth + 1)) for key, item in items))
    return opened if len(found) > before else to_value(value)


def structure_of(raw: object) -> tuple[Value, tuple[Ref, ...]]:
    """Return a model's `input_layers` or `output_layers` as a structure and its tensors.

    The structure is `None` for one tensor and for a flat list, as a live model's is.
    """
    found: list[Ref] = []

    def tensor(value: object) -> Ref | None:
        place = _place(value)
        return None if place is None else Ref(*place)

    structure = _template(raw, found, tensor, 0)
    if not found or structure == INPUT or (isinstance(structure, tuple) and all(item == INPUT for item in structure)):
        return None, tuple(found)
    if count_inputs(structure) != len(found):
        return None, tuple(found)
    return structure, tuple(found)
