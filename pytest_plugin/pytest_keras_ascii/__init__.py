"""pytest plugin of keras-ascii-tools: the fixture `keras_ascii_snapshot`, a model against its stored drawing.

pytest loads `plugin` wherever the distribution is installed. It imports pytest and next to nothing else; the core is
loaded when a test uses the fixture.
"""

from pytest_keras_ascii.failures import ArchitectureChanged, SnapshotFailure, SnapshotMissing, SnapshotUnusable

__all__ = ["ArchitectureChanged", "SnapshotFailure", "SnapshotMissing", "SnapshotUnusable"]
