"""Documentation of the example models. Build it with `make docs`; it needs no Keras, because the cache is committed."""

from __future__ import annotations

import sys
from pathlib import Path

# The models lie beside this directory: `examples.models`.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

project = "Example models"
author = "The keras-ascii-tools maintainers"
copyright = "the keras-ascii-tools maintainers"
version = release = "1"

extensions = ["sphinx_keras_ascii", "sphinx.ext.autodoc", "myst_parser"]
exclude_patterns = ["_build", "_models"]
html_theme = "furo"
nitpicky = True
nitpick_ignore = [("py:class", "keras.Model")]  # Keras has no inventory of its names
numfig = True
autodoc_mock_imports = ["keras"]  # what autodoc imports and what is drawn have nothing to do with each other

# Made once by somebody who has Keras, and committed: every other build reads it.
keras_ascii_cache_dir = "_models"
keras_ascii_links = {"keras.layers": "https://keras.io/search.html?query={kind}"}
keras_ascii_autodoc = True

man_pages = [("index", "example-models", "Example models", author, 7)]
latex_documents = [("index", "models.tex", project, author, "howto")]
epub_uid = epub_identifier = "example-models"
epub_publisher = author
epub_show_urls = "no"
