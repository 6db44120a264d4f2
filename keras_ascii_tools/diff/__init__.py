"""Two graphs -> what changed between them, as frozen data. Knows nothing of where graphs came from or of any text."""

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
