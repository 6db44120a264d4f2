"""A layer's settings -> the few words that say what it is, and the rest. For eyes; knows no layout.

To say a setting in another way: a line in one of the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from keras_ascii_tools.glyphs import KNOWN_KINDS
from keras_ascii_tools.graph import INPUT, Layer, Node, Record, Value
from keras_ascii_tools.notation.values import format_call, format_value
from keras_ascii_tools.notation.words import format_word

__all__ = ["Description", "call_of", "describe"]

MAX_VALUE = 60
"""Characters that one setting may take before it is shortened; the snapshot profile shows all."""


class Description(NamedTuple):
    """What a row says of a layer."""

    inner: str
    """What a wrapper wraps: `LSTM 128`."""
    defining: str
    """Units, kernel, strides, rate, heads: what distinguishes a layer of its kind."""
    rest: tuple[str, ...]
    """Activation first, then every other setting that is not the default, initializers and the like last."""


def describe(layer: Layer, times: str = "×") -> Description:
    """Describe a layer by its settings that are not the default."""
    if layer.settings is None:
        return Description("", "", ("settings unknown",))
    if (
        layer.kind not in KNOWN_KINDS
        and not layer.is_operation
        and layer.base in {None, "Layer", "Model"}
        and "+" not in layer.kind
    ):
        # A class from outside Keras: what its settings mean is not known, so each is shown with its name.
        return Description("", "", tuple(_setting(key, value, times) for key, value in layer.settings))
    return _described(layer.kind, layer.settings, times)


@lru_cache(maxsize=1024)  # most layers of a large model are set like others
def _described(kind: str, settings: tuple[tuple[str, Value], ...], times: str) -> Description:
    return _describe(kind, dict(settings), times)


def _describe(kind: str, settings: dict[str, Value], times: str) -> Description:
    inner = ""
    for key in ("layer", "cell"):
        value = settings.get(key)
        if isinstance(value, Record):
            inner = _object(value, times)
            del settings[key]
    words: list[str] = []
    for key, say in _DEFINING.items():
        if key in settings and not isinstance(settings[key], Record):
            word = say(settings[key], times)
            if word:
                words.append(word)
                del settings[key]
    if kind == "Activation" and "activation" in settings:
        words.append(_text(settings.pop("activation"), times))
    return Description(inner, _joined(words, times), tuple(_rest(settings, times)))


def call_of(node: Node) -> str:
    """Say the arguments of a call, if they are more than tensors; an index as it is written: `[:, :4]`."""
    call = node.call
    if call is None:
        return ""
    if node.layer.is_operation and node.layer.kind == "GetItem" and len(call.args) == 2 and call.args[0] == INPUT:
        key = call.args[1]
        return f"[{', '.join(map(_index, key if isinstance(key, tuple) else (key,)))}]"
    return format_call(call)


def _index(value: Value) -> str:
    if not isinstance(value, Record) or value.kind != "slice":
        return "..." if value == Record("Ellipsis") else format_value(value)
    start, stop, step = (value.get(key) for key in ("start", "stop", "step"))
    text = ":".join("" if bound is None else format_value(bound) for bound in (start, stop))
    return text if step is None else f"{text}:{format_value(step)}"


def _joined(words: list[str], times: str) -> str:
    """`100×16` and not `100 ×16`, where two numbers are one size."""
    text = ""
    for word in words:
        close = word.startswith(times) and text[-1:].isdigit() and not text.endswith("heads")
        text += word if close or not text else f" {word}"
    return text


def _object(value: Record, times: str) -> str:
    """A layer inside a setting: its kind and what defines it."""
    if not value.items or value.kind == "":
        return value.kind or format_value(value)
    about = _describe(value.kind, dict(value.items), times)
    kind = f"{value.kind}({about.inner})" if about.inner else value.kind
    return " ".join(filter(None, (kind, about.defining, *about.rest)))


def _rest(settings: dict[str, Value], times: str) -> list[str]:
    first: list[str] = []
    last: list[str] = []
    for key, value in settings.items():
        if key == "activation":
            first.insert(0, _text(value, times))
        elif key == "padding" and isinstance(value, str):
            first.append(value)
        elif key == "use_bias" and value is False:
            first.append("no bias")
        elif key == "quantization_config" and isinstance(value, Record):
            first.append(f"quantized={_quantized(value)}")
        elif key.endswith(_LATE):
            last.append(_setting(key, value, times))
        else:
            first.append(_setting(key, value, times))
    return first + last


def _quantized(value: Record) -> str:
    """`int8`, and what else is set."""
    mode = value.kind.removesuffix("QuantizationConfig").lower()
    return format_value(Record(mode, value.items)) if value.items else mode


_LATE = ("_initializer", "_regularizer", "_constraint")


def _setting(key: str, value: Value, times: str) -> str:
    if value is True:
        return format_word(key)
    return f"{format_word(key)}={_text(value, times)}"


def _text(value: Value, times: str) -> str:
    if isinstance(value, Record) and value.kind and _has_layer(value):
        text = _object(value, times)
    else:
        text = format_value(value)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 3] + "..."


def _has_layer(value: Record) -> bool:
    return any(key in {"units", "filters", "layer", "cell"} for key, _ in value.items)


def _plain(value: Value, times: str) -> str:
    del times
    return format_value(value) if isinstance(value, (int, float, str)) else ""


def _dimensions(value: Value, times: str) -> str:
    """`3×3`; one number stands for itself."""
    if isinstance(value, tuple):
        return times.join(format_value(axis) for axis in value) if _flat(value) else ""
    return _plain(value, times)


def _flat(value: tuple[Value, ...]) -> bool:
    return all(isinstance(item, int) for item in value)


def _strides(value: Value, times: str) -> str:
    if isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    text = _dimensions(value, times)
    return f"/{text}" if text else ""


def _after(sign: str) -> Callable[[Value, str], str]:
    def say(value: Value, times: str) -> str:
        text = _dimensions(value, times)
        return f"{times if sign == 'x' else sign}{text}" if text else ""

    return say


def _counted(word: str) -> Callable[[Value, str], str]:
    def say(value: Value, times: str) -> str:
        text = _plain(value, times)
        return f"{text} {word}" if text else ""

    return say


def _shape(value: Value, times: str) -> str:
    del times
    if isinstance(value, tuple) and value and _flat(value):
        return " ".join(map(str, value))
    return ""


def _around(value: Value, times: str) -> str:
    """What is added or cut at the edges, where it is the same at all of them."""
    flat = (
        {axis for side in value for axis in (side if isinstance(side, tuple) else (side,))}
        if isinstance(value, tuple)
        else {value}
    )
    (only,) = flat if len(flat) == 1 else (None,)
    return _plain(only, times) if isinstance(only, int) else ""


_DEFINING: dict[str, Callable[[Value, str], str]] = {
    "filters": _plain,
    "units": _plain,
    "equation": _plain,
    "input_dim": _plain,
    "num_heads": _counted("heads"),
    "num_query_heads": _counted("query heads"),
    "num_key_value_heads": _counted("key heads"),
    "key_dim": _after("x"),
    "head_dim": _after("x"),
    "output_dim": _after("x"),
    "kernel_size": _dimensions,
    "pool_size": _dimensions,
    "size": _after("x"),
    "n": _after("x"),
    "strides": _strides,
    "rate": _plain,
    "stddev": _plain,
    "factor": _plain,
    "target_shape": _shape,
    "dims": _shape,
    "cropping": _around,
    "padding": _around,
}
"""Settings that stand beside the kind, in this order."""
