"""Keras models of any size, built without the memory that their weights would take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["MODELS", "dense", "mixed", "without_weights"]

_LONGEST = 700
"""Nodes of a chain: Keras walks models recursively, and cannot build chains deeper than about 990."""


@contextmanager
def without_weights() -> Iterator[None]:
    """Let variables made in here have a shape and no memory."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        yield


def dense(nodes: int) -> Any:
    """Build chains of Dense layers side by side, with names that Keras makes up."""
    from keras import layers

    return _chains(nodes, (16,), lambda x, _shortcut, _number: layers.Dense(16, activation="relu")(x))


def mixed(nodes: int) -> Any:
    """Build chains of residual blocks side by side, with names as people give them."""
    from keras import layers

    makers: tuple[Callable[[str], Any], ...] = (
        lambda name: layers.Conv2D(16, 3, padding="same", use_bias=False, name=f"{name}_conv1"),
        lambda name: layers.BatchNormalization(name=f"{name}_bn1"),
        lambda name: layers.Activation("relu", name=f"{name}_relu1"),
        lambda name: layers.DepthwiseConv2D(3, padding="same", name=f"{name}_depthwise"),
        lambda name: layers.LayerNormalization(name=f"{name}_norm"),
        lambda name: layers.Dense(16, activation="gelu", name=f"{name}_dense"),
        lambda name: layers.Dropout(0.1, name=f"{name}_drop"),
        lambda name: layers.Add(name=f"{name}_add"),
    )

    def step(x: Any, shortcut: Any, number: int) -> Any:
        block, part = divmod(number, len(makers))
        layer = makers[part](f"block{block}")
        return layer([shortcut, x]) if part == len(makers) - 1 else layer(x)

    return _chains(nodes, (32, 32, 16), step, period=len(makers))


MODELS: dict[str, Callable[[int], Any]] = {"Dense chains": dense, "residual blocks": mixed}


def _chains(nodes: int, shape: tuple[int, ...], step: Callable[[Any, Any, int], Any], *, period: int = 1) -> Any:
    import keras

    chains = -(-nodes // _LONGEST)
    inputs, outputs = [], []
    number = 0
    with without_weights():
        for chain in range(chains):
            x = shortcut = keras.Input(shape)
            inputs.append(x)
            for _ in range(nodes * (chain + 1) // chains - nodes * chain // chains - 1):
                shortcut = x if number % period == 0 else shortcut
                # A chain begins within a block of the one before it, whose tensors it must not use.
                x = step(x, shortcut, number)
                number += 1
            outputs.append(x)
        return keras.Model(inputs, outputs)
