"""Two models -> what changed between them: match each pair of graphs, classify, derive, and number what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_ascii_tools.diff.alike import counterparts
from keras_ascii_tools.diff.ambiguity import ambiguities
from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.draft import Draft, Sketch, renumbered
from keras_ascii_tools.diff.items import EDGES_KNOWN
from keras_ascii_tools.diff.level import Level, label_of, level_of
from keras_ascii_tools.diff.levels import reduced
from keras_ascii_tools.diff.loading import WeightsVerdict, weights_verdict
from keras_ascii_tools.diff.partial import on_common_ground
from keras_ascii_tools.diff.reasons import derive
from keras_ascii_tools.diff.signature import signature_changes
from keras_ascii_tools.diff.signatures import Signer, layers_of_tree
from keras_ascii_tools.diff.structure import structural_changes
from keras_ascii_tools.diff.training import optimizer_change, policy_changes, training_changes
from keras_ascii_tools.diff.types import Change, Detail, GraphDiff, ModelDiff, Path
from keras_ascii_tools.graph import How, ModelGraph
from keras_ascii_tools.options import DiffOptions

__all__ = ["diff"]

_ENDS = frozenset(
    check
    for check in Check
    if check.value.startswith(("input", "output"))
    and check.value.endswith(("-added", "-removed", "s-reordered", "-structure-changed", "-replaced"))
)
"""Of the changes of a signature, those that are not changes of layers."""
_KERAS_OWN = frozenset({"Functional", "Sequential", "Model"})
"""Ways to write one and the same model down."""


def diff(before: ModelGraph, after: ModelGraph, options: DiffOptions | None = None) -> ModelDiff:
    """Return what changed between two models.

    Neither names that Keras made up, nor the order in which layers were built, nor operations that Keras inserted by
    itself make a difference; nor does what one of the models does not know.

    Args:
        before: The model as it was.
        after: The model as it is.
        options: `level` says what is compared, `loading` how old weights would be loaded. Default: `DiffOptions()`.

    Returns:
        Changes in the order of the drawings, bodies after what holds them; what follows from them; training;
        signature; and what loading the old weights would do.
    """
    options = options or DiffOptions()
    found = _Differ(reduced(before, options.level), reduced(after, options.level)).diff()
    return replace(found, weights=_weights(before, after, found, options.loading or "keras"))


def _weights(before: ModelGraph, after: ModelGraph, found: ModelDiff, loading: str) -> WeightsVerdict:
    mapping, alike = counterparts(found)
    return weights_verdict(before, after, mapping, loading, alike=alike)


class _Differ:
    """Compares two models once."""

    def __init__(self, before: ModelGraph, after: ModelGraph) -> None:
        self._before, self._after = before, after
        self._signer = Signer(before, after)
        self._draft = Draft()
        self._seen: set[tuple[int, int]] = set()

    def diff(self) -> ModelDiff:
        signature: list[Change] = []
        model = self._graph(self._before, self._after, (), None, None, signature)
        optimizer_change(self._before, self._after, self._draft)
        numbers = {
            change.id: f"C{number}"
            for number, change in enumerate((change for part in model.walk() for change in part.changes), 1)
        }
        return ModelDiff(
            model=renumbered(model, numbers),
            signature=tuple(
                replace(change, id=f"S{number}", cause=numbers.get(change.cause or "", change.cause))
                for number, change in enumerate(signature, 1)
            ),
            groups=self._draft.finished_groups(),
            notes=tuple(_notes(self._before, self._after)),
            ambiguities=tuple(
                replace(found, changes=tuple(numbers[change] for change in found.changes))
                for found in self._draft.ambiguities
            ),
        )

    def _graph(
        self,
        before: ModelGraph,
        after: ModelGraph,
        path: Path,
        owners: tuple[int, int] | None,
        outer: str | None,
        signature: list[Change] | None,
    ) -> GraphDiff:
        level = level_of(self._signer, *on_common_ground(before, after), path, owners)
        sketch = Sketch(self._draft, path)
        if owners is None:
            _model_changes(before, after, sketch)
        _own_weights(before, after, sketch)
        own, gone = structural_changes(self._signer, level, sketch)
        bodies: dict[int, GraphDiff] = {}

        def enter(one: int, other: int, why: str | None) -> str | None:
            return self._body(level, one, other, why, bodies)

        policy_changes(level, self._draft)
        causes = derive(level, sketch, own, gone, outer, enter)
        training_changes(self._signer, level, bodies, self._draft)
        ends = signature_changes(level, causes, own, gone)
        if signature is not None:
            signature += ends
        else:
            _body_ends(ends, sketch)
        self._draft.ambiguities += ambiguities(level, own, gone)
        return GraphDiff(
            path=path,
            owners=owners,
            before=level.before.graph,
            after=level.after.graph,
            nodes=tuple(level.node_pairs()),
            layers=tuple((one.id, other.id) for one, other in level.layers),
            changes=sketch.sorted_changes(),
            derived=tuple(sketch.derived),
            bodies=tuple(bodies.values()),
        )

    def _body(self, level: Level, one: int, other: int, why: str | None, bodies: dict[int, GraphDiff]) -> str | None:
        """Compare the bodies of a pair of nodes, once for a pair of layers; return the first change in them."""
        before, after = level.before.layers[one], level.after.layers[other]
        if before.graph is None or after.graph is None:
            return None
        if (before.id, after.id) not in self._seen:
            self._seen.add((before.id, after.id))
            path = (*level.path, label_of(after))
            bodies[after.id] = self._graph(before.graph, after.graph, path, (before.id, after.id), why, None)
        found = bodies.get(after.id)
        return None if found is None else next((change.id for part in found.walk() for change in part.changes), None)


def _notes(before: ModelGraph, after: ModelGraph) -> Iterator[str]:
    for graph, side in ((before, "before"), (after, "after")):
        if graph.how not in EDGES_KNOWN:
            what = "settings, wires" if graph.how is How.WEIGHTS else "wires"
            yield f"the model {side} is known in part ({graph.how.value}): {what} and signature are not compared"
    if all(any(layer.kind == "Lambda" for layer in layers_of_tree(graph)) for graph in (before, after)):
        yield "the code of Lambda layers"


def _model_changes(before: ModelGraph, after: ModelGraph, sketch: Sketch) -> None:
    if before.given_name != after.given_name:
        sketch.add(Check.MODEL_RENAMED, (-1, 0, 0), details=[Detail("name", before.given_name, after.given_name)])
    if before.kind != after.kind and not {before.kind, after.kind} <= _KERAS_OWN:
        sketch.add(Check.MODEL_CLASS_CHANGED, (-1, 0, 0), details=[Detail("kind", before.kind, after.kind)])


def _body_ends(ends: Sequence[Change], sketch: Sketch) -> None:
    """What is a signature of the model is one more change of a body, as far as changes of its layers do not say it."""
    details = [
        Detail(change.check.value.removesuffix("-changed"), detail.before, detail.after)
        for change in ends
        if change.check in _ENDS and change.cause is None
        for detail in change.details or (Detail("", None, None),)
    ]
    if details:
        sketch.add(Check.BODY_ENDS_CHANGED, (-1, 0, 2), details=details)


def _own_weights(before: ModelGraph, after: ModelGraph, sketch: Sketch) -> None:
    if None not in (before.own_params, after.own_params) and before.own_params != after.own_params:
        details = [Detail("weights", before.own_params, after.own_params)]
        sketch.add(Check.WEIGHT_COUNT_CHANGED, (-1, 0, 1), details=details)
