"""The diff against edits that are known exactly: are they counted, and is each layer found again?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time

from benchmarks.diff_edits import edited, without_names
from benchmarks.networks import network
from benchmarks.results import Budget, Section, table
from keras_ascii_tools.diff import diff
from keras_ascii_tools.graph import ModelGraph, canonical

__all__ = ["EDITS", "NETWORKS", "Trial", "run", "trial"]

NETWORKS = (
    "DenseNet121",
    "EfficientNetB0",
    "EfficientNetV2B0",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "NASNetMobile",
    "ResNet101",
    "ResNet50",
    "ResNet50V2",
    "Xception",
)
"""Large enough that ten edits leave most of a network as it was."""
EDITS = (1, 3, 10)
_SEEDS = range(100_000, 100_030)
_SECONDS = 240.0
"""CPU time after which no more trials are begun."""
_TEXT = """
Layers of real networks are inserted, deleted and changed at random, such that a model comes out and the number of edits
is the least that leads there (`benchmarks/diff_edits.py`); no layer has a given name. *Exact*: the diff reports that
many insertions, deletions and changes, and nothing else. *Matched*: layers that are in both models and paired right;
*alike*: paired with another one of several that cannot be told apart, and the diff says so. *ms*: CPU milliseconds of
one diff, weights verdict included, median and worst. The random numbers were used for nothing else.
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one comparison."""

    exact: bool
    nodes: int
    """Nodes of the network that are in the edited one."""
    matched: int
    """Those of them that were paired right, or with one of which the diff says that it cannot be told apart."""
    alike: int
    """How many of these were paired with another one."""
    milliseconds: float


def trial(graph: ModelGraph, edits: int, seed: int) -> Trial:
    """Edit a canonical graph and compare it with what comes out."""
    made = edited(graph, edits, seed)
    start = process_time()
    found = diff(graph, made.graph)
    taken = process_time() - start
    counts = found.counts
    told = (counts.added, counts.removed, counts.changed, counts.total, counts.renamed)
    before, after = set[int](), set[int]()
    for ambiguity in found.ambiguities:
        (after if ambiguity.after else before).update(ambiguity.nodes)
    partners = {other: one for one, other in found.model.nodes}
    right = alike = nodes = 0
    for node, origin in enumerate(made.origins):
        if origin is None:
            continue
        nodes += 1
        partner = partners.get(node)
        if partner == origin:
            right += 1
        elif node in after or origin in before or partner in before:
            alike += 1
    exact = told == (made.inserted, made.deleted, made.changed, edits, 0)
    return Trial(exact, nodes, right + alike, alike, taken * 1000)


def run() -> Section:
    """Measure all networks."""
    return section({name: _trials(name) for name in NETWORKS})


def _trials(name: str) -> list[tuple[int, Trial]]:
    graph = canonical(without_names(network(name)))
    start = process_time()
    found: list[tuple[int, Trial]] = []
    for seed in _SEEDS:
        if process_time() - start > _SECONDS / len(NETWORKS):
            break
        found += [(edits, trial(graph, edits, seed)) for edits in EDITS]
    return found


def section(trials: dict[str, list[tuple[int, Trial]]]) -> Section:
    """Report trials by network."""
    rows: list[Sequence[object]] = []
    for name, found in trials.items():
        cells: list[object] = [name, len(found)]
        for edits in EDITS:
            cells.append(_share([one.exact for number, one in found if number == edits]))
        single = [one for _, one in found]
        cells += [_percent(sum(one.matched for one in single), sum(one.nodes for one in single))]
        times = [one.milliseconds for one in single]
        cells += [sum(one.alike for one in single), median(times), max(times)]
        rows.append(cells)
    everything = [one for found in trials.values() for _, one in found]
    exact = sum(one.exact for one in everything) / len(everything)
    matched = sum(one.matched for one in everything) / sum(one.nodes for one in everything)
    heads = ("network", "trials", *(f"exact, edits: {edits}" for edits in EDITS), "matched", "alike", "ms", "worst")
    budgets = (
        Budget(f"edits counted exactly, {len(everything)} trials", "≥ 99 %", f"{exact:.2%}", exact >= 0.99),
        Budget("layers matched", "≥ 99.9 %", f"{matched:.3%}", matched >= 0.999),
    )
    return Section("Edits that are known exactly", _TEXT, table(heads, rows), budgets)


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags)}/{len(flags)}"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.3%}"
