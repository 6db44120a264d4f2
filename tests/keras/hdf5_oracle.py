"""What h5py says of a file, and what our reader says, in the same words."""

from __future__ import annotations

from typing import Any

from keras_ascii_tools.read.hdf5 import Attributes, Dataset, Finding, Group, open_hdf5
from keras_ascii_tools.read.window import Window

Facts = dict[str, Any]
"""Path -> what is there."""

UNREAD = "unread"
"""An attribute of a type that has no value in Python: ours says `None` and reports it."""


def our_facts(window: Window) -> Facts:
    file = open_hdf5(window)
    facts: Facts = {"": ("group", _our_attributes(file.root.attributes))}
    for node in file.walk():
        if isinstance(node, Group):
            facts[node.path] = ("group", _our_attributes(node.attributes))
        elif isinstance(node, Dataset):
            attributes = _our_attributes(node.attributes)
            facts[node.path] = ("dataset", node.shape, node.datatype.name, node.layout, attributes)
        else:
            facts[node.path] = _our_link(node)
    unread = {found.path for found in file.findings if found.kind == "unread attribute"}
    for path, fact in facts.items():
        for name in fact[-1] if isinstance(fact[-1], dict) else ():
            if f"{path}@{name}" in unread:
                fact[-1][name] = UNREAD
    return facts


def _our_link(link: Finding) -> Any:
    if link.kind == "cycle":
        return ("hard link", link.target)
    return (link.kind, link.target, link.file)


def _our_attributes(attributes: Attributes) -> dict[str, Any]:
    return {name: repr(attributes[name]) for name in sorted(attributes)}


def h5py_facts(file: Any) -> Facts:
    """Say the same of a file or a path, by h5py; hard links are compared by the object that they lead to."""
    import h5py

    with h5py.File(file, "r") as opened:
        facts: Facts = {"": ("group", _attributes(opened))}
        _members(opened, "", facts, [opened.id])
        return facts


def _members(group: Any, path: str, facts: Facts, around: list[Any]) -> None:
    import h5py

    for name in group:
        at = f"{path}/{name}" if path else name
        link = group.get(name, getlink=True)
        if isinstance(link, h5py.SoftLink):
            facts[at] = ("soft link", link.path, "")
        elif isinstance(link, h5py.ExternalLink):
            facts[at] = ("external link", link.path, link.filename)
        else:
            _member(group[name], at, facts, around)


def _member(found: Any, at: str, facts: Facts, around: list[Any]) -> None:
    import h5py

    if isinstance(found, h5py.Datatype):
        facts[at] = ("named type", "", "")
    elif isinstance(found, h5py.Dataset):
        facts[at] = ("dataset", found.shape, _type_name(found.dtype), _layout(found), _attributes(found))
    elif found.id in around:
        up = len(around) - 1 - around.index(found.id)
        parts = at.split("/")[:-1]
        facts[at] = ("hard link", "/".join(parts[: len(parts) - up]))
    else:
        facts[at] = ("group", _attributes(found))
        _members(found, at, facts, [*around, found.id])


def _layout(dataset: Any) -> str:
    import h5py

    plist = dataset.id.get_create_plist()
    if plist.get_external_count():
        return "external"
    names = {h5py.h5d.COMPACT: "compact", h5py.h5d.CONTIGUOUS: "contiguous", h5py.h5d.CHUNKED: "chunked"}
    return names.get(plist.get_layout(), "virtual")


def _type_name(dtype: Any) -> str:
    import h5py

    if h5py.check_string_dtype(dtype):
        return "string"
    if h5py.check_vlen_dtype(dtype):
        return "vlen"
    if h5py.check_ref_dtype(dtype):
        return "reference"
    if dtype.subdtype is not None:
        return "array"
    if dtype.kind == "c" or dtype.fields:
        return "compound"
    if dtype.kind == "V":
        return "opaque"
    name = str(dtype.name)
    return "unknown" if name == "float128" else name


def _attributes(found: Any) -> dict[str, Any]:
    return {name: _attribute(found, name) for name in sorted(found.attrs)}


def _attribute(found: Any, name: str) -> str:
    import h5py
    import numpy as np

    try:
        about = found.attrs.get_id(name)
        value = found.attrs[name]
    except (TypeError, OSError):
        return UNREAD
    if isinstance(value, h5py.Empty):
        return "None"
    kind = _type_name(about.dtype)
    if kind == "string":
        texts = [_text(item) for item in np.ravel(np.asarray(value, dtype=object))]
        return repr(tuple(texts) if about.shape else texts[0])
    if kind in ("vlen", "reference", "array", "compound", "opaque", "unknown", "bfloat16") or "float8" in kind:
        return UNREAD if np.size(value) or kind == "array" else "()"
    return repr(tuple(np.ravel(value).tolist()) if about.shape else np.asarray(value).item())


def _text(item: Any) -> str:
    return item.decode("utf-8", "surrogateescape") if isinstance(item, bytes) else str(item)
