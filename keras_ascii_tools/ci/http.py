"""JSON over HTTP to one host, with the standard library. Knows nothing of what it is about.

A token goes to the host that it is for and to no other: redirects are not followed.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from keras_ascii_tools.errors import KerasAsciiError
from keras_ascii_tools.escape import visible

__all__ = ["Api", "ApiError"]

_TIMEOUT = 30
_TRIES = 3
_LONGEST_WAIT = 20
_AGAIN = frozenset({429, 500, 502, 503, 504})
_MAX_BYTES = 64 << 20


class ApiError(KerasAsciiError):
    """The host did not do what it was asked for."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status
        """Of HTTP; 0 if there was no answer."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Api:
    """The API of one host."""

    def __init__(self, root: str, headers: Mapping[str, str], *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Remember where it is.

        Args:
            root: `https://api.example.org`.
            headers: Sent along each time; the token is one of them.
            sleep: Waits before another try.
        """
        if urllib.parse.urlsplit(root).scheme not in {"https", "http"}:
            raise ApiError(f"expected the address of an API, got {visible(root)!r}")
        self._root = root.rstrip("/")
        self._headers = {"Accept": "application/json", "User-Agent": "keras-ascii", **headers}
        self._sleep = sleep
        self._opener = urllib.request.build_opener(_NoRedirect)

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Send a request, and return what the answer says; `None` if it says nothing.

        Raises:
            ApiError: No answer, an answer that is no JSON, or a status that is no success.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return self._once(method, path, body)
            except ApiError as error:
                # What creates something is not done twice: the answer alone may have been lost.
                again = error.status in _AGAIN and (method != "POST" or error.status == 429)
                if attempt == _TRIES or not again:
                    raise
                self._sleep(min(2.0**attempt, _LONGEST_WAIT))
        raise ApiError("no answer")

    def _once(self, method: str, path: str, body: Mapping[str, object] | None) -> Any:
        data = None if body is None else json.dumps(body).encode("ascii")
        headers = {**self._headers, **({} if data is None else {"Content-Type": "application/json"})}
        request = urllib.request.Request(self._root + path, data, headers, method=method)
        what = f"{method} {self._root}{path.partition('?')[0]}"
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                text = answer.read(_MAX_BYTES)
        except urllib.error.HTTPError as error:
            with error:
                said = _message(error.read(10_000))
            raise ApiError(f"{what}: {error.code} {said or error.reason}", error.code) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise ApiError(f"{what}: {visible(str(reason)) or type(error).__name__}") from None
        try:
            return json.loads(text) if text.strip() else None
        except ValueError:
            raise ApiError(f"{what}: the answer is no JSON") from None


def _message(text: bytes) -> str:
    """What an error says for itself: `{"message": "Bad credentials"}`."""
    try:
        document = json.loads(text)
        found = document.get("message") or document.get("error") or ""
    except (ValueError, AttributeError):
        return ""
    return visible(found if isinstance(found, str) else json.dumps(found))[:300]
