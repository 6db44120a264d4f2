"""What `review`, `accept`, `reject` and `pending` share: which pending snapshots are meant, and their texts."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_ascii_tools.commands.parsing import EXIT_STATUS
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible

if TYPE_CHECKING:
    from keras_ascii_tools.commands.terminal import Terminal
    from keras_ascii_tools.snapshots import Pending, PendingStore

__all__ = ["as_json", "chosen", "common_arguments", "evidence", "line_of", "store_of", "target_arguments"]


def common_arguments(command: argparse.ArgumentParser, description: str) -> None:
    """Add the arguments of all four commands."""
    command.description = f"{description} Tests leave them behind: see the pytest fixture keras_ascii_snapshot."
    command.epilog = EXIT_STATUS
    command.add_argument(
        "--cache", metavar="DIR", help="pytest's cache folder (default: the next .pytest_cache, going up from here)"
    )
    command.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    command.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")


def target_arguments(command: argparse.ArgumentParser, verb: str) -> None:
    """Add the arguments that say which snapshots are meant."""
    command.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help=f"what to {verb}: a snapshot file, a folder of them, a test's id",
    )
    command.add_argument("--all", action="store_true", help=f"{verb} all that wait")


def store_of(given: argparse.Namespace) -> PendingStore:
    """Return the pending snapshots of the project that the working folder is in."""
    from keras_ascii_tools.snapshots import find_store

    return find_store(Path.cwd(), given.cache)


def chosen(given: argparse.Namespace, verb: str) -> list[Pending]:
    """Return the pending snapshots that the targets name.

    Raises:
        SourceError: Nothing is named, or a target names none.
    """
    waiting = store_of(given).all()
    if given.all:
        return list(waiting)
    if not given.targets:
        raise SourceError(
            f"say what to {verb}: a snapshot file, a test, or --all; keras-ascii pending lists all {len(waiting)}"
        )
    found: dict[Path, Pending] = {}
    for target in given.targets:
        matching = [pending for pending in waiting if _is_meant(pending, target)]
        if not matching:
            raise SourceError(f"{target}: no snapshot waits for this; keras-ascii pending lists those that do")
        found.update((pending.target, pending) for pending in matching)
    return list(found.values())


def _is_meant(pending: Pending, target: str) -> bool:
    """Whether a target is a pending snapshot's file, a folder that it is in, its test, or a module of it."""
    path, colons, test = target.partition("::")
    place = Path(os.path.abspath(path))
    module, _, node = pending.node.partition("::")
    if colons:
        return place == pending.root / module and (node == test or node.startswith((f"{test}[", f"{test}::")))
    return place in (pending.target, *pending.target.parents) or place == pending.root / module


def line_of(pending: Pending) -> str:
    """Say in one line what waits."""
    what = "new" if pending.is_new else "changed"
    if pending.moved_from is not None:
        what = "moved"
    return visible(f"{what:<8} {pending.label}   ({pending.node})")


def evidence(pending: Pending, terminal: Terminal) -> str:
    """Return what a person has to see to decide: the drawing of a new one, the difference of a changed one."""
    look: dict[str, Any] = {"width": terminal.width, "charset": terminal.charset, "color": terminal.color}
    from keras_ascii_tools.api import diff, draw
    from keras_ascii_tools.snapshots import check, load, project, relative

    graph = check(pending.text, pending.file)
    if pending.moved_from is not None:
        return f"the same as {relative(pending.moved_from, pending.root)}, whose test no longer exists\n"
    stored = load(pending.target)
    if stored is None or pending.is_new:
        return draw(graph, **look).to("text")
    before = project(check(stored.text, stored.path), pending.level, pending.ignore)
    return diff(before, project(graph, pending.level, pending.ignore), level=pending.level, **look).to("text")


def as_json(kind: str, snapshots: Sequence[Pending]) -> str:
    """Return a JSON document of pending snapshots."""
    from keras_ascii_tools.snapshots import relative

    document: dict[str, Any] = {
        "schema": f"keras-ascii/{kind}",
        "version": "1.0",
        "snapshots": [
            {
                "path": pending.label,
                "test": pending.node,
                "status": "missing" if pending.is_new else "changed",
                "moved_from": None if pending.moved_from is None else relative(pending.moved_from, pending.root),
                "level": pending.level,
                "ignore": list(pending.ignore),
                "kept_in": str(pending.file),
            }
            for pending in snapshots
        ],
    }
    return json.dumps(document, indent=2) + "\n"
