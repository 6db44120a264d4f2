"""The shared vocabulary: a model as frozen data. Knows nothing of Keras, of files or of drawings.

A `Node` is one call of a `Layer`, as in Keras' own `keras.src.ops.node.Node`. A shared layer is one layer with several
nodes. Every constructor rejects what cannot be, so later stages never check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from keras_ascii_tools.errors import GraphError
from keras_ascii_tools.graph.saveables import Saveable, check_saveables
from keras_ascii_tools.graph.values import Call, Value, count_inputs

__all__ = ["Edge", "How", "Layer", "ModelGraph", "Node", "Optimizer", "TensorRef", "TensorSpec", "Weight"]

Shape = tuple[int | None, ...]

OPS_MODULE = "keras.ops"
"""Module of every Keras operation that is not a layer."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """What is known of one tensor."""

    shape: Shape | None = None
    """Batch axis included; a dynamic axis is `None`; a shape that is not known is `None`."""
    dtype: str | None = None
    """`None` when not known."""


@dataclass(frozen=True, slots=True, order=True)
class TensorRef:
    """One output of one node."""

    node: int
    """Index into `ModelGraph.nodes`."""
    output: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A tensor that is used: from an output of a node to an argument of a later one."""

    source: TensorRef
    node: int
    """Index of the consumer."""
    position: int
    """Which of the consumer's input tensors it is, in argument order."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One array of a layer."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    trainable: bool
    tied: bool = False
    """It also belongs to an earlier layer of the graph, where it is counted."""

    @property
    def size(self) -> int:
        """Number of scalars."""
        size = 1
        for axis in self.shape:
            size *= axis
        return size

    @property
    def bytes(self) -> int:
        """Size in memory, in whole bytes; sub-byte types are stored two to a byte by Keras, in int8."""
        return self.size * _ITEMSIZE.get(self.dtype, 4)


_ITEMSIZE = {
    **dict.fromkeys(("bool", "int8", "uint8", "float8_e4m3fn", "float8_e5m2"), 1),
    **dict.fromkeys(("int16", "uint16", "float16", "bfloat16"), 2),
    **dict.fromkeys(("int32", "uint32", "float32"), 4),
    **dict.fromkeys(("int64", "uint64", "float64", "complex64"), 8),
    "complex128": 16,
    "string": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer, or a Keras operation, apart from its calls."""

    id: int
    """The same number in two places of a tree of graphs means the same layer."""
    kind: str
    """Class name."""
    module: str | None = None
    """`keras.layers`, `keras.models`, `keras.ops`, or the module of a class from outside Keras; `None`: not known."""
    base: str | None = None
    """For a class from outside Keras: the nearest class of Keras that it derives from."""
    name: str | None = None
    named: bool = False
    """Whether a person gave the name. Automatic names are never identity."""
    settings: tuple[tuple[str, Value], ...] | None = ()
    """Settings that differ from the effective default, in the order of the signature; `None` when not known."""
    trainable: bool = True
    dtype_policy: str | None = None
    params: int | None = 0
    """Number of scalars in its weights; `None` when not known."""
    trainable_params: int | None = 0
    weights: tuple[Weight, ...] | None = None
    """Single arrays, inner layers' included; `None` when not known."""
    graph: ModelGraph | None = None
    """Body of a nested model or of a layer made of layers."""
    saveables: tuple[Saveable, ...] | None = field(default=None, compare=False)
    """For a class from outside Keras: itself and all in it that Keras saves; `None` when not known. Never part of
    equality, as attributes are no architecture; it decides whether old weights load."""

    def __post_init__(self) -> None:
        if self.named and not self.name:
            raise GraphError(f"layer {self.id} ({self.kind}) is said to be named and has no name")
        if (self.params is not None and self.params < 0) or (
            self.params is not None and self.trainable_params is not None and self.trainable_params > self.params
        ):
            raise GraphError(
                f"layer {self.id} ({self.kind}) cannot have {self.trainable_params} trainable of {self.params} weights"
            )
        check_saveables(self.saveables)

    @property
    def given_name(self) -> str | None:
        """The name if a person gave it."""
        return self.name if self.named else None

    @property
    def is_operation(self) -> bool:
        """Whether it is a call of `keras.ops` and not a layer."""
        return self.module == OPS_MODULE

    def setting(self, key: str, default: Value = None) -> Value:
        """Return a setting, or `default` when it has its default or is not known."""
        for name, value in self.settings or ():
            if name == key:
                return value
        return default


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One call of a layer."""

    layer: Layer
    inputs: tuple[TensorRef | None, ...] = ()
    """Tensors in argument order, repeats kept; `None` where a tensor's origin could not be followed."""
    outputs: tuple[TensorSpec, ...] = (TensorSpec(),)
    call: Call | None = None
    """The arguments, where they are more than the inputs one after the other or in one list."""
    implied: bool = False
    """Keras inserted it by itself (mask computation, casts)."""

    def __post_init__(self) -> None:
        if self.call is not None and count_inputs(self.call) != len(self.inputs):
            raise GraphError(
                f"the call of {self.layer.kind} has {count_inputs(self.call)} tensors, its node has {len(self.inputs)}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimizer:
    """The optimizer of a compiled model. Never part of equality."""

    kind: str
    params: int | None = None
    """Scalars that it keeps; `None` when not known, as of a saved model."""
    bytes: int | None = None


class How(StrEnum):
    """How a graph was obtained."""

    DECLARED = "declared"
    """The model says its graph: functional, sequential."""
    TRACED = "traced"
    """Found out by a symbolic call."""
    RECORDED = "recorded"
    """Inner layers' calls as they happened; edges that could not be followed are unknown."""
    LAYERS_ONLY = "layers only"
    """Only the tree of layers is known; there are no edges."""
    WEIGHTS = "weights only"
    """Only the layers that a file has weights of are known; their order, settings and calls are not."""
    UNBUILT = "not built"
    """The model has not been built: shapes and weights are not known."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelGraph:
    """A model: calls of layers and the tensors between them.

    Equality compares what makes an architecture (see `facts.py`); it does not see how the graph was obtained, automatic
    names, implied nodes, weight names, single weight shapes or the optimizer.
    """

    kind: str = "Functional"
    """Class name of the model."""
    name: str | None = None
    named: bool = False
    """Whether a person gave the name."""
    nodes: tuple[Node, ...] = ()
    """In an order in which every tensor is made before it is used."""
    inputs: tuple[TensorRef | None, ...] = ()
    outputs: tuple[TensorRef | None, ...] = ()
    """In the order of `keras.Model.outputs`; `None` where an output could not be followed."""
    input_structure: Value = None
    """Nested lists and mappings with `INPUT` for each tensor; `None` for one tensor or a flat list."""
    output_structure: Value = None
    layers: tuple[Layer, ...] = ()
    """In the order of `keras.Model.layers`, which addresses weights; also layers that no node calls."""
    own_params: int | None = 0
    """Scalars in weights that belong to the model itself and to none of its layers."""
    own_trainable_params: int | None = 0
    own_bytes: int | None = 0
    how: How = How.DECLARED
    notes: tuple[str, ...] = ()
    """What a reader could not find out, and what to do about it; one line each."""
    optimizer: Optimizer | None = None
    saveables: tuple[Saveable, ...] | None = None
    """As in `Layer`, for a model of a class from outside Keras."""

    def __post_init__(self) -> None:
        by_id: dict[int, Layer] = {}
        for index, node in enumerate(self.nodes):
            known = by_id.setdefault(node.layer.id, node.layer)
            if known is not node.layer and known != node.layer:
                raise GraphError(f"two different layers have the id {node.layer.id}: {known.kind}, {node.layer.kind}")
            for ref in node.inputs:
                if ref is not None:
                    self._check(ref, before=index, whose=f"node {index} ({node.layer.kind})")
        for what, refs in (("inputs", self.inputs), ("outputs", self.outputs)):
            for ref in refs:
                if ref is not None:
                    self._check(ref, before=len(self.nodes), whose=f"the model's {what}")
        for what, structure, refs in (
            ("input", self.input_structure, self.inputs),
            ("output", self.output_structure, self.outputs),
        ):
            if structure is not None and count_inputs(structure) != len(refs):
                raise GraphError(
                    f"the {what} structure has {count_inputs(structure)} tensors, the model has {len(refs)}"
                )
        check_saveables(self.saveables)

    def _check(self, ref: TensorRef, *, before: int, whose: str) -> None:
        if not 0 <= ref.node < before:
            raise GraphError(f"{whose} uses node {ref.node}, which does not come before it")
        if not 0 <= ref.output < len(self.nodes[ref.node].outputs):
            raise GraphError(f"{whose} uses output {ref.output} of node {ref.node}, which has no such output")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModelGraph):
            return NotImplemented
        from keras_ascii_tools.graph.facts import architecture

        return self is other or architecture(self) == architecture(other)

    def __hash__(self) -> int:
        return hash((self.kind, len(self.outputs)))

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        return f"<ModelGraph {self.kind}{name}: {len(self.nodes)} nodes, {self.how.value}>"

    def conflicts(self, other: ModelGraph) -> tuple[str, ...]:
        """Return the facts that both graphs know and that differ, one line each, in node order."""
        from keras_ascii_tools.graph.facts import conflicts

        return conflicts(self, other)

    @property
    def given_name(self) -> str | None:
        """The name if a person gave it."""
        return self.name if self.named else None

    @property
    def edges(self) -> Iterator[Edge]:
        """Every use of a tensor whose origin is known, by consumer and then by argument."""
        for index, node in enumerate(self.nodes):
            for position, ref in enumerate(node.inputs):
                if ref is not None:
                    yield Edge(ref, index, position)

    def spec(self, ref: TensorRef) -> TensorSpec:
        """Return what is known of a tensor of this graph."""
        return self.nodes[ref.node].outputs[ref.output]

    def _total(self, what: str) -> int | None:
        from keras_ascii_tools.graph.totals import total

        return total(self, what)

    @property
    def dtype_policy(self) -> str | None:
        """The policy of most layers (bodies not entered), the alphabetically first of several; `None` without any."""
        counts: dict[str, int] = {}
        for layer in all_layers(self):
            if layer.dtype_policy is not None:
                counts[layer.dtype_policy] = counts.get(layer.dtype_policy, 0) + 1
        return min(counts, key=lambda policy: (-counts[policy], policy), default=None)

    @property
    def params(self) -> int | None:
        """Number of scalars in all weights, each counted once; `None` when a layer's is not known."""
        return self._total("params")

    @property
    def trainable_params(self) -> int | None:
        """Number of scalars in trainable weights, each counted once."""
        return self._total("trainable_params")

    @property
    def bytes(self) -> int | None:
        """Size of all weights in memory, in bytes, each counted once; `None` when a layer's arrays are not known."""
        return self._total("bytes")


def all_layers(graph: ModelGraph) -> Iterator[Layer]:
    """Yield every layer of one graph (bodies not entered) once: in `layers` order, then operations in node order."""
    seen: set[int] = set()
    for layer in (*graph.layers, *(node.layer for node in graph.nodes)):
        if layer.id not in seen:
            seen.add(layer.id)
            yield layer
