"""Tells whether an array got what it should have got. Knows counterparts, not how anything was loaded."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keras_ascii_tools.diff.loading_arrays import Array

__all__ = ["Pairs"]


class Pairs:
    """Which arrays are counterparts."""

    def __init__(self, layers: Mapping[int, int], alike: Collection[Collection[int]]) -> None:
        self._layers = layers
        self._groups = {layer: group for group in map(frozenset, alike) for layer in group}

    def why_wrong(self, mine: Array, theirs: Array, kinds: tuple[str, str]) -> str | None:
        """Say what is wrong with an array that was loaded: "" if it is another layer's; `None` if nothing is.

        Args:
            mine: The array that was loaded.
            theirs: What it got.
            kinds: The classes of the two objects.
        """
        expected = self._layers.get(mine.layer)
        if expected != theirs.layer and theirs.layer not in self._groups.get(expected or 0, ()):
            return ""
        # Arrays of Keras 3's files have numbers instead of names.
        named = not mine.role.isdigit() and not theirs.role.isdigit()
        if kinds[0] == kinds[1] and named and mine.role != theirs.role:
            return f"its {mine.role} gets the {theirs.role}"
        if _is_whole(mine.dtype) != _is_whole(theirs.dtype):
            return f"its {mine.role} is {mine.dtype}, in the file it is {theirs.dtype}"
        return None


def _is_whole(dtype: str) -> bool:
    return dtype.removeprefix("u").startswith("int")
