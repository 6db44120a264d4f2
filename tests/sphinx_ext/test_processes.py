"""The process that makes models, and which files it says they come from."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sphinx_keras_ascii.imports import ImportGraph, is_project_file
from sphinx_keras_ascii.processes import Answer, Workplace, make_models
from sphinx_keras_ascii.requests import Request

from tests.sphinx_ext.projects import DRAWINGS, Project


def made(project: Project, *targets: str, **settings: object) -> list[Answer]:
    place = Workplace(folder=project.docs, path=(str(project.folder),), **settings)  # type: ignore[arg-type]
    return list(make_models([Request("code", target) for target in targets], place))


def sources(project: Project, answer: Answer) -> list[str]:
    assert answer.problem is None, answer.problem
    return [os.path.relpath(path, project.folder) for path in answer.sources]


@pytest.fixture
def zoo(project: Project) -> Project:
    """Modules that import each other in every way there is."""
    read = f"import keras_ascii_tools as kat\nnet = kat.read({str(DRAWINGS / 'chain.json')!r})\n"
    project.write("zoo/__init__.py", "")
    project.write("zoo/plain.py", read)
    project.write("zoo/relative.py", "from . import plain\nfrom .deep.inner import width\nnet = plain.net\n")
    project.write("zoo/deep/__init__.py", "")
    project.write("zoo/deep/inner.py", "from ..sizes import width\n")
    project.write("zoo/sizes.py", "width = 3\n")
    project.write(
        "zoo/dynamic.py",
        """
        import importlib
        def net():
            return importlib.import_module("zoo.plain").net
        def other():
            import zoo.relative as found
            return found.net
        """,
    )
    project.write("zoo/alone.py", read)
    return project


EXPECTED = {
    "zoo.plain:net": {"__init__", "plain"},
    "zoo.relative:net": {"__init__", "plain", "relative", "deep/__init__", "deep/inner", "sizes"},
    "zoo.alone:net": {"__init__", "alone"},
}


@pytest.mark.parametrize("order", [1, -1])
def test_a_model_comes_from_the_files_that_its_module_imports(zoo: Project, order: int) -> None:
    targets = list(EXPECTED)[::order]
    for target, answer in zip(targets, made(zoo, *targets), strict=True):
        assert set(sources(zoo, answer)) == {f"zoo/{name}.py" for name in EXPECTED[target]}


def test_files_that_are_imported_by_name_or_late_count_too(zoo: Project) -> None:
    [net] = made(zoo, "zoo.dynamic:net")
    assert set(sources(zoo, net)) == {f"zoo/{name}.py" for name in ("__init__", "dynamic", "plain")}
    both = made(zoo, "zoo.alone:net", "zoo.dynamic:other")
    assert "zoo/sizes.py" in sources(zoo, both[1])
    assert "zoo/dynamic.py" not in sources(zoo, both[0])


def test_what_is_installed_is_no_file_of_the_project(tmp_path: Path) -> None:
    assert not is_project_file(os.__file__)
    assert not is_project_file(pytest.__file__)
    assert not is_project_file(str(tmp_path / "missing.py"))
    assert not is_project_file(str(Path(__file__).resolve().parents[2] / "keras_ascii_tools/api.py"))
    assert is_project_file(__file__)


def test_watching_imports_leaves_no_trace() -> None:
    import builtins
    import importlib

    before = builtins.__import__, importlib.import_module
    with ImportGraph().watching():
        assert builtins.__import__ is not before[0]
    with suppress(ZeroDivisionError), ImportGraph().watching():
        raise ZeroDivisionError
    assert (builtins.__import__, importlib.import_module) == before


def test_what_a_model_prints_does_not_disturb(project: Project) -> None:
    project.write(
        "light/loud.py",
        f"""
        import os, subprocess, sys
        import keras_ascii_tools as kat
        print("on import")
        os.write(1, b"to the file descriptor")
        def net():
            print('{{"end": "0"}}')
            subprocess.run([sys.executable, "-c", "print('from a child')"])
            sys.stdin.read()
            return kat.read({str(DRAWINGS / "chain.json")!r})
        """,
    )
    [answer] = made(project, "light.loud:net")
    assert answer.problem is None
    assert "Dropout" in (answer.graph or "")


def test_a_time_out_ends_what_the_model_started(project: Project) -> None:
    pid = project.folder / "pid.txt"
    project.write(
        "light/hangs.py",
        f"""
        import subprocess, sys, time
        def net():
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            open({str(pid)!r}, "w").write(str(child.pid))
            time.sleep(600)
        """,
    )
    [answer] = made(project, "light.hangs:net", timeout=3.0)
    assert answer.problem is not None
    assert answer.problem.subtype == "timeout"
    child = int(pid.read_text())
    for _ in range(100):
        if not _runs(child):
            break
        time.sleep(0.05)
    assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_all_answers_come_in_order_whatever_happens_between(project: Project) -> None:
    project.write("light/dies.py", "import os\ndef net():\n    os._exit(3)\n")
    targets = ["light.models:unet", "light.dies:net", "light.models:make", "nosuch:net", "light.dies:net"]
    answers = made(project, *targets)
    assert [answer.request.target for answer in answers] == targets
    problems = [answer.problem.subtype if answer.problem else None for answer in answers]
    assert problems == [None, "worker", None, "import", "worker"]


def test_the_environment_is_the_one_that_was_asked_for(project: Project) -> None:
    project.write(
        "light/asks.py",
        f"""
        import os, sys
        import keras_ascii_tools as kat
        def net():
            assert os.environ["WHO"] == "me"
            assert os.environ["PYTHONHASHSEED"] == "0"
            assert "sphinx" not in sys.modules
            return kat.read({str(DRAWINGS / "chain.json")!r})
        """,
    )
    assert made(project, "light.asks:net", env={"WHO": "me"})[0].problem is None
    assert "WHO" not in os.environ
    assert sys.executable == Workplace(project.docs).python
