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
from collections.abc import Callable, Iterator
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
    "dims": (1,),
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
    "rank": 2,
    "rate": 0.5,
    "scale": 2.0,
    "stddev": 0.5,
    "target_shape": (2,),
    "units": 2,
    "width": 2,
    "width_factor": 0.1,
}
# Arguments that the signature calls optional, and that the class wants all the same.
_WANTED: dict[str, dict[str, object]] = {
    "CategoryEncoding": {"num_tokens": 2},
    "Discretization": {"num_bins": 2},
    "InputLayer": {"batch_shape": (None, 2)},
    "IntegerLookup": {},
}
# Settings whose default depends on other settings; what they are then is a rule.
_CONDITIONAL = {
    "strides": ("MaxPooling", "AveragePooling"),
    "value_dim": ("MultiHeadAttention",),
    "backward_layer": ("Bidirectional",),
}


def make_table() -> dict[str, Any]:
    """Return the table: by group and class, its required settings and the defaults of the others, in order."""
    import keras
    from keras.src import constraints, initializers, quantizers, regularizers
    from keras.src.ops.operation import Operation

    keras.config.set_image_data_format("channels_last")
    operations = [cls for cls in _subclasses(Operation) if cls.__module__.startswith("keras.")]
    layers = [cls for cls in operations if issubclass(cls, keras.layers.Layer) and not issubclass(cls, keras.Model)]
    ops = [cls for cls in operations if not issubclass(cls, keras.layers.Layer) and not issubclass(cls, keras.Function)]
    return {
        "keras": keras.__version__,
        "layers": {_public_name(cls): _layer(cls) for cls in _by_name(layers)},
        "ops": {cls.__name__: _signature_only(cls, _DROPPED) for cls in _by_name(ops)},
        "initializers": _objects(initializers.Initializer),
        "regularizers": _objects(regularizers.Regularizer),
        "constraints": _objects(constraints.Constraint),
        "quantizers": _objects(quantizers.Quantizer, _quantization_config()),
        "spellings": {
            what: {name: _public_name(cls) for name, cls in sorted(table.items()) if name != _public_name(cls)}
            for what, table in (
                ("initializers", initializers.ALL_OBJECTS_DICT),
                ("regularizers", regularizers.ALL_OBJECTS_DICT),
                ("constraints", constraints.ALL_OBJECTS_DICT),
                ("layers", _aliases(keras.layers)),
            )
        },
    }


def _quantization_config() -> type:
    from keras.src.quantizers.quantization_config import QuantizationConfig

    return QuantizationConfig


def _subclasses(base: type) -> Iterator[type]:
    seen = {base}
    pending = [base]
    while pending:
        for cls in pending.pop().__subclasses__():
            if cls not in seen:
                seen.add(cls)
                pending.append(cls)
                yield cls


def _by_name(classes: list[type]) -> list[type]:
    return sorted(classes, key=_public_name)


def _public_name(cls: type) -> str:
    from keras.src.api_export import get_name_from_symbol

    return str(get_name_from_symbol(cls) or cls.__name__).rpartition(".")[2]


def _aliases(module: Any) -> dict[str, type]:
    aliases = {name: cls for name, cls in vars(module).items() if inspect.isclass(cls) and name != _public_name(cls)}
    aliases["GroupedQueryAttention"] = module.GroupQueryAttention
    return aliases


def _layer(cls: type) -> dict[str, Any]:
    entry = _instantiated(cls, _DROPPED_OF_LAYERS)
    if entry is None:
        entry = _signature_only(cls, _DROPPED_OF_LAYERS)
    for key, prefixes in _CONDITIONAL.items():
        if _public_name(cls).startswith(prefixes) and key in entry["defaults"]:
            entry["defaults"][key] = None
    return entry


def _objects(*bases: type) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for base in bases:
        for cls in sorted(_subclasses(base), key=lambda cls: cls.__name__):
            if cls.__module__.startswith("keras."):
                entries[cls.__name__] = _instantiated(cls, _DROPPED) or _signature_only(cls, _DROPPED)
    return dict(sorted(entries.items()))


def _instantiated(cls: type, dropped: frozenset[str]) -> dict[str, Any] | None:
    """Return the entry of a class from the config of an instance, or None when there can be none."""
    required = list(_required(cls))
    make: Callable[..., Any] = cls
    try:
        arguments = {name: _argument(cls, name) for name in required} | _WANTED.get(cls.__name__, {})
        config = _as_json(make(**arguments).get_config())
    except Exception:
        return None
    defaults = {key: value for key, value in _parameters(cls).items() if key not in required}
    order = [*defaults, *(key for key in config if key not in defaults)]
    wanted = _WANTED.get(cls.__name__, {})
    return {
        "required": [key for key in required if key not in dropped],
        "defaults": {
            key: defaults.get(key) if key in wanted else config.get(key, defaults.get(key))
            for key in order
            if key not in dropped and key not in required
        },
    }


def _signature_only(cls: type, dropped: frozenset[str]) -> dict[str, Any]:
    required = list(_required(cls))
    return {
        "required": [key for key in required if key not in dropped],
        "defaults": {
            key: value for key, value in _parameters(cls).items() if key not in dropped and key not in required
        },
    }


def _argument(cls: type, name: str) -> object:
    import keras

    if name == "layer":
        return keras.layers.LSTM(2) if cls.__name__ == "Bidirectional" else keras.layers.Dense(2)
    if name == "cell":
        return keras.layers.LSTMCell(2)
    if name in ("cells", "layers"):
        return [keras.layers.LSTMCell(2)]
    if name == "function":
        return _argument
    return _ARGUMENTS[name]


def _signature(cls: type) -> list[inspect.Parameter]:
    skipped = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = list(inspect.signature(cls).parameters.values())
    return [parameter for parameter in parameters if parameter.kind not in skipped]


def _required(cls: type) -> Iterator[str]:
    return (parameter.name for parameter in _signature(cls) if parameter.default is parameter.empty)


def _parameters(cls: type) -> dict[str, Any]:
    return {parameter.name: _as_json(parameter.default) for parameter in _signature(cls)}


def _as_json(value: object) -> Any:
    from keras.saving import serialize_keras_object

    if value is inspect.Parameter.empty:
        return None
    return json.loads(json.dumps(serialize_keras_object(value), default=str))


def as_text(table: dict[str, Any]) -> str:
    """Write the table with one line for each class, so that a change of Keras is a readable diff."""
    lines = []
    for group, entries in table.items():
        if isinstance(entries, dict):
            body = ",\n".join(f'"{kind}": {json.dumps(entry)}' for kind, entry in entries.items())
            lines.append(f'"{group}": {{\n{body}\n}}')
        else:
            lines.append(f'"{group}": {json.dumps(entries)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Write the table, or with `--check` say whether it is up to date."""
    text = as_text(make_table())
    if "--check" in sys.argv[1:]:
        return 0 if TABLE.read_text(encoding="utf-8") == text else 1
    TABLE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
