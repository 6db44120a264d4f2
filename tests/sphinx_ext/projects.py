"""Documentation projects made for a test, built by Sphinx itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import sphinx
from docutils import nodes
from sphinx.testing.util import SphinxTestApp

DRAWINGS = Path(__file__).resolve().parents[1] / "drawings"

CONF = """
extensions = ["sphinx_keras_ascii"]
project = "Models"
author = copyright = "those who made them"
version = release = "1"
numfig = True
show_warning_types = True  # the default since Sphinx 8
exclude_patterns = ["_build"]
"""

# Models without Keras: a graph is taken for a model. Processes that import them are counted, without those of autodoc.
LIGHT = f"""\
import keras_ascii_tools as kat
import sys
from pathlib import Path

if "sphinx" not in sys.modules:
    with open(Path(__file__).with_name("imported.txt"), "a") as log:
        log.write("once\\n")

def make(name="unet"):
    return kat.read(Path({str(DRAWINGS)!r}) / (name + ".json"))

unet = make()
"""


@dataclass(frozen=True)
class Built:
    """What a build left behind."""

    app: SphinxTestApp
    out: Path
    warnings: list[str]
    """One line each, as Sphinx wrote them, with the source directory left out."""
    status: str

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """What was written, by name; without what Sphinx needs for itself."""
        return {
            str(path.relative_to(self.out)): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file() and "doctrees" not in path.parts and path.suffix not in {".pickle", ".epub"}
        }


class Project:
    """A source directory with a package `light` beside it, which makes models without Keras."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.docs = folder / "docs"
        self.package = folder / "light"
        self.write("docs/conf.py", CONF)
        self.write("light/__init__.py", "")
        self.write("light/models.py", LIGHT)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def page(self, text: str, name: str = "index") -> None:
        """Write a page; the first one is the root."""
        self.write(f"docs/{name}.rst", f"Title\n=====\n\n{dedent(text)}")

    def conf(self, more: str) -> None:
        """Add settings to those that all projects have."""
        self.write("docs/conf.py", CONF + dedent(more))

    def build(self, builder: str = "html", *, to: str = "_build", parallel: int = 0, **conf: Any) -> Built:
        """Build as `sphinx-build` does; what is there already is used."""
        app = SphinxTestApp(
            builder,
            srcdir=self.docs,
            builddir=self.folder / to,
            confoverrides=conf,
            parallel=parallel,
        )
        try:
            app.build()
        finally:
            app.cleanup()
        said = re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue()).replace(f"{self.docs}{os.sep}", "")
        return Built(app, Path(app.outdir), said.splitlines(), app.status.getvalue())

    def command(
        self, *arguments: str, to: str = "_build/command", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the command that people run."""
        path = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", *arguments, str(self.docs), str(self.folder / to)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": path, **(env or {})},
            timeout=120,
        )

    def edit(self, name: str, before: str, after: str) -> None:
        """Replace a piece of a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def imported(self) -> int:
        """How many processes imported the models."""
        log = self.package / "imported.txt"
        return len(log.read_text().splitlines()) if log.exists() else 0


def resolved(built: Built, page: str) -> nodes.document:
    """A page as it was written."""
    more = {"tags": built.app.tags} if sphinx.version_info >= (9,) else {}
    return built.app.env.get_and_resolve_doctree(page, built.app.builder, **more)


def forget(modules: set[str]) -> None:
    """Unload what autodoc has imported for a test."""
    for name in set(sys.modules) - modules:
        if name.split(".")[0] in {"light", "heavy", "keras"}:
            del sys.modules[name]
