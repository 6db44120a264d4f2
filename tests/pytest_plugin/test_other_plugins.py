"""Beside other plugins, in one environment with all of them: snapshot plugins, and those that run tests differently.

They are in the dependency group `plugins`, which has an environment of its own (`make test` makes it): some of them
cannot be loaded together, and would be in the way of all our other tests.
"""

from __future__ import annotations

import os
from importlib.metadata import entry_points

import pytest

from tests.pytest_plugin.projects import FOLDER, Project
from tests.pytest_plugin.test_stale import stale

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.other_plugins

OURS = {"keras_ascii", "xdist", "xdist.looponfail"}
NET = "def test_net(keras_ascii_snapshot):\n    assert mlp(8) == keras_ascii_snapshot\n"
RIVALS = {
    "syrupy": (["syrupy"], "--snapshot-update", "def test_rival(snapshot):\n    assert [1, 2] == snapshot\n"),
    "pytest-snapshot": (
        ["snapshot"],
        "--snapshot-update",
        "def test_rival(snapshot):\n    snapshot.assert_match('text', 'name.txt')\n",
    ),
    "inline-snapshot": (
        ["inline_snapshot"],
        "--inline-snapshot=create",
        "from inline_snapshot import snapshot\ndef test_rival():\n    assert 5 == snapshot()\n",
    ),
    "pytest-insta": (["insta"], "--insta=update", "def test_rival(snapshot):\n    assert snapshot() == 'text'\n"),
    "pytest-regressions": (
        ["regressions", "pytest-datadir"],
        "--regen-all",
        "def test_rival(data_regression):\n    data_regression.check({'a': 1})\n",
    ),
}


@pytest.fixture
def alone(project: Project) -> Project:
    """A project whose runs load plugins as they are installed, but for those that a test does not ask for."""
    for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS"):
        project.monkeypatch.delenv(name, raising=False)
    return project


def only(*names: str) -> list[str]:
    """Arguments that leave out every plugin but ours and these."""
    found = {point.name for point in entry_points(group="pytest11")}
    assert set(names) <= found, f"not installed: {set(names) - found}; these tests need the group 'plugins'"
    return [argument for name in sorted(found - OURS - set(names)) for argument in ("-p", f"no:{name}")]


def run(project: Project, *arguments: str, code: int = 0) -> str:
    result = project.run_apart(*arguments)
    text = result.stdout.str() + result.stderr.str()
    assert result.ret == code, text
    return text


@pytest.mark.parametrize("rival", RIVALS)
def test_snapshot_plugins_live_side_by_side(alone: Project, rival: str) -> None:
    plugins, update, body = RIVALS[rival]
    alone.write("pytest.ini", "[pytest]\n")  # warnings of others are none of ours
    alone.tests(NET + body)
    arguments = only(*plugins)
    alone.run_apart(*arguments, update, "--keras-ascii-update")  # some of them fail a run that writes
    assert list(alone.snapshots()) == [f"{FOLDER}/test_models/test_net.txt"]
    assert "2 passed" in run(alone, *arguments)
    alone.tests((alone.path / "test_models.py").read_text().partition("mlp\n\n")[2].replace("mlp(8)", "mlp(9)"))
    assert "1 failed, 1 passed" in run(alone, *arguments, code=1)


def test_neither_deletes_what_is_the_others(alone: Project) -> None:
    alone.tests(NET + RIVALS["syrupy"][2])
    arguments = only("syrupy")
    run(alone, *arguments, "--snapshot-update", "--keras-ascii-update")
    before = alone.files()
    alone.tests("def test_other(): pass")
    run(alone, *arguments, "--snapshot-update")
    assert alone.snapshots()
    run(alone, *arguments, "--keras-ascii-prune")
    assert not alone.snapshots()
    assert any("__snapshots__" in name for name in before)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_random_order(alone: Project, seed: int) -> None:
    alone.tests(
        "@pytest.mark.parametrize('size', range(1, 9))\n"
        "def test_size(keras_ascii_snapshot, size):\n"
        "    assert mlp(size) == keras_ascii_snapshot\n    assert mlp(size, size) == keras_ascii_snapshot\n"
    )
    run(alone, *only(), "--keras-ascii-update")
    before = alone.snapshots()
    text = run(alone, *only("randomly"), f"--randomly-seed={seed}", "--keras-ascii-update")
    assert "16 matched" in text
    assert alone.snapshots() == before
    assert stale(text) == []


