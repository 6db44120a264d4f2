"""Two architectures -> what a person has to know of the difference: a verdict, and lines."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import keras_ascii_tools as kat
from keras_ascii_tools import ModelGraph
from keras_ascii_tools.snapshots import project

__all__ = ["describe"]

_CAUSES = ("names", "training")


def describe(
    before: ModelGraph, after: ModelGraph, *, level: str, ignore: Sequence[str], verbosity: int = 0
) -> tuple[str, list[str]]:
    """Compare two models that are not equal.

    Args:
        before: The stored model.
        after: The model of the test.
        level: As for `project`.
        ignore: As for `project`.
        verbosity: 0: causes; 1: their consequences too, and more around them; 2: both drawings besides.

    Returns:
        The verdict in one line, its counts first, and the lines below it.
    """
    one, two = project(before, level, ignore), project(after, level, ignore)
    everything = verbosity > 0
    show = (*_CAUSES, "derived") if everything else _CAUSES
    found = kat.diff(one, two, level=level, show=show, context=3 if everything else 1, charset="ascii")
    if found.same:
        return _by_facts(one, two)
    first, *lines = str(found).split("\n")
    while lines and not lines[0]:
        lines = lines[1:]
    if found.weights is not None and found.weights.status.value == "unknown":
        lines.append("    a snapshot does not say where a class of your own keeps its weights; saved models do:")
        lines.append("    keras-ascii diff OLD.keras NEW.keras")
    if found.counts.derived and not everything:
        follow = f"{found.counts.derived} consequence{'' if found.counts.derived == 1 else 's'}"
        lines += ["", f"{follow} (shapes, dtypes or weights that follow from the changes) not shown; -v shows all"]
    if verbosity > 1:
        lines += ["", "The snapshot:", "", *_drawing(before), "", "The model:", "", *_drawing(after)]
    return _verdict(first), lines


def _verdict(headline: str) -> str:
    """The headline with its counts first: the short summary shows some 25 characters of it."""
    word, _, rest = headline.partition(": ")
    rest = rest.removeprefix("0 changes, ")  # of layers; what changed is said next
    if word == "CHANGED":
        return rest
    return f"{rest} - BREAKING" if word == "BREAKING" else f"{rest}{word.removeprefix('CHANGED')}"


def _by_facts(before: ModelGraph, after: ModelGraph) -> tuple[str, list[str]]:
    """What no rule of the diff has a word for, such as another class of the model: the facts and lines that differ."""
    lines = list(difflib.unified_diff(_drawing(before), _drawing(after), "snapshot", "model", lineterm="", n=1))
    facts = before.conflicts(after)
    more = f" and {len(facts) - 1} more" if len(facts) > 1 else ""
    return f"changed: {facts[0]}{more}" if facts else "changed in details", lines


def _drawing(graph: ModelGraph) -> list[str]:
    return str(kat.draw(graph, profile="snapshot")).split("\n")
