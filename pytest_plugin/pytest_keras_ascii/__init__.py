"""pytest plugin of keras-ascii-tools: the fixture `keras_ascii_snapshot`, a model against its stored drawing.

pytest loads `plugin` wherever the distribution is installed. It imports pytest and next to nothing else; the core is
loaded when a test uses the fixture.
"""

from typing import Any

from pytest_keras_ascii.failures import ArchitectureChanged, SnapshotFailure, SnapshotMissing, SnapshotUnusable

__all__ = ["ArchitectureChanged", "SnapshotFailure", "SnapshotMissing", "SnapshotUnusable", "to_text"]


def to_text(model: Any, *, input_shape: Any = None) -> str:
    """Return the architecture of a model as text, the same everywhere: for syrupy, inline-snapshot and their like.

    Args:
        model: Whatever `keras_ascii_snapshot` compares with.
        input_shape: For a model that is not built, as for `keras_ascii_tools.read`.

    Returns:
        The drawing in the snapshot profile. It depends on nothing but the architecture: not on names that Keras makes
        up, on the terminal, or on the release of Keras.
    """
    from pytest_keras_ascii.models import text_of

    return text_of(model, input_shape)
