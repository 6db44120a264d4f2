"""What cannot be shown: a warning on the right line, a placeholder, and another try."""

from __future__ import annotations

import os
import re

import pytest

from tests.sphinx_ext.projects import DRAWINGS, Project

BROKEN = """
import sys
import keras_ascii_tools as kat

number = 3

def raises():
    raise ValueError("two\\n words & <more>")

def leaves():
    sys.exit(5)

def dies():
    import os
    print("last words", file=sys.stderr, flush=True)
    os._exit(7)

def asks(size):
    return size

def hangs():
    import time
    while True:
        time.sleep(1)

def reads():
    return input()

def colours():
    raise ValueError("\x1b[31mred\u202e")

def crashes():
    import os, signal
    os.kill(os.getpid(), signal.SIGSEGV)
"""

CASES = {
    ".. keras-ascii:: nosuch.module:net": ("import", "no module 'nosuch' here or in this environment"),
    ".. keras-ascii:: light.broken:net": ("target", "module light.broken has no 'net'"),
    ".. keras-ascii:: light.broken:number": ("build", "expected a Keras model, a path or a graph, got builtins.int"),
    ".. keras-ascii:: light.broken:raises": ("build", "light.broken:raises raised ValueError: two words & <more>"),
    ".. keras-ascii:: light.broken:leaves": ("build", "light.broken:leaves raised SystemExit: 5"),
    ".. keras-ascii:: light.broken:asks": ("build", "give arguments with :call:"),
    ".. keras-ascii:: light.broken:reads": ("build", "raised EOFError"),
    ".. keras-ascii:: light.broken:dies": (
        "worker",
        "dies: the process that makes models ended with exit status 7: last words",
    ),
    ".. keras-ascii:: light.broken:colours": ("build", r"ValueError: \x1b[31mred\u202e"),
    ".. keras-ascii:: gone.py:net": ("target", "gone.py: no such file"),
    ".. keras-ascii:: light.syntax:net": ("import", "importing light.syntax raised SyntaxError"),
    ".. keras-ascii:: light.models:make(name=open)": ("target", "expected literal arguments"),
    ".. keras-ascii:: gone.json": ("target", "gone.json: No such file"),
    ".. keras-ascii:: conf.py": ("target", "conf.py: not a file that is read here"),
    ".. keras-ascii:: https://example.org/net.json": ("target", "files at hand"),
    ".. keras-ascii:: ???": ("target", "No such file"),
    ".. keras-ascii::": ("target", "no target"),
    ".. keras-ascii:: net": ("target", "no module is given"),
    ".. keras-ascii::\n\n   model = 1 / 0": ("build", "ZeroDivisionError: division by zero (line 1 of the code)"),
    ".. keras-ascii::\n\n   net = 1": ("target", "leaves no variable `model`"),
    ".. keras-ascii::\n\n   model = (": ("build", "SyntaxError"),
    ".. keras-ascii:: light.models:unet\n\n   model = 1": ("target", "both a target and code"),
    ".. keras-ascii:: light.models:unet\n   :fold: sideways": ("option", "fold: expected one of no, exact, similar"),
    ".. keras-ascii:: light.models:unet\n   :width: wide": ("option", "width: expected a whole number, got 'wide'"),
    ".. keras-ascii:: light.models:unet\n   :layers: nothing*": ("option", "matches none"),
    "A :keras-ascii:`light.broken:raises|params` b": ("build", "raised ValueError"),
    "A :keras-ascii:`light.models:unet|beauty` b": ("target", "expected one of params, weights"),
}


@pytest.fixture
def broken(project: Project) -> Project:
    project.write("light/broken.py", BROKEN)
    project.write("light/syntax.py", "def net(:\n")
    return project


@pytest.mark.parametrize("text", CASES)
def test_a_failure_is_one_warning_with_its_line_and_type(broken: Project, text: str) -> None:
    subtype, reason = CASES[text]
    broken.page(f"One.\n\n{text}\n")
    built = broken.build("text")
    assert len(built.warnings) == 1, built.warnings
    assert re.match(rf"index\.rst:6: WARNING: .*\[keras_ascii\.{subtype}\]$", built.warnings[0])
    assert reason in built.warnings[0]
    shown = built.text("index.txt")
    assert "no drawing:" in shown or "[light." in shown
    assert "Traceback" not in shown + built.status
    assert str(broken.folder) not in shown


def test_one_failure_does_not_keep_others_from_being_shown(broken: Project) -> None:
    targets = ("broken:dies", "models:unet", "broken:hangs", "models:make('chain')", "broken:leaves")
    broken.page("\n".join(f".. keras-ascii:: light.{target}\n" for target in targets))
    built = broken.build("text", keras_ascii_timeout=3.0)
    assert [re.findall(r"keras_ascii\.(\w+)", line)[0] for line in built.warnings] == ["worker", "timeout", "build"]
    assert "not ready after 3 s (keras_ascii_timeout)" in built.warnings[1]
    assert built.text("index.txt").count("no drawing:") == 3
    assert "Dropout" in built.text("index.txt")


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_last_words_are_those_of_the_model_that_had_them(broken: Project) -> None:
    loud = "import sys\nprint('before', file=sys.stderr)\nimport keras_ascii_tools as kat\n"
    broken.write("light/aloud.py", f"{loud}net = kat.read({str(DRAWINGS / 'chain.json')!r})\n")
    broken.page(".. keras-ascii:: light.aloud:net\n\n.. keras-ascii:: light.broken:crashes\n")
    [warning] = broken.build("text").warnings
    assert "light.broken:crashes: the process that makes models was ended by SIGSEGV [keras_ascii.worker]" in warning


