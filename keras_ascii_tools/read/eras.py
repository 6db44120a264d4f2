"""What earlier releases of Keras wrote of a layer, in Keras 3's words. Knows class names and settings, no graphs.

Another old word: a line in one of the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Final

from keras_ascii_tools.read.guards import Config, is_list, is_mapping

__all__ = ["FORMER_LAYERS", "modernized"]

FORMER_LAYERS: Final = frozenset(
    {"ClassMethod", "InstanceMethod", "InstanceProperty", "Merge", "SlicingOpLambda", "TFOpLambda", "TensorFlowOpLayer"}
)
"""Layers that Keras has no more, and that files name without a module."""

_KINDS: Final = {
    "AtrousConv1D": "Conv1D",
    "AtrousConv2D": "Conv2D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "CuDNNGRU": "GRU",
    "CuDNNLSTM": "LSTM",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
    "SyncBatchNormalization": "BatchNormalization",
}
_MERGES: Final = {
    "ave": "Average",
    "concat": "Concatenate",
    "cos": "Dot",
    "dot": "Dot",
    "max": "Maximum",
    "mul": "Multiply",
    "sum": "Add",
}
"""Modes of the `Merge` of Keras 1."""

_ALWAYS: Final = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "atrous_rate": "dilation_rate",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "beta_init": "beta_initializer",
    "bias": "use_bias",
    "border_mode": "padding",
    "concat_axis": "axis",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "filter_length": "kernel_size",
    "gamma_init": "gamma_initializer",
    "init": "kernel_initializer",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
    "nb_filter": "filters",
    "pool_length": "pool_size",
    "subsample": "strides",
    "subsample_length": "strides",
}
"""Settings that have another name today, whatever the layer."""
_BY_KIND: Final[dict[str, dict[str, str]]] = {
    **{kind: {"output_dim": "units"} for kind in ("SimpleRNN", "GRU", "LSTM", "Dense")},
    **{kind: {"p": "rate"} for kind in ("Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D")},
    **{kind: {"stride": "strides"} for kind in ("MaxPooling1D", "AveragePooling1D")},
    "Embedding": {"init": "embeddings_initializer", "W_regularizer": "embeddings_regularizer"},
    "GaussianNoise": {"sigma": "stddev"},
    "LeakyReLU": {"alpha": "negative_slope"},
    "UpSampling1D": {"length": "size"},
}
_GONE: Final = frozenset(
    """W_learning_rate_multiplier autocast b_learning_rate_multiplier batch_input_shape batch_size consume_less dynamic
    fused implementation input_dtype input_length key_shape node_indices output_mask query_shape softmax_robust_masking
    tensor_indices time_major value_shape virtual_batch_size""".split()  # noqa: SIM905 - as in other tables of names
)
"""Settings that said how and not what, or that stand elsewhere."""
_WINDOWS: Final = (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3"))
_INITIALIZERS: Final = {
    "identity": "identity",
    "normal": "random_normal",
    "one": "ones",
    "uniform": "random_uniform",
    "zero": "zeros",
}
_FORMS: Final = {"tf": "channels_last", "th": "channels_first"}
_INNER: Final = ("layer", "backward_layer", "forward_layer", "cell")
_SCALINGS: Final = {
    (1.0, "fan_avg", "uniform"): "GlorotUniform",
    (1.0, "fan_avg", "normal"): "GlorotNormal",
    (2.0, "fan_in", "normal"): "HeNormal",
    (2.0, "fan_in", "uniform"): "HeUniform",
    (1.0, "fan_in", "normal"): "LecunNormal",
    (1.0, "fan_in", "uniform"): "LecunUniform",
}
_DEEPEST: Final = 20


def modernized(kind: str, config: object, depth: int = 0) -> tuple[str, Config]:
    """Return the class name and the config as Keras 3 would have written them."""
    if is_list(config):  # a Sequential of Keras 1
        return kind, {"layers": config}
    if not is_mapping(config):
        return kind, {}
    old, kind = kind, _KINDS.get(kind, kind)
    if kind == "Merge" and not is_list(config.get("layers")):
        kind = _MERGES.get(str(config.get("mode")), kind)
    if not _is_old(kind, config):
        return kind, config
    names = {**_ALWAYS, **_BY_KIND.get(kind, {})}
    found = {names.get(str(key), str(key)): value for key, value in config.items()}
    _windows(kind, found)
    for change in _CHANGES:
        change(kind, found)
    if old == "CuDNNGRU":
        found["reset_after"] = True
    if kind == "InputLayer" and "batch_shape" not in found:
        found["batch_shape"] = config.get("batch_input_shape")
        if "input_dtype" in config:
            found["dtype"] = config["input_dtype"]
    if depth < _DEEPEST:
        found.update({key: _inner(found[key], depth) for key in _INNER if key in found})
    return kind, {key: value for key, value in found.items() if key not in _GONE}


def _is_old(kind: str, config: Config) -> bool:
    """Tell whether any key is one that Keras 3 does not write; most configs are read as they are."""
    names = _BY_KIND.get(kind)
    if kind in _SLOPES and any(is_mapping(value) or _is_rounded(value) for value in config.values()):
        return True
    if kind in _WITHOUT_GROUPS and "groups" in config:
        return True
    if not _OLD_KEYS.isdisjoint(config) or (names is not None and not names.keys().isdisjoint(config)):
        return True
    return (kind == "GRU" and "reset_after" not in config) or not _HOLDING.isdisjoint(config)


_HOLDING: Final = frozenset(_INNER)
_WITHOUT_GROUPS: Final = frozenset({f"SeparableConv{n}D" for n in (1, 2)} | {f"Conv{n}DTranspose" for n in (1, 2, 3)})
_OF_KERNEL: Final = ("initializer", "regularizer", "constraint")
_FLOAT32: Final = Struct("<f")
_SLOPES: Final = frozenset({"ELU", "LeakyReLU", "ReLU", "ThresholdedReLU"})
"""Layers whose numbers Keras 2 wrote as arrays without axes."""
_OLD_KEYS: Final = frozenset({*_ALWAYS, *_GONE, "dim_ordering", "nb_row", "kernel_dim1", "forget_bias_init"})


def _inner(raw: object, depth: int) -> object:
    """Bring the layer in a wrapper, or the cell in a recurrent layer, up to date."""
    if not is_mapping(raw) or not isinstance(raw.get("class_name"), str) or not is_mapping(raw.get("config")):
        return raw
    kind, config = modernized(str(raw["class_name"]), raw["config"], depth + 1)
    return {**raw, "class_name": kind, "config": config}


def _windows(kind: str, config: dict[str, object]) -> None:
    for names in _WINDOWS:
        if all(name in config for name in names):
            config["kernel_size"] = [config.pop(name) for name in names]
    for key in ("kernel_size", "strides", "pool_size", "dilation_rate"):
        value = config.get(key)
        if kind.endswith("1D") and type(value) is int:
            config[key] = [value]


def _form(kind: str, config: dict[str, object]) -> None:
    form = config.pop("dim_ordering", None)
    if isinstance(form, str) and form in _FORMS:
        config["data_format"] = _FORMS[form]


def _gates(kind: str, config: dict[str, object]) -> None:
    """Old recurrent layers: one bias, and a forget gate that starts open."""
    if kind == "GRU":
        config.setdefault("reset_after", False)
    forget = config.pop("forget_bias_init", None)
    if forget is not None:
        config["unit_forget_bias"] = forget == "one"


def _merge(kind: str, config: dict[str, object]) -> None:
    """What a `Merge` of Keras 1 has for every mode."""
    if "mode" not in config:
        return
    config.pop("mode")
    axes = config.pop("dot_axes", None)
    if kind == "Dot":
        config["axes"] = axes
    if kind != "Concatenate" and kind in _MERGES.values():
        config.pop("axis", None)


def _input_size(kind: str, config: dict[str, object]) -> None:
    """Keras 1 says the size of the input of every layer, which only an embedding needs."""
    if kind not in {"Embedding", "ReversibleEmbedding"}:
        config.pop("input_dim", None)


def _objects(kind: str, config: dict[str, object]) -> None:
    """Initializers and regularizers by the names that they have today."""
    for key, value in list(config.items()):
        if key.endswith("_initializer"):
            config[key] = _initializer(value)
        elif key.endswith("_regularizer") and is_mapping(value) and "name" in value and "class_name" not in value:
            given = {name: value[name] for name in ("l1", "l2") if name in value}
            config[key] = {"module": "keras.regularizers", "class_name": "L1L2", "config": given}


def _initializer(value: object) -> object:
    if isinstance(value, str):
        return _INITIALIZERS.get(value, value)
    if not is_mapping(value) or value.get("class_name") != "VarianceScaling" or not is_mapping(value.get("config")):
        return value
    inner: Config = value["config"]
    scaling = (inner.get("scale"), inner.get("mode"), inner.get("distribution"))
    name = next((name for known, name in _SCALINGS.items() if known == scaling), None)
    return value if name is None else {"module": "keras.initializers", "class_name": name, "config": {}}


def _axis(kind: str, config: dict[str, object]) -> None:
    """Some releases of Keras 2 wrote the axis of a batch normalization in a list."""
    axis = config.get("axis")
    if kind == "BatchNormalization" and is_list(axis) and len(axis) == 1:
        config["axis"] = axis[0]


def _numbers(kind: str, config: dict[str, object]) -> None:
    """Arrays without axes as the numbers that they are, and those that were made `float32` as they were given."""
    for key, value in config.items() if kind in _SLOPES else ():
        inner = value.get("config", value) if is_mapping(value) else None
        if is_mapping(inner) and isinstance(inner.get("value"), int | float):
            value = inner["value"]
        config[key] = float(f"{value:.7g}") if _is_rounded(value) else value


def _is_rounded(value: object) -> bool:
    """Whether a number is what becomes of a shorter one in `float32`."""
    if type(value) is not float or not -1e30 < value < 1e30:
        return False
    short = float(f"{value:.7g}")
    return short != value and _FLOAT32.unpack(_FLOAT32.pack(short)) == (value,)


def _separable(kind: str, config: dict[str, object]) -> None:
    """What Keras 2 says of convolutions that have no groups, or no kernel of that name."""
    for suffix in _OF_KERNEL if kind.startswith("Separable") else ():
        config.pop(f"kernel_{suffix}", None)
    if kind in _WITHOUT_GROUPS and config.get("groups") == 1:
        config.pop("groups")


_CHANGES: Final[tuple[Callable[[str, dict[str, object]], None], ...]] = (
    _form,
    _gates,
    _merge,
    _input_size,
    _objects,
    _axis,
    _numbers,
    _separable,
)
