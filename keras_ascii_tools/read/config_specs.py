"""What is known of each tensor of a model: what the file records, then rules, then what consumers were built with.

Never a guess: what none of the three says is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.graph import MAX_AXIS, ModelGraph, Shape, TensorRef, TensorSpec
from keras_ascii_tools.read.config_entries import Entry
from keras_ascii_tools.read.config_nodes import dtype_of
from keras_ascii_tools.read.config_wiring import Wire, Wiring
from keras_ascii_tools.read.settings import compute_dtype, policy_name
from keras_ascii_tools.read.shapes import output_specs
from keras_ascii_tools.read.shapes.plain import PLAIN
from keras_ascii_tools.read.shapes.spatial import SPATIAL

__all__ = ["Specs", "specs_of", "specs_of_inputs"]

Specs = tuple[TensorSpec, ...]
_UNKNOWN = TensorSpec()


def specs_of(entries: Sequence[Entry], bodies: Sequence[ModelGraph | None], wiring: Wiring) -> list[Specs]:
    """Return the output specs of every call."""
    casts = _may_have_casts(entries, wiring)
    hints = _hints(entries, wiring)
    found: list[Specs] = []
    for place, item in enumerate(wiring.wires):
        inputs = specs_of_inputs(item, found)
        ruled: Specs = ()
        if casts or not _is_all_said(entries[item.member], item):
            ruled = _by_rule(entries[item.member], bodies[item.member], inputs, item) or ()
        number = max(len(item.recorded), len(ruled), 1)
        found.append(
            tuple(
                _merged(
                    TensorSpec(None, _at(ruled, output).dtype) if casts else _UNKNOWN,
                    _at(item.recorded, output),
                    _at(ruled, output),
                    hints.get(TensorRef(place, output), _UNKNOWN),
                )
                for output in range(number)
            )
        )
    return found


def specs_of_inputs(item: Wire, found: Sequence[Specs]) -> Specs:
    """Return what is known of the tensors that a call takes."""
    return tuple(_UNKNOWN if ref is None else _at(found[ref.node], ref.output) for ref in item.inputs)


def _may_have_casts(entries: Sequence[Entry], wiring: Wiring) -> bool:
    """Whether there are floats of several sizes: Keras 3.0 records a tensor as what its consumer casts it to."""
    dtypes = {spec.dtype for item in wiring.wires for spec in item.recorded}
    dtypes.update(dtype_of(entry.config.get("dtype")) for entry in entries if entry.kind == "InputLayer")
    return sum(dtype is not None and "float" in dtype for dtype in dtypes) > 1


def _is_all_said(entry: Entry, item: Wire) -> bool:
    """Whether consumers say all of the only output; this spares a large model most of the rules."""
    if entry.is_operation or (entry.kind not in PLAIN and entry.kind not in SPATIAL):
        return False
    return len(item.recorded) == 1 and item.recorded[0].shape is not None and item.recorded[0].dtype is not None


def _at(specs: Sequence[TensorSpec], index: int) -> TensorSpec:
    return specs[index] if index < len(specs) else _UNKNOWN


def _merged(*sources: TensorSpec) -> TensorSpec:
    shape = next((source.shape for source in sources if source.shape is not None and _can_be(source.shape)), None)
    return TensorSpec(shape, next((source.dtype for source in sources if source.dtype is not None), None))


def _can_be(shape: Shape) -> bool:
    """Whether there can be such an array: rules multiply what a file says."""
    return all(axis is None or 0 <= axis <= MAX_AXIS for axis in shape)


def _by_rule(entry: Entry, body: ModelGraph | None, inputs: Specs, item: Wire) -> Specs | None:
    if body is not None and entry.module != "keras.layers":
        return _of_body(body, inputs)
    if entry.module not in {"keras.layers", "keras.ops"}:
        return None
    if body is not None and entry.kind == "TimeDistributed":
        return _of_each_step(entry, body, inputs)
    return output_specs(entry, inputs, item.template)


def _of_each_step(entry: Entry, body: ModelGraph, inputs: Specs) -> Specs | None:
    """A model that a wrapper calls on every step of a sequence."""
    given = inputs[0].shape if inputs else None
    if given is None or len(given) < 3:
        return None
    steps = _of_body(body, (TensorSpec((given[0], *given[2:])),))
    dtype = compute_dtype(policy_name(entry.config.get("dtype")))
    shapes = [spec.shape for spec in steps]
    return tuple(TensorSpec((shape[0], given[1], *shape[1:]) if shape else None, dtype) for shape in shapes)


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
