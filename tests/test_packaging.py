"""What is installed, what an install needs, and what an import loads."""

from __future__ import annotations

import ast
import email
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_ascii_tools._version import __version__

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    "keras_ascii_tools": ROOT / "keras_ascii_tools",
    "sphinx_keras_ascii": ROOT / "sphinx_ext" / "sphinx_keras_ascii",
    "pytest_keras_ascii": ROOT / "pytest_plugin" / "pytest_keras_ascii",
}
DIST_INFO = f"keras_ascii_tools-{__version__}.dist-info"
# To be imported, if at all, inside the function that needs them.
HEAVY = {"fsspec", "h5py", "jax", "keras", "keras_sequential_ascii", "numpy", "rich", "tensorflow", "tf_keras", "torch"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = directory.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was installed into, with no place to get a dependency from."""
    directory = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--no-index"]
    subprocess.run([*pip, "--target", str(directory), str(wheel)], check=True, capture_output=True)
    return directory


def read(wheel: Path, name: str) -> str:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"{DIST_INFO}/{name}").decode()


def run(program: str, *flags: str) -> set[str]:
    """The words that a program prints, run by a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, *flags, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def loaded_by(statement: str, *paths: Path) -> set[str]:
    """The top-level modules outside the standard library that a statement loads, with these folders and no others."""
    start = f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}"
    return foreign(run(f"{start}\n{statement}\nprint(*sys.modules)", "-I", "-S")) - {"__main__"}


def foreign(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def imports_at_import_time(tree: ast.AST) -> Iterator[str]:
    """The top-level modules that code imports outside of functions, under `if TYPE_CHECKING:` too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module.partition(".")[0]
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imports_at_import_time(node)


def modules(package: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCES[package].rglob("*.py")):
        parts = [package, *path.relative_to(SOURCES[package]).with_suffix("").parts]
        yield ".".join(parts).removesuffix(".__init__"), path


def test_the_wheel_holds_the_three_packages_and_nothing_else(wheel: Path) -> None:
    expected = {
        f"{package}/{path.relative_to(source).as_posix()}"
        for package, source in SOURCES.items()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    of_wheel = {name for name in names if name.startswith(f"{DIST_INFO}/")}
    assert names - of_wheel == expected
    assert {f"{package}/py.typed" for package in SOURCES} <= names
    assert f"{DIST_INFO}/licenses/LICENSE" in of_wheel


def test_the_version_is_the_one_of_the_package(wheel: Path) -> None:
    assert email.message_from_string(read(wheel, "METADATA"))["Version"] == __version__


def test_every_dependency_is_an_extra(wheel: Path) -> None:
    required = email.message_from_string(read(wheel, "METADATA")).get_all("Requires-Dist", [])
    assert required
    assert [line for line in required if "; extra ==" not in line] == []


def test_the_entry_points_are_the_command_and_the_pytest_plugin(wheel: Path) -> None:
    assert read(wheel, "entry_points.txt").split("\n") == [
        "[console_scripts]",
        "keras-ascii = keras_ascii_tools.cli:main",
        "",
        "[pytest11]",
        "keras_ascii = pytest_keras_ascii.plugin",
        "",
    ]


def test_an_install_needs_no_other_distribution(installed: Path) -> None:
    assert {path.name for path in installed.iterdir()} == {*SOURCES, DIST_INFO, "bin"}


def test_the_packages_import_where_nothing_else_is_installed(installed: Path) -> None:
    assert loaded_by(f"import {', '.join(SOURCES)}", installed) == set(SOURCES)


def test_every_module_of_the_core_imports_with_the_standard_library_alone(installed: Path) -> None:
    names = [name for name, _ in modules("keras_ascii_tools") if not name.endswith(".__main__")]
    assert loaded_by(f"import {', '.join(names)}", installed) == {"keras_ascii_tools"}


def test_importing_the_core_loads_nothing_that_happens_to_be_installed() -> None:
    printed = run("import sys; before = set(sys.modules); import keras_ascii_tools; print(*set(sys.modules) - before)")
    assert foreign(printed) == {"keras_ascii_tools"}


def test_a_module_from_elsewhere_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "core.py").write_text("import json\nimport elsewhere.part\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "part.py").touch()
    assert loaded_by("import core", tmp_path) == {"core", "elsewhere"}


@pytest.mark.parametrize("package", SOURCES)
def test_nothing_heavy_is_imported_outside_of_functions(package: str) -> None:
    for _, path in modules(package):
        imported = set(imports_at_import_time(ast.parse(path.read_text(encoding="utf-8"))))
        assert not imported & HEAVY, path


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import json, keras.src as k", {"json", "keras"}),
        ("from keras.layers import Dense", {"keras"}),
        ("if TYPE_CHECKING:\n    import keras", {"keras"}),
        ("try:\n    import keras\nexcept ImportError:\n    import h5py", {"keras", "h5py"}),
        ("class A:\n    import keras", {"keras"}),
        ("def f():\n    import keras", set()),
        ("async def f():\n    import keras", set()),
    ],
)
def test_an_import_outside_of_functions_would_be_seen(code: str, expected: set[str]) -> None:
    assert set(imports_at_import_time(ast.parse(code))) == expected
