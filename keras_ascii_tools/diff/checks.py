"""The ids of everything that a diff can find, each with its severity. Stable: people write them in accept files."""

from __future__ import annotations

from enum import IntEnum, StrEnum

__all__ = ["GRAPH_CHECKS", "Check", "Severity"]


class Severity(IntEnum):
    """How much a finding matters; `severity >= Severity.GRAPH` compares as one would read it."""

    NAMES = 1
    TRAINING = 2
    GRAPH = 3
    WEIGHTS = 4
    SIGNATURE = 5

    @property
    def word(self) -> str:
        """The word that options and reports use: `graph`."""
        return self.name.lower()


class Check(StrEnum):
    """What was found. The value is the stable id."""

    MODEL_RENAMED = "model-renamed"
    MODEL_CLASS_CHANGED = "model-class-changed"
    LAYER_RENAMED = "layer-renamed"

    TRAINABLE_CHANGED = "trainable-changed"
    DTYPE_POLICY_CHANGED = "dtype-policy-changed"
    INITIALIZER_CHANGED = "initializer-changed"
    REGULARIZER_CHANGED = "regularizer-changed"
    CONSTRAINT_CHANGED = "constraint-changed"
    TRAINABLE_WEIGHTS_CHANGED = "trainable-weights-changed"
    OPTIMIZER_CHANGED = "optimizer-changed"

    LAYER_ADDED = "layer-added"
    LAYER_REMOVED = "layer-removed"
    LAYER_REPLACED = "layer-replaced"
    """Another kind in the same place."""
    LAYER_MOVED = "layer-moved"
    SETTING_CHANGED = "setting-changed"
    CALL_ADDED = "call-added"
    """One more call of a layer that is in both models."""
    CALL_REMOVED = "call-removed"
    CALL_CHANGED = "call-changed"
    """Other call arguments."""
    INPUTS_REWIRED = "inputs-rewired"
    ARGUMENTS_REORDERED = "arguments-reordered"
    LAYER_UNSHARED = "layer-unshared"
    """Calls of one layer became calls of several."""
    LAYERS_SHARED = "layers-shared"
    """Calls of several layers became calls of one."""
    LAYER_ORDER_CHANGED = "layer-order-changed"
    """Layers that no graph orders stand in another order in the model."""
    BODY_ENDS_CHANGED = "body-ends-changed"
    """A nested model takes or gives its tensors in another number, order or structure."""
    SHAPE_CHANGED = "shape-changed"
    """Another output shape or dtype, and nothing that is known explains it."""
    WEIGHT_COUNT_CHANGED = "weight-count-changed"
    """Another number of weights, and nothing that is known explains it."""

    WEIGHTS_DROPPED = "weights-dropped"
    WEIGHTS_FAIL = "weights-fail"
    WEIGHTS_SHUFFLED = "weights-shuffled"
    """Old weights load without an error into the wrong layers."""

    INPUT_ADDED = "input-added"
    INPUT_REMOVED = "input-removed"
    INPUTS_REORDERED = "inputs-reordered"
    INPUT_RENAMED = "input-renamed"
    INPUT_SHAPE_CHANGED = "input-shape-changed"
    INPUT_DTYPE_CHANGED = "input-dtype-changed"
    INPUT_STRUCTURE_CHANGED = "input-structure-changed"
    OUTPUT_ADDED = "output-added"
    OUTPUT_REMOVED = "output-removed"
    OUTPUTS_REORDERED = "outputs-reordered"
    OUTPUT_RENAMED = "output-renamed"
    OUTPUT_SHAPE_CHANGED = "output-shape-changed"
    OUTPUT_DTYPE_CHANGED = "output-dtype-changed"
    OUTPUT_STRUCTURE_CHANGED = "output-structure-changed"
    OUTPUT_ACTIVATION_CHANGED = "output-activation-changed"
    OUTPUT_REPLACED = "output-replaced"
    """The output is made by another part of the model, and looks the same from outside."""

    @property
    def severity(self) -> Severity:
        """How much a finding of this sort matters."""
        return _severity(self)


_NAMES = {Check.MODEL_RENAMED, Check.MODEL_CLASS_CHANGED, Check.LAYER_RENAMED}
_TRAINING = {
    Check.TRAINABLE_CHANGED,
    Check.DTYPE_POLICY_CHANGED,
    Check.INITIALIZER_CHANGED,
    Check.REGULARIZER_CHANGED,
    Check.CONSTRAINT_CHANGED,
    Check.TRAINABLE_WEIGHTS_CHANGED,
    Check.OPTIMIZER_CHANGED,
}
_WEIGHTS = {Check.WEIGHTS_DROPPED, Check.WEIGHTS_FAIL, Check.WEIGHTS_SHUFFLED}


def _severity(check: Check) -> Severity:
    if check in _NAMES:
        return Severity.NAMES
    if check in _TRAINING:
        return Severity.TRAINING
    if check in _WEIGHTS:
        return Severity.WEIGHTS
    outside = check.value.startswith(("input-", "inputs-reordered", "output"))
    return Severity.SIGNATURE if outside else Severity.GRAPH


GRAPH_CHECKS = tuple(check for check in Check if check.severity is Severity.GRAPH)
"""The checks whose findings are counted as changes of the architecture."""
