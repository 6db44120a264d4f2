"""Files that h5py writes, with all that the format has to offer: name -> what fills an open file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FILLS: dict[str, Callable[[Any], None]] = {}


def _fill(fill: Callable[[Any], None]) -> Callable[[Any], None]:
    FILLS[fill.__name__] = fill
    return fill


@_fill
def nothing(file: Any) -> None:
    pass


@_fill
def types(file: Any) -> None:
    import h5py
    import numpy as np

    for code in (
        "f2",
        "f4",
        "f8",
        ">f4",
        ">f8",
        "i1",
        "i2",
        "i4",
        "i8",
        ">i2",
        ">i8",
        "u1",
        "u2",
        "u4",
        "u8",
        ">u4",
        "?",
    ):
        name = code.replace(">", "big_")
        file.create_dataset(name, data=np.ones((2, 3), code))
        file.attrs[name] = np.array([[0, 1, 1], [1, 0, 1]], code)
        file.attrs[f"one_{name}"] = np.ones((), code)[()]
    file.attrs["extremes"] = np.array([-(2**63), 2**63 - 1])
    file.attrs["unsigned"] = np.array([2**64 - 1], "u8")
    file.attrs["floats"] = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-310])
    file.create_dataset("complex", data=np.ones(3, "c8"))
    file.attrs["complex"] = 1 + 2j
    file.create_dataset("compound", data=np.zeros(2, [("a", "f4"), ("b", "i8")]))
    file.attrs["compound"] = np.zeros(2, [("a", "f4"), ("b", "i8")])
    file.create_dataset("opaque", data=np.void(b"\0\1\2"))
    file.attrs["opaque"] = np.void(b"\0\1\2")
    file.create_dataset("array", (2,), dtype=np.dtype("(3,)f4"))
    file.create_dataset("ragged", (2,), dtype=h5py.vlen_dtype(np.int32))
    file.attrs.create("ragged", [np.arange(2), np.arange(3)], dtype=h5py.vlen_dtype(np.int32))
    file.create_dataset("enum", data=[0, 1], dtype=h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i2"))
    file.attrs.create("enum", [0, 1], dtype=h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i2"))
    file.attrs.create("like_bool", 1, dtype=h5py.enum_dtype({"NO": 0, "YES": 1}, basetype="i1"))
    file.create_dataset("reference", data=file["f4"].ref, dtype=h5py.ref_dtype)
    file.attrs["reference"] = file["f4"].ref
    file.attrs["region"] = file["f4"].regionref[0:1]
    file.create_dataset("long_double", data=np.ones(2, np.longdouble))


@_fill
def strings(file: Any) -> None:
    import h5py
    import numpy as np

    utf8, ascii_only = h5py.string_dtype(), h5py.string_dtype("ascii")
    file.attrs["text"] = "Größe 層 🧠"
    file.attrs["empty"] = ""
    file.attrs["long"] = "x" * 60_000
    file.attrs["bytes"] = np.bytes_(b"fixed")
    file.attrs["many_bytes"] = np.array([b"a", b"bcd", b""])
    file.attrs["matrix_of_bytes"] = np.array([[b"a", b"bcd"], [b"", b"e"]])
    file.attrs.create("many", ["dense", "", "層"], dtype=utf8)
    file.attrs.create("ascii", ["dense", "b"], dtype=ascii_only)
    file.attrs.create("matrix", np.array([["a", "b"], ["c", "d"]], object), dtype=utf8)
    file.attrs.create("fixed_utf8", "Größe".encode(), dtype=h5py.string_dtype("utf-8", 9))
    file.attrs.create("no_texts", np.empty((0,), object), dtype=utf8)
    file.attrs["no_numbers"] = np.empty((0,))
    file.attrs.create("not_utf8", b"\xff\xfe", dtype=utf8)
    file.attrs["fixed_not_utf8"] = np.bytes_(b"\xff\xfe")
    file.attrs["größe 層"] = "a name"
    file.create_dataset("texts", data=["a", "bb"], dtype=utf8)
    file.create_dataset("fixed", data=np.array([b"a", b"bb"]))
    for padding, kind in (("nullterm", 0), ("nullpad", 1), ("spacepad", 2)):
        made = h5py.h5t.C_S1.copy()
        made.set_size(6)
        made.set_strpad((h5py.h5t.STR_NULLTERM, h5py.h5t.STR_NULLPAD, h5py.h5t.STR_SPACEPAD)[kind])
        space = h5py.h5s.create(h5py.h5s.SCALAR)
        h5py.h5a.create(file.id, padding.encode(), made, space).write(np.array(b"abc"))


@_fill
def shapes(file: Any) -> None:
    import h5py
    import numpy as np

    file.create_dataset("scalar", data=1.5)
    file.create_dataset("null", data=h5py.Empty("f4"))
    file.attrs["null"] = h5py.Empty("f4")
    file.attrs["null_text"] = h5py.Empty(h5py.string_dtype())
    file.create_dataset("empty", (0, 5), "f4")
    file.create_dataset("ones", (1,) * 32, "i1")
    file.create_dataset("absurd", (50_000_000, 50_000_000), "f4", chunks=(1, 1))
    file.create_dataset("largest", (2**62,), "i1", chunks=(1,))
    file.create_dataset("growing", (3, 4), "f4", maxshape=(None, 4))
    file.create_dataset("chunked", data=np.zeros((100, 100), "f4"), chunks=(10, 10))
    file.create_dataset("packed", data=np.zeros((100, 100), "f4"), compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("compact", data=np.zeros(10, "f4"), **_compact())
    file.create_dataset("big", data=np.zeros((300, 300), "f4"))


def _compact() -> dict[str, Any]:
    import h5py

    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    return {"dcpl": plist}


def _members(count: int) -> Callable[[Any], None]:
    def fill(file: Any) -> None:
        for number in range(count):
            group = file.create_group(f"layer_{number}")
            group.attrs["name"] = f"a layer called {number}"
            if number % 3 == 0:
                group.create_dataset("vars/0", (number, 3), "f4")

    return fill


for _count in (1, 7, 8, 9, 50, 300, 600):
    FILLS[f"members_{_count}"] = _members(_count)


@_fill
def ordered(file: Any) -> None:
    for count in (3, 20):
        group = file.create_group(f"of_{count}", track_order=True)
        for number in range(count):
            group.create_group(f"m{(number * 7) % count}")
            group.attrs[f"a{(number * 7) % count}"] = number


@_fill
def attributes(file: Any) -> None:
    for count in (1, 7, 8, 9, 40, 500):
        group = file.create_group(f"with_{count}")
        for number in range(count):
            group.attrs[f"attribute number {number}"] = f"{number}" * (number % 20)
    dataset = file.create_dataset("data", (2, 3), "f4")
    for number in range(30):
        dataset.attrs[f"n{number}"] = number


@_fill
def names(file: Any) -> None:
    for name in ("a b", "größe", "層", "-.,:@#", "🧠" * 50, "x" * 1000, "..", "con", "\x1b[31m", "a\u202eb"):
        file.create_group(name).attrs[name] = name


@_fill
def links(file: Any) -> None:
    import h5py
    import numpy as np

    inner = file.create_group("a/b/c")
    inner.create_dataset("data", (2,), "f4")
    file["soft"] = h5py.SoftLink("/a/b/c")
    inner["dangling"] = h5py.SoftLink("/no/such")
    file["external"] = h5py.ExternalLink("/etc/other.h5", "/secret")
    inner["up"] = file["a"]
    inner["root"] = file["/"]
    inner["itself"] = inner
    file["twice"] = file["a/b/c/data"]
    file["type"] = np.dtype("f4")
    file.create_dataset("of_type", (2,), dtype=file["type"])
    file["a"].attrs.create("of_type", 1.5, dtype=file["type"])


@_fill
def many_links(file: Any) -> None:
    import h5py

    group = file.create_group("group")
    for number in range(40):
        group[f"soft_{number}"] = h5py.SoftLink(f"/some/where/{number}")
        group[f"external_{number}"] = h5py.ExternalLink(f"file_{number}", "/x")
        group.create_group(f"hard_{number}")


@_fill
def elsewhere(file: Any) -> None:
    import h5py

    file.create_dataset("outside", (10,), "f4", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])
    source = h5py.VirtualSource("other.h5", "data", shape=(10,))
    made = h5py.VirtualLayout((10,), "f4")
    made[:] = source
    file.create_virtual_dataset("made_of_others", made)


@_fill
def deep(file: Any) -> None:
    group = file
    for number in range(60):
        group = group.create_group(f"g{number}")
    group.create_dataset("data", (1,), "f4")


@_fill
def changed(file: Any) -> None:
    """Deleting and adding leaves holes, moved headers and continuations behind."""
    for number in range(60):
        file.create_group(f"g{number}")
        file.attrs[f"a{number}"] = "x" * number
    for number in range(0, 60, 2):
        del file[f"g{number}"]
        del file.attrs[f"a{number}"]
    for number in range(60):
        file["g1"].attrs[f"b{number}"] = "y" * (60 - number)
        file["g3"].create_dataset(f"d{number}", (number,), "i4")
        file["g3"].attrs.modify("again", number)
        file.flush()


@_fill
def large_attributes(file: Any) -> None:
    """Only in dense storage."""
    import numpy as np

    if file.libver[0] != "earliest":
        file.attrs["large"] = np.arange(20_000, dtype="i8")
        file.attrs["text"] = np.bytes_(b"x" * 300_000)
        file.create_group("more").attrs["large"] = np.arange(100_000, dtype="f4")
        for number in range(200):
            file["more"].attrs[f"n{number}"] = np.arange(1000 + number)
