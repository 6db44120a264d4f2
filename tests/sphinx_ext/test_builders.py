"""Every builder of Sphinx, with all that the extension has, without a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sphinx_ext.projects import Project

# Of Sphinx' own contributed builders, which use what Sphinx 9 deprecates.
OTHERS_WARNINGS = pytest.mark.filterwarnings(
    "ignore:.*(serializinghtml|'tags' will become a required).*:PendingDeprecationWarning",
    "ignore:.*(serializinghtml|'tags' will become a required).*:DeprecationWarning",
)
BUILDERS = (
    *("html", "dirhtml", "singlehtml", "epub", "text", "man", "latex", "texinfo", "xml", "pseudoxml"),
    *("gettext", "linkcheck", "changes", "doctest", "coverage", "dummy"),
    *(pytest.param(builder, marks=OTHERS_WARNINGS) for builder in ("json", "pickle", "htmlhelp")),
)

CONF = """
extensions += ["sphinx.ext.autodoc", "sphinx.ext.doctest", "sphinx.ext.coverage", "sphinx.ext.todo", "myst_parser"]
nitpicky = True
man_pages = [("index", "models", "Models", "us", 7)]
html_show_copyright = False
coverage_show_missing_items = False
linkcheck_report_timeouts_as_broken = False  # Sphinx 7.4 asks
"""

PAGE = """
About :keras-ascii:`light.models:unet|params` weights
-----------------------------------------------------

.. keras-ascii:: light.models:unet
   :caption: A *net*.
   :name: net
   :fuse:

:ref:`net` and :numref:`net`; :keras:model:`light.models:unet` of :keras-ascii:`light.models:unet|size`.

.. keras-ascii:: light.models:make('siamese_nested')
   :wrapper: listing
   :caption: Listed.
   :name: listed
   :description: list
   :align: center

See :ref:`listed`.

.. keras-ascii:: drawn.txt
   :charset: ascii
   :width: 60

.. keras-ascii::

   from light.models import make
   model = make("split")

.. list-table::

   * - .. keras-ascii:: light.models:make("chain")
          :columns: kind, shape
          :no-index:

.. note::

   1. .. keras-ascii:: light.models:make("residual")
         :alt: Two "ways" <around> & back.

.. autofunction:: light.documented.build

.. toctree::

   more
"""

MARKDOWN = """
# Markdown

```{keras-ascii} light.models:make("seq2seq")
:caption: In *Markdown*.
:name: seq
:depth: -1
```

{keras-ascii}`light.models:unet|layers` layers, see {ref}`seq` and {keras:model}`light.models:unet`.
"""

DOCUMENTED = """
from light.models import make

def build():
    \"\"\"Build it.

    .. keras-ascii::
       :fold:
    \"\"\"
    return make("transformer")
"""


@pytest.fixture
def rich(project: Project) -> Project:
    project.conf(CONF)
    project.page(PAGE)
    project.write("docs/more.md", MARKDOWN)
    project.write("light/documented.py", DOCUMENTED)
    drawing = Path(__file__).parents[1] / "drawings" / "wrappers.snapshot.txt"
    project.write("docs/drawn.txt", drawing.read_text(encoding="utf-8"))
    return project


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_works_without_a_warning(rich: Project, builder: str) -> None:
    built = rich.build(builder)
    assert built.warnings == []
    assert rich.imported() == (0 if builder in {"gettext", "linkcheck", "changes", "doctest", "coverage"} else 1)


def test_all_builders_share_what_was_made(rich: Project) -> None:
    for builder in ("html", "text", "latex", "epub", "man"):
        assert rich.build(builder).warnings == []
    assert rich.imported() == 1
