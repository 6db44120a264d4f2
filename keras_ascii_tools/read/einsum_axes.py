"""The shapes in an `EinsumDense`: kernel, bias and output. Knows its equation only."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from keras_ascii_tools.graph import Shape
from keras_ascii_tools.read.guards import Config, is_list

__all__ = ["EinsumAxes", "einsum_axes"]

_FORMS: Final = (
    re.compile(r"()([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)"),
    re.compile(r"(0)([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)"),
    re.compile(r"()([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0"),
)
_LONGEST: Final = 200


class EinsumAxes(NamedTuple):
    """Shapes, and which axes of the kernel are of the input and of the output."""

    kernel: Shape
    bias: Shape | None
    output: Shape
    input_axes: tuple[int, ...]
    output_axes: tuple[int, ...]


def einsum_axes(config: Config, shape: Shape) -> EinsumAxes:
    """Return the shapes that an `EinsumDense` has on an input; raises `ValueError` if its settings do not say them."""
    equation = config.get("equation")
    if not isinstance(equation, str) or len(equation) > _LONGEST:
        raise ValueError
    for form in _FORMS:
        found = form.match(equation.replace("...", "0"))
        if found:
            left, inputs, kernel, outputs = found.groups()
            return _axes(config, shape, bool(left), (inputs, kernel, outputs))
    raise ValueError


def _axes(config: Config, shape: Shape, left: bool, letters: tuple[str, str, str]) -> EinsumAxes:
    inputs, kernel, outputs = letters
    elided = len(shape) - len(inputs)
    if elided < 0:
        raise ValueError
    output = _output(config.get("output_shape"), shape, elided, left)
    start = elided if left else 0
    sizes = {letter: shape[at + start] for at, letter in enumerate(inputs)}
    sizes_out = {letter: output[at + start] for at, letter in enumerate(outputs)}
    kernel_shape = tuple(sizes_out[letter] if letter in sizes_out else sizes[letter] for letter in kernel)
    return EinsumAxes(
        kernel_shape,
        _bias(config.get("bias_axes"), outputs, sizes_out, 0 if left else elided),
        output,
        tuple(at for at, letter in enumerate(kernel) if letter not in sizes_out),
        tuple(at for at, letter in enumerate(kernel) if letter in sizes_out),
    )


def _output(raw: Any, shape: Shape, elided: int, left: bool) -> Shape:
    """What is set of the output's shape, and around it the batch and what the equation leaves out."""
    axes: list[int | None] = []
    for axis in raw if is_list(raw) else [raw]:
        if axis is not None and type(axis) is not int:
            raise ValueError
        axes.append(axis)
    if left:
        return (shape[0], *reversed(shape[1:elided]), *axes)
    return (shape[0], *axes, *shape[len(shape) - elided :])


def _bias(raw: object, outputs: str, sizes: dict[str, int | None], elided: int) -> Shape | None:
    if raw is None:
        return None
    if not isinstance(raw, str) or not raw or not set(raw) <= set(outputs):
        raise ValueError
    first = min(outputs.find(letter) for letter in raw)
    return (*(sizes[letter] if letter in raw else 1 for letter in outputs[first:]), *(1,) * elided)
