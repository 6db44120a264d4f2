"""The HDF5 reader: what it tells of a tree, and that no bytes can hurt it. `tests/keras` compares it with h5py."""

from __future__ import annotations

import io
import random
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.hdf5 import Attributes, Dataset, Finding, Group, Hdf5File, open_hdf5
from keras_ascii_tools.read.window import window_of_bytes
from tests.core.read.hdf5_bytes import (
    FLOAT32,
    INT8,
    LINK_INFO,
    UNDEFINED,
    VARIABLE_TEXT,
    File,
    attribute,
    hard,
    header,
    other,
    padded,
    space,
    symbol_table,
    text_type,
)
from tests.models.hdf5_files import FILLS

Tree = dict[str, Any]
"""Name -> a tree, or the shape of a dataset."""


def opened(data: bytes, **limits: int) -> Hdf5File:
    return open_hdf5(window_of_bytes(data), **limits)


def read_all(data: bytes) -> Hdf5File:
    """Read everything that there is to read."""
    file = opened(data)
    for value in file.root.attributes.values():
        assert value is None or isinstance(value, str | int | float | bool | tuple)
    for node in file.walk():
        if not isinstance(node, Finding):
            dict(node.attributes)
    return file


def written(fill: Callable[[Any], None], **settings: Any) -> bytes:
    h5py = pytest.importorskip("h5py")
    file = io.BytesIO()
    with h5py.File(file, "w", **settings) as made:
        fill(made)
    return file.getvalue()


