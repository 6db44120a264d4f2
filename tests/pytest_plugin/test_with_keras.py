"""Snapshots of real Keras models: what must fail, what must pass, and that nothing else has a say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pytest_plugin.projects import CI_VARIABLES, FOLDER

pytestmark = pytest.mark.keras

ROOT = Path(__file__).parents[2]
_CONFTEST = """
import os, random

def pytest_collection_modifyitems(items):
    if os.environ.get("ORDER") == "reversed":
        items.reverse()
    elif os.environ.get("ORDER"):
        random.Random(int(os.environ["ORDER"])).shuffle(items)
"""
_CASES = """
import os, pytest
from tests.pytest_plugin.keras_cases import DIFFERENT, SAME

WHICH = int(os.environ.get("WHICH", "0"))

@pytest.mark.parametrize("case", DIFFERENT)
def test_different(keras_ascii_snapshot, case):
    assert DIFFERENT[case][WHICH]() == keras_ascii_snapshot

@pytest.mark.parametrize("case", SAME)
def test_same(keras_ascii_snapshot, case):
    assert SAME[case][WHICH]() == keras_ascii_snapshot
"""
ZOO = (
    "chain residual siamese_layers nested_deep multi_output_layer seq2seq wrappers partly_frozen subclassed transformer"
)
_ZOO = f"""
import pytest
from tests.models import zoo

@pytest.mark.parametrize("name", {ZOO.split()!r})
def test_zoo(keras_ascii_snapshot, name):
    build = getattr(zoo, name)
    build()  # names of Keras move on
    assert build() == keras_ascii_snapshot(name="first")
    assert build == keras_ascii_snapshot(name="second")
"""


def environment(**variables: str) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if key not in {*CI_VARIABLES, "COLUMNS", "LC_ALL", "LANG"}}
    return {**clean, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}


def run_all(folder: Path, runs: list[tuple[list[str], dict[str, str]]], **variables: str) -> tuple[list[int], str]:
    """Run pytest several times in one fresh process; the exit statuses, and what was printed."""
    (folder / "runs.json").write_text(json.dumps(runs))
    command = [sys.executable, str(ROOT / "tests" / "pytest_plugin" / "keras_driver.py"), "runs.json"]
    done = subprocess.run(
        command, cwd=folder, env=environment(**variables), capture_output=True, timeout=600, check=False
    )
    output = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, output + done.stderr.decode("utf-8", "replace")
    return json.loads(output.splitlines()[-1]), output


PLUGIN = ["-p", "pytest_keras_ascii.plugin", "-q"]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob(f"{FOLDER}/**/*.txt")}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every pair, compared by the plugin: id of the test -> its entry in the report."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_cases.py").write_text(_CASES)
    # One process: the second run compares with what the first has written. WHICH is read at import, so it is purged.
    (folder / "conftest.py").write_text("import sys\nsys.modules.pop('test_cases', None)\n")
    report = ["--keras-ascii-report=report.json"]
    codes, output = run_all(
        folder, [([*PLUGIN, "--keras-ascii-update"], {}), ([*PLUGIN, *report, "--keras-ascii-ci"], {"WHICH": "1"})]
    )
    assert codes == [0, 1], output
    entries = json.loads((folder / "report.json").read_text())["snapshots"]
    return {entry["test"].partition("::")[2]: entry for entry in entries}


def cases(which: str) -> list[str]:
    """The ids of cases, without importing Keras."""
    import ast

    tree = ast.parse((ROOT / "tests" / "pytest_plugin" / "keras_cases.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == which:
            return [ast.literal_eval(key) for key in node.value.keys]  # type: ignore[union-attr]
    raise AssertionError(which)


@pytest.mark.parametrize("case", cases("DIFFERENT"))
def test_another_architecture_fails_and_says_why(compared: dict[str, dict[str, Any]], case: str) -> None:
    entry = compared[f"test_different[{case}]"]
    assert entry["status"] == "changed"
    assert not entry["verdict"].startswith(("0 changes", "changed in details")), entry["text"]


@pytest.mark.parametrize("case", cases("SAME"))
def test_the_same_architecture_passes(compared: dict[str, dict[str, Any]], case: str) -> None:
    entry = compared[f"test_same[{case}]"]
    assert entry["status"] == "matched", entry["text"]


def test_nothing_but_the_architecture_has_a_say(tmp_path: Path) -> None:
    """Alone, reversed, shuffled, at any width, with any locale: the same bytes, and no failure."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "test_zoo.py").write_text(_ZOO)
    runs: list[tuple[list[str], dict[str, str]]] = [([*PLUGIN, "--keras-ascii-update"], {})]
    runs += [([*PLUGIN, f"test_zoo.py::test_zoo[{name}]"], {}) for name in ("seq2seq", "subclassed")]
    runs += [(PLUGIN, {"ORDER": order}) for order in ("reversed", "1", "2", "3", "4", "5")]
    runs += [(PLUGIN, {"COLUMNS": columns}) for columns in ("10", "40", "200")]
    runs += [([*PLUGIN, "-s"], {"FORCE_COLOR": "1"})]
    codes, output = run_all(tmp_path, runs)
    assert codes == [0] * len(runs), output
    expected = files(tmp_path)
    assert len(expected) == 2 * len(ZOO.split())
    # And written again by others, in other circumstances: two workers; a terminal that knows ASCII only.
    for path in tmp_path.glob(f"{FOLDER}/**/*.txt"):
        path.unlink()
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-p", "xdist", "-n", "2", "--keras-ascii-update"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(ORDER=""), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert files(tmp_path) == expected
    for path in tmp_path.glob(f"{FOLDER}/**/*.txt"):
        path.unlink()
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "TERM": "dumb", "NO_COLOR": "1"}
    codes, output = run_all(
        tmp_path, [([*PLUGIN, "-s", "--keras-ascii-update"], {"ORDER": "6", "COLUMNS": "40"})], **plain
    )
    assert codes == [0], output
    assert files(tmp_path) == expected


