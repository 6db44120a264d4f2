"""Which files of models differ between two revisions. Knows nothing of what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible
from keras_ascii_tools.git_command import run_git, try_git

__all__ = ["DEFAULT_PATHS", "Pair", "changed_files", "merge_base"]

DEFAULT_PATHS = ("*.keras", "*.h5", "*.hdf5", "**/__keras_ascii__/**/*.txt", "__keras_ascii__/**/*.txt")
"""Saved models, and the snapshots of tests."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two targets that are to be compared; `None`: there is no such model on this side."""

    name: str
    before: str | None
    after: str | None
    file: str = ""
    """The file that annotations stand at."""


def merge_base(base: str, head: str) -> str:
    """Return the commit from which the work on `head` began.

    Raises:
        SourceError: One of the two is not here, or they have nothing in common as far as it was fetched.
    """
    for revision in (base, head):
        if revision.startswith("-") or try_git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
            raise SourceError(f"no commit {visible(revision)} here; fetch it (actions/checkout: fetch-depth: 0)")
    found = try_git("merge-base", base, head)
    if found is None:
        raise SourceError(
            f"{visible(base)} and {visible(head)} have no commit in common here; "
            "fetch more of the history (actions/checkout: fetch-depth: 0)"
        )
    return found


def changed_files(base: str, head: str, paths: Sequence[str]) -> tuple[Pair, ...]:
    """Return the files that match `paths` and differ between two commits, by name; a renamed one is one pair.

    Args:
        base: A commit.
        head: Another one.
        paths: Pathspecs of git, from the top of the repository; `*` matches across folders.
    """
    specs = [f":(top,glob){path}" if "**" in path else f":(top){path}" for path in paths]
    out = run_git("diff", "--name-status", "-z", "-M", "--no-ext-diff", base, head, "--", *specs)
    return tuple(sorted(_pairs(out, base, head), key=lambda pair: pair.name))


def _pairs(out: str, base: str, head: str) -> Iterator[Pair]:
    words = iter(out.split("\0"))
    for status in words:
        if not status:
            continue
        old = next(words)
        new = next(words) if status[0] in "RC" else old
        before = None if status[0] == "A" else f"git:{base}:{old}"
        after = None if status[0] == "D" else f"git:{head}:{new}"
        name = new if old == new or status[0] == "C" else f"{old} → {new}"
        yield Pair(name, before, after, "" if after is None else new)
