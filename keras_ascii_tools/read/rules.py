"""Defaults that depend on other settings, class by class. Knows values, not where they came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from keras_ascii_tools.graph.values import Record, Value
from keras_ascii_tools.read.guards import Config, is_list

__all__ = ["RULES"]

Settings: TypeAlias = dict[str, Value]
Rule: TypeAlias = Callable[[Settings, Config], Settings]


def _without(settings: Settings, *keys: str) -> Settings:
    return {key: value for key, value in settings.items() if key not in keys}


def _pooling(settings: Settings, config: Config) -> Settings:
    """Strides are the pool size unless said otherwise."""
    same = _axes(config.get("strides")) == _axes(config.get("pool_size", 2))
    return _without(settings, "strides") if same else settings


def _axes(value: object) -> object:
    """Make `2`, `[2, 2]` and `(2, 2)` the same."""
    if is_list(value):
        axes = [item if isinstance(item, int) else None for item in value]
        return axes[0] if axes and len(set(axes)) == 1 else axes
    return value if isinstance(value, int) else None


def _attention(settings: Settings, config: Config) -> Settings:
    """Values are as wide as keys; a built layer has put in its axes, here those of a sequence of vectors."""
    if settings.get("value_dim") == settings.get("key_dim"):
        settings = _without(settings, "value_dim")
    return _without(settings, "attention_axes") if settings.get("attention_axes") == (1,) else settings


def _axis(settings: Settings, config: Config) -> Settings:
    """A built layer has put its axis in a list, and sorted it."""
    axis = settings.get("axis")
    if not isinstance(axis, tuple):
        return settings
    axis = axis[0] if len(axis) == 1 else tuple(sorted(axis, key=lambda item: item if isinstance(item, int) else 0))
    return _without(settings, "axis") if axis == -1 else {**settings, "axis": axis}


def _lora(settings: Settings, config: Config) -> Settings:
    """LoRA scales by its own rank unless said otherwise."""
    alpha = settings.get("lora_alpha")
    return settings if alpha is None or alpha != settings.get("lora_rank") else _without(settings, "lora_alpha")


def _renorm(settings: Settings, config: Config) -> Settings:
    """Batch renormalization clips nothing unless said otherwise."""
    return _without(settings, "renorm_clipping") if settings.get("renorm_clipping") == Record("") else settings


def _bins(settings: Settings, config: Config) -> Settings:
    """Keras before 3.10 has an empty list where there are no boundaries yet."""
    return _without(settings, "bin_boundaries") if settings.get("bin_boundaries") == () else settings


def _vocabulary(settings: Settings, config: Config) -> Settings:
    """How many tokens there are follows from the vocabulary; where that is elsewhere, the count is all there is."""
    masks = config.get("mask_token", "" if "standardize" in config else None) is not None
    empty = config.get("num_oov_indices", 1)
    if masks and config.get("output_mode", "int") == "int" and isinstance(empty, int):
        empty += 1
    derived = "vocabulary" in settings or settings.get("vocabulary_size") == empty
    return _without(settings, "vocabulary_size") if derived else settings


def _mel(settings: Settings, config: Config) -> Settings:
    """A window is as long as the transform, and bins go up to half the sampling rate."""
    if config.get("sequence_length") == config.get("fft_length", 2048):
        settings = _without(settings, "sequence_length")
    rate = config.get("sampling_rate", 16000)
    half = int(rate / 2) if isinstance(rate, int | float) and 0 < rate < 1e12 else None
    return _without(settings, "max_freq") if config.get("max_freq") == half else settings


def _lambda(settings: Settings, config: Config) -> Settings:
    """Code is never a setting; Keras 2 has it in a bare list, and says beside it what it is."""
    settings = _without(settings, "function_type", "module", "output_shape_type", "output_shape_module")
    code = Record("lambda")
    if isinstance(settings.get("function"), tuple):
        settings = {**settings, "function": code}
    if config.get("output_shape_type") == "lambda" and "output_shape" in settings:
        settings = {**settings, "output_shape": code}
    return settings


def _torch(settings: Settings, config: Config) -> Settings:
    """A pickled module is code."""
    return {key: Record("module") if key == "module" else value for key, value in settings.items()}


def _bidirectional(settings: Settings, config: Config) -> Settings:
    """The backward layer mirrors the forward one, and the wrapper makes up both names from the given layer's."""
    forward = _inner(settings.get("layer"), "forward_")
    backward = _inner(settings.get("backward_layer"), "backward_")
    if forward is not None:
        settings = {**settings, "layer": forward}
    if backward is None:
        return settings
    if forward is not None and backward.kind == forward.kind:
        mirrored = {**dict(forward.items), "go_backwards": True}
        if dict(backward.items) == mirrored:
            return _without(settings, "backward_layer")
    return {**settings, "backward_layer": backward}


def _inner(value: Value, prefix: str) -> Record | None:
    """Take away what the wrapper put on the layer in it: the start of its name, and what becomes of masked steps."""
    if not isinstance(value, Record):
        return None
    items = {key: item for key, item in value.items if key != "zero_output_for_mask"}
    name = items.get("name")
    if isinstance(name, str):
        items["name"] = name.removeprefix(prefix)
    return Record(value.kind, tuple(sorted(items.items())))


RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys((f"{kind}Pooling{n}D" for kind in ("Max", "Average") for n in (1, 2, 3)), _pooling),
    **dict.fromkeys((f"{kind}{n}D" for kind in ("Conv", "DepthwiseConv") for n in (1, 2, 3)), _lora),
    **dict.fromkeys(("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding"), _lora),
    **dict.fromkeys(("StringLookup", "IntegerLookup", "TextVectorization"), _vocabulary),
    "AveragePool": _pooling,
    "BatchNormalization": _renorm,
    "Bidirectional": _bidirectional,
    "Discretization": _bins,
    "Lambda": _lambda,
    "LayerNormalization": _axis,
    "MaxPool": _pooling,
    "MelSpectrogram": _mel,
    "MultiHeadAttention": _attention,
    "RMSNormalization": _axis,
    "TorchModuleWrapper": _torch,
}
