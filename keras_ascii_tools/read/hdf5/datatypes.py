"""Dataspace and datatype messages -> shapes and types (IV.A.2.b, IV.A.2.d).

Does not know the insides of compound, opaque, reference, array and time types, nor numbers of unusual precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from struct import unpack_from

from keras_ascii_tools.read.hdf5.store import Store, damaged

__all__ = ["UNKNOWN", "Datatype", "Shape", "parse_datatype", "parse_shape"]

Shape = tuple[int, ...] | None
"""`None`: a null dataspace, which has no elements."""

MAX_RANK = 32
_MAX_DIM = 2**63 - 1
_FLOATS = {
    # size, bits of exponent and of mantissa: name, code of `struct`
    (1, 4, 3): ("float8_e4m3fn", ""),
    (1, 5, 2): ("float8_e5m2", ""),
    (2, 5, 10): ("float16", "e"),
    (2, 8, 7): ("bfloat16", ""),
    (4, 8, 23): ("float32", "f"),
    (8, 11, 52): ("float64", "d"),
}
_INTEGERS = {1: "b", 2: "h", 4: "i", 8: "q"}
_NAMES = {2: "time", 4: "bitfield", 5: "opaque", 6: "compound", 7: "reference", 9: "vlen", 10: "array", 11: "complex"}
_BOOLS = (b"FALSE\0\0\0TRUE\0\0\0\0\0\1", b"FALSE\0TRUE\0\0\1")
"""Members of the enumeration that h5py and PyTables write for booleans: padded (versions 1 and 2), and not."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """The type of the elements of a dataset or an attribute."""

    name: str
    """As NumPy calls it: `float32`, `bool`, `string`; else `compound`, `opaque`, `reference`, `unknown` and so on."""
    size: int
    """Bytes of an element in place: of a string of variable length, those of the pointer to it."""
    code: str = ""
    """Of `struct`, for numbers that Python knows."""
    padding: int = -1
    """Of a string of fixed length: 0 ends at a NUL, 1 is padded with NULs, 2 with spaces."""
    variable: bool = False
    """Whether it is a string of variable length, kept in a heap."""


UNKNOWN = Datatype("unknown", 0)


def parse_shape(store: Store, data: bytes) -> Shape:
    """Return the shape that a dataspace message tells."""
    if len(data) < 4:
        raise damaged("a dataspace is too short")
    version, rank, kind = data[0], data[1], data[3]
    if version == 1:
        at = 8
    elif version == 2 and kind <= 2:
        at = 4
        if kind == 2:
            return None
    else:
        raise damaged("a dataspace is of no known version")
    width = store.length.size
    if rank > MAX_RANK or at + rank * width > len(data):
        raise damaged(f"a shape has {rank} dimensions")
    shape: tuple[int, ...] = unpack_from(f"<{rank}{store.length.format[-1]}", data, at)
    if shape and max(shape) > _MAX_DIM:
        raise damaged("a dimension is larger than 2^63")
    return shape


def parse_datatype(data: bytes) -> Datatype:
    """Return the type that a datatype message tells."""
    if len(data) < 8:
        raise damaged("a datatype is too short")
    kind, version = data[0] & 15, data[0] >> 4
    if not 1 <= version <= 5:
        raise damaged("a datatype is of no known version")
    size = int.from_bytes(data[4:8], "little")
    if not size:
        raise damaged("elements of a datatype have no size")
    parse = _PARSERS.get(kind)
    return parse(data, size) if parse else Datatype(_NAMES.get(kind, "unknown"), size)


def _integer(data: bytes, size: int) -> Datatype:
    offset, precision = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    code = _INTEGERS.get(size)
    if code is None or offset or precision != 8 * size or len(data) < 12:
        return Datatype("unknown", size)
    signed = data[1] & 8
    order = ">" if data[1] & 1 else "<"
    return Datatype(f"{'' if signed else 'u'}int{8 * size}", size, order + (code if signed else code.upper()))


def _float(data: bytes, size: int) -> Datatype:
    if len(data) < 20:
        raise damaged("a datatype is too short")
    name, code = _FLOATS.get((size, data[13], data[15]), ("unknown", ""))
    order = ">" if data[1] & 1 else "<"
    return Datatype(name, size, order + code if code and not data[1] & 0x40 else "")


def _string(data: bytes, size: int) -> Datatype:
    return Datatype("string", size, padding=data[1] & 15)


def _enumeration(data: bytes, size: int) -> Datatype:
    if len(data) < 20 or data[8] & 15:  # the base is an integer: IV.A.2.d, class 8
        raise damaged("an enumeration has no integers")
    base = parse_datatype(data[8:20])
    if base.name in ("int8", "uint8") and data[1:3] == b"\2\0" and data[20:].startswith(_BOOLS):
        return Datatype("bool", size, "?")
    return base if base.size == size else Datatype("unknown", size)


def _variable(data: bytes, size: int) -> Datatype:
    return Datatype("string", size, variable=True) if data[1] & 15 == 1 else Datatype("vlen", size)


_PARSERS: dict[int, Callable[[bytes, int], Datatype]] = {
    0: _integer,
    1: _float,
    3: _string,
    8: _enumeration,
    9: _variable,
}
