"""Settings as flat facts, split into those of the architecture and those of training. Knows settings, no graphs."""

from __future__ import annotations

from collections.abc import Iterator

from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.types import DEFAULT, Detail
from keras_ascii_tools.graph import Layer, Record, Value

__all__ = ["Facts", "changed", "facts_of", "training_check"]

Facts = tuple[tuple[str, Value], ...]

_TRAINING_ENDS = {
    "initializer": Check.INITIALIZER_CHANGED,
    "regularizer": Check.REGULARIZER_CHANGED,
    "constraint": Check.CONSTRAINT_CHANGED,
}
_TRAINING_NAMES = {
    "trainable": Check.TRAINABLE_CHANGED,
    "dtype": Check.DTYPE_POLICY_CHANGED,
    "dtype_policy": Check.DTYPE_POLICY_CHANGED,
}


def training_check(name: str) -> Check | None:
    """Return what a change of this setting is called if it is one of training; `None` for the architecture's.

    Args:
        name: A setting; one of an inner layer with its path (`layer.kernel_initializer`).
    """
    owner, _, last = name.rpartition(".")
    if owner and last in _TRAINING_NAMES:
        return _TRAINING_NAMES[last]
    return _TRAINING_ENDS.get(last.rpartition("_")[2])


def facts_of(layer: Layer) -> tuple[Facts, Facts] | None:
    """Return a layer's settings of the architecture and those of training, by name; `None` if they are not known.

    Inner layers in the settings (of wrappers, of recurrent cells) are taken apart: `layer` is the inner layer's kind,
    `layer.units` a setting of it.
    """
    if layer.settings is None:
        return None
    graph: list[tuple[str, Value]] = []
    training: list[tuple[str, Value]] = []
    for key, value in layer.settings:
        if isinstance(value, Record | tuple):
            for name, fact in _flat(key, value):
                (graph if training_check(name) is None else training).append((name, fact))
        else:
            (graph if training_check(key) is None else training).append((key, value))
    return tuple(sorted(graph, key=_name)), tuple(sorted(training, key=_name))


def _name(fact: tuple[str, Value]) -> str:
    return fact[0]


def _flat(name: str, value: Value) -> Iterator[tuple[str, Value]]:
    """A value as facts: those of training are kept whole, other records and lists of records are taken apart."""
    if isinstance(value, Record) and training_check(name) is None:
        yield name, Record(value.kind)
        for key, part in value.items:
            yield from _flat(f"{name}.{key}", part)
    elif isinstance(value, tuple) and any(isinstance(part, Record) for part in value):
        yield name, len(value)
        for number, part in enumerate(value):
            yield from _flat(f"{name}.{number}", part)
    else:
        yield name, value


def changed(before: Facts, after: Facts) -> Iterator[Detail]:
    """Yield what differs, by name. A setting that is missing on one side has its default there."""
    if before == after:
        return
    old, new = dict(before), dict(after)
    for name in sorted({*old, *new}):
        one, other = old.get(name, DEFAULT), new.get(name, DEFAULT)
        if one != other:
            yield Detail(name, _shown(one), _shown(other))


def _shown(value: Value) -> Value:
    """A record without its parts is shown by its class."""
    return value.kind if isinstance(value, Record) and value != DEFAULT and value.kind and not value.items else value
