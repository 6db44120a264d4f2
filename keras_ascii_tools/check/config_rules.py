"""Rules for the JSON of a model. Subjects: `Value`, one for each object and number in it. Imports nothing it names."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keras_ascii_tools.check.config_names import (
    FUNCTION_MODULES,
    KERAS_FUNCTIONS,
    KERAS_OPTIMIZERS,
    KERAS_PACKAGES,
    MODELING_MODULES,
    NEVER_FUNCTIONS,
    UNSAFE_TENSORFLOW,
    words,
)
from keras_ascii_tools.check.findings import DANGER, DOUBT, Rule
from keras_ascii_tools.check.graph_rules import UNSAFE_OPERATIONS
from keras_ascii_tools.check.text_rules import PATH, code_size
from keras_ascii_tools.read.guards import Config, is_list, is_mapping

__all__ = ["ABSURD", "CODE_RULES", "NUMBER_RULES", "OBJECT_RULES", "Doubled", "Value"]


class Doubled(dict[str, Any]):
    """A JSON object in which a key stands twice."""

    twice: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """An object or a number of the JSON."""

    value: Any
    key: str
    """Under which it stands; empty in a list."""
    in_layers: bool
    """Whether it is a layer: in a list `layers`, or inside a wrapper."""


def _class_of(thing: Value) -> tuple[str, str, Config]:
    """Return class name (empty for what is no serialized object), module and the object."""
    found: Config = thing.value
    kind, module = found.get("class_name"), found.get("module")
    return (kind if isinstance(kind, str) else ""), (module if isinstance(module, str) else ""), found


def _name_of(kind: str, found: Config) -> str:
    """Return the name of the class, or of the function that an object stands for."""
    config = found.get("config")
    return config if kind == "function" and isinstance(config, str) else kind


def _keras_path(module: str) -> list[str] | None:
    """Return the parts of a module of Keras after the package; `None` for any other module."""
    for package in KERAS_PACKAGES:
        if module == package or module.startswith(f"{package}."):
            return [part for part in module[len(package) + 1 :].split(".") if part and part != "src"]
    return None


def _lambda(thing: Value) -> Iterator[str]:
    kind, _, found = _class_of(thing)
    config = found.get("config")
    if kind == "__lambda__":
        code = config.get("code", config.get("value")) if is_mapping(config) else config
    elif kind == "Lambda" and is_mapping(config):
        code = next((value for key in _OF_LAMBDA if (value := _listed(config.get(key))) is not None), None)
    elif not kind and set(found) == {"value"} and is_list(found["value"]) and len(found["value"]) == 3:
        code = found["value"]  # the function of a layer that is no Lambda, as Keras 3 writes it
        if not isinstance(code[0], str):
            return
    else:
        return
    if kind == "Lambda" and code is None:
        return
    size = code_size(_first_text(code))
    yield f"a Python lambda, {size:,} bytes of code in the file" if size else "a Python lambda"


_OF_LAMBDA: Final = ("function", "output_shape", "mask")


def _listed(value: Any) -> Sequence[Any] | None:
    """Return code as Keras 2 writes it, a list of code, defaults and closure; in a SavedModel it is a tuple."""
    items = value.get("items") if is_mapping(value) else value
    is_code = is_list(items) and len(items) == 3 and isinstance(items[0], str)
    return items if is_code else None


def _first_text(code: object) -> str:
    first = code[0] if is_list(code) and code else code
    return first if isinstance(first, str) else ""


def _python_module(thing: Value) -> Iterator[str]:
    kind, module, found = _class_of(thing)
    top = module.partition(".")[0]
    if not top or (module == "builtins" and kind == "function" and _name_of(kind, found) not in _BUILTINS):
        return
    if top in sys.stdlib_module_names and top != "__main__":
        name = f"{module}.{_name_of(kind, found)}".rstrip(".")
        yield f"{name}, of Python itself, where a layer or function of Keras is expected"


_BUILTINS: Final = frozenset(dir(builtins))


def _unsafe_api(thing: Value) -> Iterator[str]:
    kind, module, found = _class_of(thing)
    path = _keras_path(module) if kind else None
    if path is None:
        return
    name = _name_of(kind, found)
    if kind == "function":
        wrong = not path or path[0] not in FUNCTION_MODULES or name in NEVER_FUNCTIONS
    else:
        wrong = bool(path) and path[0] not in MODELING_MODULES
        wrong = wrong or (name[:1].islower() and (not path or path[0] in ("models", "saving", "layers")))
    if wrong and name not in _ELSEWHERE:
        yield f"{module}.{name}, of Keras, but no layer and nothing that a model is made of"


def _loads_elsewhere(thing: Value) -> Iterator[str]:
    kind, _, _ = _class_of(thing)
    if kind in _ELSEWHERE:
        yield f"a {kind}: {_ELSEWHERE[kind]}"


_ELSEWHERE: Final = {
    "TFSMLayer": "it loads and runs a SavedModel from a path",
    "TorchModuleWrapper": "it unpickles a module of PyTorch",
    "JaxLayer": "it calls functions that the file says",
    "FlaxLayer": "it calls a module that the file says",
    "ModuleWrapper": "it calls a module that the file says",
}


def _tensorflow_function(thing: Value) -> Iterator[str]:
    kind, _, found = _class_of(thing)
    config = found.get("config")
    if not is_mapping(config):
        return
    if kind in _CALLS_TENSORFLOW:
        name = str(config.get("function") or config.get("method_name") or config.get("symbol") or "")
        if any(part in name for part in UNSAFE_TENSORFLOW):
            yield f"a call of tf.{name.removeprefix('tf.')}"
    elif kind == "TensorFlowOpLayer":
        definition = config.get("node_def")
        operation = definition.get("op") if is_mapping(definition) else definition
        names = [name for name in UNSAFE_OPERATIONS if name in str(operation)]
        if names:
            yield f"a call of TensorFlow's operation {names[0]}"


_CALLS_TENSORFLOW: Final = frozenset({"TFOpLambda", "ClassMethod", "InstanceMethod", "InstanceProperty"})


def _reads_file(thing: Value) -> Iterator[str]:
    for key in _FILES:
        value = thing.value.get(key)
        if isinstance(value, str) and value and (key in _VOCABULARIES or PATH.match(value)):
            yield f"{key} is the path {value!r}"


_VOCABULARIES: Final = ("vocabulary", "idf_weights", "vocabulary_file")
_FILES: Final = (*_VOCABULARIES, "filepath", "file_path", "filename", "proto", "merges", "weights")


def _imports_module(thing: Value) -> Iterator[str]:
    kind, module, found = _class_of(thing)
    if not module or not kind or _keras_path(module) is not None:
        return
    top = module.partition(".")[0]
    if kind == "__typespec__" and top == "tensorflow":
        return
    if top in sys.stdlib_module_names and (top != "__main__"):
        return  # `python-module` or `custom-object`
    yield f"{_name_of(kind, found)} of the module {module}, which is not Keras'"


def _custom_object(thing: Value) -> Iterator[str]:
    kind, module, found = _class_of(thing)
    registered = found.get("registered_name")
    name = _name_of(kind, found)
    if module == "builtins" and kind == "function" and name not in _BUILTINS:
        if name not in KERAS_FUNCTIONS:
            yield f"a function {name} that is not Keras'"
    elif not module and ">" in kind:
        if kind.removeprefix("Custom>") in KERAS_OPTIMIZERS:
            return  # so Keras 2 registers its own
        yield f"a class {kind} that is not Keras'"
    elif not module and isinstance(registered, str) and ">" in registered:
        yield f"a class {registered} that is not Keras'"
    elif not module and thing.in_layers and kind and not _is_known(kind):
        yield f"a class {kind} that is not Keras'"


def _is_known(kind: str) -> bool:
    from keras_ascii_tools.read.defaults import is_builtin
    from keras_ascii_tools.read.eras import FORMER_LAYERS

    return kind.startswith("__") or is_builtin(kind) or kind in FORMER_LAYERS or kind in _KERAS_2_ONLY


_KERAS_2_ONLY: Final = words(
    """AddLoss AddMetric BatchNormalizationV1 BatchNormalizationV2 Bias ClassMethod Container ConvLSTM2DCell CuDNNGRU
    CuDNNLSTM DenseFeatures GRUCell Graph Highway Identity InstanceMethod InstanceProperty Lambda LinearModel
    LocallyConnected1D LocallyConnected2D MaxoutDense Merge PreprocessingLayer RandomFourierFeatures RandomHeight
    RandomWidth SequenceFeatures SlicingOpLambda SyncBatchNormalization TFOpLambda TensorFlowOpLayer ThresholdedReLU
    TimeDistributedDense WideDeepModel"""
)


def _disguise(thing: Value) -> Iterator[str]:
    kind, module, found = _class_of(thing)
    registered = found.get("registered_name")
    path = _keras_path(module) if kind and isinstance(registered, str) and ">" in registered else None
    if path is not None and not str(registered).startswith(("keras", "Keras")):
        yield f"{module}.{_name_of(kind, found)}, registered as {registered}"


def _twice(thing: Value) -> Iterator[str]:
    if isinstance(thing.value, Doubled):
        yield f"the key {thing.value.twice!r} stands twice in one object"


def _absurd(thing: Value) -> Iterator[str]:
    value = thing.value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= ABSURD and thing.key not in _LARGE:
        yield f"{thing.key or 'a number'} is {value:,}" if abs(value) < 10**30 else f"{thing.key or 'a number'} is huge"


ABSURD: Final = 1 << 31
"""Sizes from here on are found."""
_LARGE: Final = frozenset({"seed", "shared_object_id", "salt", "mask_token", "oov_token", "value", "hash_seed"})

_LAMBDA_RUNS: Final = (
    "loading the model runs it, unless safe_mode keeps from that (of .keras since Keras 2.13, of HDF5 since 3.11.3)"
)
_RUNS: Final = "it reads or writes files, or runs Python, when the model is called"
_IMPORTED: Final = "releases of Keras before 3.9 import it, later ones need it registered"

CODE_RULES: Final = (Rule("lambda-code", DANGER, _LAMBDA_RUNS, _lambda),)
"""For JSON objects that are code."""

OBJECT_RULES: Final = (
    Rule("python-module", DANGER, "loading the model may call it", _python_module),
    Rule("unsafe-api", DANGER, "loading the model may call it, to switch off protection or touch files", _unsafe_api),
    Rule("loads-elsewhere", DANGER, "what it runs is not in the layer's settings", _loads_elsewhere),
    Rule(
        "tensorflow-function",
        DANGER,
        "it reads or writes files, or runs Python, when the model is called",
        _tensorflow_function,
    ),
    Rule("reads-file", DANGER, "loading the model reads it, from this machine or the network", _reads_file),
    Rule(
        "imports-module",
        DOUBT,
        "releases of Keras before 3.9 import it, later ones need it registered",
        _imports_module,
    ),
    Rule("custom-object", DOUBT, "what it does is in code that is not in the file", _custom_object),
    Rule("disguise", DOUBT, "what is loaded may be a class of another package", _disguise),
    Rule("double-key", DOUBT, "programs differ in which of the two they take", _twice),
)
"""For all JSON objects."""

NUMBER_RULES: Final = (Rule("absurd-size", DOUBT, "memory or time may run out when the model is loaded", _absurd),)
"""For whole numbers."""
