"""Runs the process that makes models, and gives up on it in time. Knows nothing of Sphinx.

One process makes all models; another one is started only if it died or had to be ended, for those that are left.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sphinx_keras_ascii.requests import Problem, Request

__all__ = ["Answer", "Workplace", "make_models"]


@dataclass(frozen=True, slots=True)
class Workplace:
    """How a model-making process is run."""

    folder: Path
    """Working directory; targets that are files are relative to it."""
    python: str = sys.executable
    path: tuple[str, ...] = ()
    """What comes first in `sys.path`."""
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    setup: str = ""
    """Code that is executed once, before any model is made."""
    timeout: float = 300.0
    """Seconds for one model, imports included."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request."""

    request: Request
    graph: str | None
    """As a JSON document of the core."""
    sources: tuple[str, ...] = ()
    """Files of the project that it comes from, as absolute paths."""
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    how: str = ""
    """How the graph was obtained."""
    problem: Problem | None = None


def make_models(requests: Sequence[Request], place: Workplace) -> Iterator[Answer]:
    """Make models; yield an answer for each request, in their order."""
    left = list(requests)
    while left:
        answered = 0
        for answer in _one_process(left, place):
            answered += 1
            yield answer
        left = left[answered:]


def _one_process(requests: Sequence[Request], place: Workplace) -> Iterator[Answer]:
    """Answer at least the first request; fewer than all if the process does not live so long."""
    with tempfile.TemporaryFile() as said:
        try:
            process = _start(place, said)
        except OSError as error:
            reason = f"cannot start {place.python}: {error.strerror or error}"
            yield from (_failed(request, "worker", reason) for request in requests)
            return
        try:
            yield from _conversation(process, requests, place, said)
        finally:
            _end(process)


def _conversation(process: Any, requests: Sequence[Request], place: Workplace, said: Any) -> Iterator[Answer]:
    lines = _lines_of(process)
    job = {
        "path": place.path,
        "setup": place.setup,
        "requests": [{**asdict(request), "key": str(number)} for number, request in enumerate(requests)],
    }
    threading.Thread(target=_send, args=(process, job), daemon=True).start()
    for number, request in enumerate(requests):
        message: dict[str, Any] = {}
        start = 0
        while "end" not in message:
            try:
                line = lines.get(timeout=place.timeout)
            except queue.Empty:
                yield _failed(request, "timeout", f"not ready after {place.timeout:g} s (keras_ascii_timeout)")
                return
            if line is None:
                yield _failed(request, "worker", _last_words(process, said, place, start))
                return
            message = json.loads(line)
            start = message.get("said", start)
            if message.get("setup"):
                reason = f"keras_ascii_setup_code raised {message['setup']}"
                yield from (_failed(each, "worker", reason) for each in requests)
                return
        if message["end"] != str(number):
            raise RuntimeError(f"the process answered {message['end']} and was asked {number}")
        yield _answer(request, message)


def _answer(request: Request, message: Mapping[str, Any]) -> Answer:
    if "problem" in message:
        return _failed(request, message["problem"], message["text"])
    return Answer(request, message["graph"], tuple(message["sources"]), message["versions"], message["how"])


def _failed(request: Request, subtype: str, text: str) -> Answer:
    """A problem that says which model it is about, unless that is clear from the line."""
    place = request.target.rpartition(":")[0]
    named = request.kind == "inline" or place in text
    return Answer(request, None, problem=Problem(subtype, text if named else f"{request.name}: {text}"))


def _start(place: Workplace, said: Any) -> subprocess.Popen[bytes]:
    environment = {"PYTHONHASHSEED": "0", **os.environ, **place.env}
    environment["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    if os.path.samefile(place.python, sys.executable) if os.path.exists(place.python) else False:
        # Where Sphinx found us, whatever its way was.
        found = [str(Path(__file__).resolve().parents[1]), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, found))
    return subprocess.Popen(
        [place.python, "-P", "-m", "sphinx_keras_ascii.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        cwd=place.folder,
        env=environment,
        start_new_session=True,
    )


def _send(process: subprocess.Popen[bytes], job: Mapping[str, Any]) -> None:
    if process.stdin is None:
        return
    with contextlib.suppress(OSError), process.stdin as stream:  # it may have died
        stream.write(json.dumps(job).encode())


def _lines_of(process: subprocess.Popen[bytes]) -> queue.Queue[bytes | None]:
    """Lines that the process writes, and `None` when it writes no more."""
    lines: queue.Queue[bytes | None] = queue.Queue()

    def read() -> None:
        if process.stdout is not None:
            with contextlib.suppress(ValueError):
                for line in process.stdout:
                    lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _last_words(process: subprocess.Popen[bytes], said: Any, place: Workplace, start: int) -> str:
    """Why a process that is no more is no more, in one line; what it said before `start` was about something else."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    said.seek(start)
    text = said.read()[-10_000:].decode("utf-8", "replace")
    if "No module named" in text and "keras_ascii" in text:
        return f"{place.python} has no keras-ascii-tools; install it there, or change keras_ascii_python"
    words = [line.strip() for line in text.splitlines() if line.strip()]
    last = f": {words[-1][:300]}" if words else ""
    return f"the process that makes models {_ended(process.returncode)}{last}"


def _ended(status: int | None) -> str:
    """`was ended by SIGSEGV`, where there are signals."""
    with contextlib.suppress(ValueError):
        if status is not None and status < 0:
            return f"was ended by {signal.Signals(-status).name}"
    return f"ended with exit status {status}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and what it started."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
