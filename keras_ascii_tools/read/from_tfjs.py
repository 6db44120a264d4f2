"""`model.json` of a TensorFlow.js layers model -> what is saved in it. Opens no file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import Weight
from keras_ascii_tools.read.config_nodes import shape_of
from keras_ascii_tools.read.formats import Format
from keras_ascii_tools.read.guards import is_list, is_mapping
from keras_ascii_tools.read.saved import FileFacts, Saved
from keras_ascii_tools.read.stored import Branch, Stored, stored_of

__all__ = ["read_tfjs"]


def read_tfjs(document: Mapping[str, Any], size: int) -> Saved:
    """Read a parsed document.

    Raises:
        SourceError: It is a graph model, which has no layers, or none at all.
    """
    topology = document["modelTopology"]
    if not is_mapping(topology):
        raise SourceError("a TensorFlow.js document without a model in it")
    if document.get("format") == "graph-model" or "node" in topology:
        raise SourceError("a TensorFlow.js graph model, which has operations of TensorFlow and no layers of Keras")
    config = topology.get("model_config", topology)
    version = topology.get("keras_version")
    return Saved(
        facts=FileFacts(Format.TFJS, size, version[:40] if isinstance(version, str) else None),
        config=config,
        weights=lambda: _stored(document.get("weightsManifest")),
    )


def _stored(manifest: object) -> Stored:
    by_layer: dict[str, list[Weight]] = {}
    for group in manifest if is_list(manifest) else ():
        arrays = group.get("weights") if is_mapping(group) else None
        for raw in arrays if is_list(arrays) else ():
            shape = shape_of(raw.get("shape")) if is_mapping(raw) else None
            if shape is None or None in shape or not isinstance(raw.get("name"), str):
                continue
            layer, _, _ = raw["name"].rpartition("/")
            axes = tuple(axis for axis in shape if axis is not None)
            by_layer.setdefault(layer, []).append(Weight(raw["name"], axes, str(raw.get("dtype")), trainable=True))
    inner = [Branch(name, name.rpartition("/")[2], tuple(weights)) for name, weights in by_layer.items()]
    return stored_of(Branch("", inner=tuple(inner)))
