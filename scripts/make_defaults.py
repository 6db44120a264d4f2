"""Turn the installed Keras into the table of default settings, `keras_ascii_tools/read/defaults.json`.

Every class is instantiated with the fewest arguments it accepts, and what its config then says is its default. Knows
nothing of conditional defaults, which are rules in `keras_ascii_tools/read/rules.py`.

Run `python scripts/make_defaults.py` after a Keras release; `--check` compares instead of writing.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

TABLE = Path(__file__).parent.parent / "keras_ascii_tools" / "read" / "defaults.json"

_DROPPED = frozenset({"name", "seed", "seed_generator"})
_DROPPED_OF_LAYERS = _DROPPED | {"trainable", "dtype", "batch_shape", "batch_input_shape"}

# A value for each argument without which a class refuses to be made. Their values are never defaults.
_ARGUMENTS: dict[str, object] = {
    "activation": "relu",
    "axes": 1,
    "axis": 1,
    "dataset": (),
    "dims": (1,),
    "drop_path_rate": 0.5,
    "equation": "ab,bc->ac",
    "factor": 0.1,
    "filters": 2,
    "head_dim": 2,
    "height": 2,
    "height_factor": 0.1,
    "init_values": 0.1,
    "input_dim": 2,
    "kernel_size": 1,
    "key_dim": 2,
    "max_number": 2,
    "n": 2,
    "num_bins": 2,
    "num_heads": 2,
    "num_key_value_heads": 2,
    "num_query_heads": 2,
    "output_dim": 2,
    "output_shape": (2,),
    "output_size": 1,
    "pool_size": 2,
    "projection_dim": 2,
    "rate": 0.5,
    "scale": 2.0,
    "stddev": 0.5,
    "target_shape": (2,),
    "tokenizer": None,
    "units": 2,
    "width": 2,
    "width_factor": 0.1,
}
# Arguments that the signature calls optional, and that the class wants all the same.
_WANTED: dict[str, dict[str, object]] = {
    "CategoryEncoding": {"num_tokens": 2},
    "Discretization": {"num_bins": 2},
    "InputLayer": {"batch_shape": (None, 2)},
    "RandomPosterization": {"factor": 4},
}
# Settings whose default depends on other settings; what they are then is a rule.
_CONDITIONAL = {
    "strides": ("MaxPooling", "AveragePooling"),
    "value_dim": ("MultiHeadAttention",),
    "backward_layer": ("Bidirectional",),
    "sequence_length": ("MelSpectrogram",),
    "max_freq": ("MelSpectrogram",),
}
# Classes that can be made only where something else is installed, so that the table does not depend on it.
_NEVER_MADE = frozenset({"FlaxLayer", "JaxLayer", "STFT", "STFTSpectrogram", "TFSMLayer", "TorchModuleWrapper"})
# Parents of layers, which are in no model; those of `keras.models` have no settings.
_ABSTRACT = ("ConvLSTM", "ConvLSTMCell", "DataLayer", "Distiller", "FeatureSpace", "IndexLookup", "Merge")


def make_table() -> dict[str, Any]:
    """Return the table: by group and class, its required settings and the defaults of the others, in order."""
    import keras
    from keras.src import constraints, initializers, quantizers, regularizers
    from keras.src.ops.operation import Operation
    from keras.src.quantizers.quantization_config import QuantizationConfig

    operations = [cls for cls in _subclasses(Operation) if not issubclass(cls, keras.Function)]
    layers = [cls for cls in operations if issubclass(cls, keras.layers.Layer) and not issubclass(cls, keras.Model)]
    layers = [cls for cls in layers if not cls.__name__.startswith("Base")]
    ops = [cls for cls in operations if not issubclass(cls, keras.layers.Layer)]
    return {
        "keras": keras.__version__,
        "spellings": {
            "layers": _spellings(vars(keras.layers)) | {"GroupedQueryAttention": "GroupQueryAttention"},
            "initializers": _spellings(initializers.ALL_OBJECTS_DICT),
            "regularizers": _spellings(regularizers.ALL_OBJECTS_DICT),
            "constraints": _spellings(constraints.ALL_OBJECTS_DICT),
        },
        "classes": {
            "layers": {_public_name(cls): _layer(cls) for cls in layers if cls.__name__ not in _ABSTRACT},
            "ops": {cls.__name__: _from_signature(cls, _DROPPED) for cls in ops},
            "initializers": _objects(initializers.Initializer),
            "regularizers": _objects(regularizers.Regularizer),
            "constraints": _objects(constraints.Constraint),
            "quantizers": _objects(quantizers.Quantizer, QuantizationConfig),
        },
    }


def _subclasses(base: type) -> list[type]:
    """Return Keras' own descendants of a class by name, whatever else has been imported."""
    found: set[type] = set()
    pending = [base]
    while pending:
        cls = pending.pop()
        if cls.__module__.startswith("keras.") and cls not in found:
            found.add(cls)
            pending.extend(cls.__subclasses__())
    return sorted(found - {base}, key=_public_name)


