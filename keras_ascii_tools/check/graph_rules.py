"""Rules for the graph of a SavedModel. Subjects: `bytes`, a part of `saved_model.pb`. Knows no protocol buffers.

A node says its operation as field 2, a text; these bytes are looked for, and nothing is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from keras_ascii_tools.check.findings import DANGER, Rule

__all__ = ["GRAPH_RULES", "LONGEST_MARK", "UNSAFE_OPERATIONS"]

UNSAFE_OPERATIONS: Final = (
    "ReadFile", "WriteFile", "MatchingFiles", "MergeV2Checkpoints", "Save", "SaveV2", "SaveSlices", "PyFunc",
    "PyFuncStateless", "EagerPyFunc", "FileSystemSetConfiguration", "DebugIdentity", "PrintV2", "WholeFileReaderV2",
    "TextLineReaderV2", "TFRecordDataset", "TextLineDataset", "FixedLengthRecordDatasetV2", "ImmutableConst",
    "SqlDataset", "GeneratorDataset", "Rpc", "TryRpc",
)  # fmt: skip
"""Operations of TensorFlow that touch files or the network, or run Python."""
_OF_EVERY_MODEL = frozenset({"Save", "SaveV2", "SaveSlices", "MergeV2Checkpoints", "PrintV2"})
"""Those that every SavedModel has, to be saved again."""
_MARKS: Final = {
    b"\x12" + bytes([len(name)]) + name.encode(): name for name in UNSAFE_OPERATIONS if name not in _OF_EVERY_MODEL
}
LONGEST_MARK: Final = max(map(len, _MARKS))


def _operations(content: bytes) -> Iterator[str]:
    for mark, name in _MARKS.items():
        if mark in content:
            yield f"TensorFlow's operation {name} in the graph"


GRAPH_RULES: Final = (
    Rule("graph-operation", DANGER, "it reads or writes files, or runs Python, when the model is called", _operations),
)