@pytest.mark.parametrize("place", [0, 7, 19])
def test_a_layer_inserted_into_twenty_blocks_is_one_added_layer_and_few_lines(place: int) -> None:
    import difflib

    from pytest_keras_ascii.describe import describe

    import keras_ascii_tools as kat
    from tests.pytest_plugin.keras_cases import blocks, blocks_and_one

    before, after = kat.read(blocks(20)), kat.read(blocks_and_one(20, place))
    old, new = (str(kat.draw(graph, profile="snapshot")).split("\n") for graph in (before, after))
    verdict, _ = describe(kat.read_drawing("\n".join(old)), after, level="full", ignore=())
    assert verdict.startswith("1 added, params"), verdict
    changed = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
    assert len(changed) <= 3


@pytest.mark.parametrize("name", ["chain", "nested_deep", "subclassed", "mixed_precision"])
def test_neither_the_model_nor_keras_is_touched(
    keras_ascii_snapshot: Any, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.keras.untouched import untouched
    from tests.models import zoo

    # Not beside this module: what is compared is of no interest, and nothing is to be written here.
    monkeypatch.setattr(keras_ascii_snapshot._test, "file", tmp_path / "test_it.py")
    model = getattr(zoo, name)()
    with untouched(model), pytest.raises(AssertionError, match="no snapshot yet"):
        assert model == keras_ascii_snapshot


def test_the_policy_and_the_counters_of_keras_stay(compared: dict[str, Any]) -> None:
    """`clear_session()`, which others use against names that move, would reset them."""
    import keras

    import keras_ascii_tools as kat
    from keras_ascii_tools.snapshots import SnapshotId, compose

    policy, name = keras.config.dtype_policy(), keras.layers.Dense(1).name
    compose(kat.read(keras.Sequential([keras.Input((2,)), keras.layers.Flatten()])), SnapshotId("a.py::b"))
    assert keras.config.dtype_policy() == policy
    number = int(name.rpartition("_")[2]) if "_" in name else 0
    assert keras.layers.Dense(1).name == f"dense_{number + 1}"


def refused(model: Any, **options: Any) -> str:
    from pytest_keras_ascii.models import check_built, graph_of
    from pytest_keras_ascii.options import Options

    with pytest.raises(AssertionError) as caught:
        check_built(graph_of(model, Options("full", ()).with_given("x", **options)))
    return str(caught.value)


def test_a_model_that_is_not_built_says_how_to_build_it() -> None:
    from tests.models import zoo

    text = refused(zoo.sequential_unbuilt())
    assert text.startswith("the model is not built: ")
    assert "keras_ascii_snapshot(input_shape=(None, ...))" in text


def test_where_a_snapshot_does_not_tell_what_becomes_of_weights_it_says_what_does() -> None:
    import keras
    from pytest_keras_ascii.describe import describe

    import keras_ascii_tools as kat

    class Encoder(keras.Model):
        def __init__(self, doubled: bool) -> None:
            super().__init__()  # pyright: ignore[reportUnknownMemberType]
            self.code = keras.layers.Dense(4)
            self.doubled = doubled

        def call(self, inputs: Any) -> Any:
            code = self.code(inputs)
            return code + code if self.doubled else code

    drawn = kat.draw(Encoder(False), profile="snapshot", input_shape=(None, 3)).to("text")
    model = kat.read(Encoder(True), input_shape=(None, 3))
    verdict, lines = describe(kat.read_drawing(drawn), model, level="full", ignore=())
    assert verdict.endswith("old weights: UNKNOWN")
    assert "saved models do:\n    keras-ascii diff OLD.keras NEW.keras" in "\n".join(lines)


def test_an_input_shape_is_enough() -> None:
    import keras
    from pytest_keras_ascii.models import check_built, graph_of
    from pytest_keras_ascii.options import Options

    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(2)])
    options = Options("full", ()).with_given("x", input_shape=(None, 4))
    graph = graph_of(model, options)
    check_built(graph)
    assert graph.params == 4 * 3 + 3 + 3 * 2 + 2
    assert not model.built


