"""The documentation in `examples/docs`: built from its committed cache, strictly, without Keras."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sphinx_ext.test_paper import TEX

ROOT = Path(__file__).resolve().parents[2]


def build(builder: str, out: Path, *settings: str) -> subprocess.CompletedProcess[str]:
    """Build with a `keras` on the path that nobody may import."""
    poison = out.parent / "poison"
    poison.mkdir(exist_ok=True)
    (poison / "keras.py").write_text("raise SystemExit('keras was imported')")
    more = [argument for setting in settings for argument in ("-D", setting)]
    return subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "sphinx",
                "-q",
                "-W",
                "-n",
                "-b",
                builder,
                "-d",
                str(out.parent / "doctrees"),
                *more,
            ),
            *(str(ROOT / "examples/docs"), str(out)),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(poison), *sys.path])},
        timeout=300,
    )


@pytest.mark.parametrize(
    ("builder", "page", "words"),
    [
        ("html", "index.html", "1,929,825"),
        ("latex", "models.tex", "\\kaDrawing"),
        ("text", "index.txt", "A U-Net of 1,929,825 weights"),
        ("man", "example-models.7", "1,929,825 weights"),
        ("epub", "index.xhtml", "1,929,825"),
    ],
)
def test_the_examples_build_strictly_without_keras(builder: str, page: str, words: str, tmp_path: Path) -> None:
    done = build(builder, tmp_path / "out", "keras_ascii_mode=cached")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert words in (tmp_path / "out" / page).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("latexmk"), reason=TEX)
def test_the_examples_make_a_pdf(tmp_path: Path) -> None:
    assert build("latex", tmp_path / "out", "keras_ascii_mode=cached").returncode == 0
    command = ["latexmk", "-pdf", "-silent", "-interaction=nonstopmode", "-halt-on-error", "models.tex"]
    done = subprocess.run(command, cwd=tmp_path / "out", capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:]
    log = (tmp_path / "out/models.log").read_text(encoding="utf-8", errors="replace")
    assert "Missing character" not in log
    assert "Overfull \\hbox" not in log
