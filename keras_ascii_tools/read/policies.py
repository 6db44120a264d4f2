"""Name dtype policies, serialized or live. Knows what they look like, not what their names mean."""

from __future__ import annotations

import re
from typing import Any

from keras_ascii_tools.read.guards import Config, is_mapping

__all__ = ["is_policy_kind", "policy_name"]

_KIND = re.compile(r"\w*DTypePolicy(Map)?|Policy(V1)?|AutoCastPolicy")
_DEEPEST = 4
_LONGEST = 200


def is_policy_kind(kind: str) -> bool:
    """Tell whether a class name is that of a dtype policy."""
    return _KIND.fullmatch(kind) is not None


def policy_name(policy: object, depth: int = 0) -> str | None:
    """Return the name of a policy as Keras spells it, `int8_from_float32`, or None when it has none.

    Args:
        policy: A name, a serialized policy, a policy's config, a live policy, or anything else.
        depth: How many policies are around it.
    """
    if policy is None or depth > _DEEPEST:
        return None
    if isinstance(policy, str):
        return _name(str.__str__(policy))
    if is_policy_kind(type(policy).__name__):
        return _name_of_live(policy, depth)
    if is_mapping(policy):
        inner = policy.get("config", policy)
        return _name_of_config(inner, depth) if is_mapping(inner) else policy_name(inner, depth + 1)
    return _name(getattr(policy, "name", None))  # a dtype


def _name_of_live(policy: Any, depth: int) -> str | None:
    if hasattr(policy, "_default_policy_arg"):  # a map, whose `get_config` would change the policies in it
        return _name_of_map(policy._default_policy_arg, depth)
    try:
        return _name_of_config(policy.get_config(), depth)
    except Exception:  # a live object may be of anybody's class
        return None


def _name_of_config(config: Config, depth: int) -> str | None:
    if "default_policy" in config:
        return _name_of_map(config["default_policy"], depth)
    mode, source, name = config.get("mode"), config.get("source_name"), config.get("name")
    if isinstance(mode, str):
        return _name(f"{mode}_from_{source}" if isinstance(source, str) else mode)
    return _name(name)


def _name_of_map(default_policy: object, depth: int) -> str | None:
    """Name a map of policies, which does not say its own name where it leaves the default to the session."""
    name = policy_name(default_policy, depth + 1)
    return None if name is None else f"map_{name}"


def _name(name: object) -> str | None:
    return name if isinstance(name, str) and 0 < len(name) <= _LONGEST else None