def test_names_that_keras_makes_up_count_when_told_to() -> None:
    import keras
    from pytest_keras_ascii.models import graph_of
    from pytest_keras_ascii.options import Options

    one, other = (
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name=name)]) for name in ("dense", "dense_1")
    )
    keep = Options("full", ()).with_given("x", names="keep")
    assert graph_of(one, Options("full", ())) == graph_of(other, Options("full", ()))
    assert graph_of(one, keep) != graph_of(other, keep)


def test_the_text_for_other_snapshot_plugins_moves_with_the_architecture_only() -> None:
    from pytest_keras_ascii import to_text

    import keras_ascii_tools as kat
    from tests.models import zoo

    text = to_text(zoo.unet)
    assert to_text(zoo.unet()) == text
    assert kat.read_drawing(text) == kat.read(zoo.unet())
    assert "3.15" not in text
    assert to_text(zoo.chain()) != text


@pytest.mark.parametrize("name", ["no_layers", "quantized_int8", "lora", "odd_names", "masking", "multi_output_layer"])
def test_rare_models_match_themselves(name: str) -> None:
    import keras_ascii_tools as kat
    from keras_ascii_tools.snapshots import SnapshotId, compose
    from tests.models import zoo

    build = getattr(zoo, name)
    text = compose(kat.read(build()), SnapshotId("a.py::b"))
    assert kat.read_drawing(text) == kat.read(build())


def test_a_deep_model_is_compared() -> None:
    import keras
    from pytest_keras_ascii.describe import describe

    import keras_ascii_tools as kat
    from keras_ascii_tools.snapshots import SnapshotId, agree, compose

    def deep(units: int) -> Any:
        start = keras.Input((4,))
        x: Any = start
        for number in range(300):
            x = keras.layers.Activation("relu")(x) if number != 150 else keras.layers.Dense(units)(x)
        return kat.read(keras.Model(start, x))

    stored = kat.read_drawing(compose(deep(4), SnapshotId("a.py::b")))
    assert agree(stored, deep(4))
    verdict, lines = describe(stored, deep(5), level="full", ignore=())
    assert verdict.startswith("1 changed, params 20 -> 25")
    assert len(lines) < 30
