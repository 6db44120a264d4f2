"""What is made again when what has changed, and what is not."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

import keras_ascii_tools as kat
from tests.sphinx_ext.projects import DRAWINGS, Project

POISON = """
from pathlib import Path
if Path(__file__).with_name("poisoned").exists():
    raise RuntimeError("keras was imported")
"""
SHOWS = ".. keras-ascii:: light.models:make('{}')\n"


@pytest.fixture
def six(project: Project) -> Project:
    """Six pages, one of which shows a model of another module."""
    names = ("unet", "chain", "split", "residual", "seq2seq")
    project.page(
        "".join(f".. toctree::\n\n   page{number}\n\n" for number in range(5)) + ".. keras-ascii:: light.other:net"
    )
    for number, name in enumerate(names):
        project.page(SHOWS.format(name), f"page{number}")
    project.write("light/sizes.py", "NAME = 'wrappers'\n")
    project.write(
        "light/other.py",
        f"""
        from pathlib import Path
        import keras_ascii_tools as kat
        DRAWINGS = Path({str(DRAWINGS)!r})
        def net():
            from .sizes import NAME
            return kat.read(DRAWINGS / f"{{NAME}}.json")
        """,
    )
    return project


def written(status: str) -> list[str]:
    """Pages that a build wrote."""
    status = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", status)
    lines = [line for line in status.replace("\r", "\n").splitlines() if "writing output..." in line and "%]" in line]
    return sorted({line.split("]", 1)[1].strip() for line in lines})


def test_nothing_changed_and_nothing_is_imported_or_written(six: Project) -> None:
    first = six.build()
    assert first.warnings == []
    assert len(written(first.status)) == 6
    assert six.imported() == 1
    second = six.build()
    assert second.warnings == []
    assert written(second.status) == []
    assert "making" not in second.status
    assert six.imported() == 1


def test_a_module_that_imports_keras_is_not_imported_when_nothing_changed(
    six: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for Keras that works once, and then poisons whoever imports it."""
    keras = six.write("poison/keras.py", POISON)
    monkeypatch.syspath_prepend(str(keras.parent))
    six.edit("light/models.py", "import sys\n", "import sys\nimport keras\n")
    assert six.build().warnings == []
    six.write("poison/poisoned", "")
    unchanged = six.build()
    assert unchanged.warnings == []
    assert six.build("text").warnings == []
    six.edit("light/models.py", "unet = make()", "unet = make('unet')")
    assert any("keras was imported" in line for line in six.build().warnings)


def test_editing_a_module_updates_the_pages_that_show_its_models(six: Project) -> None:
    six.build()
    six.edit("light/models.py", '(name + ".json")', '((name if name != "chain" else "siamese_layers") + ".json")')
    built = six.build()
    assert built.warnings == []
    # The others came out as they were; the root has it in its table of contents.
    assert written(built.status) == ["index", "page1"]
    assert "Subtract" in built.text("page1.html")
    assert six.imported() == 2


def test_editing_what_a_module_imports_late_updates_too(six: Project) -> None:
    assert "Bidirectional" in six.build().text("index.html")
    six.edit("light/sizes.py", "wrappers", "odd_names")
    built = six.build()
    assert "Bidirectional" not in built.text("index.html")
    assert written(built.status) == ["index"]
    assert six.imported() == 1  # only what has changed was made


def test_editing_a_page_makes_nothing(six: Project) -> None:
    six.build()
    six.edit("docs/page1.rst", "Title", "Other")
    built = six.build()
    assert "Other" in built.text("page1.html")
    assert six.imported() == 1


def test_another_way_to_draw_makes_nothing(six: Project) -> None:
    six.build()
    six.edit("docs/page1.rst", "('chain')", "('chain')\n   :charset: ascii")
    assert "○" not in six.build().text("page1.html")
    assert "○" not in six.build(keras_ascii_charset="ascii").text("page0.html")
    assert six.imported() == 1


