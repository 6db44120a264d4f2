"""A local HTTP server for tests: with ranges, or with one of the faults that servers have."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Source = bytes | None


@dataclass
class Server:
    """What is served, how, and what was asked for."""

    files: dict[str, bytes]
    faults: dict[str, str] = field(default_factory=dict)
    """Path -> what is wrong there; see `_Handler`."""
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    """(method, path, range) of each."""
    sent: int = 0
    """Bytes of bodies."""
    url: str = ""
    release: threading.Event = field(default_factory=threading.Event)
    """Lets those go on that were kept waiting."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        state = self.state
        asked = self.headers.get("Range", "")
        path = self.path.partition("?")[0]
        state.requests.append((self.command, self.path, asked))
        fault = state.faults.get(path, "")
        if fault.isdigit():
            self._answer(int(fault), b"no" * 500_000)  # a long page, which nobody should read
        elif fault.startswith("redirect"):
            where = self.path if fault == "redirect for ever" else fault.partition(" ")[2]
            self._answer(302, b"", Location=where)
        elif fault == "silent":
            state.release.wait(30)
        elif path not in state.files:
            self._answer(404, b"not here")
        else:
            self._serve(state.files[path], asked, fault)

    def _serve(self, data: bytes, asked: str, fault: str) -> None:
        number = len(self.state.requests)
        if not asked or fault in ("no ranges", "no ranges, no length", "no ranges, too short"):
            if fault == "no ranges, no length":
                self._answer(200, data, length=None)
            else:
                sent = data[: len(data) // 2] if fault == "no ranges, too short" else data
                self._answer(200, sent, length=len(data))
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last), len(data) - 1)
        if start >= len(data):
            self._answer(416, b"", **{"Content-Range": f"bytes */{len(data)}"})
            return
        body, total, tag = data[start : end + 1], len(data), '"1"'
        if number > 1:
            body = {"short ranges": body[: len(body) // 2], "long ranges": body + bytes(1 << 20)}.get(fault, body)
            total += fault == "grows"
            start += fault == "other range"
            tag = '"2"' if fault == "changes" else tag
            if fault == "stops ranges":
                self._answer(200, data)
                return
            if fault == "silent later":
                self.state.release.wait(30)
                return
        if fault == "slow":
            self._slowly(data)
            return
        if fault == "trickles":
            self._trickle(body, total)
            return
        self._answer(206, body, ETag=tag, **{"Content-Range": f"bytes {start}-{end}/{total}"})

    def _slowly(self, data: bytes) -> None:
        """Send the whole file within two seconds, as a server without ranges."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        for at in range(0, len(data), len(data) // 9):
            self.wfile.write(data[at : at + len(data) // 9])
            self.state.release.wait(0.2)

    def _trickle(self, body: bytes, total: int) -> None:
        self.send_response(206)
        self.send_header("Content-Range", f"bytes 0-{len(body) - 1}/{total}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            if self.state.release.wait(0.05):
                return
            self.wfile.write(bytes([byte]))

    def _answer(self, status: int, body: bytes, length: int | None = -1, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
            self.state.sent += len(body)
        if length is None or length > len(body):
            self.close_connection = True


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that goes away is what some tests are about


@contextmanager
def serving(files: dict[str, bytes], faults: dict[str, str] | None = None) -> Iterator[Server]:
    """Serve files from this process on a free port."""
    state = Server(files, faults or {})
    handler = type("Handler", (_Handler,), {"state": state})
    server = _Quiet(("127.0.0.1", 0), handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
