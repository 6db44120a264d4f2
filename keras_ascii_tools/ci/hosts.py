"""Comments on GitHub and on GitLab, by their APIs; and what their CI says of the review that it runs for."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from keras_ascii_tools.ci.comments import Comment, Thread
from keras_ascii_tools.ci.http import Api, ApiError
from keras_ascii_tools.errors import SourceError

__all__ = ["GitHubThread", "GitLabThread", "Review", "review_of"]

_PAGE = 100
_MAX_PAGES = 100
_GITHUB = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Review:
    """The review that a CI job runs for."""

    base: str | None
    """The commit that it starts from, where CI says it."""
    thread: Thread | None
    """`None`: there is no token, or no review but a push."""
    why_no_thread: str = ""


def review_of(environment: Mapping[str, str]) -> Review:
    """Look what CI says; outside of CI there is nothing known.

    Raises:
        SourceError: CI says something that cannot be.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment)
    if environment.get("GITLAB_CI") == "true":
        return _gitlab(environment)
    return Review(None, None, "not in the CI of GitHub or GitLab")


def _github(environment: Mapping[str, str]) -> Review:
    event = _event(environment.get("GITHUB_EVENT_PATH", ""))
    request = event.get("pull_request")
    if not isinstance(request, dict):
        before = event.get("before")
        pushed = before if isinstance(before, str) and before.strip("0") else None
        return Review(pushed, None, "no pull request")
    request = cast("dict[str, Any]", request)
    try:
        base, number = str(request["base"]["sha"]), int(request["number"])
    except (KeyError, TypeError, ValueError):
        raise SourceError("the event of GitHub says of the pull request neither its base nor its number") from None
    token, repository = environment.get("GITHUB_TOKEN", ""), environment.get("GITHUB_REPOSITORY", "")
    if not token or not repository:
        return Review(base, None, "no token")
    api = Api(
        environment.get("GITHUB_API_URL") or _GITHUB,
        {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"},
    )
    return Review(base, GitHubThread(api, repository, number))


def _event(path: str) -> dict[str, Any]:
    try:
        event: object = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError) as error:
        raise SourceError(f"the event of GitHub cannot be read: {error}") from error
    return cast("dict[str, Any]", event) if isinstance(event, dict) else {}


def _gitlab(environment: Mapping[str, str]) -> Review:
    base = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or None
    number = environment.get("CI_MERGE_REQUEST_IID", "")
    if not number.isdecimal():
        return Review(base or environment.get("CI_COMMIT_BEFORE_SHA") or None, None, "no merge request")
    token = environment.get("GITLAB_TOKEN", "")
    if not token:
        return Review(base, None, "no token: set GITLAB_TOKEN; the token of the job may not write notes")
    api = Api(environment.get("CI_API_V4_URL", ""), {"PRIVATE-TOKEN": token})
    return Review(base, GitLabThread(api, environment.get("CI_PROJECT_ID", ""), int(number)))


class GitHubThread:
    """The comments of a pull request."""

    max_chars = 65_536

    def __init__(self, api: Api, repository: str, number: int) -> None:
        owner, _, name = repository.partition("/")
        root = f"/repos/{urllib.parse.quote(owner, safe='')}/{urllib.parse.quote(name, safe='')}/issues"
        self._api = api
        self._thread = f"{root}/{number}/comments"
        self._comment = f"{root}/comments"

    def comments(self) -> list[Comment]:
        """Return all, the oldest first."""
        own = self._login()
        return [
            Comment(int(found["id"]), str(found.get("body") or ""), _is_own(found.get("user"), own))
            for found in _pages(self._api, self._thread)
        ]

    def _login(self) -> str | None:
        """Whose token it is; that of a workflow belongs to a bot, which may not ask."""
        try:
            user = self._api.ask("GET", "/user")
        except ApiError as error:
            if error.status == 403:
                return None
            raise
        return str(cast("dict[str, Any]", user).get("login")) if isinstance(user, dict) else None

    def create(self, body: str) -> None:
        """Write one more."""
        self._api.ask("POST", self._thread, {"body": body})

    def update(self, comment: Comment, body: str) -> None:
        """Change one."""
        self._api.ask("PATCH", f"{self._comment}/{comment.id}", {"body": body})

    def delete(self, comment: Comment) -> None:
        """Take one away."""
        self._api.ask("DELETE", f"{self._comment}/{comment.id}")


def _is_own(user: Any, login: str | None) -> bool:
    """Whether a comment is ours: a token that may write may change everybody's, and must not."""
    if not isinstance(user, dict):
        return False
    known = cast("dict[str, Any]", user)
    return known.get("login") == login if login is not None else known.get("type") == "Bot"


class GitLabThread:
    """The notes of a merge request."""

    max_chars = 1_000_000

    def __init__(self, api: Api, project: str, number: int) -> None:
        self._api = api
        self._notes = f"/projects/{urllib.parse.quote(project, safe='')}/merge_requests/{number}/notes"

    def comments(self) -> list[Comment]:
        """Return all, the oldest first."""
        user = self._api.ask("GET", "/user")
        own = cast("dict[str, Any]", user).get("id") if isinstance(user, dict) else None
        return [
            Comment(int(note["id"]), str(note.get("body") or ""), own is not None and _author(note) == own)
            for note in _pages(self._api, self._notes, "&sort=asc&order_by=created_at")
        ]

    def create(self, body: str) -> None:
        """Write one more."""
        self._api.ask("POST", self._notes, {"body": body})

    def update(self, comment: Comment, body: str) -> None:
        """Change one."""
        self._api.ask("PUT", f"{self._notes}/{comment.id}", {"body": body})

    def delete(self, comment: Comment) -> None:
        """Take one away."""
        self._api.ask("DELETE", f"{self._notes}/{comment.id}")


def _author(note: dict[str, Any]) -> Any:
    author = note.get("author")
    return cast("dict[str, Any]", author).get("id") if isinstance(author, dict) else None


def _pages(api: Api, path: str, more: str = "") -> Iterator[dict[str, Any]]:
    """Go through a list, page by page. Their number is counted, because links may lead elsewhere."""
    for page in range(1, _MAX_PAGES + 1):
        found = api.ask("GET", f"{path}?per_page={_PAGE}&page={page}{more}")
        if not isinstance(found, list):
            raise ApiError("the host did not answer with a list of comments")
        for item in found:  # pyright: ignore[reportUnknownVariableType]
            if isinstance(item, dict) and isinstance(cast("dict[str, Any]", item).get("id"), int):
                yield cast("dict[str, Any]", item)
        if len(found) < _PAGE:  # pyright: ignore[reportUnknownArgumentType]
            return