def _public_name(cls: type) -> str:
    return (_export(cls) or cls.__name__).rpartition(".")[2]


def _export(cls: type) -> str | None:
    from keras.src.api_export import get_name_from_symbol

    name: str | None = get_name_from_symbol(cls)
    return name


def _spellings(classes: Mapping[str, object]) -> dict[str, str]:
    names = {name: _public_name(cls) for name, cls in sorted(classes.items()) if isinstance(cls, type)}
    return {name: public for name, public in names.items() if name != public}


def _layer(cls: type) -> dict[str, Any]:
    row = _row(cls, _DROPPED_OF_LAYERS)
    for key, prefixes in _CONDITIONAL.items():
        if key in row["defaults"] and _public_name(cls).startswith(prefixes):
            row["defaults"][key] = None
    return row


def _objects(*bases: type) -> dict[str, Any]:
    classes = [cls for base in bases for cls in _subclasses(base) if _export(cls) is not None]
    return {cls.__name__: _row(cls, _DROPPED) for cls in classes}


def _row(cls: Callable[..., Any], dropped: frozenset[str]) -> dict[str, Any]:
    """Return the row of a class from the config of an instance, or from the signature where nobody can make one."""
    row = _from_signature(cls, dropped)
    skipped = {*dropped, *row["required"], *_WANTED.get(cls.__name__, {})}
    if cls.__name__ not in _NEVER_MADE:
        config = _as_json(cls(**minimal_arguments(cls)).get_config())
        row["defaults"] |= {key: value for key, value in config.items() if key not in skipped}
    return row


def _from_signature(cls: Callable[..., Any], dropped: frozenset[str]) -> dict[str, Any]:
    parameters = [parameter for parameter in _parameters(cls) if parameter.name not in dropped]
    return {
        "required": [parameter.name for parameter in parameters if parameter.default is parameter.empty],
        "defaults": {
            parameter.name: _as_json(parameter.default)
            for parameter in parameters
            if parameter.default is not parameter.empty
        },
    }


def _parameters(cls: Callable[..., Any]) -> list[inspect.Parameter]:
    skipped = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [parameter for parameter in inspect.signature(cls).parameters.values() if parameter.kind not in skipped]


def minimal_arguments(cls: Callable[..., Any]) -> dict[str, object]:
    """Return the fewest arguments with which a class can be made. Raises KeyError for a class that nobody makes."""
    required = [parameter.name for parameter in _parameters(cls) if parameter.default is parameter.empty]
    return {name: _argument(cls, name) for name in required} | _WANTED.get(cls.__name__, {})


def _argument(cls: Callable[..., Any], name: str) -> object:
    import keras

    if name == "layer":
        return keras.layers.LSTM(2) if cls.__name__ == "Bidirectional" else keras.layers.Dense(2)
    if name == "cell":
        return keras.layers.LSTMCell(2)
    if name == "cells":
        return [keras.layers.LSTMCell(2)]
    if name == "layers":
        return [keras.layers.Rescaling(2.0)]
    if name == "function":
        return keras.ops.relu
    return _ARGUMENTS[name]


def _as_json(value: object) -> Any:
    from keras.saving import serialize_keras_object

    return json.loads(json.dumps(serialize_keras_object(value)))


def as_text(table: dict[str, Any]) -> str:
    """Write the table with one line for each class, so that a change of Keras is a readable diff."""
    groups = [_lines(name, rows) for name, rows in table["classes"].items()]
    return (
        f'{{\n"keras": {json.dumps(table["keras"])},\n"spellings": {{\n'
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(names)}" for name, names in table["spellings"].items())
        + '\n},\n"classes": {\n'
        + ",\n".join(groups)
        + "\n}\n}\n"
    )


def _lines(name: str, rows: dict[str, Any]) -> str:
    return (
        f"{json.dumps(name)}: {{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in rows.items()) + "\n}"
    )


def main() -> int:
    """Write the table, or with `--check` say whether it is what would be written."""
    text = as_text(make_table())
    if "--check" in sys.argv[1:]:
        up_to_date = TABLE.read_text(encoding="utf-8") == text
        print("up to date" if up_to_date else f"{TABLE} is not what this Keras defaults to: run this without --check")
        return 0 if up_to_date else 1
    TABLE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
