"""Configs of small models as Keras writes them, made by hand: no Keras needed."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def tensor(shape: list[int | None], name: str, call: int = 0, output: int = 0, dtype: str = "float32") -> Json:
    """A tensor as Keras 3 writes it."""
    config = {"shape": shape, "dtype": dtype, "keras_history": [name, call, output]}
    return {"class_name": "__keras_tensor__", "config": config}


def call(*args: Any, **kwargs: Any) -> Json:
    """A call as Keras 3 writes it."""
    return {"args": list(args), "kwargs": kwargs}


def layer(kind: str, name: str, *calls: Any, module: str | None = "keras.layers", **config: Any) -> Json:
    """A layer of a functional model as Keras 3 writes it."""
    found: Json = {
        "module": module,
        "class_name": kind,
        "config": {"name": name, "trainable": True, "dtype": "float32", **config},
        "registered_name": None,
        "name": name,
        "inbound_nodes": list(calls),
    }
    if module is None:
        del found["module"]
    return found


def source(name: str, shape: list[int | None], dtype: str = "float32") -> Json:
    """An input layer of a functional model as Keras 3 writes it."""
    entry = layer("InputLayer", name, batch_shape=shape)
    entry["config"] = {"name": name, "batch_shape": shape, "dtype": dtype, "sparse": False, "ragged": False}
    return entry


def operation(kind: str, name: str, *calls: Any, **config: Any) -> Json:
    """A call of `keras.ops`."""
    entry = layer(kind, name, *calls, module="keras.src.ops.numpy")
    entry["config"] = {"name": name, **config}
    return entry


def functional(layers: list[Json], inputs: Any, outputs: Any, name: str = "functional", **more: Any) -> Json:
    """A functional model."""
    config = {"name": name, "trainable": True, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config, **more}


def sequential(layers: list[Json], name: str = "sequential", **config: Any) -> Json:
    """A sequential model."""
    config = {"name": name, "trainable": True, "dtype": "float32", "layers": layers, **config}
    return {"module": "keras", "class_name": "Sequential", "config": config}
