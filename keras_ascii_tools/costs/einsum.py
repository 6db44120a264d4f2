"""What an Einstein sum costs, from its equation and the shapes of its tensors."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.costs.use import product
from keras_ascii_tools.graph import Shape, Value

__all__ = ["einsum"]

Labels = tuple[str, ...]


def einsum(equation: Value, operands: Sequence[Shape | None], output: Shape | None) -> int | None:
    """Count the product of all axes of a sum of two tensors; 0 if nothing is summed or only one tensor is.

    What more than two tensors cost depends on the order in which a backend multiplies them: unknown.
    """
    if not isinstance(equation, str):
        return None
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != 2 or len(operands) != 2:
        return 0 if len(terms) == 1 else None
    terms.append(right if arrow else _implicit(left))
    shapes = (*operands, output)
    axes = [_axes(term, shape) for term, shape in zip(terms, shapes, strict=True)]
    if None in axes:
        return None
    sizes = _sizes(axes, shapes)
    summed = {label for term in terms[:2] for label in _letters(term)} - set(_letters(terms[2]))
    return product(*sizes.values()) if summed else 0


def _implicit(left: str) -> str:
    """The output of an equation without one: the letters that occur once, in order, after any `...`."""
    letters = sorted(letter for letter in set(_letters(left)) if left.count(letter) == 1)
    return ("..." if "..." in left else "") + "".join(letters)


def _letters(term: str) -> list[str]:
    return [letter for letter in term if letter.isalpha()]


def _axes(term: str, shape: Shape | None) -> Labels | None:
    """Name every axis: `...` stands for as many as are left over, aligned to the right; `None` if they do not fit.

    Of a tensor of unknown shape only the letters have names.
    """
    before, dots, after = term.partition("...")
    if not (before + after).isalpha() and before + after:
        return None
    if shape is None:
        return (*before, *after)
    left_over = len(shape) - len(before) - len(after)
    if left_over < 0 or (left_over and not dots):
        return None
    return (*before, *(f"...{number}" for number in range(left_over, 0, -1)), *after)


def _sizes(axes: Sequence[Labels | None], shapes: Sequence[Shape | None]) -> dict[str, int | None]:
    """The size of every label: the largest, because an axis of 1 is repeated."""
    sizes: dict[str, int | None] = {}
    for labels, shape in zip(axes, shapes, strict=True):
        for label, size in zip(labels or (), shape or (None,) * len(labels or ()), strict=True):
            sizes[label] = max((each for each in (sizes.get(label), size) if each is not None), default=None)
    return sizes
