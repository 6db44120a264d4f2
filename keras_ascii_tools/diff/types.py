"""What changed between two models, as frozen data. Holds no text beyond names, and knows nothing of how it is shown.

Nodes are addressed by their index in the graphs that the diff holds, layers by `Layer.id`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from keras_ascii_tools.diff.checks import Check, Severity
from keras_ascii_tools.graph import ModelGraph, Record, Value

if TYPE_CHECKING:
    from keras_ascii_tools.diff.loading import WeightsVerdict

__all__ = [
    "DEFAULT",
    "Ambiguity",
    "Change",
    "Counts",
    "Derived",
    "Detail",
    "Finding",
    "GraphDiff",
    "Group",
    "ModelDiff",
    "Side",
]

Path = tuple[str, ...]
"""Labels of the layers whose bodies lead to a graph; `()` is the model itself."""

DEFAULT = Record("default")
"""Stands in a `Detail` for a setting that a layer leaves at its default."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One fact that changed: `units 10 → 5`."""

    name: str
    """A setting (`units`; `layer.units` inside a wrapper's layer), or `name`, `kind`, `shape`, `dtype`, `weights`,
    `inputs`, `call`, `layer`, `position`."""
    before: Value
    """`DEFAULT` for a setting that is left at its default; `None` for no name."""
    after: Value


