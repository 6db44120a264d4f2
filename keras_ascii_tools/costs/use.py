"""One use of a layer on one sample, and arithmetic in which `None` is unknown. Knows no kinds of layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keras_ascii_tools.graph import INPUT, Call, Record, Shape, Value, Weight, count_inputs

__all__ = ["Use", "axis", "known", "product", "quotient", "total", "volume"]

Settings = tuple[tuple[str, Value], ...]


def product(*factors: int | None) -> int | None:
    """Multiply; nothing times unknown is nothing."""
    result: int | None = 1
    for factor in factors:
        if factor == 0:
            return 0
        result = None if result is None or factor is None else result * factor
    return result


def total(parts: Iterable[int | None]) -> int | None:
    """Add; unknown as soon as one part is."""
    result = 0
    for part in parts:
        if part is None:
            return None
        result += part
    return result


def quotient(number: int | None, divisor: int | None) -> int | None:
    """Divide, if it comes out even."""
    return None if number is None or not divisor or number % divisor else number // divisor


def known(*candidates: int | None) -> int | None:
    """Return the first that is known."""
    return next((candidate for candidate in candidates if candidate is not None), None)


def axis(shape: Shape | None, index: int) -> int | None:
    """Return an axis, counted as Python does."""
    return shape[index] if shape is not None and -len(shape) <= index < len(shape) else None


def volume(shape: Shape | None) -> int | None:
    """Count the scalars of a tensor."""
    return None if shape is None else product(*shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One call of a layer on one sample.

    Axis 0 of every shape is the number of rows that the sample fills: 1, unless other axes were folded into it.
    """

    kind: str
    settings: Settings = ()
    """What differs from Keras' default."""
    inputs: tuple[Shape | None, ...] = ()
    """In argument order."""
    output: Shape | None = None
    """The first output."""
    call: Call | None = None
    weights: tuple[Weight, ...] = ()

    def setting(self, key: str, default: Value = None) -> Value:
        """Return a setting, or Keras' default, which the caller knows."""
        return next((value for name, value in self.settings if name == key), default)

    def number(self, key: str, default: int | None = None) -> int | None:
        """Return a setting that is a positive whole number; unknown when it is anything else."""
        return _natural(self.setting(key, default))

    def numbers(self, key: str, rank: int | None, default: int | None = None) -> tuple[int | None, ...]:
        """Return a setting that is one number for each of `rank` axes, or one for all of them."""
        value = self.setting(key, default)
        if isinstance(value, tuple):
            return tuple(map(_natural, value)) if value and rank in {None, len(value)} else (None,)
        return (None,) if rank is None else (_natural(value),) * rank

    def weight(self, name: str) -> Shape | None:
        """Return the shape of a weight, if the layer's weights are known and one has this name.

        Quantized ones are left out: several of their scalars may be packed into one.
        """
        named = (weight for weight in self.weights if weight.name.rpartition("/")[2] == name)
        return next((weight.shape for weight in named if "float" in weight.dtype), None)

    @property
    def channels_first(self) -> bool:
        """Whether channels are axis 1."""
        return self.setting("data_format") == "channels_first"

    @property
    def input(self) -> Shape | None:
        """The tensor that the layer works on."""
        names = [key for key, _ in self.call.kwargs] if self.call else []
        return self.argument(0, next((name for name in ("sequences", "sequence") if name in names), "inputs"))

    @property
    def operands(self) -> tuple[Shape | None, ...]:
        """The tensors of the first argument, for layers that take a list."""
        if self.call is None:
            return self.inputs
        for key, value, shapes in self._arguments():
            if key in {0, "inputs"} and isinstance(value, tuple):
                tensors = iter(shapes)
                return tuple(next(tensors) if item == INPUT else _constant(item) for item in value)
        return ()

    def argument(self, position: int, name: str, default: Shape | None = None) -> Shape | None:
        """Return the shape of one argument: `default` if it is not given, `None` if it is no tensor of known shape."""
        if self.call is None:
            return self.inputs[position] if position < len(self.inputs) else default
        for key, value, shapes in self._arguments():
            if key in {position, name} and value is not None:
                return shapes[0] if value == INPUT else _constant(value)
        return default

    @property
    def positional(self) -> tuple[Shape | None, ...]:
        """The shapes of the arguments without a name."""
        if self.call is None:
            return self.inputs
        return tuple(self.argument(position, "") for position in range(len(self.call.args)))

    def _arguments(self) -> Iterator[tuple[int | str, Value, tuple[Shape | None, ...]]]:
        """Yield position or name, value and tensors of each argument that the call spells out."""
        start = 0
        if self.call is not None:
            places: list[tuple[int | str, Value]] = [*enumerate(self.call.args), *self.call.kwargs]
            for key, value in places:
                stop = start + count_inputs(value)
                yield key, value, self.inputs[start:stop]
                start = stop


def _natural(value: Value) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _constant(value: Value) -> Shape | None:
    """The shape of a constant that a call was given: of arrays, readers keep shape and type."""
    if isinstance(value, int | float):
        return ()
    shape = value.get("shape") if isinstance(value, Record) else None
    return tuple(map(_natural, shape)) if isinstance(shape, tuple) else None
