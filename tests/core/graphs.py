"""Random graphs of models, for properties. Every graph here is one that a front end could have made.

That is more than what the constructors ask for: an operation has no weights and no policy, an InputLayer has no policy,
`layers` holds every layer that a node calls, a graph of which only the layers are known has no edges, and an id stands
for one layer in the whole tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypedDict, TypeVar

from hypothesis import strategies as st

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
    TensorRef,
    TensorSpec,
    Value,
    Weight,
)

__all__ = ["model_graphs", "names", "specs", "values"]

_T = TypeVar("_T")

# Names that were trouble somewhere: for quoting, terminals, HTML, Markdown, CI logs, and for the notation's own words.
ODD_NAMES = (
    "enc1/conv-2:a.b",
    "unknown",
    "none",
    "None",
    "a b",
    "a  b   c",
    " padded ",
    'say "hi"',
    "back\\slash",
    "line\nbreak\r\n",
    "tab\there",
    "\x1b[31mred\x1b[0m",
    "\x7f\x00\x9b",
    "\u202egnirts\u2066",
    "zero\u200bwidth\u200d\ufeff",
    "émil",
    "e\u0301mil",
    "層の名前",
    "🧠 brain",
    "\ud800 lone",
    "<script>alert(1)</script>",
    "]]>&amp;",
    "```",
    "@everyone #12",
    "::error::x",
    "=^3",
    "-",
    "?",
    "(4 5)",
    "12",
    "1,024",
    "*",
    "'",
    "#",
    "{...}",
    "->1",
    "x" * 300,
    "dense_1",
)
KINDS = ("Dense", "Conv2D", "Add", "Concatenate", "LSTM", "MyLayer")
ODD_KINDS = ("Größe", "<lambda>", "My Layer", "Layer[int]", "x" * 60)
MODEL_KINDS = ("Functional", "Sequential", "MyModel")
OPERATIONS = ("Add", "GetItem", "Einsum", "NotEqual", "my_op")
MODULES = ("keras.layers", "mypkg.layers", None)
DTYPES = ("float32", None, "float16", "int32", "bool", "string", "float8_e4m3fn", "odd dtype")
POLICIES = ("float32", None, "mixed_float16", "bfloat16", "int8_from_mixed_bfloat16", "my policy")
KEYS = ("units", "filters", "activation", "kernel_size", "p", "odd key", "é", "a=b", "F", "$", "_", "None")


@cache
def names() -> st.SearchStrategy[str]:
    """Names that a person could have given: mostly plain ones."""
    plain = st.sampled_from(("a", "b", "conv", "head", "enc_conv"))
    return st.one_of(plain, plain, st.sampled_from(ODD_NAMES), st.text(min_size=1, max_size=8))


@cache
def values(*, max_leaves: int = 4) -> st.SearchStrategy[Value]:
    """Settings and constants of every form."""
    plain = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 300),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(("relu", "same", "nan", "inf", "_", "None", "True", "1", "-1.5", "mypkg>fn", "")),
        names(),
    )
    return st.recursive(plain, _nested, max_leaves=max_leaves)


def _nested(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    kinds = st.sampled_from(("", "L2", "array", "_", "None", "odd kind", "pkg>Kind"))
    items = st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(lambda found: tuple(sorted(found.items())))
    # A call of nothing but `_` stands for a tensor, so no setting is one.
    records = st.builds(Record, kinds, items).filter(lambda record: record != INPUT)
    return st.one_of(st.lists(inner, max_size=3).map(tuple), records)


@cache
def specs() -> st.SearchStrategy[TensorSpec]:
    """What is known of a tensor."""
    axis = st.one_of(st.integers(1, 64), st.none(), st.sampled_from((0, 10**15)))
    known = st.one_of(axis.map(lambda last: (None, last)), st.lists(axis, max_size=4).map(tuple))
    return st.builds(TensorSpec, st.one_of(known, known, st.none()), st.sampled_from(DTYPES))


@st.composite
def model_graphs(draw: st.DrawFn, *, max_nodes: int = 8, max_depth: int = 2, implied: bool = True) -> ModelGraph:
    """Random graphs.

    Shared layers (also across bodies), repeated and unknown inputs, nodes without, with one and with several outputs,
    used and dangling ones, calls with constants and keywords, nested bodies, uncalled layers, structures, and unknown
    facts of every sort.

    Args:
        draw: Given by hypothesis.
        max_nodes: In each graph of the tree.
        max_depth: How deep bodies are nested.
        implied: Some nodes are marked as inserted by Keras.
    """
    return _Maker(draw, implied=implied).graph(max_nodes, max_depth, top=True)


# Made once: hypothesis checks a new strategy before it draws from it, which takes longer than to draw a whole graph.
@cache
def _up_to(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number)


_SHAPES = st.lists(_up_to(9), max_size=3).map(tuple)
_WEIGHT = st.builds(
    Weight,
    names(),
    _SHAPES,
    st.sampled_from(("float32", "int8", "bfloat16")),
    st.booleans(),
    _up_to(4).map(lambda n: n == 4),
)
_WEIGHTS = st.lists(_WEIGHT, max_size=3).map(tuple)
_SPECS = st.lists(specs(), max_size=3).map(tuple)
_NOTES = st.lists(names(), max_size=2).map(tuple)


class _Maker:
    """Makes one tree of graphs. First choices are the simplest, so that hypothesis shrinks towards them."""

    def __init__(self, draw: st.DrawFn, *, implied: bool) -> None:
        self._draw = draw
        self._implied = implied
        self._finished: list[Layer] = []
        """Any later call, in any graph of the tree, may share these."""
        self._id = 0

    def pick(self, options: Sequence[_T]) -> _T:
        return options[self.number(len(options) - 1)]

    def number(self, most: int) -> int:
        return self._draw(_up_to(most)) if most else 0

    def rarely(self) -> bool:
        return self.number(4) == 4

    # Graphs

    def graph(self, size: int, depth: int, *, top: bool = False) -> ModelGraph:
        how = self.pick((How.DECLARED, How.DECLARED, How.DECLARED, *How))
        nodes: list[Node] = []
        for _ in range(self.number(size)):
            nodes.append(self._node(self._layer(depth), [] if how is How.LAYERS_ONLY else _tensors(nodes)))
        ends: list[TensorRef | None] = [] if how is How.LAYERS_ONLY else [None, *_tensors(nodes)]
        inputs, outputs = self._refs(ends), self._refs(ends)
        own = self._counts() if self.rarely() else (0, 0)
        return ModelGraph(
            kind=self.pick(MODEL_KINDS),
            **self._name("functional"),
            nodes=tuple(nodes),
            inputs=inputs,
            outputs=outputs,
            input_structure=self._structure(len(inputs)) if self.rarely() else None,
            output_structure=self._structure(len(outputs)) if self.rarely() else None,
            layers=self._layers(nodes, depth),
            own_params=own[0],
            own_trainable_params=own[1],
            own_bytes=None if own[0] is None else own[0] * 4,
            how=how,
            notes=self._draw(_NOTES) if self.rarely() else (),
            optimizer=Optimizer(kind="Adam", params=2, bytes=8) if top and self.rarely() else None,
        )

    def _refs(self, tensors: Sequence[TensorRef | None]) -> tuple[TensorRef | None, ...]:
        if not tensors:
            return ()
        last = len(tensors) - 1
        return tuple(tensors[last - self.number(last)] for _ in range(self.pick((1, 1, 1, 0, 2, 2, 3, 4))))

    def _node(self, layer: Layer, tensors: Sequence[TensorRef]) -> Node:
        inputs = () if layer.kind == "InputLayer" else self._refs(tensors)
        if inputs and self.rarely():
            inputs = (*inputs, None)
        return Node(
            layer=layer,
            inputs=inputs,
            outputs=self._draw(_SPECS) if self.rarely() else (self._draw(specs()),),
            call=self._call(len(inputs)) if self.rarely() else None,
            implied=self._implied and self.number(9) == 9,
        )

    def _layers(self, nodes: Sequence[Node], depth: int) -> tuple[Layer, ...]:
        found = {node.layer.id: node.layer for node in nodes}
        for _ in range(self.pick((0, 0, 0, 1, 2))):
            layer = self._layer(depth)
            found.setdefault(layer.id, layer)
        layers = [layer for layer in found.values() if not layer.is_operation]
        if len(layers) > 1 and self.rarely():
            layers.append(layers.pop(self.number(len(layers) - 1)))
        return tuple(layers)

    # Layers

    def _layer(self, depth: int) -> Layer:
        """A new layer, or one that has been made, here or in a body."""
        if self._finished and self.rarely():
            return self.pick(self._finished)
        make = self.pick((self._plain, self._plain, self._input, self._operation, self._owner))
        layer = self._owner(depth) if make == self._owner else make()
        self._finished.append(layer)
        return layer

    def _next(self) -> int:
        self._id += 1
        return self._id

    def _plain(self, body: ModelGraph | None = None) -> Layer:
        kind = self.pick((*KINDS, *KINDS, *ODD_KINDS))
        module = self.pick(MODULES) if kind in KINDS else "mypkg"
        weights, (params, trainable) = self._weights() if self.rarely() else (None, self._counts())
        return Layer(
            id=self._next(),
            kind=kind,
            module=module,
            base="Layer" if module == "mypkg" else None,
            **self._name(kind.lower()),
            settings=None if self.rarely() else self._settings(),
            trainable=not self.rarely(),
            dtype_policy=self.pick(POLICIES),
            params=params,
            trainable_params=trainable,
            weights=weights,
            graph=body,
        )

    def _owner(self, depth: int = 0) -> Layer:
        """A nested model, or a layer made of layers."""
        body = self.graph(3, depth - 1) if depth else None
        if body is None or self.rarely():
            return self._plain(body)
        return Layer(
            id=self._next(),
            kind=body.kind,
            module="mypkg" if body.kind == "MyModel" else "keras.models",
            name=body.name,
            named=body.named,
            trainable=not self.rarely(),
            dtype_policy=self.pick(POLICIES),
            params=body.params,
            trainable_params=None if body.params is None else body.trainable_params,
            graph=body,
        )

    def _input(self) -> Layer:
        return Layer(id=self._next(), kind="InputLayer", module="keras.layers", **self._name("input_layer"))

    def _operation(self) -> Layer:
        kind = self.pick(OPERATIONS)
        return Layer(
            id=self._next(), kind=kind, module=OPS_MODULE, **self._name(kind.lower()), settings=self._settings()
        )

    def _name(self, automatic: str) -> _Name:
        if self.number(1):
            return {"name": self._draw(names()), "named": True}
        return {"name": self.pick((None, f"{automatic}_1")), "named": False}

    def _settings(self) -> tuple[tuple[str, Value], ...]:
        keys = list(KEYS)
        return tuple(
            (keys.pop(self.number(len(keys) - 1)), self._draw(values())) for _ in range(self.pick((0, 0, 1, 1, 2)))
        )

    def _counts(self) -> tuple[int | None, int | None]:
        total = self.pick((0, 8, 1290, 12_345_678, None))
        if total is None:
            return None, None
        return total, self.pick((total, 0, total // 3, None))

    def _weights(self) -> tuple[tuple[Weight, ...], tuple[int, int]]:
        """Arrays, and what they sum up to."""
        found = self._draw(_WEIGHTS)
        counted = [weight for weight in found if not weight.tied]
        return found, (sum(w.size for w in counted), sum(w.size for w in counted if w.trainable))

    # Calls and structures

    def _structure(self, tensors: int) -> Value:
        """Lists and mappings with exactly this many tensors."""
        return INPUT if tensors == 1 and self.number(1) else self._grouped([INPUT] * tensors)

    def _call(self, tensors: int) -> Call:
        """Exactly this many tensors, among constants, in positional and keyword arguments."""
        first = tensors - self.number(tensors)
        args = tuple(map(self._argument, self._split(first)))
        keys = ["training", "mask", *KEYS]
        kwargs = [
            (keys.pop(self.number(len(keys) - 1)), self._argument(count)) for count in self._split(tensors - first)
        ]
        return Call(args, tuple(kwargs))

    def _split(self, count: int) -> list[int]:
        """Split a number into up to three; some may be zero."""
        parts = [0] * (self.number(2) + (count > 0))
        for _ in range(count):
            parts[self.number(len(parts) - 1)] += 1
        return parts

    def _argument(self, tensors: int) -> Value:
        if not tensors:
            return self._draw(values())
        if tensors == 1 and not self.rarely():
            return INPUT
        items: list[Value] = [INPUT] * tensors
        if self.rarely():
            items.insert(self.number(tensors), self._draw(values()))
        return self._grouped(items)

    def _grouped(self, items: list[Value]) -> Value:
        """Put items into a list or a mapping, the first of them into one more, in their order."""
        if len(items) > 1 and self.rarely():
            cut = 1 + self.number(len(items) - 2)
            items = [self._grouped(items[:cut]), *items[cut:]]
        if len(items) <= len(KEYS) and self.rarely():
            return Record("", tuple(zip(sorted(KEYS)[: len(items)], items, strict=True)))
        return tuple(items)


class _Name(TypedDict):
    name: str | None
    named: bool


def _tensors(nodes: Sequence[Node]) -> list[TensorRef]:
    return [TensorRef(index, output) for index, node in enumerate(nodes) for output in range(len(node.outputs))]
