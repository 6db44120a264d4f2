"""What `keras-ascii git install` sets, and that `uninstall` takes all of it out again, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.git.repository import Repository, changed, mlp


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(repository: Repository, *arguments: str, cwd: str = ".", **environment: str) -> str:
    done = repository.tool("git", *arguments, cwd=cwd, **environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    "options", [[], ["--local"], ["--driver"], ["--no-cache"], ["--global"], ["--global", "--driver"]]
)
def test_uninstall_leaves_everything_as_it_was(repository: Repository, options: list[str]) -> None:
    scope = [option for option in options if option == "--global"]
    repository.git("config", "--global", "core.editor", "vi")
    repository.write(".git/info/attributes", "*.png diff=exif")
    attributes = repository.home / ".config/git/attributes"
    attributes.parent.mkdir(parents=True)
    attributes.write_text("*.c diff=cpp\n\n# mine\n")
    before = files(repository.folder.parent)
    said = repository.install(*options)
    assert files(repository.folder.parent) != before
    again = repository.install(*options)
    assert "nothing to do" in again
    assert "diff.keras.textconv" in said
    assert repository.tool("git", "uninstall", *scope).returncode == 0
    after = files(repository.folder.parent)
    assert after.keys() == before.keys()
    for name, content in before.items():
        assert after[name].rstrip(b"\n") == content.rstrip(b"\n"), name
    assert "nothing to do" in repository.tool("git", "uninstall", *scope).stdout


def test_install_says_every_file_it_changes(repository: Repository) -> None:
    before = files(repository.folder.parent)
    said = repository.install()
    after = files(repository.folder.parent)
    changes = {name for name in after.keys() | before.keys() if after.get(name) != before.get(name)}
    assert changes == {"repository/.git/config", "repository/.git/info/attributes"}
    for name in (".git/config", ".git/info/attributes"):
        assert name in said
    for key in ("textconv", "cachetextconv", "xfuncname", "wordRegex"):
        assert f"set diff.keras.{key} in .git/config: " in said
    assert "set difftool.keras-ascii.cmd" in said


def test_nothing_that_git_tracks_is_touched(repository: Repository) -> None:
    repository.commit(model_keras=mlp(16))
    repository.install()
    assert repository.git("status", "--porcelain") == ""


def test_all_repositories_of_a_user(repository: Repository) -> None:
    said = repository.install("--global")
    assert ".gitconfig" in said
    assert "cachetextconv" not in said
    repository.commit(model_keras=mlp(16), other_h5=mlp(4))
    repository.write("model.keras", mlp(17))
    assert any("units=17" in line for line in changed(repository.git("diff")))
    assert (repository.home / ".config/git/attributes").read_text().count("diff=keras") == 3
    assert repository.git("for-each-ref", "refs/notes") == ""


def test_the_attributes_file_that_the_user_chose(repository: Repository) -> None:
    repository.git("config", "--global", "core.attributesFile", "~/my attributes")
    repository.install("--global")
    assert "diff=keras" in (repository.home / "my attributes").read_text()


def test_a_link_stays_a_link(repository: Repository) -> None:
    folder = repository.home / ".config/git"
    folder.mkdir(parents=True)
    (repository.home / "dotfiles").write_text("*.c diff=cpp\n")
    (folder / "attributes").symlink_to(repository.home / "dotfiles")
    repository.install("--global")
    assert (folder / "attributes").is_symlink()
    assert "diff=keras" in (repository.home / "dotfiles").read_text()


def test_outside_a_repository(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    said = refused(repository, "install", cwd="../elsewhere")
    assert "no git repository here" in said
    assert "--global" in said
    assert repository.tool("git", "install", "--global", cwd="../elsewhere").returncode == 0


def test_in_a_subfolder_and_in_a_second_work_tree(repository: Repository, tmp_path: Path) -> None:
    repository.write("sub/model.keras", mlp(16))
    repository.commit_all()
    assert repository.tool("git", "install", cwd="sub").returncode == 0
    repository.git("worktree", "add", "-q", str(tmp_path / "second"))
    (tmp_path / "second/sub/model.keras").write_bytes(mlp(17))
    assert any("units=17" in line for line in changed(repository.git("diff", cwd="../second")))
    assert repository.tool("git", "status", cwd="../second").returncode == 0


def test_the_setting_of_somebody_else_is_not_overwritten(repository: Repository) -> None:
    repository.git("config", "diff.keras.textconv", "my-own-viewer")
    before = files(repository.folder.parent)
    said = refused(repository, "install")
    assert "my-own-viewer" in said
    assert "--unset" in said
    assert files(repository.folder.parent) == before
    repository.tool("git", "uninstall")
    assert repository.git("config", "diff.keras.textconv") == "my-own-viewer\n"


def test_without_driver_the_driver_is_taken_out(repository: Repository) -> None:
    repository.install("--driver")
    assert "git driver" in repository.git("config", "diff.keras.command")
    assert "unset diff.keras.command" in repository.install()
    assert repository.run("git", "config", "diff.keras.command").returncode == 1


def test_attributes_that_are_committed_are_enough(repository: Repository) -> None:
    repository.write(".gitattributes", "*.keras diff=keras\n*.h5 diff=keras\n*.hdf5 diff=keras\n")
    assert "attributes are set elsewhere" in repository.install()
    assert "diff=keras" not in files(repository.folder).get(".git/info/attributes", b"").decode()
    assert repository.tool("git", "status").returncode == 0


def test_status_tells_what_is_missing(repository: Repository) -> None:
    done = repository.tool("git", "status")
    assert (done.returncode, done.stderr) == (1, "")
    assert "*.keras: diff=unspecified  [not drawn]" in done.stdout
    assert "run 'keras-ascii git install'" in done.stdout
    repository.install("--global")
    repository.write(".gitattributes", "*.h5 diff=lfs\n")
    done = repository.tool("git", "status")
    assert done.returncode == 1
    assert "*.keras: diff=keras\n*.h5: diff=lfs  [not drawn]" in done.stdout
    repository.install("--local")
    assert repository.tool("git", "status").returncode == 0


def test_status_tells_of_another_release(repository: Repository) -> None:
    repository.install()
    command = repository.git("config", "diff.keras.textconv").strip()
    repository.git("config", "diff.keras.textconv", command.replace("--cache-key ", "--cache-key 0.0."))
    done = repository.tool("git", "status")
    assert done.returncode == 1
    assert "[of another release]" in done.stdout


def test_an_attributes_file_that_is_damaged_keeps_what_is_not_ours(repository: Repository) -> None:
    repository.install()
    path = repository.folder / ".git/info/attributes"
    path.write_text(path.read_text().replace("# End of what keras-ascii wrote.", "*.png diff=exif") + "*.c diff=cpp\n")
    repository.tool("git", "uninstall")
    assert path.read_text() == "*.png diff=exif\n*.c diff=cpp\n"


def test_an_attributes_file_that_is_not_utf8_is_left_alone(repository: Repository) -> None:
    repository.write(".git/info/attributes", b"caf\xe9 -diff\n")
    before = files(repository.folder.parent)
    assert "not UTF-8" in refused(repository, "install")
    assert files(repository.folder.parent) == before


def test_git_itself_may_be_missing(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "git is not installed" in refused(repository, "install", PATH=str(tmp_path / "empty"))
