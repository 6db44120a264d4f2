"""The cache: shared, safe for two builds at once, and enough where there is no Keras."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sphinx_keras_ascii.cache import Cache
from sphinx_keras_ascii.processes import Answer
from sphinx_keras_ascii.requests import Request

from tests.sphinx_ext.projects import DRAWINGS, Project

PAGE = """
.. keras-ascii:: light.models:unet

.. keras-ascii:: light.models:make('chain')

:keras-ascii:`net.json|params`
"""
REQUEST = Request("code", "pkg:net")


@pytest.fixture
def cached(project: Project) -> Project:
    """A project whose cache is committed beside its pages."""
    project.conf("keras_ascii_cache_dir = '_models'")
    project.page(PAGE)
    project.write("docs/net.json", (DRAWINGS / "chain.json").read_text())
    return project


def entries(project: Project) -> list[Path]:
    return sorted((project.docs / "_models").iterdir())


def test_a_build_without_keras_has_the_cache(cached: Project) -> None:
    first = cached.build()
    again = cached.build(to="_elsewhere", keras_ascii_mode="cached")
    assert first.warnings == again.warnings == []
    assert again.text("index.html") == first.text("index.html")
    assert cached.imported() == 1


def test_what_is_not_in_the_cache_or_has_changed_is_warned_of(cached: Project) -> None:
    missing = cached.build(keras_ascii_mode="cached").warnings
    assert ["keras_ascii.cache" in line for line in missing] == [True, True]
    assert "no light-models-unet-" in missing[0]
    assert "light.models:unet is not in the cache" in missing[0]
    cached.build()
    cached.edit("light/models.py", "unet = make()", "unet = make('split')")
    stale = cached.build(keras_ascii_mode="cached")
    assert [line.split(": ")[0] for line in stale.warnings] == ["index.rst:5", "index.rst:7"]
    assert "../light/models.py has changed since" in stale.warnings[0]
    assert stale.text("index.html").count("no drawing:") == 2
    assert cached.imported() == 1


def test_line_ends_do_not_count(cached: Project) -> None:
    """A clone may have others."""
    cached.build()
    source = cached.package / "models.py"
    source.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
    assert cached.build(keras_ascii_mode="cached").warnings == []


def test_the_cache_can_be_moved_with_the_project(cached: Project, tmp_path: Path) -> None:
    cached.build()
    for entry in entries(cached):
        text = entry.read_text()
        assert str(cached.folder) not in text
        assert sorted(json.loads(text)["sources"]) == ["../light/__init__.py", "../light/models.py"]


def test_a_damaged_cache_heals(cached: Project) -> None:
    good = cached.build().text("index.html")
    contents = {entry: entry.read_bytes() for entry in entries(cached)}
    for damage in (b"", b"{", b"[]", b'{"schema": "keras-ascii/docs-cache", "version": "1.0"}', b"\xff\xfe"):
        for entry in contents:
            entry.write_bytes(damage)
        assert [line.split("[")[-1] for line in cached.build(to="_c", keras_ascii_mode="cached").warnings] == [
            "keras_ascii.cache]"
        ] * 2
        built = cached.build()
        assert built.warnings == []
        assert built.text("index.html") == good
        assert {entry: entry.read_bytes() for entry in entries(cached)} == contents
    # A model that is not the one that was stored.
    entry = entries(cached)[0]
    text = entry.read_text()
    entry.write_text(text.replace('"filters": ', '"filters": 1'))
    assert entry.read_text() != text
    assert cached.build().text("index.html") == good


def test_a_cache_that_cannot_be_written_does_not_keep_from_drawing(cached: Project) -> None:
    cached.write("docs/_models", "a file where the folder should be")
    built = cached.build("text")
    assert all("_models" in line and "keras_ascii.cache" in line for line in built.warnings)
    assert len(built.warnings) == 2
    assert "Dropout" in built.text("index.txt")


def test_static_reads_files_and_runs_nothing(cached: Project) -> None:
    cached.build()
    built = cached.build("text", keras_ascii_mode="static")
    assert [line.rsplit("[")[-1] for line in built.warnings] == ["keras_ascii.static]"] * 2
    assert "13,642" in built.text("index.txt")
    assert cached.imported() == 1


def test_off_draws_nothing_and_says_nothing(cached: Project) -> None:
    built = cached.build("text", keras_ascii_mode="off")
    assert built.warnings == []
    assert "no drawing: light.models:unet" in built.text("index.txt")
    assert cached.imported() == 0
    assert cached.build("text").text("index.txt").count("Dropout") == 1


def test_two_builds_at_once_do_not_disturb_each_other(cached: Project) -> None:
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda to: cached.command("-W", to=to), ("_one", "_two")))
    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * 2
    assert (cached.folder / "_one/index.html").read_bytes() == (cached.folder / "_two/index.html").read_bytes()
    assert [entry.suffix for entry in entries(cached)] == [".json"] * 2


def test_writers_and_readers_at_once_see_whole_entries(tmp_path: Path) -> None:
    """Many processes write and read one entry as fast as they can."""
    code = f"""
import sys
from pathlib import Path
from sphinx_keras_ascii.cache import Cache
from sphinx_keras_ascii.processes import Answer
from sphinx_keras_ascii.requests import Request
cache = Cache(Path({str(tmp_path)!r}), Path())
request = Request("code", "pkg:net")
for number in range(200):
    cache.put(Answer(request, '{{"model": [' + '"x",' * 2000 + sys.argv[1] + "]}}"), "key")
    assert cache.get(request, "key") is not None
"""
    cache = Cache(tmp_path, Path())
    cache.put(Answer(REQUEST, '{"model": []}'), "key")
    with ThreadPoolExecutor() as pool:
        writers = [
            pool.submit(subprocess.run, [sys.executable, "-c", code, str(number)], capture_output=True, check=True)
            for number in range(2)
        ]
        while not all(writer.done() for writer in writers):
            assert cache.get(REQUEST, "key") is not None
        for writer in writers:
            writer.result()
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path, Path())
    cache.put(Answer(REQUEST, '{"model": 1}'), "key")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        cache.put(Answer(REQUEST, '{"model": 2}'), "key")
    entry = cache.get(REQUEST, "key")
    assert entry is not None
    assert entry.graph == '{"model": 1}'
    assert len(list(tmp_path.iterdir())) == 1


def test_settings_that_change_models_have_entries_of_their_own(cached: Project) -> None:
    cached.write(
        "light/models.py",
        f"""
        import os
        import keras_ascii_tools as kat
        def make(name="unet"):
            return kat.read({str(DRAWINGS)!r} + "/" + os.environ.get("NET", name) + ".json")
        unet = make()
        """,
    )
    assert "Bidirectional" not in cached.build("text").text("index.txt")
    assert "Bidirectional" in cached.build("text", keras_ascii_env={"NET": "wrappers"}).text("index.txt")
    setup = "import os; os.environ['NET'] = 'wrappers'"
    assert "Bidirectional" in cached.build("text", keras_ascii_setup_code=setup).text("index.txt")
    assert len(entries(cached)) == 6
