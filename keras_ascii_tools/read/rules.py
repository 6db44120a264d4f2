"""Defaults that depend on other settings, class by class. Knows values, not where they came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from keras_ascii_tools.graph.values import Record, Value

__all__ = ["RULES"]

Settings: TypeAlias = dict[str, Value]
Rule: TypeAlias = Callable[[Settings, Mapping[Any, Any]], Settings]


def _without(settings: Settings, *keys: str) -> Settings:
    return {key: value for key, value in settings.items() if key not in keys}


def _pooling(settings: Settings, config: Mapping[Any, Any]) -> Settings:
    """Strides are the pool size unless said otherwise."""
    strides, size = config.get("strides"), config.get("pool_size", 2)
    return _without(settings, "strides") if _axes(strides) == _axes(size) else settings


def _axes(value: object) -> object:
    """Make `2` and `(2, 2)` the same."""
    if isinstance(value, list | tuple) and value and all(item == value[0] for item in value):
        return value[0]
    return list(value) if isinstance(value, tuple) else value


def _attention(settings: Settings, config: Mapping[Any, Any]) -> Settings:
    """Values are as wide as keys, and a built layer has put its default axes in."""
    if config.get("value_dim") == config.get("key_dim"):
        settings = _without(settings, "value_dim")
    return _without(settings, "attention_axes") if settings.get("attention_axes") == (1,) else settings


def _axis(settings: Settings, config: Mapping[Any, Any]) -> Settings:
    """A built layer has put its one axis in a list."""
    axis = settings.get("axis")
    if isinstance(axis, tuple) and len(axis) == 1:
        axis = axis[0]
    elif isinstance(axis, tuple) and all(isinstance(item, int) for item in axis):
        axis = tuple(sorted(axis, key=repr))
    if axis == -1 or axis is None:
        return _without(settings, "axis")
    return {key: axis if key == "axis" else value for key, value in settings.items()}


def _adapted(settings: Settings, config: Mapping[Any, Any]) -> Settings:
    """LoRA scales by its own rank unless said otherwise."""
    return _without(settings, "lora_alpha") if settings.get("lora_alpha") == settings.get("lora_rank") else settings


def _bidirectional(settings: Settings, config: Mapping[Any, Any]) -> Settings:
    """The backward layer mirrors the forward one, and Keras makes both names of the given layer's."""
    forward = _inner(settings.get("layer"), "forward_")
    backward = _inner(settings.get("backward_layer"), "backward_")
    if forward is None:
        return settings
    settings = {**settings, "layer": forward}
    if backward is None:
        return settings
    mirrored = dict(forward.items) | {"go_backwards": True}
    if backward.kind == forward.kind and dict(backward.items) == mirrored:
        return _without(settings, "backward_layer")
    return {**settings, "backward_layer": backward}


def _inner(value: Value, prefix: str) -> Record | None:
    """Take what the wrapper put there away from the layer in it: the start of its name, and the fate of its mask."""
    if not isinstance(value, Record):
        return None
    items = {key: item for key, item in value.items if key != "zero_output_for_mask"}
    name = items.get("name")
    if isinstance(name, str):
        items["name"] = name.removeprefix(prefix)
    return Record(value.kind, tuple(sorted(items.items())))


RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys(
        (f"{kind}Pool{end}" for kind in ("Max", "Average", "Avg") for end in ("", "ing1D", "ing2D", "ing3D")), _pooling
    ),
    **dict.fromkeys((f"{kind}Pool{n}D" for kind in ("Max", "Avg") for n in (1, 2, 3)), _pooling),
    "MultiHeadAttention": _attention,
    "LayerNormalization": _axis,
    "RMSNormalization": _axis,
    "Bidirectional": _bidirectional,
    **dict.fromkeys(("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding"), _adapted),
    **dict.fromkeys((f"{kind}{n}D" for kind in ("Conv", "DepthwiseConv") for n in (1, 2, 3)), _adapted),
}
