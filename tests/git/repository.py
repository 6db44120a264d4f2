"""Temporary repositories of a real git, with nobody's own configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.core.read.archives import archive
from tests.core.read.configs import layer, sequential, source

ROOT = Path(__file__).parents[2]


def mlp(*units: int, features: int = 8, name: str = "mlp", counter: int = 1, saved: str = "2026-01-01@00:00") -> bytes:
    """A `.keras` file of dense layers, as Keras writes it but for the weights, which nothing here needs."""
    layers = [source("features", [None, features])]
    layers += [
        layer("Dense", f"dense_{number}", units=size, activation="relu", use_bias=True)
        for number, size in enumerate(units, counter)
    ]
    metadata = {"keras_version": "3.15.0", "date_saved": saved}
    config = sequential(layers, name=name)
    return archive({"metadata.json": json.dumps(metadata).encode(), "config.json": json.dumps(config).encode()})


class Repository:
    """A repository in a folder of its own; its user has a home of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.home = folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("GIT", "XDG_", "CI"))},
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "LC_ALL": "C.UTF-8",
        }
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Somebody")
        self.git("config", "user.email", "somebody@example.org")

    def run(self, *command: str, cwd: str = ".", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.folder / cwd,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        out, err = (stream.decode("utf-8", "backslashreplace") for stream in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def git(self, *arguments: str, cwd: str = ".") -> str:
        """Run git, which must work."""
        done = self.run("git", *arguments, cwd=cwd)
        assert done.returncode == 0, f"git {arguments}: {done.stderr}"
        return done.stdout

    def tool(self, *arguments: str, cwd: str = ".", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run keras-ascii."""
        return self.run(sys.executable, "-P", "-m", "keras_ascii_tools", *arguments, cwd=cwd, **environment)

    def install(self, *arguments: str) -> str:
        done = self.tool("git", "install", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def commit(self, **files: bytes | str) -> None:
        """Commit files; `model_keras` stands for `model.keras`."""
        for name, content in files.items():
            self.write(name.replace("_", ".", 1), content)
        self.commit_all()

    def commit_all(self, message: str = "Change models") -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)


def changed(diff: str) -> list[str]:
    """The lines that a diff adds or removes, blanks squeezed."""
    lines = (line for line in diff.splitlines() if line.startswith(("+", "-")) and not line.startswith(("+++", "---")))
    return [" ".join(line.split()) for line in lines]
