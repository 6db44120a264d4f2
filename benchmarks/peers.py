"""The same graph, drawn the way others draw graphs in text: like `git log --graph`, and like Sapling and jj.

Both draw from a node to what it points at, so edges are turned around: a model's inputs stand on top. `asciidag` is a
port of git's `graph.c`, `renderdag` one of Sapling's; neither is needed by anything but this.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from io import StringIO
from time import process_time
from typing import Any
from unittest.mock import patch

from benchmarks.timing import ROOT

__all__ = ["LIMIT", "git_lines", "git_seconds", "sapling_lines"]

LIMIT = 10
"""CPU seconds after which a peer is stopped."""

_PATIENCE = 60
"""Seconds on the clock after which it is, on a machine that has other work."""

Wiring = Sequence[Sequence[int]]
"""Per node the distinct nodes that it uses, each before it."""


def git_lines(wiring: Wiring, labels: Sequence[str]) -> list[str]:
    """Draw like `git log --graph`.

    asciidag walks every path before it draws anything, which no model of many blocks survives. Here it is given every
    node once; it draws the same.
    """
    with patch.object(import_module("asciidag.graph"), "walk_nodes", _each_once):
        return _git(wiring, labels)


def git_seconds(wiring: Wiring, labels: Sequence[str], *, limit: int = LIMIT) -> float | None:
    """Return how many CPU seconds asciidag takes as it is, in a process of its own; `None` if more than `limit`."""
    command = [sys.executable, "-m", "benchmarks.peers", str(limit)]
    text = json.dumps({"wiring": [list(used) for used in wiring], "labels": list(labels)})
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode > 0:
        raise RuntimeError(f"asciidag failed:\n{done.stderr}")
    # Killed by the signal of the limit: a negative return code.
    return float(done.stdout) if done.returncode == 0 else None


def sapling_lines(wiring: Wiring, labels: Sequence[str], order: Iterable[int]) -> list[str]:
    """Draw like Sapling and jj; the order of the rows is the caller's choice there."""
    renderdag = import_module("renderdag")
    renderer = renderdag.GraphRowRenderer().output().with_min_row_height(0).build_box_drawing()
    consumers = _consumers(wiring)
    rows = [
        renderer.next_row(node, [renderdag.Ancestor.parent(used) for used in consumers[node]], "o", labels[node])
        for node in order
    ]
    return "".join(rows).splitlines()


def _git(wiring: Wiring, labels: Sequence[str]) -> list[str]:
    node_class = import_module("asciidag.node").Node
    nodes = [node_class(label) for label in labels]
    for node, used in zip(nodes, _consumers(wiring), strict=True):
        node.parents = [nodes[consumer] for consumer in used]
    text = StringIO()
    graph = import_module("asciidag.graph").Graph(fh=text, use_color=False)
    graph.show_nodes([node for node, used in zip(nodes, wiring, strict=True) if not used])
    return text.getvalue().splitlines()


def _each_once(tips: Sequence[Any]) -> Iterator[Any]:
    seen: set[Any] = set()
    stack = list(tips)[::-1]
    yield from tips
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack += node.parents[::-1]


def _consumers(wiring: Wiring) -> list[list[int]]:
    consumers: list[list[int]] = [[] for _ in wiring]
    for node, used in enumerate(wiring):
        for producer in used:
            consumers[producer].append(node)
    return consumers


def _main() -> None:
    """Draw what stands on the standard input, and print the CPU seconds."""
    import resource

    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    sys.setrecursionlimit(20_000)  # asciidag recurses once per node of a path
    graph = json.load(sys.stdin)
    start = process_time()
    _git(graph["wiring"], graph["labels"])
    print(process_time() - start)


if __name__ == "__main__":
    _main()
