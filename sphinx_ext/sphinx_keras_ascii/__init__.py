"""Sphinx extension of keras-ascii-tools: will hold the directive `keras-ascii`, which draws a model in the docs.

Nothing yet: it has no `setup()`, so do not list it in `extensions`.
"""
