"""Sphinx extension of keras-ascii-tools: directives, roles and a domain that show Keras models in documentation.

    extensions = ["sphinx_keras_ascii"]

Imports nothing of Sphinx by itself, because the process that imports models may have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    from sphinx_keras_ascii.extension import register

    return register(app)
