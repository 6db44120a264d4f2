"""Keras' own JSON of a model, of any era -> ModelGraph. Knows no files, and neither imports Keras nor runs anything.

What is not in the JSON, and follows from no rule, is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from keras_ascii_tools.errors import GraphError, SourceError
from keras_ascii_tools.graph import How, Layer, ModelGraph, Node, Shape, canonical, simplified
from keras_ascii_tools.notation.values import format_value
from keras_ascii_tools.read.built_with import built_with
from keras_ascii_tools.read.call_defaults import without_defaults
from keras_ascii_tools.read.config_entries import Entry, entry_of_raw, has_body, input_entry, layers_of
from keras_ascii_tools.read.config_layers import LayerMaker
from keras_ascii_tools.read.config_nodes import RawCall, Ref, calls_of_entry, shape_of, structure_of
from keras_ascii_tools.read.config_specs import Specs, specs_of, specs_of_inputs
from keras_ascii_tools.read.config_weights import ROOT, Place, WeightSource, groups_of
from keras_ascii_tools.read.config_wiring import Member, Wire, Wiring, wire
from keras_ascii_tools.read.guards import is_list, is_mapping
from keras_ascii_tools.read.plumbing import mark_implied
from keras_ascii_tools.read.releases import Release, release_of
from keras_ascii_tools.read.settings import settings_from_config

if TYPE_CHECKING:
    from keras_ascii_tools.read.stored import Stored

__all__ = ["graph_from_config"]

_MOST_LAYERS: Final = 20_000
_MOST_NODES: Final = 20_000
_DEEPEST: Final = 40
_MOST_SETTINGS: Final = 16
_LONGEST_SETTING: Final = 60
_MOST_LOOKS: Final = 20_000_000

NOT_BUILT: Final = "not built: the file has no input shape, so shapes and weights are not known"
FROM_WEIGHTS: Final = "its layers are those that the file has weights of; their order and settings are not in it"
NO_CALLS: Final = "the calls of its layers are not in the file: it is no functional or sequential model"


def graph_from_config(
    root: Mapping[str, object],
    *,
    inner: Sequence[Mapping[str, object]] = (),
    weights: Callable[[], Stored] | None = None,
    keep_names: bool = False,
    keras_version: str | None = None,
) -> ModelGraph:
    """Read what Keras writes of a model as JSON.

    Args:
        root: `config.json` of a `.keras` archive, `model_config` of an HDF5 file, or the result of `to_json()`.
        inner: Of a model that says neither layers nor calls: its layers, serialized, in their order.
        weights: Reads the arrays that the file has, for layers whose weights no rule knows.
        keep_names: Count automatic names as given.
        keras_version: The release that wrote the file, if it is known: some write a thing or two that they do not mean.

    Raises:
        SourceError: It is no model, or a damaged one.
    """
    reader = _Reader(keep_names, WeightSource(weights), release_of(keras_version))
    try:
        return reader.model(root, inner)
    except GraphError as error:
        raise SourceError(f"the file describes a model that cannot be: {error}") from error
    except RecursionError as error:
        raise SourceError("the model is nested too deeply to be read") from error
    except SourceError as error:
        if keras_version:
            raise SourceError(f"{error} (written by Keras {keras_version})") from error
        raise


class _Reader:
    """Reads a tree of models; keeps what must be the same throughout the tree."""

    def __init__(self, keep_names: bool, weights: WeightSource, release: Release) -> None:
        self._makes = LayerMaker(keep_names, weights, release)
        self._weights = weights
        self._layers = 0
        self._nodes = 0

    def model(self, root: Mapping[str, object], inner: Sequence[Mapping[str, object]]) -> ModelGraph:
        """Read the whole file."""
        entry = entry_of_raw(root)
        graph = self._graph(entry, ROOT)
        if graph is not None:
            twice = self._makes.names_in_several_models
            notes = (*self._weights.notes, *([_maybe_shared(twice)] if twice else []))
            return graph if not notes else replace(graph, notes=(*graph.notes, *notes))
        if entry.is_operation and "module" not in root:
            entry = entry._replace(module=None)  # a model's class may have the name of an operation: `Stack`
        if entry.module is not None and entry.module != "keras.models" and entry.module.partition(".")[0] == "keras":
            raise SourceError(f"expected the config of a model, got that of {entry.kind}; give a saved model")
        return self._without_calls(entry, inner)

    def _without_calls(self, entry: Entry, inner: Sequence[Mapping[str, object]]) -> ModelGraph:
        """A model whose class has the calls in Python: what is known of its layers, and of its weights."""
        entries = [entry_of_raw(raw) for raw in inner]
        places = _places(entry, entries, ROOT)
        layers = [
            self._makes.layer(one, self._body(one, place), None, place)
            for one, place in zip(entries, places, strict=True)
        ]
        notes = (NO_CALLS, *_own_settings(entry))
        if layers:
            return ModelGraph(**self._head(entry, layers), how=How.LAYERS_ONLY, notes=notes)
        stored = self._weights.stored
        layers = [] if stored is None else list(self._makes.stored(stored.tree))
        everything = stored.everything if stored is not None else 0  # without any, they may be elsewhere
        own = everything - sum(layer.params or 0 for layer in layers) if everything else None
        return ModelGraph(
            **self._head(entry, layers),
            own_params=own,
            own_trainable_params=0 if own == 0 and layers else None,
            own_bytes=None,
            how=How.WEIGHTS if layers else How.LAYERS_ONLY,
            notes=(*notes, *([FROM_WEIGHTS] if layers else []), *self._weights.notes),
            saveables=None if stored is None or not layers else self._makes.saveables(stored),
        )

    def _graph(self, entry: Entry, place: Place) -> ModelGraph | None:
        """Read the graph that an entry says, or return `None` if it says none."""
        if not has_body(entry):
            return None
        if place.depth > 2 * _DEEPEST:
            raise SourceError(f"models are nested deeper than {_DEEPEST} in the file; no model needs that")
        return self._sequential(entry, place) if entry.kind == "Sequential" else self._functional(entry, place)

    def _entries(self, entry: Entry) -> list[Entry]:
        found = layers_of(entry) or []
        self._layers += len(found)
        if self._layers > _MOST_LAYERS:
            raise SourceError(f"the file has more than {_MOST_LAYERS:,} layers; no model needs that")
        return [entry_of_raw(raw) for raw in found]

    def _functional(self, entry: Entry, place: Place) -> ModelGraph:
        entries = self._entries(entry)
        names = {one.name for one in entries if one.name is not None}
        legacy = _is_legacy(entries)
        members: list[Member] = []
        for number, one in enumerate(entries):
            calls = calls_of_entry(one.inbound, names)
            if legacy:
                from keras_ascii_tools.read.operations_of_tensorflow import as_operation

                entries[number], calls = as_operation(one, calls)
            from_one = has_body(one) and (legacy or one.kind != "Sequential")
            members.append(Member(one.name or "", calls, is_input=one.kind == "InputLayer", counts_from_one=from_one))
        input_structure, inputs = structure_of(entry.config.get("input_layers"))
        output_structure, outputs = structure_of(entry.config.get("output_layers"))
        wiring = wire(members, inputs, outputs, legacy=legacy)
        structures = {"input_structure": input_structure, "output_structure": output_structure}
        return self._assemble(entry, entries, wiring, structures, _places(entry, entries, place))

    def _sequential(self, entry: Entry, place: Place) -> ModelGraph:
        entries = self._entries(entry)
        shape = shape_of(entry.config.get("build_input_shape"))
        if entries and entries[0].kind != "InputLayer":
            given = entries[0].first_input or (self._made_for(entries[0], place) if shape is None else (shape, None))
            if given is not None:
                entries.insert(0, input_entry(*given))
        members = [
            Member(
                str(number),
                (RawCall(None, (Ref(str(number - 1), 0, 0),) if number else ()),),
                is_input=True,
                counts_from_one=False,
            )
            for number in range(len(entries))
        ]
        last = [Ref(str(len(entries) - 1), 0, 0)] if entries else []
        places = _places(entry, entries, place)
        if len(entries) > 1 and entries[0].kind == "InputLayer":
            wiring = wire(members, [Ref("0", 0, 0)], last, legacy=False)
            return self._assemble(entry, entries, wiring, {}, places)
        return self._unbuilt(entry, entries, wire(members, (), last, legacy=False), places)

    def _made_for(self, entry: Entry, place: Place) -> tuple[Shape, str | None] | None:
        """What a model that stands first in a chain takes: Keras 1 has no input layer before it."""
        body = self._body(entry, place)
        if body is None or len(body.inputs) != 1 or body.inputs[0] is None:
            return None
        spec = body.spec(body.inputs[0])
        return None if spec.shape is None else (spec.shape, spec.dtype)

    def _unbuilt(self, entry: Entry, entries: list[Entry], wiring: Wiring, places: list[Place]) -> ModelGraph:
        """A Sequential without an input shape: the chain is known, its shapes are not."""
        layers = [
            self._makes.layer(one, self._body(one, place), None, place)
            for one, place in zip(entries, places, strict=True)
        ]
        return ModelGraph(
            **self._head(entry, layers),
            nodes=tuple(Node(layer=layers[item.member], inputs=tuple(item.inputs)) for item in wiring.wires),
            outputs=wiring.outputs,
            how=How.UNBUILT,
            notes=(NOT_BUILT,),
        )

    def _assemble(
        self, entry: Entry, entries: list[Entry], wiring: Wiring, structures: dict[str, Any], places: list[Place]
    ) -> ModelGraph:
        self._nodes += len(wiring.wires)
        if self._nodes > _MOST_NODES:
            raise SourceError(f"the file has more than {_MOST_NODES:,} calls of layers; no model needs that")
        bodies = [self._body(one, place) for one, place in zip(entries, places, strict=True)]
        specs, first = _specs_and_first(entries, bodies, wiring)
        namesakes = [n for n, one in enumerate(entries) if self._makes.is_namesake(one, first.get(n), places[n])]
        if namesakes:
            for number in namesakes:
                entries[number] = entries[number]._replace(module=None)
            specs, first = _specs_and_first(entries, bodies, wiring)
        layers = [
            self._makes.layer(one, body, first.get(number), place)
            for number, (one, body, place) in enumerate(zip(entries, bodies, places, strict=True))
        ]
        nodes = [_node(layers[item.member], item, outputs) for item, outputs in zip(wiring.wires, specs, strict=True)]
        shown = layers[1:] if entry.kind == "Sequential" else layers
        graph = ModelGraph(
            **self._head(entry, [layer for layer in shown if not layer.is_operation]),
            **structures,
            nodes=tuple(nodes),
            inputs=wiring.inputs,
            outputs=wiring.outputs,
            notes=wiring.notes,
        )
        return canonical(mark_implied(graph) if _is_quick(graph) else graph)

    def _head(self, entry: Entry, layers: Sequence[Layer]) -> dict[str, Any]:
        named = self._makes.is_named(entry.name, entry.kind, entry.written)
        return {"kind": entry.kind, "name": entry.name, "named": named, "layers": tuple(layers)}

    def _body(self, entry: Entry, place: Place) -> ModelGraph | None:
        """The graph inside a layer: of a nested model, or of the model that a wrapper holds."""
        if entry.module != "keras.layers":
            return self._graph(entry, place)
        inner = entry.config.get("layer")
        if not is_mapping(inner) or not isinstance(inner.get("class_name"), str):
            return None
        held = entry_of_raw(inner)
        graph = self._graph(held, place.child(held.name, "layer"))
        return None if graph is None or graph.how is How.UNBUILT else graph


def _specs_and_first(
    entries: list[Entry], bodies: list[ModelGraph | None], wiring: Wiring
) -> tuple[list[Specs], dict[int, Specs]]:
    """The outputs of every call, and what each member is built with: what it is called on first."""
    specs = specs_of(entries, bodies, wiring)
    first: dict[int, Specs] = {}
    for item in wiring.wires:
        first.setdefault(item.member, built_with(item.template, specs_of_inputs(item, specs)))
    return specs, first


def _own_settings(entry: Entry) -> list[str]:
    """What the class of a model was called with, for a line of text."""
    settings = settings_from_config(entry.kind, entry.module, entry.config)
    if not settings:
        return []
    texts = [f"{key}={format_value(value)}"[:_LONGEST_SETTING] for key, value in settings[:_MOST_SETTINGS]]
    more = ", ..." if len(settings) > _MOST_SETTINGS else ""
    return [f"the model's own settings: {', '.join(texts)}{more}"]


def _maybe_shared(names: list[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:3]) + (", ..." if len(names) > 3 else "")
    return f"several models have layers named {shown}; whether they are shared is not in the file; taken for different"


def _places(entry: Entry, entries: list[Entry], place: Place) -> list[Place]:
    """Where the layers of a model stand in the file: operations have no group, nor has the input of a chain."""
    chain = entry.kind == "Sequential"
    counted = [one for one in entries if not one.is_operation and not (chain and one.kind == "InputLayer")]
    groups = dict(zip(map(id, counted), groups_of(one.kind for one in counted), strict=True))
    return [place.child(one.name, groups.get(id(one), "")) for one in entries]


def _is_quick(graph: ModelGraph) -> bool:
    """Whether masks can be looked for in no time: that takes a look at every node for each comparison."""
    comparisons = sum(node.layer.kind == "NotEqual" for node in graph.nodes)
    return comparisons * len(graph.nodes) < _MOST_LOOKS


def _node(layer: Layer, item: Wire, outputs: Specs) -> Node:
    call = None if item.template is None else simplified(without_defaults(layer, item.template))
    return Node(layer=layer, inputs=tuple(item.inputs), outputs=outputs, call=call)


def _is_legacy(entries: Sequence[Entry]) -> bool:
    """Tell whether calls are written as Keras 1 and 2 do; Keras 3 writes mappings."""
    for entry in entries:
        if is_list(entry.inbound) and entry.inbound:
            return not (is_mapping(entry.inbound[0]) and "args" in entry.inbound[0])
    return False
