"""Where snapshots are kept: paths that no two snapshots share on any file system."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_ascii_tools import OptionError
from keras_ascii_tools.snapshots import FOLDER, SnapshotId, check_name, folder_of, snapshot_path
from keras_ascii_tools.snapshots.paths import is_inside

FILE = Path("/project/tests/test_models.py")


def name_of(test: str, name: str | None = None, number: int = 1) -> str:
    return snapshot_path(FILE, SnapshotId(f"test_models.py::{test}", name, number)).name


@pytest.mark.parametrize(
    ("test", "name", "number", "expected"),
    [
        ("test_encoder", None, 1, "test_encoder.txt"),
        ("TestUnet::test_depth", None, 1, "TestUnet.test_depth.txt"),
        ("TestUnet::TestDeep::test_depth[3-relu]", None, 1, "TestUnet.TestDeep.test_depth[3-relu].txt"),
        ("test_depth[0.5]", "encoder", 1, "test_depth[0.5].encoder.txt"),
        ("test_encoder", None, 2, "test_encoder.2.txt"),
        ("test_encoder[]", None, 1, "test_encoder[].txt"),
    ],
)
def test_plain_ids_are_the_names_of_their_files(test: str, name: str | None, number: int, expected: str) -> None:
    assert name_of(test, name, number) == expected


@pytest.mark.parametrize(
    ("test", "label"),
    [
        ("test_s[a/b]", "test_s[a_b]"),
        ("test_s[A]", "test_s[A]"),
        ("test_s[a::b]", "test_s[a__b]"),
        ("test_s[\\u5c42]", "test_s[_u5c42]"),
        ("test_s[a b]", "test_s[a_b]"),
        ("test_Case", "test_Case"),
        ("test_s[..]", "test_s[..]"),
    ],
)
def test_other_ids_stay_readable_and_have_a_hash(test: str, label: str) -> None:
    assert re.fullmatch(re.escape(label) + r"(-[0-9a-f]{8})?\.txt", name_of(test))


@pytest.mark.parametrize(
    "module", ["test_a.py", "con.py", "AUX.py", "test a.py", "tests.txt", "test_é.py", "a-12345678.py"]
)
def test_modules_have_folders_of_their_own(module: str) -> None:
    folder = folder_of(Path("/project/tests") / module)
    assert folder.parent == Path("/project/tests") / FOLDER
    others = [folder_of(Path("/project/tests") / other) for other in ("test_b.py", "tests.py", "a.py", "tests_txt.py")]
    assert folder not in others


RESERVED = ["con", "PRN", "aux", "NUL", "com1", "LPT9", "con.block", "CONIN$"]


@pytest.mark.parametrize("word", RESERVED)
def test_reserved_names_of_windows_are_no_file_names(word: str) -> None:
    stem = name_of(word).partition(".")[0].lower()
    assert stem not in {"con", "prn", "aux", "nul", "com1", "lpt9", "conin$"}


ids = st.text(st.characters(exclude_categories=()), min_size=1, max_size=400) | st.text(
    string.ascii_letters + "-.[]_ /\\:", min_size=1, max_size=12
)
names = st.none() | ids
snapshots = st.builds(SnapshotId, st.builds("test_models.py::test_{}".format, ids), names, st.integers(1, 3)).map(
    lambda which: which if which.name is None else SnapshotId(which.test, which.name, 1)
)


@given(snapshots)
def test_every_file_name_is_safe_everywhere(which: SnapshotId) -> None:
    name = snapshot_path(FILE, which).name
    assert re.fullmatch(r"[A-Za-z0-9_.,=+\[\]-]+\.txt", name)
    assert len(name.encode()) <= 120


@given(st.lists(snapshots, unique=True, min_size=2, max_size=6))
def test_no_two_snapshots_have_one_file_where_case_does_not_count(several: list[SnapshotId]) -> None:
    paths = {str(snapshot_path(FILE, which)).casefold() for which in several}
    assert len(paths) == len(several)


PAIRS = [
    "a/b",
    "ab",
    "a:b",
    "a|b",
    "a b",
    "a-b",
    "a.b",
    "A/B",
    "AB",
    "a\\b",
    "a_b",
    "a_b ",
    "é",
    "e\u0301",
    "\0",
    "\n",
    "x" * 300,
    "x" * 301,
    "a].b",
    "🧠",
]


def test_parameters_that_others_mix_up_are_told_apart() -> None:
    assert len({name_of(f"test_s[{one}]").casefold() for one in PAIRS}) == len(PAIRS)


def test_parts_of_an_id_are_not_mixed_up() -> None:
    several = [
        name_of("test_s", "2"),
        name_of("test_s", None, 2),
        name_of("test_s[a]", "b]"),
        name_of("test_s[a].b]"),
        name_of("test_s[a].b"),
        name_of("test_s[a]", "b"),
        name_of("test_s", "x-12345678"),
        name_of("test_s[x-12345678]"),
    ]
    assert len(set(several)) == len(several)


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "a/b", "a\\b", "C:x", "", " ", ".", "..", "a\nb", "a\0b", "nul*", "\x1b[0m", 3, None]
)
def test_names_that_could_be_paths_are_refused(name: object) -> None:
    with pytest.raises(OptionError, match="name: expected a"):
        check_name(name)


@pytest.mark.parametrize("name", ["encoder", "Encoder 2", "v1.2", "層", "a-b_c"])
def test_plain_names_are_taken(name: str) -> None:
    assert check_name(name) == name


def test_inside_means_after_links(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    (inside / "near").symlink_to(inside)
    assert is_inside(inside / "x" / "y", inside)
    assert is_inside(inside / "near" / "y", inside)
    assert not is_inside(inside / "link" / "y", inside)
    assert not is_inside(inside / ".." / "y", inside)
