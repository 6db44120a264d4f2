"""The fixture's object: what tests write. Loads the core.

The comparison itself is in `comparing`; here is which snapshot it is about, and what a test has claimed already.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from keras_ascii_tools import KerasAsciiError
from keras_ascii_tools.snapshots import SnapshotId, relative, snapshot_path
from pytest_keras_ascii import message
from pytest_keras_ascii.comparing import Comparison
from pytest_keras_ascii.failures import SnapshotFailure, SnapshotUnusable
from pytest_keras_ascii.models import check_built, graph_of
from pytest_keras_ascii.options import Options
from pytest_keras_ascii.run import COLLECTED, RECORDS, Record
from pytest_keras_ascii.settings import Settings

__all__ = ["KerasAsciiSnapshot", "snapshot_of"]

_SETTINGS = pytest.StashKey[Settings]()


def snapshot_of(request: pytest.FixtureRequest) -> KerasAsciiSnapshot:
    """Make the fixture's value for one attempt of a test."""
    __tracebackhide__ = True
    config, item = request.config, request.node
    if _SETTINGS not in config.stash:
        config.stash[_SETTINGS] = Settings.of(config)
    settings = config.stash[_SETTINGS]
    item.stash[RECORDS] = []
    marks: dict[str, Any] = {}
    for mark in item.iter_markers("keras_ascii"):  # the closest first
        for key, value in mark.kwargs.items():
            marks.setdefault(key, value)
    options = Options(level=settings.level, ignore=settings.ignore)
    return KerasAsciiSnapshot(_Test(item, config, settings), _with_given(options, "keras_ascii", marks))


def _with_given(options: Options, who: str, given: dict[str, Any]) -> Options:
    """The options with those of a test; a slip is shown at the test's own line, and none of ours."""
    __tracebackhide__ = True
    try:
        return options.with_given(who, **given)
    except (KerasAsciiError, TypeError) as error:
        raise error.with_traceback(None) from None


class KerasAsciiSnapshot:
    """The stored architecture of a model. `model == snapshot` is true, or raises with what has changed."""

    __slots__ = ("_options", "_test")
    __hash__ = None  # type: ignore[assignment]
    __array_ufunc__ = None  # an array compares as a whole, and is refused

    def __init__(self, test: _Test, options: Options) -> None:
        self._test = test
        self._options = options

    def __call__(
        self,
        name: str | None = None,
        *,
        level: str | None = None,
        ignore: str | Iterable[str] | None = None,
        input_shape: Any = None,
        names: str | None = None,
    ) -> KerasAsciiSnapshot:
        """Return the snapshot with options.

        Args:
            name: A name, for one of several snapshots of a test. Without it they are numbered.
            level: What to compare: `full`, `arch` (not how it is trained) or `shapes` (kinds, edges and shapes).
            ignore: What to leave out besides: `names`, `dtype`, `weights`, `trainable`, `settings`, `initializers`,
                `regularizers`, or settings such as `Dropout.rate` or `*.rate`.
            input_shape: For a model that is not built, as for `keras_ascii_tools.read`.
            names: `keep`: names that Keras makes up count, as if a person had given them.
        """
        __tracebackhide__ = True
        given = {"name": name, "level": level, "ignore": ignore, "input_shape": input_shape, "names": names}
        return KerasAsciiSnapshot(self._test, _with_given(self._options, "keras_ascii_snapshot", given))

    def __eq__(self, other: object) -> bool:
        __tracebackhide__ = True
        if isinstance(other, KerasAsciiSnapshot):
            raise TypeError("a snapshot is compared with a model, not with a snapshot")
        self._test.compare(other, self._options)
        return True

    def __ne__(self, other: object) -> bool:
        __tracebackhide__ = True
        raise TypeError("keras_ascii_snapshot is for ==; that a model has another architecture is no expectation")

    def __repr__(self) -> str:
        name = "" if self._options.name is None else f" {self._options.name[:30]!r}"
        return f"<keras_ascii_snapshot{name}>"


class _Test:
    """One attempt of a test: what it has compared so far."""

    def __init__(self, item: pytest.Item, config: pytest.Config, settings: Settings) -> None:
        self.config = config
        self.settings = settings
        self.nodeid = str(item.nodeid)
        self.file = item.path
        self.test = f"{item.path.name}::{self.nodeid.partition('::')[2] or item.name}"
        self.records: list[Record] = item.stash[RECORDS]
        self.lines: dict[Path, str] = {}

    def compare(self, model: object, options: Options) -> None:
        """Compare a model with the next snapshot. Returns if they are equal, or if the snapshot was written."""
        __tracebackhide__ = True
        graph = graph_of(model, options)
        number = 1 if options.name is not None else 1 + sum(record["name"] is None for record in self.records)
        which = SnapshotId(self.test, options.name, number)
        path = snapshot_path(self.file, which)
        line = _line_of_caller()
        record: Record = {
            "path": relative(path, self.config.rootpath),
            "name": options.name,
            "number": number,
            "line": line[1],
            "level": options.level,
            "ignore": list(options.ignore),
            "model": message.summary_of(graph),
            "drawing": None,
            "status": "unusable",
            "verdict": "",
            "text": "",
        }
        try:
            self._claim(path, which, line)
            self.records.append(record)
            check_built(graph)
            Comparison(self.config, self.settings, self.nodeid, self.file, which, path, graph, options, record).run()
        except (SnapshotFailure, KerasAsciiError) as error:
            failure = error if isinstance(error, SnapshotFailure) else SnapshotUnusable(str(error))
            failure = _made_safe(failure, self.settings)
            record.update(verdict=failure.verdict, text=str(failure))
            raise failure.with_traceback(None) from None  # of the test alone: nothing in here is of interest

    def _claim(self, path: Path, which: SnapshotId, line: tuple[str, int]) -> None:
        """Take the file for this test; two tests, or two comparisons, cannot have one."""
        place = f"{line[0]}:{line[1]}"
        if path in self.lines:
            raise SnapshotUnusable(
                f"two snapshots have the name {which.name!r} in this test\n\n"
                f"first     {self.lines[path]}\nagain     {place}\n\n"
                'Give each a name of its own: keras_ascii_snapshot(name="...").'
            )
        self.lines[path] = place
        claims = self.config.stash[COLLECTED].claims
        other = claims.setdefault(str(path).casefold(), self.nodeid)
        if other != self.nodeid:
            raise SnapshotUnusable(message.two_tests(path, other, self.nodeid))


def _made_safe(failure: SnapshotFailure, settings: Settings) -> SnapshotFailure:
    """GitHub Actions obeys `##[...]` anywhere in its log; a layer may have such a name."""
    text = str(failure)
    return type(failure)(text.replace("##[", "# #[")) if settings.github and "##[" in text else failure


def _line_of_caller() -> tuple[str, int]:
    """Name and line of the code that compares."""
    here = os.path.dirname(__file__)
    frame = inspect.currentframe()
    while frame is not None and frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == here:
        frame = frame.f_back
    if frame is None:  # a Python without frames
        return "the test", 1
    return os.path.basename(frame.f_code.co_filename), frame.f_lineno
