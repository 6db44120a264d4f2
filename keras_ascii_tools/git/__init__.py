"""Drawings inside git: what git runs to show a saved model as text, and how it is told to. Knows no layouts."""

from __future__ import annotations
