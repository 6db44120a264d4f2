"""What to say of a file that has weights and no architecture: what is missing, and which weights there are."""

from __future__ import annotations

from typing import Final

from keras_ascii_tools.escape import visible
from keras_ascii_tools.read.stored import Branch, Stored

__all__ = ["weights_only"]

_MOST: Final = 12
_LONGEST: Final = 60


def weights_only(stored: Stored) -> str:
    """Return one line: the file's architecture is missing; its weights, by layer."""
    layers = [branch for top in stored.tree for branch in top.walk() if branch.arrays]
    shown = ", ".join(_layer(branch) for branch in layers[:_MOST])
    more = f" and {len(layers) - _MOST:,} more" if len(layers) > _MOST else ""
    return (
        f"weights only, without the architecture: save the whole model with model.save(...), or give its to_json(); "
        f"it has {stored.everything:,} weights in {len(layers):,} layers: {shown}{more}"
    )


def _layer(branch: Branch) -> str:
    name = visible(branch.name or branch.path)
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}..."
    shapes = "; ".join(" ".join(map(str, array.shape)) or "()" for array in branch.arrays[:4])
    return f"{name} ({shapes}{'; ...' if len(branch.arrays) > 4 else ''})"
