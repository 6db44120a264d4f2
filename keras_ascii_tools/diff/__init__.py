"""Two graphs -> what changed between them, as frozen data. Knows nothing of where graphs came from or of any text.

Its modules are loaded when a name is first asked for. The package has a function of the same name, which would be
hidden if this module were loaded any later than the package itself.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras_ascii_tools.diff.checks import GRAPH_CHECKS, Check, Severity
    from keras_ascii_tools.diff.diffing import diff
    from keras_ascii_tools.diff.loading import WeightsVerdict
    from keras_ascii_tools.diff.types import (
        DEFAULT,
        Ambiguity,
        Change,
        Counts,
        Derived,
        Detail,
        Finding,
        GraphDiff,
        Group,
        ModelDiff,
        Side,
    )

__all__ = [
    "DEFAULT",
    "GRAPH_CHECKS",
    "Ambiguity",
    "Change",
    "Check",
    "Counts",
    "Derived",
    "Detail",
    "Finding",
    "GraphDiff",
    "Group",
    "ModelDiff",
    "Severity",
    "Side",
    "WeightsVerdict",
    "diff",
]

_HOMES = {
    "checks": "GRAPH_CHECKS Check Severity",
    "diffing": "diff",
    "loading": "WeightsVerdict",
    "types": "DEFAULT Ambiguity Change Counts Derived Detail Finding GraphDiff Group ModelDiff Side",
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names.split():
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
