"""Name dtype policies, serialized or live. Knows their names only, not what a dtype is."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["compute_dtype", "is_policy_kind", "policy_name"]

_DTYPE = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = re.compile(r"\w*DTypePolicy(Map)?|Policy(V1)?|AutoCastPolicy")


def is_policy_kind(kind: str) -> bool:
    """Tell whether a class name is that of a dtype policy."""
    return _KINDS.fullmatch(kind) is not None


def policy_name(policy: object, depth: int = 0) -> str | None:
    """Return the name of a policy as Keras spells it, `int8_from_float32`, or None when it has none.

    Args:
        policy: A name, a serialized policy, a policy's config, a live policy, or anything else.
        depth: How many policy maps are around it.
    """
    if policy is None or depth > 4:
        return None
    if isinstance(policy, str):
        return str.__str__(policy) or None
    if isinstance(policy, Mapping):
        inner = policy.get("config", policy)
        return _name_of_config(inner, depth) if isinstance(inner, Mapping) else policy_name(inner, depth + 1)
    if is_policy_kind(type(policy).__name__):
        try:
            return _name_of_config(policy.get_config(), depth)  # type: ignore[attr-defined]
        except Exception:
            return None
    name = getattr(policy, "name", None)
    return name if isinstance(name, str) and name else None


def _name_of_config(config: Mapping[str, object], depth: int) -> str | None:
    mode, source = config.get("mode"), config.get("source_name")
    if isinstance(mode, str):
        return f"{mode}_from_{source}" if isinstance(source, str) else mode
    default = policy_name(config["default_policy"], depth + 1) if "default_policy" in config else None
    if default is not None:
        return f"map_{default}"
    name = config.get("name")
    return name if isinstance(name, str) and name else None


def compute_dtype(policy: str | None) -> str | None:
    """Return the dtype that a layer of this policy computes in, or None when the name does not tell."""
    if policy is None:
        return None
    dtype = policy.removeprefix("map_").rpartition("_from_")[2].removeprefix("mixed_")
    return dtype if _DTYPE.fullmatch(dtype) else None