FLAKY = """
ATTEMPTS = []
def test_net(keras_ascii_snapshot):
    ATTEMPTS.append(1)
    assert mlp(1) == keras_ascii_snapshot
    assert mlp(2) == keras_ascii_snapshot(name="second")
    assert len(ATTEMPTS) > 2
    assert mlp(3) == keras_ascii_snapshot
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_reruns_start_afresh_and_the_last_attempt_counts(alone: Project, workers: tuple[str, ...]) -> None:
    alone.tests(FLAKY)
    arguments = [*only("rerunfailures"), "--reruns", "2", *workers]
    assert "2 matched, 1 written" in run(alone, *arguments, "--keras-ascii-update")  # of the last attempt
    assert set(alone.snapshots()) == {f"{FOLDER}/test_models/test_net{end}.txt" for end in ("", ".2", ".second")}
    text = run(alone, *arguments, "--keras-ascii-ci")
    assert "3 matched" in text
    assert "2 rerun" in text
    alone.tests(
        FLAKY.replace("    assert mlp(2) == keras_ascii_snapshot(name='second')\n", "").replace("second", "other")
    )
    assert stale(run(alone, *arguments, "--keras-ascii-update")) == ["test_net.second"]


def test_a_test_that_fails_each_time_claims_nothing_and_makes_nothing_stale(alone: Project) -> None:
    alone.tests(FLAKY)
    arguments = [*only("rerunfailures"), "--reruns", "2"]
    run(alone, *arguments, "--keras-ascii-update")
    before = alone.snapshots()
    alone.tests("def test_net(keras_ascii_snapshot):\n    assert 0")
    text = run(alone, *arguments, "--keras-ascii-ci", "--keras-ascii-prune", code=1)
    assert stale(text) == []
    assert alone.snapshots() == before


def test_asynchronous_tests(alone: Project) -> None:
    alone.ini("asyncio_mode = auto", "asyncio_default_fixture_loop_scope = function")
    alone.tests(
        "import asyncio\n"
        "async def test_net(keras_ascii_snapshot):\n"
        "    await asyncio.sleep(0)\n"
        "    assert mlp(8) == keras_ascii_snapshot\n"
        "class TestIt:\n"
        "    async def test_other(self, keras_ascii_snapshot):\n"
        "        assert mlp(9) == keras_ascii_snapshot\n"
    )
    run(alone, *only("asyncio"), "--keras-ascii-update")
    assert "2 matched" in run(alone, *only("asyncio"))


def test_the_text_in_snapshots_of_syrupy(alone: Project) -> None:
    start = "from pytest_keras_ascii import to_text\n"
    body = start + "def test_net(snapshot):\n    assert to_text(mlp({units})) == snapshot\n"
    alone.tests(body.format(units=8))
    arguments = only("syrupy")
    run(alone, *arguments, "--snapshot-update")
    assert "1 passed" in run(alone, *arguments)
    alone.tests(body.format(units=9))
    assert "1 failed" in run(alone, *arguments, code=1)


def test_these_plugins_are_those_that_were_meant() -> None:
    """That the environment is the right one: these tests would mean little without the plugins."""
    found = {point.name for point in entry_points(group="pytest11")}
    assert {name for plugins, _, _ in RIVALS.values() for name in plugins} <= found
    assert {"randomly", "rerunfailures", "asyncio", "xdist", "keras_ascii"} <= found
    assert os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD") == "1"
