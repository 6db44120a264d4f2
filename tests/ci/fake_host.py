"""A host of reviews over HTTP, as far as `keras-ascii ci` talks to it: GitHub's comments, GitLab's notes."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = {"login": "github-actions[bot]", "type": "Bot", "id": 1}
SOMEBODY = {"login": "somebody", "type": "User", "id": 2}


class FakeHost:
    """Keeps comments; refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.tokens: set[str] = set()
        self.refuse: dict[str, tuple[int, str]] = {}
        """By the start of `METHOD path`, the status and the message to answer with."""
        self.broken: dict[str, int] = {}
        """By the start of `METHOD path`, how often to answer with 502 first."""
        self.user: dict[str, Any] | None = None
        """Whose token it is; `None`: one of a workflow, which may not ask."""
        self.redirect = ""
        self._next = 100

    def add(self, body: str, user: dict[str, Any] = SOMEBODY) -> int:
        self._next += 1
        self.comments.append({"id": self._next, "body": body, "user": user, "author": user})
        return self._next

    def bodies(self, user: dict[str, Any] = BOT) -> list[str]:
        return [comment["body"] for comment in self.comments if comment["user"] == user]

    def answer(self, method: str, target: str, body: dict[str, Any]) -> tuple[int, Any]:
        url = urlsplit(target)
        for start, (status, message) in self.refuse.items():
            if f"{method} {url.path}".startswith(start):
                return status, {"message": message}
        for start, times in self.broken.items():
            if f"{method} {url.path}".startswith(start) and times:
                self.broken[start] -= 1
                return 502, "<html>Bad gateway</html>"
        if url.path == "/user":
            return (
                (403, {"message": "Resource not accessible by integration"}) if self.user is None else (200, self.user)
            )
        thread = re.fullmatch(r"/repos/o/r/issues/7/comments|/projects/42/merge_requests/7/notes", url.path)
        one = re.fullmatch(r"/repos/o/r/issues/comments/(\d+)|/projects/42/merge_requests/7/notes/(\d+)", url.path)
        if thread and method == "GET":
            query = parse_qs(url.query)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.comments[size * (page - 1) : size * page]
        if thread and method == "POST":
            if len(body["body"]) > 65_536:
                return 422, {"message": "Body is too long (maximum is 65536 characters)"}
            self.add(body["body"], self.user or BOT)
            return 201, self.comments[-1]
        found = [comment for comment in self.comments if one and str(comment["id"]) in one.groups()]
        if not found:
            return 404, {"message": "Not Found"}
        if method == "DELETE":
            self.comments.remove(found[0])
            return 204, None
        found[0]["body"] = body["body"]
        return 200, found[0]


@contextmanager
def serving(host: FakeHost) -> Iterator[str]:
    """Serve a host on this machine; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            host.requests.append(f"{self.command} {urlsplit(self.path).path}")
            host.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            if host.redirect:
                self.send_response(302)
                self.send_header("Location", host.redirect)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, answer = host.answer(self.command, self.path, body)
            data = (
                b"" if answer is None else answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815 - the names of http.server

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
