"""Find the calls inside a subclassed model or a composite layer, by the best route that works."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Final

from keras_ascii_tools.graph.types import Shape
from keras_ascii_tools.read.tracing.guard import guarded
from keras_ascii_tools.read.tracing.loaded import backend, is_keras_layer
from keras_ascii_tools.read.tracing.readers import agrees, candidates
from keras_ascii_tools.read.tracing.recorder import Misread
from keras_ascii_tools.read.tracing.records import CallInputs, Outcome, Trace
from keras_ascii_tools.read.tracing.routes import Route, eager, graph, symbolic
from keras_ascii_tools.read.tracing.signature import UnknownInputsError, given_in_order, given_inputs, noted_inputs
from keras_ascii_tools.read.tracing.sizes import (
    SIZES,
    Filling,
    ReadAs,
    any_batch,
    filled,
    has_dynamic_axes,
    merged,
    undecided,
    undecided_shapes,
)

__all__ = ["ROUTES", "trace", "traced"]

ROUTES: Final[dict[str, Route]] = {"symbolic": symbolic, "graph": graph, "eager": eager}
"""In the order in which they are tried."""
_LONGEST_REASON: Final = 200
_ABOUT_TYPES: Final = re.compile("type|int|float|ind(ex|ic)", re.IGNORECASE)
"""In an error that integers instead of floats might have avoided."""


def trace(target: Any, *, inputs: Any = None, routes: tuple[str, ...] = tuple(ROUTES)) -> Outcome:
    """Find the direct calls in `target.call` and leave the target and Keras as found.

    Args:
        target: A model or layer, built or not.
        inputs: What to call it with: a shape (batch axis included) or anything with `shape` and `dtype`, or a list or
            dict of these, or `inputs_like(call)`. Default: what Keras noted when it was built.
        routes: Which routes to try, in this order.

    Returns:
        The trace, or in one line why no route worked. Never raises what a `call` raises.
    """
    with traced(target, inputs=inputs, routes=routes) as outcome:
        return outcome


@contextmanager
def traced(target: Any, *, inputs: Any = None, routes: tuple[str, ...] = tuple(ROUTES)) -> Generator[Outcome]:
    """Like `trace`; in the body, the target is as after the call: built, with weights that have no values."""
    if not is_keras_layer(target):
        yield Outcome(None, f"expected a Keras layer, got {type(target).__name__}")
        return
    runs = _Runs(target)
    try:
        yield _first_that_works(runs, inputs, routes)
    finally:
        runs.close()


class _Runs:
    """Runs of one target, each from the state in which it was found, the last one's state kept until the next."""

    def __init__(self, target: Any) -> None:
        self.target = target
        self._undo = ExitStack()

    def run(self, route: Route, inputs: CallInputs, floats: tuple[Shape, ...] = ()) -> Trace:
        """Undo the run before; run a route, and undo it too if it fails."""
        self.close()
        with ExitStack() as stack:
            stack.enter_context(guarded(self.target))
            found = route(self.target, inputs, floats)
            self._undo = stack.pop_all()
        return found

    def close(self) -> None:
        """Leave the target as found."""
        self._undo.close()


def _first_that_works(runs: _Runs, inputs: Any, routes: tuple[str, ...]) -> Outcome:
    try:
        specs = noted_inputs(runs.target) if inputs is None else given_inputs(runs.target, inputs)
    except UnknownInputsError as unknown:
        found = _by_readers(runs, unknown, routes) if inputs is None else None
        return Outcome(found, "" if found is not None else str(unknown))
    # The batch that a model was built on says nothing of the model, unless its `call` works with no other.
    choices = [any_batch(specs), specs] if inputs is None and any_batch(specs) != specs else [specs]
    in_order = None if inputs is None else given_in_order(runs.target, inputs)
    choices += [in_order] if in_order is not None and in_order != specs else []
    failures: list[str] = []
    for choice in choices:
        found = _by_dtypes(runs, choice, routes, failures)
        if found is not None:
            return Outcome(found)
    return Outcome(None, failures[min(len(routes), len(failures)) - 1] if failures else "no route was tried")


