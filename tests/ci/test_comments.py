"""One comment that is kept up to date, against a host over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from keras_ascii_tools.ci.comments import keep_comment, marker
from keras_ascii_tools.ci.hosts import GitHubThread, GitLabThread
from keras_ascii_tools.ci.http import Api, ApiError
from keras_ascii_tools.errors import OptionError
from tests.ci.fake_host import BOT, SOMEBODY, FakeHost, serving

MARK = marker("models")


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def api(host: FakeHost) -> Iterator[Api]:
    waited: list[float] = []
    with serving(host) as address:
        yield Api(address, {"Authorization": "Bearer secret"}, sleep=waited.append)


@pytest.fixture
def thread(api: Api) -> GitHubThread:
    return GitHubThread(api, "o/r", 7)


def test_a_comment_is_made_changed_and_taken_away(host: FakeHost, thread: GitHubThread) -> None:
    assert keep_comment(thread, MARK, None) == "nothing to say"
    assert keep_comment(thread, MARK, "one\n") == "created"
    assert keep_comment(thread, MARK, "one\n") == "unchanged"
    assert keep_comment(thread, MARK, "two\n") == "updated"
    assert host.bodies() == [f"{MARK}two\n"]
    assert keep_comment(thread, MARK, None) == "removed"
    assert host.comments == []
    assert host.tokens == {"Bearer secret"}


def test_it_is_found_among_five_pages_of_others(host: FakeHost, thread: GitHubThread) -> None:
    for number in range(450):
        host.add(f"comment {number}")
    host.add(f"{MARK}old", BOT)
    for number in range(20):
        host.add(f"later {number}")
    assert keep_comment(thread, MARK, "new") == "updated"
    assert host.bodies() == [f"{MARK}new"]
    assert sum(request.startswith("GET /repos") for request in host.requests) == 5


def test_the_comment_of_somebody_else_is_left_alone(host: FakeHost, thread: GitHubThread) -> None:
    host.add(f"{MARK}I quote the bot", SOMEBODY)
    host.add(f"look: {MARK}", BOT)
    assert keep_comment(thread, MARK, "mine") == "created"
    assert host.bodies(SOMEBODY) == [f"{MARK}I quote the bot"]
    assert keep_comment(thread, MARK, None) == "removed"
    assert len(host.comments) == 2


def test_a_token_of_a_person_changes_only_that_persons_comments(host: FakeHost, thread: GitHubThread) -> None:
    host.user = SOMEBODY
    host.add(f"{MARK}of a bot", BOT)
    host.add(f"{MARK}mine", SOMEBODY)
    assert keep_comment(thread, MARK, "new") == "updated"
    assert (host.bodies(BOT), host.bodies(SOMEBODY)) == ([f"{MARK}of a bot"], [f"{MARK}new"])


def test_several_become_one(host: FakeHost, thread: GitHubThread) -> None:
    for text in "abc":
        host.add(MARK + text, BOT)
    assert keep_comment(thread, MARK, "new") == "updated"
    assert host.bodies() == [f"{MARK}new"]


def test_several_reports_do_not_meet(host: FakeHost, thread: GitHubThread) -> None:
    keep_comment(thread, marker("a"), "one")
    keep_comment(thread, marker("a-b"), "two")
    keep_comment(thread, marker("a"), None)
    assert host.bodies() == [f"{marker('a-b')}two"]


def test_what_a_site_does_to_a_text_is_no_change(host: FakeHost, thread: GitHubThread) -> None:
    host.add(f"{MARK}one\ntwo\n".replace("\n", "\r\n").strip(), BOT)
    assert keep_comment(thread, MARK, "one\ntwo\n") == "unchanged"


@pytest.mark.parametrize(
    ("refuse", "said"),
    [
        ({"GET /repos": (403, "Resource not accessible by integration")}, "403 Resource not accessible"),
        ({"POST /repos": (403, "Resource not accessible by integration")}, "403 Resource not accessible"),
        ({"GET /user": (401, "Bad credentials")}, "401 Bad credentials"),
        ({"POST /repos": (422, "Validation \x1b[31m failed")}, "422 Validation \\x1b[31m failed"),
        ({"GET /repos": (404, "Not Found")}, "404 Not Found"),
    ],
)
def test_a_refusal_says_what_the_host_said(
    host: FakeHost, thread: GitHubThread, refuse: dict[str, tuple[int, str]], said: str
) -> None:
    host.refuse = refuse
    with pytest.raises(ApiError, match=re.escape(said)) as caught:
        keep_comment(thread, MARK, "text")
    assert "secret" not in str(caught.value)


def test_where_it_cannot_be_taken_away_it_says_that_it_no_longer_holds(host: FakeHost, thread: GitHubThread) -> None:
    host.add(f"{MARK}old", BOT)
    host.refuse = {"DELETE": (403, "Forbidden")}
    assert keep_comment(thread, MARK, None) == "removed"
    assert host.bodies() == [f"{MARK}The model architectures no longer differ.\n"]


def test_a_host_that_falters_is_asked_again(host: FakeHost, thread: GitHubThread) -> None:
    host.broken = {"GET /repos": 2}
    assert keep_comment(thread, MARK, "text") == "created"
    host.broken = {"GET /repos": 3}
    with pytest.raises(ApiError, match="502"):
        keep_comment(thread, MARK, "text")


def test_nothing_is_created_twice(host: FakeHost, thread: GitHubThread) -> None:
    host.broken = {"POST /repos": 1}
    with pytest.raises(ApiError, match="502"):
        keep_comment(thread, MARK, "text")
    assert sum(request.startswith("POST") for request in host.requests) == 1


def test_the_token_does_not_follow_to_another_host(host: FakeHost, thread: GitHubThread) -> None:
    other = FakeHost()
    with serving(other) as address:
        host.redirect = f"{address}/repos/o/r/issues/7/comments"
        with pytest.raises(ApiError, match="302"):
            keep_comment(thread, MARK, "text")
    assert other.requests == []


@pytest.mark.parametrize("answer", ["no JSON", '{"message": "an object"}'])
def test_an_answer_that_is_none_is_an_error(host: FakeHost, thread: GitHubThread, answer: str) -> None:
    host.answer = lambda method, target, body: (200, answer)  # type: ignore[method-assign]
    with pytest.raises(ApiError):
        keep_comment(thread, MARK, "text")


def test_no_host_at_all_is_an_error() -> None:
    with serving(FakeHost()) as address:
        pass
    thread = GitHubThread(Api(address, {}, sleep=lambda seconds: None), "o/r", 7)
    with pytest.raises(ApiError, match="refused"):
        keep_comment(thread, MARK, "text")
    with pytest.raises(ApiError, match="expected the address of an API"):
        Api("file:///etc", {})


def test_notes_of_gitlab(host: FakeHost, api: Api) -> None:
    host.user = BOT
    thread = GitLabThread(api, "42", 7)
    host.add(f"{MARK}of somebody", SOMEBODY)
    for number in range(130):
        host.add(f"note {number}")
    assert keep_comment(thread, MARK, "one") == "created"
    assert keep_comment(thread, MARK, "two") == "updated"
    assert host.bodies() == [f"{MARK}two"]
    assert keep_comment(thread, MARK, None) == "removed"
    assert host.bodies() == []


@pytest.mark.parametrize("word", ["", "a b", "-->", "a--b", "a\n", "x" * 65, "é", "-a"])
def test_an_id_cannot_end_the_hidden_line(word: str) -> None:
    with pytest.raises(OptionError, match="id: expected letters"):
        marker(word)
