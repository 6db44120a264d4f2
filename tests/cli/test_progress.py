"""What is seen on a terminal while a slow server sends a file."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

from tests.cli.test_show import ROOT, run
from tests.core.read.server import serving
from tests.core.read.test_remote import model


def test_a_slow_server_is_seen_at_work_and_then_no_more() -> None:
    master, slave = pty.openpty()
    with serving({"/model": model(4_000)}, {"/model": "slow"}) as server:
        done = subprocess.run(
            [sys.executable, "-m", "keras_ascii_tools", "show", f"{server.url}/model?token=secret"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=slave,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            timeout=120,
            check=True,
        )
        url = server.url
    os.close(slave)
    seen = os.read(master, 1 << 16).decode()
    os.close(master)
    assert done.stdout.decode().startswith("(Sequential)")
    assert f"{url}/model: " in seen
    assert " of 11.7 MiB" in seen
    assert seen.endswith("\r\x1b[K")
    assert "secret" not in seen


def test_where_it_is_no_terminal_nothing_is_said() -> None:
    with serving({"/model": model(4_000)}, {"/model": "slow"}) as server:
        done = run("show", f"{server.url}/model", "--summary")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{server.url}/model" in done.stdout


def test_several_urls_are_read_in_their_order() -> None:
    files = {f"/{number}": model(rows=number + 1) for number in range(9)}
    with serving(files, {"/4": "403"}) as server:
        done = run("show", *(f"{server.url}{path}?secret" for path in files), "--summary", "--format", "json")
        checked = run("check", f"{server.url}/4?secret", "--format", "json")
    assert "secret" not in done.stdout + done.stderr + checked.stdout + checked.stderr
    document = json.loads(done.stdout)
    assert [row["params"] for row in document["models"]] == [3 * 256 * (n + 1) for n in range(9) if n != 4]
    assert [failure["target"] for failure in document["failed"]] == [f"{server.url}/4"]
    assert done.stderr == f"keras-ascii: {server.url}/4: the server does not allow it (403)\n"
