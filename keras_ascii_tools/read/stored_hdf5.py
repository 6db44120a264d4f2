"""The weights that Keras keeps in an HDF5 file -> the tree of them: shapes and types, never values. Knows no models.

Keras 3 and late Keras 2 have a group for each object and in it a group `vars`. Earlier files, and whole-model HDF5
files to this day, have a list of layers, and for each of them a list of its arrays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from keras_ascii_tools.graph import Weight
from keras_ascii_tools.read.hdf5 import Dataset, Group
from keras_ascii_tools.read.stored import Branch

__all__ = ["has_layer_list", "tree_of_groups", "tree_of_lists"]

_NOT_WEIGHTS: Final = frozenset({"optimizer", "metrics", "_metrics", "compile_metrics"})
"""Groups beside the layers."""
_LAYERS_OF_2_12: Final = "_layer_checkpoint_dependencies"
"""What Keras 2.12 calls `layers`."""
_NUMBER: Final = re.compile(r"_\d+$")
_SEED: Final = re.compile(r"seed_generator(_\d+)?")
_LONGEST: Final = 1 << 62


def has_layer_list(group: Group) -> bool:
    """Tell whether a group has the layers as earlier files do."""
    return "layer_names" in group.attributes or "layer_names0" in group.attributes


def tree_of_groups(root: Group) -> Branch:
    """Return the tree of a file of Keras 3."""
    inner = [_branch(group, name) for name, group in _groups(root) if name not in _NOT_WEIGHTS]
    return Branch("", None, _vars(root)[0], inner=tuple(branch for branch in inner if branch is not None))


def _branch(group: Group, path: str) -> Branch | None:
    arrays, name = _vars(group)
    if _is_seed(group, arrays, name):
        return None
    found = [_branch(member, f"{path}/{inside}") for inside, member in _groups(group)]
    inner = tuple(branch for branch in found if branch is not None)
    if _stands_twice(path, arrays, inner):
        arrays = arrays[1:]
    return Branch(path, name, arrays, inner=inner, is_object="vars" in group.names())


def _groups(group: Group) -> Iterator[tuple[str, Group]]:
    members = [(name, member) for name, member in group.children() if name != "vars" and isinstance(member, Group)]
    if group.name == _LAYERS_OF_2_12:
        yield from _counted_anew(members)
    for name, member in members if group.name != _LAYERS_OF_2_12 else ():
        yield "layers" if name == _LAYERS_OF_2_12 else name, member


def _counted_anew(members: list[tuple[str, Group]]) -> Iterator[tuple[str, Group]]:
    """Keras 2.12 counts layers with weights twice: `dense`, `dense_2`, `dense_4`."""
    counts: dict[str, int] = {}
    for name, member in sorted(members, key=lambda item: (len(item[0]), item[0])):
        stem = _NUMBER.sub("", name)
        stem = stem if stem in counts else name
        number = counts.get(stem, 0)
        counts[stem] = number + 1
        yield f"{stem}_{number}" if number else stem, member


def _vars(group: Group) -> tuple[tuple[Weight, ...], str | None]:
    """The arrays of a group, in the order of their numbers, and the name of the layer (since Keras 3.6)."""
    own = group.group("vars")
    if own is None:
        return (), None
    found = [(name, array) for name, member in own.children() if (array := _array(name, member)) is not None]
    found.sort(key=lambda item: (len(item[0]), item[0]))
    return tuple(array for _, array in found), own.attributes.text("name") or None


def _array(name: str, member: object) -> Weight | None:
    if not isinstance(member, Dataset) or member.shape is None or any(axis > _LONGEST for axis in member.shape):
        return None
    return Weight(name, member.shape, member.dtype, trainable=True)


def _is_seed(group: Group, arrays: tuple[Weight, ...], name: str | None) -> bool:
    """The state of a random generator is two numbers, and no weight."""
    if _SEED.fullmatch(group.name) or (name is not None and _SEED.fullmatch(name)):
        return True
    return len(arrays) == 1 and (arrays[0].dtype, arrays[0].shape) == ("uint32", (2,))


def _stands_twice(path: str, arrays: tuple[Weight, ...], inner: tuple[Branch, ...]) -> bool:
    """A spectral normalization saves the kernel of its layer once more."""
    wrapped = next((branch for branch in inner if branch.path == f"{path}/layer"), None)
    if not arrays or wrapped is None or not wrapped.arrays:
        return False
    return "spectral_normalization" in path.rpartition("/")[2] and arrays[0].shape == wrapped.arrays[0].shape


def tree_of_lists(root: Group) -> Branch:
    """Return the tree of an earlier file, or of the group `model_weights` of a whole model.

    A layer's arrays have names such as `dense/kernel:0`; of one in a nested model, `encoder/dense/kernel`.
    """
    inner: list[Branch] = []
    for name in root.attributes.texts("layer_names") or ():
        group = root.group(name) if name else None
        if group is not None:
            inner.append(_listed(group, name))
    top = root.group("top_level_model_weights")
    return Branch("", None, _arrays(top) if top is not None else (), inner=tuple(inner))


def _listed(group: Group, name: str) -> Branch:
    by_layer: dict[str, list[Weight]] = {}
    for array in _arrays(group):
        parts = array.name.split("/")
        by_layer.setdefault(parts[-2] if len(parts) > 1 else name, []).append(array)
    own = tuple(by_layer.pop(name, ()))
    inner = tuple(Branch(f"{name}/{layer}", layer, tuple(arrays)) for layer, arrays in by_layer.items())
    return Branch(name, name, own, inner=inner)


def _arrays(group: Group) -> tuple[Weight, ...]:
    found: list[Weight] = []
    for name in group.attributes.texts("weight_names") or ():
        array = _array(name, group.get(name))
        if array is not None:
            found.append(array)
    return tuple(found)
