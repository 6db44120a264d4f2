"""Five themes in a browser: lanes without gaps, nothing wider than the page, light and dark, phone and desktop."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.sphinx_ext.projects import Project
from tests.write_in_browser.browser import Picture, find_browser, read_png

COMMAND = find_browser()
pytestmark = [
    pytest.mark.chromium,
    pytest.mark.slow,
    pytest.mark.skipif(COMMAND is None, reason="no Chromium on the PATH"),
]

THEMES = ("alabaster", "furo", "sphinx_rtd_theme", "pydata_sphinx_theme", "sphinx_book_theme")
PHONE, DESKTOP = (390, 844), (1280, 900)

PAGE = """
.. keras-ascii:: light.models:unet
   :caption: A figure that is as wide as it is.
   :name: net

.. note::

   .. keras-ascii:: light.models:make('transformer')

.. keras-ascii:: light.models:make('siamese_nested')
   :description: list
   :align: center

.. keras-ascii-diff:: light.models:make('chain') light.models:make('residual')

.. list-table::

   * - .. keras-ascii:: light.models:make('residual')
     - Beside it.
"""

# What a person would see go wrong, as numbers.
MEASURE = """
const root = document.documentElement;
const drawings = [...document.querySelectorAll("pre.ka-drawing")];
const box = document.querySelector("pre.ka-drawing").getBoundingClientRect();
return {
    overflow: root.scrollWidth - root.clientWidth,
    outside: drawings.filter(pre => pre.getBoundingClientRect().right > root.clientWidth + 1).length,
    wrapped: drawings.filter(pre => getComputedStyle(pre).whiteSpace !== "pre").length,
    scrolls: drawings.every(pre => pre.scrollWidth <= pre.clientWidth || getComputedStyle(pre).overflowX === "auto"),
    focus: drawings.every(pre => pre.tabIndex === 0),
    fonts: [...new Set(drawings.map(pre => getComputedStyle(pre).fontFamily.split(",")[0]))],
    color: getComputedStyle(drawings[0]).color,
    drawings: drawings.length,
    left: box.left, top: box.top + scrollY, width: box.width, height: box.height,
    line: parseFloat(getComputedStyle(drawings[0]).lineHeight),
    buttons: document.querySelectorAll("pre.ka-drawing button, pre.ka-drawing + button.copybtn").length,
};
"""


class Pages:
    """A built project, looked at."""

    def __init__(self, out: Path, scratch: Path) -> None:
        self._out = out
        self._scratch = scratch
        self._runs = 0

    def measure(self, size: tuple[int, int], dark: bool) -> Any:
        probe = f"<script>document.title = JSON.stringify((() => {{ {MEASURE} }})())</script></body>"
        page = self._out / "probe.html"
        page.write_text(
            (self._out / "index.html").read_text(encoding="utf-8").replace("</body>", probe), encoding="utf-8"
        )
        dom = self._run(page, size, dark, "--dump-dom")
        return json.loads(unescape(re.findall(r"<title>(.*?)</title>", dom, re.DOTALL)[0]))

    def picture(self, size: tuple[int, int], dark: bool) -> Picture:
        path = self._scratch / "page.png"
        self._run(self._out / "index.html", size, dark, f"--screenshot={path}")
        return read_png(path.read_bytes())

    def _run(self, page: Path, size: tuple[int, int], dark: bool, what: str) -> str:
        self._runs += 1
        assert COMMAND is not None
        done = subprocess.run(
            [
                *(COMMAND, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
                *("--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage"),
                f"--user-data-dir={self._scratch / f'profile{self._runs}'}",
                f"--window-size={size[0]},{size[1]}",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                what,
                page.as_uri(),
            ],
            capture_output=True,
            check=True,
            timeout=120,
        )
        return done.stdout.decode()


@pytest.fixture(params=THEMES)
def pages(request: pytest.FixtureRequest, project: Project, tmp_path: Path) -> Iterator[Pages]:
    project.conf("extensions += ['sphinx_copybutton']")
    project.page(PAGE)
    built = project.build(html_theme=request.param)
    assert built.warnings == []
    yield Pages(built.out, tmp_path)
    shutil.rmtree(built.out)


# The theme's own, which uses what Sphinx 9 deprecates.
@pytest.mark.filterwarnings("ignore:.*sphinx_book_theme.*:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*sphinx_book_theme.*:PendingDeprecationWarning")
def test_a_page_looks_right(pages: Pages) -> None:
    for size, dark in ((PHONE, True), (DESKTOP, False)):
        found = pages.measure(size, dark)
        assert found["drawings"] >= 6
        assert (found["overflow"], found["outside"], found["wrapped"], found["buttons"]) == (0, 0, 0, 0), found
        assert found["scrolls"]
        assert found["focus"]
    for dark in (False, True):
        assert lanes_with_gaps(pages.picture(DESKTOP, dark), found) == []


def lanes_with_gaps(picture: Picture, box: Any) -> list[int]:
    """Columns of pixels of the first drawing in which a lane is interrupted.

    The U-Net's first lane goes from its fourth row to its last but five, always in the same column of pixels.
    """
    left, top, line = int(box["left"]), int(box["top"]), box["line"]
    ground = picture.pixel(left + int(box["width"]) - 3, top + 3)
    first, last = top + int(5.5 * line), min(top + int(12.5 * line), len(picture.rows))
    columns = range(left, left + int(line))
    inked = {
        x: [max(abs(a - b) for a, b in zip(picture.pixel(x, y), ground, strict=True)) > 40 for y in range(first, last)]
        for x in columns
    }
    lane = max(columns, key=lambda x: sum(inked[x]))
    return [first + at for at, ink in enumerate(inked[lane]) if not ink]
