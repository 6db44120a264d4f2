"""Files behind HTTP, from a server of our own that counts what it is asked for."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from keras_ascii_tools import read
from keras_ascii_tools.check import check_source
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.remote import open_remote, shown_url, watching
from keras_ascii_tools.read.sources import read_window
from keras_ascii_tools.read.target import read_bytes
from tests.core.read.archives import archive
from tests.core.read.configs import layer, sequential, source
from tests.core.read.server import Server, serving

ROOT = Path(__file__).parents[3]


def model(rows: int = 8, layers: int = 3) -> bytes:
    """An archive of layers from outside Keras, whose arrays only the file can tell."""
    import h5py
    import numpy

    names = [f"scale_{number}" for number in range(layers)]
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        for number, name in enumerate(names):
            group = file.create_group(f"layers/scale{f'_{number}' if number else ''}")
            group.attrs["name"] = name
            group.create_group("vars").attrs["name"] = name
            group["vars"].create_dataset("0", data=numpy.zeros((rows, 256), "float32"))
    config = sequential(
        [
            source("image", [None, 256]),
            *(layer("Scale", name, module="mine", build_config={"input_shape": [None, 256]}) for name in names),
        ]
    )
    metadata = {"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}
    parts = {"metadata.json": metadata, "config.json": config}
    return archive(
        {**{name: json.dumps(part).encode() for name, part in parts.items()}, "model.weights.h5": made.getvalue()}
    )


def read_from(server: Server, path: str, timeout: float = 0.5) -> Any:
    with open_remote(server.url + path, timeout=timeout) as window:
        return read_window(window, "x")


def refused(fault: str, path: str = "/model") -> str:
    with serving({"/model": model(1_000)}, {"/model": fault}) as server, pytest.raises(SourceError) as caught:
        read_from(server, path)
    message = str(caught.value)
    assert "\n" not in message
    assert server.url not in message
    return message


def test_of_a_file_of_100_mb_less_than_a_hundredth_is_fetched() -> None:
    data = model(10_000, 10)
    assert len(data) > 100_000_000
    with serving({"/model": data}) as server:
        graph = read_from(server, "/model", 20)
        assert graph.params == 10 * 10_000 * 256
        assert server.sent < len(data) / 100
        assert len(server.requests) < 20
        assert {method for method, _, _ in server.requests} == {"GET"}
        assert all(asked for _, _, asked in server.requests)
    assert graph == read_bytes(data, "the same here")


def test_a_small_file_is_fetched_at_once() -> None:
    with serving({"/model": model()}) as server:
        assert read_from(server, "/model").params == 3 * 8 * 256
        assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["no ranges", "no ranges, no length"])
def test_a_server_without_ranges_sends_the_file_once(fault: str) -> None:
    data = model(1_000)
    with serving({"/model": data}, {"/model": fault}) as server:
        assert read_from(server, "/model").params == 3 * 1_000 * 256
        assert len(server.requests) == 1
        assert server.sent == len(data)


def test_a_redirect_is_followed() -> None:
    with serving({"/model": model()}, {"/from": "redirect /model"}) as server:
        assert read_from(server, "/from").params == 3 * 8 * 256


def test_no_more_is_taken_than_was_asked_for() -> None:
    with serving({"/model": model(1_000)}, {"/model": "long ranges"}) as server:
        assert read_from(server, "/model").params == 3 * 1_000 * 256


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("401", "the server does not allow it (401)"),
        ("403", "the server does not allow it (403)"),
        ("404", "there is no such file"),
        ("429", "the server cannot give it (429)"),
        ("500", "the server cannot give it (500)"),
        ("redirect for ever", "leads from one address to the next"),
        ("redirect http://127.0.0.1:9/x", "no answer: Connection refused"),
        ("silent", "the server did not answer within 0.5 seconds"),
        ("silent later", "the server did not answer within 0.5 seconds"),
        ("trickles", "the server did not answer within 0.5 seconds"),
        ("no ranges, too short", "the server stopped in the middle of the file"),
        ("short ranges", "became shorter while it was read"),
        ("grows", "the file was changed while it was read"),
        ("changes", "the file was changed while it was read"),
        ("other range", "another part of the file than it was asked for"),
        ("stops ranges", "another part of the file than it was asked for"),
    ],
)
def test_each_fault_of_a_server_gets_one_line(fault: str, said: str) -> None:
    assert said in refused(fault)


@pytest.mark.parametrize("fault", ["403", "404"])
def test_a_refusal_lets_the_connection_go(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else aiohttp complains on standard error, whenever Python happens to collect the connection."""
    aiohttp = pytest.importorskip("aiohttp")
    responses: list[Any] = []
    start = aiohttp.ClientResponse.start

    async def noted(response: Any, connection: Any) -> Any:
        responses.append(response)
        return await start(response, connection)

    monkeypatch.setattr(aiohttp.ClientResponse, "start", noted)
    refused(fault)
    assert responses
    assert all(response.connection is None for response in responses)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9/x", "http://127.0.0.1:9/x: no answer: Connection refused"),
        ("http://", "not a URL that can be asked for"),
        ("https://[::1", "Invalid IPv6 URL"),
        ("no-such-scheme://x", "no-such-scheme:// is no scheme that fsspec knows"),
        ("memory://nothing/here", "memory://nothing/here: there is no such file"),
        ("file:///no/such/file", "file:///no/such/file: No such file or directory"),
        (f"file://{ROOT}", "a directory; expected a file"),
    ],
)
def test_what_cannot_be_asked_for_gets_one_line(url: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(url)
    assert said in str(caught.value)
    assert "a target is a file" not in str(caught.value)


def test_an_empty_file_is_said_to_be_empty() -> None:
    with serving({"/empty": b""}) as server, pytest.raises(SourceError, match="empty"):
        read_from(server, "/empty")


def test_other_schemes_are_read_too(tmp_path: Path) -> None:
    import fsspec

    data = model()
    with fsspec.open("memory://models/model.keras", "wb") as file:
        file.write(data)
    (tmp_path / "model.keras").write_bytes(data)
    assert (
        read("memory://models/model.keras") == read(f"file://{tmp_path}/model.keras") == read(tmp_path / "model.keras")
    )
    with pytest.raises(SourceError, match="a directory without a model in it"):
        read("memory://models")


def test_a_folder_elsewhere_is_one_model() -> None:
    import fsspec

    with zipfile.ZipFile(io.BytesIO(model())) as parts:
        for name in parts.namelist():
            with fsspec.open(f"memory://unzipped/{name}", "wb") as file:
                file.write(parts.read(name))
    graph = read("memory://unzipped")
    assert graph == read_bytes(model(), "x")
    with open_remote("memory://unzipped/") as source:
        assert check_source(source, "x").format == "Keras folder"


def test_who_watches_is_told_how_far_it_is() -> None:
    told: list[tuple[int, int | None]] = []
    data = model(1_000)
    with serving({"/model": data}, {"/whole": "no ranges", "/model": ""}) as server:
        server.files["/whole"] = data
        token = watching.set(lambda fetched, total: told.append((fetched, total)))
        try:
            read_from(server, "/model")
            assert told
            assert all(total is None for _, total in told)
            told.clear()
            read_from(server, "/whole")
            assert told[-1] == (len(data), len(data))
        finally:
            watching.reset(token)


def test_secrets_of_a_url_are_not_shown() -> None:
    assert (
        shown_url("https://me:secret@host.example:8443/a/b.keras?token=secret#x")
        == "https://host.example:8443/a/b.keras"
    )
    with serving({}) as server, pytest.raises(SourceError) as caught:
        read(server.url.replace("//", "//me:secret@") + "/model?token=secret")
    assert "secret" not in str(caught.value)


def test_without_fsspec_it_is_said_how_to_get_it() -> None:
    program = (
        "import sys; sys.modules['fsspec'] = None\nfrom keras_ascii_tools.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "show", "https://example.org/model.keras"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "keras-ascii: https://example.org/model.keras: "
        "files elsewhere need fsspec: pip install 'keras-ascii-tools[remote]'\n"
    )
