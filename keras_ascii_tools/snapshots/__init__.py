"""Snapshot files on disk: where they are, what is in them, what waits to be accepted. Knows nothing of pytest.

The pytest plugin and the command work through these names; they are public, as `keras_ascii_tools` itself.
"""

from keras_ascii_tools.graph.levels import IGNORABLE, LEVELS, agree, check_comparison, project
from keras_ascii_tools.snapshots.files import (
    Snapshot,
    check,
    compose,
    fingerprint,
    load,
    owned_files,
    relative,
    remove,
    remove_leftovers,
    write,
)
from keras_ascii_tools.snapshots.paths import FOLDER, SnapshotId, check_name, folder_of, snapshot_path
from keras_ascii_tools.snapshots.pending import Pending, PendingStore, accept, find_store, reject

__all__ = [
    "FOLDER",
    "IGNORABLE",
    "LEVELS",
    "Pending",
    "PendingStore",
    "Snapshot",
    "SnapshotId",
    "accept",
    "agree",
    "check",
    "check_comparison",
    "check_name",
    "compose",
    "find_store",
    "fingerprint",
    "folder_of",
    "load",
    "owned_files",
    "project",
    "reject",
    "relative",
    "remove",
    "remove_leftovers",
    "snapshot_path",
    "write",
]