def test_what_is_wrong_with_a_page_is_said_once_although_its_title_is_read_twice(broken: Project) -> None:
    text = "Has :keras-ascii:`light.models:unet|params`"
    option = ".. keras-ascii:: light.models:unet\n   :width: wide\n"
    broken.write("docs/index.rst", f"{text}\n{'=' * 60}\n\n{option}\n.. keras-ascii:: light.broken:raises\n")
    first, second = broken.build().warnings
    assert "width: expected a whole number" in first
    assert "light.broken:raises raised ValueError" in second


def test_a_failure_is_tried_again(broken: Project) -> None:
    broken.page(".. keras-ascii:: light.broken:raises\n\n.. keras-ascii:: later.json\n")
    assert len(broken.build().warnings) == 2
    assert len(broken.build().warnings) == 2  # although nothing has changed
    broken.edit("light/broken.py", 'raise ValueError("two\\n words & <more>")', "return kat.read(PATH)")
    broken.edit("light/broken.py", "number = 3", f"PATH = {str(DRAWINGS / 'chain.json')!r}")
    broken.write("docs/later.json", (DRAWINGS / "split.json").read_text())
    built = broken.build()
    assert built.warnings == []
    assert "Dropout" in built.text("index.html")


def test_warnings_can_be_suppressed_by_type(broken: Project) -> None:
    broken.page(".. keras-ascii:: light.broken:raises\n\n.. keras-ascii:: gone.json\n")
    assert broken.build(suppress_warnings=["keras_ascii"]).warnings == []
    [left] = broken.build(suppress_warnings=["keras_ascii.build"], to="_other").warnings
    assert "gone.json" in left


def test_the_command_fails_where_warnings_are_errors(broken: Project) -> None:
    broken.page(".. keras-ascii:: light.broken:raises\n")
    done = broken.command("-W")
    assert done.returncode in {1, 2}  # Sphinx before 8 ends at the first one
    assert "light.broken:raises raised ValueError" in done.stderr
    assert "Traceback" not in done.stderr
    assert broken.command("-W", "-D", "suppress_warnings=keras_ascii.build", to="_other").returncode == 0


@pytest.mark.parametrize(
    ("conf", "said"),
    [
        (
            "keras_ascii_mode = 'quick'",
            "keras_ascii_mode: expected one of auto, force, cached, static, off, got 'quick'",
        ),
        ("keras_ascii_charset = 'utf8'", "keras_ascii_charset: expected one of unicode, ascii, got 'utf8'"),
        (
            "keras_ascii_builders = {'man': {'widht': 3}}",
            "keras_ascii_builders['man']: no option 'widht'; did you mean",
        ),
        ("keras_ascii_timeout = 0", "keras_ascii_timeout: expected a number above 0, got 0"),
        ("keras_ascii_env = {'A': 1}", "keras_ascii_env: expected texts only, got 'A': 1"),
    ],
)
def test_a_setting_that_cannot_be_is_a_warning_and_the_default_is_used(project: Project, conf: str, said: str) -> None:
    project.conf(conf)
    project.page(".. keras-ascii:: light.models:unet\n")
    for _ in range(2):
        [warning] = project.build("text").warnings
        assert said in warning
        assert warning.endswith("[keras_ascii.option]")
    assert "MaxPooling2D" in project.build("text").text("index.txt")
    assert project.command("-W").returncode in {1, 2}


def test_an_interpreter_without_us_is_said_so(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:unet\n")
    python = project.write("bin/python", "#!/bin/sh\necho \"No module named 'keras_ascii_tools'\" >&2; exit 1\n")
    python.chmod(0o755)
    [warning] = project.build(keras_ascii_python=str(python)).warnings
    assert "has no keras-ascii-tools; install it there, or change keras_ascii_python" in warning
    [warning] = project.build(keras_ascii_python="/no/such/python").warnings
    assert "cannot start /no/such/python: No such file" in warning
    assert "keras_ascii.worker" in warning


def test_an_unbuilt_model_is_drawn_as_far_as_it_is_known_with_a_warning(project: Project) -> None:
    project.write(
        "light/models.py",
        f"""
        from dataclasses import replace
        import keras_ascii_tools as kat
        from keras_ascii_tools.graph import How
        made = {{"nodes": (), "inputs": (), "outputs": (), "how": How.UNBUILT, "notes": ("not built: call build",)}}
        net = replace(kat.read({str(DRAWINGS / "chain.json")!r}), **made)
        """,
    )
    project.page(".. keras-ascii:: light.models:net\n")
    for _ in range(2):
        built = project.build("text")
        assert len(built.warnings) == 1
        assert "index.rst:4: WARNING: light.models:net is not built; give :input-shape:" in built.warnings[0]
        assert "Flatten" in built.text("index.txt")
        assert "not built" in built.text("index.txt")
    project.page(".. keras-ascii:: light.models:net\n   :input-shape: (None, 3)\n")
    [warning] = project.build("text").warnings
    assert "light.models:net is not built; :input-shape: (None, 3) did not build it; change it, or build" in warning


def test_setup_code_that_raises_is_said_so(project: Project) -> None:
    project.page(".. keras-ascii:: light.models:unet\n")
    [warning] = project.build(keras_ascii_setup_code="import light\nlight.nothing").warnings
    assert "keras_ascii_setup_code raised AttributeError" in warning
    assert "(line 2 of the code)" in warning
