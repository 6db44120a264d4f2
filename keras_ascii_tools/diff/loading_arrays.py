"""The arrays of a layer, and how Keras' own classes store them. Knows classes by name, no graphs and no files.

Another built-in layer that is made of parts: a line in `_PARTS`, or a function in `_SPLITS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from keras_ascii_tools.graph import Record, Value, Weight
from keras_ascii_tools.names import container_names

__all__ = ["Array", "Part", "Whole", "arrays_of", "called", "split", "stored_by"]

Settings = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Array:
    """One array, and whose it is."""

    layer: int
    """Id of the layer."""
    role: str
    """Its name and, of several arrays of that name in one layer, its number: `kernel`, `kernel 1`."""
    shape: tuple[int, ...]
    dtype: str
    trainable: bool = True

    @property
    def name(self) -> str:
        """Its name without its number."""
        return self.role.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Part:
    """An object inside a layer that Keras saves by itself."""

    path: str
    """The attributes that lead to it: `cell`, `cell/cells/lstm_cell_1`."""
    whole: Whole


@dataclass(frozen=True, slots=True)
class Whole:
    """One object that Keras saves: what it stores itself, and its parts."""

    kind: str
    arrays: tuple[Array, ...] | None = ()
    """Its own, in the order in which they are stored; `None` when not known."""
    lenient: bool = False
    """It does not look at how many arrays there are, as layers with LoRA do."""
    parts: tuple[Part, ...] = ()
    is_model: bool = False
    """A model stands here, whose layers are known elsewhere."""


def arrays_of(layer: int, weights: Sequence[Weight]) -> tuple[Array, ...]:
    """Return the arrays of a layer with their roles."""
    counts: dict[str, int] = {}
    found: list[Array] = []
    for weight in weights:
        name = weight.name.rpartition("/")[2].partition(":")[0]
        number = counts.get(name, 0)
        counts[name] = number + 1
        role = f"{name} {number}" if number else name
        found.append(Array(layer, role, weight.shape, weight.dtype, weight.trainable))
    return tuple(found)


def called(array: Array, arrays: Sequence[Array]) -> str:
    """Return what to call one of the arrays of an object: with a number only where there are several of its name."""
    name = array.name if sum(one.name == array.name for one in arrays) == 1 else array.role
    return f"array {name}" if name.isdigit() else name


_KERNEL: Final = (
    *("kernel", "bias", "inputs_scale", "inputs_amax_history", "kernel_scale", "kernel_amax_history"),
    *("outputs_grad_scale", "outputs_grad_amax_history", "kernel_zero", "g_idx"),
)
_CALIBRATED: Final = ("bias", "quantized_kernel", "kernel_scale", "kernel_zero", "awq_scales", "g_idx")
_TABLE: Final = (
    *("embeddings", "embeddings_scale", "embeddings_zero", "g_idx"),
    *("reverse_embeddings", "reverse_embeddings_scale", "reverse_embeddings_zero"),
)
_ORDERS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("Dense", "EinsumDense"), _KERNEL),
    **dict.fromkeys(("BaseConv", "Conv1D", "Conv2D", "Conv3D"), ("kernel", "bias")),
    **dict.fromkeys(("Embedding", "ReversibleEmbedding"), _TABLE),
}
"""Classes that store their arrays in an order of their own, and leave out those of LoRA, which they merge."""


def stored_by(kind: str, arrays: tuple[Array, ...] | None) -> Whole:
    """Return what an object without parts stores, given its own arrays in the order in which it has them."""
    order = _ORDERS.get(kind)
    if arrays is None or order is None:
        return Whole(kind, arrays)
    kept = [array for array in arrays if not array.name.startswith("lora_")]
    names = {array.name for array in kept}
    if "quantized_kernel" in names:
        order = _CALIBRATED
    if not names <= set(order):
        return Whole(kind, None)
    kept.sort(key=lambda array: order.index(array.name))
    return Whole(kind, tuple(kept), lenient=len(kept) < len(arrays))


def split(kind: str, settings: Settings, arrays: tuple[Array, ...] | None) -> Whole | None:
    """Return how a built-in layer is stored.

    Args:
        kind: Its class.
        settings: What differs from the default.
        arrays: All its arrays, in the order of `Layer.weights`; `None` when not known.

    Returns:
        `None` if that is not known: it is no built-in layer, or holds one that is none.
    """
    if kind in _RECURRENT:
        return Whole(kind, parts=(Part("cell", Whole(_RECURRENT[kind], arrays)),))
    rule = _SPLITS.get(kind)
    return stored_by(kind, arrays) if rule is None else rule(kind, settings, arrays)


Arrays = tuple[Array, ...] | None

_RECURRENT: Final = {
    **{kind: f"{kind}Cell" for kind in ("GRU", "LSTM", "SimpleRNN")},
    **{f"ConvLSTM{n}D": "ConvLSTMCell" for n in (1, 2, 3)},
}
_CELLS: Final = frozenset({"GRUCell", "LSTMCell", "SimpleRNNCell"})


def _runs(arrays: tuple[Array, ...], number: int) -> list[tuple[Array, ...]] | None:
    """Cut where a name comes again: parts of one class have arrays of the same names."""
    runs: list[list[Array]] = []
    for array in arrays:
        if not runs or array.name in {one.name for one in runs[-1]}:
            runs.append([])
        runs[-1].append(array)
    return [tuple(run) for run in runs] if len(runs) == number else None


def _shares(arrays: Arrays, number: int) -> Sequence[Arrays] | None:
    """Give each part its arrays; `None` if they cannot be told apart."""
    if arrays is None:
        return [None] * number
    return [()] * number if not arrays else _runs(arrays, number)


def _attention(*names: str) -> Callable[[str, Settings, Arrays], Whole | None]:
    """Projections, by the attributes that Keras finds them by, in the order in which they are made."""

    def rule(kind: str, settings: Settings, arrays: Arrays) -> Whole | None:
        present = [name for name in names if name != "_gate_dense" or settings.get("use_gate")]
        shares = _shares(arrays, len(present))
        if shares is None:
            return None
        parts = (Part(name, stored_by("EinsumDense", share)) for name, share in zip(present, shares, strict=True))
        return Whole(kind, parts=tuple(parts))

    return rule


def _time_distributed(kind: str, settings: Settings, arrays: Arrays) -> Whole | None:
    inner = _held(settings.get("layer"), arrays)
    return None if inner is None else Whole(kind, parts=(Part("layer", inner),))


def _held(value: Value, arrays: Arrays) -> Whole | None:
    """The layer in a setting."""
    if not isinstance(value, Record):
        return None
    if value.kind in {"Functional", "Sequential", "Model"}:
        return Whole(value.kind, is_model=True)
    return split(value.kind, dict(value.items), arrays) if value.kind else None


def _bidirectional(kind: str, settings: Settings, arrays: Arrays) -> Whole | None:
    forward = settings.get("layer")
    backward = settings.get("backward_layer")
    half = None if arrays is None else len(arrays) // 2
    if arrays is not None and (backward is not None or len(arrays) % 2):
        runs = _runs(arrays, 2) if arrays else [(), ()]
        if runs is None:
            return None
        half = len(runs[0])
    one = _held(forward, None if arrays is None else arrays[:half])
    other = _held(backward or forward, None if arrays is None else arrays[half:])
    if one is None or other is None:
        return None
    return Whole(kind, parts=(Part("backward_layer", other), Part("forward_layer", one)))


def _rnn(kind: str, settings: Settings, arrays: Arrays) -> Whole | None:
    cell = settings.get("cell")
    if not isinstance(cell, Record):
        return None
    if cell.kind in _CELLS:
        return Whole(kind, parts=(Part("cell", Whole(cell.kind, arrays)),))
    cells = cell.get("cells")
    if cell.kind != "StackedRNNCells" or not isinstance(cells, tuple):
        return None
    kinds = [one.kind for one in cells if isinstance(one, Record)]
    shares = _shares(arrays, len(cells))
    if shares is None or len(kinds) < len(cells) or not set(kinds) <= _CELLS:
        return None
    parts = tuple(
        Part(f"cells/{name}", Whole(one, share))
        for name, one, share in zip(container_names(kinds), kinds, shares, strict=True)
    )
    return Whole(kind, parts=(Part("cell", Whole(cell.kind, parts=parts)),))


def _spectral(kind: str, settings: Settings, arrays: Arrays) -> Whole | None:
    """It stores the kernel of the layer in it too."""
    if arrays is None:
        return Whole(kind, None)
    vector = tuple(array for array in arrays if array.name == "vector_u")
    rest = tuple(array for array in arrays if array.name != "vector_u")
    inner = _held(settings.get("layer"), rest)
    if inner is None or inner.is_model:
        return None
    kernel = tuple(array for array in rest if array.name in ("kernel", "embeddings"))[:1]
    return Whole(kind, (*kernel, *vector), parts=(Part("layer", inner),))


def _discretization(kind: str, settings: Settings, arrays: Arrays) -> Whole:
    """It takes whatever there is."""
    return Whole(kind, (), lenient=True)


def _lookup(kind: str, settings: Settings, arrays: Arrays) -> Whole:
    """A vocabulary is no weight; only what goes with its tokens is."""
    own: Arrays = () if settings.get("output_mode") != "tf_idf" else None
    parts = (Part("_lookup_layer", Whole("StringLookup", own, True)),) if kind == "TextVectorization" else ()
    return Whole(kind, own, True, parts)


def _foreign(kind: str, settings: Settings, arrays: Arrays) -> None:
    """They save what other frameworks, or code that is not in the graph, have made."""


_SPLITS: Final[dict[str, Callable[[str, Settings, Arrays], Whole | None]]] = {
    **dict.fromkeys(("FeatureSpace", "FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"), _foreign),
    **dict.fromkeys(("StringLookup", "IntegerLookup", "TextVectorization"), _lookup),
    **dict.fromkeys(
        ("GroupQueryAttention", "GroupedQueryAttention"),
        _attention("_query_dense", "_key_dense", "_gate_dense", "_value_dense", "_output_dense"),
    ),
    "Bidirectional": _bidirectional,
    "Discretization": _discretization,
    "MultiHeadAttention": _attention("query_dense", "key_dense", "_gate_dense", "value_dense", "output_dense"),
    "RNN": _rnn,
    "SpectralNormalization": _spectral,
    "TimeDistributed": _time_distributed,
}
