"""JSON (`docs/json.md`) -> the graph that it was written from. Knows nothing of the writer.

Strict, and safe with any document: sizes and depths are bounded, nothing is executed, every error names its place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from keras_ascii_tools.errors import GraphError
from keras_ascii_tools.graph import (
    INPUT,
    OPS_MODULE,
    Call,
    How,
    Layer,
    ModelGraph,
    Node,
    Optimizer,
    Record,
    Saveable,
    TensorRef,
    TensorSpec,
    Value,
    Weight,
)
from keras_ascii_tools.read.json_places import Place, parse_json

__all__ = ["read_json"]

SCHEMA = "keras-ascii/graph"
MAJOR, MINOR = 1, 0
MAX_DEPTH = 100
"""Nesting of values, and of bodies: more is no model but an attack on the reader."""

_GRAPH = (
    *("kind", "name", "named", "how", "notes", "inputs", "outputs", "input_structure", "output_structure"),
    *("own_params", "own_trainable_params", "own_bytes", "optimizer", "layers", "nodes"),
)
_LAYER = (
    *("id", "kind", "module", "base", "name", "named", "settings", "trainable", "dtype_policy"),
    *("params", "trainable_params", "weights", "graph"),
)


def read_json(source: str | bytes | Mapping[str, object]) -> ModelGraph:
    """Read a graph from a JSON document, or from what a JSON parser made of one.

    Raises:
        SourceError: It is no such document, a damaged one, or one of a newer version; says the place.
    """
    parsed = parse_json(source) if isinstance(source, str | bytes) else dict(source)
    document = Place(parsed)
    more = _check_version(document)
    *_, model, layers = document.fields(("schema", "version", "totals", "model", "layers"), more=more)
    return _Reader(layers, more=more).tree(model)


def _check_version(document: Place) -> bool:
    """Check that the document can be read; tell whether it may have keys that this release does not know."""
    schema, version = document.get("schema"), document.get("version")
    if schema is None or schema.value != SCHEMA:
        got = "nothing" if schema is None else schema.text()[:40]
        raise document.error(
            f"expected the schema {SCHEMA!r}, got {got!r}; write one with `keras-ascii show --format json`"
        )
    if version is None:
        raise document.error('"version" is missing')
    match = re.fullmatch(r"(\d{1,6})\.(\d{1,6})", version.text(), re.ASCII)
    if match is None:
        raise version.expected(f'a version such as "{MAJOR}.{MINOR}"')
    major, minor = int(match[1]), int(match[2])
    if major > MAJOR:
        raise version.error(f"{major}.{minor} is newer than {MAJOR}, the last one that this release reads; update it")
    if major < MAJOR:
        raise version.error(f"there is no version {major}.{minor}")
    return minor > MINOR


class _Reader:
    """Makes the layers of one document, each once, before the graphs that call them."""

    def __init__(self, layers: Place, *, more: bool) -> None:
        self._more = more
        self._places: dict[int, Place] = {}
        self._made: dict[int, Layer] = {}
        self._height: dict[int, int] = {}
        """By layer: how many bodies are nested in it, its own included."""
        for place in layers.items():
            number = place.fields(("id",), more=True)[0]
            if number.integer() in self._places:
                raise number.error(f"the id {number.value} stands twice")
            self._places[number.integer()] = place

    def tree(self, model: Place) -> ModelGraph:
        """Make the model and everything below it, what is innermost first; without recursion."""
        waiting = self._used(model)
        entered: set[int] = set()
        while waiting:
            number = waiting[-1]
            place = self._places[number]
            inner = self._inner(place) if number not in self._made else []
            if number in entered or not inner:
                waiting.pop()
                self._make(number, place, inner)
            else:
                entered.add(number)
                self._check_cycle(place, inner, entered)
                waiting += inner
        for number, place in self._places.items():
            if number not in self._made:
                raise place.error("no graph has this layer")
        return self._graph(model)

    def _inner(self, layer: Place) -> list[int]:
        """The layers that the body of a layer has."""
        body = layer.fields(("graph",), more=True)[0]
        return body.optional(self._used) or []

    def _used(self, graph: Place) -> list[int]:
        layers, nodes = graph.fields(("layers", "nodes"), more=True)
        places = [*layers.items(), *(node.fields(("layer",), more=True)[0] for node in nodes.items())]
        for place in places:
            if place.integer() not in self._places:
                raise place.error(f"there is no layer {_digits(place.integer())}")
        return [place.integer() for place in places]

    def _check_cycle(self, place: Place, inner: list[int], entered: set[int]) -> None:
        if any(number in entered and number not in self._made for number in inner):
            raise place.error("the body of this layer has the layer itself")

    def _make(self, number: int, place: Place, inner: list[int]) -> None:
        if number in self._made:
            return
        self._made[number] = self._layer(place)
        self._height[number] = 1 + max((self._height[other] for other in inner), default=-1)
        if self._height[number] > MAX_DEPTH:
            raise place.error(f"bodies are nested more than {MAX_DEPTH} deep")

    def _layer(self, place: Place) -> Layer:
        number, kind, module, base, name, named, settings, trainable, policy, params, trained, weights, graph, *more = (
            self._with_saveables(place, _LAYER)
        )
        if policy.value is not None and (module.value == OPS_MODULE or kind.value == "InputLayer"):
            raise policy.expected("null, because operations and input layers have no policy")
        try:
            return Layer(
                id=number.integer(),
                kind=kind.text(),
                module=module.optional(Place.text),
                base=base.optional(Place.text),
                name=name.optional(Place.text),
                named=named.boolean(),
                settings=settings.optional(_mapping),
                trainable=trainable.boolean(),
                dtype_policy=policy.optional(Place.text),
                params=params.optional(Place.integer),
                trainable_params=trained.optional(Place.integer),
                weights=weights.optional(self._weights),
                graph=graph.optional(self._graph),
                saveables=self._saveables(more),
            )
        except GraphError as error:
            raise place.error(str(error)) from error

    def _weights(self, place: Place) -> tuple[Weight, ...]:
        return tuple(map(self._weight, place.items()))

    def _weight(self, place: Place) -> Weight:
        name, shape, dtype, trainable, tied = self._fields(place, ("name", "shape", "dtype", "trainable", "tied"))
        axes = tuple(axis.axis() for axis in shape.items())
        return Weight(name.text(), axes, dtype.text(), trainable.boolean(), tied.boolean())

    def _with_saveables(self, place: Place, keys: tuple[str, ...]) -> tuple[Place, ...]:
        """The fields of a layer or a model; that one is only there for a class from outside Keras."""
        return self._fields(place, keys if place.get("saveables") is None else (*keys, "saveables"))

    def _saveables(self, places: Sequence[Place]) -> tuple[Saveable, ...] | None:
        return tuple(map(self._saveable, places[0].items())) if places else None

    def _saveable(self, place: Place) -> Saveable:
        number, kind, weights, parts = self._fields(place, ("id", "kind", "weights", "parts"))
        arrays, inner = weights.optional(self._weights), tuple(map(_part, parts.items()))
        return Saveable(number.integer(), kind.text(), arrays, inner)

    def _graph(self, place: Place) -> ModelGraph:
        kind, name, named, how, notes, inputs, outputs, *rest = self._with_saveables(place, _GRAPH)
        input_structure, output_structure, *own, optimizer, layers, nodes = rest[:8]
        more = rest[8:]
        own_params, own_trainable_params, own_bytes = (count.optional(Place.integer) for count in own)
        try:
            return ModelGraph(
                kind=kind.text(),
                name=name.optional(Place.text),
                named=named.boolean(),
                nodes=tuple(map(self._node, nodes.items())),
                inputs=_refs(inputs),
                outputs=_refs(outputs),
                input_structure=_value(input_structure),
                output_structure=_value(output_structure),
                layers=tuple(self._made[layer.integer()] for layer in layers.items()),
                own_params=own_params,
                own_trainable_params=own_trainable_params,
                own_bytes=own_bytes,
                how=_how(how),
                notes=tuple(note.text() for note in notes.items()),
                optimizer=optimizer.optional(self._optimizer),
                saveables=self._saveables(more),
            )
        except GraphError as error:
            raise place.error(str(error)) from error

    def _optimizer(self, place: Place) -> Optimizer:
        kind, params, size = self._fields(place, ("kind", "params", "bytes"))
        return Optimizer(kind=kind.text(), params=params.optional(Place.integer), bytes=size.optional(Place.integer))

    def _node(self, place: Place) -> Node:
        layer, inputs, outputs, call, implied = self._fields(place, ("layer", "inputs", "outputs", "call", "implied"))
        try:
            return Node(
                layer=self._made[layer.integer()],
                inputs=_refs(inputs),
                outputs=tuple(map(self._spec, outputs.items())),
                call=call.optional(self._call),
                implied=implied.boolean(),
            )
        except GraphError as error:
            raise place.error(str(error)) from error

    def _spec(self, place: Place) -> TensorSpec:
        shape, dtype = self._fields(place, ("shape", "dtype"))
        return TensorSpec(shape.optional(_shape), dtype.optional(Place.text))

    def _call(self, place: Place) -> Call:
        args, kwargs = self._fields(place, ("args", "kwargs"))
        return Call(tuple(map(_value, args.items())), tuple(map(_keyword, kwargs.items())))

    def _fields(self, place: Place, keys: tuple[str, ...]) -> tuple[Place, ...]:
        return place.fields(keys, more=self._more)


def _how(place: Place) -> How:
    try:
        return How(place.text())
    except ValueError:
        raise place.expected(f"one of {', '.join(How)}") from None


def _refs(place: Place) -> tuple[TensorRef | None, ...]:
    return tuple(ref.optional(_ref) for ref in place.items())


def _ref(place: Place) -> TensorRef:
    numbers = place.items()
    if len(numbers) != 2:
        raise place.error(f"expected the number of a node and that of its output, got {len(numbers)} items")
    return TensorRef(numbers[0].integer(), numbers[1].integer())


def _shape(place: Place) -> tuple[int | None, ...]:
    return tuple(axis.optional(Place.axis) for axis in place.items())


def _part(place: Place) -> tuple[str, int]:
    pair = place.items()
    if len(pair) != 2:
        raise place.error(f"expected attributes and a number, got {len(pair)} items")
    return pair[0].text(), pair[1].integer()


def _keyword(place: Place) -> tuple[str, Value]:
    pair = place.items()
    if len(pair) != 2:
        raise place.error(f"expected a name and a value, got {len(pair)} items")
    return pair[0].text(), _value(pair[1])


def _value(place: Place, depth: int = 1) -> Value:
    value = place.value
    if depth > MAX_DEPTH:
        raise place.error(f"nested more than {MAX_DEPTH} deep")
    if isinstance(value, float) and not math.isfinite(value):
        raise place.error(f"{value} is no value; expected the text '{value}'")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return tuple(_value(item, depth + 1) for item in place.items())
    if isinstance(value, dict):
        return _record(place, depth)
    raise place.expected("a value")


def _record(place: Place, depth: int) -> Record:
    if place.value == {"$": "_"}:
        return INPUT
    kind, items = place.fields(("$", "items"))
    return Record(kind.text(), tuple(sorted(_mapping(items, depth + 1), key=_key)))


def _key(item: tuple[str, Value]) -> str:
    return item[0]


def _mapping(place: Place, depth: int = 1) -> tuple[tuple[str, Value], ...]:
    return tuple((key, _value(value, depth)) for key, value in place.pairs())


def _digits(number: int) -> str:
    return str(number) if number < 10**12 else "with so large an id"
