"""A window shows a range of a source's bytes, and no more than it may."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.window import Window, window_of_bytes, window_of_file, window_of_path

DATA = bytes(number * 7 % 251 for number in range(20_000))


@given(
    st.integers(1, 5000),
    st.lists(st.tuples(st.integers(0, len(DATA)), st.integers(0, 9000)), max_size=20),
    st.integers(0, 300),
)
def test_reads_are_slices_whatever_the_page(page: int, reads: list[tuple[int, int]], start: int) -> None:
    whole = window_of_bytes(DATA, page=page)
    part = whole.part(start, len(DATA) - 2 * start, budget=1 << 30)
    shown = DATA[start : len(DATA) - start]
    for offset, length in reads:
        for window, data in ((whole, DATA), (part, shown)):
            if offset + length <= len(data):
                assert window.read(offset, length) == data[offset : offset + length]
                some = window.read_some(offset, length, length + 50)
                assert length <= len(some) <= length + 50
                assert some == data[offset : offset + len(some)]
            else:
                with pytest.raises(SourceError, match="lie outside"):
                    window.read(offset, length)


@pytest.mark.parametrize(("offset", "length"), [(-1, 2), (0, -1), (0, 11), (10, 1), (1 << 70, 1), (0, 1 << 70)])
def test_nothing_is_read_outside(offset: int, length: int) -> None:
    part = window_of_bytes(DATA).part(100, 10)
    for refused in (part.read, part.part):
        with pytest.raises(SourceError, match="lie outside its 10 bytes"):
            refused(offset, length)


def test_all_kinds_of_sources_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA)
    with window_of_path(path) as of_path, path.open("rb") as file:
        windows = [window_of_bytes(DATA), of_path, window_of_file(file), window_of_file(io.BytesIO(DATA), page=100)]
        for window in windows:
            assert window.size == len(DATA)
            assert window.read(0, 0) == b""
            assert window.read(len(DATA), 0) == b""
            assert window.read(19_000, 1000) == DATA[19_000:]
            assert window.read(0, len(DATA)) == DATA


def test_without_pread_a_file_is_sought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_bytes(DATA)
    monkeypatch.delattr(os, "pread")
    with window_of_path(tmp_path / "data") as window:
        assert window.read(19_000, 1000) + window.read(5, 7) == DATA[19_000:] + DATA[5:12]


def test_what_is_fetched_is_counted() -> None:
    window = window_of_bytes(bytes(100_000))
    assert (window.fetched, window.requests) == (0, 0)
    window.read(5000, 10)
    window.read(5500, 10)
    assert (window.fetched, window.requests) == (4096, 1)
    window.part(0, 9000).read(4000, 5000)  # the pages around the one that is there
    assert (window.fetched, window.requests) == (3 * 4096, 3)
    window.read(0, 100_000)  # not page by page
    assert (window.fetched, window.requests) == (3 * 4096 + 100_000, 4)


def test_not_all_pages_are_kept() -> None:
    window = window_of_bytes(bytes(5000 * 4096))
    for page in range(5000):
        window.read(page * 4096, 1)
    window.read(0, 1)
    assert window.requests == 5001


def test_a_budget_bounds_bytes_and_reads() -> None:
    window = window_of_bytes(bytes(1 << 20))
    part = window.part(0, window.size, budget=1 << 16)
    with pytest.raises(SourceError, match=r"more than the 0\.0625 MiB that are allowed"):
        part.read(0, 1 << 17)
    assert window.fetched == 0
    part = window.part(0, window.size, budget=1 << 16)
    with pytest.raises(SourceError, match="allowed"):
        _read(part, [0] * (1 << 16))
    part = window.part(0, window.size, budget=1 << 16)
    with pytest.raises(SourceError, match="allowed"):
        _read(part, [4096 * page for page in range(100, 117)])  # a page for each
    part = window.part(0, window.size, budget=100)
    part.charge(100)
    with pytest.raises(SourceError, match="allowed"):
        part.part(0, 10).charge(1)
    window.read(0, 1 << 20)
    window.charge(1 << 40)


def _read(window: Window, offsets: list[int]) -> None:
    for offset in offsets:
        window.read(offset, 1)


def test_a_missing_file_a_directory_and_what_is_no_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path, message in [
        (tmp_path / "no_such", "No such file"),
        (tmp_path, "directory"),
        (tmp_path / "fifo", "not a regular file"),
        ("/dev/zero", "not a regular file"),
        ("a\0b", "null"),
    ]:
        with pytest.raises(SourceError, match=message), window_of_path(path):
            pass


def test_the_file_is_closed(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    with window_of_path(tmp_path / "data") as window:
        pass
    with pytest.raises(SourceError, match=r"Bad file descriptor"):
        window.read(0, 1)


def test_a_file_that_is_cut_off_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA)
    with window_of_path(path) as window:
        os.truncate(path, 10)
        with pytest.raises(SourceError, match="became shorter"):
            window.read(0, 100)
        assert window.fetched == 0


class _Failing(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise RuntimeError("the network\nis away")


class _Slow(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 7))


def test_any_error_of_a_file_is_told_in_one_line() -> None:
    with pytest.raises(SourceError, match=r"^cannot be read: RuntimeError: the network is away$"):
        window_of_file(_Failing(DATA)).read(0, 1)
    closed = io.BytesIO(DATA)
    closed.close()
    with pytest.raises(SourceError, match="closed file"):
        window_of_file(closed)


def test_a_file_may_give_less_than_was_asked_for() -> None:
    assert window_of_file(_Slow(DATA)).read(10, 5000) == DATA[10:5010]


def test_a_source_that_gives_too_little_is_refused() -> None:
    with pytest.raises(SourceError, match="became shorter"):
        Window(lambda offset, length: b"x", 100).read(0, 10)
