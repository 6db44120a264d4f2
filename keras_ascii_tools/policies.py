"""Names of Keras dtype policies. Knows names only."""

from __future__ import annotations

__all__ = ["compute_dtype", "has_no_policy"]


def has_no_policy(kind: str, module: str | None) -> bool:
    """Tell whether a layer is a functional model: its policy is the session's, without effect, and in no file."""
    return (kind, module) == ("Functional", "keras.models")


def compute_dtype(policy: str | None) -> str | None:
    """Return the dtype in which a layer with this policy computes: `float16` for `int8_from_mixed_float16`.

    `None` for no policy.
    """
    if policy is None:
        return None
    _, _, source = policy.removeprefix("map_").rpartition("_from_")
    return source.removeprefix("mixed_")