@dataclass(frozen=True, slots=True)
class Side:
    """The part of one of the two models that a change is about."""

    layer: int
    """`Layer.id`."""
    label: str
    """The given name, or else the kind, of the layer."""
    nodes: tuple[int, ...] = ()
    """The calls that changed: indices into the graph of the same side in `GraphDiff`. Empty for a layer that no node
    calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. Of a layer with several calls it is one change, except where single calls differ."""

    id: str
    """`C1`, `C2`, ... in the order of the drawing; `S1`, ... for changes of the signature. Unique in one diff."""
    check: Check
    path: Path = ()
    before: Side | None = None
    after: Side | None = None
    details: tuple[Detail, ...] = ()
    cause: str | None = None
    """For a change of the signature: the id of the change or group that it follows from, if any."""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.check.severity

    @property
    def label(self) -> str:
        """What to call the part: as it is afterwards, if it still is there."""
        side = self.after or self.before
        return "" if side is None else side.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A call whose shapes, dtypes or number of weights differ only because something else changed. Never counted."""

    path: Path = ()
    before: Side
    after: Side
    details: tuple[Detail, ...]
    """`shape`, `dtype`, `weights`."""
    cause: str
    """Id of the nearest change or group that it follows from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The same change of how layers are trained, on all layers that have it: `trainable False → True on 54 of 154`."""

    id: str
    """`G1`, `G2`, ..."""
    check: Check
    detail: Detail
    layers: tuple[tuple[Path, int], ...]
    """Where (path and id in the after model) the layers are; empty for the optimizer."""
    of: int
    """Number of layers that both models have in those graphs."""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.check.severity

    @property
    def paths(self) -> tuple[Path, ...]:
        """The graphs that hold the layers, each once."""
        return tuple(dict.fromkeys(path for path, _ in self.layers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """Layers that cannot be told apart, so that the change could as well be about any other of them."""

    changes: tuple[str, ...]
    """Ids of the changes."""
    path: Path
    after: bool
    """Whether `nodes` are those of the after model (layers added) or of the before model (layers removed)."""
    nodes: tuple[int, ...]
    """All that are alike, the changed ones among them, in order."""
    label: str
    """Kind of the layers; of a block, the kind of its first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphDiff:
    """What changed in one graph: the model's, or the body of a layer that both models have."""

    path: Path = ()
    owners: tuple[int, int] | None = None
    """Ids of the layer whose bodies these are, before and after; `None` for the models."""
    before: ModelGraph
    """Without implied nodes; in canonical order unless its edges are not known."""
    after: ModelGraph
    nodes: tuple[tuple[int, int], ...] = ()
    """Calls that are the same one in both, as pairs of indices into `before` and `after`, ordered by the second."""
    layers: tuple[tuple[int, int], ...] = ()
    """Layers that are the same one in both, as pairs of ids, ordered as in `after`. Layers that a shared one was made
    of, or became, are each paired with it."""
    changes: tuple[Change, ...] = ()
    derived: tuple[Derived, ...] = ()
    bodies: tuple[GraphDiff, ...] = ()
    """Bodies in which something changed, or that are only matched; each pair of layers once in the whole tree."""

    def walk(self) -> Iterator[GraphDiff]:
        """Yield this graph and every body below it, each before its own bodies."""
        waiting: list[GraphDiff] = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.bodies))


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that fired, however often; what `--fail-on` and accept files look at."""

    check: Check
    id: str
    """Of the change or group; `W` for the weights."""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.check.severity


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes of each sort; `total` is what a person would say that was done to the architecture."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    """Settings, call arguments, kinds, shapes and weights without a known reason."""
    rewired: int = 0
    """Inputs, their order, sharing, order of layers."""
    moved: int = 0
    renamed: int = 0
    """Layers and the model. Not in the total."""
    training: int = 0
    """Groups. Not in the total."""
    signature: int = 0
    """Not in the total: a signature follows from changes, or is counted as `rewired` of the model."""
    derived: int = 0
    """Not in the total."""

    @property
    def total(self) -> int:
        """Added, removed, changed, rewired and moved."""
        return self.added + self.removed + self.changed + self.rewired + self.moved


_COUNTED_AS = {
    Check.LAYER_ADDED: "added",
    Check.CALL_ADDED: "added",
    Check.LAYER_REMOVED: "removed",
    Check.CALL_REMOVED: "removed",
    Check.LAYER_MOVED: "moved",
    Check.LAYER_REPLACED: "changed",
    Check.SETTING_CHANGED: "changed",
    Check.CALL_CHANGED: "changed",
    Check.SHAPE_CHANGED: "changed",
    Check.WEIGHT_COUNT_CHANGED: "changed",
    Check.INPUTS_REWIRED: "rewired",
    Check.ARGUMENTS_REORDERED: "rewired",
    Check.LAYER_UNSHARED: "rewired",
    Check.LAYERS_SHARED: "rewired",
    Check.LAYER_ORDER_CHANGED: "rewired",
    Check.BODY_ENDS_CHANGED: "rewired",
    Check.LAYER_RENAMED: "renamed",
    Check.MODEL_RENAMED: "renamed",
    Check.MODEL_CLASS_CHANGED: "renamed",
}

_OF_WEIGHTS = {
    "drops": Check.WEIGHTS_DROPPED,
    "fails": Check.WEIGHTS_FAIL,
    "wrong": Check.WEIGHTS_SHUFFLED,
}


@dataclass(frozen=True, kw_only=True)
class ModelDiff:
    """What changed between two models."""

    model: GraphDiff
    signature: tuple[Change, ...] = ()
    """Changes of what a caller of the model sees: inputs first, then outputs. All of them break callers."""
    groups: tuple[Group, ...] = ()
    """Changes of how the model is trained."""
    ambiguities: tuple[Ambiguity, ...] = ()
    weights: WeightsVerdict | None = None
    """What loading the before model's weights into the after model does; `None` if it was not asked."""
    notes: tuple[str, ...] = field(default=())
    """What could not be compared, because one side does not know it; one line each."""

    @property
    def before(self) -> ModelGraph:
        """The before model as compared."""
        return self.model.before

    @property
    def after(self) -> ModelGraph:
        """The after model as compared."""
        return self.model.after

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """All changes but those of the signature: the model's, then each body's, in the order of their ids."""
        return tuple(change for part in self.model.walk() for change in part.changes)

    @cached_property
    def derived(self) -> tuple[Derived, ...]:
        """All derived changes, in the order of the graphs."""
        return tuple(derived for part in self.model.walk() for derived in part.derived)

    @cached_property
    def mapping(self) -> dict[int, int]:
        """Id of a layer of the after model → id of the same layer of the before model, at all levels of nesting.

        Layers that were added are not in it; of a shared layer that became several, each is.
        """
        pairs: dict[int, int] = {}
        for part in self.model.walk():
            for old, new in part.layers:
                pairs.setdefault(new, old)
        return pairs

    @cached_property
    def counts(self) -> Counts:
        """How many changes of each sort."""
        of = Counter(_COUNTED_AS[change.check] for change in self.changes)
        return Counts(**of, training=len(self.groups), signature=len(self.signature), derived=len(self.derived))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is reported and can fail a check: changes, signature, groups, weights."""
        found = [Finding(change.check, change.id) for change in (*self.changes, *self.signature)]
        found += [Finding(group.check, group.id) for group in self.groups]
        check = None if self.weights is None else _OF_WEIGHTS.get(self.weights.status)
        return (*found, Finding(check, "W")) if check is not None else tuple(found)

    @property
    def severity(self) -> Severity | None:
        """The highest severity of all findings; `None` if there are none."""
        return max((finding.severity for finding in self.findings), default=None)

    @property
    def same(self) -> bool:
        """Whether nothing is reported."""
        return not self.findings

    @property
    def breaking(self) -> bool:
        """Whether the signature changed, or old weights would load into the wrong layers."""
        checks = {finding.check for finding in self.findings}
        return bool(self.signature) or Check.WEIGHTS_SHUFFLED in checks

    @property
    def verdict(self) -> str:
        """`BREAKING`, `CHANGED` or `SAME`."""
        return "BREAKING" if self.breaking else "SAME" if self.same else "CHANGED"
