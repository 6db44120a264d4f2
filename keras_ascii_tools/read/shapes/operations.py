"""Shapes of `keras.ops`. Knows what is written of a call, no values of tensors.

Only operations whose output a shape alone decides are here; what is missing is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from keras_ascii_tools.graph import INPUT, Record, Shape, Value
from keras_ascii_tools.read.guards import is_list
from keras_ascii_tools.read.shapes.kit import (
    Axis,
    Rule,
    Situation,
    axis_of,
    broadcast,
    integer,
    integers,
    reshaped,
)

__all__ = ["OPERATIONS", "SAME_OPERATIONS"]

SAME_OPERATIONS: Final = frozenset(
    """Abs Absolute Arccos Arccosh Arcsin Arcsinh Arctan Arctanh BitwiseNot Cast Cbrt Ceil Celu Clip Conj Copy Cos Cosh
    Deg2rad Elu Erf Erfinv Exp Exp2 Expm1 Flip Floor Gelu HardShrink HardSigmoid HardSilu HardSwish HardTanh Imag
    Invert Isfinite Isinf Isnan LeakyRelu Log Log10 Log1p Log2 LogSigmoid LogSoftmax LogicalNot Negative
    OnesLike Rad2deg Real Reciprocal Relu Relu6 Roll Round Rsqrt Selu Sigmoid Sign Silu Sin Sinh SoftShrink Softmax
    Softplus Softsign Sparsemax SparsePlus SparseSigmoid Sqrt Square SquarePlus StopGradient Swish Tan Tanh TanhShrink
    Threshold Tril Triu Trunc ZerosLike""".split()  # noqa: SIM905 - one name per line would be 90 lines
)
"""Operations on each element of one tensor."""

_MOST_PARTS: Final = 4_096
_BINARY: Final = """Add Arctan2 BitwiseAnd BitwiseOr BitwiseXor Divide DivideNoNan Equal FloorDivide Greater
GreaterEqual Hypot Less LessEqual Logaddexp LogicalAnd LogicalOr LogicalXor Maximum Minimum Mod Multiply NotEqual Power
Subtract TrueDivide"""
_REDUCING: Final = "All Amax Amin Any Argmax Argmin CountNonzero Logsumexp Max Mean Median Min Prod Std Sum Var"


class _Arguments(NamedTuple):
    """The arguments of a call, with the shapes of tensors in their places."""

    positional: tuple[object, ...]
    named: dict[str, object]
    config: dict[str, object]

    def get(self, position: int, name: str) -> object:
        """Return an argument by its place or its name; operations hold some of them as settings."""
        if position < len(self.positional):
            return self.positional[position]
        return self.named.get(name, self.config.get(name))


@dataclass(frozen=True, slots=True)
class _Tensor:
    shape: Shape


def _arguments(given: Situation) -> _Arguments:
    left = list(given.inputs)
    call = given.call

    def filled(value: Value) -> object:
        if value == INPUT:
            return _Tensor(left.pop(0))
        if isinstance(value, tuple):
            return [filled(item) for item in value]
        return value

    if call is None:
        return _Arguments(tuple(_Tensor(shape) for shape in given.inputs), {}, dict(given.config))
    positional = tuple(filled(value) for value in call.args)
    return _Arguments(positional, {key: filled(value) for key, value in call.kwargs}, dict(given.config))


def _shape_in(value: object) -> Shape:
    """The shape of a tensor or of a constant."""
    if isinstance(value, _Tensor):
        return value.shape
    if isinstance(value, bool | int | float):
        return ()
    if isinstance(value, Record) and value.kind == "array":
        return tuple(integers(value.get("shape")))
    raise ValueError


def _tensors_of(given: Situation, name: str) -> list[Shape]:
    """The tensors in the list that is the first argument."""
    if given.call is None:
        return list(given.inputs)
    value = _arguments(given).get(0, name)
    if not is_list(value) or not value:
        raise ValueError
    return [_shape_in(item) for item in value]


def _same(given: Situation) -> list[Shape]:
    return [given.shape]


def _binary(given: Situation) -> list[Shape]:
    found = _arguments(given)
    return [broadcast(_shape_in(found.get(0, "x1")), _shape_in(found.get(1, "x2")), dynamic_wins=False)]


def _where(given: Situation) -> list[Shape]:
    found = _arguments(given)
    one = broadcast(_shape_in(found.get(1, "x1")), _shape_in(found.get(2, "x2")), dynamic_wins=False)
    return [broadcast(_shape_in(found.get(0, "condition")), one, dynamic_wins=False)]


def _reduced(given: Situation) -> list[Shape]:
    return [_without(given.shape, given.config.get("axis"), given.config.get("keepdims") is True)]


def _without(shape: Shape, axis: object, keep: bool) -> Shape:
    if axis is None:
        return (1,) * len(shape) if keep else ()
    gone = {axis_of(item, len(shape)) for item in (axis if is_list(axis) else [axis])}
    if keep:
        return tuple(1 if at in gone else size for at, size in enumerate(shape))
    return tuple(size for at, size in enumerate(shape) if at not in gone)


def _moments(given: Situation) -> list[Shape]:
    shape = _without(given.shape, given.config.get("axes"), given.config.get("keepdims") is True)
    return [shape, shape]


def _top(given: Situation) -> list[Shape]:
    """Values and where they stand."""
    shape = (*given.shape[:-1], integer(given.config.get("k")))
    return [shape, shape]


def _transposed(given: Situation) -> list[Shape]:
    axes = given.config.get("axes")
    if axes is None:
        return [given.shape[::-1]]
    order = [axis_of(axis, len(given.shape)) for axis in integers(axes, len(given.shape))]
    if len(set(order)) != len(order):
        raise ValueError
    return [tuple(given.shape[axis] for axis in order)]


def _reshaped(given: Situation) -> list[Shape]:
    raw = given.config.get("newshape")
    target: tuple[Axis, ...] = tuple(integer(axis) for axis in (raw if is_list(raw) else [raw]))
    return [reshaped(given.shape, target)]


def _concatenated(given: Situation) -> list[Shape]:
    shapes = _tensors_of(given, "xs")
    axis = given.config.get("axis", 0)
    at = axis_of(axis, len(shapes[0]))
    sizes = [shape[at] for shape in shapes]
    joined = None if None in sizes else sum(size for size in sizes if size is not None)
    merged = [_common([shape[place] for shape in shapes]) for place in range(len(shapes[0]))]
    return [(*merged[:at], joined, *merged[at + 1 :])]


def _common(sizes: Sequence[Axis]) -> Axis:
    known = {size for size in sizes if size is not None}
    if len(known) > 1:
        raise ValueError
    return sizes[0]


def _stacked(given: Situation) -> list[Shape]:
    shapes = _tensors_of(given, "x")
    at = axis_of(given.config.get("axis", 0), len(shapes[0]) + 1)
    merged = [_common([shape[place] for shape in shapes]) for place in range(len(shapes[0]))]
    return [(*merged[:at], len(shapes), *merged[at:])]


def _split(given: Situation) -> list[Shape]:
    config, shape = given.config, given.shape
    at = axis_of(config.get("axis", 0), len(shape))
    raw = config.get("indices_or_sections")
    size = shape[at]
    if is_list(raw):
        if len(raw) > _MOST_PARTS:
            raise ValueError
        edges = [0, *integers(raw), integer(size)]
        sizes: list[Axis] = [stop - start for start, stop in pairwise(edges)]
    else:
        sections = integer(raw)
        if not 0 < sections <= _MOST_PARTS or (size is not None and size % sections):
            raise ValueError
        sizes = [None if size is None else size // sections] * sections
    return [(*shape[:at], one, *shape[at + 1 :]) for one in sizes]


def _expanded(given: Situation) -> list[Shape]:
    raw = given.config.get("axis")
    axes = raw if is_list(raw) else [raw]
    rank = len(given.shape) + len(axes)
    places = {axis_of(axis, rank) for axis in axes}
    left = iter(given.shape)
    return [tuple(1 if at in places else next(left) for at in range(rank))]


def _squeezed(given: Situation) -> list[Shape]:
    axis = given.config.get("axis")
    if axis is None:
        return [tuple(size for size in given.shape if size != 1)]
    return [_without(given.shape, axis, False)]


def _multiplied(given: Situation) -> list[Shape]:
    found = _arguments(given)
    one, other = _shape_in(found.get(0, "x1")), _shape_in(found.get(1, "x2"))
    if min(len(one), len(other)) < 2:
        raise ValueError
    return [(*broadcast(one[:-2], other[:-2], dynamic_wins=False), one[-2], other[-1])]


def _items(given: Situation) -> list[Shape]:
    key = _arguments(given).get(1, "key")
    keys = list(key) if is_list(key) else [key]
    left = list(given.shape)
    shape: list[Axis] = []
    after = len([one for one in keys if one is not None and one != Record("Ellipsis")])
    for one in keys:
        if one is None:
            shape.append(1)
        elif one == Record("Ellipsis"):
            while len(left) > after:
                shape.append(left.pop(0))
        else:
            after -= 1
            size = left.pop(0)
            if isinstance(one, Record) and one.kind == "slice":
                shape.append(_sliced(size, one))
            else:
                integer(one)
    return [(*shape, *left)]


def _sliced(size: Axis, key: Record) -> Axis:
    start, stop, step = (key.get(name) for name in ("start", "stop", "step"))
    for bound in (start, stop, step):
        if bound is not None:
            integer(bound)
    if (start, stop) == (None, None) and step in (None, 1, -1):
        return size
    if size is None:
        return None
    return len(range(*slice(start, stop, step).indices(size)))


def _one_hot(given: Situation) -> list[Shape]:
    shape, axis, size = given.shape, integer(given.config.get("axis", -1)), integer(given.config.get("num_classes"))
    if axis == -1:
        return [(*shape, size)]
    if not 0 <= axis < len(shape):
        raise ValueError
    return [(*shape[:axis], size, *shape[axis:])]


def _repeated(given: Situation) -> list[Shape]:
    axis, times = given.config.get("axis"), integer(given.config.get("repeats"))
    if axis is None:
        raise ValueError
    at = axis_of(axis, len(given.shape))
    size = given.shape[at]
    return [(*given.shape[:at], None if size is None else size * times, *given.shape[at + 1 :])]


OPERATIONS: Final[dict[str, Rule]] = {
    **dict.fromkeys(SAME_OPERATIONS, _same),
    **dict.fromkeys(_BINARY.split(), _binary),
    **dict.fromkeys(_REDUCING.split(), _reduced),
    "Concatenate": _concatenated,
    "ExpandDims": _expanded,
    "GetItem": _items,
    "Matmul": _multiplied,
    "Moments": _moments,
    "OneHot": _one_hot,
    "Repeat": _repeated,
    "Reshape": _reshaped,
    "Split": _split,
    "Squeeze": _squeezed,
    "Stack": _stacked,
    "TopK": _top,
    "Transpose": _transposed,
    "Where": _where,
}
