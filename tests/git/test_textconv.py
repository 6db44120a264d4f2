"""What git shows of saved models, in repositories of a real git."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from keras_ascii_tools import read_drawing
from tests.git.repository import Repository, changed, mlp


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.install()
    return made


def test_diff_shows_what_changed_in_a_model(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(32, 10))
    diff = repository.git("diff")
    assert "Binary files" not in diff
    assert [line.split()[-2] for line in changed(diff) if "Dense" in line and "units" in line][:1] == ["units=16"]
    assert any("units=32" in line for line in changed(diff))
    assert len([line for line in changed(diff) if "Dense" in line]) == 4  # the next layer has other weights


def test_a_hunk_says_which_model_it_is_in(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 16, 16, 16, 16, 16, 16, 10))
    repository.write("model.keras", mlp(16, 16, 16, 16, 16, 16, 16, 12))
    (hunk,) = [line for line in repository.git("diff").splitlines() if line.startswith("@@") and "mlp" in line]
    assert hunk.endswith("@@ model: mlp (Sequential)")


def test_a_model_that_was_saved_again_shows_nothing(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(16, 10, saved="2026-02-03@04:05"))
    assert "model.keras" in repository.git("status", "--short")
    assert changed(repository.git("diff")) == []


def test_automatic_names_are_no_difference(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(16, 10, counter=7))
    assert repository.git("diff", "--stat") != ""
    assert changed(repository.git("diff")) == []


def test_show_and_log_draw_new_and_deleted_models(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    shown = repository.git("show")
    assert "new file" in shown
    assert read_drawing(
        "".join(f"{line[1:]}\n" for line in shown.splitlines() if line.startswith("+") and line[:3] != "+++")
    )
    (repository.folder / "model.keras").unlink()
    repository.commit_all("Delete it")
    log = repository.git("log", "-p", "--format=%s")
    assert "deleted file" in log
    assert sum("units=16" in line for line in log.splitlines()) == 2


def test_blame_says_which_commit_a_layer_is_from(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    first = repository.git("rev-parse", "--short=7", "HEAD").strip()
    repository.commit(model_keras=mlp(16, 10, 4))
    second = repository.git("rev-parse", "--short=7", "HEAD").strip()
    rows = [line for line in repository.git("blame", "--abbrev=6", "model.keras").splitlines() if "units=" in line]
    assert [row.lstrip("^")[:6] for row in rows] == [first[:6], first[:6], second[:6]] or rows[0].startswith("^")
    assert rows[2].startswith(second)


def test_pickaxe_finds_the_commit_that_brought_a_setting(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.commit(model_keras=mlp(24, 10))
    repository.commit(model_keras=mlp(24, 10, 4))
    assert repository.git("log", "--format=%s", "-S", "units=24").count("Change models") == 1


def test_words_of_a_row_are_told_apart(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.write("model.keras", mlp(32, 10))
    words = repository.git("diff", "--word-diff=plain")
    assert "units=[-16-]{+32+}" in words
    assert "[-170-]{+330+}" in words


def test_a_model_can_be_searched_and_shown_by_revision(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    assert "units=16" in repository.git("grep", "--textconv", "units", "--", "model.keras")
    assert read_drawing(repository.git("show", "--textconv", "HEAD:model.keras"))


def test_a_renamed_model_is_one_file(repository: Repository) -> None:
    repository.commit(model_keras=mlp(*[16] * 30, 10))
    repository.git("mv", "model.keras", "other.keras")
    repository.write("other.keras", mlp(*[16] * 30, 12))
    repository.git("add", "-A")
    diff = repository.git("diff", "--cached", "-M")
    assert "rename from model.keras" in diff
    assert len([line for line in changed(diff) if "units=" in line]) == 2


@pytest.mark.parametrize(
    "name", ["with space.keras", "é 模型.keras", "a'b \"c.keras", "-f.keras", "$(x);#.h5", "UP.hdf5"]
)
def test_names_do_not_matter(repository: Repository, name: str) -> None:
    repository.write(name, mlp(16, 10))
    repository.commit_all()
    repository.write(name, mlp(17, 10))
    assert any("units=17" in line for line in changed(repository.git("diff")))
    assert any("units=17" in line for line in changed(repository.git("diff", cwd=".")))


def test_a_subfolder_is_like_any_other(repository: Repository) -> None:
    repository.write("deep/er/model.keras", mlp(16, 10))
    repository.commit_all()
    repository.write("deep/er/model.keras", mlp(17, 10))
    assert any("units=17" in line for line in changed(repository.git("diff", cwd="deep/er")))


@pytest.mark.parametrize(
    "broken",
    [b"", b"no model", b"PK\x03\x04", mlp(16)[:100], b"\x89HDF\r\n\x1a\n", b"\0" * 5000],
    ids=["empty", "text", "start of a zip", "cut off", "start of HDF5", "zeros"],  # an archive has the time in it
)
def test_a_broken_file_is_a_line_and_differs_from_another(repository: Repository, broken: bytes) -> None:
    repository.commit(model_keras=mlp(16, 10), other_h5=broken + b"1")
    repository.write("model.keras", broken)
    repository.write("other.h5", broken + b"2")
    repository.git("diff", "--quiet", "HEAD~0", "--", "nothing")  # git itself is well
    lines = changed(repository.git("diff"))
    added = [line for line in lines if line.startswith("+")]
    assert len(added) == 2
    assert all(line.startswith("+# no drawing: ") and "sha256" in line for line in added)
    assert "Traceback" not in "".join(lines)
    assert str(repository.folder) not in "".join(lines)


def test_a_pointer_of_git_lfs_shows_what_it_points_to(repository: Repository) -> None:
    def pointer(digit: str) -> str:
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digit * 64}\nsize 12345\n"

    repository.write(".gitattributes", "*.h5 filter=lfs diff=lfs merge=lfs -text\n")
    repository.commit(model_h5=pointer("a"))
    repository.write("model.h5", pointer("b"))
    removed, added = changed(repository.git("diff"))
    assert removed.startswith(f"-# not fetched by git-lfs: sha256:{'a' * 64}, 12,345 bytes; run 'git lfs pull'")
    assert f"sha256:{'b' * 64}" in added


def test_models_in_git_lfs_are_drawn_and_their_pointers_not_remembered(tmp_path: Path) -> None:
    """A stand-in for git-lfs: the filter keeps the content in a folder and commits a pointer."""
    repository = Repository(tmp_path)
    store = tmp_path / "store"
    store.mkdir()
    clean = tmp_path / "clean.sh"
    clean.write_text(
        f"cat > {store}/new; oid=$(sha256sum {store}/new | cut -c1-64); size=$(wc -c < {store}/new); "
        f"mv {store}/new {store}/$oid; echo version https://git-lfs.github.com/spec/v1\n"
        "echo oid sha256:$oid; echo size $size\n"
    )
    smudge = tmp_path / "smudge.sh"
    smudge.write_text(
        f'cat > {store}/pointer; oid=$(grep -o "[0-9a-f]\\{{64\\}}" {store}/pointer); '
        f"if [ -e {store}/$oid ]; then cat {store}/$oid; else cat {store}/pointer; fi\n"
    )
    repository.git("config", "filter.lfs.clean", f"sh {clean}")
    repository.git("config", "filter.lfs.smudge", f"sh {smudge}")
    repository.write(".gitattributes", "*.keras filter=lfs diff=lfs merge=lfs -text\n")
    assert "git does not remember drawings" in repository.install()
    repository.commit(model_keras=mlp(16, 10))
    assert repository.git("cat-file", "-p", "HEAD:model.keras").startswith("version https://git-lfs")
    repository.commit(model_keras=mlp(32, 10))
    away = tmp_path / "away"
    shutil.move(store, away)
    store.mkdir()
    assert "not fetched by git-lfs" in repository.git("show")
    shutil.copytree(away, store, dirs_exist_ok=True)
    assert any("units=32" in line for line in changed(repository.git("show")))
    assert any("units=32" in line for line in changed(repository.git("diff", "HEAD~1")))


def test_git_remembers_drawings_until_it_is_set_up_again(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16, 10))
    repository.commit(model_keras=mlp(32, 10))
    assert "units=32" in repository.git("show")
    assert "git remembers 2 drawings" in repository.tool("git", "status").stdout
    assert "--cache-key" in repository.git("config", "diff.keras.textconv")
    # What is remembered is shown even where nothing can draw any more.
    command = repository.git("config", "diff.keras.textconv").strip()
    assert "made git forget" in repository.install()
    assert repository.git("config", "diff.keras.textconv").strip() == command
    assert "remembers" not in repository.tool("git", "status").stdout


def test_git_goes_on_where_keras_ascii_is_gone(repository: Repository) -> None:
    repository.install("--no-cache")
    command = repository.git("config", "diff.keras.textconv").strip()
    program = command.partition(" -P ")[0]
    repository.git("config", "diff.keras.textconv", command.replace(program, "/nowhere/python"))
    repository.commit(model_keras=mlp(16, 10), notes_txt="one")
    repository.write("model.keras", mlp(32, 10))
    repository.write("notes.txt", "two")
    diff = repository.git("diff")
    assert "+two" in diff
    removed, added = [line for line in changed(diff) if "keras-ascii cannot be run; blob" in line]
    assert removed[1:] != added[1:]


def test_a_repository_cannot_bring_code_that_git_would_run(repository: Repository) -> None:
    for module in ("json", "argparse", "keras_ascii_tools", "zipfile"):
        repository.write(f"{module}.py", "open('ran', 'w')\nraise SystemExit(1)\n")
    repository.write("model.py:build.keras", "print('code')")
    repository.commit(model_keras=mlp(16, 10))
    assert "units=16" in repository.git("show", "--", "model.keras")
    assert not (repository.folder / "ran").exists()


def test_textconv_never_fails(repository: Repository) -> None:
    for name in ("missing", ".", "\udcff"):
        done = repository.tool("textconv", name)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("# no drawing: ")
        assert done.stdout.count("\n") == 1
