"""Why a call has other shapes, dtypes or weights, though nothing was done to it: the change that it follows from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keras_ascii_tools.diff.checks import Check
from keras_ascii_tools.diff.draft import Draft, Sketch
from keras_ascii_tools.diff.level import Level
from keras_ascii_tools.diff.structure import Own
from keras_ascii_tools.diff.training import policy_group
from keras_ascii_tools.diff.types import Derived, Detail
from keras_ascii_tools.graph import TensorRef, TensorSpec, Value

__all__ = ["derive"]

_SHAPELESS = frozenset(
    [
        "activation",
        "recurrent_activation",
        "rate",
        "momentum",
        "epsilon",
        "center",
        "scale",
        "stddev",
        "negative_slope",
        "seed",
        "interpolation",
    ]
)
"""Settings that no shape depends on."""


def derive(
    level: Level,
    sketch: Sketch,
    own: Own,
    gone: Own,
    outer: str | None,
    enter: Callable[[int, int, str | None], str | None],
) -> dict[int, str]:
    """Note what follows from the changes of one graph, and what follows from nothing that is known.

    Args:
        level: The graph.
        sketch: Takes the findings.
        own: Changes of items of the after graph.
        gone: Changes of items of the before graph that are in no pair.
        outer: The change that a body's inputs follow from.
        enter: Compares the bodies of a pair of nodes, given the change that its inputs follow from, and returns the
            first change in it.

    Returns:
        For nodes of the after graph whose outputs differ from their partner's: the change that they follow from.
    """
    return _Deriver(level, sketch, own, gone, outer, enter).find()


class _Deriver:
    """Goes through one graph, from inputs to outputs."""

    def __init__(
        self,
        level: Level,
        sketch: Sketch,
        own: Own,
        gone: Own,
        outer: str | None,
        enter: Callable[[int, int, str | None], str | None],
    ) -> None:
        self._level, self._sketch, self._own, self._gone = level, sketch, own, gone
        self._outer, self._enter = outer, enter
        self._draft: Draft = sketch.draft
        self._checks = {change.id: change for _, change in sketch.changes}
        self._reason: dict[int, str] = {}
        """Why the outputs of a node are other ones."""
        self._near: dict[int, str] = {}
        """The nearest change that leads to a node, whether it explains anything or not."""
        self._weighed: set[tuple[int, int]] = set()

    def find(self) -> dict[int, str]:
        partners = self._level.pairing.before
        for node in range(self._level.after.nodes):
            one = partners[node]
            if one < 0 or one >= self._level.before.nodes:
                self._new(node)
            else:
                self._pair(one, node)
        for one, other in self._level.pairing.pairs():
            if other >= self._level.after.nodes:
                self._uncalled(one, other)
        return self._reason

    def _new(self, node: int) -> None:
        """A node without a partner passes on what its input follows from, if it leaves the shape alone."""
        graph = self._level.after.graph
        inputs = [ref for ref in graph.nodes[node].inputs if ref is not None]
        own = next(iter(self._own.get(node, ())), None)
        passed = next((self._reason[ref.node] for ref in inputs if ref.node in self._reason), None)
        plain = (graph.spec(inputs[0]),) == graph.nodes[node].outputs if inputs else False
        reason = passed or own if plain else own or passed
        if reason is not None:
            self._reason[node] = self._near[node] = reason

    def _pair(self, one: int, other: int) -> None:
        before, after = self._level.before.graph.nodes[one], self._level.after.graph.nodes[other]
        why = self._why(one, other)
        own = list(self._own.get(other, ()))
        inside = self._enter(one, other, why or (own[0] if own else None))
        if inside is not None:
            own.append(inside)
        near = own[0] if own else self._nearest(one, other)
        if near is not None:
            self._near[other] = near
        details = [*_spec_details(before.outputs, after.outputs)]
        weights = self._weights(one, other)
        if not details and weights is None:
            return
        cause = self._cause(one, other, own, why, near, details)
        if cause is None:
            cause = self._unexplained(one, other, details, weights)
            own.append(cause)
        if details:
            self._reason[other] = cause
        self._near.setdefault(other, cause)
        if weights is not None:
            details.append(weights)
        if not own or (cause != own[0] and cause not in own):
            self._derived(one, other, details, cause)

    def _cause(
        self, one: int, other: int, own: list[str], why: str | None, near: str | None, details: list[Detail]
    ) -> str | None:
        """The change that details follow from: an own one that shapes depend on, the inputs, or what is next."""
        telling = next((found for found in own if not self._is_shapeless(found)), None)
        if telling is not None:
            return telling
        if why is not None:
            return why
        if all(detail.name.startswith(("dtype", "weights")) for detail in details):
            level = self._level
            group = policy_group(level.before.layers[one], level.after.layers[other], self._draft)
            if group is not None:
                return group
        if not self._level.before.inputs[one] and self._outer is not None:
            return self._outer
        return near

    def _is_shapeless(self, found: str) -> bool:
        change = self._checks.get(found)
        if change is None or change.check is Check.LAYER_RENAMED:
            return change is not None
        return change.check is Check.SETTING_CHANGED and all(detail.name in _SHAPELESS for detail in change.details)

    def _why(self, one: int, other: int) -> str | None:
        """The change that the first input that differs follows from."""
        graphs = self._level.before.graph, self._level.after.graph
        old, new = self._level.before.inputs[one], self._level.after.inputs[other]
        pairs = list(zip(old, new, strict=False))
        for ref, there in pairs:
            if ref is None or there is None or not _differ(graphs[0].spec(ref), graphs[1].spec(there)):
                continue
            found = self._behind(ref, there)
            if found is not None:
                return found
        if len(old) != len(new):
            for ref in new[len(pairs) :]:
                if ref is not None and ref.node in self._near:
                    return self._near[ref.node]
            for ref in old[len(pairs) :]:
                if ref is not None and self._gone.get(ref.node):
                    return self._gone[ref.node][0]
        return None

    def _behind(self, ref: TensorRef, there: TensorRef) -> str | None:
        if there.node in self._reason:
            return self._reason[there.node]
        if self._gone.get(ref.node):
            return self._gone[ref.node][0]
        return self._near.get(there.node)

    def _nearest(self, one: int, other: int) -> str | None:
        for ref in self._level.after.inputs[other]:
            if ref is not None and ref.node in self._near:
                return self._near[ref.node]
        for ref in self._level.before.inputs[one]:
            if ref is None:
                continue
            if self._gone.get(ref.node):
                return self._gone[ref.node][0]
            if self._level.pairing.after[ref.node] in self._near:
                return self._near[self._level.pairing.after[ref.node]]
        return None

    def _weights(self, one: int, other: int) -> Detail | None:
        """Another number of weights, said once for a layer."""
        before, after = self._level.before.layers[one], self._level.after.layers[other]
        if (before.id, after.id) in self._weighed:
            return None
        self._weighed.add((before.id, after.id))
        if before.params is None or after.params is None or before.params == after.params:
            return None
        return Detail("weights", before.params, after.params)

    def _unexplained(self, one: int, other: int, details: list[Detail], weights: Detail | None) -> str:
        check = Check.SHAPE_CHANGED if details else Check.WEIGHT_COUNT_CHANGED
        level = self._level
        before, after = level.before.layers[one], level.after.layers[other]
        if after.kind == "InputLayer":
            check = Check.SETTING_CHANGED
        found = self._sketch.add(
            check,
            (other, 1, 1),
            level.side(False, before, [one]),
            level.side(True, after, [other]),
            details if weights is None else [*details, weights],
        )
        self._own.setdefault(other, []).append(found)
        return found

    def _derived(self, one: int, other: int, details: list[Detail], cause: str) -> None:
        level = self._level
        before, after = level.before.layers[one], level.after.layers[other]
        self._sketch.derived.append(
            Derived(
                path=level.path,
                before=level.side(False, before, [one]),
                after=level.side(True, after, [other]),
                details=tuple(details),
                cause=cause,
            )
        )

    def _uncalled(self, one: int, other: int) -> None:
        inside = self._enter(one, other, None)
        weights = self._weights(one, other)
        if weights is None:
            return
        own = self._own.get(other) or ([inside] if inside is not None else [])
        layers = self._level.before.layers[one], self._level.after.layers[other]
        if not own and self._outer is not None and any(layer.settings is None for layer in layers):
            self._derived(one, other, [weights], self._outer)  # what holds it has made it so
        elif not own:
            self._unexplained(one, other, [], weights)
        elif own == [inside]:
            self._derived(one, other, [weights], own[0])


def _differ(one: TensorSpec, other: TensorSpec) -> bool:
    return _known_to_differ(one.shape, other.shape) or _known_to_differ(one.dtype, other.dtype)


def _known_to_differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _spec_details(before: tuple[TensorSpec, ...], after: tuple[TensorSpec, ...]) -> Iterator[Detail]:
    """Shapes and dtypes that differ; a number is said for outputs after the first."""
    for at, (one, other) in enumerate(zip(before, after, strict=False)):
        suffix = f" {at}" if at else ""
        facts: tuple[tuple[str, Value, Value], ...] = (
            ("shape", one.shape, other.shape),
            ("dtype", one.dtype, other.dtype),
        )
        for name, old, new in facts:
            if _known_to_differ(old, new):
                yield Detail(f"{name}{suffix}", old, new)