def test_every_builder_writes_its_own_pages_again(six: Project) -> None:
    """Although both share what they read, and one has seen the change already."""
    six.build("html")
    six.build("text")
    six.edit("light/models.py", '(name + ".json")', '("siamese_layers.json")')
    assert "Subtract" in six.build("text").text("page1.txt")
    assert "Subtract" in six.build("html").text("page1.html")
    assert written(six.build("html").status) == []


def test_a_saved_file_is_read_again_when_it_changes(project: Project) -> None:
    saved = project.write("docs/net.json", (DRAWINGS / "chain.json").read_text())
    project.page(".. keras-ascii:: net.json\n\n:keras-ascii:`net.json|params`\n")
    assert "13,642" in project.build().text("index.html")
    assert written(project.build().status) == []
    saved.write_text((DRAWINGS / "unet.json").read_text())
    assert "13,642" not in project.build().text("index.html")
    assert project.imported() == 0


def test_a_file_that_the_model_depends_on_can_be_named(project: Project) -> None:
    project.write("docs/net.cfg", "chain")
    project.write(
        "light/models.py",
        f"""
        from pathlib import Path
        import keras_ascii_tools as kat
        def build():
            name = Path({str(project.docs)!r}, "net.cfg").read_text()
            return kat.read(Path({str(DRAWINGS)!r}, name + ".json"))
        """,
    )
    project.page(".. keras-ascii:: light.models:build\n   :depends: net.cfg\n")
    assert "Dropout" in project.build().text("index.html")
    project.write("docs/net.cfg", "unet")
    assert "Dropout" not in project.build().text("index.html")


def test_a_page_that_is_gone_asks_for_nothing(six: Project) -> None:
    six.build()
    (six.docs / "page1.rst").unlink()
    six.edit("docs/index.rst", "   page1\n", "   page0\n")
    six.edit("light/models.py", 'make(name="unet")', "make(name)")
    six.edit("light/models.py", "unet = make()", "")
    built = six.build()
    assert built.warnings == []
    assert six.imported() == 2
    assert "chain" not in str(built.app.env.get_domain("keras").data)


def test_a_changed_number_in_a_title_reaches_tables_of_contents_and_the_search(project: Project) -> None:
    project.page(".. toctree::\n\n   net\n")
    project.write("docs/net.rst", f"With :keras-ascii:`light.models:unet|params` weights\n{'=' * 60}\n")
    built = project.build()
    assert built.warnings == []
    number = f"{kat.read(DRAWINGS / 'unet.json').params:,}"
    for name in ("index.html", "searchindex.js"):
        assert f"With {number} weights" in built.text(name)
    project.edit("light/models.py", 'name="unet"', 'name="chain"')
    built = project.build()
    for name in ("index.html", "searchindex.js", "net.html"):
        assert "With 13,642 weights" in built.text(name)
    assert project.imported() == 2


def test_force_makes_everything_again(six: Project) -> None:
    six.build()
    six.build(keras_ascii_mode="force")
    assert six.imported() == 2


def test_another_version_of_keras_makes_models_again(six: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    keras = six.write("poison/keras.py", "__version__ = '3.99'")
    monkeypatch.syspath_prepend(str(keras.parent))
    six.edit("light/models.py", "import sys\n", "import sys\nimport keras\n")
    for version, processes in (("3.99", 1), ("3.99", 1), ("4.0", 2)):
        monkeypatch.setattr("sphinx_keras_ascii.models.installed_versions", lambda version=version: {"keras": version})
        six.build()
        assert six.imported() == processes


def test_an_unchanged_build_does_not_even_need_the_core(six: Project) -> None:
    code = (
        "import sys; from sphinx.cmd.build import main; status = main(['-q', '-b', 'text', *sys.argv[1:]]); "
        "sys.exit(f'status {status}' if status else 'keras_ascii_tools' in sys.modules)"
    )
    for needed in (1, 0):
        done = subprocess.run(
            [sys.executable, "-c", code, str(six.docs), str(six.folder / "out")],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(six.folder), *sys.path])},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (needed, "")
