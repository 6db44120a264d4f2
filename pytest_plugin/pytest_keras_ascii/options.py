"""How one comparison is made: what a test said, over what the settings say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from keras_ascii_tools.snapshots import check_comparison, check_name

__all__ = ["Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to compare."""

    level: str
    ignore: tuple[str, ...]
    name: str | None = None
    input_shape: Any = None
    keep_names: bool = False

    def with_given(self, who: str, **given: Any) -> Options:
        """Return the options with those that are given; a name that is none is refused."""
        known = {"name", "level", "ignore", "input_shape", "names"}
        if wrong := sorted(given.keys() - known):
            raise TypeError(f"{who}: there is no option {wrong[0]!r}; have {', '.join(sorted(known))}")
        changes = {key: value for key, value in given.items() if value is not None}
        if "ignore" in changes:
            words: str | Iterable[str] = changes["ignore"]
            changes["ignore"] = (*self.ignore, *(words.replace(",", " ").split() if isinstance(words, str) else words))
        if "name" in changes:
            check_name(changes["name"])
        if "names" in changes:
            names = changes.pop("names")
            if names not in ("given", "keep"):
                raise TypeError(f"{who}: names: expected 'given' or 'keep', got {names!r}")
            changes["keep_names"] = names == "keep"
        options = replace(self, **changes)
        check_comparison(options.level, options.ignore)
        return options
