"""Snapshot files and pending ones: what is written is read again, and nothing else is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_ascii_tools import ModelGraph, SourceError, read, read_drawing
from keras_ascii_tools.snapshots import (
    FOLDER,
    PendingStore,
    SnapshotId,
    accept,
    compose,
    find_store,
    fingerprint,
    load,
    owned_files,
    reject,
    remove,
    write,
)
from keras_ascii_tools.snapshots.files import read_text
from tests.core.graphs import model_graphs

ROOT = Path(__file__).parents[3]
OWNER = SnapshotId("test_models.py::test_encoder")
texts = st.text(min_size=1, max_size=60).filter(lambda text: text.strip() != "")


@pytest.fixture(scope="module")
def unet() -> ModelGraph:
    return read(ROOT / "examples" / "unet.json")


@given(model_graphs(), texts, st.none() | texts, st.integers(1, 9))
@settings(max_examples=60)
def test_a_snapshot_has_the_model_and_its_owner(graph: ModelGraph, test: str, name: str | None, number: int) -> None:
    owner = SnapshotId(test, name, number if name is None else 1)
    text = compose(graph, owner)
    assert text.isascii()
    found = read_text(Path("x.txt"), text.encode())
    assert found.owner == owner
    assert found.graph() == graph


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.rstrip(b"\n"),
        lambda data: data + b"\n\n",
    ],
)
def test_what_editors_and_git_do_to_a_file_changes_nothing(unet: ModelGraph, change: object) -> None:
    data = change(compose(unet, OWNER).encode())  # type: ignore[operator]
    found = read_text(Path("x.txt"), data)
    assert (found.owner, found.graph()) == (OWNER, unet)


def test_no_file_is_no_snapshot_and_no_text_is_an_error(tmp_path: Path) -> None:
    assert load(tmp_path / "missing.txt") is None
    (tmp_path / "x.txt").write_bytes(b"\xff\xfe#\0 \0")
    with pytest.raises(SourceError, match="not UTF-8"):
        load(tmp_path / "x.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(SourceError, match="cannot read"):
        load(tmp_path / "folder.txt")


def test_equal_models_have_one_fingerprint(unet: ModelGraph) -> None:
    assert fingerprint(read_drawing(compose(unet, OWNER))) == fingerprint(unet)
    assert fingerprint(read(ROOT / "examples" / "siamese.json")) != fingerprint(unet)


def test_only_files_that_name_an_owner_are_owned(tmp_path: Path, unet: ModelGraph) -> None:
    folder = tmp_path / FOLDER
    mine = folder / "test_models" / "test_encoder.txt"
    write(mine, compose(unet, OWNER), inside=tmp_path)
    (folder / "test_models" / "notes.txt").write_text("mine")
    (folder / "test_models" / "drawing.txt").write_text("# keras-ascii 1\n# model: (Functional)\n")
    (folder / "test_models" / "other.md").write_text(compose(unet, OWNER))
    (folder / "README.txt").write_text("read me")
    (folder / "test_models" / "folder.txt").mkdir()
    assert list(owned_files(folder)) == [(mine, OWNER)]


def test_removing_the_last_file_removes_empty_folders_only(tmp_path: Path, unet: ModelGraph) -> None:
    first, second = (tmp_path / FOLDER / module / "test_a.txt" for module in ("test_a", "test_b"))
    for path in (first, second):
        write(path, compose(unet, OWNER), inside=tmp_path)
    remove(first)
    assert not first.parent.exists()
    (second.parent / "notes").touch()
    remove(second)
    assert second.parent.exists()
    with pytest.raises(SourceError, match="cannot delete"):
        remove(second)


@pytest.fixture
def store(tmp_path: Path, unet: ModelGraph) -> PendingStore:
    """A store with one new snapshot and one changed one."""
    found = PendingStore.of_cache(tmp_path / ".pytest_cache", tmp_path)
    new, changed = places(tmp_path)
    write(changed, compose(unet, OWNER), inside=tmp_path)
    stored = load(changed)
    assert stored is not None
    text = compose(read(ROOT / "examples" / "siamese.json"), OWNER)
    found.keep(new, text, node="tests/test_models.py::test_new[a b]", replaces=None)
    found.keep(
        changed,
        text,
        node="tests/test_models.py::test_changed",
        replaces=stored.digest,
        level="arch",
        ignore=("names",),
    )
    return found


def places(root: Path) -> tuple[Path, Path]:
    folder = root / "tests" / FOLDER / "test_models"
    return folder / "test_new.txt", folder / "test_changed.txt"


def test_what_is_kept_is_found_from_anywhere_in_the_project(store: PendingStore, tmp_path: Path) -> None:
    found = find_store(tmp_path / "tests" / FOLDER).all()
    assert found == store.all()
    assert [(pending.is_new, pending.level, pending.ignore) for pending in found] == [
        (False, "arch", ("names",)),
        (True, "full", ()),
    ]
    assert {pending.target for pending in found} == set(places(tmp_path))


def test_accepting_writes_the_snapshot_without_what_was_only_for_waiting(store: PendingStore, tmp_path: Path) -> None:
    for pending in store.all():
        accept(pending)
    assert store.all() == ()
    for place in places(tmp_path):
        text = place.read_text()
        assert "pending" not in text
        assert read_drawing(text) == read(ROOT / "examples" / "siamese.json")


def test_rejecting_leaves_the_stored_one(store: PendingStore, tmp_path: Path) -> None:
    before = places(tmp_path)[1].read_bytes()
    for pending in store.all():
        reject(pending)
    assert store.all() == ()
    assert places(tmp_path)[1].read_bytes() == before
    assert not places(tmp_path)[0].exists()


@pytest.mark.parametrize("which", [0, 1])
def test_a_snapshot_that_changed_meanwhile_is_not_written_over(store: PendingStore, tmp_path: Path, which: int) -> None:
    place = places(tmp_path)[which]
    place.write_text("somebody else's")
    pending = store.find(place)
    assert pending is not None
    with pytest.raises(SourceError, match="changed since the test has seen it"):
        accept(pending)
    assert place.read_text() == "somebody else's"
    assert store.find(place) == pending


def test_accepting_what_was_moved_removes_the_old_file(store: PendingStore, tmp_path: Path) -> None:
    new, old = places(tmp_path)
    store.note_move(new, old)
    pending = store.find(new)
    assert pending is not None
    assert pending.moved_from == old
    accept(pending)
    assert new.exists()
    assert not old.exists()


def test_a_damaged_pending_file_is_not_accepted(store: PendingStore, tmp_path: Path) -> None:
    new = places(tmp_path)[0]
    pending = store.find(new)
    assert pending is not None
    pending.file.write_text(pending.file.read_text().partition("# body")[0])
    damaged = store.find(new)
    assert damaged is not None
    with pytest.raises(SourceError, match="body of this row is missing"):
        accept(damaged)
    assert not new.exists()


@pytest.mark.parametrize(
    "target",
    ["../../outside.txt", "tests/test_models.py", f"../{FOLDER}/m/x.txt", f"tests/{FOLDER}/m/x.py", "/etc/passwd"],
)
def test_a_pending_file_that_leads_elsewhere_is_none(store: PendingStore, tmp_path: Path, target: str) -> None:
    pending = store.find(places(tmp_path)[0])
    assert pending is not None
    text = pending.file.read_text().replace(f"tests/{FOLDER}/test_models/test_new.txt", target)
    assert target in text
    pending.file.write_text(text)
    assert [found.target for found in store.all()] == [places(tmp_path)[1]]


def test_foreign_files_among_the_pending_are_passed_over(store: PendingStore) -> None:
    (store.folder / "x.txt").write_bytes(b"\xff\xff")
    (store.folder / "y.txt").write_text("hello")
    (store.folder / "z.txt").write_text("# keras-ascii 1\n# model: (Functional)\n")
    assert len(store.all()) == 2


def test_a_write_that_fails_leaves_the_file(tmp_path: Path, unet: ModelGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "x.txt"
    write(place, compose(unet, OWNER), inside=tmp_path)
    before = place.read_bytes()

    def replace(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(SourceError, match="No space left"):
        write(place, "other", inside=tmp_path)
    assert place.read_bytes() == before
    assert os.listdir(tmp_path) == ["x.txt"]


def test_a_cache_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="--cache"):
        find_store(tmp_path, str(tmp_path / "nothing"))
    assert find_store(tmp_path).all() == ()
