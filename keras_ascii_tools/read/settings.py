"""Turn the config of a layer into its settings: normalised, in the order of the signature, without defaults.

Knows configs only, whether a live layer made them or a file held them; both come to the same settings.
"""

from __future__ import annotations

from collections.abc import Mapping

from keras_ascii_tools.graph.values import Value
from keras_ascii_tools.policies import compute_dtype
from keras_ascii_tools.read.defaults import defaults_version, is_builtin, kind_of, module_of, signature_of
from keras_ascii_tools.read.policies import policy_name
from keras_ascii_tools.read.values import Converter

__all__ = [
    "compute_dtype",
    "defaults_version",
    "is_builtin",
    "kind_of",
    "module_of",
    "policy_name",
    "settings_from_config",
    "signature_of",
    "to_value",
]


def settings_from_config(kind: str, module: str | None, config: Mapping[str, object]) -> tuple[tuple[str, Value], ...]:
    """Return the settings that differ from the effective default, in the order of the signature.

    Settings without a default are always among them. A layer from outside Keras shows every setting, in the order of
    its config.

    Args:
        kind: Class name, as the object or the file has it.
        module: Module of the class, in any spelling; None when the file does not say.
        config: What `get_config` returned, or the file's `config`.
    """
    return Converter().settings(kind, module, config)


def to_value(obj: object) -> Value:
    """Return plain data for anything: JSON, a serialized or live Keras object, an array, a function.

    Never raises and never imports or runs what the data names. Arrays are shape and dtype, lambdas are just that, and
    what is too deep or too long is cut where a `Record("...")` or a size says so.
    """
    return Converter().value(obj)
