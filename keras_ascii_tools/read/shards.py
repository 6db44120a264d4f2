"""Weights in several files, and the index of them that Keras writes -> one tree. Opens only files beside the index."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.guards import is_list, is_mapping
from keras_ascii_tools.read.hdf5 import open_hdf5
from keras_ascii_tools.read.keras_json import parse_object
from keras_ascii_tools.read.parts import Parts
from keras_ascii_tools.read.stored import Branch
from keras_ascii_tools.read.stored_hdf5 import tree_of_groups

__all__ = ["read_shards", "shard_names"]

_MAX_INDEX: Final = 16 << 20
_MOST_SHARDS: Final = 1_000


def shard_names(index: object) -> tuple[str, ...]:
    """Return the files that an index names, in their order.

    Raises:
        SourceError: It is no index, or one that names something else than files beside it.
    """
    places = index.get("weight_map") if is_mapping(index) else None
    if not is_mapping(places):
        raise SourceError("no index of weights: there is no weight_map in it")
    names: dict[str, None] = {}
    for raw in places.values():
        for name in raw if is_list(raw) else [raw]:
            if not isinstance(name, str) or not name or name.startswith(".") or "/" in name or "\\" in name:
                raise SourceError("the index of the weights names something else than files beside it; it is damaged")
            names[name] = None
    if len(names) > _MOST_SHARDS:
        raise SourceError(f"the index names {len(names):,} files; no more than {_MOST_SHARDS:,} are read")
    return tuple(sorted(names))


def read_shards(parts: Parts, index: str) -> Branch:
    """Return the tree of weights of all files that an index names.

    Raises:
        SourceError: One of them is missing or damaged.
    """
    names = shard_names(parse_object(parts.read_member(index, _MAX_INDEX), index))
    merged = Branch("")
    for name in names:
        merged = _merged(merged, tree_of_groups(open_hdf5(parts.window(name)).root))
    return merged


def _merged(one: Branch, other: Branch) -> Branch:
    inner = {branch.path: branch for branch in one.inner}
    for branch in other.inner:
        known = inner.get(branch.path)
        inner[branch.path] = branch if known is None else _merged(known, branch)
    arrays = {array.name: array for array in (*one.arrays, *other.arrays)}
    return replace(
        one,
        name=one.name or other.name,
        arrays=tuple(arrays.values()),
        is_object=one.is_object or other.is_object,
        inner=tuple(inner.values()),
    )
