"""What Keras wrote of how a model was compiled -> its optimizer. Knows the JSON of Keras 2 and 3, no files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keras_ascii_tools.graph import Optimizer
from keras_ascii_tools.read.guards import is_mapping

__all__ = ["optimizer_of"]

_LONGEST: Final = 200


def optimizer_of(config: Mapping[str, object] | None) -> Optimizer | None:
    """Return the optimizer; `None` if the model was not compiled, or if its class is not said.

    Args:
        config: `config.json` of an archive, the result of `to_json()`, or `training_config` of an HDF5 file.
    """
    if config is None:
        return None
    compiled = config.get("compile_config")
    found = compiled.get("optimizer") if is_mapping(compiled) else config.get("optimizer_config")
    kind = found.get("class_name") if is_mapping(found) else None
    if not isinstance(kind, str) or not 0 < len(kind) <= _LONGEST:
        return None
    return Optimizer(kind=kind.rpartition(">")[2])  # `Package>Class` is how Keras 2 writes a registered class
