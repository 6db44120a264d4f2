"""What pytest loads: options, settings, the marker, the fixture, and hooks that hand on.

Every test run in every environment with this distribution pays for what stands here, so nothing of the core is loaded
before a test uses the fixture.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_keras_ascii.fixture import KerasAsciiSnapshot

FIXTURE = "keras_ascii_snapshot"
FOLDER = "__keras_ascii__"
LEVELS = ("full", "arch", "shapes")
STALE = ("auto", "ignore", "warn", "fail")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options. None takes a value that a path could be mistaken for."""
    group = parser.getgroup("keras-ascii", "snapshots of Keras models (keras-ascii-tools)")
    add = group.addoption
    add("--keras-ascii-update", action="store_true", help="write new and changed snapshots; delete none")
    add("--keras-ascii-update-new", action="store_true", help="write missing snapshots, and no others")
    add("--keras-ascii-prune", action="store_true", help="delete stale snapshots, after a full run without failures")
    add(
        "--keras-ascii-ci",
        action="store_true",
        default=None,
        help="behave as in CI: write nothing, fail for stale snapshots (default: if CI is set, and not to false)",
    )
    add("--no-keras-ascii-ci", action="store_false", dest="keras_ascii_ci", help="behave as on a developer's machine")
    add(
        "--keras-ascii-report",
        action="append",
        default=[],
        metavar="FILE",
        help="write what was compared to FILE: .json, .md or .html; may be repeated",
    )
    ini = parser.addini
    ini("keras_ascii_level", f"what snapshots compare: {', '.join(LEVELS)} (default: full)", default="full")
    ini("keras_ascii_ignore", "what snapshots do not compare: names dtype Dropout.rate ...", type="args", default=[])
    ini("keras_ascii_stale", f"stale snapshots: {', '.join(STALE)} (default: warn; fail in CI)", default="auto")
    ini("keras_ascii_max_lines", "lines of a drawing or diff in a failure (default: 60; 0: all)", default="60")
    ini("keras_ascii_github", "annotations and step summary in GitHub Actions: auto, off", default="auto")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; refuse settings that cannot be."""
    config.addinivalue_line(
        "markers",
        "keras_ascii(level=..., ignore=...): added to tests that use keras_ascii_snapshot; may give its options",
    )
    for name, choices in (
        ("keras_ascii_level", LEVELS),
        ("keras_ascii_stale", STALE),
        ("keras_ascii_github", ("auto", "off")),
    ):
        value = config.getini(name)
        if value not in choices:
            raise pytest.UsageError(f"{name}: expected one of {', '.join(choices)}, got {value!r}")
    if not config.getini("keras_ascii_max_lines").isdecimal():
        raise pytest.UsageError(
            f"keras_ascii_max_lines: expected a whole number, got {config.getini('keras_ascii_max_lines')!r}"
        )
    files: list[str] = config.getoption("keras_ascii_report") or []
    for file in files:
        if not file.endswith((".json", ".md", ".html")):
            raise pytest.UsageError(
                f"--keras-ascii-report: expected a file that ends in .json, .md or .html, got {file!r}"
            )
    from pytest_keras_ascii.run import COLLECTED, Collected, Results

    config.stash[COLLECTED] = Collected(config)
    config.pluginmanager.register(config.stash[COLLECTED], "keras_ascii_collected")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Results(config), "keras_ascii_results")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keep pytest out of snapshot folders, where it would look for doctests, and remember that they exist."""
    if collection_path.name != FOLDER:
        return None
    from pytest_keras_ascii.run import COLLECTED

    config.stash[COLLECTED].folders.add(str(collection_path))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the report carry what was compared, and the verdict where pytest shows one line of a failure."""
    report = yield
    from pytest_keras_ascii.run import RECORDS

    records = item.stash.get(RECORDS, None)
    if records is not None:
        from pytest_keras_ascii.reporting import complete

        complete(report, call, records)
        if call.when == "teardown":
            del item.stash[RECORDS]
    return report


@pytest.fixture
def keras_ascii_snapshot(request: pytest.FixtureRequest) -> KerasAsciiSnapshot:
    """The stored architecture of a model: `assert build_model() == keras_ascii_snapshot`.

    `keras_ascii_snapshot(name="encoder", level="arch", ignore=["names", "Dropout.rate"])` gives one with options.
    """
    __tracebackhide__ = True
    from pytest_keras_ascii.fixture import snapshot_of

    return snapshot_of(request)


def __getattr__(name: str) -> Any:
    # `pytest_keras_ascii.plugin.ArchitectureChanged`: what a first guess would import.
    import pytest_keras_ascii

    if name in pytest_keras_ascii.__all__:
        return getattr(pytest_keras_ascii, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
