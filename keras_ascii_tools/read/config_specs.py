"""What is known of each tensor of a model: what the file records, then rules, then what consumers were built with.

Never a guess: what none of the three says is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.graph import ModelGraph, TensorRef, TensorSpec
from keras_ascii_tools.read.config_entries import Entry
from keras_ascii_tools.read.config_wiring import Wire, Wiring
from keras_ascii_tools.read.shapes import output_specs

__all__ = ["Specs", "specs_of", "specs_of_inputs"]

Specs = tuple[TensorSpec, ...]
_UNKNOWN = TensorSpec()


def specs_of(entries: Sequence[Entry], bodies: Sequence[ModelGraph | None], wiring: Wiring) -> list[Specs]:
    """Return the output specs of every call."""
    hints = _hints(entries, wiring)
    found: list[Specs] = []
    for place, item in enumerate(wiring.wires):
        inputs = specs_of_inputs(item, found)
        ruled = _by_rule(entries[item.member], bodies[item.member], inputs, item) or ()
        number = max(len(item.recorded), len(ruled), 1)
        found.append(
            tuple(
                _merged(_at(item.recorded, output), _at(ruled, output), hints.get(TensorRef(place, output), _UNKNOWN))
                for output in range(number)
            )
        )
    return found


def specs_of_inputs(item: Wire, found: Sequence[Specs]) -> Specs:
    """Return what is known of the tensors that a call takes."""
    return tuple(_UNKNOWN if ref is None else _at(found[ref.node], ref.output) for ref in item.inputs)


def _at(specs: Sequence[TensorSpec], index: int) -> TensorSpec:
    return specs[index] if index < len(specs) else _UNKNOWN


def _merged(*sources: TensorSpec) -> TensorSpec:
    shape = next((source.shape for source in sources if source.shape is not None), None)
    return TensorSpec(shape, next((source.dtype for source in sources if source.dtype is not None), None))


def _by_rule(entry: Entry, body: ModelGraph | None, inputs: Specs, item: Wire) -> Specs | None:
    if body is not None and entry.module != "keras.layers":
        return _of_body(body, inputs)
    if entry.module not in {"keras.layers", "keras.ops"}:
        return None
    return output_specs(entry, inputs, item.template)


def _of_body(body: ModelGraph, inputs: Specs) -> Specs:
    """A model called on what it was made for has the outputs that it was made with."""
    outputs = tuple(_UNKNOWN if ref is None else body.spec(ref) for ref in body.outputs)
    made_for = [None if ref is None else body.spec(ref).shape for ref in body.inputs]
    if [spec.shape for spec in inputs] == made_for and None not in made_for:
        return outputs
    return tuple(TensorSpec(None, spec.dtype) for spec in outputs)


def _hints(entries: Sequence[Entry], wiring: Wiring) -> dict[TensorRef, TensorSpec]:
    """The shapes that layers were built with, where they are called once: those of what they are called on."""
    calls: dict[int, int] = {}
    for item in wiring.wires:
        calls[item.member] = calls.get(item.member, 0) + 1
    hints: dict[TensorRef, TensorSpec] = {}
    for item in wiring.wires:
        shapes = entries[item.member].build_shapes if calls[item.member] == 1 else None
        if shapes is None or len(shapes) != len(item.inputs):
            continue
        for ref, shape in zip(item.inputs, shapes, strict=True):
            if ref is not None:
                hints.setdefault(ref, TensorSpec(shape))
    return hints
