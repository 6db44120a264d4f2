"""One serialized layer, model or operation -> what it says of itself, in Keras 3's words. Knows nothing of graphs."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.graph import OPS_MODULE
from keras_ascii_tools.read.config_nodes import dtype_of, shape_of
from keras_ascii_tools.read.eras import FORMER_LAYERS, modernized
from keras_ascii_tools.read.guards import Config, is_list, is_mapping
from keras_ascii_tools.read.settings import kind_of, module_of

__all__ = ["BuildShapes", "Entry", "entry_of_raw", "has_body", "input_entry", "layers_of"]

BuildShapes: TypeAlias = "tuple[tuple[int | None, ...], ...] | None"

_LONGEST_KIND: Final = 1_000


class Entry(NamedTuple):
    """A serialized object."""

    name: str | None
    kind: str
    module: str | None
    config: Config
    build: Config
    """`build_config`, which may be empty."""
    inbound: object
    """Its calls, as the file has them."""
    shared: int | None
    """Equal for two entries of one object."""
    written: str = ""
    """Its class name in the file, which may be one of an earlier Keras."""
    first_input: tuple[tuple[int | None, ...], str | None] | None = None
    """Shape and dtype of the input, where Keras 1 and 2 say it in the first layer of a chain."""
    says_module: bool = False
    """Whether the file says of which module the class is; HDF5 and earlier files do not."""

    @property
    def is_operation(self) -> bool:
        """Whether it is a call of `keras.ops` and not a layer."""
        return self.module == OPS_MODULE

    @property
    def build_shapes(self) -> BuildShapes:
        """The shapes that the layer was built with, or `None`; those of its first call, where it has several."""
        shapes = self.build.get("shapes_dict")
        if is_mapping(shapes):
            found = [shape_of(shape) for shape in shapes.values()]
            return None if None in found else tuple(shape for shape in found if shape is not None)
        raw = self.build.get("input_shape")
        one = shape_of(raw)
        if one is not None:
            return (one,) if raw else None
        if is_list(raw) and raw:
            several = [shape_of(item) for item in raw]
            return None if None in several else tuple(shape for shape in several if shape is not None)
        return None


def entry_of_raw(raw: object) -> Entry:
    """Read one entry.

    Raises:
        SourceError: It is not a serialized object.
    """
    if not is_mapping(raw) or not isinstance(raw.get("class_name"), str):
        raise SourceError("an entry of the model's layers is not a serialized layer; the file is damaged")
    old, kind = raw.get("config"), str(raw["class_name"])
    written = kind
    if not 0 < len(kind) <= _LONGEST_KIND:
        raise SourceError("a class name of the model's layers is empty or far too long; the file is damaged")
    kind, config = modernized(kind, old)
    module, registered = raw.get("module"), raw.get("registered_name")
    module = module_of(
        module if isinstance(module, str) else None, kind, registered if isinstance(registered, str) else None, config
    )
    if module is None and registered is None and kind in FORMER_LAYERS:
        module = "keras.layers"
    build, shared = raw.get("build_config"), raw.get("shared_object_id")
    name = raw.get("name")
    if not isinstance(name, str):
        name = config.get("name")
    return Entry(
        name=name if isinstance(name, str) else None,
        kind=_kind(kind, module),
        module=module,
        config=config,
        build=_former_build(old) or (build if is_mapping(build) else {}),
        inbound=raw.get("inbound_nodes"),
        shared=shared if type(shared) is int else None,
        written=written,
        first_input=_first_input(old),
        says_module=isinstance(raw.get("module"), str),
    )


def _first_input(config: object) -> tuple[tuple[int | None, ...], str | None] | None:
    if not is_mapping(config) or "batch_input_shape" not in config:
        return None
    shape = shape_of(config["batch_input_shape"])
    return None if shape is None else (shape, dtype_of(config.get("input_dtype", config.get("dtype"))))


def _former_build(config: object) -> Config:
    """Keras 2 has among the settings of an attention layer what it was built with."""
    names = ("query_shape", "value_shape", "key_shape")
    if not is_mapping(config) or not all(is_list(config.get(name)) for name in names):
        return {}
    return {"shapes_dict": {name: config[name] for name in names}}


def _kind(kind: str, module: str | None) -> str:
    return "Functional" if kind == "Model" and module == "keras.models" else kind_of(kind, module)


def layers_of(entry: Entry) -> list[object] | None:
    """Return the serialized layers of a model, or `None` for what is none."""
    layers = entry.config.get("layers")
    if not is_list(layers) or entry.module == "keras.layers" or entry.is_operation:
        return None
    return list(layers)


def has_body(entry: Entry) -> bool:
    """Tell whether an entry says its graph: that of a functional or a sequential model."""
    if layers_of(entry) is None:
        return False
    return entry.kind == "Sequential" or "input_layers" in entry.config or "output_layers" in entry.config


def input_entry(shape: tuple[int | None, ...], dtype: str | None = None) -> Entry:
    """Return an input layer for a model whose file has none of its own."""
    config = {"batch_shape": list(shape), "dtype": dtype}
    return Entry(None, "InputLayer", "keras.layers", config, {}, None, None)
