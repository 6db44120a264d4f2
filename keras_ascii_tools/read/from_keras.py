"""A live Keras model -> ModelGraph. Touches Keras objects, as only its `live_...` and `tracing` do beside it.

Reads, never writes: the model and Keras' global state are left as found. Knows nothing of files or drawings.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keras_ascii_tools.collector import no_search_for_cycles
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import How, Layer, ModelGraph, Node, Optimizer, TensorRef, canonical, without_implied
from keras_ascii_tools.names import is_automatic
from keras_ascii_tools.read.declared import calls_of
from keras_ascii_tools.read.live_layers import LayerReader, own_weights, weights_of
from keras_ascii_tools.read.live_models import (
    batch_of,
    children_of,
    declared_in,
    functional_of,
    has_keras_call,
    has_weights_to_come,
    is_builtin,
    is_chain,
    is_keras_2,
    is_keras_layer,
    is_keras_model,
    stays_closed,
)
from keras_ascii_tools.read.plumbing import mark_implied
from keras_ascii_tools.read.tensors import Calls, to_nodes, to_structure
from keras_ascii_tools.read.tracing import RecordedCall, Trace, inputs_like, traced

__all__ = ["is_keras_2", "is_keras_layer", "is_keras_model", "read_model"]

HINT_BUILD = "not built: call model.build(input_shape), or pass input_shape=(None, ...), to see shapes and weights"
NO_CALL = "its class has no call(), which would connect its layers"
NOTE_LATE = "not all of its layers are built: their weights are those that a first call will make"


def read_model(model: Any, *, inputs: Any = None, keep_names: bool = False) -> ModelGraph:
    """Read a live model, or a layer that is made of layers.

    Args:
        model: A `keras.Model` of any kind, built or not, or a `keras.layers.Layer`.
        inputs: What to call a model with whose graph is not declared: a shape (batch axis included), or a list or dict
            of shapes or of tensors. Default: the shapes that the build recorded.
        keep_names: Count automatic names as given.

    Raises:
        SourceError: The object is neither a model nor a layer.
    """
    if not is_keras_layer(model):
        raise SourceError(
            f"expected a Keras model, got {type(model).__name__}; give a keras.Model or a saved one's path"
        )
    with no_search_for_cycles():
        return _GraphReader(keep_names).graph(model, inputs)


class _GraphReader:
    """Reads a tree of models; keeps what must be the same throughout the tree: layers, and their ids."""

    def __init__(self, keep_names: bool) -> None:
        self.keep_names = keep_names
        self.layers = LayerReader(keep_names, self._body)
        self._graphs: dict[int, ModelGraph | None] = {}
        self._open: set[int] = set()
        self._in_trace = False

    def graph(self, model: Any, inputs: Any = None) -> ModelGraph:
        """Read a model by the best route that it allows."""
        functional = declared_in(model)
        if functional is not None:
            return self._assemble(model, calls_of(functional), How.DECLARED, ())
        if is_chain(model):
            return self._unbuilt_chain(model, inputs)
        if is_builtin(model) and not is_keras_model(model):
            # One of Keras' own layers, alone: it stays closed.
            return ModelGraph(kind=type(model).__name__, layers=(self.layers.layer(model),), how=How.LAYERS_ONLY)
        return self._traced(model, inputs)

    def _traced(self, model: Any, inputs: Any) -> ModelGraph:
        if functional_of(model) is None and has_keras_call(model):
            return self._layers_only(model, How.LAYERS_ONLY, (NO_CALL,))
        early = has_weights_to_come(model)
        notes = (NOTE_LATE,) if early and getattr(model, "built", False) else ()
        with traced(model, inputs=inputs) as outcome:
            if early and outcome.trace is not None:
                # Inside, what is not built has the weights that it would have.
                return self._of_trace(model, replace(outcome.trace, notes=(*outcome.trace.notes, *notes)))
        if outcome.trace is not None:
            return self._of_trace(model, outcome.trace)
        if not getattr(model, "built", True):
            return self._layers_only(model, How.UNBUILT, (HINT_BUILD, outcome.reason))
        return self._layers_only(model, How.LAYERS_ONLY, (f"the calls of its layers are not known: {outcome.reason}",))

    def _of_trace(self, model: Any, found: Trace) -> ModelGraph:
        calls = Calls(found.calls, found.inputs, found.input_structure, found.outputs)
        outside, self._in_trace = self._in_trace, True
        try:
            return self._assemble(model, calls, How(found.how), found.notes)
        finally:
            self._in_trace = outside

    def _assemble(self, model: Any, calls: Calls, how: How, notes: tuple[str, ...]) -> ModelGraph:
        for call in calls.calls:
            self.layers.add(call)
        nodes, place = to_nodes(calls, self.layers.layer, self.layers.input_layer)
        head = self._head(model)
        called = {node.layer.id for node in nodes}
        head["layers"] = tuple(layer if layer.id in called else _idle(layer) for layer in head["layers"])
        graph = ModelGraph(
            **head,
            nodes=nodes,
            inputs=tuple(place.get(id(tensor)) for tensor in calls.flat_inputs),
            outputs=tuple(place.get(id(tensor)) for tensor in calls.flat_outputs),
            input_structure=to_structure(calls.inputs),
            output_structure=to_structure(calls.outputs),
            how=how,
            notes=notes,
        )
        return canonical(mark_implied(graph))

    def _unbuilt_chain(self, model: Any, inputs: Any) -> ModelGraph:
        """A Sequential without an input shape: the chain is known, its shapes are not."""
        if inputs is not None:
            # Inside, the model is built for these inputs, and declares its graph as any built Sequential.
            with traced(model, inputs=inputs):
                functional = declared_in(model)
                if functional is not None:
                    return self._assemble(model, calls_of(functional), How.DECLARED, ())
        nodes: list[Node] = []
        for layer in model.layers:
            previous = (TensorRef(len(nodes) - 1),) if nodes else ()
            nodes.append(Node(layer=self.layers.layer(layer), inputs=previous))
        outputs = (TensorRef(len(nodes) - 1),) if nodes else ()
        return ModelGraph(
            **self._head(model), nodes=tuple(nodes), outputs=outputs, how=How.UNBUILT, notes=(HINT_BUILD,)
        )

    def _layers_only(self, model: Any, how: How, notes: tuple[str, ...]) -> ModelGraph:
        return ModelGraph(**self._head(model), how=how, notes=tuple(note for note in notes if note))

    def _head(self, model: Any) -> dict[str, Any]:
        """What every route knows of a model."""
        kind = type(model).__name__
        name = getattr(model, "name", None)
        children = children_of(model)
        params, trainable, size = own_weights(model, children)
        return {
            "kind": kind,
            "name": name,
            "named": bool(name) and (self.keep_names or not is_automatic(name, kind)),
            "layers": tuple(self.layers.layer(child) for child in children),
            "own_params": params,
            "own_trainable_params": trainable,
            "own_bytes": size,
            "optimizer": _optimizer(model),
            "saveables": self.layers.saveables(model),
        }

    def _body(self, layer: Any, call: RecordedCall | None) -> ModelGraph | None:
        """The graph inside a layer, if it has one that is to be known; each layer is opened once."""
        if id(layer) in self._graphs:
            return self._graphs[id(layer)]
        if id(layer) in self._open:
            return None
        self._open.add(id(layer))
        try:
            graph = self._read_body(layer, call)
        finally:
            self._open.discard(id(layer))
        self._graphs[id(layer)] = graph
        return graph

    def _of_any_batch(self, model: Any, call: RecordedCall | None) -> ModelGraph | None:
        """Read a chain that declares the batch it happened to be built on, though a traced model calls it with any."""
        if (
            call is None
            or not self._in_trace
            or not is_chain(model)
            or batch_of(*(model.inputs or ())) is None
            or batch_of(*call.args) is not None
        ):
            return None
        graph = self._traced(model, inputs_like(call))
        return replace(without_implied(graph), how=How.DECLARED, notes=()) if graph.how is How.TRACED else None

    def _read_body(self, layer: Any, call: RecordedCall | None) -> ModelGraph | None:
        if declared_in(layer) is not None or is_chain(layer):
            return (self._of_any_batch(layer, call) if self._in_trace and call is not None else None) or self.graph(
                layer
            )
        inner = getattr(layer, "layer", None)
        if stays_closed(layer):
            return self.graph(inner) if is_keras_model(inner) and declared_in(inner) is not None else None
        if not children_of(layer):
            return None
        if call is None:
            return self._layers_only(layer, How.LAYERS_ONLY, ())
        return self._traced(layer, inputs_like(call))


def _idle(layer: Layer) -> Layer:
    """A layer that a built model never calls: if it is not built, it has no weights, and nothing will give it any."""
    return layer if layer.params is not None else replace(layer, params=0, trainable_params=0, weights=())


def _optimizer(model: Any) -> Optimizer | None:
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    weights = weights_of(getattr(optimizer, "variables", ()))
    return Optimizer(
        kind=type(optimizer).__name__,
        params=sum(weight.size for weight in weights),
        bytes=sum(weight.bytes for weight in weights),
    )
