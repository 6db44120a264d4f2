"""What earlier releases of Keras wrote, in Keras 3's words. Knows class names and settings, no graphs."""

from __future__ import annotations

from keras_ascii_tools.read.guards import Config, is_list, is_mapping

__all__ = ["modernized"]


def modernized(kind: str, config: object) -> tuple[str, Config]:
    """Return the class name and the config as Keras 3 would have written them."""
    if is_list(config):
        return kind, {"layers": config}
    return kind, config if is_mapping(config) else {}