@contextmanager
def soon() -> Iterator[None]:
    """Fail if it took long, though it takes 1.5 seconds at most: a safety net and no measurement."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 20


# What is there


def _build(file: File, tree: Tree, table: bool) -> int:
    members = {
        name.encode(): _build(file, found, not table) if isinstance(found, dict) else file.dataset(*found)
        for name, found in sorted(tree.items())
    }
    about = attribute(b"members", str(len(members)).encode())
    return file.table_group(members, about) if table else file.group(members, about)


def _tree(group: Group) -> Tree:
    assert group.attributes.text("members") == str(len(group.names()))
    return {
        name: _tree(node) if isinstance(node, Group) else node.shape if isinstance(node, Dataset) else node
        for name, node in group.children()
    }


_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1, max_size=9)
_SHAPES = st.lists(st.integers(0, 2**63 - 1), max_size=4).map(tuple)
_TREES = st.recursive(
    st.dictionaries(_NAMES, _SHAPES, max_size=20),
    lambda inner: st.dictionaries(_NAMES, st.one_of(inner, _SHAPES), max_size=4),
    max_leaves=8,
)


@given(_TREES, st.booleans(), st.sampled_from([0, 1, 2, 3]))
def test_a_tree_is_read_as_it_was_written(tree: Tree, table: bool, version: int) -> None:
    file = File(reserve=104)
    data = file.end(_build(file, tree, table), version)
    found = opened(data)
    assert _tree(found.root) == tree
    assert found.findings == ()
    nodes = {node.path: node for node in found.walk()}
    for path, node in nodes.items():
        again = found.root.get(path)
        assert type(again) is type(node)
        assert node.name == path.split("/")[-1]


def test_the_files_that_tests_craft_are_those_of_h5py(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    for table in (False, True):
        file = File()
        inner = file.table_group({b"x": file.dataset(2, 3)}, attribute(b"name", b"inner"))
        members = {b"a": inner, b"b": file.dataset(datatype=INT8)}
        root = (
            file.table_group(members) if table else file.header(LINK_INFO, *(hard(*item) for item in members.items()))
        )
        (tmp_path / "file.h5").write_bytes(file.end(root))
        with h5py.File(tmp_path / "file.h5") as read:
            assert (read["a/x"].shape, read["a/x"].dtype, read["b"].shape) == ((2, 3), "float32", ())
            assert (read["a"].attrs["name"], read["b"].dtype) == (b"inner", "int8")


def test_what_is_at_a_path() -> None:
    file = File()
    file_end = file.end(file.group({b"a": file.group({b"b": file.dataset(3)}), b"s": file.group()}))
    root = opened(file_end).root
    assert root.names() == ("a", "s")
    assert (root.path, root.name, root.depth) == ("", "", 0)
    found = root.get("a/b")
    assert isinstance(found, Dataset)
    assert (found.path, found.name, found.shape, found.dtype, found.layout) == (
        "a/b",
        "b",
        (3,),
        "float32",
        "contiguous",
    )
    group = root.group("a")
    assert group is not None
    assert (group.path, group.depth, group.names()) == ("a", 1, ("b",))
    assert root.group("a/b") is None
    for path in ("no", "a/no", "a/b/c", "", "/", "a/", "/a"):
        assert root.get(path) is None


def test_attributes_are_a_mapping() -> None:
    file = File()
    heap = file.strings(b"one", b"zwei \xc3\xbc", b"\xff")
    texts = b"".join(struct.pack("<IQI", size, heap, number) for number, size in ((1, 3), (2, 7), (3, 1), (2, 4)))
    numbers = [(b"none", b"", FLOAT32, space(0)), (b"one", b"\7", INT8, space()), (b"two", b"\7\xff", INT8, space(2))]
    found = opened(
        file.end(
            file.group(
                None,
                attribute(b"texts", texts, VARIABLE_TEXT, space(4)),
                attribute(b"text", texts, VARIABLE_TEXT),
                attribute(b"fixed", b"a  b\0c"),
                *(attribute(*number) for number in numbers),
                attribute(b"null", b"", FLOAT32, b"\2\0\0\2"),
                attribute(b"empty", struct.pack("<IQI", 0, 0, 0), VARIABLE_TEXT),
                *(attribute(b"split%d" % number, b"abcdef", text_type(3), space(2)) for number in range(3)),
                attribute(b"mixed0", b"abc", text_type(3), space(1)),
                attribute(b"mixed1", b"\1", INT8, space(1)),
            )
        )
    ).root.attributes
    assert isinstance(found, Attributes)
    assert (len(found), "text" in found, "no" in found, found.get("no")) == (13, True, False, None)
    assert list(found)[:3] == ["texts", "text", "fixed"]
    assert found["texts"] == ("one", "zwei ü", "\udcff", "zwei")
    assert (found["text"], found["fixed"], found["empty"]) == ("one", "a  b", "")
    assert (found["none"], found["one"], found["two"], found["null"]) == ((), 7, (7, -1), None)
    assert [found.text(name) for name in ("text", "texts", "one", "no")] == ["one", None, None, None]
    assert found.texts("split") == ("abc", "def") * 3
    names = ("texts", "none", "two", "text", "no", "mixed")
    assert [found.texts(name) for name in names] == [("one", "zwei ü", "\udcff", "zwei"), (), None, None, None, None]
    with pytest.raises(KeyError):
        found["no"]


def test_keras_says_in_an_attribute_that_bytes_are_bfloat16() -> None:
    file = File()
    opaque = bytes([0x15, 0, 0, 0]) + struct.pack("<I", 2)
    found = opened(
        file.end(file.group({b"0": file.dataset(2, datatype=opaque, more=[attribute(b"dtype", b"bfloat16")])}))
    )
    weight = found.root.get("0")
    assert isinstance(weight, Dataset)
    assert (weight.dtype, weight.datatype.name, weight.datatype.size) == ("bfloat16", "opaque", 2)


def test_a_file_may_start_after_a_block_of_the_users_own() -> None:
    file = File()
    data = file.end(file.group({b"a": file.dataset(3)}))
    for before in (512, 1024, 1 << 16):
        assert opened(bytes(before) + data).root.names() == ("a",)
    for before in (1, 511, 513, 768):
        with pytest.raises(SourceError, match=r"^not an HDF5 file$"):
            opened(bytes(before) + data)


def test_little_is_read_of_a_large_file() -> None:
    file = File()
    members: dict[bytes, int] = {}
    for number in range(20):
        members[b"%d" % number] = file.dataset(1 << 18)
        file.add(bytes(1 << 20))
    window = window_of_bytes(file.end(file.table_group(members)))
    assert len(list(open_hdf5(window).walk())) == 20
    assert window.fetched < 30 * 4096 < window.size // 100


def test_many_and_large_attributes_have_a_heap_of_their_own() -> None:
    found = opened(written(FILLS["large_attributes"], libver="latest")).root
    assert found.attributes["large"] == tuple(range(20_000))
    assert found.attributes["text"] == "x" * 300_000
    more = found.group("more")
    assert more is not None
    assert [more.attributes[f"n{number}"] for number in range(200)] == [tuple(range(1000 + n)) for n in range(200)]


def _in_heap(*objects: bytes, id_size: int = 8, content: bytes = b"", **lies: int) -> bytes:
    """A group whose attributes have these identifiers in a heap."""
    file = File()
    records = [identifier.ljust(id_size, b"\0") + bytes(9) for identifier in objects]
    heap = file.fractal_heap(file.direct_block(content), id_size, **lies)
    tree = file.tree2(8, records)
    return file.end(file.header2(LINK_INFO, (0x15, struct.pack("<BBQQ", 0, 0, heap, tree))))


TINY = attribute(b"a", b"x", b"\x13\0\0\0\1\0\0\0", b"\2\0\0\0")[1]


def test_objects_of_a_heap_are_in_it_or_elsewhere_or_in_their_identifiers() -> None:
    managed = struct.pack("<BIH", 0, 17, len(TINY))
    assert dict(opened(_in_heap(managed, content=TINY)).root.attributes) == {"a": "x"}

    file = File()
    huge = struct.pack("<BQQ", 0x10, file.add(TINY), len(TINY))
    heap, tree = file.fractal_heap(UNDEFINED, 17), file.tree2(8, [huge + bytes(9)])
    root = file.header2(LINK_INFO, (0x15, struct.pack("<BBQQ", 0, 0, heap, tree)))
    assert dict(opened(file.end(root)).root.attributes) == {"a": "x"}

    file = File()
    link = struct.pack("<BBB1sQ", 1, 0, 1, b"m", file.dataset(3))
    heap = file.fractal_heap(UNDEFINED, 17)
    tree = file.tree2(5, [bytes(4) + bytes([0x20 + len(link) - 1]) + link + bytes(4)])
    assert opened(file.end(file.header2((0x2, struct.pack("<BBQQ", 0, 0, heap, tree))))).root.names() == ("m",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_in_heap(b"\x30"), "of no known kind"),
        (_in_heap(b"\x20", id_size=18), "of no known kind"),
        (_in_heap(b"\0", filters=8), "compressed names or attributes, which are not read"),
        (_in_heap(b"\0", columns=3), "heap is of impossible size"),
        (_in_heap(b"\0", direct=0), "heap is of impossible size"),
        (_in_heap(b"\0", bits=65), "heap is of impossible size"),
        (_in_heap(struct.pack("<BIH", 0, 1 << 20, 9)), "outside of its heap"),
        (_in_heap(struct.pack("<BIH", 0, 1 << 20, 9), rows=3), "outside of its heap"),
        (_in_heap(struct.pack("<BIH", 0, 17, 9), rows=3), "no block where one should be"),
        (_in_heap(struct.pack("<BQQ", 0x10, 96, 17 << 20), id_size=17), "attribute of more than 16 MiB"),
        (_in_heap(b"\x10"), "lie outside|no index"),
    ],
)
def test_heaps_that_are_damaged(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_all(data)


def test_large_objects_of_a_heap_are_found_in_a_tree() -> None:
    for kind, key, message in ((1, 7, ""), (1, 8, "a large object is missing"), (5, 7, "of another kind")):
        file = File()
        huge = file.tree2(kind, [struct.pack("<QQQ", file.add(TINY), len(TINY), 7)])
        heap = file.fractal_heap(UNDEFINED, huge=huge)
        tree = file.tree2(8, [struct.pack("<BQ", 0x10, key)[:8] + bytes(9)])
        found = opened(file.end(file.header2(LINK_INFO, (0x15, struct.pack("<BBQQ", 0, 0, heap, tree))))).root
        if message:
            with pytest.raises(SourceError, match=message):
                dict(found.attributes)
        else:
            assert dict(found.attributes) == {"a": "x"}


@pytest.mark.parametrize(
    ("lies", "message"),
    [
        ({"kind": 6}, "of another kind"),
        ({"size": 7}, "of another kind"),
        ({"size": 0}, "no index where one should be"),
        ({"level": 33}, "no index where one should be"),
        ({"level": 1}, "no node where one should be"),
        ({"node": 20}, "nodes of an index are too small"),
        ({"node": 28, "level": 1}, "nodes of an index are too small"),
        ({"root": 96}, "no node where one should be"),
    ],
)
def test_indices_that_are_damaged(lies: dict[str, int], message: str) -> None:
    file = File()
    heap = file.fractal_heap(file.direct_block(TINY))
    tree = file.tree2(lies.pop("kind", 8), [bytes(17)] * 3, **lies)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=message):
        read_all(file.end(file.header2(LINK_INFO, (0x15, struct.pack("<BBQQ", 0, 0, heap, tree)))))


# What is not followed


def test_links_are_reported_and_not_followed() -> None:
    file = File()
    root = file.group(
        None,
        other(b"soft", 1, b"/a/b"),
        other(b"external", 64, b"\0/etc/fifo\0/secret\0"),
        other(b"own", 70, b"anything"),
        (*attribute(b"shared", b"x")[:2], 2),
    )
    found = opened(file.end(root))
    expected = [
        Finding("external link", "external", "/secret", "/etc/fifo"),
        Finding("user-defined link", "own"),
        Finding("soft link", "soft", "/a/b"),
    ]
    assert list(found.walk()) == expected
    assert found.root.get("soft/x") is None
    assert dict(found.root.attributes) == {}
    assert list(found.findings) == [*expected, Finding("unread attribute", "")]


def test_what_is_shared_by_the_whole_file_is_reported() -> None:
    """Equal messages may be kept once, in a heap of the file: h5py reads them, Keras writes none."""
    datatype = text_type(1)
    sizes = struct.pack("<HHH", 2, len(datatype), 10)
    of_shape = 0xC, b"\2\2" + sizes + b"a\0" + datatype + b"\3\1" + bytes(8) + b"x"
    of_type = 0xC, b"\2\1" + struct.pack("<HHH", 2, 10, 4) + b"b\0\3\1" + bytes(8) + b"\2\0\0\0" + b"x"
    file = File()
    found = opened(file.end(file.header2(LINK_INFO, of_shape, of_type)))
    assert dict(found.root.attributes) == {"a": None, "b": None}
    assert [(finding.kind, finding.path) for finding in found.findings] == [
        *[("unread attribute", "@a"), ("unread type", "@b"), ("unread attribute", "@b")]
    ]


def test_soft_links_of_the_old_kind_are_reported() -> None:
    file = File()
    heap = file.heap(b"\0soft\0/a/b\0")
    table = file.add(b"SNOD\1\0\1\0" + struct.pack("<QQI4xI12x", 1, UNDEFINED, 2, 6))
    found = opened(file.end(file.header(symbol_table(file.tree([table]), heap))))
    assert list(found.walk()) == [Finding("soft link", "soft", "/a/b")]


def test_circles_are_reported_and_not_followed() -> None:
    file = File()
    inner = file.add(bytes(200))
    middle = file.group({b"inner": inner, b"middle": len(file.data) + -len(file.data) % 8})
    root = file.group({b"a": middle, b"z": middle})
    file.put(inner, bytes(file.data[file.group({b"up": middle, b"root": root, b"self": inner}) :]))
    found = opened(file.end(root))
    assert [node.path for node in found.walk()] == [
        *("a", "a/inner", "a/inner/root", "a/inner/self", "a/inner/up", "a/middle", "z")
    ]
    assert found.findings == (
        Finding("cycle", "a/inner/root", ""),
        Finding("cycle", "a/inner/self", "a/inner"),
        Finding("cycle", "a/inner/up", "a"),
        Finding("cycle", "a/middle", "a"),
    )


def test_groups_with_many_paths_are_entered_once() -> None:
    file = File()
    group = file.group()
    for _ in range(60):
        group = file.group({b"a": group, b"b": group})
    root = opened(file.end(group)).root
    assert len(list(opened(file.end(group)).walk())) == 120

    def count(group: Group) -> int:
        return sum(1 + (count(node) if isinstance(node, Group) else 0) for _, node in group.children())

    with soon(), pytest.raises(SourceError, match="allowed"):
        count(root)  # 2^60 of them


def test_what_is_elsewhere_or_unknown_is_reported() -> None:
    file = File()
    space_and_type = (0x1, space(2)), (0x3, FLOAT32)
    named = file.header((0x3, FLOAT32))
    members = {
        b"external": file.header(*space_and_type, (0x8, b"\3\1" + bytes(16)), (0x7, bytes(16))),
        b"virtual": file.header(*space_and_type, (0x8, b"\4\3" + bytes(16))),
        b"old": file.header(*space_and_type, (0x8, b"\1\2\2\0" + bytes(16))),
        b"odd": file.header(*space_and_type, (0x8, b"\3\x09" + bytes(16))),
        b"named": named,
        b"of_named": file.header((0x1, space(2)), (0x3, b"\3\2" + struct.pack("<Q", named), 2)),
        b"of_named_1": file.header((0x1, space(2)), (0x3, bytes([1, 0, *bytes(6)]) + struct.pack("<Q", named), 2)),
        b"of_heap": file.header((0x1, space(2)), (0x3, b"\3\1" + bytes(8), 2)),
        b"unknown": file.header((0x1, space(2))),
        b"nothing": file.header(),
        b"future": file.header(LINK_INFO, (0x77, b"")),
        b"compound": file.header((0x1, space()), (0x3, bytes([0x16, 1, 0, 0, 8, 0, 0, 0]))),
    }
    found = opened(file.end(file.table_group(members)))
    nodes = {node.path: node for node in found.walk()}
    shown = {path: (node.layout, node.dtype) for path, node in nodes.items() if isinstance(node, Dataset)}
    assert shown == {
        "compound": ("unknown", "compound"),
        "external": ("external", "float32"),
        "odd": ("unknown", "float32"),
        "of_heap": ("unknown", "unknown"),
        "of_named": ("unknown", "float32"),
        "of_named_1": ("unknown", "float32"),
        "old": ("chunked", "float32"),
        "virtual": ("virtual", "float32"),
    }
    assert [(finding.kind, finding.path) for finding in found.findings] == [
        ("external data", "external"),
        ("unknown message", "future"),
        ("named type", "named"),
        ("unknown object", "nothing"),
        ("unread type", "of_heap"),
        ("unknown object", "unknown"),
        ("virtual data", "virtual"),
    ]


# What is damaged, and what would take for ever


def _with_root(build: Callable[[File], int], **fields: int) -> bytes:
    file = File()
    file.add(bytes(200))
    return file.end(build(file), **fields)


def _symbols(file: File, names: bytes, *offsets: int) -> int:
    child = file.group()
    return file.header(symbol_table(file.tree([file.table([(at, child) for at in offsets])]), file.heap(names)))


def _dataset(*messages: Any) -> Callable[[File], int]:
    return lambda file: file.group({b"x": file.header(*messages)})


def _with_attribute(*about: Any) -> Callable[[File], int]:
    return lambda file: file.group(None, attribute(*about))


GROUP = header(LINK_INFO)
F = struct.pack
DAMAGED: dict[str, tuple[Callable[[File], int], str]] = {
    "no object": (lambda file: file.add(bytes(64)), "no object where one should be"),
    "root outside": (lambda file: 1 << 40, "lie outside"),
    "root is a dataset": (lambda file: file.dataset(1), "its root is no group"),
    "header too long": (lambda file: file.header(LINK_INFO, size=1 << 20), "lie outside"),
    "message too long": (
        lambda file: file.add(header(LINK_INFO)[:18] + b"\xff\xff" + header(LINK_INFO)[20:]),
        "longer than the header",
    ),
    "continues at itself": (
        lambda file: file.header((0x10, F("<QQ", len(file.data) + 16, 24)), LINK_INFO),
        "round in a circle",
    ),
    "continues outside": (lambda file: file.header((0x10, F("<QQ", 1 << 40, 24))), "lie outside"),
    "continues nowhere": (lambda file: file.header((0x10, b"")), "does not say where it goes on"),
    "continues wrongly": (
        lambda file: file.header2((0x10, F("<QQ", file.add(bytes(24)), 24))),
        "does not go on where it should",
    ),
    "two links of one name": (
        lambda file: file.header2(LINK_INFO, hard(b"a", 1), hard(b"a", 1)),
        "two links of one name",
    ),
    "a link without a name": (lambda file: file.header2(LINK_INFO, hard(b"", 1)), "without"),
    "a long name": (lambda file: file.header2(LINK_INFO, hard(b"a" * 4097, 1)), "very long name"),
    "a link of version 2": (lambda file: file.header2((6, b"\2\0\1a")), "link is of no known version"),
    "a short link": (lambda file: file.header2((6, b"\1\0\x09a")), "shorter than it says"),
    "a link to nothing": (lambda file: file.header2((6, b"\1\0\1a")), "leads nowhere"),
    "a link info without places": (lambda file: file.header2((2, b"\0\0")), "where its members are"),
    "no table": (lambda file: file.header((0x11, b"")), "where its members are"),
    "no heap": (lambda file: file.header(symbol_table(file.tree([]), file.add(bytes(64)))), "names of a group"),
    "no tree": (
        lambda file: file.header(symbol_table(file.add(bytes(64)), file.heap(b""))),
        "tree of a group's members",
    ),
    "a tree of itself": (
        lambda file: file.header(symbol_table(file.tree([len(file.data)], level=1), file.heap(b""))),
        "tree of a group's members",
    ),
    "a high tree": (
        lambda file: file.header(symbol_table(file.tree([0], level=99), file.heap(b""))),
        "tree of a group's",
    ),
    "no symbols": (
        lambda file: file.header(symbol_table(file.tree([file.add(bytes(16))]), file.heap(b""))),
        "table of a group's members",
    ),
    "a name without end": (lambda file: _symbols(file, b"\0abc", 1), "no end"),
    "a name outside": (lambda file: _symbols(file, b"\0abc\0", 900), "no end"),
    "a name of 4 KiB": (lambda file: _symbols(file, b"\0" + b"a" * 5000 + b"\0", 1), "very long"),
    "the same name twice": (lambda file: _symbols(file, b"\0abc\0", 1, 1), "two links of one name"),
    "33 dimensions": (_dataset((1, space(*[1] * 33)), (3, FLOAT32)), "a shape has 33 dimensions"),
    "too few dimensions": (_dataset((1, b"\1\2\0\0" + bytes(4)), (3, FLOAT32)), "a shape has 2 dimensions"),
    "a huge dimension": (_dataset((1, space(1 << 63)), (3, FLOAT32)), "larger than 2"),
    "a dataspace of version 3": (_dataset((1, b"\3\0\0\0"), (3, FLOAT32)), "dataspace is of no known version"),
    "a short dataspace": (lambda file: file.group({b"x": file.header2((1, b"\1"), (3, FLOAT32))}), "is too short"),
    "a shared shape": (_dataset((1, space(), 2), (3, FLOAT32)), "a table for the whole file, which is not read"),
    "a short datatype": (lambda file: file.group({b"x": file.header2((1, space()), (3, b"\x11"))}), "is too short"),
    "a short float": (lambda file: file.group({b"x": file.header2((1, space()), (3, FLOAT32[:12]))}), "is too short"),
    "a datatype of version 0": (_dataset((1, space()), (3, bytes(8))), "datatype is of no known version"),
    "a datatype of no size": (_dataset((1, space()), (3, b"\x11" + bytes(19))), "have no size"),
    "an enumeration of floats": (_dataset((1, space()), (3, b"\x18\1\0\0\4\0\0\0" + FLOAT32)), "has no integers"),
    "a named type of itself": (
        _dataset((1, space()), (3, b"\3\2" + F("<Q", 104), 2)),
        "named type is not where it should be|no object",
    ),
    "an attribute of version 9": (
        lambda file: file.group(None, (0xC, b"\x09" + bytes(20))),
        "attribute is of no known",
    ),
    "an attribute without a name": (lambda file: file.group(None, (0xC, b"\1" + bytes(20))), "has no name"),
    "an attribute of a long name": (_with_attribute(b"a" * 5000, b"x"), "very long"),
    "two attributes of one name": (
        lambda file: file.group(None, attribute(b"a", b"x"), attribute(b"a", b"x")),
        "two attributes of an object",
    ),
    "a short attribute": (_with_attribute(b"a", b"x", INT8, space(2)), "shorter than its shape says"),
    "a shorter attribute": (
        lambda file: file.group(None, (0xC, attribute(b"a", b"x")[1][:24])),
        "shorter than it says",
    ),
    "a huge attribute": (_with_attribute(b"a", b"x", INT8, space(1 << 40, 1 << 40)), "shorter than its shape says"),
    "a pointer of another size": (
        _with_attribute(b"a", b"x" * 12, b"\x19\1\0\0\x0c\0\0\0" + text_type(1)),
        "not kept as such",
    ),
    "a string nowhere": (_with_attribute(b"a", F("<IQI", 3, 0, 1), VARIABLE_TEXT), "strings are not where"),
    "a string outside": (_with_attribute(b"a", F("<IQI", 3, 1 << 40, 1), VARIABLE_TEXT), "lie outside"),
    "a string that is missing": (
        lambda file: file.group(None, attribute(b"a", F("<IQI", 3, file.strings(b"a"), 2), VARIABLE_TEXT)),
        "a string is not where",
    ),
    "an attribute heap nowhere": (lambda file: file.group(None, (0x15, F("<BBQQ", 0, 0, 96, 96))), "no heap"),
    "an attribute info without places": (lambda file: file.group(None, (0x15, b"\0\0")), "where its attributes are"),
    "a link heap outside": (lambda file: file.header2((2, F("<BBQQ", 0, 0, 1 << 40, 96))), "lie outside"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_told_in_one_line(name: str) -> None:
    build, message = DAMAGED[name]
    data = _with_root(build)
    with soon(), pytest.raises(SourceError, match=message) as caught:
        read_all(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"end": 1 << 20}, r"^the HDF5 file was cut off: [\d,]+ of its 1,048,576 bytes are there$"),
        ({"driver": 96}, "one part of several"),
        ({"version": 4}, "superblock is of no known version"),
    ],
)
def test_superblocks_that_are_refused(fields: dict[str, int], message: str) -> None:
    file = File()
    with pytest.raises(SourceError, match=message):
        opened(file.end(file.group(), **fields))


def test_widths_that_cannot_be_are_refused() -> None:
    file = File()
    data = bytearray(file.end(file.group()))
    data[13] = 3
    with pytest.raises(SourceError, match="addresses of an impossible size"):
        opened(bytes(data))


@pytest.mark.parametrize("data", [b"", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a", b"PK\3\4", b"{}", bytes(5000)])
def test_what_is_no_hdf5_file_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        opened(data)


def test_groups_in_groups_end_somewhere() -> None:
    file = File()
    group = file.group()
    for _ in range(3000):
        group = file.group({b"inside": group})
    with soon(), pytest.raises(SourceError, match="deeper than 64"):
        list(opened(file.end(group)).walk())


def test_the_number_of_objects_is_bounded() -> None:
    file = File()
    data = file.end(file.table_group({b"%d" % number: file.dataset(number) for number in range(50)}))
    assert len(list(opened(data, max_objects=51).walk())) == 50
    with pytest.raises(SourceError, match="more objects than are read"):
        list(opened(data, max_objects=50).walk())
    with pytest.raises(SourceError, match="allowed"):
        list(opened(data, max_bytes=10_000).walk())


def test_one_leaf_below_a_million_branches() -> None:
    file = File()
    names = file.heap(b"\0a\0")
    tree = file.tree([file.table([])] * 30)
    for level in range(1, 20):
        tree = file.tree([tree] * 30, level)
    with soon(), pytest.raises(SourceError, match="allowed"):
        read_all(file.end(file.header(symbol_table(tree, names))))


def test_names_that_share_their_bytes() -> None:
    """Each byte of a heap starts a name of its own: a little file, and names of gigabytes."""
    file = File()
    names = file.heap(b"a" * 4000 + b"\0")
    child = file.group()
    tables = [file.table([(at, child) for at in range(start, start + 8)]) for start in range(0, 4000, 8)]
    groups = {b"%d" % number: file.header(symbol_table(file.tree(tables), names)) for number in range(40)}
    with soon(), pytest.raises(SourceError, match="allowed"):
        read_all(file.end(file.table_group(groups)))


def test_strings_that_share_their_bytes() -> None:
    file = File()
    heap = file.strings(b"x" * (1 << 20))
    many = struct.pack("<IQI", 1 << 20, heap, 1) * 4000
    with soon(), pytest.raises(SourceError, match="allowed"):
        read_all(file.end(file.group(None, attribute(b"a", many, VARIABLE_TEXT, space(4000)))))


def test_a_string_that_is_too_long() -> None:
    file = File()
    heap = file.strings(b"x" * (33 << 20))
    with soon(), pytest.raises(SourceError, match="more than 32 MiB"):
        read_all(file.end(file.group(None, attribute(b"a", struct.pack("<IQI", 33 << 20, heap, 1), VARIABLE_TEXT))))


def test_many_small_messages() -> None:
    file = File()
    with soon(), pytest.raises(SourceError, match="absurdly long"):
        read_all(file.end(file.add(header()[:8] + struct.pack("<I4x", 60 << 20) + bytes(60 << 20))))


def test_many_headers_in_one_place() -> None:
    file = File()
    long = file.header(LINK_INFO, *[(0xB, b"")] * 8000)
    with soon(), pytest.raises(SourceError, match="allowed"):
        read_all(file.end(file.table_group({b"%d" % number: long for number in range(2000)})))


def test_many_objects() -> None:
    file = File()
    one = file.dataset(1)
    with soon(), pytest.raises(SourceError, match="allowed"):
        read_all(file.end(file.table_group({b"%d" % number: one for number in range(120_000)})))


# Any bytes


SEEDS = (
    "types",
    "strings",
    "shapes",
    "members_9",
    "members_50",
    "ordered",
    "attributes",
    "links",
    "many_links",
    "changed",
)


@pytest.fixture(scope="module")
def seeds() -> list[bytes]:
    """Small files with all that the format has."""
    return [written(FILLS[name], libver=library) for name in SEEDS for library in ("earliest", "latest")]


def test_a_file_cut_off_anywhere_is_refused(seeds: list[bytes]) -> None:
    for data in seeds:
        for percent in range(100):
            with pytest.raises(SourceError):
                opened(data[: len(data) * percent // 100])


def _end_at(data: bytes, length: int) -> bytes:
    """Say that a file has the length that it has."""
    cut = bytearray(data[:length])
    at = 28 if data[8] >= 2 else 40
    cut[at : at + 8] = struct.pack("<Q", length)
    return bytes(cut)


def test_a_file_cut_off_anywhere_that_does_not_say_so(seeds: list[bytes]) -> None:
    for data in seeds:
        for percent in range(10, 100, 2):
            _try(_end_at(data, len(data) * percent // 100))


def _try(data: bytes) -> None:
    message = ""
    with soon():
        try:
            read_all(data)
        except SourceError as error:
            message = str(error)
    assert "\n" not in message


def test_flipped_bits(seeds: list[bytes]) -> None:
    chance = random.Random(0)
    for _ in range(700):
        changed = bytearray(chance.choice(seeds))
        for _ in range(chance.choice([1, 2, 5, 50])):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        _try(bytes(changed))


def test_fields_with_other_values(seeds: list[bytes]) -> None:
    """Addresses and sizes that are there, but in other places; and those at the limits."""
    chance = random.Random(1)
    for _ in range(700):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice([1, 1, 2, 6])):
            width = chance.choice([1, 2, 4, 8])
            at = chance.randrange(len(data) - 8) & -chance.choice([1, 2, 4, 8])
            there = chance.randrange(len(data) - 8) & -8
            values = [0, 1, 255, 65535, 2**32 - 1, 2**63, 2**64 - 1, there, len(data), *data[there : there + 1]]
            data[at : at + width] = struct.pack("<Q", chance.choice(values))[:width]
        _try(bytes(data))


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([0, 1, 2, 3]))
def test_any_bytes_after_a_superblock(data: bytes, version: int) -> None:
    file = File(reserve=104)
    _try(file.end(file.add(data), version))
    _try(data)
    _try(b"\x89HDF\r\n\x1a\n" + data)


_MESSAGES = st.tuples(
    st.sampled_from([1, 2, 3, 6, 8, 0xC, 0x10, 0x11, 0x15, 0x77]),
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([space(2, 3), FLOAT32, INT8, VARIABLE_TEXT, LINK_INFO[1], attribute(b"a", b"xyz")[1]]),
    ),
    st.sampled_from([0, 2]),
)


@given(st.lists(st.tuples(st.lists(_MESSAGES, max_size=4), st.booleans()), min_size=1, max_size=5))
def test_any_messages_in_objects(objects: list[tuple[list[tuple[int, bytes, int]], bool]]) -> None:
    file = File()
    members = {
        b"%d" % number: file.header2(*messages) if new else file.header(*messages)
        for number, (messages, new) in enumerate(objects)
    }
    _try(file.end(file.table_group(members, (0xC, padded(b"\1")))))
    _try(file.end(file.group(members)))
