"""Releases of Keras, as far as their files have to be read in another way. Knows version numbers only."""

from __future__ import annotations

from typing import Final, TypeAlias

__all__ = ["THREE", "UNKNOWN", "Release", "release_of"]

Release: TypeAlias = tuple[int, int]
"""Major and minor number."""

UNKNOWN: Final[Release] = (99, 0)
"""Taken for a release that writes what it means."""
THREE: Final[Release] = (3, 0)


def release_of(version: str | None) -> Release:
    """Return the release that a file names: `3.10.0`, `2.15.0-tf`, `tfjs-layers 1.0`."""
    parts = (version or "").split(".")
    if len(parts) < 2 or not all(part.isdecimal() and len(part) < 4 for part in parts[:2]):
        return UNKNOWN
    return int(parts[0]), int(parts[1])