def _by_readers(runs: _Runs, unknown: UnknownInputsError, routes: tuple[str, ...]) -> Trace | None:
    for specs in candidates(runs.target, unknown):
        found = _by_dtypes(runs, any_batch(specs), routes, [])
        if found is not None and agrees(found):
            names = ", ".join(map(repr, unknown.missing))
            return replace(found, notes=(*found.notes, f"the shape of {names} is that of the layers that read it"))
    return None


def _by_dtypes(runs: _Runs, specs: CallInputs, routes: tuple[str, ...], failures: list[str]) -> Trace | None:
    found = _by_routes(runs, specs, str(backend().floatx()), routes, failures)
    if found is None and undecided(specs) and any(map(_ABOUT_TYPES.search, failures)):
        found = _by_routes(runs, specs, "int32", routes, failures)
    return found


def _by_routes(
    runs: _Runs, specs: CallInputs, dtype: str, routes: tuple[str, ...], failures: list[str]
) -> Trace | None:
    for name in routes:
        try:
            return _by_route(runs, specs, dtype, ROUTES[name])
        except Exception as error:  # whatever a `call` raises
            failures.append(_one_line(error))
    return None


def _by_route(runs: _Runs, specs: CallInputs, dtype: str, route: Route) -> Trace:
    """Try with dynamic axes, where the route can, and then with sizes."""
    if not has_dynamic_axes(specs):
        return _by_reading(runs, specs, dtype, route, None)
    if route is not eager:
        try:
            return _by_reading(runs, specs, dtype, route, None)
        except Exception:  # many a `call` computes with the size of the batch
            pass
    first = _by_reading(runs, specs, dtype, route, SIZES[0])
    try:
        both = merged(_by_reading(runs, specs, dtype, route, SIZES[1]), first)
    except Exception:  # a size that another part of the model does not allow
        both = None
    if both is not None:
        return both
    found = _by_reading(runs, specs, dtype, route, SIZES[0])
    sizes = f"a batch of {SIZES[0].batch} and {SIZES[0].other} for its other dynamic axes"
    return replace(found, notes=(*found.notes, f"shapes are those of a call with {sizes}"))


def _by_reading(runs: _Runs, specs: CallInputs, dtype: str, route: Route, filling: Filling | None) -> Trace:
    found = _as_read(runs, specs, dtype, route, filling)
    if not undecided(specs):
        return found
    dtypes = sorted({tensor.dtype or "unknown" for tensor in found.inputs})
    note = f"the dtypes of its inputs are noted nowhere, taken as {', '.join(dtypes)}"
    return replace(found, notes=(*found.notes, note))


def _as_read(runs: _Runs, specs: CallInputs, dtype: str, route: Route, filling: Filling | None) -> Trace:
    """Run a route, with integers where floats, assumed for want of a dtype, are read as integers."""
    read_as: ReadAs = ()
    while True:
        try:
            return runs.run(route, filled(specs, filling, dtype, read_as), undecided_shapes(specs, read_as))
        except Misread as misread:
            read_as = (*read_as, (misread.shape, misread.dtype))
        except Exception:
            if not read_as:
                raise
            return runs.run(route, filled(specs, filling, dtype))  # then they were floats after all


def _one_line(error: BaseException) -> str:
    """The text of an error: of what Keras wraps around the original one, the innermost, which is in bold."""
    first = error.args[0] if error.args else ""
    text = (first if isinstance(first, str) else str(error)).rpartition("Error encountered:")[2]
    words = " ".join(text.partition("\x1b[0m")[0].rpartition("\x1b[1m")[2].split())
    if len(words) > _LONGEST_REASON:
        words = words[: _LONGEST_REASON - 1] + "…"
    return f"its call() raised {type(error).__name__}" + (f": {words}" if words else "")
