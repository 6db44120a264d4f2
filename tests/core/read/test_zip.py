"""The reader of zip archives agrees with `zipfile`, and refuses what two readers could read in two ways."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
from typing import IO

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.window import window_of_bytes
from keras_ascii_tools.read.zip import Archive, open_zip
from tests.core.read.archives import Entry, archive, crafted

LIMIT = 1 << 20
KERAS = {
    "metadata.json": b'{"keras_version": "3.15.1"}',
    "config.json": b'{"module": "keras"}' * 50,
    "model.weights.h5": bytes(range(256)) * 40,
    "assets/layers/vocabulary.txt": b"ein\nzwei",
}


def opened(data: bytes) -> Archive:
    return open_zip(window_of_bytes(data))


def read_all(data: bytes) -> dict[str, bytes]:
    found = opened(data)
    return {name: found.read_member(name, LIMIT) for name in found.members}


class _Stream(io.RawIOBase):
    """What cannot be sought: sizes follow the data."""

    def __init__(self, file: io.BytesIO) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return self._file.write(data)  # type: ignore[arg-type]


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12),
        st.tuples(st.binary(max_size=300), st.sampled_from([0, 8]), st.booleans()),
        max_size=6,
    ),
    st.binary(max_size=40).filter(lambda prefix: b"PK\6\7" not in prefix),  # `zipfile` takes it for a record
    st.binary(max_size=40).filter(lambda comment: b"PK\5\6" not in comment),
    st.booleans(),
)
def test_what_zipfile_writes_is_read(
    members: dict[str, tuple[bytes, int, bool]], prefix: bytes, comment: bytes, streamed: bool
) -> None:
    file = io.BytesIO()
    target: IO[bytes] = _Stream(file) if streamed else file  # type: ignore[assignment]
    with zipfile.ZipFile(target, "w") as made:
        for name, (data, method, wide) in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with made.open(info, "w", force_zip64=wide) as member:
                member.write(data)
        made.comment = comment
    whole = prefix + file.getvalue()
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as expected:
            contents = {info.filename: expected.read(info) for info in expected.infolist()}
    except zipfile.BadZipFile:
        reject()  # `zipfile` takes a name that looks like one of its records for that record
    found = opened(whole)
    assert {name: found.read_member(name, LIMIT) for name in found.members} == contents
    assert list(found.members) == list(contents)
    for name, member in found.members.items():
        if member.stored:
            window = found.window(name)
            assert window.read(0, window.size) == members[name][0]


def test_a_keras_archive_is_read_in_place() -> None:
    data = archive(KERAS)
    window = window_of_bytes(data)
    found = open_zip(window)
    assert list(found.members) == list(KERAS)
    assert read_all(data) == KERAS
    weights = found.window("model.weights.h5")
    assert (weights.size, weights.read(256, 4)) == (10240, b"\0\1\2\3")
    member = found.members["model.weights.h5"]
    assert (member.size, member.packed, member.method, member.stored) == (10240, 10240, 0, True)


def test_little_is_fetched_of_a_large_archive() -> None:
    window = window_of_bytes(archive(KERAS | {"model.weights.h5": bytes(50 << 20)}))
    found = open_zip(window)
    assert found.read_member("config.json", LIMIT) == KERAS["config.json"]
    assert found.window("model.weights.h5").read(1 << 20, 8) == bytes(8)
    assert window.fetched <= 5 * 4096


def test_compressed_members_are_read_but_not_in_place() -> None:
    data = archive(KERAS, method=zipfile.ZIP_DEFLATED)
    assert read_all(data) == KERAS
    found = opened(data)
    assert not found.members["model.weights.h5"].stored
    with pytest.raises(SourceError, match=r"^model.weights.h5 is compressed in the archive"):
        found.window("model.weights.h5")


def test_what_is_before_and_after_an_archive_is_no_part_of_it() -> None:
    for prefix in (b"", b"#!/bin/sh\n", b"PK\5\6" * 30, archive({"other": b"x"})):
        for comment in (b"", b"a comment", b"x" * 65535, b"PK\5\6 and so on" * 3, b"\0\0"):
            assert read_all(prefix + archive(KERAS, comment=comment)) == KERAS
    assert read_all(archive(KERAS, prefix=b"offsets that count the prefix")) == KERAS


def test_an_empty_archive_has_no_members() -> None:
    assert opened(archive({})).members == {}
    with pytest.raises(SourceError, match=r"^the archive has no config.json$"):
        opened(archive({})).read_member("config.json", LIMIT)


def test_wide_archives_are_read() -> None:
    entry = Entry(b"a", b"hello")
    small = crafted([entry])
    directory = small[len(small) - 22 - 47 : -22]
    assert read_all(small[:-22] + _wide_end(1, len(directory), 36) + _end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)) == {
        "a": b"hello"
    }
    assert read_all(small[:-22] + _wide_end(1, 47, 36) + _end(1, 47, 36)) == {"a": b"hello"}
    wide = struct.pack("<HHQQQ", 1, 24, 5, 5, 0)
    lies = {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "start": 0xFFFFFFFF}
    assert read_all(crafted([Entry(b"a", b"hello", extra=b"xx\1\0." + wide, local_extra=wide, **lies)])) == {
        "a": b"hello"
    }


def _wide_end(count: int, size: int, offset: int, **lies: int) -> bytes:
    fields = {"length": 44, "disk": 0, "first": 0, "here": count, "count": count, "size": size, "offset": offset}
    fields |= {name: value for name, value in lies.items() if name in fields}
    length, *rest = fields.values()
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", length, 45, 45, *rest)
    return record + struct.pack("<4sLQL", b"PK\6\7", 0, lies.get("place", offset + size), lies.get("disks", 1))


def _end(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


SMALL = crafted([Entry(b"a", b"hello")])[:-22]
WIDE = struct.pack("<HHQ", 1, 8, 5)
BOMB = Entry(b"a", bytes(50 << 20), 8)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "has no end"),
        (b"PK\3\4", "has no end"),
        (archive(KERAS)[:-1], "cut off"),
        (archive(KERAS) + b"x", "something was added"),
        (archive(KERAS)[1:], "start is missing"),
        (crafted([Entry(b"a"), Entry(b"a")]), "two members of the archive have the same name"),
        (crafted([Entry(b"a", local_name=b"b")]), "disagree"),
        (crafted([Entry(b"a", b"12", local_name=b"a1")]), "disagree"),
        (crafted([Entry(b"a", b"12", local_size=3)]), "disagree"),
        (crafted([Entry(b"a", b"12", local_method=8)]), "disagree"),
        (crafted([Entry(b"a", b"12", local_flags=8)]), "disagree"),
        (crafted([Entry(b"a", b"12", local_flags=1)]), "disagree"),
        (crafted([Entry("ü".encode("cp437"), b"12", local_flags=1 << 11)]), "disagree"),
        (crafted([Entry(b"a", b"12", extra=b"up\6\0\1\0\0\0\0b")]), "two names"),
        (crafted([Entry(b"a", b"12", flags=8, local_size=3)]), "disagree"),
        (crafted([Entry(b"a", b"12", flags=1)]), "^a is encrypted"),
        (crafted([Entry(b"a", b"12", flags=64)]), "^a is encrypted"),
        (crafted([Entry(b"a", b"12", method=12)]), "^a is compressed by method 12; only deflate is read"),
        (crafted([Entry(b"a", b"12", crc=1)]), "^a is damaged: it is not what its size and checksum say"),
        (crafted([Entry(b"a", b"12", method=8, crc=1)]), "^a is damaged"),
        (crafted([Entry(b"a", b"12" * 99, method=8, size=197)]), "^a is damaged"),
        (crafted([Entry(b"a", b"12" * 99, method=8, size=199)]), "^a is damaged"),
        (crafted([Entry(b"a", b"12" * 99, method=8, packed=4)]), "^a is damaged"),
        (crafted([Entry(b"a", b"\xff\xff", method=8, packed=2)]), "^a is damaged"),
        (crafted([Entry(b"a", b"123", size=2)]), "a member of the archive has two sizes"),
        (crafted([Entry(b"a\0b")]), "NUL in its name"),
        (crafted([Entry(b"\xff", flags=1 << 11)]), "not UTF-8"),
        (crafted([Entry(b"a", bytes(2 << 20))]), "^a has 2,097,152 bytes; no more than 1,048,576 are read"),
        (crafted([BOMB]), "^a has 52,428,800 bytes; no more than 1,048,576 are read"),
        (crafted([Entry(b"a", bytes(50 << 20), 8, size=1000)]), "^a is damaged"),
        (crafted([Entry(b"a", bytes(2 << 20), packed=2 << 20, size=9, method=12)]), "takes 2,097,152 bytes"),
        (crafted([Entry(b"a", size=1 << 30, packed=1 << 30)]), "overlap"),
        (crafted([Entry(b"a", bytes(2 << 20), method=8, flags=0, size=1 << 19, packed=5 << 20)]), "overlap"),
        (crafted([Entry(b"a", b"x" * 99), Entry(b"b", b"x" * 9, start=50)]), "overlap"),
        (crafted([Entry(b"a", b"x"), Entry(b"b", b"x", start=0)]), "overlap"),
        (crafted([Entry(b"a", start=10_000)]), "overlap, or lie outside"),
        (crafted([Entry(b"a", b"x" * 99, local_extra=bytes(4), start=0), Entry(b"b", start=130)]), "overlap"),
        (crafted([Entry(b"a", disk=1)]), "one part of several"),
        (crafted([], disk=1), "one part of several"),
        (crafted([Entry(b"a")], here=0), "one part of several"),
        (crafted([Entry(b"a")], here=2, count=2), "directory is damaged"),
        (crafted([Entry(b"a"), Entry(b"b")], here=1, count=1), "more than it says"),
        (crafted([Entry(b"a")], size=46), "directory is damaged"),
        (crafted([Entry(b"a")], offset=100), "directory is damaged"),
        (crafted([Entry(b"a", size=0xFFFFFFFF, packed=0xFFFFFFFF)]), "more than 4 GiB is missing"),
        (crafted([Entry(b"a", size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=WIDE)]), "more than 4 GiB is missing"),
        (crafted([Entry(b"a", size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=WIDE[:-1])]), "more than 4 GiB is missing"),
        (crafted([Entry(b"a", b"12", local_size=0xFFFFFFFF)]), "more than 4 GiB is missing"),
        (SMALL + _wide_end(1, 47, 36) + _end(2, 47, 36), "two ends that disagree"),
        (SMALL + _wide_end(1, 47, 36, place=3) + _end(1, 47, 36), "two ends that disagree"),
        (SMALL + _wide_end(1, 47, 36, length=45) + _end(1, 47, 36), "directory is damaged"),
        (SMALL + _wide_end(1, 47, 36, disk=2) + _end(1, 47, 36), "directory is damaged"),
        (SMALL + _wide_end(1, 47, 36, disks=2) + _end(1, 47, 36), "directory is damaged"),
        (SMALL + _wide_end(1 << 40, 47, 36) + _end(0xFFFF, 47, 36), "claims 1,099,511,627,776 members"),
        (SMALL + _wide_end(1, 1 << 40, 36) + _end(1, 0xFFFFFFFF, 36), "start is missing"),
        (b"PK\6\7" + bytes(16) + _end(0, 0, 0), "directory is damaged"),
        (archive({}, comment=b"x" * 9 + archive({}, comment=b"y")), "several ends"),
    ],
)
def test_what_is_damaged_ambiguous_or_absurd_is_refused(data: bytes, message: str) -> None:
    start = time.process_time()
    with pytest.raises(SourceError, match=message) as caught:
        read_all(data)
    assert "\n" not in str(caught.value)
    assert time.process_time() - start < 5  # a safety net and no measurement


def test_members_that_nobody_reads_may_be_of_any_kind() -> None:
    found = opened(crafted([Entry(b"a", b"hello"), Entry(b"b", b"x", method=14), Entry(b"c", b"x", flags=1)]))
    assert found.read_member("a", LIMIT) == b"hello"
    assert [member.stored for member in found.members.values()] == [True, False, False]
    for name in "bc":
        with pytest.raises(SourceError):
            found.window(name)


def test_differences_that_mean_nothing_are_accepted() -> None:
    entries = [
        Entry(b"a", b"hello", local_flags=2 | 1 << 11),
        Entry(b"b", extra=b"up\6\0\1\0\0\0\0b"),
        Entry(b"c", extra=b"xx\x09"),
    ]
    assert read_all(crafted(entries)) == {"a": b"hello", "b": b"", "c": b""}


def test_names_are_those_of_the_directory() -> None:
    names = [b"../../etc/passwd", b"/absolute", b"C:\\windows", b"\x1b[31m", b"", "größe".encode("cp437")]
    assert list(opened(crafted(map(Entry, names))).members) == [
        *("../../etc/passwd", "/absolute", "C:\\windows", "\x1b[31m", "", "größe")
    ]


def test_as_many_members_as_there_may_be() -> None:
    data = crafted((Entry(b"%d" % number) for number in range(20_000)), here=20_000, count=20_000)
    assert len(opened(data).members) == 20_000


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = archive(KERAS)
    for length in {len(data) * percent // 100 for percent in range(100)} | set(range(len(data) - 300, len(data))):
        with pytest.raises(SourceError):
            opened(data[:length])


@pytest.mark.parametrize("method", [0, 8])
def test_flipped_bits_change_no_content_unnoticed(method: int) -> None:
    data = archive(KERAS, method=method, comment=b"a comment")
    chance = random.Random(method)
    for _ in range(4000):
        changed = bytearray(data)
        for _ in range(chance.choice([1, 1, 1, 2, 8])):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            read = read_all(bytes(changed))
        except SourceError:
            continue
        assert set(read.values()) <= set(KERAS.values())


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes, more: bytes) -> None:
    for whole in (data, data + archive({"a": more})[: len(more) * 3] + more + _end(1, len(data) // 2, 0)):
        try:
            read_all(whole)
        except SourceError:
            continue
